"""What events tell of documents: enough to rebuild every balance from events alone.

Bills and account entries are told alike, as columns of at most DOCUMENTS an event:

    bills.issued            {"account_ids": […], "document_ids": […], "amounts": […],
                             "day": issued, "due_day": …}
    account_entries.posted  {"account_ids": […], "document_ids": […], "amounts": […],
                             "days": […], "kinds": […], "reverses": […]}

A consumer that adds the amounts by account has the balances of the ledger.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np

from billcore.core.events import canonical
from billcore.core.events.outbox import record_new, record_texts
from billcore.core.findings import MOST, Broken, broken
from billcore.core.ids import id_range
from billcore.core.ledger.checks import account_ranges
from billcore.core.rating.batch import Ints
from billcore.core.store import bills
from billcore.core.store import events as rows
from billcore.core.store import ledger as ledger_rows
from billcore.core.store.port import Reader, Session

BILLS_ISSUED = "bills.issued"
ENTRIES_POSTED = "account_entries.posted"
KINDS = (BILLS_ISSUED, ENTRIES_POSTED)
"""The kinds of events that change what accounts owe."""

DOCUMENTS = 1_000
"""An event tells at most this many documents: it stays below 64 KiB."""

PAGE = 100
"""So many events are read at a time."""


def tell_documents(
    session: Session,
    provider_id: int,
    kind: str,
    source: str,
    columns: Mapping[str, Ints],
    now: int,
    new: bool = False,
    **same: int,
) -> None:
    """Records events of a kind for documents of one source.

    columns: account_ids, document_ids, amounts (minor units, debit positive), and what else the
    kind has, of equal length; new: nobody can have told of the source (`record_new`); same: what
    is the same for all of them.
    """
    contents = canonical.tables(same, columns, DOCUMENTS)
    (record_new if new else record_texts)(session, provider_id, kind, source, contents, now)


def events_rebuild_balances(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Amounts that events tell, added by account, are the balances of the ledger."""
    lo, _ = id_range(provider_id)
    told = np.zeros(ledger_rows.accounts_drawn(reader, provider_id) + 1, dtype=np.int64)
    for event in _events(reader, provider_id):
        payload = json.loads(event.payload)
        place = np.array(payload["account_ids"], dtype=np.int64) - lo
        if ((place < 0) | (place >= len(told))).any():
            yield broken("An event tells accounts that there are not.", event_id=event.event_id)
            return
        np.add.at(told, place, np.array(payload["amounts"], dtype=np.int64))
    found = (
        finding
        for first, last in account_ranges(reader, provider_id)
        for finding in _differing(reader, provider_id, first, told[first - lo : last - lo + 1])
    )
    yield from islice(found, MOST)


def _events(reader: Reader, provider_id: int) -> Iterator[rows.Event]:
    """The numbered events of documents, then those that wait for a number."""
    after = 0
    while page := rows.of_kinds(reader, provider_id, KINDS, after, PAGE):
        yield from page
        after = page[-1].sequence
    after = 0
    while page := rows.pending_of_kinds(reader, provider_id, KINDS, after, PAGE):
        yield from page
        after = page[-1].event_id


def _differing(reader: Reader, provider_id: int, first: int, told: Ints) -> Iterator[Broken]:
    """told: the balances of the accounts from `first` on, by events."""
    found = bills.balances(reader, provider_id, first, first + len(told) - 1)
    kept = np.zeros(len(told), dtype=np.int64)
    kept[np.asarray(found["account_id"], dtype=np.int64) - first] = found["balance"]
    for at in np.flatnonzero(told != kept).tolist():
        yield broken(
            f"Events come to {told[at]}, bills and account entries to {kept[at]}.",
            account_id=first + at,
        )
