"""A tariff for the eyes of an analyst: inputs, what is in force, lines, programs."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from billcore.core.calendar import Calendar
from billcore.core.errors import DateInvalid
from billcore.core.money import exact_text
from billcore.core.rating import rate as rating
from billcore.core.tariff.language.analysis import cell_text, percentages
from billcore.core.tariff.language.document import (
    Document,
    Form,
    InputSpec,
    Is,
    Limit,
    Line,
    Members,
    Percent,
    State,
    Sum,
    Tiers,
    Version,
)
from billcore.core.tariff.language.expression import figure_text
from billcore.core.tariff.program.scope import Variant
from billcore.core.tariff.tariff import Tariff, proof_shapes


def day_of(text: str) -> int:
    """A date in either calendar; no year is a year of both."""
    try:
        return Calendar.GREGORIAN.parse(text)
    except DateInvalid as error:
        try:
            return Calendar.JALALI.parse(text)
        except DateInvalid:
            raise error from None


def outline(tariff: Tariff, day: int | None) -> Iterator[RenderableType]:
    """The whole document, or what of it is in force on a day."""
    document = tariff.document
    yield Text(f"{document.id}  {_label(document.label)}", style="bold")
    yield Text(
        f"provider {document.provider or '-'}, service {', '.join(document.services) or '-'}, "
        f"{document.currency} with {document.digits} decimals, {document.calendar.value} calendar"
    )
    yield Text(f"hash {document.hash}", style="dim")
    yield _inputs(document)
    for version in _versions(document, day):
        yield _version(document, version)
    if document.values:
        values = ((v.name, form(document, v.form)) for v in document.values.values())
        yield _table("values", ("name", "is"), values)
    yield _lines(document)
    yield Text(f"total: {_total(document)}")
    if document.states:
        yield _states(document)


def _table(title: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _label(label: dict[str, str]) -> str:
    return label.get("en") or label.get("") or next(iter(label.values()), "")


def _inputs(document: Document) -> Table:
    heads = ("input", "kind", "unit", "decimals", "from", "to", "per", "default")
    return _table("inputs", heads, (_input(spec) for spec in document.inputs.values()))


def _input(spec: InputSpec) -> tuple[str, ...]:
    default = "" if spec.default is None else str(spec.default)
    words = " | ".join(spec.oneof)
    limits = (words, "") if words else (exact_text(spec.lo), exact_text(spec.hi))
    per = "segment" if spec.per_segment else "bill"
    return (spec.name, spec.kind.value, spec.unit, str(spec.decimals), *limits, per, default)


def _versions(document: Document, day: int | None) -> Iterable[Version]:
    if day is None:
        return document.versions
    found = document.version_on(day)
    return () if found is None else (document.versions[found],)


def _version(document: Document, version: Version) -> Table:
    show = document.calendar.format
    until = "" if version.end is None else f" until {show(version.end)}"
    number = document.versions.index(version)
    cells = [(name, document.cell(number, name)) for name in document.parameters()]
    rows = ((name, _cell(cell_text(cell))) for name, cell in cells if cell is not None)
    return _table(f"from {show(version.start)}{until}", ("parameter", "value"), rows)


def _cell(cell: object) -> str:
    if isinstance(cell, dict):
        return ", ".join(f"{key}: {_cell(value)}" for key, value in cell.items())
    if isinstance(cell, list):
        return "\n".join(_row(*row) for row in cell)
    return str(cell)


def _row(bound: object, inclusive: bool, reprice: bool, cells: object) -> str:
    word = "upto" if inclusive else "below"
    where = "rest" if bound is None else f"{word} {_cell(bound)}"
    return f"{where}: {_cell(cells)}{', reprices' if reprice else ''}"


def _lines(document: Document) -> Table:
    heads = ("line", "label", "is", "when", "rounded")
    return _table("lines", heads, (_line(document, line) for line in document.lines))


def _line(document: Document, line: Line) -> tuple[str, ...]:
    note = "" if line.counts else " (info)"
    when = line.when.text if line.when else ""
    is_ = form(document, line.form)
    return line.id + note, _label(line.label), is_, when, str(line.rounding or "")


def form(document: Document, found: Form) -> str:
    """A form in one line."""
    match found:
        case Is():
            return found.formula.text
        case Tiers():
            scale = f" scaled by {found.scale.text}" if found.scale else ""
            return f"tiers of {found.of.text} by {found.by.text}{scale}"
        case Percent():
            rate = _rate(found.rate.text, percentages(document, found))
            return f"{rate} of {_members(found.members)} ({found.basis.value})"
        case Sum():
            return f"sum of {_members(found.members)} ({found.basis.value})"
        case Limit():
            word = "at least" if found.lowest else "at most"
            return f"{word} {found.limit.text} for {_members(found.members)}"


def _rate(text: str, percentages: Iterable[Fraction]) -> str:
    """A rate as the document writes it, and what it comes to: vat_rate = 10 %."""
    found = ", ".join(f"{figure_text(100 * p)} %" for p in dict.fromkeys(percentages))
    return f"{text} = {found}" if found else text


def _members(members: Members) -> str:
    return ", ".join(members.names)


def _total(document: Document) -> str:
    total = document.total
    parts = [f"sum of {_members(total.members)}"] if total.members else []
    limits = (("", total.formula), ("at least ", total.at_least), ("at most ", total.at_most))
    parts += [f"{word}{formula.text}" for word, formula in limits if formula is not None]
    parts += [f"rounded {total.rounding}"] if total.rounding else []
    parts += [f"the rest is carried in {total.carry}"] if total.carry else []
    return ", ".join(parts)


def _states(document: Document) -> Table:
    rows = (_state(state) for state in document.states.values())
    return _table("state", ("name", "entries", "next", "resets"), rows)


def _state(state: State) -> tuple[str, ...]:
    step = state.next or state.push
    return state.name, str(state.history or ""), step.text if step else "", state.resets or ""


# -- programs


def programs(tariff: Tariff, day: int | None) -> Iterator[RenderableType]:
    """The program of every kind of bill with one segment: its path, its limits, its steps."""
    names = ("total", *rating.line_names(tariff))
    for shape in dict.fromkeys(proof_shapes(tariff.document)):
        whole = len(shape) == tariff.document.period.cut
        if not whole or not _on(tariff.document, shape[0], day):
            continue
        native = tariff.program(shape, names).native
        yield Text(f"{_variant(tariff.document, shape[0])}: {native.path} path", style="bold")
        if native.fast_limits is not None:
            limits = zip(native.inputs, native.fast_limits, strict=True)
            text = ", ".join(f"{i.name} {lo}..{hi}" for i, (lo, hi) in limits)
            yield Text(f"fast within {text}", style="dim")
        yield Text(native.listing())


def _on(document: Document, variant: Variant, day: int | None) -> bool:
    return day is None or document.version_on(day) == variant.version


def _variant(document: Document, variant: Variant) -> str:
    start = document.calendar.format(document.versions[variant.version].start)
    parts = [f"version from {start}", *([f"season {variant.season}"] if variant.season else [])]
    parts += [f"{name} {value}" for name, value in variant.choices]
    parts += ["states reset"] if variant.resets else []
    return ", ".join(parts)
