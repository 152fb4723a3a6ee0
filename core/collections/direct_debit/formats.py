"""Definitions of domestic pairs of files: how a batch looks that goes to a bank, and what it
answers; documents that people write, located where they are wrong.

    format: bank-link
    encoding: gb18030
    line_end: crlf
    amounts: minor
    request: {header: [...], line: [{is: end_to_end_id, width: 20}, ...], trailer: [...]}
    result: {line: [...]}
    codes: {"0000": collected, "0001": AM04}

Widths count bytes of the encoding. The keys are in docs/direct-debit.md.
"""

import codecs
from collections.abc import Mapping as Map
from dataclasses import dataclass
from functools import lru_cache

from billcore.core.accounts.definitions import Definitions
from billcore.core.collections.direct_debit.errors import DebitFormatInvalid, DebitFormatUnknown
from billcore.core.collections.direct_debit.reasons import REASONS
from billcore.core.errors import TariffInvalid
from billcore.core.store.kept import DEBIT_FORMATS
from billcore.core.tariff.language.reading import Reader
from billcore.core.tariff.language.source import Mapping, Place, parse

KEYS = "format title encoding line_end amounts request result codes".split()
SECTION_KEYS = "header line trailer".split()
COLUMN_KEYS = "is width pad align text".split()

ENCODINGS = "gb18030 utf-8 ascii latin-1 cp1251".split()
LINE_ENDS = {"lf": b"\n", "crlf": b"\r\n"}
PADS = {"space": " ", "zero": "0"}
ALIGNS = ("left", "right")
AMOUNTS = ("minor", "major")

HEAD_FIELDS = (
    "constant skip message_id creditor day made count sum collected_count collected_sum"
).split()
LINE_FIELDS = "constant skip end_to_end_id account name bank_account umr amount code day".split()
NUMBERS = "count sum collected_count collected_sum amount".split()
DAYS = "day made".split()
DAY_WIDTH = 8
"""A day is YYYYMMDD."""

NEEDED = {
    "request": ("end_to_end_id", "bank_account", "amount"),
    "result": ("end_to_end_id", "amount", "code"),
}

WIDTH_MAX = 200
COLUMNS_MAX = 60
COLLECTED = "collected"


@dataclass(frozen=True, slots=True)
class Column:
    """Some bytes of a line. text: of a constant."""

    field: str
    width: int
    pad: str = " "
    right: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One of the two files: a header line or none, lines, a trailer line or none."""

    name: str
    header: tuple[Column, ...]
    line: tuple[Column, ...]
    trailer: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A checked definition. minor: amounts are minor units, else they have a point.

    codes: what a bank's code says: COLLECTED, or a code of `reasons`.
    """

    format: str
    title: str
    encoding: str
    line_end: bytes
    minor: bool
    request: Section
    result: Section
    codes: Map[str, str]
    text: str


@lru_cache(maxsize=200)
def read_pair(text: str, file: str = "<definition>") -> Pair:
    """A definition of its text. Raises DebitFormatInvalid with every finding."""
    try:
        tree = parse(text, file, "format")
    except TariffInvalid as error:
        raise DebitFormatInvalid(error.findings) from None
    reader = _PairReader()
    made = reader.pair(tree, text)
    if reader.findings:
        raise DebitFormatInvalid(reader.findings)
    return made


