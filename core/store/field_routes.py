"""Routes, who walks them when, and the visits of that."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from billcore.core.store.chosen import chosen
from billcore.core.store.columns import as_list
from billcore.core.store.port import Columns, Ints, Kind, Reader, Session

_ROUTE = """SELECT r.route, r.name, r.area, r.revision, r.recorded_at,
(SELECT COUNT(*) FROM field_stop s WHERE s.provider_id = r.provider_id AND s.route = r.route)
FROM field_route r WHERE r.provider_id = :provider_id"""

ROUTE = f"{_ROUTE} AND r.route = :route"

ROUTES = f"{_ROUTE} AND r.route > :after ORDER BY r.route LIMIT :most"

ADD_ROUTE = """INSERT INTO field_route (provider_id, route, name, area, revision, recorded_at)
VALUES (:provider_id, :route, :name, :area, 1, :recorded_at) ON CONFLICT DO NOTHING"""

CHANGE_ROUTE = """UPDATE field_route SET name = :name, area = :area, revision = revision + 1,
recorded_at = :recorded_at
WHERE provider_id = :provider_id AND route = :route AND revision = :revision"""

CLEAR_STOPS = "DELETE FROM field_stop WHERE provider_id = :provider_id AND route = :route"

STOPS = """SELECT account_id, place FROM field_stop
WHERE provider_id = :provider_id AND route = :route ORDER BY place"""

_ASSIGNMENT = """SELECT assignment_no, route, channel_no, first_day, last_day, ended_at,
recorded_at FROM field_assignment WHERE provider_id = :provider_id"""

ASSIGNMENT = f"{_ASSIGNMENT} AND assignment_no = :assignment_no"

ASSIGNMENTS = f"""{_ASSIGNMENT} AND assignment_no > :after
AND (:channel_no = 0 OR channel_no = :channel_no) ORDER BY assignment_no LIMIT :most"""

STANDING = f"""{_ASSIGNMENT} AND channel_no = :channel_no AND ended_at = 0
AND first_day <= :day AND last_day >= :day ORDER BY assignment_no"""

ADD_ASSIGNMENT = """INSERT INTO field_assignment (provider_id, assignment_no, route, channel_no,
first_day, last_day, ended_at, recorded_at) VALUES (:provider_id, :assignment_no, :route,
:channel_no, :first_day, :last_day, :ended_at, :recorded_at)"""

END_ASSIGNMENT = """UPDATE field_assignment SET ended_at = :now
WHERE provider_id = :provider_id AND assignment_no = :assignment_no AND ended_at = 0"""

END_VISITS = """UPDATE field_visit SET state = :handed_over, changed_at = :now
WHERE provider_id = :provider_id AND assignment_no = :assignment_no
AND state NOT IN (5, 9, 10)"""

_VISIT = """SELECT assignment_no, account_id, place, state, visits, appointment_at, case_no, note,
device_no, seq, changed_at FROM field_visit WHERE provider_id = :provider_id"""

VISITS = f"""{_VISIT} AND assignment_no = :assignment_no AND place > :after
ORDER BY place LIMIT :most"""

VISIT = f"{_VISIT} AND assignment_no = :assignment_no AND account_id = :account_id"

OF_ACCOUNTS = f"{_VISIT} AND account_id :chosen"

MOVE = """UPDATE field_visit SET state = :state, visits = :visits,
appointment_at = :appointment_at, case_no = :case_no, note = :note, device_no = :device_no,
seq = :seq, changed_at = :changed_at WHERE provider_id = :provider_id
AND assignment_no = :assignment_no AND account_id = :account_id"""


class RouteRow(NamedTuple):
    """A row of `field_route`, without its provider, with the number of its stops."""

    route: str
    name: str
    area: str
    revision: int
    recorded_at: int
    stops: int


class AssignmentRow(NamedTuple):
    """A row of `field_assignment`, without its provider."""

    assignment_no: int
    route: str
    channel_no: int
    first_day: int
    last_day: int
    ended_at: int
    recorded_at: int


class VisitRow(NamedTuple):
    """A row of `field_visit`, without its provider."""

    assignment_no: int
    account_id: int
    place: int
    state: int
    visits: int
    appointment_at: int
    case_no: int
    note: str
    device_no: int
    seq: int
    changed_at: int


VISIT_KINDS: Mapping[str, Kind] = dict.fromkeys(VisitRow._fields, Kind.INT) | {"note": Kind.TEXT}


def route(reader: Reader, provider_id: int, code: str) -> RouteRow | None:
    """A route, or None."""
    row = reader.row(ROUTE, provider_id=provider_id, route=code)
    return RouteRow(*row) if row else None  # type: ignore[arg-type]


def routes(reader: Reader, provider_id: int, after: str, most: int) -> list[RouteRow]:
    """The routes behind a code, in order."""
    found = reader.rows(ROUTES, provider_id=provider_id, after=after, most=most)
    return [RouteRow(*row) for row in found]  # type: ignore[arg-type]


def put_route(session: Session, provider_id: int, row: RouteRow) -> bool:
    """Whether the route had this revision (0: none was there) and is this one now."""
    values = row._asdict()
    del values["stops"]
    if row.revision:
        return session.run(CHANGE_ROUTE, provider_id=provider_id, **values) == 1
    del values["revision"]
    return session.run(ADD_ROUTE, provider_id=provider_id, **values) == 1


def put_stops(session: Session, provider_id: int, code: str, columns: Columns) -> None:
    """Puts these rows of `field_stop` in the place of a route's."""
    session.run(CLEAR_STOPS, provider_id=provider_id, route=code)
    session.insert("field_stop", columns)


