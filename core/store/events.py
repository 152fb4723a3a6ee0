"""Events and audit rows: pending as written, then numbered."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
import pyarrow as pa

from billcore.core.store import providers
from billcore.core.store.port import Column, Columns, Reader, Row, Session, Value

EVENT, AUDIT = "event", "audit"
"""The two logs of a provider; in `drawn` the kinds of their numbers."""

_ADD_NEW_EVENTS = """INSERT INTO event_pending
(provider_id, event_id, kind, subject, payload, recorded_at)
SELECT :provider_id, column1, :kind, :subject, column2, :recorded_at FROM (VALUES :told) AS told"""
"""column1, column2: what both engines call the columns of VALUES."""

_ADD_EVENTS = f"""{_ADD_NEW_EVENTS} WHERE NOT EXISTS
(SELECT 1 FROM event WHERE provider_id = :provider_id AND event_id = column1)
ON CONFLICT DO NOTHING RETURNING event_id"""  # noqa: S608 - our own words

ADDED_AT_ONCE = 50
"""So many events are written by one statement."""

ADD_AUDIT = """INSERT INTO audit_pending
(provider_id, audit_id, client_id, actor, action, subject, reason, detail, recorded_at)
SELECT :provider_id, :audit_id, :client_id, :actor, :action, :subject, :reason, :detail,
    :recorded_at
