"""Pages as fixed-width text: 32 columns on paper of 58 mm, 48 on 80 mm.

Columns are those of a terminal or printer: a wide character takes two, a mark that joins or turns
none. A line is in logical order; in a language that runs from right to left it begins with a mark
that says so, and numbers and codes in it are isolated (`wording`), so that whatever shows it turns
the same runs around.
"""

import re
from collections.abc import Iterator

from wcwidth import iter_graphemes, wcswidth

from billcore.core.documents.blocks import Head, Mark, Page, Pair, Qr, Rows, Rule, Title
from billcore.core.documents.wording import LRI, MARKS, PDI, RLM

COLUMNS = {"text58": 32, "text80": 48}
"""Columns by the name of the format."""

CLOSING = "，。、；：！？）」』】》,.;:!?)]}"
"""These do not begin a line."""


def as_text(page: Page, columns: int) -> str:
    """A page as lines of at most so many columns, each ended by a line feed."""
    found: list[str] = []
    for block in page.blocks:
        match block:
            case Title(text, small):
                found += _centred(text if small else text.upper(), columns)
            case Mark(text):
                found += _marked(text, columns)
            case Head(text):
                found += _centred(text, columns)
            case Pair(label, value):
                found += _pair(label, value, columns)
            case Rows():
                found += _rows(block, columns)
            case Rule():
                if found and found[-1] != "-" * columns:
                    found.append("-" * columns)
            case Qr():
                pass  # text has none: what it says stands beside it
    mark = RLM if page.rtl else ""
    return "".join(f"{mark}{line}".rstrip(" ") + "\n" for line in found)


def width(text: str) -> int:
    """The columns that a text takes."""
    return max(int(wcswidth(text.translate(MARKS))), 0)


def _centred(text: str, columns: int) -> Iterator[str]:
    for line in wrapped(text, columns):
        yield " " * ((columns - width(line)) // 2) + line


def _marked(text: str, columns: int) -> Iterator[str]:
    for line in wrapped(text, columns - 8):
        stars = "*" * ((columns - width(line) - 2) // 2)
        yield f"{stars} {line} {stars}"


def _pair(label: str, value: str, columns: int) -> Iterator[str]:
    """On one line where both fit, else the value below, at the other side."""
    room = columns - width(label) - width(value)
    if room >= 1 or not value:
        yield label + " " * max(room, 0) + value
        return
    yield from wrapped(label, columns)
    for line in wrapped(value, columns):
        yield " " * (columns - width(line)) + line


def _rows(block: Rows, columns: int) -> Iterator[str]:
    """A row is its texts and its number; two numbers have a line of their own."""
    for row in (block.header, *block.rows):
        texts, numbers = row[: -block.numbers], row[-block.numbers :]
        if block.numbers == 1:
            yield from _pair("  ".join(texts), numbers[0], columns)
            continue
        yield from wrapped("  ".join(texts), columns)
        yield from _shared(numbers, columns)


def _shared(numbers: tuple[str, ...], columns: int) -> Iterator[str]:
    """Numbers, each at the end of its share of a line; on lines of their own if one is longer."""
    share = columns // len(numbers)
    if any(width(number) >= share for number in numbers):
        for number in numbers:
            yield from (" " * (columns - width(line)) + line for line in wrapped(number, columns))
        return
    yield "".join(" " * (share - width(number)) + number for number in numbers)


def wrapped(text: str, columns: int) -> list[str]:
    """A text in lines of at most so many columns, broken between words or wide characters."""
    lines, line = [], ""
    for piece in _pieces(text, columns):
        if line and width(line + piece.rstrip(" ")) > columns:
            lines.append(line.rstrip(" "))
            line = piece.lstrip(" ")
        else:
            line += piece
    return [*lines, line.rstrip(" ")]


def _pieces(text: str, columns: int) -> Iterator[str]:
    """What is not broken, each with the spaces before it."""
    for word in re.findall(r" *[^ ]+", text):
        isolated = LRI in word or PDI in word
        if isolated and width(word) <= columns:
            yield word
            continue
        piece = ""
        for cluster in iter_graphemes(word):
            breaks = width(cluster) == 2 or width(piece[-1:]) == 2
            full = width(piece + cluster) > columns
            if piece.strip(" ") and (full or (breaks and cluster not in CLOSING)):
                yield piece
                piece = ""
            piece += cluster
        yield piece
