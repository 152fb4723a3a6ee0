"""Account entries that a person posts and undoes, one at a time, with a reason to be audited."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write, provider_acting
from billcore.core.accounts.errors import FieldRefused
from billcore.core.events.audit import audit
from billcore.core.ledger.account_entries import (
    AMOUNT_MAX,
    AccountEntries,
    Posting,
    post_account_entries,
    reverse_account_entry,
)
from billcore.core.ledger.chart import is_of_payments
from billcore.core.ledger.errors import AmountInvalid, EntryReversed
from billcore.core.ledger.kinds import SIGNS, EntryKind
from billcore.core.store import ledger as rows
from billcore.core.store.ledger import AccountEntryRow

KINDS = (
    EntryKind.OPENING,
    EntryKind.PAYMENT,
    EntryKind.ADJUSTMENT,
    EntryKind.LATE_FEE,
    EntryKind.FEE,
)
"""What is posted by hand; a transfer has two sides, refunds and write-offs ways of their own."""

OWNED = {
    "case/": "a correction case posted it: undo the case.",
    "instalments/": "a plan of instalments posted it: cancel the plan.",
    "deposits/": "a deposit posted it: cancel, set off or refund that.",
    "write-offs/": "a write-off posted it: undo that.",
    "dunning/": "dunning charged it: waive the charge.",
}
"""What the sources of entries begin with whose way back is another one, and which."""

REFERENCE_MAX = 100
"""A reference has 1 to this many characters."""


@dataclass(frozen=True, slots=True)
class GivenEntry:
    """What is to be posted; amount: minor units, debit positive; day: effective, an ordinal."""

    account_id: int
    kind: EntryKind
    amount: int
    day: int
    reference: str


def post_one(write: Write, given: GivenEntry, reason: str, source: str) -> AccountEntryRow:
    """Posts an entry; source: unique per provider.

    Raises FieldRefused, AmountInvalid, AccountUnknown.
    """
    _check(given)
    entries = AccountEntries(
        account_id=np.array([given.account_id]),
        kind=np.array([int(given.kind)]),
        day=np.array([given.day]),
        amount=np.array([given.amount]),
        reference=pa.array([given.reference]),
        reverses=np.array([0]),
    )
    (posted,) = post_account_entries(write.session, entries, _posting(write, source)).tolist()
    return _told(write, given.account_id, posted, "account_entry.posted", reason)


def reverse_one(
    write: Write, account_id: int, account_entry_id: int, day: int, reason: str, source: str
) -> AccountEntryRow:
    """Undoes an entry of an account; the entry that does it. Raises EntryUnknown, EntryReversed.

    What came through a channel is EntryReversed, too: its way back is the payment's reversal; and
    what is OWNED.
    """
    found = rows.account_entry(write.session, account_id, account_entry_id)
    provider_id = provider_acting(write.caller)
    codes = rows.codes_of(write.session, provider_id, found.entry_id) if found else []
    if any(is_of_payments(code) for code in codes):
        raise EntryReversed(str(account_entry_id), "a channel posted it: reverse the payment.")
    posted = rows.source_of(write.session, provider_id, found.entry_id) if found else ""
    for begin, why in OWNED.items():
        if posted.startswith(begin):
            raise EntryReversed(str(account_entry_id), why)
    undoing = reverse_account_entry(
        write.session, account_id, account_entry_id, day, _posting(write, source)
    )
    return _told(write, account_id, undoing, "account_entry.reversed", reason)


def _check(given: GivenEntry) -> None:
    if given.kind not in KINDS:
        allowed = [kind.name for kind in KINDS]
        raise FieldRefused("kind", f"{given.kind.name} is not posted by hand.", allowed)
    if given.amount == 0 or abs(given.amount) > AMOUNT_MAX:
        raise AmountInvalid("amount", given.amount, AMOUNT_MAX)
    sign = SIGNS.get(given.kind, 0)
    if sign * given.amount < 0:
        side = "positive" if sign > 0 else "negative"
        raise FieldRefused("amount", f"a {given.kind.name.lower()} is {side}.")
    if not 1 <= len(given.reference) <= REFERENCE_MAX:
        raise FieldRefused("reference", f"it has 1 to {REFERENCE_MAX} characters.")


def _posting(write: Write, source: str) -> Posting:
    caller = write.caller
    return Posting(provider_acting(caller), source, caller.client_id, write.now)


def _told(
    write: Write, account_id: int, account_entry_id: int, action: str, reason: str
) -> AccountEntryRow:
    """The entry as it is kept; OUT: a row of the audit log."""
    found = rows.account_entry(write.session, account_id, account_entry_id)
    assert found is not None
    detail = {"account_id": account_id, "amount": found.amount, "day": found.day}
    subject = f"account entry {account_entry_id}"
    audit(write.session, write.caller, action, subject, reason, detail, write.now)
    return found
