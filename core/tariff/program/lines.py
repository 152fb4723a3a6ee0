"""Lines and the total as steps of a program; see `reference` for what they mean."""

from collections.abc import Sequence
from fractions import Fraction

from billcore.core.money import Mode, Rounding
from billcore.core.tariff.language.document import (
    Basis,
    Form,
    Is,
    Limit,
    Line,
    Members,
    Percent,
    Sum,
    Tiers,
)
from billcore.core.tariff.program.builder import ZERO, Builder, Mask, Val, whole_multiple
from billcore.core.tariff.program.formulas import Formulas
from billcore.core.tariff.program.scope import LineValue


class Lines:
    """Lines from top to bottom; those so far are `scope.lines`."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.scope = formulas.scope
        self.document = formulas.document
        self.build = formulas.build

    def all(self) -> dict[str, int]:
        """The output columns of lines and their tiers, by name."""
        for line in self.document.lines:
            self.scope.place = line.place
            self.scope.lines[line.id] = self.line(line)
        found: dict[str, int] = {}
        for line in self.document.lines:
            value, unit = self.scope.lines[line.id], self.unit(line)
            found[line.id] = self.build.at(value.posted, unit, ())
            if line.itemised:
                found |= self.sub_line_columns(line, value)
        return found

    def sub_line_columns(self, line: Line, value: LineValue) -> dict[str, int]:
        """id[1], id[2] ...: as many as the longest table of any version has."""
        count, unit = self.scope.analysis.sub_lines[line.id], self.unit(line)
        tiers = [*value.tiers, *[ZERO] * count][:count]
        posted = [self.build.at(_half_up(self.build, t, unit), unit, ()) for t in tiers]
        return {f"{line.id}[{n}]": register for n, register in enumerate(posted, 1)}

    def unit(self, line: Line) -> Fraction:
        """What a line's column counts: the unit of account, or a quantity's decimals."""
        return Fraction(1, 10 ** self.document.line_digits(line))

    def line(self, line: Line) -> LineValue:
        build = self.build
        has_parts = self.scope.analysis.has_parts(line)
        every = self.scope.every if has_parts else range(1)
        applies = [self.applies(line, k) for k in every]
        rows = [self.part_rows(line, k, applies[k]) for k in every]
        parts = [build.sum(r) for r in rows]
        if line.round_parts is not None:
            parts = [build.round(p, line.round_parts) for p in parts]
        tiers = self.sub_lines(line, rows)
        exact = build.sum(parts)
        if line.each is not None and tiers:
            exact = build.sum(tiers)
        amount = exact if line.rounding is None else build.round(exact, line.rounding)
        shown = amount if line.show is None else build.round(amount, line.show)
        posted = _half_up(build, shown, self.unit(line))
        return LineValue(exact, amount, posted, tuple(parts) if has_parts else (), tuple(tiers))

    def applies(self, line: Line, k: int) -> Mask:
        """Whether a line stands in segment k: by its dates and its `when`."""
        if not self.scope.shape[k].active[self.document.lines.index(line)]:
            return False
        return True if line.when is None else self.formulas.condition(line.when.expr, k)

    def part_rows(self, line: Line, k: int, applies: Mask) -> list[Val]:
        """What makes up the line in a segment: its tiers, or its one value; 0 if it is absent."""
        if applies is False:
            return [ZERO]
        with self.build.under(applies):
            rows = self.form_rows(line.form, k)
        return [self.build.select(applies, r, ZERO) for r in rows]

    def form_rows(self, form: Form, k: int) -> list[Val]:
        build = self.build
        match form:
            case Is(formula=formula):
                return [self.formulas.formula(formula, k)]
            case Tiers():
                return self.formulas.fills(form, k)
            case Percent(rate=rate, members=members, basis=basis):
                level = self.formulas.formula(rate, k)
                if basis is Basis.TIERS:
                    return [build.mul(level, t) for m in self.members(members) for t in m.tiers]
                return [build.mul(level, self.basis_sum(members, basis, k))]
            case Sum(members=members, basis=basis):
                return [self.basis_sum(members, basis, k)]
            case Limit():
                return [self.limit(form)]

    def sub_lines(self, line: Line, rows: Sequence[Sequence[Val]]) -> list[Val]:
        """The amount of each tier over the bill, rounded by `each`."""
        longest = max(len(r) for r in rows)
        found = [self.build.sum(r[n] for r in rows if n < len(r)) for n in range(longest)]
        return found if line.each is None else [self.build.round(t, line.each) for t in found]

    def members(self, members: Members) -> list[LineValue]:
        """The members among the lines so far."""
        lines = self.scope.lines
        return [lines[x.id] for x in self.document.members(members, len(lines))]

    def basis_sum(self, members: Members, basis: Basis, k: int) -> Val:
        found = self.members(members)
        match basis:
            case Basis.WHOLE:
                return self.build.sum(m.amount for m in found)
            case Basis.EXACT:
                return self.build.sum(m.exact for m in found)
            case Basis.PARTS:
                return self.build.sum(m.part(k) for m in found)
            case Basis.TIERS:
                return self.build.sum(t for m in found for t in m.tiers)

    def limit(self, form: Limit) -> Val:
        have = self.basis_sum(form.members, form.basis, 0)
        rest = self.build.sub(self.formulas.whole(form.limit), have)
        return self.build.max(rest, ZERO) if form.lowest else self.build.min(rest, ZERO)

    # -- total

    def total(self) -> dict[str, int]:
        """The output columns `rounding`, what is carried, and `total`, by name."""
        build, total = self.build, self.document.total
        exact = self.total_exact()
        carried = ZERO if total.carry is None else self.formulas.inputs.carried(total.carry)
        due = build.add(exact, carried)
        payable = due if total.rounding is None else build.round(due, total.rounding)
        left = build.sub(due, payable)
        self.must_count(payable, "The total")
        if total.carry is not None:
            self.must_count(left, "The carried remainder")
        counted = build.sum(self.scope.lines[x.id].posted for x in self.document.lines if x.counts)
        odd = build.sub(payable, counted)
        carries: dict[str, int] = {}
        if total.carry is not None:
            odd = build.add(build.sub(odd, carried), left)
            carries = {"carried_in": self.count(carried), "carried_out": self.count(left)}
        return {"rounding": self.count(odd), **carries, "total": self.count(payable)}

    def count(self, val: Val) -> int:
        """The register that counts a value in units of account."""
        return self.build.at(val, Fraction(1, 10**self.document.digits), ())

    def total_exact(self) -> Val:
        """The total between its limits, before what is carried and before rounding."""
        build, total, whole = self.build, self.document.total, self.formulas.whole
        if total.formula is not None:
            found = whole(total.formula)
        else:
            assert total.members is not None
            found = self.basis_sum(total.members, total.basis, 0)
        if total.at_least is not None:
            found = build.max(found, whole(total.at_least))
        if total.at_most is not None:
            found = build.min(found, whole(total.at_most))
        return found

    def must_count(self, val: Val, what: str) -> None:
        if not whole_multiple(val, Fraction(1, 10**self.document.digits)):
            message = (
                f"{what} is not always a whole number of units of account "
                f"({self.document.digits} decimals): "
                "round the lines or the total, or state money.decimals."
            )
            raise self.scope.refused("TOTAL_NOT_WHOLE", message)


def _half_up(build: Builder, val: Val, unit: Fraction) -> Val:
    return build.round(val, Rounding(unit, Mode.HALF_UP))
