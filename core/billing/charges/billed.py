"""Up to which day agreements are billed, and what their last bills hand on.

An account with one agreement is billed as far as its last bill. Of several, each can have a cycle
of its own: the last bill of each is looked for.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Bools, ints
from billcore.core.billing.charges import handed, packing
from billcore.core.billing.charges.handed import HandedOn
from billcore.core.billing.last_bills import (
    NEVER,
    OF_DAYS,
    LastBills,
    greatest,
    last_bills,
    months_back,
)
from billcore.core.ids import account_of_bill, kind_of_bill
from billcore.core.metering.registers import agreement_key
from billcore.core.ordered import distinct, one_of, places, search
from billcore.core.rating.batch import Ints
from billcore.core.store import last_bills as rows
from billcore.core.store.port import Column, Reader


class AgreementKeys(NamedTuple):
    """Agreements by account and number, one entry each."""

    account_id: Ints
    agreement_no: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Billed:
    """until: of each agreement the last day that is billed, or 0; handed: what they hand on."""

    until: Ints
    handed: HandedOn


def billed_until(reader: Reader, agreements: AgreementKeys, last: LastBills) -> Billed:
    """agreements: all those of their accounts; last: the last bills of these."""
    place = search(last.account_id, agreements.account_id)
    several = np.bincount(place, minlength=len(last.account_id)) > 1
    found = Billed(last.this_day[place], {})
    many = set(last.account_id[several].tolist())
    for account, text in last.carried.items():
        if account not in many:
            for number, one in handed.read(text).items():
                found.handed[account, number] = one
    if many:
        _each(reader, agreements, np.flatnonzero(several[place]), found)
    return found


def are_billed(reader: Reader, account_id: Ints, agreement_no: Ints, day: Ints) -> Bools:
    """Which days of agreements lie on bills that stand. Accounts of one provider, in any order."""
    owner, place = np.unique(account_id, return_inverse=True)
    found: Bools = day <= last_bills(reader, owner).this_day[place]
    rows = np.flatnonzero(found)
    if rows.size:  # the account is; is the agreement?
        keys, first, at = np.unique(
            agreement_key(account_id[rows], agreement_no[rows]),
            return_index=True,
            return_inverse=True,
        )
        chosen = rows[first]
        until = Billed(np.zeros(len(keys), dtype=np.int64), {})
        _each(
            reader,
            AgreementKeys(account_id[chosen], agreement_no[chosen]),
            np.arange(len(keys)),
            until,
        )
        found[rows] = day[rows] <= until.until[at]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Agreements on bills of days that stand; at: the place of the agreement."""

    at: Ints
    this: Ints
    bill_id: Ints
    text: list[bytes]


def _each(reader: Reader, agreements: AgreementKeys, mine: Ints, found: Billed) -> None:
    """The same of some agreements, whose accounts have several. OUT: found."""
    account, number = agreements.account_id[mine], agreements.agreement_no[mine]
    key, owner = agreement_key(account, number), distinct(account)
    cancelled = rows.cancelled(reader, int(owner[0]), int(owner[-1]))
    first = np.searchsorted(account, owner)
    seen = np.full(len(key), NEVER, dtype=np.int64)
    known = np.full(len(owner), NEVER, dtype=np.int64)
    parts = []
    for month, wanted in months_back(reader, owner, {"this_day": known}):
        part = _parts(rows.rated_from(reader, month, wanted), key, cancelled)
        np.maximum.at(seen, part.at, part.this)
        known[:] = np.minimum.reduceat(seen, first)
        parts.append(part)
    found.until[mine] = 0
    if not parts:
        return
    at, this, bill_id = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("at", "this", "bill_id")
    )
    texts = [text for part in parts for text in part.text]
    for row in greatest(at, this, bill_id).tolist():
        place = int(mine[at[row]])
        found.until[place] = this[row]
        told = handed.read(texts[row]).get(int(agreements.agreement_no[place]))
        if told is not None:
            found.handed[int(agreements.account_id[place]), int(agreements.agreement_no[place])] = (
                told
            )


def _parts(columns: dict[str, Column], keys: Ints, cancelled: Ints) -> _Parts:
    """What bills say of the agreements with these keys, which are sorted."""
    bill_id, inputs, carried = ints(columns["bill_id"]), columns["inputs"], columns["carried"]
    assert isinstance(inputs, pa.Array)
    assert isinstance(carried, pa.Array)
    good = one_of(kind_of_bill(bill_id), OF_DAYS) & ~np.isin(bill_id, cancelled)
    bills, these = [bill_id[:0]], [(bill_id[:0], bill_id[:0])]
    for part in packing.inputs_parts(inputs):
        at, there = places(keys, agreement_key(account_of_bill(bill_id[part.bill]), part.field(0)))
        there &= good[part.bill]
        bills.append(part.bill[there])
        these.append((at[there], packing.period_of(part).this[there]))
    bill = np.concatenate(bills)
    at, this = (np.concatenate(column) for column in zip(*these, strict=True))
    text = carried.take(pa.array(bill)).to_pylist()
    return _Parts(at, this, bill_id[bill], text)