def stops(reader: Reader, provider_id: int, code: str) -> list[tuple[int, int]]:
    """(account_id, place) of a route, in its order."""
    found = reader.rows(STOPS, provider_id=provider_id, route=code)
    return [(int(account_id), int(place)) for account_id, place in found]


def assignment(reader: Reader, provider_id: int, assignment_no: int) -> AssignmentRow | None:
    """An assignment, or None."""
    row = reader.row(ASSIGNMENT, provider_id=provider_id, assignment_no=assignment_no)
    return AssignmentRow(*row) if row else None  # type: ignore[arg-type]


def assignments(
    reader: Reader, provider_id: int, channel_no: int, after: int, most: int
) -> list[AssignmentRow]:
    """The assignments of a channel (0: of every one) behind a number, in order."""
    values = {"channel_no": channel_no, "after": after, "most": most}
    found = reader.rows(ASSIGNMENTS, provider_id=provider_id, **values)
    return [AssignmentRow(*row) for row in found]  # type: ignore[arg-type]


def standing(reader: Reader, provider_id: int, channel_no: int, day: int) -> list[AssignmentRow]:
    """A collector's assignments of a day (an ordinal) that were not ended."""
    found = reader.rows(STANDING, provider_id=provider_id, channel_no=channel_no, day=day)
    return [AssignmentRow(*row) for row in found]  # type: ignore[arg-type]


def add_assignment(session: Session, provider_id: int, row: AssignmentRow) -> None:
    """Inserts an assignment."""
    session.run(ADD_ASSIGNMENT, provider_id=provider_id, **row._asdict())


def end_assignment(
    session: Session, provider_id: int, assignment_no: int, handed_over: int, now: int
) -> bool:
    """Whether an assignment stood and has ended now; what was open of it is handed over."""
    key = {"provider_id": provider_id, "assignment_no": assignment_no, "now": now}
    if not session.run(END_ASSIGNMENT, **key):
        return False
    session.run(END_VISITS, **key, handed_over=handed_over)
    return True


def add_visits(session: Session, columns: Columns) -> None:
    """Rows of `field_visit`."""
    session.insert("field_visit", columns)


def visits(
    reader: Reader, provider_id: int, assignment_no: int, after: int, most: int
) -> list[VisitRow]:
    """An assignment's visits behind a place, in order."""
    values = {"assignment_no": assignment_no, "after": after, "most": most}
    found = reader.rows(VISITS, provider_id=provider_id, **values)
    return [VisitRow(*row) for row in found]  # type: ignore[arg-type]


def visit(reader: Reader, provider_id: int, assignment_no: int, account_id: int) -> VisitRow | None:
    """A visit, or None."""
    key = {"assignment_no": assignment_no, "account_id": account_id}
    row = reader.row(VISIT, provider_id=provider_id, **key)
    return VisitRow(*row) if row else None  # type: ignore[arg-type]


def of_accounts(reader: Reader, provider_id: int, account_id: Ints) -> list[VisitRow]:
    """The visits of these accounts (and maybe of some between them), in every assignment."""
    found = chosen(reader, OF_ACCOUNTS, dict(VISIT_KINDS), account_id, provider_id=provider_id)
    return [VisitRow(*row) for row in zip(*map(as_list, found.values()), strict=True)]


def move(session: Session, provider_id: int, rows: Sequence[VisitRow]) -> None:
    """Writes where visits are now."""
    with session.together(len(rows)):
        for row in rows:
            values = row._asdict()
            del values["place"]
            session.run(MOVE, provider_id=provider_id, **values)


# -- what verify looks at

WITHOUT_RECORD = """SELECT v.assignment_no, v.account_id FROM field_visit v
LEFT JOIN field_record r ON r.provider_id = v.provider_id AND r.device_no = v.device_no
AND r.seq = v.seq AND r.state = 1
WHERE v.provider_id = :provider_id AND (v.device_no <> 0 AND r.seq IS NULL
    OR v.device_no = 0 AND v.state NOT IN (1, 9) OR v.state = 10 AND v.case_no = 0)
ORDER BY v.assignment_no, v.account_id LIMIT :most"""


def unfounded(reader: Reader, provider_id: int, most: int) -> list[tuple[int, int]]:
    """(assignment_no, account_id) of visits that no record moved where they are."""
    found = reader.rows(WITHOUT_RECORD, provider_id=provider_id, most=most)
    return [(int(number), int(account_id)) for number, account_id in found]
