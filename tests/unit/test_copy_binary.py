"""COPY BINARY: rows from columns and back, compared with psycopg's formats and a plain model."""

from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer

from billcore.ext.copy_binary import (
    HEADER,
    NUMERIC,
    TRAILER,
    VARYING,
    CopyInvalid,
    Decoder,
    Encoder,
)

INT64 = (-(2**63), 2**63 - 1)
WIDTHS = (2, 4, 8)


def ints_of(width):
    return st.integers(-(2 ** (8 * width - 1)), 2 ** (8 * width - 1) - 1)


VALUES = {2: ints_of(2), 4: ints_of(4), 8: ints_of(8), VARYING: st.binary(max_size=40)}


@st.composite
def tables(draw):
    """(widths, rows): rows of integers and bytes as their widths say."""
    widths = draw(st.lists(st.sampled_from([*WIDTHS, VARYING]), min_size=1, max_size=6))
    return widths, draw(st.lists(st.tuples(*(VALUES[w] for w in widths)), max_size=12))


def field(value: int | bytes, width: int) -> bytes:
    data = value if isinstance(value, bytes) else value.to_bytes(width, "big", signed=True)
    return len(data).to_bytes(4, "big") + data


def model(widths, rows) -> bytes:
    """The rows as the manual describes them, without header and trailer."""
    head = len(widths).to_bytes(2, "big")
    return b"".join(head + b"".join(map(field, row, widths)) for row in rows)


def source(width, values, item=None):
    if width != VARYING:
        return width, np.array(values, f"i{item or width}")
    ends = np.cumsum([0, *map(len, values)]).astype(np.int32)
    return VARYING, ends, b"".join(values)


def encoder(widths, rows) -> Encoder:
    columns = zip(*rows, strict=True) if rows else [()] * len(widths)
    return Encoder([source(w, c) for w, c in zip(widths, columns, strict=True)], len(rows))


def decoded(widths, *blocks) -> list[tuple]:
    decoder = Decoder([(f"c{i}", width) for i, width in enumerate(widths)])
    for block in blocks:
        decoder.feed(block)
    columns = [values(part) for part in decoder.finish()]
    return list(zip(*columns, strict=True))


def feed(decoder: Decoder, blocks: list[bytes]) -> None:
    for block in blocks:
        decoder.feed(block)


def values(part) -> list:
    if not isinstance(part, tuple):
        return np.frombuffer(part, np.int64).tolist()
    ends, data = np.frombuffer(part[0], np.int32).tolist(), bytes(part[1])
    return [data[a:b] for a, b in pairwise(ends)]


def whole(widths, rows) -> bytes:
    return HEADER + model(widths, rows) + TRAILER


# -- columns to rows


@given(tables())
def test_rows_are_as_the_manual_says(table):
    """The encoder writes what a plain model of the format writes."""
    widths, rows = table
    assert encoder(widths, rows).encode(0, len(rows)) == model(widths, rows)


@given(tables(), st.integers(0, 200))
def test_blocks_follow_each_other(table, size):
    """Runs of rows of any size make the same bytes; a block keeps to its size if a row can."""
    widths, rows = table
    made = encoder(widths, rows)
    blocks, at = [], 0
    while at < made.rows:
        stop = made.stop(at, size)
        assert stop > at
        block = made.encode(at, stop)
        assert len(block) == made.size(at, stop)
        assert len(block) <= size or stop == at + 1
        assert stop == made.rows or made.size(at, stop + 1) > size
        blocks.append(block)
        at = stop
    assert b"".join(blocks) == model(widths, rows)


@pytest.mark.parametrize("item", WIDTHS)
@pytest.mark.parametrize("width", WIDTHS)
def test_an_integer_has_the_width_of_its_column(item, width):
    """Arrays of any width fill columns of any other, sign and all."""
    numbers = [0, 1, -1, 2**15 - 1, -(2**15)]
    made = Encoder([source(width, numbers, item)], len(numbers))
    assert made.encode(0, len(numbers)) == model([width], [(n,) for n in numbers])


@given(st.lists(ints_of(4), max_size=9))
def test_a_column_alone_is_a_binary_array(numbers):
    """Without counts of fields the rows are the elements of an array as psycopg writes it."""
    made = Encoder([source(4, numbers)], len(numbers), fields=False).encode(0, len(numbers))
    transformer = Transformer()
    dumper = transformer.get_dumper([2**31 - 1], PyFormat.BINARY)
    theirs = bytes(dumper.dump([2**31 - 1, *numbers])) if numbers else b""
    width = int.from_bytes(theirs[20:24], "big") if theirs else 4
    assert width in WIDTHS
    if width == 4:
        assert theirs.endswith(made)


