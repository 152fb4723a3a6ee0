"""Domestic pairs of files as bytes: writing and reading by a definition, the inverse of each other.

What a file says twice (counts, sums) must agree; what is wrong is refused with its line and column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from billcore.core.collections.direct_debit.errors import DebitFieldInvalid
from billcore.core.collections.direct_debit.formats import COLLECTED, DAYS, Column, Pair, Section
from billcore.core.collections.direct_debit.states import Told
from billcore.core.collections.direct_debit.told import Outcome
from billcore.core.errors import quoted
from billcore.core.reconciliation.files.decoding import check_size
from billcore.core.reconciliation.files.errors import FileBroken

DECIMALS = 2
"""Of an amount in major units."""

DIGITS_MAX = 18
"""Of a number, without the zeros before it: 64 bits hold it."""

Value = str | int


@dataclass(frozen=True, slots=True)
class Header:
    """What a request says of itself; days are ordinals."""

    message_id: str
    creditor: str
    day: int
    made: int


@dataclass(frozen=True, slots=True)
class Request:
    """A debit as a request has it. amount: minor units; account: the customer's number."""

    end_to_end_id: str
    amount: int
    name: str
    bank_account: str
    account: str
    umr: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file says: of itself, and in each line, with its number from 1."""

    head: Mapping[str, Value]
    lines: tuple[tuple[int, Mapping[str, Value]], ...]


def write(pair: Pair, header: Header, debits: Sequence[Request]) -> bytes:
    """The request of a batch. Raises DebitFieldInvalid for what its column cannot hold."""
    head = {name: getattr(header, name) for name in ("message_id", "creditor", "day", "made")}
    lines = [
        {name: getattr(one, name) for name in Request.__slots__} | {"day": header.day}
        for one in debits
    ]
    return write_section(pair, pair.request, head, lines)


def read_results(pair: Pair, content: bytes, file: str) -> tuple[str, list[Outcome]]:
    """(message id or '', outcomes) of a bank's answer. Raises FileBroken."""
    found = read_section(pair, pair.result, content, file)
    day = int(found.head.get("day", 0))
    outcomes = []
    for line, told in found.lines:
        code = str(told["code"])
        if code not in pair.codes:
            raise FileBroken(
                file, line, "code", f"{quoted(code)} is not defined.", tuple(pair.codes)
            )
        meant = pair.codes[code]
        collected = meant == COLLECTED
        outcomes.append(
            Outcome(
                line=line,
                end_to_end_id=str(told["end_to_end_id"]),
                told=Told.COLLECTED if collected else Told.REJECTED,
                amount=int(told["amount"]),
                code="" if collected else meant,
                day=int(told.get("day", 0)) or day,
            )
        )
    return str(found.head.get("message_id", "")), outcomes


# -- sections


def write_section(
    pair: Pair, section: Section, head: Mapping[str, Value], lines: Sequence[Mapping[str, Value]]
) -> bytes:
    """A file of these lines; counts and sums are added to what its head says."""
    whole = {**head, **sums(pair, lines)}
    told: list[tuple[tuple[Column, ...], Mapping[str, Value]]] = []
    if section.header:
        told.append((section.header, whole))
    told += [(section.line, one) for one in lines]
    if section.trailer:
        told.append((section.trailer, whole))
    written = [b"".join(_cell(pair, column, one) for column in columns) for columns, one in told]
    return b"".join(line + pair.line_end for line in written)


def sums(pair: Pair, lines: Sequence[Mapping[str, Value]]) -> dict[str, Value]:
    """Counts and sums of lines: of all, and of those that were collected."""
    amounts = [int(one["amount"]) for one in lines]
    paid = [
        int(one["amount"]) for one in lines if pair.codes.get(str(one.get("code"))) == COLLECTED
    ]
    return {
        "count": len(amounts),
        "sum": sum(amounts),
        "collected_count": len(paid),
        "collected_sum": sum(paid),
    }


def read_section(pair: Pair, section: Section, content: bytes, file: str) -> Contents:
    """What a file says. Raises FileBroken."""
    check_size(content, file)
    if not content.endswith(pair.line_end):
        raise FileBroken(file, 0, "line_end", "its last line does not end as the others do.")
    texts = content.split(pair.line_end)[:-1]
    head: dict[str, Value] = {}
    first, last = 0, len(texts)
    if section.header:
        head |= _line(pair, section.header, texts[0], file, 1)
        first = 1
    if section.trailer:
        if len(texts) <= first:
            raise FileBroken(file, len(texts), "trailer", "it is missing.")
        last -= 1
        told = _line(pair, section.trailer, texts[last], file, last + 1)
        _check_twice(file, last + 1, head, told)
        head |= told
    lines = tuple(
        (number + 1, _line(pair, section.line, texts[number], file, number + 1))
        for number in range(first, last)
    )
    _check_sums(file, 1 if section.header else len(texts), head, pair, [one for _, one in lines])
    return Contents(head, lines)


