"""Static checks of a document: names, kinds of value, units, parts against levels.

A formula that passes is homogeneous of degree one in its parts, so a cut where
nothing changes cannot change an exact amount. Every fault is found when the
document is loaded; `check` returns what the engines need to know of sorts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from billcore.core.errors import Finding, TariffInvalid
from billcore.core.tariff.analysis import Sort, names_used, next_day, splits, varies
from billcore.core.tariff.document import (
    Basis,
    Cell,
    Document,
    Form,
    Formula,
    Is,
    Kind,
    Limit,
    Line,
    Members,
    Percent,
    Record,
    Rows,
    State,
    Sum,
    Tiers,
)
from billcore.core.tariff.expression import (
    Binary,
    Call,
    Expr,
    Field,
    Index,
    Name,
    Negative,
    Not,
    Number,
    Text,
    Whole,
)
from billcore.core.tariff.ir import MODE_BY_NAME
from billcore.core.tariff.source import Place

BUILT_IN_PARTS = ("days", "calendar_months", "calendar_years")


@dataclass(frozen=True, slots=True)
class Type:
    """What a formula gives: kind is number, flag, choice, cell, line or history."""

    kind: str
    sort: Sort = Sort.WHOLE
    unit: str = ""
    choices: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(slots=True)
class Analysis:
    """Sorts of all that stands in a document; multi: bills can have several segments."""

    multi: bool
    lines: dict[str, Sort] = field(default_factory=dict)
    values: dict[str, Sort] = field(default_factory=dict)
    formulas: dict[int, Sort] = field(default_factory=dict)
    sub_lines: dict[str, int] = field(default_factory=dict)

    def of(self, formula: Formula) -> Sort:
        """The sort of a top-level formula of the document (a line's, a value's, a limit)."""
        return self.formulas[id(formula)]

    def has_parts(self, line: Line) -> bool:
        return self.lines[line.id] is Sort.PART


class Bad(Exception):
    """A fault inside a formula, at a 0-based column of its text."""

    def __init__(
        self, rule: str, message: str, column: int = 0, allowed: Iterable[str] = ()
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.column = column
        self.allowed = tuple(allowed)


def check(document: Document) -> Analysis:
    """The analysis of a document. Raises TariffInvalid with every finding."""
    checker = _Checker(document)
    checker.run()
    if checker.findings:
        unique = list(dict.fromkeys(checker.findings))
        raise TariffInvalid(sorted(unique, key=lambda f: (f.line, f.column)))
    return checker.analysis


def add_sorts(a: Sort, b: Sort, column: int, what: str) -> Sort:
    """The sort of a sum, minimum or choice between two numbers."""
    if Sort.ZERO in (a, b) or a is b:
        return max(a, b)
    if Sort.PART in (a, b):
        raise Bad(
            "PART_AND_LEVEL",
            f"{what} meets a part of the bill with something of the whole bill or a level: "
            "scale it (days, share()), or take the whole with bill.x.",
            column,
        )
    return max(a, b)


def multiply_sorts(a: Sort, b: Sort, column: int) -> Sort:
    if a is Sort.PART and b is Sort.PART:
        raise Bad("PART_TIMES_PART", "A part times a part does not add up over segments.", column)
    return Sort.ZERO if Sort.ZERO in (a, b) else max(a, b)


def divide_sorts(a: Sort, b: Sort, column: int) -> Sort:
    if b is Sort.PART:
        if a in (Sort.PART, Sort.ZERO):
            return Sort.LEVEL
        raise Bad(
            "LEVEL_BY_PART", "A level divided by a part does not add up over segments.", column
        )
    return a if a in (Sort.PART, Sort.ZERO) else max(a, b)


class _Checker:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []
        self.analysis = Analysis(splits(document).any)

    def refuse(self, place: Place, rule: str, message: str, allowed: Iterable[str] = ()) -> None:
        self.findings.append(place.finding(rule, message, tuple(allowed)))

    def run(self) -> None:
        self.collisions()
        self.period()
        self.seasons()
        self.members_known()
        if self.findings:
            return
        for version in range(len(self.document.versions)):
            _VersionChecker(self, version).run()
            if self.findings:
                return
        self.unused()

    def collisions(self) -> None:
        document = self.document
        first: dict[str, str] = {}
        named = [(n, "input", i.place) for n, i in document.inputs.items()]
        named += [(n, "value", v.place) for n, v in document.values.items()]
        named += [(x.id, "line", x.place) for x in document.lines]
        named += [(n, "state", s.place) for n, s in document.states.items()]
        named += [
            (g, "group", x.place)
            for x in document.lines
            for g in x.groups
            if first.get(g) != "group"
        ]
        if document.total.carry:
            named.append((document.total.carry, "state", document.total.place))
        for name in document.parameters():
            first[name] = "parameter"
        for name, what, place in named:
            if name in first and (first[name], what) != ("group", "group"):
                self.refuse(
                    place, "DUPLICATE_NAME", f"The {what} '{name}' is already a {first[name]}."
                )
            if name == document.period.named:
                self.refuse(
                    place, "DUPLICATE_NAME", f"'{name}' already names the parts of the period."
                )
            first.setdefault(name, what)

    def period(self) -> None:
        document, can = self.document, splits(self.document)
        spec = document.period
        place = document.total.place if not document.versions else document.versions[0].place
        if spec.named and spec.cut == 1:
            self.refuse(place, "PERIOD", "period.named goes with period.cut.")
        if spec.cut > 1 and (
            can.versions or can.seasons or can.attributes or can.resets or can.lines
        ):
            self.refuse(
                place,
                "PERIOD",
                "period.cut cuts into equal parts: versions and seasons then change 'first' or 'last', "
                "and nothing else may cut the bill.",
                ("change: first", "change: last"),
            )
        for spec_input in document.inputs.values():
            if spec_input.per_segment and spec_input.split.rounding is not None:
                self.refuse(
                    spec_input.place,
                    "SPLIT",
                    f"{spec_input.name} is given per segment: it is not split.",
                )

    def seasons(self) -> None:
        document = self.document
        if not document.seasons:
            return
        rests = [s for s in document.seasons.values() if s.start is None]
        if len(rests) > 1:
            self.refuse(rests[1].place, "SEASONS", "Only one season is the rest of the year.")
        dated = sorted(
            (s for s in document.seasons.values() if s.start and s.end),
            key=lambda s: s.start or (0, 0),
        )
        for season, following in zip(dated, [*dated[1:], *dated[:1]], strict=True):
            start, end = following.start or (1, 1), season.end or (12, 31)
            wraps = (season.start or (1, 1)) > end
            inside = start > (season.start or (1, 1)) or following is season
            overlap = season is not following and (
                (start <= end) if not wraps and inside else (wraps and start <= end)
            )
            if overlap:
                self.refuse(
                    following.place,
                    "SEASONS",
                    f"{following.name} starts before {season.name} is over.",
                )
            elif not rests and next_day(document, end) != start:
                self.refuse(
                    season.place,
                    "SEASONS",
                    f"No season follows {season.name}: add one, or one with rest: yes.",
                )

    def members_known(self) -> None:
        document = self.document
        for i, line in enumerate(document.lines):
            members = getattr(line.form, "members", None)
            if isinstance(members, Members):
                self.members(members, i, line)
        if document.total.members is not None:
            self.members(document.total.members, len(document.lines), None)
        for value in document.values.values():
            if not isinstance(value.form, Is | Tiers):
                self.refuse(
                    value.place, "FORM", f"The value {value.name} is a formula or a tiers form."
                )

    def members(self, members: Members, before: int, line: Line | None) -> None:
        if members.everything:
            return
        above = {x.id for x in self.document.lines[:before]}
        groups = {g for x in self.document.lines[:before] for g in x.groups}
        below = {x.id for x in self.document.lines[before:]}
        for name in members.names:
            if line is not None and (name == line.id or name in line.groups):
                self.refuse(
                    members.place,
                    "SELF_REFERENCE",
                    f"The line {line.id} cannot be taken of itself.",
                )
            elif name in below:
                self.refuse(
                    members.place,
                    "LINE_ORDER",
                    f"'{name}' stands below: a line may take only lines above it.",
                )
            elif name not in above and name not in groups:
                self.refuse(
                    members.place,
                    "UNKNOWN_NAME",
                    f"There is no line or group '{name}'.",
                    sorted(above | groups),
                )

    def unused(self) -> None:
        document = self.document
        used = names_used(document)
        for name, spec in document.inputs.items():
            if name not in used:
                self.refuse(spec.place, "UNUSED_NAME", f"The input '{name}' is not used.")
        for name, value in document.values.items():
            if name not in used:
                self.refuse(value.place, "UNUSED_NAME", f"The value '{name}' is not used.")
        for version in document.versions:
            for name, cell in version.cells.items():
                if name not in used:
                    self.refuse(cell.place, "UNUSED_NAME", f"The parameter '{name}' is not used.")


class _VersionChecker:
    """Types and sorts of every formula with one version's parameters."""

    def __init__(self, outer: _Checker, version: int) -> None:
        self.outer = outer
        self.document = outer.document
        self.analysis = outer.analysis
        self.version = version
        self.stepping = False
        self.before = 0
        self.open: list[str] = []
        self.known: dict[str, Type] = {}
        self.split = splits(outer.document)

    # -- all formulas

    def run(self) -> None:
        for name in self.document.parameters():
            cell = self.document.cell(self.version, name)
            if cell is None and self.version == 0:
                used = self.document.versions[0].place
                self.outer.refuse(
                    used,
                    "MISSING_PARAMETER",
                    f"The first version does not state '{name}'.",
                    (name,),
                )
            elif cell is not None:
                self.cell_shape(cell, name)
        self.before = len(self.document.lines)
        for name in self.document.values:
            self.guarded(self.document.values[name].place, lambda n=name: self.value(n))
        for self.before, line in enumerate(self.document.lines):
            self.line(line)
        self.before = len(self.document.lines)
        self.total()
        for state in self.document.states.values():
            self.state(state)

    def guarded(self, place: Place, work: Callable[[], object]) -> bool:
        """Runs a check; a fault becomes a finding where it stands."""
        try:
            work()
            return True
        except Bad as bad:
            at = bad.place if isinstance(bad, _At) else place
            at = replace(at, column=at.column + bad.column)
            self.outer.refuse(at, bad.rule, str(bad), bad.allowed)
            return False

    def number(self, formula: Formula) -> Type:
        """The type of a formula that must give a number; remembers its sort."""
        try:
            found = self.as_number(self.infer(formula.expr), formula.expr)
        except Bad as bad:
            raise _At(bad, formula.place) from None
        self.remember(formula, found.sort)
        return found

    def remember(self, formula: Formula, sort: Sort) -> None:
        before = self.analysis.formulas.get(id(formula), Sort.ZERO)
        self.analysis.formulas[id(formula)] = max(before, sort)

    def cell_shape(self, cell: Cell, name: str) -> None:
        match cell:
            case Record(cells=cells):
                for key, inner in cells.items():
                    self.cell_shape(inner, f"{name}.{key}")
            case Rows():
                self.rows_shape(cell, name)

    def rows_shape(self, table: Rows, name: str) -> None:
        last = None
        for row in table.rows:
            for key, inner in row.cells.items():
                self.cell_shape(inner, f"{name}.{key}")
            bound = constant(row.bound.expr) if row.bound is not None else None
            if bound is not None and last is not None and bound <= last:
                self.outer.refuse(
                    row.place,
                    "TABLE_ORDER",
                    f"The bounds of '{name}' must rise: {bound} is not above {last}.",
                )
            last = bound if bound is not None else last

    # -- lines, total, state

    def line(self, line: Line) -> None:
        if not self.guarded(line.place, lambda: self.line_sorts(line)):
            self.analysis.lines.setdefault(line.id, Sort.WHOLE)

    def line_sorts(self, line: Line) -> None:
        sort = self.conditional(line, self.form(line.form, line))
        if sort is Sort.LEVEL:
            self.outer.refuse(
                line.place,
                "DOES_NOT_ADD_UP",
                f"The line {line.id} has a value of its own in every segment that does not add up: "
                "say share(), first(), last() or bill.x.",
            )
        if line.each and (line.round_parts or not self.has_tiers(line)):
            self.outer.refuse(
                line.place,
                "EACH",
                f"The line {line.id}: 'each' rounds the tiers of a graduated table (or a percentage of such, "
                "basis: tiers), without round_parts.",
            )
        before = self.analysis.lines.get(line.id, Sort.ZERO)
        self.analysis.lines[line.id] = max(before, sort)
        count = max(self.sub_line_count(line), self.analysis.sub_lines.get(line.id, 0))
        self.analysis.sub_lines[line.id] = count

    def sub_line_count(self, line: Line) -> int:
        """How many tiers a line prints at most."""
        if isinstance(line.form, Tiers):
            return max(len(t.rows) for t in self.tables(line.form))
        if isinstance(line.form, Percent) and line.form.basis is Basis.TIERS:
            members = self.document.members(line.form.members, self.before)
            return sum(self.analysis.sub_lines[m.id] for m in members)
        return 0

    def conditional(self, line: Line, sort: Sort) -> Sort:
        if line.when is not None:
            condition = self.flag(line.when)
            sort = self.chosen(condition, sort)
        if self.split.lines and (line.start is not None or line.end is not None):
            sort = self.chosen(Sort.LEVEL, sort)
        return sort

    def chosen(self, condition: Sort, sort: Sort) -> Sort:
        return Sort.LEVEL if condition is Sort.LEVEL and sort is not Sort.PART else sort

    def flag(self, formula: Formula) -> Sort:
        try:
            found = self.infer(formula.expr)
            if found.kind != "flag":
                raise Bad("NOT_A_CONDITION", "A condition (a comparison or a flag) belongs here.")
        except Bad as bad:
            raise _At(bad, formula.place) from None
        self.remember(formula, found.sort)
        return found.sort

    def has_tiers(self, line: Line) -> bool:
        match line.form:
            case Tiers():
                return self.graduated(line.form)
            case Percent(basis=Basis.TIERS):
                return True
        return False

    def graduated(self, form: Tiers) -> bool:
        if form.whole or form.split_money:
            return False
        rows = [r for t in self.tables(form) for r in t.rows]
        return not any(r.reprice or "base" in r.cells for r in rows)

    def form(self, form: Form, line: Line) -> Sort:
        match form:
            case Is(formula=formula):
                return self.number(formula).sort
            case Tiers():
                return self.tiers(form)
            case Percent():
                return self.percent(form, line)
            case Sum(basis=basis, members=members):
                return self.basis_sort(basis, members, line)
            case Limit():
                if form.basis is Basis.PARTS:
                    raise Bad(
                        "BASIS", "A limit is on whole or exact amounts.", 0, ("whole", "exact")
                    )
                self.whole(form.limit)
                return Sort.WHOLE

    def whole(self, formula: Formula) -> None:
        """A formula used once a bill: a part is summed over the segments, a level refused."""
        if self.number(formula).sort is Sort.LEVEL:
            bad = Bad(
                "DOES_NOT_ADD_UP",
                "This differs between segments: say first(), last(), share() or bill.x.",
            )
            raise _At(bad, formula.place)

    def percent(self, form: Percent, line: Line) -> Sort:
        sort = self.number(form.rate).sort
        if sort is Sort.PART:
            raise _At(
                Bad("RATE_IS_PART", "A percentage is a level, not a part of the bill."),
                form.rate.place,
            )
        if sort is Sort.LEVEL and form.basis is not Basis.PARTS:
            bad = Bad(
                "RATE_CHANGES",
                "This rate can change inside a bill: say basis: parts.",
                0,
                ("basis: parts",),
            )
            raise _At(bad, form.rate.place)
        if form.basis is Basis.TIERS:
            for member in self.document.members(form.members, self.before):
                if not member.itemised:
                    raise Bad(
                        "BASIS", f"basis: tiers needs members with 'each'; {member.id} has none."
                    )
        return self.basis_sort(form.basis, form.members, line)

    def basis_sort(self, basis: Basis, members: Members, line: Line) -> Sort:
        if basis is not Basis.PARTS or not self.analysis.multi:
            return Sort.WHOLE
        for member in self.document.members(members, self.before):
            if self.analysis.lines.get(member.id) is not Sort.PART:
                raise Bad(
                    "BASIS", f"{line.id}: basis: parts, but {member.id} is computed once a bill."
                )
        return Sort.PART

    def total(self) -> None:
        total = self.document.total

        def formulas() -> None:
            for formula in (total.formula, total.at_least, total.at_most):
                if formula is not None:
                    self.whole(formula)

        self.guarded(total.place, formulas)

    def state(self, state: State) -> None:
        def formulas() -> None:
            if state.push is not None:
                self.whole(state.push)
            if state.next is not None:
                self.stepping = True
                self.number(state.next)

        self.guarded(state.place, formulas)
        self.stepping = False
        if state.next is None and state.history is None and state.name != self.document.total.carry:
            self.outer.refuse(
                state.place,
                "STATE",
                f"The state {state.name} needs 'next', or 'history' and 'push'.",
            )

    # -- tiers

    def tables(self, form: Tiers) -> list[Rows]:
        by = self.infer(form.by.expr)
        if by.kind != "cell" or not all(isinstance(c, Rows) for c in by.cells):
            raise _At(Bad("NOT_A_TABLE", "'by' names a table of rows."), form.by.place)
        return [c for c in by.cells if isinstance(c, Rows)]

    def tiers(self, form: Tiers) -> Sort:
        try:
            tables = self.tables(form)
            by = self.infer(form.by.expr).sort
        except Bad as bad:
            raise _At(bad, form.by.place) from None
        of = self.number(form.of).sort
        bound = self.bound_sort(form, tables)
        base = self.base_sort(form, tables)
        prices = max((self.price_sort(form, t) for t in tables), default=Sort.ZERO)
        level = (
            Sort.LEVEL
            if Sort.LEVEL in (by, prices, bound, base) or of is Sort.LEVEL
            else Sort.WHOLE
        )
        if form.start is not None and (form.split_money or form.split_fill):
            raise _At(Bad("SPLIT", "'start' and 'split' exclude each other."), form.of.place)
        if form.split_money or form.split_fill:
            return self.split_sort(form, of, bound)
        if self.start_sort(form, of, bound):
            return Sort.PART
        if of is not Sort.PART:
            if Sort.PART in (bound, base):
                raise _At(
                    Bad(
                        "PART_AND_LEVEL",
                        "A whole quantity meets bounds that are parts: price the part, or scale by bill.days.",
                    ),
                    form.of.place,
                )
            return level if of is not Sort.ZERO else max(of, level)
        if Sort.PART is not bound and bound is not Sort.ZERO:
            bad = Bad(
                "BOUND_NOT_SCALED",
                "The part of the quantity meets whole-period bounds: scale them (scale: days / 30), or price bill.x with split.",
            )
            raise _At(bad, form.of.place)
        if base not in (Sort.ZERO, Sort.PART):
            raise _At(
                Bad(
                    "PART_AND_LEVEL",
                    "The flat money of a row ('base') would be charged in every segment: price bill.x.",
                ),
                form.of.place,
            )
        return Sort.PART

    def start_sort(self, form: Tiers, of: Sort, bound: Sort) -> bool:
        if form.start is None:
            return False
        if self.number(form.start).sort is Sort.PART or bound is Sort.PART:
            raise _At(
                Bad("PART_AND_LEVEL", "With 'start' the bounds are those of the whole cycle."),
                form.of.place,
            )
        return of is Sort.PART

    def split_sort(self, form: Tiers, of: Sort, bound: Sort) -> Sort:
        if self.analysis.multi and (of is Sort.PART or Sort.PART is bound):
            raise _At(
                Bad("SPLIT", "'split' prices the whole quantity by whole bounds: say of: bill.x."),
                form.of.place,
            )
        if form.split_fill and not self.graduated(form):
            raise _At(Bad("SPLIT", "split: fill needs a graduated table."), form.of.place)
        return Sort.PART if self.analysis.multi else Sort.WHOLE

    def bound_sort(self, form: Tiers, tables: list[Rows]) -> Sort:
        bounds = [r.bound for t in tables for r in t.rows if r.bound is not None]
        if not bounds:
            if form.scale is not None:
                self.number(form.scale)
            return Sort.ZERO
        sort = max(self.number(b).sort for b in bounds)
        if all(constant(b.expr) == 0 for b in bounds):
            sort = Sort.WHOLE
        if form.scale is None:
            return sort
        scale = self.number(form.scale).sort
        try:
            return multiply_sorts(Sort.WHOLE if sort is Sort.ZERO else sort, scale, 0)
        except Bad as bad:
            raise _At(bad, form.scale.place) from None

    def base_sort(self, form: Tiers, tables: list[Rows]) -> Sort:
        sorts = [
            self.cell_number(r.cells["base"]).sort
            for t in tables
            for r in t.rows
            if "base" in r.cells
        ]
        for table in tables:
            for row in table.rows:
                if "over" in row.cells:
                    self.cell_number(row.cells["over"])
        del form
        return max(sorts, default=Sort.ZERO)

    def price_sort(self, form: Tiers, table: Rows) -> Sort:
        cells = [r.cells[form.price] for r in table.rows if form.price in r.cells]
        flat = all("base" in r.cells for r in table.rows)
        if not cells and not flat:
            columns = sorted({k for r in table.rows for k in r.cells})
            raise _At(
                Bad("UNKNOWN_COLUMN", f"The table has no column '{form.price}'.", 0, columns),
                form.by.place,
            )
        sorts = [self.cell_number(c).sort for c in cells]
        if Sort.PART in sorts:
            raise _At(
                Bad("PART_TIMES_PART", "A price is a level, not a part of the bill."), form.by.place
            )
        return max(sorts, default=Sort.ZERO)

    def cell_number(self, cell: Cell) -> Type:
        if not isinstance(cell, Formula):
            raise Bad("NOT_A_NUMBER", "A number belongs in this cell.")
        return self.number(cell)

    # -- formulas

    def as_number(self, found: Type, expr: Expr) -> Type:
        if found.kind == "number":
            return found
        if found.kind == "cell":
            return self.cell_value(found, expr)
        raise Bad("NOT_A_NUMBER", f"A number belongs here, not a {found.kind}.", expr.column)

    def cell_value(self, found: Type, expr: Expr) -> Type:
        sort, unit = Sort.ZERO, ""
        for cell in found.cells:
            if not isinstance(cell, Formula):
                raise Bad(
                    "NOT_A_NUMBER", "This is a table: select a row or a column of it.", expr.column
                )
            inner = self.number(cell)
            sort, unit = max(sort, inner.sort), inner.unit or unit
        if found.sort is Sort.LEVEL and sort is not Sort.PART:
            sort = Sort.LEVEL
        return Type("number", sort if len(found.cells) == 1 or sort else Sort.WHOLE, unit)

    def infer(self, expr: Expr) -> Type:
        match expr:
            case Number(value=value):
                return Type("number", Sort.ZERO if value == 0 else Sort.WHOLE)
            case Text():
                raise Bad("NOT_A_NUMBER", "A text stands only beside a choice.", expr.column)
            case Name():
                return self.name(expr)
            case Whole():
                return self.whole_name(expr)
            case Field():
                return self.field(expr)
            case Index():
                return self.index(expr)
            case Negative(of=of):
                return self.as_number(self.infer(of), of)
            case Not(of=of):
                return self.condition(of)
            case Binary():
                return self.binary(expr)
            case Call():
                return self.call(expr)

    def condition(self, expr: Expr) -> Type:
        found = self.infer(expr)
        if found.kind != "flag":
            raise Bad(
                "NOT_A_CONDITION", "A condition (a comparison or a flag) belongs here.", expr.column
            )
        return found

    def level(self) -> Sort:
        return Sort.LEVEL if self.analysis.multi and not self.stepping else Sort.WHOLE

    def part(self) -> Sort:
        return Sort.PART if self.analysis.multi and not self.stepping else Sort.WHOLE

    def name(self, expr: Name) -> Type:
        document, name = self.document, expr.id
        if name in BUILT_IN_PARTS or (name == document.period.named):
            return Type("number", self.part())
        if name == "season" and document.seasons:
            sort = self.level() if self.split.seasons else Sort.WHOLE
            return Type("choice", sort, choices=tuple(document.seasons))
        if name in document.inputs:
            return self.input(name)
        if name in document.parameters():
            return self.parameter(name)
        if name in document.values:
            return self.value(name)
        if name in document.states:
            state = document.states[name]
            return Type("history") if state.history else Type("number", self.level())
        line = document.line(name)
        if line is not None:
            self.above(line, expr.column)
            return Type("number", Sort.WHOLE)
        raise self.unknown(expr)

    def unknown(self, expr: Name | Whole) -> Bad:
        document = self.document
        known = [
            *document.inputs,
            *document.parameters(),
            *document.values,
            *document.states,
            *BUILT_IN_PARTS,
        ]
        above = [x.id for x in document.lines[: self.before]]
        return Bad(
            "UNKNOWN_NAME",
            f"There is nothing named '{expr.id}'.",
            expr.column,
            sorted([*known, *above]),
        )

    def above(self, line: Line, column: int) -> None:
        position = self.document.lines.index(line)
        if position == self.before and self.before < len(self.document.lines):
            raise Bad("SELF_REFERENCE", f"The line {line.id} cannot be taken of itself.", column)
        if position > self.before:
            raise Bad(
                "LINE_ORDER", f"The line {line.id} stands below: use only lines above.", column
            )

    def input(self, name: str) -> Type:
        spec = self.document.inputs[name]
        segment = self.level() if spec.per_segment else Sort.WHOLE
        if spec.kind is Kind.QUANTITY:
            return Type("number", self.part(), spec.unit)
        if spec.kind is Kind.CHOICE:
            return Type("choice", segment, choices=spec.oneof)
        if spec.kind is Kind.FLAG:
            return Type("flag", segment)
        return Type("number", segment, spec.unit)

    def parameter(self, name: str) -> Type:
        cell = self.document.cell(self.version, name)
        if cell is None:
            raise Bad("MISSING_PARAMETER", f"The first version does not state '{name}'.")
        changes = self.split.versions and varies(self.document, name)
        return Type("cell", self.level() if changes else Sort.ZERO, cells=(cell,))

    def value(self, name: str) -> Type:
        if name in self.known and not self.stepping:
            return self.known[name]
        if name in self.open:
            chain = " → ".join([*self.open[self.open.index(name) :], name])
            raise Bad("CYCLE", f"These values need each other: {chain}.")
        self.open.append(name)
        try:
            found = self.value_type(name)
        finally:
            self.open.pop()
        if not self.stepping:
            self.known[name] = found
            before = self.analysis.values.get(name, Sort.ZERO)
            self.analysis.values[name] = max(before, found.sort)
        return found

    def value_type(self, name: str) -> Type:
        form = self.document.values[name].form
        try:
            if isinstance(form, Tiers):
                return Type("number", self.tiers(form))
            assert isinstance(form, Is)
            found = self.infer(form.formula.expr)
            if found.kind == "cell" and all(isinstance(c, Formula) for c in found.cells):
                found = self.cell_value(found, form.formula.expr)
            if found.kind == "number":
                self.remember(form.formula, found.sort)
            return found
        except Bad as bad:
            place = form.formula.place if isinstance(form, Is) else form.of.place
            raise _At(bad, place) from None

    def whole_name(self, expr: Whole) -> Type:
        if expr.id == "days" or expr.id in BUILT_IN_PARTS:
            return Type("number", Sort.WHOLE)
        found = self.name(Name(expr.id, expr.column))
        if found.kind == "cell":
            found = self.cell_value(found, expr)
        if found.kind != "number" or (found.sort is Sort.LEVEL):
            raise Bad(
                "WHOLE_OF_LEVEL",
                f"bill.{expr.id}: only what adds up over the bill has a whole; say first() or last().",
                expr.column,
            )
        return replace(found, sort=Sort.WHOLE)

    def field(self, expr: Field) -> Type:
        base = self.infer(expr.base)
        if base.kind != "cell":
            raise Bad(
                "NOT_A_TABLE", f"'.{expr.name}' belongs after a record or a row.", expr.column
            )
        found = []
        for cell in base.cells:
            if not isinstance(cell, Record):
                raise Bad(
                    "NOT_A_RECORD",
                    f"'.{expr.name}' belongs after a record or a selected row.",
                    expr.column,
                )
            if expr.name not in cell.cells:
                raise Bad(
                    "UNKNOWN_COLUMN",
                    f"There is no column '{expr.name}'.",
                    expr.column,
                    sorted(cell.cells),
                )
            found.append(cell.cells[expr.name])
        return replace(base, cells=tuple(found))

    def index(self, expr: Index) -> Type:
        if isinstance(expr.base, Name) and (line := self.document.line(expr.base.id)):
            return self.sub_line(line, expr)
        base = self.infer(expr.base)
        if base.kind != "cell":
            raise Bad("NOT_A_TABLE", "'[...]' belongs after a table.", expr.column)
        key = self.infer(expr.key)
        if key.kind == "choice":
            return self.by_choice(base, key, expr)
        key = self.as_number(key, expr.key)
        if key.sort is Sort.PART:
            raise Bad(
                "LOOKUP_BY_PART",
                "A table is looked up by a level or by bill.x, not by a part.",
                expr.column,
            )
        sort = Sort.LEVEL if Sort.LEVEL in (key.sort, base.sort) else base.sort
        return replace(
            base,
            sort=sort,
            cells=tuple(c for cell in base.cells for c in self.row_cells(cell, expr)),
        )

    def sub_line(self, line: Line, expr: Index) -> Type:
        self.above(line, expr.column)
        if (
            not isinstance(expr.key, Number)
            or expr.key.value.denominator != 1
            or not self.has_tiers(line)
        ):
            raise Bad(
                "SUB_LINE", f"{line.id}[n] is the n-th tier of a graduated line.", expr.column
            )
        return Type("number", Sort.WHOLE)

    def row_cells(self, cell: Cell, expr: Index) -> list[Cell]:
        if isinstance(cell, Rows):
            return [Record(r.cells, r.place) for r in cell.rows]
        if isinstance(cell, Record):
            bad = [k for k in cell.cells if not k.replace(".", "", 1).isdigit()]
            if bad:
                raise Bad("MAP_KEY", f"A number cannot select the key '{bad[0]}'.", expr.column)
            return list(cell.cells.values())
        raise Bad("NOT_A_TABLE", "'[...]' belongs after a table.", expr.column)

    def by_choice(self, base: Type, key: Type, expr: Index) -> Type:
        found = []
        for cell in base.cells:
            if not isinstance(cell, Record):
                raise Bad(
                    "NOT_A_MAP",
                    "A choice selects from a map, not from a table of ranges.",
                    expr.column,
                )
            missing = [c for c in key.choices if c not in cell.cells]
            if missing:
                raise Bad(
                    "MISSING_CHOICE",
                    f"The map has no entry for {', '.join(missing)}.",
                    expr.column,
                    key.choices,
                )
            extra = [k for k in cell.cells if k not in key.choices]
            if extra:
                raise Bad(
                    "UNKNOWN_CHOICE",
                    f"'{extra[0]}' is not one of the choices.",
                    expr.column,
                    key.choices,
                )
            found += [cell.cells[c] for c in key.choices]
        sort = Sort.LEVEL if Sort.LEVEL in (key.sort, base.sort) else base.sort
        return replace(base, sort=sort, cells=tuple(found))

    def binary(self, expr: Binary) -> Type:
        if expr.op in ("and", "or"):
            left, right = self.condition(expr.left), self.condition(expr.right)
            return Type("flag", max(left.sort, right.sort))
        if expr.op in ("==", "!=") and (choice := self.choice_comparison(expr)):
            return choice
        left = self.as_number(self.infer(expr.left), expr.left)
        right = self.as_number(self.infer(expr.right), expr.right)
        if expr.op == "*":
            return Type("number", multiply_sorts(left.sort, right.sort, expr.column))
        if expr.op == "/":
            if isinstance(expr.right, Number) and expr.right.value == 0:
                raise Bad("DIVISION_BY_ZERO", "Division by 0.", expr.column)
            return Type("number", divide_sorts(left.sort, right.sort, expr.column))
        return self.alike(left, right, expr)

    def alike(self, left: Type, right: Type, expr: Binary) -> Type:
        unit = self.same_unit(left, right, expr.column)
        sort = add_sorts(left.sort, right.sort, expr.column, f"'{expr.op}'")
        if expr.op in ("+", "-"):
            return Type("number", sort, unit)
        return Type("flag", Sort.LEVEL if sort is Sort.PART else max(sort, Sort.WHOLE))

    def same_unit(self, left: Type, right: Type, column: int) -> str:
        if left.unit and right.unit and left.unit != right.unit:
            raise Bad(
                "WRONG_UNIT",
                f"{left.unit} and {right.unit} do not meet: convert one with a factor.",
                column,
                (left.unit,),
            )
        return left.unit or right.unit

    def choice_comparison(self, expr: Binary) -> Type | None:
        for subject, other in ((expr.left, expr.right), (expr.right, expr.left)):
            found = self.choice(subject)
            if found is None:
                continue
            word = choice_word(other)
            if word is None:
                raise Bad(
                    "NOT_A_CHOICE",
                    "A choice is compared with one of its values.",
                    other.column,
                    found.choices,
                )
            if word not in found.choices:
                raise Bad(
                    "UNKNOWN_CHOICE",
                    f"'{word}' is not one of the choices.",
                    other.column,
                    found.choices,
                )
            return Type("flag", found.sort)
        return None

    def choice(self, expr: Expr) -> Type | None:
        if not isinstance(expr, Name):
            return None
        spec = self.document.inputs.get(expr.id)
        if (spec and spec.kind is Kind.CHOICE) or (expr.id == "season" and self.document.seasons):
            return self.name(expr)
        return None

    def call(self, expr: Call) -> Type:
        return getattr(self, f"call_{expr.function}", self.call_number)(expr)

    def numbers(self, expr: Call, count: int | None = None) -> list[Type]:
        return [self.as_number(self.infer(a), a) for a in expr.arguments[:count]]

    def call_number(self, expr: Call) -> Type:
        """abs, floor, ceil."""
        return self.numbers(expr)[0]

    def call_min(self, expr: Call) -> Type:
        found = self.numbers(expr)
        result = found[0]
        for other in found[1:]:
            unit = self.same_unit(result, other, expr.column)
            result = Type(
                "number",
                add_sorts(result.sort, other.sort, expr.column, f"{expr.function}()"),
                unit,
            )
        return result

    call_max = call_min

    def call_if(self, expr: Call) -> Type:
        condition = self.condition(expr.arguments[0])
        then, other = (self.infer(a) for a in expr.arguments[1:])
        if then.kind == other.kind == "flag":
            return Type("flag", max(condition.sort, then.sort, other.sort))
        then = self.as_number(then, expr.arguments[1])
        other = self.as_number(other, expr.arguments[2])
        unit = self.same_unit(then, other, expr.column)
        sort = add_sorts(then.sort, other.sort, expr.column, "if()")
        if sort is not Sort.PART and condition.sort is Sort.LEVEL:
            sort = Sort.LEVEL
        return Type("number", max(sort, Sort.WHOLE), unit)

    def call_round(self, expr: Call) -> Type:
        found = self.as_number(self.infer(expr.arguments[0]), expr.arguments[0])
        mode = expr.arguments[2]
        if not isinstance(mode, Name) or mode.id not in MODE_BY_NAME:
            raise Bad(
                "ROUNDING_MODE",
                "round(x, unit, mode): the mode is a word.",
                mode.column,
                tuple(MODE_BY_NAME),
            )
        self.constant_unit(expr.arguments[1])
        return found

    def constant_unit(self, expr: Expr) -> None:
        found = self.as_number(self.infer(expr), expr)
        if isinstance(expr, Number) and expr.value <= 0:
            raise Bad("ROUNDING_UNIT", "A rounding unit is positive.", expr.column)
        if found.sort is Sort.PART:
            raise Bad("ROUNDING_UNIT", "A rounding unit is a constant.", expr.column)

    def call_share(self, expr: Call) -> Type:
        found = self.numbers(expr)[0]
        if found.sort is Sort.PART:
            raise Bad(
                "SHARE_OF_PART",
                "share() of a part: it is the segment's share already.",
                expr.column,
            )
        return replace(found, sort=found.sort if found.sort is Sort.ZERO else self.part())

    def call_first(self, expr: Call) -> Type:
        return replace(self.numbers(expr)[0], sort=Sort.WHOLE)

    call_last = call_first

    def named_line(self, expr: Call) -> Line:
        argument = expr.arguments[0]
        line = self.document.line(argument.id) if isinstance(argument, Name) else None
        if line is None:
            raise Bad("NOT_A_LINE", f"{expr.function}() takes the id of a line above.", expr.column)
        self.above(line, expr.column)
        return line

    def call_part(self, expr: Call) -> Type:
        line = self.named_line(expr)
        if self.analysis.multi and self.analysis.lines.get(line.id) is not Sort.PART:
            raise Bad(
                "NO_PARTS",
                f"The line {line.id} is computed once a bill: it has no parts.",
                expr.column,
            )
        return Type("number", self.part())

    def call_exact(self, expr: Call) -> Type:
        self.named_line(expr)
        return Type("number", Sort.WHOLE)

    def call_highest(self, expr: Call) -> Type:
        argument = expr.arguments[0]
        state = self.document.states.get(argument.id) if isinstance(argument, Name) else None
        if state is None or state.history is None:
            raise Bad(
                "NOT_A_HISTORY", "highest() takes the name of a state with a history.", expr.column
            )
        if len(expr.arguments) == 1:
            return Type("number", Sort.WHOLE)
        factor = self.infer(expr.arguments[1])
        months = {str(m) for m in range(1, 13)}
        for cell in factor.cells:
            if not isinstance(cell, Record) or set(cell.cells) != months:
                raise Bad(
                    "FACTORS",
                    "The factors are a map of the months 1 to 12.",
                    expr.column,
                    sorted(months, key=int),
                )
            if any(
                not isinstance(c, Formula) or constant(c.expr) is None for c in cell.cells.values()
            ):
                raise Bad("FACTORS", "The factors of months are plain numbers.", expr.column)
        if factor.kind != "cell":
            raise Bad("FACTORS", "The factors are a map of the months 1 to 12.", expr.column)
        return Type("number", max(Sort.WHOLE, factor.sort))

    def call_power_factor(self, expr: Call) -> Type:
        active, reactive = self.numbers(expr, 2)
        self.constant_unit(expr.arguments[2])
        sort = add_sorts(active.sort, reactive.sort, expr.column, "power_factor()")
        return Type("number", Sort.LEVEL if sort is Sort.PART else max(sort, Sort.WHOLE))

    def call_units_for(self, expr: Call) -> Type:
        money = self.as_number(self.infer(expr.arguments[0]), expr.arguments[0])
        table = self.infer(expr.arguments[1])
        if table.kind != "cell" or not all(isinstance(c, Rows) for c in table.cells):
            raise Bad(
                "NOT_A_TABLE",
                "units_for(money, table): the second is a table of rows.",
                expr.column,
            )
        sorts = [money.sort, table.sort]
        if len(expr.arguments) == 3:
            sorts.append(self.as_number(self.infer(expr.arguments[2]), expr.arguments[2]).sort)
        if Sort.PART in sorts:
            raise Bad(
                "PART_AND_LEVEL",
                "units_for() inverts a whole table: give it whole amounts.",
                expr.column,
            )
        self.invertible(table, expr)
        return Type("number", max(*sorts, Sort.WHOLE))

    def invertible(self, table: Type, expr: Call) -> None:
        for cell in table.cells:
            assert isinstance(cell, Rows)
            for row in cell.rows:
                rate = row.cells.get("rate")
                if row.reprice or "base" in row.cells or not isinstance(rate, Formula):
                    raise Bad(
                        "NOT_INVERTIBLE",
                        "units_for() needs a graduated table with a rate in every row.",
                        expr.column,
                    )


class _At(Bad):
    """A fault with the place of the formula in which it stands."""

    def __init__(self, bad: Bad, place: Place) -> None:
        super().__init__(bad.rule, str(bad), bad.column, bad.allowed)
        self.place: Place = bad.place if isinstance(bad, _At) else place


def choice_word(expr: Expr) -> str | None:
    """The choice value that an expression spells: a name, a text, or digits."""
    match expr:
        case Name(id=word) | Text(value=word):
            return word
        case Number(value=value) if value.denominator == 1:
            return str(value.numerator)
    return None


def constant(expr: Expr) -> Fraction | None:
    """The value of a formula of numbers alone; None for any other."""
    match expr:
        case Number(value=value):
            return value
        case Negative(of=of):
            inner = constant(of)
            return None if inner is None else -inner
        case Binary(op=op, left=left, right=right) if op in "+-*/":
            a, b = constant(left), constant(right)
            if a is None or b is None or (op == "/" and b == 0):
                return None
            return {"+": a + b, "-": a - b, "*": a * b}.get(op) if op != "/" else a / b
    return None
