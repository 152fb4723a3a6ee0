"""Static checks of a document: names, kinds of value, units, parts against levels.

Every fault is found when the document is loaded; `check` returns what the engines
need to know of sorts.
"""

from itertools import chain, combinations

from billcore.core.errors import TariffInvalid
from billcore.core.tariff.checks.faults import Findings
from billcore.core.tariff.checks.infer import Formulas
from billcore.core.tariff.checks.lines import LineSorts
from billcore.core.tariff.checks.sorts import Analysis
from billcore.core.tariff.language.analysis import (
    around,
    columns_used,
    dated_seasons,
    names_used,
    next_day,
    season_days,
    splits,
)
from billcore.core.tariff.language.document import (
    Cell,
    Document,
    Is,
    Limit,
    Line,
    Members,
    Percent,
    Record,
    Rows,
    Sum,
    Tiers,
    table_rows,
)
from billcore.core.tariff.language.expression import choice_word, constant, figure_text
from billcore.core.tariff.language.source import Place

__all__ = ["Analysis", "check", "choice_word"]


def check(document: Document) -> Analysis:
    """The analysis of a document. Raises TariffInvalid with every finding."""
    findings = Findings()
    analysis = Analysis(splits(document).any)
    _check(document, analysis, findings)
    if findings.found:
        unique = list(dict.fromkeys(findings.found))
        raise TariffInvalid(sorted(unique, key=lambda f: (f.line, f.column)))
    return analysis


def _check(document: Document, analysis: Analysis, findings: Findings) -> None:
    """Names first, then version by version; stops where later faults would only follow."""
    _names_once(document, findings)
    _period(document, findings)
    _seasons(document, findings)
    _members_known(document, findings)
    for number, version in enumerate(document.versions):
        if findings.found:
            return
        since = document.calendar.format(version.start)
        findings.remark = f" This is with the prices from {since}." if number else ""
        _version(document, analysis, findings, number)
    findings.remark = ""
    if not findings.found:
        _all_used(document, findings)


# -- names


def _names_once(document: Document, findings: Findings) -> None:
    """No two things of a document have one name; lines may share a group."""
    first = dict.fromkeys(document.parameters(), "parameter")
    for name, what, place in _named(document):
        if name in first and (first[name], what) != ("group", "group"):
            message = f"The {what} '{name}' is already a {first[name]}."
            findings.refuse(place, "DUPLICATE_NAME", message)
        if name == document.period.named:
            message = f"'{name}' already names the parts of the period."
            findings.refuse(place, "DUPLICATE_NAME", message)
        first.setdefault(name, what)


def _named(document: Document) -> list[tuple[str, str, Place]]:
    """(name, what it names, where) of all but the parameters."""
    found = [(n, "input", i.place) for n, i in document.inputs.items()]
    found += [(n, "value", v.place) for n, v in document.values.items()]
    found += [(x.id, "line", x.place) for x in document.lines]
    found += [(n, "state", s.place) for n, s in document.states.items()]
    found += [(g, "group", x.place) for x in document.lines for g in x.groups]
    if document.total.carry:
        found.append((document.total.carry, "state", document.total.place))
    return found


def _members_known(document: Document, findings: Findings) -> None:
    for position, line in enumerate(document.lines):
        if isinstance(line.form, Percent | Sum | Limit):
            _members(document, line.form.members, position, line, findings)
    if document.total.members is not None:
        _members(document, document.total.members, len(document.lines), None, findings)
    for value in document.values.values():
        if not isinstance(value.form, Is | Tiers):
            message = f"The value {value.name} is a formula or a tiers form."
            findings.refuse(value.place, "FORM", message)


def _members(
    document: Document, members: Members, before: int, line: Line | None, findings: Findings
) -> None:
    """Refuses members that are not lines or groups above position `before`."""
    if members.everything:
        return
    lines = document.lines
    above = {x.id for x in lines[:before]} | {g for x in lines[:before] for g in x.groups}
    below = {x.id for x in lines[before:]}
    for name in members.names:
        if line is not None and (name == line.id or name in line.groups):
            message = f"The line {line.id} cannot be taken of itself."
            findings.refuse(members.place, "SELF_REFERENCE", message)
        elif name in below:
            message = f"'{name}' stands below: a line may take only lines above it."
            findings.refuse(members.place, "LINE_ORDER", message)
        elif name not in above:
            message = f"There is no line or group '{name}'."
            findings.refuse(members.place, "UNKNOWN_NAME", message, sorted(above))


