"""Cut-offs of the collection of months, and their figures."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.port import Columns, Reader, Row, Session

_CUT_OFF = """SELECT month, day, known_at, area_length, class_attribute, complete, client_id, actor,
recorded_at FROM cut_off WHERE provider_id = :provider_id"""

ADD = """INSERT INTO cut_off (provider_id, month, day, known_at, area_length, class_attribute,
complete, client_id, actor, recorded_at)
VALUES (:provider_id, :month, :day, :known_at, :area_length, :class_attribute, :complete,
:client_id, :actor, :recorded_at) ON CONFLICT DO NOTHING"""

ONE = f"{_CUT_OFF} AND month = :month AND day = :day"

LISTED = f"""{_CUT_OFF} AND (month < :month OR month = :month AND day < :day)
ORDER BY month DESC, day DESC LIMIT :most"""

NEWEST = f"{_CUT_OFF} AND complete = 1 ORDER BY recorded_at DESC, month, day LIMIT :most"

COMPLETE = """UPDATE cut_off SET complete = 1
WHERE provider_id = :provider_id AND month = :month AND day = :day AND complete = 0"""

FIGURES = """SELECT area, class, bills, settled, billed, received, transferred, written_off,
credited, left_open FROM cut_off_figure
WHERE provider_id = :provider_id AND month = :month AND day = :day ORDER BY area, class"""

UNBALANCED = """SELECT month, day, area, class FROM cut_off_figure
WHERE provider_id = :provider_id AND (bills < settled
    OR billed <> received + transferred + written_off + credited + left_open)
ORDER BY month, day, area, class LIMIT :most"""

ORPHANS = """SELECT f.month, f.day, f.area, f.class FROM cut_off_figure f LEFT JOIN cut_off c
ON c.provider_id = f.provider_id AND c.month = f.month AND c.day = f.day AND c.complete = 1
WHERE f.provider_id = :provider_id AND c.month IS NULL
ORDER BY f.month, f.day, f.area, f.class LIMIT :most"""


class CutOff(NamedTuple):
    """A row of `cut_off`."""

    month: int
    day: int
    known_at: int
    area_length: int
    class_attribute: str
    complete: int
    client_id: int
    actor: str
    recorded_at: int


class Figure(NamedTuple):
    """What had come in of a group's bills; minor units."""

    area: str
    account_class: str
    bills: int
    settled: int
    billed: int
    received: int
    transferred: int
    written_off: int
    credited: int
    open: int


def add(session: Session, provider_id: int, row: CutOff) -> bool:
    """Whether the cut-off is new; waits for a transaction that adds the same."""
    return session.run(ADD, provider_id=provider_id, **row._asdict()) == 1


def one(reader: Reader, provider_id: int, month: int, day: int) -> CutOff | None:
    """A cut-off, or None."""
    row = reader.row(ONE, provider_id=provider_id, month=month, day=day)
    return None if row is None else CutOff(*row)  # type: ignore[arg-type]


def listed(reader: Reader, provider_id: int, before: tuple[int, int], most: int) -> list[CutOff]:
    """The cut-offs before (month, day), the last one first."""
    month, day = before
    found = reader.rows(LISTED, provider_id=provider_id, month=month, day=day, most=most)
    return [CutOff(*row) for row in found]  # type: ignore[arg-type]


def newest(reader: Reader, provider_id: int, most: int) -> list[CutOff]:
    """The complete cut-offs that were recorded last."""
    found = reader.rows(NEWEST, provider_id=provider_id, most=most)
    return [CutOff(*row) for row in found]  # type: ignore[arg-type]


def complete(session: Session, provider_id: int, month: int, day: int) -> bool:
    """Marks a cut-off as complete; whether it was not."""
    return session.run(COMPLETE, provider_id=provider_id, month=month, day=day) == 1


def add_figures(session: Session, columns: Columns) -> None:
    """Rows of `cut_off_figure`; StoreConflict when one is there."""
    session.insert("cut_off_figure", columns)


def figures(reader: Reader, provider_id: int, month: int, day: int) -> list[Figure]:
    """The figures of a cut-off, by area and class."""
    found = reader.rows(FIGURES, provider_id=provider_id, month=month, day=day)
    return [Figure(*row) for row in found]  # type: ignore[arg-type]


def unbalanced(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(month, day, area, class) of figures whose parts are not the whole."""
    return reader.rows(UNBALANCED, provider_id=provider_id, most=most)


def orphans(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(month, day, area, class) of figures that no complete cut-off has."""
    return reader.rows(ORPHANS, provider_id=provider_id, most=most)
