"""Routes, who walks them on which days, and the visits that this makes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.errors import changed_meanwhile
from billcore.core.accounts.numbers import resolved
from billcore.core.calendar import DAY_MAX, DAY_MIN
from billcore.core.collections.field.collectors import channel_of, collector_of
from billcore.core.collections.field.errors import (
    AssignmentUnfit,
    AssignmentUnknown,
    FieldWorkInvalid,
    RouteUnknown,
)
from billcore.core.collections.field.visits import VisitState
from billcore.core.store import field_routes as rows
from billcore.core.store import providers
from billcore.core.store.field_routes import AssignmentRow, RouteRow
from billcore.core.store.port import Reader

STOPS_MAX = 5_000
"""A route has at most so many stops."""

DAYS_MAX = 62
"""An assignment lasts at most so many days."""

TEXT_MAX = 200
CODE = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}")

KIND = "field assignment"
"""Of the numbers that are drawn."""


@dataclass(frozen=True, slots=True)
class Given:
    """A route as it is set; accounts: their numbers, in the order of the way."""

    route: str
    name: str
    area: str
    accounts: Sequence[str]
    revision: int = 0


def set_route(write: Write, given: Given, reason: str = "") -> RouteRow:
    """Sets a route whole; revision 0: it is new. Raises FieldWorkInvalid, RevisionConflict."""
    provider_id = provider_acting(write.caller)
    _check(given)
    account_id = _accounts(write.session, provider_id, given.accounts)
    row = RouteRow(given.route, given.name, given.area, given.revision, write.now, len(account_id))
    if not rows.put_route(write.session, provider_id, row):
        there = rows.route(write.session, provider_id, given.route)
        what = f"field route {given.route}"
        raise changed_meanwhile(what, given.revision, there.revision if there else 0)
    count = len(account_id)
    columns = {
        "provider_id": np.full(count, provider_id),
        "route": pa.array([given.route] * count, pa.string()),
        "account_id": account_id,
        "place": np.arange(1, count + 1),
    }
    rows.put_stops(write.session, provider_id, given.route, columns)
    told = {"route": given.route, "stops": count, "revision": given.revision + 1}
    tell(write, provider_id, "field.route_set", f"field route {given.route}", told, reason)
    return row._replace(revision=given.revision + 1)


def assign(write: Write, route: str, code: str, first_day: int, last_day: int) -> AssignmentRow:
    """A collector is to visit the stops of a route, on the days first..last (ordinals).

    Raises RouteUnknown, ChannelUnknown, ChannelMisfit, CollectorUnknown, FieldWorkInvalid.
    """
    session, provider_id = write.session, provider_acting(write.caller)
    route_of(session, provider_id, route)
    channel = channel_of(session, provider_id, code)
    collector_of(session, provider_id, channel)
    if not DAY_MIN <= first_day <= last_day <= min(first_day + DAYS_MAX, DAY_MAX):
        raise FieldWorkInvalid("last_day", f"it is 0 to {DAYS_MAX} days behind first_day.")
    stops = rows.stops(session, provider_id, route)
    assignment_no = providers.draw(session, provider_id, KIND, 1)
    row = AssignmentRow(assignment_no, route, channel.channel_no, first_day, last_day, 0, write.now)
    rows.add_assignment(session, provider_id, row)
    nothing = np.zeros(len(stops), dtype=np.int64)
    columns = {
        "provider_id": nothing + provider_id,
        "assignment_no": nothing + assignment_no,
        "account_id": np.array([account_id for account_id, _ in stops], dtype=np.int64),
        "place": np.array([place for _, place in stops], dtype=np.int64),
        "state": nothing + int(VisitState.ASSIGNED),
        "changed_at": nothing + write.now,
        "note": pa.array([""] * len(stops), pa.string()),
        **dict.fromkeys(("visits", "appointment_at", "case_no", "device_no", "seq"), nothing),
    }
    rows.add_visits(session, columns)
    told = {"assignment_no": assignment_no, "route": route, "channel": code}
    tell(write, provider_id, "field.assigned", f"field assignment {assignment_no}", told)
    return row


def end_assignment(write: Write, assignment_no: int, reason: str) -> AssignmentRow:
    """Ends an assignment: accounts that did not pay are handed over to collection points.

    Raises AssignmentUnknown, AssignmentUnfit.
    """
    provider_id = provider_acting(write.caller)
    row = assignment_of(write.session, provider_id, assignment_no)
    handed_over = int(VisitState.HANDED_OVER)
    if not rows.end_assignment(write.session, provider_id, assignment_no, handed_over, write.now):
        raise AssignmentUnfit(
            f"Assignment {assignment_no} has ended already.", assignment_no=assignment_no
        )
    subject, told = f"field assignment {assignment_no}", {"assignment_no": assignment_no}
    tell(write, provider_id, "field.assignment_ended", subject, told, reason)
    return row._replace(ended_at=write.now)


def route_of(reader: Reader, provider_id: int, route: str) -> RouteRow:
    """A route by its code. Raises RouteUnknown."""
    found = rows.route(reader, provider_id, route)
    if found is None:
        raise RouteUnknown(route)
    return found


def assignment_of(reader: Reader, provider_id: int, assignment_no: int) -> AssignmentRow:
    """An assignment by its number. Raises AssignmentUnknown."""
    found = rows.assignment(reader, provider_id, assignment_no)
    if found is None:
        raise AssignmentUnknown(assignment_no)
    return found


def _check(given: Given) -> None:
    if not CODE.fullmatch(given.route):
        raise FieldWorkInvalid("route", "its code has 1 to 40 letters, digits and ._-")
    for name in ("name", "area"):
        text = getattr(given, name)
        if len(text) > TEXT_MAX or not text.isprintable():
            raise FieldWorkInvalid(name, f"it has at most {TEXT_MAX} printable characters.")
    if not 1 <= len(given.accounts) <= STOPS_MAX:
        raise FieldWorkInvalid("accounts", f"a route has 1 to {STOPS_MAX} stops.")
    if len(set(given.accounts)) < len(given.accounts):
        raise FieldWorkInvalid("accounts", "an account is a stop once.")


def _accounts(reader: Reader, provider_id: int, numbers: Sequence[str]) -> np.ndarray:
    found = resolved(reader, provider_id, "account", pa.array(list(numbers), pa.string()))
    unknown = np.flatnonzero(found == 0)
    if unknown.size:
        place = int(unknown[0])
        raise FieldWorkInvalid(f"accounts[{place}]", f"nobody has {numbers[place][:60]!r}.")
    return found
