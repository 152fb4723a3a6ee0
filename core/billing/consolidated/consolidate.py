"""Consolidated bills: what the accounts of a group were billed last, and what they owe, in one.

A consolidated bill is a document and no posting: its members' bills are posted. It is made of what
was recorded when it was made, so that it can be checked at any later time, and never changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.acting import Write, tell
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.consolidated import groups
from billcore.core.billing.consolidated.errors import (
    ConsolidatedBillUnknown,
    NothingToConsolidate,
)
from billcore.core.billing.consolidated.groups import Group
from billcore.core.ids import provider_of
from billcore.core.ledger.balances import balance
from billcore.core.ledger.turns import turn_to_look
from billcore.core.store import bills as bill_rows
from billcore.core.store import consolidated as rows
from billcore.core.store import providers
from billcore.core.store.consolidated import ConsolidatedRow, Item
from billcore.core.store.port import Reader

KIND = "consolidated"
"""Of the numbers that are drawn."""


@dataclass(frozen=True, slots=True)
class ProviderSum:
    """What the members of one provider come to, in minor units."""

    provider_id: int
    total: int
    owed: int


@dataclass(frozen=True, slots=True)
class Consolidated:
    """A consolidated bill with its members, by account."""

    row: ConsolidatedRow
    items: tuple[Item, ...]

    @property
    def by_provider(self) -> list[ProviderSum]:
        """The sums of each provider's members; they sum to the whole."""
        owners = sorted({provider_of(item.account_id) for item in self.items})
        return [
            ProviderSum(owner, sum(item.total for item in own), sum(item.owed for item in own))
            for owner in owners
            for own in [[i for i in self.items if provider_of(i.account_id) == owner]]
        ]


def consolidate(write: Write, group_no: int, day: int) -> Consolidated:
    """Makes the consolidated bill of who is in a group on a day, of bills issued until then.

    Raises GroupUnknown, NothingToConsolidate, FieldRefused; then nothing is written.
    """
    session, owner = write.session, write.caller.provider_id
    number = providers.draw(session, owner, KIND, 1)  # others of the owner wait here
    group = groups.get_group(session, owner, group_no)
    last = rows.last_day(session, owner, group_no)
    if day < last:
        raise FieldRefused(
            "day", f"the group's last consolidated bill is of {iso(last)}: give no earlier day."
        )
    items = _items(write, group, day)
    row = ConsolidatedRow(
        consolidated_no=number,
        group_no=group_no,
        day=day,
        name=group.row.name,
        address=group.row.address,
        currency=groups.currency_of(session, provider_of(items[0].account_id)),
        total=sum(item.total for item in items),
        owed=sum(item.owed for item in items),
        client_id=write.caller.client_id,
        recorded_at=write.now,
    )
    rows.add(session, owner, row, items)
    tell(write, owner, "consolidated_bill.issued", subject(number), _told(row, items))
    return Consolidated(row, tuple(items))


def consolidated_bill(reader: Reader, owner: int, consolidated_no: int) -> Consolidated:
    """A consolidated bill of its owner. Raises ConsolidatedBillUnknown."""
    row = rows.find(reader, owner, consolidated_no)
    if row is None:
        raise ConsolidatedBillUnknown(consolidated_no)
    return Consolidated(row, tuple(rows.items(reader, owner, consolidated_no)))


def subject(consolidated_no: int) -> str:
    """What events and the audit log call it."""
    return f"consolidated bill {consolidated_no}"


def _items(write: Write, group: Group, day: int) -> list[Item]:
    """A row a member, in a turn at all of their accounts."""
    accounts = np.array([member.account_id for member in group.on(day)], dtype=np.int64)
    if not len(accounts):
        raise NothingToConsolidate(group.row.group_no, iso(day), "it has no members on that day.")
    known_at = turn_to_look(write.session, accounts)
    items = [
        _item(write.session, write.caller.provider_id, account_id, day, known_at)
        for account_id in accounts.tolist()
    ]
    if not any(item.bill_id for item in items):
        raise NothingToConsolidate(
            group.row.group_no,
            iso(day),
            "no member has a bill that was not consolidated before: bill them first.",
        )
    return items


def _item(reader: Reader, owner: int, account_id: int, day: int, known_at: dict[int, int]) -> Item:
    newest = bill_rows.newest(reader, account_id, day)
    if newest is not None and rows.is_named(reader, owner, account_id, newest.bill_id):
        newest = None
    number, total = (newest.bill_id, newest.total) if newest is not None else (0, 0)
    known = known_at[provider_of(account_id)]
    return Item(account_id, number, total, balance(reader, account_id, day, known), known)


def _told(row: ConsolidatedRow, items: Iterable[Item]) -> dict[str, object]:
    """What the event says: ids, day and amounts, no names."""
    return {
        "group_no": row.group_no,
        "day": row.day,
        "currency": row.currency,
        "total": row.total,
        "owed": row.owed,
        "members": [[item.account_id, item.bill_id, item.total, item.owed] for item in items],
    }
