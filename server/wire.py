"""Columns on the wire: batches in, results out, at memory speed, for any generated client.

Goals: the protobuf runtime parses packed fixed-width fields and hands them to numpy in one copy
each (0.4 ns a value; filling a field from Python costs 80), so requests are parsed by the generated
classes and large answers are encoded here: a packed field is a tag, a length and the raw
little-endian bytes. The client's half stands beside it for tests, the demo and benchmarks.
Non-goals: rules of columns, which core has.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from billcore.core.errors import ColumnInvalid
from billcore.v1 import rating_service_pb2 as pb

EPOCH = date(1970, 1, 1).toordinal()
"""Days on the wire count from 1970-01-01; a core's day ordinal is EPOCH more."""

Ints = NDArray[np.signedinteger[Any]]
Buffer = bytes | memoryview

_VARINT, _BYTES = 0, 2


def array(values: Any, kind: type[np.signedinteger[Any]]) -> Ints:
    """A packed field as an array; the field's own buffer is copied once."""
    if not len(values):
        return np.empty(0, dtype=kind)
    return np.asarray(values, dtype=kind)


def column(values: pb.ColumnValues, header: pb.BatchColumn, rows: int) -> Ints:
    """A column of a batch; of a history, a row of entries for each bill."""
    narrow = header.type == pb.COLUMN_TYPE_SFIXED32
    given, other = (values.narrow, values.wide) if narrow else (values.wide, values.narrow)
    wanted = rows * max(header.entries, 1)
    if len(other) or len(given) != wanted:
        field = "narrow" if narrow else "wide"
        raise ColumnInvalid(
            header.name,
            f"{len(given)} values stand in {field!r} and {len(other)} beside it; the header and "
            f"`rows` ask for {wanted} and none.",
            rule="length",
        )
    found = array(given, np.int32 if narrow else np.int64)
    return found.reshape(rows, header.entries) if header.entries else found


def texts(data: bytes, ends: Any, name: str, rows: int) -> pa.StringArray:
    """Texts in one buffer, each up to its end. Raises ColumnInvalid."""
    if len(ends) != rows:
        raise ColumnInvalid(name, f"{len(ends)} ends for {rows} rows.", rule="length")
    offsets = np.zeros(rows + 1, dtype=np.int32)
    offsets[1:] = array(ends, np.int32)
    if (np.diff(offsets) < 0).any() or int(offsets[-1]) != len(data):
        message = "its ends do not ascend to the length of its data."
        raise ColumnInvalid(name, message, rule="ends")
    found = pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data))
    try:
        found.validate(full=True)
    except pa.ArrowInvalid as error:
        raise ColumnInvalid(name, f"{error}.", rule="utf8") from None
    return found


def days(values: Ints) -> NDArray[np.int64]:
    """Day ordinals of days since 1970; absurd days stay outside every calendar's range."""
    return np.add(values, EPOCH, dtype=np.int64)


# -- encoding


def varint(number: int) -> bytes:
    """A number, not negative, in 7-bit groups."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def number(field: int, value: int) -> list[Buffer]:
    """An integer field; 0 is left out, as proto3 does."""
    return [varint(field << 3 | _VARINT) + varint(value)] if value else []


def chunk(field: int, parts: Iterable[Buffer]) -> list[Buffer]:
    """A length-delimited field of these parts: a message, bytes or a packed column."""
    held = list(parts)
    return [varint(field << 3 | _BYTES) + varint(sum(map(len, held))), *held]


def packed(field: int, values: Ints, width: str = "<i8") -> list[Buffer]:
    """A packed sfixed64 field (sfixed32 with "<i4")."""
    if not values.size:
        return []
    return chunk(field, [np.ascontiguousarray(values, dtype=width).data.cast("B")])


def result(
    sequence: int,
    statuses: NDArray[np.uint8],
    totals: Ints,
    lines: Sequence[Ints],
    states: Sequence[Ints],
) -> bytes:
    """RateBatchResponse with a BatchResult, encoded."""
    body = number(1, sequence) + chunk(2, [statuses.data.cast("B")])
    body += number(3, int(np.count_nonzero(statuses))) + packed(4, totals)
    for field, columns in ((5, lines), (6, states)):
        for values in columns:
            body += chunk(field, packed(1, values))
    return b"".join(chunk(2, body))


def batch(rows: int, columns: Sequence[Ints], plan: Ints | None = None) -> bytes:
    """RateBatchRequest with BatchColumns, encoded: the client's half. int32 columns are narrow."""
    body = number(1, rows)
    if plan is not None:
        body += packed(2, plan, "<i4")
    for values in columns:
        narrow = values.dtype == np.int32
        body += chunk(3, packed(2, values, "<i4") if narrow else packed(1, values))
    return b"".join(chunk(2, body))