WHERE NOT EXISTS
(SELECT 1 FROM audit WHERE provider_id = :provider_id AND audit_id = :audit_id)
ON CONFLICT DO NOTHING"""

PENDING_PROVIDERS = """SELECT provider_id FROM event_pending
UNION SELECT provider_id FROM audit_pending ORDER BY provider_id"""

PENDING_COUNT = """SELECT COUNT(*), COALESCE(MIN(recorded_at), 0) FROM
(SELECT recorded_at FROM event_pending
UNION ALL SELECT recorded_at FROM audit_pending) AS pending"""

PENDING_OLDEST = """SELECT COUNT(*), COALESCE(MIN(recorded_at), 0) FROM
(SELECT recorded_at FROM event_pending WHERE provider_id = :provider_id
UNION ALL SELECT recorded_at FROM audit_pending WHERE provider_id = :provider_id) AS pending"""

PENDING_EVENTS = """SELECT event_id, kind, subject, payload, recorded_at FROM event_pending
WHERE provider_id = :provider_id ORDER BY recorded_at, event_id LIMIT :most"""

PENDING_AUDITS = """SELECT audit_id, client_id, actor, action, subject, reason, detail, recorded_at
FROM audit_pending WHERE provider_id = :provider_id ORDER BY recorded_at, audit_id LIMIT :most"""

EVENTS = """SELECT event_id, kind, subject, payload, recorded_at, sequence FROM event
WHERE provider_id = :provider_id AND sequence > :after ORDER BY sequence LIMIT :most"""

OF_KINDS = """SELECT event_id, kind, subject, payload, recorded_at, sequence FROM event
WHERE provider_id = :provider_id AND sequence > :after AND kind IN (:one, :other)
ORDER BY sequence LIMIT :most"""

PENDING_OF_KINDS = """SELECT event_id, kind, subject, payload, recorded_at FROM event_pending
WHERE provider_id = :provider_id AND event_id > :after AND kind IN (:one, :other)
ORDER BY event_id LIMIT :most"""

AUDITS = """SELECT audit_id, client_id, actor, action, subject, reason, detail, recorded_at,
sequence, hash FROM audit
WHERE provider_id = :provider_id AND sequence > :after ORDER BY sequence LIMIT :most"""

DROP_EVENTS = """DELETE FROM event_pending WHERE provider_id = :provider_id AND event_id IN
(SELECT event_id FROM event WHERE provider_id = :provider_id AND sequence > :after)"""

DROP_AUDITS = """DELETE FROM audit_pending WHERE provider_id = :provider_id AND audit_id IN
(SELECT audit_id FROM audit WHERE provider_id = :provider_id AND sequence > :after)"""

LAST_HASH = """SELECT hash FROM audit WHERE provider_id = :provider_id AND sequence = :sequence"""

GET_COUNTER = "SELECT last FROM drawn WHERE provider_id = :provider_id AND kind = :kind"


_WANTED = """SELECT event_id, kind, subject, payload, recorded_at, sequence FROM event
WHERE provider_id = :provider_id AND sequence > :after AND sequence <= :through
AND :conditions ORDER BY sequence LIMIT :most"""


class Wanted(NamedTuple):
    """Which events a consumer wants: those that fit every list; an empty one takes all."""

    kinds: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    account_ids: tuple[int, ...] = ()


class Event(NamedTuple):
    """An event; sequence 0: it has none yet. payload: JSON; recorded_at: microseconds."""

    event_id: int
    kind: str
    subject: str
    payload: str
    recorded_at: int
    sequence: int = 0


class Audit(NamedTuple):
    """A row of the audit log; sequence 0: it has none yet, and no hash."""

    audit_id: int
    client_id: int
    actor: str
    action: str
    subject: str
    reason: str
    detail: str
    recorded_at: int
    sequence: int = 0
    hash: bytes = b""


# -- written with the write


def add_events(
    session: Session, provider_id: int, kind: str, subject: str, now: int, told: Mapping[int, str]
) -> set[int]:
    """Writes the events of these ids, of one kind and subject; the ids that are new, for no other
    event has them. told: payloads by id."""
    new = set[int]()
    for values, marks in _told(provider_id, kind, subject, now, [*told.items()]):
        rows = session.rows(_ADD_EVENTS.replace(":told", marks), **values)
        new |= {int(number) for (number,) in rows}
    return new


def add_new_events(
    session: Session, provider_id: int, kind: str, subject: str, now: int, told: Mapping[int, str]
) -> None:
    """As `add_events`, of ids that no event can have; StoreConflict if one has."""
    for values, marks in _told(provider_id, kind, subject, now, [*told.items()]):
        session.run(_ADD_NEW_EVENTS.replace(":told", marks), **values)


def _told(
    provider_id: int, kind: str, subject: str, now: int, every: Sequence[tuple[int, str]]
) -> Iterator[tuple[dict[str, Value], str]]:
    """The values and the list of each statement that writes these events."""
    for start in range(0, len(every), ADDED_AT_ONCE):
        some = every[start : start + ADDED_AT_ONCE]
        values: dict[str, Value] = {"provider_id": provider_id, "kind": kind}
        values |= {"subject": subject, "recorded_at": now}
        for at, (number, payload) in enumerate(some):
            values |= {f"id{at}": number, f"payload{at}": payload}
        yield values, ", ".join(f"(:id{at}, :payload{at})" for at in range(len(some)))


def add_audit(session: Session, provider_id: int, row: Audit) -> bool:
    """Whether the row is new: no other has its id."""
    values = row._asdict()
    del values["sequence"], values["hash"]
    return session.run(ADD_AUDIT, provider_id=provider_id, **values) == 1


# -- numbered


def lock_counter(session: Session, provider_id: int, log: str) -> int:
    """The last number of a log; until the transaction ends no other numbers it."""
    return providers.draw(session, provider_id, log, 0)


def pending_events(session: Session, provider_id: int, most: int) -> list[Event]:
    """The oldest events without a number, in the order in which they get one."""
    return [_event(row) for row in _some(session, PENDING_EVENTS, provider_id, most)]


def pending_audits(session: Session, provider_id: int, most: int) -> list[Audit]:
    """The oldest audit rows without a number, in the order in which they get one."""
    return [_audit(row) for row in _some(session, PENDING_AUDITS, provider_id, most)]


def number_events(session: Session, provider_id: int, events: Sequence[Event]) -> None:
    """Moves pending events to their numbers, which follow one another."""
    after = events[0].sequence - 1
    session.insert("event", _columns(provider_id, Event, events))
    session.run(DROP_EVENTS, provider_id=provider_id, after=after)
    providers.draw(session, provider_id, EVENT, len(events))


def number_audits(session: Session, provider_id: int, audits: Sequence[Audit]) -> None:
    """Moves pending audit rows to their numbers, which follow one another."""
    after = audits[0].sequence - 1
    session.insert("audit", _columns(provider_id, Audit, audits))
    session.run(DROP_AUDITS, provider_id=provider_id, after=after)
    providers.draw(session, provider_id, AUDIT, len(audits))


def _columns(provider_id: int, kind: type[Event | Audit], rows: Sequence[Event | Audit]) -> Columns:
    columns = {
        name: _column([row[place] for row in rows]) for place, name in enumerate(kind._fields)
    }
    return {"provider_id": np.full(len(rows), provider_id, dtype=np.int64)} | columns


def _column(values: Sequence[object]) -> Column:
    match values[0]:
        case str():
            return pa.array(values, pa.string())
        case bytes():
            return pa.array(values, pa.binary())
    return np.array(values, dtype=np.int64)


# -- read


def pending_providers(reader: Reader) -> list[int]:
    """The providers that have rows without a number; 0 is the house."""
    return [cast(int, provider_id) for (provider_id,) in reader.rows(PENDING_PROVIDERS)]


def pending(reader: Reader, provider_id: int | None = None) -> tuple[int, int]:
    """(how many rows have no number, recorded_at of the oldest or 0); None: of all providers."""
    row = (
        reader.row(PENDING_COUNT)
        if provider_id is None
        else reader.row(PENDING_OLDEST, provider_id=provider_id)
    )
    assert row is not None  # an aggregate has a row
    return cast(int, row[0]), cast(int, row[1])


def last_number(reader: Reader, provider_id: int, log: str) -> int:
    """The last number that a log has given; 0: none yet."""
    row = reader.row(GET_COUNTER, provider_id=provider_id, kind=log)
    return cast(int, row[0]) if row else 0


def last_hash(reader: Reader, provider_id: int, sequence: int) -> bytes:
    """The hash of an audit row; b"" where there is none."""
    row = reader.row(LAST_HASH, provider_id=provider_id, sequence=sequence)
    return bytes(cast(bytes, row[0])) if row else b""


def wanted(
    reader: Reader, provider_id: int, asked: Wanted, after: int, through: int, most: int
) -> list[Event]:
    """The events behind a number, up to another, that may be wanted, oldest first; of accounts all
    that name one, and those in which its digits stand by chance."""
    conditions, values = ["0 = 0"], dict[str, Value]()
    for column, texts in ("kind", asked.kinds), ("subject", asked.subjects):
        if texts:
            named = {f"{column}{place}": text for place, text in enumerate(texts)}
            conditions.append(f"{column} IN ({', '.join(f':{name}' for name in named)})")
            values |= named
    if asked.account_ids:
        likes = {f"like{place}": f"%{number}%" for place, number in enumerate(asked.account_ids)}
        each = (f"payload LIKE :{name} OR subject LIKE :{name}" for name in likes)
        conditions.append(f"({' OR '.join(each)})")
        values |= likes
    sql = _WANTED.replace(":conditions", " AND ".join(conditions))
    return [
        _event(row)
        for row in _some(reader, sql, provider_id, most, after=after, through=through, **values)
    ]


def events(reader: Reader, provider_id: int, after: int, most: int) -> list[Event]:
    """The events behind a number, oldest first."""
    return [_event(row) for row in _some(reader, EVENTS, provider_id, most, after=after)]


def of_kinds(
    reader: Reader, provider_id: int, kinds: tuple[str, str], after: int, most: int
) -> list[Event]:
    """The events of two kinds behind a number, oldest first."""
    one, other = kinds
    return [
        _event(row)
        for row in reader.rows(
            OF_KINDS, provider_id=provider_id, after=after, one=one, other=other, most=most
        )
    ]


def pending_of_kinds(
    reader: Reader, provider_id: int, kinds: tuple[str, str], after: int, most: int
) -> list[Event]:
    """The events of two kinds without a number behind an id, by id."""
    one, other = kinds
    return [
        _event(row)
        for row in reader.rows(
            PENDING_OF_KINDS, provider_id=provider_id, after=after, one=one, other=other, most=most
        )
    ]


def audits(reader: Reader, provider_id: int, after: int, most: int) -> list[Audit]:
    """The audit rows behind a number, oldest first."""
    return [_audit(row) for row in _some(reader, AUDITS, provider_id, most, after=after)]


def _some(reader: Reader, sql: str, provider_id: int, most: int, **values: Value) -> list[Row]:
    return reader.rows(sql, provider_id=provider_id, most=most, **values)


def _event(row: Sequence[Any]) -> Event:
    return Event(*row)


def _audit(row: Sequence[Any]) -> Audit:
    return Audit(*row)
