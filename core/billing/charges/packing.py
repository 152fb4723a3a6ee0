"""What a bill keeps packed: the amounts of its lines and the inputs they were rated from.

A packed text is a sequence of parts, one an agreement, in little-endian 32-bit words; a value is
two words, the lower first. Parts of one tariff version have one width, so a month is packed and
unpacked as arrays, without a step a bill.

    lines    agreement_no, tariff_no, version, values     | values amounts
    inputs   agreement_no, tariff_no, version, values, changes, previous_day, this_day, days
             | values inputs | changes x (input, day, value)

Amounts stand in the order of `rating.line_names`, inputs in that of `rating.columns_of` without
the columns of time. days is 0 where the dates count them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from billcore.core.errors import BillcoreError
from billcore.core.rating.batch import Ints

Words = npt.NDArray[np.int32]

LINES_HEADER = 4
INPUTS_HEADER = 8
_COUNT, _CHANGES = 3, 4
_CHANGE_WORDS = 4


class PackedInvalid(BillcoreError):
    """A packed text of a bill is cut or damaged."""

    reason = "PACKED_INVALID"

    def __init__(self) -> None:
        super().__init__("A bill's packed lines or inputs are damaged: run `billcore verify`.")


@dataclass(frozen=True, slots=True)
class Part:
    """Parts of one width: words of shape (rows, width), and the bill that each row belongs to.

    place: the how many-th part of its bill each row is, where it was unpacked.
    """

    bill: Ints
    words: Words
    place: int = 0

    def field(self, at: int) -> Ints:
        """A word of the header of every row."""
        return self.words[:, at].astype(np.int64)

    @property
    def tariff(self) -> tuple[int, int]:
        """(tariff_no, version), the same of every row that was unpacked."""
        return int(self.words[0, 1]), int(self.words[0, 2])


def lines_part(bill: Ints, agreement_no: Ints, tariff_no: int, version: int, amounts: Ints) -> Part:
    """The lines of one agreement of each bill; amounts: (rows, lines) in units of account."""
    rows, count = amounts.shape
    words = np.empty((rows, LINES_HEADER + 2 * count), dtype="<i4")
    for at, column in enumerate((agreement_no, tariff_no, version, count)):
        words[:, at] = column
    words.view("<i8")[:, LINES_HEADER // 2 :] = amounts
    return Part(bill, words)


@dataclass(frozen=True, slots=True)
class Period:
    """What an agreement's inputs say of time: day ordinals, and the billed days or 0."""

    previous: Ints
    this: Ints
    days: Ints


@dataclass(frozen=True, slots=True)
class Changes:
    """Inputs that change inside the period: which, from when, to what; (rows, changes) each."""

    input: Ints
    day: Ints
    value: Ints


