"""Batches of debits, with their files in parts."""

from typing import NamedTuple

from billcore.core.store.port import Reader, Row, Session, Value

BATCH_SUMS = """SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM debit
WHERE +provider_id = :provider_id AND batch_no = :batch_no"""

_BATCH_COLUMNS = (
    "batch_no, channel_no, scheme, collection_day, message_id, state, format, debits, amount, "
    "digest, bytes, sealed_at, sent_day, client_id, recorded_at"
)
_BATCH = f"SELECT {_BATCH_COLUMNS} FROM debit_batch WHERE provider_id = :provider_id"  # noqa: S608 - our own words

BATCH = f"{_BATCH} AND batch_no = :batch_no"
OPEN_BATCH = f"""{_BATCH} AND channel_no = :channel_no AND scheme = :scheme
AND collection_day = :collection_day AND state = 1"""
BY_MESSAGE = f"{_BATCH} AND message_id = :message_id"
BATCHES = f"{_BATCH} AND batch_no > :after ORDER BY batch_no LIMIT :most"

ADD_BATCH = f"""INSERT INTO debit_batch (provider_id, {_BATCH_COLUMNS}) VALUES (:provider_id,
:batch_no, :channel_no, :scheme, :collection_day, :message_id, :state, :format, :debits, :amount,
:digest, :bytes, :sealed_at, :sent_day, :client_id, :recorded_at)"""  # noqa: S608 - our own words

CHANGE_BATCH = """UPDATE debit_batch SET state = :state, format = :format, debits = :debits,
amount = :amount, digest = :digest, bytes = :bytes, sealed_at = :sealed_at, sent_day = :sent_day
WHERE provider_id = :provider_id AND batch_no = :batch_no AND state = :was"""

ADD_PART = """INSERT INTO debit_batch_part (provider_id, batch_no, part_no, content)
VALUES (:provider_id, :batch_no, :part_no, :content)"""

PART = """SELECT content FROM debit_batch_part WHERE provider_id = :provider_id
AND batch_no = :batch_no AND part_no = :part_no"""


class BatchRow(NamedTuple):
    """A row of `debit_batch` without its provider."""

    batch_no: int
    channel_no: int
    scheme: int
    collection_day: int
    message_id: str
    state: int
    format: str
    debits: int
    amount: int
    digest: bytes
    bytes: int
    sealed_at: int
    sent_day: int
    client_id: int
    recorded_at: int


def _batch(row: Row | None) -> BatchRow | None:
    if row is None:
        return None
    made = BatchRow(*row)  # type: ignore[arg-type]
    return made._replace(digest=bytes(made.digest))


def batch(reader: Reader, provider_id: int, batch_no: int) -> BatchRow | None:
    """A batch of a number."""
    return _batch(reader.row(BATCH, provider_id=provider_id, batch_no=batch_no))


def open_batch(
    reader: Reader, provider_id: int, channel_no: int, scheme: int, day: int
) -> BatchRow | None:
    """The batch of a channel, scheme and collection day that is open."""
    values = {"provider_id": provider_id, "channel_no": channel_no, "scheme": scheme}
    return _batch(reader.row(OPEN_BATCH, **values, collection_day=day))


def by_message(reader: Reader, provider_id: int, message_id: str) -> BatchRow | None:
    """The batch of a message id."""
    return _batch(reader.row(BY_MESSAGE, provider_id=provider_id, message_id=message_id))


def batches(reader: Reader, provider_id: int, after: int, most: int) -> list[BatchRow]:
    """Batches behind a number, in order."""
    found = reader.rows(BATCHES, provider_id=provider_id, after=after, most=most)
    return [one for row in found if (one := _batch(row))]


def batch_sums(reader: Reader, provider_id: int, batch_no: int) -> tuple[int, int]:
    """How many debits a batch has, and their sum."""
    row = reader.row(BATCH_SUMS, provider_id=provider_id, batch_no=batch_no)
    assert row is not None, "an aggregate has a row"
    return int(row[0]), int(row[1])


def add_batch(session: Session, provider_id: int, row: BatchRow) -> None:
    """Adds a batch; StoreConflict when one of its key is open."""
    session.run(ADD_BATCH, provider_id=provider_id, **row._asdict())


def change_batch(session: Session, provider_id: int, row: BatchRow, was: int) -> bool:
    """Whether the batch was in a state, and is as `row` now."""
    names = "batch_no state format debits amount digest bytes sealed_at sent_day".split()
    values: dict[str, Value] = {name: getattr(row, name) for name in names}
    return session.run(CHANGE_BATCH, provider_id=provider_id, **values, was=was) == 1


def add_part(
    session: Session, provider_id: int, batch_no: int, part_no: int, content: bytes
) -> None:
    """Adds a part of a batch's file."""
    key = {"provider_id": provider_id, "batch_no": batch_no, "part_no": part_no}
    session.run(ADD_PART, **key, content=content)


def part(reader: Reader, provider_id: int, batch_no: int, part_no: int) -> bytes:
    """A part of a batch's file, from 1; b'': there are no more."""
    key = {"provider_id": provider_id, "batch_no": batch_no, "part_no": part_no}
    row = reader.row(PART, **key)
    return bytes(row[0]) if row else b""  # type: ignore[arg-type]
