"""A load's messages: header to source, batches to chunks, chunks to answers; and a client's half.

Goals: whatever a header or batch says is checked against its bounds before core sees it; texts
cross at memory speed where the client packs them. Non-goals: rules of columns and rows.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.errors import BatchTooLarge, ColumnInvalid, RequestInvalid
from billcore.core.loading.kinds import KINDS, Kind, Unreadable, check_columns, kind_of
from billcore.core.loading.loads import CHUNK_ROWS_MAX, Chunk, Done, Source, State
from billcore.core.store.columns import text_parts
from billcore.core.store.loads import Refused
from billcore.core.store.port import Column
from billcore.server import pages, wire
from billcore.server.times import rfc3339
from billcore.v1 import load_service_pb2 as pb

COLUMNS_MAX = 200
REFUSED_MAX = 1_000
"""So many refused rows of a batch are told in its answer."""

MESSAGE_MAX = 500
"""Characters of what a caller says of a row that it cannot read."""

REFUSALS = "refusals"

_PREFIX = "LOAD_KIND_"


@dataclass(frozen=True, slots=True)
class Header:
    """A stream's header, checked in itself."""

    kind: Kind
    source: Source
    columns: tuple[pb.LoadColumn, ...]
    dry_run: bool


def header(requests: Iterator[pb.LoadRequest]) -> Header:
    """The first message of a stream. Raises RequestInvalid, ColumnMissing, ColumnInvalid."""
    first = next(requests, None)
    if first is None or first.WhichOneof("message") != "header":
        raise RequestInvalid("header", "the first message of a stream is its header.")
    given = first.header
    kind = _kind(given.kind)
    columns = _columns(given.columns, kind)
    return Header(kind, _source(given, kind), columns, given.dry_run)


def _kind(number: int) -> Kind:
    word = ""
    if number in pb.LoadKind.values():
        word = pb.LoadKind.Name(pb.LoadKind.ValueType(number)).removeprefix(_PREFIX).lower()
    if word not in KINDS:
        known = [kind_name(word) for word in KINDS]
        raise RequestInvalid("header.kind", f"{number} is no kind.", known)
    return kind_of(word)


def _columns(given: Sequence[pb.LoadColumn], kind: Kind) -> tuple[pb.LoadColumn, ...]:
    if len(given) > COLUMNS_MAX:
        raise BatchTooLarge("header.columns", COLUMNS_MAX, len(given))
    seen: set[str] = set()
    for n, column in enumerate(given):
        _check_type(column, kind, f"header.columns[{n}]")
        if column.name in seen:
            raise RequestInvalid(f"header.columns[{n}].name", f"{column.name!r} stands twice.")
        seen.add(column.name)
    check_columns(kind, [column.name for column in given])
    return tuple(given)


def _check_type(column: pb.LoadColumn, kind: Kind, field: str) -> None:
    allowed = ["LOAD_COLUMN_TYPE_TEXT", "LOAD_COLUMN_TYPE_PACKED_TEXT"]
    if kind.is_number(column.name):
        allowed.append("LOAD_COLUMN_TYPE_SFIXED64")
    if column.type not in [pb.LoadColumnType.Value(name) for name in allowed]:
        message = f"{column.type} is no type for {column.name!r}."
        raise RequestInvalid(f"{field}.type", message, allowed)


def _source(given: pb.LoadHeader, kind: Kind) -> Source:
    if bool(given.digest) == bool(given.request_id):
        raise RequestInvalid("header", "give the digest of a file, or the request id of a stream.")
    digest = given.digest or _header_digest(given)
    return Source(kind.word, digest, given.request_id, given.name)


def _header_digest(given: pb.LoadHeader) -> bytes:
    """Of what a stream's header says of its rows."""
    said = [(column.name, column.type) for column in given.columns]
    return hashlib.sha256(repr((given.kind, said)).encode()).digest()


def chunk(request: pb.LoadRequest, header: Header) -> Chunk:
    """The rows of a batch. Raises RequestInvalid, BatchTooLarge, ColumnInvalid."""
    if request.WhichOneof("message") != "batch":
        raise RequestInvalid("batch", "after the header every message is a batch.")
    given = request.batch
    rows = given.rows
    if not 0 <= rows <= CHUNK_ROWS_MAX:
        raise BatchTooLarge("chunk_rows_max", CHUNK_ROWS_MAX, rows)
    wanted = len(header.columns) if rows else 0
    if len(given.columns) != wanted:
        message = f"{len(given.columns)} columns, where {wanted} belong."
        raise RequestInvalid("batch.columns", message)
    columns = {
        head.name: _column(values, head, header.kind, rows)
        for values, head in zip(given.columns, header.columns, strict=False)
    }
    return Chunk(given.chunk, columns, _unreadable(given.unreadable, rows))