def inputs_part(
    bill: Ints,
    agreement_no: Ints,
    tariff: tuple[int, int],
    period: Period,
    values: Ints,
    changes: Changes | None = None,
) -> Part:
    """The inputs of one agreement of each bill; values: (rows, inputs), as columns hold them."""
    rows, count = values.shape
    n_changes = 0 if changes is None else changes.day.shape[1]
    end = INPUTS_HEADER + 2 * count
    words = np.empty((rows, end + _CHANGE_WORDS * n_changes), dtype="<i4")
    head = (agreement_no, *tariff, count, n_changes, period.previous, period.this, period.days)
    for at, column in enumerate(head):
        words[:, at] = column
    words.view("<i8")[:, INPUTS_HEADER // 2 : end // 2] = values
    if changes is not None:
        tail = words[:, end:].reshape(rows, n_changes, _CHANGE_WORDS)
        tail[:, :, 0], tail[:, :, 1] = changes.input, changes.day
        tail[:, :, 2:] = _as_words(changes.value).reshape(rows, n_changes, 2)
    return Part(bill, words)


def joined(parts: Iterable[Part], bills: int) -> pa.BinaryArray:
    """The packed text of each bill 0..bills-1: its parts in the order of agreements."""
    every = list(parts)
    if len(every) == 1 and np.array_equal(every[0].bill, np.arange(bills)):
        return _texts(np.arange(bills + 1) * every[0].words.shape[1], every[0].words)
    bill = np.concatenate([p.bill for p in every] or [np.zeros(0, dtype=np.int64)])
    agreement = np.concatenate([p.field(0) for p in every] or [np.zeros(0, dtype=np.int64)])
    width = np.concatenate(
        [np.full(len(p.bill), p.words.shape[1]) for p in every] or [np.zeros(0, dtype=np.int64)]
    )
    order = np.lexsort((agreement, bill))
    ends = np.cumsum(width[order])
    start = np.empty_like(width)
    start[order] = ends - width[order]
    text = np.empty(int(width.sum()), dtype="<i4")
    at = 0
    for part in every:
        begins = start[at : at + len(part.bill)]
        text[begins[:, None] + np.arange(part.words.shape[1])] = part.words
        at += len(part.bill)
    per_bill = np.zeros(bills + 1, dtype=np.int64)
    np.add.at(per_bill, bill + 1, width)
    return _texts(np.cumsum(per_bill), text)


def _texts(ends: Ints, words: Words) -> pa.BinaryArray:
    """Words as texts. ends: where each begins and ends in them."""
    buffers = [None, pa.py_buffer((ends * 4).astype("<i4")), pa.py_buffer(words)]
    return pa.BinaryArray.from_buffers(pa.binary(), len(ends) - 1, buffers)


def lines_parts(packed: pa.BinaryArray) -> Iterator[Part]:
    """The parts of packed lines, each of one tariff version."""
    return _parts(packed, LINES_HEADER, _COUNT + 1, lambda head: 2 * head[:, _COUNT])


def inputs_parts(packed: pa.BinaryArray) -> Iterator[Part]:
    """The parts of packed inputs, each of one tariff version and number of changes."""
    return _parts(
        packed,
        INPUTS_HEADER,
        _CHANGES + 1,
        lambda head: 2 * head[:, _COUNT] + _CHANGE_WORDS * head[:, _CHANGES],
    )


def amounts_of(part: Part) -> Ints:
    """The amounts of a part of lines, (rows, lines)."""
    return _as_values(part.words[:, LINES_HEADER:])


def values_of(part: Part) -> Ints:
    """The inputs of a part of inputs, (rows, inputs)."""
    return _as_values(part.words[:, INPUTS_HEADER : INPUTS_HEADER + 2 * _first(part, _COUNT)])


def period_of(part: Part) -> Period:
    """The period of a part of inputs."""
    return Period(*(part.field(at) for at in range(5, INPUTS_HEADER)))


def changes_of(part: Part) -> Changes:
    """The changes of a part of inputs, (rows, changes) each."""
    count = _first(part, _CHANGES)
    begin = part.words.shape[1] - _CHANGE_WORDS * count
    tail = part.words[:, begin:].reshape(len(part.words), count, _CHANGE_WORDS)
    values = _as_values(np.ascontiguousarray(tail[:, :, 2:]).reshape(len(part.words), 2 * count))
    return Changes(tail[:, :, 0].astype(np.int64), tail[:, :, 1].astype(np.int64), values)


def _first(part: Part, at: int) -> int:
    """A word that is the same in every row."""
    return int(part.words[0, at]) if len(part.words) else 0


def _parts(
    packed: pa.BinaryArray, header: int, counted: int, tail: Callable[[Ints], Ints]
) -> Iterator[Part]:
    """counted: the first word of the header that says nothing of width or tariff version."""
    text, begin, end = _text(packed)
    bill = np.arange(len(packed), dtype=np.int64)
    whole = _whole(text, begin, end, header, counted, tail)
    if whole is not None:
        yield Part(bill, whole)
        return
    place = 0
    while len(bill := bill[begin[bill] < end[bill]]):
        _check(begin[bill] + header <= end[bill])
        head = text[begin[bill][:, None] + np.arange(header)]
        width = header + tail(head.astype(np.int64))
        _check((width >= header) & (begin[bill] + width <= end[bill]))
        # Everything in the header but whose part it is decides what its values mean.
        for mine in _alike(head[:, 1:counted]):
            rows, span = bill[mine], int(width[mine[0]])
            yield Part(rows, text[begin[rows][:, None] + np.arange(span)], place)
        begin[bill] += width
        place += 1


def _whole(
    text: Words, begin: Ints, end: Ints, header: int, counted: int, tail: Callable[[Ints], Ints]
) -> Words | None:
    """The words as one table, where each text is one part of one tariff version and width."""
    width = int(end[0] - begin[0]) if len(begin) else 0
    if width < header or (end - begin != width).any():
        return None  # texts follow each other: alike, they are a table
    table = text[begin[0] : end[-1]].reshape(-1, width)
    heads = table[:, 1:counted]
    if header + int(tail(table[:1, :header].astype(np.int64))[0]) != width:
        return None
    return table if (heads == heads[0]).all() else None


def _alike(heads: Words) -> list[npt.NDArray[np.intp]]:
    """The places of rows that are equal, in the order of rows; groups in the order of values."""
    if (heads == heads[0]).all():  # a month mostly has one tariff version for many bills
        return [np.arange(len(heads))]
    order = np.lexsort(heads.T[::-1])
    ordered = heads[order]
    return np.split(order, np.flatnonzero((ordered[1:] != ordered[:-1]).any(axis=1)) + 1)


def _text(packed: pa.BinaryArray) -> tuple[Words, Ints, Ints]:
    """The words of all texts, and where each begins and ends in them."""
    _, offsets, data = packed.buffers()
    borders = np.frombuffer(offsets, dtype="<i4")[packed.offset : packed.offset + len(packed) + 1]
    _check(borders % 4 == 0)
    text = np.frombuffer(data or b"", dtype="u1")
    words = text[: len(text) // 4 * 4].view("<i4")
    borders = borders.astype(np.int64) // 4
    return words, borders[:-1].copy(), borders[1:]


def _check(fits: npt.NDArray[np.bool_]) -> None:
    if not fits.all():
        raise PackedInvalid


def _as_words(values: Ints) -> Words:
    return np.ascontiguousarray(values, dtype="<i8").view("<i4")


def _as_values(words: Words) -> Ints:
    return np.ascontiguousarray(words).view("<i8")
