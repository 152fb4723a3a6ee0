"""Entries of the general ledger: each sums to zero and is posted once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from billcore.core.ids import computed_id
from billcore.core.ledger.chart import kind_of
from billcore.core.ledger.errors import EntryExists, EntryUnbalanced
from billcore.core.store import ledger as rows
from billcore.core.store.columns import ints_of
from billcore.core.store.port import Session


@dataclass(frozen=True, slots=True)
class Entry:
    """What is posted. amounts: minor units by ledger account code, debit positive, sum 0.

    source names what is posted, unique per provider; day: the effective day; kind: an
    `EntryKind`, or another of `kinds`; reverses: the id of the entry that it undoes, or 0.
    """

    provider_id: int
    source: str
    day: int
    kind: int
    amounts: Mapping[str, int]
    client_id: int
    recorded_at: int
    reverses: int = 0

    @property
    def entry_id(self) -> int:
        """Computed from the source: the same source is the same entry."""
        return entry_id(self.provider_id, self.source)


def entry_id(provider_id: int, source: str) -> int:
    """The id of the entry of a source."""
    return computed_id("entry", provider_id, source)


def post(session: Session, entry: Entry) -> int:
    """Posts an entry, making ledger accounts that lack; its id.

    Raises EntryUnbalanced, EntryExists.
    """
    post_all(session, [entry])
    return entry.entry_id


def post_all(session: Session, entries: Sequence[Entry]) -> None:
    """Posts entries of one provider together. Raises EntryUnbalanced, EntryExists."""
    _check(entries)
    for entry, row in zip(entries, _rows(entries), strict=True):
        if not rows.add_entry(session, row):
            raise EntryExists(entry.source)
    if entries:
        _add_postings(session, entries[0].provider_id, _postings(session, entries))


@dataclass(frozen=True, slots=True)
class Ready:
    """Entries of sources that nobody can have posted, and their postings: (id, number, amount)."""

    entries: Sequence[rows.NewEntry]
    postings: Sequence[tuple[int, int, int]]


def ready(session: Session, entries: Sequence[Entry]) -> Ready:
    """Makes the ledger accounts that entries of one provider, at least one, lack; what is to be
    added. Raises EntryUnbalanced."""
    _check(entries)
    return Ready(_rows(entries), _postings(session, entries))


def add(session: Session, given: Ready) -> None:
    """Adds them, also within `together`; StoreConflict where one is there."""
    rows.add_entries(session, given.entries)
    _add_postings(session, given.entries[0].provider_id, given.postings)


def _check(entries: Iterable[Entry]) -> None:
    for entry in entries:
        difference = sum(entry.amounts.values())
        if difference:
            raise EntryUnbalanced(entry.source, difference)


def _rows(entries: Iterable[Entry]) -> list[rows.NewEntry]:
    return [
        rows.NewEntry(
            entry.provider_id,
            entry.entry_id,
            entry.day,
            entry.kind,
            entry.source,
            entry.reverses,
            entry.client_id,
            entry.recorded_at,
        )
        for entry in entries
    ]


def _postings(session: Session, entries: Sequence[Entry]) -> list[tuple[int, int, int]]:
    """(entry id, number of the ledger account, amount), the ledger accounts made that lack."""
    codes = {code: None for entry in entries for code in entry.amounts}
    if not codes:
        return []
    numbers = _numbers(session, entries[0].provider_id, codes)
    return [
        (entry.entry_id, numbers[code], amount)
        for entry in entries
        for code, amount in entry.amounts.items()
    ]


def _add_postings(
    session: Session, provider_id: int, posted: Sequence[tuple[int, int, int]]
) -> None:
    names = ("entry_id", "ledger_no", "amount")
    rows.add_postings(session, ints_of(names, posted, provider_id=provider_id))


def _numbers(session: Session, provider_id: int, codes: Iterable[str]) -> dict[str, int]:
    """The number of each ledger account; those that lack are made."""
    known = rows.ledger_numbers(session, provider_id)
    while missing := [code for code in codes if code not in known]:
        # Another transaction may take the number meanwhile: then the next round does it.
        rows.add_ledger_account(session, provider_id, missing[0], kind_of(missing[0]))
        known = rows.ledger_numbers(session, provider_id)
    return known
