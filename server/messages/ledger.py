"""Entries of accounts and of the general ledger as messages, and back."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.accounts.errors import FieldRefused
from billcore.core.ledger.by_hand import GivenEntry
from billcore.core.ledger.kinds import AGENTS, BILLS, SETTLEMENTS, VOUCHERS, EntryKind
from billcore.core.store.ledger import AccountEntryRow, JournalEntry
from billcore.core.store.port import OPEN_DAY, Row
from billcore.server import pages
from billcore.server.asked import Moment
from billcore.server.messages import account as account_messages
from billcore.v1 import ledger_service_pb2 as pb

JOURNAL = "entry"

ENTRY_MAX = 2**63 - 1


class Place(NamedTuple):
    """A place in the journal: behind this entry of this day."""

    day: int
    entry_id: int


def given(request: pb.PostAccountEntryRequest, account_id: int, moment: Moment) -> GivenEntry:
    """The entry of a request. Raises FieldRefused."""
    known = {int(kind): kind for kind in EntryKind}
    if request.kind not in known:
        raise FieldRefused("kind", "say what it is.", [kind.name for kind in EntryKind])
    return GivenEntry(
        account_id,
        known[request.kind],
        request.amount,
        moment.day(request.day, "day"),
        request.reference,
    )


def account_entry(account_id: int, found: AccountEntryRow) -> pb.AccountEntry:
    return pb.AccountEntry(
        account_entry_id=found.account_entry_id,
        account_id=account_id,
        kind=_kind(found.kind),
        day=account_messages.iso(found.day),
        amount=found.amount,
        reference=found.reference,
        reverses=found.reverses,
        recorded_at=found.recorded_at,
    )


def _kind(number: int) -> str:
    words = {BILLS: "BILLS", VOUCHERS: "VOUCHERS", AGENTS: "AGENTS", SETTLEMENTS: "SETTLEMENTS"}
    return f"ENTRY_KIND_{words[number] if number in words else EntryKind(number).name}"


def balances(rows: Sequence[Row]) -> list[pb.LedgerBalance]:
    return [
        pb.LedgerBalance(code=str(code), kind=str(kind), balance=int(amount))
        for code, kind, amount in rows
    ]


def after(request: pb.ListEntriesRequest) -> Place:
    """Behind which entry the page starts. Raises FieldRefused, RequestInvalid."""
    said = pages.after(request, JOURNAL)
    if not said:
        first = account_messages.day(request.first_day, "first_day") if request.first_day else 0
        return Place(first - 1, ENTRY_MAX)
    parts = said.split(".")
    if len(parts) != len(Place._fields) or not all(p.isascii() and p.isdigit() for p in parts):
        raise pages.bad_token()
    place = Place(*(int(part[:20]) for part in parts))
    if place.day > OPEN_DAY or place.entry_id > ENTRY_MAX:
        raise pages.bad_token()
    return place


def entries(found: Sequence[JournalEntry], size: int) -> pb.ListEntriesResponse:
    """A page of `size` entries, from one more where there is one."""
    page = found[:size]
    last = f"{page[-1].day}.{page[-1].entry_id}" if len(found) > size else ""
    return pb.ListEntriesResponse(
        entries=[_entry(one) for one in page],
        next_page_token=pages.token(JOURNAL, last) if last else "",
    )


def _entry(found: JournalEntry) -> pb.JournalEntry:
    return pb.JournalEntry(
        entry_id=found.entry_id,
        day=account_messages.iso(found.day),
        kind=_kind(found.kind),
        source=found.source,
        reverses=found.reverses,
        client_id=found.client_id,
        recorded_at=found.recorded_at,
        postings=[pb.JournalPosting(code=code, amount=amount) for code, amount in found.postings],
    )
