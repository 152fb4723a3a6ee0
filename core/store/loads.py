"""Loads: what is loaded, the chunks that are done, the rows that are refused; and what loading
asks of other tables, by columns."""

from typing import NamedTuple

from billcore.core.store.chosen import chosen
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Session, Value

ADD = """INSERT INTO load (provider_id, load_id, kind, source, digest, client_id, recorded_at)
VALUES (:provider_id, :load_id, :kind, :source, :digest, :client_id, :recorded_at)
ON CONFLICT DO NOTHING"""

LOAD = """SELECT kind, source, digest, client_id, recorded_at FROM load
WHERE provider_id = :provider_id AND load_id = :load_id"""

CLAIM = """INSERT INTO load_chunk
(provider_id, load_id, chunk, first_row, row_count, digest, accepted, recorded_at)
VALUES (:provider_id, :load_id, :chunk, 0, :row_count, :digest, 0, :recorded_at)
ON CONFLICT DO NOTHING"""

FINISH = """UPDATE load_chunk SET first_row = :first_row, accepted = :accepted
WHERE provider_id = :provider_id AND load_id = :load_id AND chunk = :chunk"""

CHUNK = """SELECT first_row, row_count, digest, accepted FROM load_chunk
WHERE provider_id = :provider_id AND load_id = :load_id AND chunk = :chunk"""

TOTALS = """SELECT COUNT(*), CAST(COALESCE(SUM(row_count), 0) AS BIGINT),
CAST(COALESCE(SUM(accepted), 0) AS BIGINT), COALESCE(MIN(row_count), 1) FROM load_chunk
WHERE provider_id = :provider_id AND load_id = :load_id"""

REFUSALS = """SELECT row_no, field, reason, message FROM load_refusal
WHERE provider_id = :provider_id AND load_id = :load_id AND row_no > :after AND row_no <= :last
ORDER BY row_no LIMIT :most"""

AGREEMENT_DAYS = """SELECT account_id, agreement_no, from_day, until_day FROM agreement
WHERE account_id :chosen"""

POSTED = """SELECT account_id, kind, day, reference FROM account_entry
WHERE account_id :chosen AND day BETWEEN :first_day AND :last_day"""


DAYS_KINDS = dict.fromkeys(("account_id", "agreement_no", "from_day", "until_day"), Kind.INT)
POSTED_KINDS = {**dict.fromkeys(("account_id", "kind", "day"), Kind.INT), "reference": Kind.TEXT}


class Load(NamedTuple):
    """A row of `load`. digest: of its content, of a stream of its header."""

    kind: str
    source: str
    digest: bytes
    client_id: int
    recorded_at: int


class ChunkKey(NamedTuple):
    """Which chunk; the chunks of a load count from 1."""

    provider_id: int
    load_id: int
    chunk: int


class Chunk(NamedTuple):
    """A chunk that is done. first_row: counted from 1 in the load."""

    first_row: int
    row_count: int
    digest: bytes
    accepted: int


class Totals(NamedTuple):
    """Of all chunks that are done. least: rows of the smallest, 1 where there is none."""

    chunks: int
    rows: int
    accepted: int
    least: int


class Refused(NamedTuple):
    """A row of `load_refusal`. row_no counts from 1 in the load."""

    row_no: int
    field: str
    reason: str
    message: str


def add(session: Session, provider_id: int, load_id: int, load: Load) -> bool:
    """Whether the load is new; waits for a transaction that adds it."""
    return session.run(ADD, provider_id=provider_id, load_id=load_id, **load._asdict()) == 1


def find(reader: Reader, provider_id: int, load_id: int) -> Load | None:
    """A load, or None."""
    row = reader.row(LOAD, provider_id=provider_id, load_id=load_id)
    if row is None:
        return None
    kind, source, digest, client_id, recorded_at = row
    return Load(str(kind), str(source), bytes(digest), int(client_id), int(recorded_at))  # type: ignore[arg-type]


def claim(session: Session, key: ChunkKey, row_count: int, digest: bytes, now: int) -> bool:
    """Whether the chunk is still to do; waits for a transaction that does it."""
    values: dict[str, Value] = {"row_count": row_count, "digest": digest, "recorded_at": now}
    return session.run(CLAIM, **key._asdict(), **values) == 1


def finish(session: Session, key: ChunkKey, first_row: int, accepted: int) -> None:
    """Keeps what became of a claimed chunk."""
    session.run(FINISH, **key._asdict(), first_row=first_row, accepted=accepted)


def chunk(reader: Reader, key: ChunkKey) -> Chunk | None:
    """A chunk that is done, or None."""
    row = reader.row(CHUNK, **key._asdict())
    if row is None:
        return None
    first_row, row_count, digest, accepted = row
    return Chunk(int(first_row), int(row_count), bytes(digest), int(accepted))  # type: ignore[arg-type]


def totals(reader: Reader, provider_id: int, load_id: int) -> Totals:
    """The sums of a load's chunks."""
    row = reader.row(TOTALS, provider_id=provider_id, load_id=load_id)
    assert row is not None  # an aggregate has a row
    return Totals(*map(int, row))


def refuse(session: Session, columns: Columns) -> None:
    """Writes rows that are refused."""
    session.insert("load_refusal", columns)


def refused(
    reader: Reader, provider_id: int, load_id: int, after: int, last: int, most: int
) -> list[Refused]:
    """Up to `most` refused rows behind the row `after`, up to the row `last`."""
    values = {"provider_id": provider_id, "load_id": load_id}
    rows = reader.rows(REFUSALS, **values, after=after, last=last, most=most)
    return [Refused(int(no), str(f), str(why), str(text)) for no, f, why, text in rows]


# -- other tables


def agreement_days(reader: Reader, account_id: Ints) -> dict[str, Column]:
    """account_id, agreement_no, from_day, until_day of these accounts (and maybe some between)."""
    return chosen(reader, AGREEMENT_DAYS, DAYS_KINDS, account_id)


def posted(reader: Reader, account_id: Ints, first_day: int, last_day: int) -> dict[str, Column]:
    """account_id, kind, day, reference of the entries of these accounts (and maybe some between)
    that are effective on first_day..last_day."""
    days = {"first_day": first_day, "last_day": last_day}
    return chosen(reader, POSTED, POSTED_KINDS, account_id, **days)
