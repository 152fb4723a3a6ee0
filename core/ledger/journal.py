"""Entries of the general ledger: each sums to zero and is posted once."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from billcore.core.ids import computed_id
from billcore.core.ledger.chart import kind_of
from billcore.core.ledger.errors import EntryExists, EntryUnbalanced
from billcore.core.store import ledger as rows
from billcore.core.store.port import Session


@dataclass(frozen=True, slots=True)
class Entry:
    """What is posted. amounts: minor units by ledger account code, debit positive, sum 0.

    source names what is posted, unique per provider; day: the effective day; kind: an
    `EntryKind`, or BILLS; reverses: the id of the entry that it undoes, or 0.
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
    difference = sum(entry.amounts.values())
    if difference:
        raise EntryUnbalanced(entry.source, difference)
    row = rows.NewEntry(
        entry.provider_id,
        entry.entry_id,
        entry.day,
        entry.kind,
        entry.source,
        entry.reverses,
        entry.client_id,
        entry.recorded_at,
    )
    if not rows.add_entry(session, row):
        raise EntryExists(entry.source)
    numbers = _numbers(session, entry.provider_id, entry.amounts)
    posted = [(numbers[code], amount) for code, amount in entry.amounts.items()]
    rows.add_postings(
        session,
        {
            "provider_id": np.full(len(posted), entry.provider_id),
            "entry_id": np.full(len(posted), entry.entry_id),
            "ledger_no": np.array([number for number, _ in posted]),
            "amount": np.array([amount for _, amount in posted]),
        },
    )
    return entry.entry_id


def _numbers(session: Session, provider_id: int, codes: Mapping[str, int]) -> dict[str, int]:
    """The number of each ledger account; those that lack are made."""
    known = rows.ledger_numbers(session, provider_id)
    while missing := [code for code in codes if code not in known]:
        # Another transaction may take the number meanwhile: then the next round does it.
        rows.add_ledger_account(session, provider_id, missing[0], kind_of(missing[0]))
        known = rows.ledger_numbers(session, provider_id)
    return known
