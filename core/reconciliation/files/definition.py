"""Definitions of reports: what a channel's report looks like, as a document that people write.

    format: city-bank
    encoding: cp1251
    separator: semicolon
    time_zone: Asia/Novosibirsk
    header: ["#FILESUM {sum}"]
    columns:
      - {is: reference}
      - {is: at, form: DD.MM.YYYY hh:mm:ss}
      - {is: target}
      - {is: amount}

The keys are in docs/reconciliation.md. Findings are located as those of tariffs.
"""

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from billcore.core.errors import TariffInvalid
from billcore.core.reconciliation.files.errors import ReportFormatInvalid
from billcore.core.reconciliation.files.forms import LineForm, TimeForm, line_form, time_form
from billcore.core.reconciliation.files.lines import LineKind
from billcore.core.tariff.language.reading import Reader
from billcore.core.tariff.language.source import Mapping, Node, Place, Scalar, Sequence, parse

COLUMNS_MAX = 100
"""A report has at most so many columns."""

LINES_MAX = 20
"""Before and behind the payments there are at most so many lines."""

KEYS = (
    "format title encoding separator quote decimal_mark thousands_mark time_zone names "
    "header trailer columns"
).split()

FIELDS = ("reference day time at target amount fee kind terminal batch text value_day skip").split()
"""What a column may be; `at` is a day and a time in one, `skip` is read and not kept."""

NEEDED = ("reference", "target", "amount")

COLUMN_KEYS = "is name form unit negative values optional".split()

ENCODINGS = (
    "utf-8 ascii cp1250 cp1251 cp1252 cp1256 cp1258 cp866 koi8-r latin-1 utf-16 gb18030"
).split()

SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
QUOTES = {"none": "", "double": '"', "single": "'"}
MARKS = {"point": ".", "comma": ","}
THOUSANDS = {"none": "", "space": " ", "point": ".", "comma": ",", "apostrophe": "'"}
UNITS = ("major", "minor")
KINDS = {"payment": LineKind.PAYMENT, "reversal": LineKind.REVERSAL}
NEGATIVES = ("refused", "reversal")
TIMED = ("day", "time", "at", "value_day")