def test_a_slice_of_texts_is_encoded_alone():
    """Offsets may begin anywhere in the bytes."""
    ends = np.array([2, 3, 6], np.int32)
    assert Encoder([(VARYING, ends, b"..abcd..")], 2).encode(0, 2) == model(
        [0], [(b"a",), (b"bcd",)]
    )


@pytest.mark.parametrize(
    ("columns", "rows", "words"),
    [
        ([], 1, "0 columns"),
        ([(8, np.zeros(2, np.int64))], -1, "-1 rows"),
        ([(8, np.zeros(2, np.int64))], 3, "not 3 integers"),
        ([(8, np.zeros(2, np.int8))], 2, "not 2 integers"),
        ([(8, np.zeros(2, np.uint64))], 2, "not 2 integers"),
        ([(8, np.zeros(2, np.double))], 2, "not 2 integers"),
        ([(8, np.zeros(2, ">i8"))], 2, "not 2 integers"),
        ([(3, np.zeros(2, np.int64))], 2, "no (width, integers)"),
        ([(NUMERIC, np.zeros(2, np.int64))], 2, "no (width, integers)"),
        ([(VARYING, np.zeros(2, np.int32), b"")], 2, "not 3 integers of 32 bits"),
        ([(VARYING, np.array([0, 3, 2], np.int32), b"abc")], 2, "fall, or point outside"),
        ([(VARYING, np.array([-1, 0, 2], np.int32), b"abc")], 2, "fall, or point outside"),
        ([(VARYING, np.array([0, 1, 4], np.int32), b"abc")], 2, "fall, or point outside"),
    ],
)
def test_what_does_not_fit_is_refused(columns, rows, words):
    """Lengths, types and offsets are checked before a row is made."""
    with pytest.raises(ValueError, match=words.replace("(", r"\(").replace(")", r"\)")):
        Encoder(columns, rows)


@pytest.mark.parametrize(("start", "stop"), [(-1, 1), (2, 1), (0, 3), (3, 3)])
def test_rows_outside_are_refused(start, stop):
    """Only rows that are there are encoded."""
    with pytest.raises(ValueError, match="of 2"):
        encoder([8], [(1,), (2,)]).encode(start, stop)


# -- rows to columns


@given(tables())
def test_what_was_encoded_is_decoded(table):
    """Columns come back as they were."""
    widths, rows = table
    rows_as_bytes = encoder(widths, rows).encode(0, len(rows))
    assert decoded(widths, HEADER, rows_as_bytes, TRAILER) == rows


@given(tables(), st.lists(st.integers(0, 400), max_size=6))
def test_blocks_may_be_cut_anywhere(table, cuts):
    """Where the bytes are cut makes no difference."""
    widths, rows = table
    data = whole(widths, rows)
    places = sorted({0, *(cut for cut in cuts if cut < len(data)), len(data)})
    assert decoded(widths, *(data[a:b] for a, b in pairwise(places))) == rows


SMALL = ([8, VARYING, 2, 4], [(1, b"one", 2, 3), (-(2**63), b"", -1, 0), (5, b"\0\xff", 6, 7)])


@pytest.mark.parametrize("cut", range(len(whole(*SMALL)) + 1))
def test_two_blocks_cut_at_every_byte(cut):
    """A cut at any byte, and every byte alone."""
    data = whole(*SMALL)
    assert decoded(SMALL[0], data[:cut], data[cut:]) == SMALL[1]
    assert decoded(SMALL[0], *(data[i : i + 1] for i in range(len(data)))) == SMALL[1]


@pytest.mark.parametrize("length", range(len(whole(*SMALL))))
def test_an_end_that_comes_early_is_refused(length):
    """Bytes that end before the trailer are no table, wherever they end."""
    with pytest.raises(CopyInvalid, match="end before their trailer"):
        decoded(SMALL[0], whole(*SMALL)[:length])


@given(st.integers(*INT64))
def test_a_numeric_is_an_integer(number):
    """The sum of a bigint column comes as numeric; psycopg writes one."""
    assert decoded([NUMERIC], HEADER, b"\0\1" + numeric(Decimal(number)), TRAILER) == [(number,)]


def numeric(number: Decimal) -> bytes:
    dumper = Transformer().get_dumper(number, PyFormat.BINARY)
    assert dumper.format == pq.Format.BINARY
    return field(bytes(dumper.dump(number)), VARYING)


