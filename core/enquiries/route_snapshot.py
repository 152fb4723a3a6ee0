"""What a device needs to work off-line: whom to visit, what they owe, who they are.

The debts of all pages are those as known at one time: the device prints it ("as of"), and tells it
in the record that begins its shift.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.billing.asked import asked_of
from billcore.core.billing.items import account_items
from billcore.core.caller import Caller
from billcore.core.collections.field.collectors import collector_of
from billcore.core.collections.field.devices import check_active, device_of
from billcore.core.collections.field.visits import ENDED, VisitState
from billcore.core.documents.rendering import Format, rendered
from billcore.core.enquiries.documents.bills import notice
from billcore.core.enquiries.documents.parties import wording
from billcore.core.ledger.balances import DocumentKind
from billcore.core.ledger.items import OpenItem
from billcore.core.payments.agents import agents
from billcore.core.payments.intake.place import Place
from billcore.core.store import field_routes as rows
from billcore.core.store.accounts import Account
from billcore.core.store.agents import AgentRow
from billcore.core.store.field_devices import CollectorRow, DeviceRow
from billcore.core.store.field_routes import AssignmentRow, VisitRow
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

STOPS_MAX = 200
"""Stops of one page."""

ITEMS_MAX = 24
"""So many open documents of an account are told, the oldest ones."""

VISITS_MAX = 5
"""So many earlier visits of an account are told, the last ones."""


@dataclass(frozen=True, slots=True)
class Stop:
    """An account to visit. balance: what it owes; payable: what is asked, rounded as the provider
    does; items: open documents, the oldest first; notice: to be printed, b"": none was asked for,
    or no bill is open; before: earlier visits, the last first."""

    visit: VisitRow
    route: str
    account: Account
    balance: int
    payable: int
    items: Sequence[OpenItem]
    notice: bytes
    before: Sequence[VisitRow]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A page of a device's route. seen_at: as of when all pages are, microseconds since 1970 in
    UTC; behind: (assignment_no, place) of the last stop, where there are more."""

    device: DeviceRow
    agent: AgentRow
    collector: CollectorRow
    seen_at: int
    stops: Sequence[Stop]
    behind: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that is asked for: stops behind (assignment_no, place), at most so many.

    today: an ordinal; seen_at: as of when; form: of the notices, None: without them.
    """

    place: Place
    provider: Provider
    caller: Caller
    device_no: int
    today: int
    seen_at: int
    after: tuple[int, int] = (0, 0)
    most: int = STOPS_MAX
    form: Format | None = None


def snapshot(reader: Reader, asked: Asked) -> Snapshot:
    """The visits that are assigned to a device's collector and not ended. Raises DeviceUnfit,
    CollectorUnknown and as `device_of`."""
    provider_id, channel = asked.place.provider_id, asked.place.channel
    device = device_of(reader, provider_id, channel.channel, asked.device_no)
    check_active(device)
    agent = agents.agent_of(reader, provider_id, channel)
    collector = collector_of(reader, provider_id, channel)
    found = _visits(reader, asked, asked.most + 1)
    page = found[: asked.most]
    who = agent.name, collector.phone
    stops = [_stop(reader, asked, one, visit, who) for one, visit in page]
    last = page[-1][1] if len(found) > asked.most else None
    return Snapshot(
        device=device,
        agent=agent,
        collector=collector,
        seen_at=asked.seen_at,
        stops=stops,
        behind=(last.assignment_no, last.place) if last else None,
    )


def _visits(reader: Reader, asked: Asked, most: int) -> list[tuple[AssignmentRow, VisitRow]]:
    provider_id, after = asked.place.provider_id, asked.after
    found: list[tuple[AssignmentRow, VisitRow]] = []
    for one in rows.standing(reader, provider_id, asked.place.channel.channel_no, asked.today):
        if one.assignment_no < after[0]:
            continue
        place = after[1] if one.assignment_no == after[0] else 0
        while len(found) < most:
            page = rows.visits(reader, provider_id, one.assignment_no, place, most)
            found += [(one, visit) for visit in page if VisitState(visit.state) not in ENDED]
            if len(page) < most:
                break
            place = page[-1].place
    return found[:most]


def _stop(
    reader: Reader, asked: Asked, assignment: AssignmentRow, visit: VisitRow, who: tuple[str, str]
) -> Stop:
    place = asked.place
    account = things.get(reader, place.provider_id, ACCOUNTS, visit.account_id)
    every = account_items(reader, visit.account_id, known_at=asked.seen_at)
    until = asked.today + place.policies.due_days
    owed = sorted(
        (item for item in every.open() if item.open > 0 and not item.is_deferred(until)),
        key=lambda item: (item.document.due_day, item.document.recorded_at),
    )
    before = [
        one
        for one in rows.of_accounts(reader, place.provider_id, np.array([visit.account_id]))
        if one.account_id == visit.account_id and one.assignment_no != visit.assignment_no
    ]
    before.sort(key=lambda one: one.assignment_no, reverse=True)
    return Stop(
        visit=visit,
        route=assignment.route,
        account=account,
        balance=every.balance,
        payable=asked_of(every, place.policies, asked.today),
        items=owed[:ITEMS_MAX],
        notice=_notice(reader, asked, owed, who),
        before=before[:VISITS_MAX],
    )


def _notice(reader: Reader, asked: Asked, owed: Sequence[OpenItem], who: tuple[str, str]) -> bytes:
    """The notice of the newest open bill, as its account's language has it. who: leaves it."""
    bills = [item.document for item in owed if item.document.kind is DocumentKind.BILL]
    if asked.form is None or not bills:
        return b""
    newest = max(bills, key=lambda one: (one.day, one.recorded_at))
    key = reader, asked.caller, asked.provider
    found = notice(*key, newest.id, asked.seen_at, who)
    words = wording(reader, asked.provider, found.bill.payer.account_id, "")
    return rendered(found, words, asked.form)
