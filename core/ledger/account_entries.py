"""Account entries: everything that changes what an account owes, but bills.

They are posted as columns: each row to its account, and one entry of the general ledger a day and
kind. A single entry is one row of that.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from billcore.core.accounts.errors import AccountUnknown
from billcore.core.errors import BatchTooLarge
from billcore.core.ids import computed_id, id_range
from billcore.core.ledger import journal
from billcore.core.ledger.chart import CONTRA, RECEIVABLE
from billcore.core.ledger.errors import AmountInvalid, EntryReversed, EntryUnknown
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ledger.told import ENTRIES_POSTED, tell_documents
from billcore.core.ledger.turns import turn_to_post
from billcore.core.rating.batch import Ints
from billcore.core.store import accounts as account_rows
from billcore.core.store import ledger as rows
from billcore.core.store.errors import StoreConflict
from billcore.core.store.port import Session

ROWS_MAX = 200_000
"""Account entries posted in one call."""

AMOUNT_MAX = 10**17
"""No single amount is beyond this many minor units: sums of a million stay within 64 bits."""


@dataclass(frozen=True, slots=True)
class AccountEntries:
    """Columns of equal length. amount: minor units, debit positive, not 0; day: effective, ordinal.

    reference: what it stands for, unique per account within the source. direction: what a credit
    pays first, see `folding`; None: nothing in particular. tax: what of the amount is a tax, of its
    sign; None: nothing.
    """

    account_id: Ints
    kind: Ints
    day: Ints
    amount: Ints
    reference: pa.StringArray
    reverses: Ints
    direction: pa.StringArray | None = None
    tax: Ints | None = None

    def __len__(self) -> int:
        return len(self.account_id)


@dataclass(frozen=True, slots=True)
class Posting:
    """Where a batch is posted: for which provider, from what, by whom, when, against what.

    recorded_at: microseconds since 1970 in UTC; it is recorded then or, behind others, later.

    source: unique per provider (a load's chunk, a request). contra: the ledger account of the
    other side; "" takes that of each kind; tax: that of taxes. strategy, direction: of its credits,
    how they pay and what is paid first, see `items`.
    """

    provider_id: int
    source: str
    client_id: int
    recorded_at: int
    contra: str = ""
    strategy: int = 0
    direction: str = ""
    tax: str = "tax"


def post_account_entries(session: Session, entries: AccountEntries, posting: Posting) -> Ints:
    """Posts entries of accounts of the provider and tells them as events; their ids, in order.

    Raises AccountUnknown, AmountInvalid, BatchTooLarge, EntryExists (the source was posted before).
    """
    _check(entries)
    _check_accounts(session, entries, posting.provider_id)
    now = turn_to_post(session, posting.provider_id, entries.account_id, posting.recorded_at)
    posting = replace(posting, recorded_at=now)
    ids = _ids(entries, posting)
    entry_ids = np.zeros(len(entries), dtype=np.int64)
    for kind, day, chosen in _groups(entries):
        contra = posting.contra or CONTRA[EntryKind(kind)]
        entry = journal.Entry(
            provider_id=posting.provider_id,
            source=f"{posting.source}/{EntryKind(kind).name.lower()}/{day}",
            day=day,
            kind=kind,
            amounts=_amounts(entries, chosen, contra, posting.tax),
            client_id=posting.client_id,
            recorded_at=posting.recorded_at,
        )
        entry_ids[chosen] = journal.post(session, entry)
    rows.add_account_entries(
        session,
        {
            "account_id": entries.account_id,
            "account_entry_id": ids,
            "kind": entries.kind,
            "day": entries.day,
            "amount": entries.amount,
            "entry_id": entry_ids,
            "reverses": entries.reverses,
            "reference": entries.reference,
            "recorded_at": np.full(len(entries), posting.recorded_at),
            "direction": (
                pa.repeat(pa.scalar(posting.direction), len(entries))
                if entries.direction is None
                else entries.direction
            ),
            "strategy": np.full(len(entries), posting.strategy),
        },
    )
    told = {
        "account_ids": entries.account_id,
        "document_ids": ids,
        "days": entries.day,
        "amounts": entries.amount,
        "kinds": entries.kind,
        "reverses": entries.reverses,
    }
    tell_documents(
        session,
        posting.provider_id,
        ENTRIES_POSTED,
        posting.source,
        told,
        posting.recorded_at,
    )
    return ids


def reverse_account_entry(
    session: Session,
    account_id: int,
    account_entry_id: int,
    day: int,
    posting: Posting,
    tax: int = 0,
) -> int:
    """Undoes an entry of an account on a day; the id of the entry that does it.

    tax: what of the entry was a tax. Raises EntryUnknown, EntryReversed.
    """
    found = rows.account_entry(session, account_id, account_entry_id)
    if found is None:
        raise EntryUnknown(str(account_id), str(account_entry_id))
    if found.reverses:
        raise EntryReversed(str(account_entry_id), "it is itself a reversal; post a new entry.")
    if rows.is_undone(session, account_id, account_entry_id):
        raise EntryReversed(str(account_entry_id), "it is reversed already.")
    undoing = AccountEntries(
        account_id=np.array([account_id]),
        kind=np.array([found.kind]),
        day=np.array([day]),
        amount=np.array([-found.amount]),
        reference=pa.array([f"reversal of {found.reference}"]),
        reverses=np.array([account_entry_id]),
        tax=np.array([-tax]),
    )
    try:
        return int(post_account_entries(session, undoing, posting)[0])
    except StoreConflict:  # another transaction did so meanwhile
        raise EntryReversed(str(account_entry_id), "it is reversed already.") from None


def entry_id_of(provider_id: int, source: str, account_id: int, reference: str) -> int:
    """The id of the entry that a source posts to an account under a reference."""
    return computed_id("account entry", provider_id, source, account_id, reference)


def reversal_id(account_id: int, account_entry_id: int) -> int:
    """The id of the entry that undoes an entry of an account, once it is undone."""
    return computed_id("reversal", account_id, account_entry_id)


def _check(entries: AccountEntries) -> None:
    if len(entries) > ROWS_MAX:
        raise BatchTooLarge("account_entries", ROWS_MAX, len(entries))
    amount = entries.amount
    wrong = (amount == 0) | (amount > AMOUNT_MAX) | (amount < -AMOUNT_MAX)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise AmountInvalid(f"entries[{row}].amount", int(amount[row]), AMOUNT_MAX)


def _check_accounts(session: Session, entries: AccountEntries, provider_id: int) -> None:
    """Every account must be there, and the provider's."""
    first, last = id_range(provider_id)
    wanted = entries.account_id
    known = np.asarray(account_rows.known(session, wanted), dtype=np.int64)
    lost = (wanted < first) | (wanted > last) | ~np.isin(wanted, known)
    if lost.any():
        row = int(np.flatnonzero(lost)[0])
        raise AccountUnknown(
            f"entries[{row}].account_id",
            f"no account {wanted[row]} is known here: list them, or search by number.",
        )


def _amounts(entries: AccountEntries, chosen: Ints, contra: str, tax: str) -> dict[str, int]:
    """What entries come to, by ledger account."""
    amount = int(entries.amount[chosen].sum())
    if entries.tax is None or not entries.tax[chosen].any():
        return {RECEIVABLE: amount, contra: -amount}
    taxed = int(entries.tax[chosen].sum())
    return {RECEIVABLE: amount, contra: taxed - amount, tax: -taxed}


def _groups(entries: AccountEntries) -> Iterator[tuple[int, int, Ints]]:
    """(kind, day, rows) of each kind and day, in order."""
    pairs = np.stack([entries.kind, entries.day], axis=1).astype(np.int64)
    unique, group = np.unique(pairs, axis=0, return_inverse=True)
    for number, (kind, day) in enumerate(unique.tolist()):
        yield kind, day, np.flatnonzero(group == number)


def _ids(entries: AccountEntries, posting: Posting) -> Ints:
    """Computed from source, account and reference, so that the same entry has the same id.

    A reversal's is computed from what it undoes: of two at once only one can be kept.
    """
    stem = posting.provider_id, posting.source
    told = entries.account_id.tolist(), entries.reference.to_pylist(), entries.reverses.tolist()
    found = (
        reversal_id(account, undone) if undone else entry_id_of(*stem, account, reference)
        for account, reference, undone in zip(*told, strict=True)
    )
    return np.fromiter(found, dtype=np.int64, count=len(entries))
