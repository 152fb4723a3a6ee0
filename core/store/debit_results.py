"""Files of results of debits, and what they tell of debits that are not there."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.store.port import Kind, Reader, Row, Session, Value

_RESULT_COLUMNS = (
    "result_no, channel_no, name, digest, format, line_count, accepted, rejected, collected, "
    "returned, repeated, unknown, client_id, recorded_at"
)
_RESULT = f"SELECT {_RESULT_COLUMNS} FROM debit_result WHERE provider_id = :provider_id"  # noqa: S608 - our own words

RESULT_OF = f"{_RESULT} AND channel_no = :channel_no AND digest = :digest"
RESULTS = f"{_RESULT} AND result_no > :after ORDER BY result_no LIMIT :most"

ADD_RESULT = f"""INSERT INTO debit_result (provider_id, {_RESULT_COLUMNS}) VALUES (:provider_id,
:result_no, :channel_no, :name, :digest, :format, :line_count, :accepted, :rejected, :collected,
:returned, :repeated, :unknown, :client_id, :recorded_at)"""  # noqa: S608 - our own words

UNKNOWN: dict[str, Kind] = {
    "line": Kind.INT,
    "end_to_end_id": Kind.TEXT,
    "amount": Kind.INT,
    "code": Kind.TEXT,
}

UNKNOWN_OF = """SELECT line, end_to_end_id, amount, code FROM debit_result_unknown
WHERE provider_id = :provider_id AND result_no = :result_no ORDER BY line, end_to_end_id
LIMIT :most"""


class ResultRow(NamedTuple):
    """A row of `debit_result` without its provider."""

    result_no: int
    channel_no: int
    name: str
    digest: bytes
    format: str
    line_count: int
    accepted: int
    rejected: int
    collected: int
    returned: int
    repeated: int
    unknown: int
    client_id: int
    recorded_at: int


class UnknownRow(NamedTuple):
    """A row of `debit_result_unknown` without its file."""

    line: int
    end_to_end_id: str
    amount: int
    code: str


def _result(row: Row) -> ResultRow:
    made = ResultRow(*row)  # type: ignore[arg-type]
    return made._replace(digest=bytes(made.digest))


def result_of(reader: Reader, provider_id: int, channel_no: int, digest: bytes) -> ResultRow | None:
    """The file of results that has a content."""
    key: dict[str, Value] = {"provider_id": provider_id, "channel_no": channel_no}
    row = reader.row(RESULT_OF, **key, digest=digest)
    return _result(row) if row else None


def results(reader: Reader, provider_id: int, after: int, most: int) -> list[ResultRow]:
    """Files of results behind a number, in order."""
    return [
        _result(row)
        for row in reader.rows(RESULTS, provider_id=provider_id, after=after, most=most)
    ]


def add_result(session: Session, provider_id: int, row: ResultRow) -> None:
    """Adds a file of results; StoreConflict when its content is there."""
    session.run(ADD_RESULT, provider_id=provider_id, **row._asdict())


def add_unknown(
    session: Session, provider_id: int, result_no: int, found: Sequence[UnknownRow]
) -> None:
    """Adds what a file tells of debits that are not there."""
    if not found:
        return
    lists = dict(zip(UnknownRow._fields, zip(*found, strict=True), strict=True))
    columns = {
        name: np.array(values, dtype=np.int64)
        if UNKNOWN[name] is Kind.INT
        else pa.array(values, pa.string())
        for name, values in lists.items()
    }
    count = len(found)
    key = {"provider_id": np.full(count, provider_id), "result_no": np.full(count, result_no)}
    session.insert("debit_result_unknown", key | columns, existing="skip")


def unknown(reader: Reader, provider_id: int, result_no: int, most: int) -> list[UnknownRow]:
    """What a file told of debits that are not there."""
    found = reader.rows(UNKNOWN_OF, provider_id=provider_id, result_no=result_no, most=most)
    return [UnknownRow(*row) for row in found]  # type: ignore[arg-type]
