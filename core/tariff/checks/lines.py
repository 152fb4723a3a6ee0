"""Sorts of lines, the total and the states, with the parameters of one version."""

from billcore.core.tariff.checks.faults import Fault, Findings
from billcore.core.tariff.checks.infer import Formulas
from billcore.core.tariff.checks.sorts import guarded_sort
from billcore.core.tariff.language.analysis import Sort, splits
from billcore.core.tariff.language.document import (
    Basis,
    Form,
    Formula,
    Is,
    Limit,
    Line,
    Members,
    Percent,
    State,
    Sum,
    Tiers,
    Total,
)


class LineSorts:
    """Checks lines from top to bottom; what it finds out goes to the analysis."""

    def __init__(self, formulas: Formulas, findings: Findings) -> None:
        self.formulas = formulas
        self.findings = findings
        self.document = formulas.document
        self.analysis = formulas.analysis

    def lines(self) -> None:
        for position, line in enumerate(self.document.lines):
            self.formulas.before = position
            with self.findings.noting(line.place):
                self.line(line)
            self.analysis.lines.setdefault(line.id, Sort.WHOLE)
        self.formulas.before = len(self.document.lines)

    def line(self, line: Line) -> None:
        sort = self.conditional(line, self.form_sort(line.form, line))
        if sort is Sort.LEVEL:
            self.findings.refuse(
                line.place,
                "DOES_NOT_ADD_UP",
                f"The line {line.id} has a value of its own in every segment that does not add up: "
                "say share(), first(), last() or bill.x.",
            )
        if line.each and (line.round_parts or not self.formulas.tiers.itemises(line)):
            self.findings.refuse(
                line.place,
                "EACH",
                f"The line {line.id}: 'each' rounds the tiers of a graduated table (or a "
                "percentage of such, basis: tiers), without round_parts.",
            )
        self.analysis.note_line(line, sort)
        self.analysis.note_sub_lines(line, self.sub_line_count(line))

    def sub_line_count(self, line: Line) -> int:
        """How many tiers a line prints at most."""
        match line.form:
            case Tiers():
                return max(len(t.rows) for t in self.formulas.tiers.tables(line.form))
            case Percent(basis=Basis.TIERS, members=members):
                found = self.analysis.sub_lines  # a line that is refused has none
                return sum(found.get(m.id, 0) for m in self.above(members))
        return 0

    def above(self, members: Members) -> tuple[Line, ...]:
        return self.document.members(members, self.formulas.before)

    def conditional(self, line: Line, sort: Sort) -> Sort:
        """The sort of a line that stands only under its `when`, or between its dates."""
        if line.when is not None:
            sort = guarded_sort(self.formulas.flag(line.when), sort)
        if splits(self.document).lines and (line.start is not None or line.end is not None):
            sort = guarded_sort(Sort.LEVEL, sort)
        return sort

    # -- forms

    def form_sort(self, form: Form, line: Line) -> Sort:
        match form:
            case Is(formula=formula):
                return self.formulas.number(formula).sort
            case Tiers():
                return self.formulas.tiers.sort(form)
            case Percent():
                return self.percent_sort(form, line)
            case Sum(basis=basis, members=members):
                return self.basis_sort(basis, members, line)
            case Limit(basis=Basis.PARTS):
                message = "A limit is on whole or exact amounts."
                raise Fault("BASIS", message, 0, ("whole", "exact"))
            case Limit(limit=limit):
                self.whole(limit)
                return Sort.WHOLE

    def whole(self, formula: Formula | None) -> None:
        """A formula used once a bill: a part is summed over the segments, a level refused."""
        if formula is not None and self.formulas.number(formula).sort is Sort.LEVEL:
            message = "This differs between segments: say first(), last(), share() or bill.x."
            raise Fault("DOES_NOT_ADD_UP", message).at(formula.place)

    def percent_sort(self, form: Percent, line: Line) -> Sort:
        sort = self.formulas.number(form.rate).sort
        if sort is Sort.PART:
            message = "A percentage is a level, not a part of the bill."
            raise Fault("RATE_IS_PART", message).at(form.rate.place)
        if sort is Sort.LEVEL and form.basis is not Basis.PARTS:
            message = "This rate can change inside a bill: say basis: parts."
            raise Fault("RATE_CHANGES", message, 0, ("basis: parts",)).at(form.rate.place)
        if form.basis is Basis.TIERS:
            for member in self.above(form.members):
                if not member.itemised:
                    message = f"basis: tiers needs members with 'each'; {member.id} has none."
                    raise Fault("BASIS", message)
        return self.basis_sort(form.basis, form.members, line)

    def basis_sort(self, basis: Basis, members: Members, line: Line) -> Sort:
        if basis is not Basis.PARTS or not self.analysis.multi:
            return Sort.WHOLE
        for member in self.above(members):
            if self.analysis.lines.get(member.id) is not Sort.PART:
                message = f"{line.id}: basis: parts, but {member.id} is computed once a bill."
                raise Fault("BASIS", message)
        return Sort.PART

    # -- total and states

    def total(self, total: Total) -> None:
        with self.findings.noting(total.place):
            if total.basis is Basis.PARTS:
                message = "A total is of whole or exact amounts."
                raise Fault("BASIS", message, 0, ("whole", "exact"))
            for formula in (total.formula, total.at_least, total.at_most):
                self.whole(formula)

    def state(self, state: State) -> None:
        with self.findings.noting(state.place):
            self.whole(state.push)
            self.step(state)
        self.formulas.stepping = False
        if state.next is None and state.history is None:
            message = f"The state {state.name} needs 'next', or 'history' and 'push'."
            self.findings.refuse(state.place, "STATE", message)

    def step(self, state: State) -> None:
        """A state steps once a segment: what is added to it must add up over segments.

        While stepping, a state counts as a part: `used + kwh` passes, `used + bill.kwh`
        and `n + 1` do not.
        """
        if state.next is not None:
            self.formulas.stepping = True
            self.formulas.number(state.next)