def _all_used(document: Document, findings: Findings) -> None:
    used = names_used(document)
    named = chain(
        (("input", n, i.place) for n, i in document.inputs.items()),
        (("value", n, v.place) for n, v in document.values.items()),
        (("parameter", n, c.place) for v in document.versions for n, c in v.cells.items()),
    )
    for what, name, place in named:
        if name not in used:
            findings.refuse(place, "UNUSED_NAME", f"The {what} '{name}' is not used.")
    columns = columns_used(document)
    for version in document.versions:
        for cell in version.cells.values():
            for row in table_rows(cell):
                for column in sorted(row.cells.keys() - columns):
                    message = f"No formula and no price reads the column '{column}'."
                    findings.refuse(row.place, "UNUSED_COLUMN", message, sorted(columns))


# -- time


def _period(document: Document, findings: Findings) -> None:
    period, others = document.period, splits(document).beside_cut
    if period.place is not None and period.cut > 1 and others:
        findings.refuse(
            period.place,
            "PERIOD",
            f"cut: {period.cut} cuts into equal parts, but {', '.join(others)} can cut the bill "
            "too: versions and seasons then change 'first' or 'last', and nothing else may cut.",
            ("change: first", "change: last", "season_change: first", "season_change: last"),
        )
    for spec in document.inputs.values():
        if spec.per_segment and spec.split.rounding is not None:
            message = f"{spec.name} is given per segment: it is not split."
            findings.refuse(spec.place, "SPLIT", message)


def _seasons(document: Document, findings: Findings) -> None:
    rests = [s for s in document.seasons.values() if s.start is None]
    if len(rests) > 1:
        findings.refuse(rests[1].place, "SEASONS", "Only one season is the rest of the year.")
    dated = dated_seasons(document)
    for season, other in combinations(dated, 2):
        if season_days(document, season) & season_days(document, other):
            message = f"{other.name} starts before {season.name} is over."
            findings.refuse(other.place, "SEASONS", message)
    for season, following in around(dated):
        if not rests and next_day(document, season.end) != following.start:
            message = f"No season follows {season.name}: add one, or one with rest: yes."
            findings.refuse(season.place, "SEASONS", message)


# -- formulas, version by version


def _version(document: Document, analysis: Analysis, findings: Findings, version: int) -> None:
    """Types and sorts of every formula with one version's parameters."""
    _parameters(document, findings, version)
    formulas = Formulas(document, analysis, version)
    for name, value in document.values.items():
        with findings.noting(value.place):
            formulas.value(name)
    lines = LineSorts(formulas, findings)
    lines.lines()
    lines.total(document.total)
    for state in document.states.values():
        lines.state(state)


def _parameters(document: Document, findings: Findings, version: int) -> None:
    for name in document.parameters():
        cell = document.cell(version, name)
        if cell is not None:
            _tables_rise(cell, name, findings)
        elif version == 0:
            message = f"The first version does not state '{name}'."
            findings.refuse(document.versions[0].place, "MISSING_PARAMETER", message, (name,))


def _tables_rise(cell: Cell, name: str, findings: Findings) -> None:
    match cell:
        case Record(cells=cells):
            for key, inner in cells.items():
                _tables_rise(inner, f"{name}.{key}", findings)
        case Rows():
            _rows_rise(cell, name, findings)


def _rows_rise(table: Rows, name: str, findings: Findings) -> None:
    last = None
    for row in table.rows:
        for key, inner in row.cells.items():
            _tables_rise(inner, f"{name}.{key}", findings)
        bound = constant(row.bound.expr) if row.bound is not None else None
        if bound is not None and last is not None and bound <= last:
            below = f"{figure_text(bound)} is not above {figure_text(last)}"
            message = f"The bounds of '{name}' must rise: {below}."
            findings.refuse(row.place, "TABLE_ORDER", message)
        last = bound if bound is not None else last