@dataclass(frozen=True, slots=True)
class Field:
    """A column. forms: of days and times; optional: a file that names its columns may lack it;
    minor: an amount tells minor units.

    negative_reverses: an amount below 0 is that of a reversal. kinds: by the word in the file.
    """

    field: str
    name: str
    forms: tuple[TimeForm, ...] = ()
    optional: bool = False
    minor: bool = False
    negative_reverses: bool = False
    kinds: tuple[tuple[str, LineKind], ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A checked definition. names: the first line behind the header names the columns."""

    format: str
    title: str
    encoding: str
    separator: str
    quote: str
    decimal_mark: str
    thousands_mark: str
    time_zone: str
    names: bool
    header: tuple[LineForm, ...]
    trailer: tuple[LineForm, ...]
    columns: tuple[Field, ...]
    text: str

    def column(self, field: str) -> Field | None:
        """The column of a field."""
        return next((one for one in self.columns if one.field == field), None)


@lru_cache(maxsize=200)
def read_definition(text: str, file: str = "<definition>") -> Definition:
    """A definition of its text. Raises ReportFormatInvalid with every finding."""
    try:
        tree = parse(text, file, "format")
    except TariffInvalid as error:
        raise ReportFormatInvalid(error.findings) from None
    reader = _DefinitionReader()
    made = reader.definition(tree, text)
    if reader.findings or made is None:
        raise ReportFormatInvalid(reader.findings)
    return made


class _DefinitionReader(Reader):
    """Collects findings; every reader returns a default where it notes one."""

    def definition(self, tree: Mapping, text: str) -> Definition | None:
        self.keys(tree, KEYS, "a report")
        name = self.text(self.require(tree, "format", "a format"), "format") or ""
        if name and not name.replace("-", "").replace("_", "").isalnum():
            self.refuse(tree.place, "NAME", "format is letters, digits, - and _.")
        decimal_mark = self.chosen(tree, "decimal_mark", MARKS, "point")
        thousands_mark = self.chosen(tree, "thousands_mark", THOUSANDS, "none")
        if decimal_mark == thousands_mark:
            place = tree.keys.get("thousands_mark", tree.place)
            self.refuse(place, "MARK", "thousands and decimals have the same mark.")
        names = self.yes(tree.get("names"), "names")
        columns = self.columns(tree, names)
        return Definition(
            format=name,
            title=self.text(tree.get("title"), "title") or "",
            encoding=self.encoding(tree.get("encoding")),
            separator=self.separator(tree.get("separator")),
            quote=self.chosen(tree, "quote", QUOTES, "none"),
            decimal_mark=decimal_mark,
            thousands_mark=thousands_mark,
            time_zone=self.time_zone(tree),
            names=names,
            header=self.lines(tree, "header"),
            trailer=self.lines(tree, "trailer"),
            columns=columns,
            text=text,
        )

    def chosen(self, tree: Mapping, key: str, known: dict[str, str], default: str) -> str:
        """What a word of a few stands for."""
        return known[self.word(tree.get(key), key, known) or default]

    def encoding(self, node: Node | None) -> str:
        found = self.word(node, "encoding", ENCODINGS) or "utf-8"
        return codecs.lookup(found).name

    def separator(self, node: Node | None) -> str:
        """A word of SEPARATORS, or a sign."""
        text = self.text(node, "separator") or "comma"
        if text in SEPARATORS:
            return SEPARATORS[text]
        if node is not None and (len(text) != 1 or not text.isascii() or text.isalnum()):
            message = f"separator cannot be {text!r}: it is a sign or a word."
            self.refuse(node.place, "NOT_ALLOWED", message, SEPARATORS)
        return text

    def time_zone(self, tree: Mapping) -> str:
        name = self.text(self.require(tree, "time_zone", "a report"), "time_zone") or "UTC"
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            message = f"{name!r} is no time zone: write one as Europe/Moscow."
            self.refuse(tree.keys["time_zone"], "TIME_ZONE", message)
            return "UTC"
        return name

    def lines(self, tree: Mapping, key: str) -> tuple[LineForm, ...]:
        node = tree.get(key)
        given: Iterable[Node]
        given = (node,) if isinstance(node, Scalar) else self.sequence(node, key) or ()
        forms = [self.parsed(one, key, line_form) for one in given]
        if len(forms) > LINES_MAX:
            self.refuse(tree.keys[key], "TOO_MANY", f"{key} has at most {LINES_MAX} lines.")
        return tuple(form for form in forms if form)

    # -- columns

    def columns(self, tree: Mapping, names: bool) -> tuple[Field, ...]:
        listed = self.sequence(self.require(tree, "columns", "a report"), "columns")
        if listed is None:
            return ()
        if not 1 <= len(listed) <= COLUMNS_MAX:
            message = f"a report has 1 to {COLUMNS_MAX} columns."
            self.refuse(listed.place, "TOO_MANY", message)
        found = [self.column(one, names) for one in self.mappings(listed, "a column")]
        self.check_columns(listed.place, [one.field for one in found])
        self.check_kinds(tree, found)
        return tuple(found)

    def column(self, spec: Mapping, names: bool) -> Field:
        self.keys(spec, COLUMN_KEYS, "a column")
        field = self.word(self.require(spec, "is", "a column"), "is", FIELDS) or "skip"
        name = self.text(spec.get("name"), "name") or ""
        if names and not name:
            message = "where the file names its columns, each column has 'name'."
            self.refuse(spec.place, "MISSING_KEY", message, ("name",))
        for key, fields in (
            ("form", TIMED),
            ("unit", ("amount", "fee")),
            ("negative", ("amount",)),
            ("values", ("kind",)),
        ):
            if spec.get(key) is not None and field not in fields:
                self.refuse(spec.keys[key], "UNKNOWN_KEY", f"{field} has no {key}.", fields)
        unit = self.word(spec.get("unit"), "unit", UNITS)
        negative = self.word(spec.get("negative"), "negative", NEGATIVES)
        return Field(
            field,
            name,
            self.forms(spec, field),
            optional=self.optional(spec, field, names),
            minor=unit == "minor",
            negative_reverses=negative == "reversal",
            kinds=self.kinds(spec) if field == "kind" else (),
        )

    def optional(self, spec: Mapping, field: str, names: bool) -> bool:
        """Only what is found by its name and is not needed can be missing."""
        asked = self.yes(spec.get("optional"), "optional")
        if asked and (not names or field in (*NEEDED, "day", "at", "kind")):
            self.refuse(spec.keys["optional"], "NOT_ALLOWED", f"{field} is not optional here.")
        return asked

    def forms(self, spec: Mapping, field: str) -> tuple[TimeForm, ...]:
        """The forms of a day or time, each of a shape of its own."""
        if field not in TIMED:
            return ()
        node = self.require(spec, "form", field)
        given = node if isinstance(node, Sequence) else (node,) if node else ()
        found = [form for one in given if (form := self.parsed(one, "form", time_form))]
        parts = {"day": ("DD",), "value_day": ("DD",), "time": ("hh",), "at": ("DD", "hh")}[field]
        for form in found:
            if not form.has(*parts) or (field != "at" and form.has("DD", "hh")):
                message = f"{form.text!r} does not tell what {field} is."
                self.refuse(spec.keys["form"], "FORM", message)
        if len({form.shape for form in found}) < len(found):
            self.refuse(spec.keys["form"], "FORM", "two forms look the same: keep one of them.")
        return tuple(found)

    def kinds(self, spec: Mapping) -> tuple[tuple[str, LineKind], ...]:
        values = self.mapping(self.require(spec, "values", "kind"), "values")
        found = []
        for word, node in values or ():
            kind = self.word(node, f"values.{word}", KINDS)
            if kind:
                found.append((word, KINDS[kind]))
        return tuple(found)

    def check_columns(self, place: Place, fields: list[str]) -> None:
        twice = {one for one in fields if one != "skip" and fields.count(one) > 1}
        for one in sorted(twice):
            self.refuse(place, "DUPLICATE_COLUMN", f"two columns are {one}.")
        for one in NEEDED:
            if one not in fields:
                self.refuse(place, "MISSING_COLUMN", f"a report has a column that is {one}.")
        days = [one for one in ("day", "at") if one in fields]
        if len(days) != 1 or ("at" in fields and "time" in fields):
            message = "a report tells when: by day, by day and time, or by at."
            self.refuse(place, "MISSING_COLUMN", message)

    def check_kinds(self, tree: Mapping, columns: list[Field]) -> None:
        signed = any(one.negative_reverses for one in columns)
        if signed and any(one.field == "kind" for one in columns):
            message = "a reversal is told by its kind or by its sign, not by both."
            self.refuse(tree.keys["columns"], "KIND", message)
