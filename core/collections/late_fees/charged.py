"""What was charged for items before, and the difference to what they bear now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from billcore.core.accounts.checks import ints
from billcore.core.collections.late_fees.choosing import NONE
from billcore.core.collections.late_fees.compute import Computed
from billcore.core.ledger.folding import Rows, undone_rows
from billcore.core.rating.batch import Ints
from billcore.core.store import late_fees as rows
from billcore.core.store.late_fees import FeeRow
from billcore.core.store.port import Reader

Charged = Mapping[str, Ints]
"""What assessments charged: columns of FeeRow, in order of assessments."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be charged for items, or credited to fees that were charged for them.

    credits: the account entry of the fee that is lowered, or 0; amount: minor units, below 0: a
    credit. rule: a place in the rules, or NONE; fee: of the item now; debt: what of it is open.
    """

    account_id: Ints
    item_id: Ints
    rule: Ints
    credits: Ints
    amount: Ints
    fee: Ints
    debt: Ints

    def __len__(self) -> int:
        return len(self.account_id)

    def of(self, rows: slice) -> "Changes":
        """Some of them."""
        return Changes(*(getattr(self, name)[rows] for name in _NAMES))


_NAMES = ("account_id", "item_id", "rule", "credits", "amount", "fee", "debt")


def charged_before(reader: Reader, first: int, last: int) -> Charged:
    """What assessments charged accounts first..last."""
    found = rows.fee_columns(reader, first, last)
    return {name: ints(found[name]) for name in FeeRow._fields}


def changes(computed: Computed, charged: Charged) -> Changes:
    """The differences of accounts to what assessments charged them before.

    A fee that somebody took back by hand is not charged again: the item bears so much less.
    """
    items = computed.debts.items
    count = len(items), len(charged["item_id"])
    account = np.concatenate([items.account_id, charged["account_id"]])
    item = np.concatenate([items.item_id, charged["item_id"]])
    order = np.lexsort((item, account))
    account, item = account[order], item[order]
    new = np.append(True, (item[1:] != item[:-1]) | (account[1:] != account[:-1]))[: len(item)]
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.cumsum(new) - 1
    of_item, of_charge = group[: count[0]], group[count[0] :]
    groups = int(new.sum())
    waived = _waived(computed.rows, charged)
    stands, given_up, fee, debt = np.zeros((4, groups), dtype=np.int64)
    np.add.at(stands, of_charge, np.where(waived, 0, charged["amount"]))
    np.add.at(given_up, of_charge, np.where(waived, charged["amount"], 0))
    rule = np.full(groups, NONE, dtype=np.int64)
    rule[of_item], fee[of_item], debt[of_item] = computed.rule, computed.fee, items.open
    change = np.maximum(fee - given_up, 0) - stands
    more, less = np.flatnonzero(change > 0), np.flatnonzero(change < 0)
    parts = np.array(
        list(_credits(less, change, of_charge, charged, waived)), dtype=np.int64
    ).reshape(-1, 3)
    row = np.concatenate([more, parts[:, 0]])
    first = np.flatnonzero(new)[row]
    return Changes(
        account_id=account[first],
        item_id=item[first],
        rule=rule[row],
        credits=np.concatenate([np.zeros_like(more), parts[:, 1]]),
        amount=np.concatenate([change[more], -parts[:, 2]]),
        fee=fee[row],
        debt=debt[row],
    )


def _credits(
    less: Ints, change: Ints, of_charge: Ints, charged: Charged, waived: npt.NDArray[np.bool_]
) -> Iterator[tuple[int, int, int]]:
    """(group, fee, amount) of the parts of credits: each lowers one fee, the newest first."""
    left: dict[int, dict[int, int]] = {group: {} for group in less.tolist()}
    mine = np.flatnonzero(np.isin(of_charge, less) & ~waived)
    columns = (c[mine].tolist() for c in (of_charge, *(charged[name] for name in _CHARGE)))
    for group, entry, credited, amount in zip(*columns, strict=True):
        fee = credited or entry
        left[group][fee] = left[group].get(fee, 0) + amount
    for group in less.tolist():
        wanted = -int(change[group])
        for fee, rest in reversed(left[group].items()):
            part = min(rest, wanted)
            if part > 0:
                wanted -= part
                yield group, fee, part


_CHARGE = ("account_entry_id", "credits", "amount")


def _waived(of: Rows, charged: Charged) -> npt.NDArray[np.bool_]:
    """Which charges and credits somebody took back by hand."""
    taken = undone_rows(of)
    taken = taken[taken >= 0]
    taken = taken[of.is_late_fee[taken]]
    found = np.isin(charged["account_entry_id"], of.document_id[taken])
    if found.any():
        owned = set(zip(of.account_id[taken].tolist(), of.document_id[taken].tolist(), strict=True))
        for at in np.flatnonzero(found).tolist():
            key = int(charged["account_id"][at]), int(charged["account_entry_id"][at])
            found[at] = key in owned
    return found
