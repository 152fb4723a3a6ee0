"""Reference rates: series of rates by the day from which they count, with their sources."""

from typing import NamedTuple

from billcore.core.store.port import Reader, Session

ADD = """INSERT INTO reference_rate (provider_id, series, from_day, version, per_million, source,
source_day, client_id, recorded_at) VALUES (:provider_id, :series, :from_day, :version,
:per_million, :source, :source_day, :client_id, :recorded_at)"""

_COLUMNS = "series, from_day, version, per_million, source, source_day, client_id, recorded_at"

KNOWN = f"""SELECT {_COLUMNS} FROM reference_rate r
WHERE provider_id = :provider_id AND version = (SELECT MAX(version) FROM reference_rate o
    WHERE o.provider_id = r.provider_id AND o.series = r.series AND o.from_day = r.from_day
    AND o.recorded_at <= :known_at) ORDER BY series, from_day"""  # noqa: S608 - our own columns

LISTED = f"""SELECT {_COLUMNS} FROM reference_rate WHERE provider_id = :provider_id
AND (series > :series OR (series = :series AND (from_day > :from_day
    OR (from_day = :from_day AND version > :version))))
ORDER BY series, from_day, version LIMIT :most"""  # noqa: S608 - our own columns

ONE = f"""SELECT {_COLUMNS} FROM reference_rate WHERE provider_id = :provider_id
AND series = :series AND from_day = :from_day ORDER BY version DESC LIMIT 1"""  # noqa: S608 - ours

LAST_RECORDED = """SELECT COALESCE(MAX(recorded_at), 0) FROM reference_rate
WHERE provider_id = :provider_id"""


class RateRow(NamedTuple):
    """A row of `reference_rate`."""

    series: str
    from_day: int
    version: int
    per_million: int
    source: str
    source_day: int
    client_id: int
    recorded_at: int


def add(session: Session, provider_id: int, row: RateRow) -> None:
    """Adds a rate, or another version of it."""
    session.run(ADD, provider_id=provider_id, **row._asdict())


def known(reader: Reader, provider_id: int, known_at: int) -> list[RateRow]:
    """The last version of each rate that was recorded up to a time, by series and day."""
    found = reader.rows(KNOWN, provider_id=provider_id, known_at=known_at)
    return [RateRow(*row) for row in found]  # type: ignore[arg-type]


def listed(
    reader: Reader, provider_id: int, after: tuple[str, int, int], most: int
) -> list[RateRow]:
    """Every version of every rate behind (series, from_day, version), in that order."""
    series, from_day, version = after
    days = {"from_day": from_day, "version": version, "most": most}
    found = reader.rows(LISTED, provider_id=provider_id, series=series, **days)
    return [RateRow(*row) for row in found]  # type: ignore[arg-type]


def latest(reader: Reader, provider_id: int, series: str, from_day: int) -> RateRow | None:
    """The last version of a rate, or None."""
    row = reader.row(ONE, provider_id=provider_id, series=series, from_day=from_day)
    return None if row is None else RateRow(*row)  # type: ignore[arg-type]


def last_recorded(reader: Reader, provider_id: int) -> int:
    """When a rate was recorded last; 0: none was."""
    row = reader.row(LAST_RECORDED, provider_id=provider_id)
    return int(row[0]) if row else 0