def _check_twice(
    file: str, line: int, head: Mapping[str, Value], told: Mapping[str, Value]
) -> None:
    for name, value in told.items():
        if name in head and head[name] != value:
            raise FileBroken(file, line, name, f"the header has {head[name]}, this {value}.")


def _check_sums(
    file: str,
    line: int,
    head: Mapping[str, Value],
    pair: Pair,
    lines: Sequence[Mapping[str, Value]],
) -> None:
    for name, value in sums(pair, lines).items():
        if name in head and head[name] != value:
            raise FileBroken(file, line, name, f"it tells {head[name]}, the lines come to {value}.")


# -- cells


def _cell(pair: Pair, column: Column, told: Mapping[str, Value]) -> bytes:
    text = _text(pair, column, told)
    try:
        encoded = text.encode(pair.encoding)
    except UnicodeEncodeError:
        raise _unfit(column, told, f"it cannot be written in {pair.encoding}") from None
    if len(encoded) > column.width and column.field == "name":
        while len(encoded) > column.width:
            text = text[:-1]
            encoded = text.rstrip().encode(pair.encoding)
    if len(encoded) > column.width:
        raise _unfit(column, told, f"it has {len(encoded)} bytes, its column {column.width}")
    pad = column.pad.encode()
    return encoded.rjust(column.width, pad) if column.right else encoded.ljust(column.width, pad)


def _unfit(column: Column, told: Mapping[str, Value], message: str) -> DebitFieldInvalid:
    which = told.get("end_to_end_id", "the header")
    return DebitFieldInvalid(column.field, f"{message}, of {which}.")


def _text(pair: Pair, column: Column, told: Mapping[str, Value]) -> str:
    if column.field in ("constant", "skip"):
        return column.text
    value = told[column.field]
    if column.field in DAYS:
        return date.fromordinal(int(value)).strftime("%Y%m%d")
    if column.field in ("amount", "sum", "collected_sum") and not pair.minor:
        digits = f"{value:0{DECIMALS + 1}d}"
        return f"{digits[:-DECIMALS]}.{digits[-DECIMALS:]}"
    return str(value).strip()


def _line(
    pair: Pair, columns: Sequence[Column], content: bytes, file: str, line: int
) -> dict[str, Value]:
    width = sum(column.width for column in columns)
    if len(content) != width:
        raise FileBroken(file, line, "line", f"it has {len(content)} bytes, not {width}.")
    found: dict[str, Value] = {}
    at = 0
    for column in columns:
        cell = content[at : at + column.width]
        at += column.width
        if column.field != "skip":
            value = _value(pair, column, cell, file, line)
            if column.field != "constant":
                found[column.field] = value
    return found


def _value(pair: Pair, column: Column, cell: bytes, file: str, line: int) -> Value:
    try:
        text = cell.decode(pair.encoding)
    except UnicodeDecodeError:
        message = f"its bytes are no characters of {pair.encoding}."
        raise FileBroken(file, line, column.field, message) from None
    plain = text.strip(" ")
    match column.field:
        case "constant":
            if plain != column.text:
                allowed = (column.text,)
                raise FileBroken(file, line, "constant", f"{quoted(plain)} stands here.", allowed)
            return plain
        case "day" | "made":
            return _day(plain, column, file, line)
        case "count" | "collected_count":
            return _number(plain, column, file, line)
        case "amount" | "sum" | "collected_sum":
            return _amount(pair, plain, column, file, line)
    if not plain.isprintable():
        raise FileBroken(file, line, column.field, "it has characters that cannot be printed.")
    return plain


def _day(text: str, column: Column, file: str, line: int) -> int:
    try:
        if len(text) == len("YYYYMMDD") and text.isascii() and text.isdigit():
            return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()
    except ValueError:
        pass
    raise FileBroken(file, line, column.field, f"{quoted(text)} is no day: write it as 20260331.")


def _number(text: str, column: Column, file: str, line: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text.lstrip("0")) <= DIGITS_MAX):
        raise FileBroken(file, line, column.field, f"{quoted(text)} is not a whole number.")
    return int(text)


def _amount(pair: Pair, text: str, column: Column, file: str, line: int) -> int:
    if pair.minor:
        return _number(text, column, file, line)
    whole, mark, decimals = text.partition(".")
    if mark != "." or len(decimals) != DECIMALS:
        message = f"{quoted(text)} has not {DECIMALS} decimals behind a point."
        raise FileBroken(file, line, column.field, message)
    return _number(whole + decimals, column, file, line)