@pytest.mark.parametrize("text", ["1.00", "-20000.0", "0.000", "1E+18", "-0"])
def test_a_numeric_with_a_zero_fraction_is_an_integer(text):
    """Zeros behind the point are no fraction."""
    number = Decimal(text)
    assert decoded([NUMERIC], HEADER, b"\0\1" + numeric(number), TRAILER) == [(int(number),)]


@pytest.mark.parametrize(
    "text", ["0.5", "-1.00001", "10000.1", str(2**63), str(-(2**63) - 1), "1E+19", "1E+40", "NaN"]
)
def test_a_numeric_that_is_no_int64_is_refused(text):
    """Fractions and what is beyond 64 bits do not come through as something else."""
    with pytest.raises(CopyInvalid, match="no whole number"):
        decoded([NUMERIC], HEADER, b"\0\1" + numeric(Decimal(text)), TRAILER)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "0001",
        "ffff000000000000",
        "0001000000000000",
        "00010000000000007fff27",
        "0" * 14,
        "000100000000000027100",
        "00010000000000002710",
        "0001000000000000ffff",
    ],
)
def test_a_malformed_numeric_is_refused(data):
    """Counts that lie and digits above 9999 are noticed."""
    with pytest.raises(CopyInvalid, match="no whole number"):
        decoded([NUMERIC], HEADER, b"\0\1" + field(bytes.fromhex(data[: len(data) // 2 * 2]), 0))


ROW = b"\0\2" + field(1, 8) + field(b"x", 0)


@pytest.mark.parametrize(
    ("data", "words", "column", "row"),
    [
        (b"PGCOPX", "do not begin", "", 0),
        (b"hello, world; hello, world", "do not begin", "", 0),
        (HEADER[:11] + b"\0\1\0\0" + bytes(4), "flags", "", 0),
        (HEADER[:15] + b"\xff\xff\xff\xff", "extension", "", 0),
        (HEADER + b"\0\3", "does not have 2 fields", "", 0),
        (HEADER + ROW + b"\0\1", "does not have 2 fields", "", 1),
        (HEADER + ROW + b"\xff\xfe", "does not have 2 fields", "", 1),
        (HEADER + ROW + b"\0\2\xff\xff\xff\xff", "is null", "a", 1),
        (HEADER + ROW + b"\0\2" + field(1, 8) + b"\xff\xff\xff\xff", "is null", "b", 1),
        (HEADER + b"\0\2\x80\0\0\0", "another width", "a", 0),
        (HEADER + b"\0\2" + field(1, 4) + field(b"x", 0), "another width", "a", 0),
        (HEADER + ROW + TRAILER + b"\0", "follow the end", "", 1),
    ],
)
def test_malformed_rows_are_refused(data, words, column, row):
    """The error says what is wrong, in which column and in which row, whatever the cuts."""
    for blocks in ([data], [data[i : i + 1] for i in range(len(data))]):
        decoder = Decoder([("a", 8), ("b", VARYING)])
        with pytest.raises(CopyInvalid, match=words) as refused:
            feed(decoder, blocks)
        assert (refused.value.column, refused.value.row) == (column, row)


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_refused_or_read(data, headed):
    """No input crashes the decoder."""
    decoder = Decoder([("a", 4), ("b", VARYING), ("c", NUMERIC)])
    try:
        decoder.feed((HEADER if headed else b"") + data)
        decoder.finish()
    except CopyInvalid:
        pass


@given(st.integers(0, 70), st.binary(min_size=1, max_size=3))
def test_a_changed_byte_is_refused_or_read(at, patch):
    """A table with some bytes overwritten crashes nothing."""
    data = bytearray(whole(*SMALL))
    data[at : at + len(patch)] = patch
    decoder = Decoder([(f"c{i}", width) for i, width in enumerate(SMALL[0])])
    try:
        decoder.feed(data)
        decoder.finish()
    except CopyInvalid:
        pass


def test_an_extension_of_the_header_is_skipped():
    """As the manual asks of a reader."""
    header = HEADER[:15] + (3).to_bytes(4, "big") + b"???"
    assert decoded([8], header + b"\0\1" + field(7, 8) + TRAILER) == [(7,)]


@pytest.mark.parametrize("columns", [[], [("a", 3)], [("a", -2)]])
def test_a_decoder_needs_known_columns(columns):
    """Widths other than the format's are refused."""
    with pytest.raises(ValueError, match="column"):
        Decoder(columns)