class _PairReader(Reader):
    """Collects findings; every reader returns a default where it notes one."""

    def pair(self, tree: Mapping, text: str) -> Pair:
        self.keys(tree, KEYS, "a pair of files")
        name = self.text(self.require(tree, "format", "a pair of files"), "format") or ""
        if name and not name.replace("-", "").replace("_", "").isalnum():
            self.refuse(tree.place, "NAME", "format is letters, digits, - and _.")
        encoding = self.word(tree.get("encoding"), "encoding", ENCODINGS) or "utf-8"
        line_end = self.word(tree.get("line_end"), "line_end", LINE_ENDS) or "lf"
        return Pair(
            format=name,
            title=self.text(tree.get("title"), "title") or "",
            encoding=codecs.lookup(encoding).name,
            line_end=LINE_ENDS[line_end],
            minor=self.word(tree.get("amounts"), "amounts", AMOUNTS) != "major",
            request=self.section(tree, "request"),
            result=self.section(tree, "result"),
            codes=self.codes(tree),
            text=text,
        )

    def section(self, tree: Mapping, key: str) -> Section:
        spec = self.mapping(self.require(tree, key, "a pair of files"), key)
        if spec is None:
            return Section(key, (), (), ())
        self.keys(spec, SECTION_KEYS, key)
        self.require(spec, "line", key)
        line = self.columns(spec, "line", LINE_FIELDS)
        for field in NEEDED[key]:
            if field not in [one.field for one in line]:
                message = f"a line of the {key} has a column that is {field}."
                self.refuse(spec.place, "MISSING_COLUMN", message)
        header, trailer = (self.columns(spec, name, HEAD_FIELDS) for name in ("header", "trailer"))
        marks = [(one[0].field, one[0].text) for one in (header, line, trailer) if one]
        if len(set(marks)) < len(marks) or (
            (header or trailer) and any(field != "constant" for field, _ in marks)
        ):
            message = "header, line and trailer begin with a constant of their own each."
            self.refuse(spec.place, "MARK", message)
        return Section(key, header, line, trailer)

    def columns(self, spec: Mapping, key: str, fields: list[str]) -> tuple[Column, ...]:
        listed = self.sequence(spec.get(key), key)
        if listed is None:
            return ()
        if not 1 <= len(listed) <= COLUMNS_MAX:
            self.refuse(listed.place, "TOO_MANY", f"{key} has 1 to {COLUMNS_MAX} columns.")
        found = tuple(self.column(one, fields) for one in self.mappings(listed, "a column"))
        names = [one.field for one in found if one.field not in ("constant", "skip")]
        for twice in sorted({one for one in names if names.count(one) > 1}):
            self.refuse(listed.place, "DUPLICATE_COLUMN", f"two columns are {twice}.")
        return found

    def column(self, spec: Mapping, fields: list[str]) -> Column:
        self.keys(spec, COLUMN_KEYS, "a column")
        field = self.word(self.require(spec, "is", "a column"), "is", fields) or "skip"
        node = self.require(spec, "width", "a column")
        width = self.integer(node, "width", 1, WIDTH_MAX) or 1
        pad = PADS[self.word(spec.get("pad"), "pad", PADS) or "space"]
        right = self.word(spec.get("align"), "align", ALIGNS) == "right"
        text = self.text(spec.get("text"), "text") or ""
        place = spec.place
        if (field == "constant") != bool(text):
            self.refuse(place, "CONSTANT", "a constant has 'text', and nothing else has.")
        if len(text) > width or not text.isascii():
            self.refuse(place, "CONSTANT", "a constant is ASCII and fits its width.")
        if pad == "0" and (not right or field not in NUMBERS):
            self.refuse(place, "PAD", "zeros stand before numbers that are aligned right.")
        if field in DAYS:
            self.check_day(place, width)
        return Column(field, width, pad, right, text)

    def check_day(self, place: Place, width: int) -> None:
        if width != DAY_WIDTH:
            self.refuse(place, "WIDTH", f"a day is YYYYMMDD and has width {DAY_WIDTH}.")

    def codes(self, tree: Mapping) -> Map[str, str]:
        spec = self.mapping(self.require(tree, "codes", "a pair of files"), "codes")
        allowed = (COLLECTED, *REASONS)
        found = {
            code: self.word(node, f"codes.{code}", allowed) or COLLECTED
            for code, node in spec or ()
        }
        if spec is not None and COLLECTED not in found.values():
            self.refuse(spec.place, "CODES", "one code at least says collected.")
        return found


PAIRS: Definitions[Pair] = Definitions(
    kind="debit format",
    read=read_pair,
    unknown=DebitFormatUnknown,
    package="billcore.core.collections.direct_debit",
    folder="debit_formats",
    table=DEBIT_FORMATS,
)
"""Those that are shipped, and a provider's own, which go first."""
