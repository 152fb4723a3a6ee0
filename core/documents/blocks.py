"""What a page consists of, from top to bottom, whatever it is printed on."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Title:
    """The name of the document, or of who sends it."""

    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What nobody may overlook."""

    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value. number: the value is one, and stands below the numbers of tables."""

    label: str
    value: str
    strong: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: the last `numbers` columns are numbers. Every row has as many cells as `header`."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, and what it is for."""

    payload: str
    caption: str


Block = Title | Mark | Pair | Head | Rows | Rule | Qr


@dataclass(frozen=True, slots=True)
class Page:
    """A document laid out. title: for the file's own description."""

    title: str
    language: str
    rtl: bool
    blocks: tuple[Block, ...] = field(default=())
