"""Document and shape of a bill -> straight-line program (`Ir`).

A shape is the list of a bill's segments, each a `Variant`: version, season, active
lines, states that start anew, and the choices; they fold to constants, so that one
program serves all bills of the shape. What the words mean stands in `reference`;
the compiler must agree with it, and the tests compare them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from billcore.core.tariff.checks.sorts import Analysis
from billcore.core.tariff.ir import Ir
from billcore.core.tariff.language.document import Document
from billcore.core.tariff.program.builder import CanBeZero, TooWide
from billcore.core.tariff.program.formulas import Formulas
from billcore.core.tariff.program.lines import Lines
from billcore.core.tariff.program.scope import Binding, Scope, Variant

__all__ = ["Binding", "Compiled", "Variant", "compile_shape"]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program and what its columns are."""

    ir: Ir
    bindings: tuple[Binding, ...]


def compile_shape(document: Document, analysis: Analysis, shape: Sequence[Variant]) -> Compiled:
    """The program of all bills of a shape.

    Raises TariffInvalid, located, when a step cannot be proved exact.
    """
    scope = Scope(document, analysis, tuple(shape))
    try:
        ir = scope.build.ir(_outputs(scope))
    except TooWide:
        message = (
            "This step needs more than 126 bits: round before it, or lower the 'max' or "
            "'decimals' of the inputs it uses."
        )
        raise scope.refused("TOO_WIDE", message) from None
    except CanBeZero:
        message = (
            "This divisor can be 0 (or change its sign): give its input a 'min' above 0, or "
            "guard it with if(x > 0, ..., ...)."
        )
        raise scope.refused("DIVISION_BY_ZERO", message) from None
    return Compiled(ir, tuple(scope.bindings.values()))


def _outputs(scope: Scope) -> dict[str, int]:
    """The registers of all output columns: lines, total, states."""
    formulas = Formulas(scope)
    formulas.inputs.all()
    lines = Lines(formulas)
    found = lines.all()
    scope.place = scope.document.total.place
    return found | lines.total() | _state_outputs(formulas)


def _state_outputs(formulas: Formulas) -> dict[str, int]:
    """`state:name` after the bill; of a history, the value to push."""
    scope = formulas.scope
    found = {}
    for name, spec in scope.document.states.items():
        if spec.push is not None:
            scope.place = spec.push.place
            val = formulas.kept(name, formulas.whole(spec.push))
        else:
            val = formulas.state_after(name, len(scope.shape) - 1)
        found[f"state:{name}"] = scope.build.at(val, Fraction(1, 10**spec.decimals), ())
    return found