def _column(values: pb.LoadValues, head: pb.LoadColumn, kind: Kind, rows: int) -> Column:
    counts = len(values.texts), len(values.ends), len(values.numbers)
    place = {
        pb.LOAD_COLUMN_TYPE_TEXT: 0,
        pb.LOAD_COLUMN_TYPE_PACKED_TEXT: 1,
        pb.LOAD_COLUMN_TYPE_SFIXED64: 2,
    }[head.type]
    if counts != tuple(rows if n == place else 0 for n in range(3)):
        message = f"{sum(counts)} values; the header and `rows` ask for {rows} of its type."
        raise ColumnInvalid(head.name, message, rule="length")
    if place == 0:
        return pa.array(values.texts, pa.string())
    if place == 1:
        return wire.texts(values.data, values.ends, head.name, rows)
    numbers = wire.array(values.numbers, np.int64)
    return wire.days(numbers) if kind.is_day(head.name) else numbers


def _unreadable(given: Sequence[pb.UnreadableRow], rows: int) -> list[Unreadable]:
    places = [row.row for row in given]
    if places != sorted(set(places)) or (places and not 0 <= places[0] <= places[-1] < rows):
        raise RequestInvalid("batch.unreadable", f"rows in ascending order, 0 to {rows - 1}.")
    return [Unreadable(row.row, row.message[:MESSAGE_MAX]) for row in given]


# -- answers


def opened(found: State) -> pb.LoadResponse:
    """The answer to a header."""
    return pb.LoadResponse(opened=pb.OpenedLoad(load=state(found), rows_max=CHUNK_ROWS_MAX))


def state(found: State) -> pb.LoadState:
    """How far a load is."""
    return pb.LoadState(
        load_id=found.load_id,
        kind=kind_name(found.kind),
        source=found.source,
        next_chunk=found.next_chunk,
        next_row=found.next_row,
        accepted=found.accepted,
        refused=found.refused,
        complete=found.complete,
        opened_at=rfc3339(found.recorded_at) if found.recorded_at else "",
    )


def loaded(done: Done) -> pb.LoadResponse:
    """The answer to a batch."""
    return pb.LoadResponse(
        batch=pb.LoadedBatch(
            chunk=done.chunk,
            first_row=done.first_row,
            rows=done.row_count,
            accepted=done.accepted,
            refused=refused(done.refused[:REFUSED_MAX]),
            repeated=done.repeated,
        )
    )


def refused(found: Sequence[Refused]) -> list[pb.RefusedRow]:
    """Refused rows."""
    return [
        pb.RefusedRow(row=row.row_no, field=row.field, reason=row.reason, message=row.message)
        for row in found
    ]


def refusals(found: Sequence[Refused], size: int) -> pb.ListRefusalsResponse:
    """A page of refused rows, of which one more than `size` were asked for."""
    page = found[:size]
    more = pages.token(REFUSALS, str(page[-1].row_no)) if len(found) > size else ""
    return pb.ListRefusalsResponse(refusals=refused(page), next_page_token=more)


def kind_name(word: str) -> str:
    """The name of a kind on the wire."""
    return f"{_PREFIX}{word.upper()}"


# -- the client's half


def packed_header(source: Source, columns: Sequence[str], *, dry_run: bool) -> bytes:
    """LoadRequest with the header of a file whose columns are packed texts, encoded.

    A source that a request names has no digest: the server makes it.
    """
    packed = pb.LOAD_COLUMN_TYPE_PACKED_TEXT
    given = pb.LoadHeader(
        kind=kind_name(source.kind),
        digest=b"" if source.request_id else source.digest,
        request_id=source.request_id,
        name=source.name,
        columns=[pb.LoadColumn(name=column, type=packed) for column in columns],
        dry_run=dry_run,
    )
    return pb.LoadRequest(header=given).SerializeToString()


def packed_batch(given: Chunk) -> bytes:
    """LoadRequest with the texts of a chunk, encoded."""
    body = wire.number(1, given.number) + wire.number(2, len(given))
    for column in given.columns.values():
        offsets, data = text_parts(column)
        texts = data[offsets[0] : offsets[-1]].data
        parts = wire.chunk(2, [texts]) if len(texts) else []
        body += wire.chunk(3, parts + wire.packed(3, offsets[1:] - offsets[0], "<i4"))
    for row, message in given.unreadable:
        said = pb.UnreadableRow(row=row, message=message).SerializeToString()
        body += wire.chunk(4, [said])
    return b"".join(wire.chunk(2, body))
