"""Formulas with their values written in, and the arithmetic to compute them again.

`written` turns `m3 * water_rate` into `(1310/341) * 3600`: every name, table cell and
function of the bill becomes an exact number, an `if` its chosen side. `computed`
evaluates such a text with nothing but the text.
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from billcore.core.money import Rounding
from billcore.core.tariff.ir import MODE_BY_NAME
from billcore.core.tariff.language.expression import (
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
    figure_text,
    parse,
)

ARITHMETIC = ("min", "max", "abs", "floor", "ceil", "round")
"""Functions that stay functions; the others stand for a number of the bill."""


def number_text(x: Fraction) -> str:
    """A number as formulas read it: plain, or in parentheses if it is negative or a quotient."""
    text = figure_text(x)
    return f"({text})" if x < 0 or "/" in text else text


def source(expr: Expr) -> str:
    """The formula as it is written in a document."""
    match expr:
        case Number(value=value):
            return number_text(value)
        case Text(value=value):
            return f'"{value}"'
        case Name(id=name):
            return name
        case Whole(id=name):
            return f"bill.{name}"
        case Field(base=base, name=name):
            return f"{source(base)}.{name}"
        case Index(base=base, key=key):
            return f"{source(base)}[{source(key)}]"
        case Negative(of=of):
            return f"-{source(of)}"
        case Not(of=of):
            return f"not {source(of)}"
        case Binary(op=op, left=left, right=right):
            return f"({source(left)} {op} {source(right)})"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(source(a) for a in arguments)})"


class Writer:
    """Writes values into formulas; `number` and `condition` ask the bill for them."""

    def __init__(
        self, number: Callable[[Expr], Fraction], condition: Callable[[Expr], bool]
    ) -> None:
        self.number = number
        self.condition = condition
        self.leaves: dict[str, Fraction] = {}

    def written(self, expr: Expr) -> str:
        match expr:
            case Number(value=value):
                return number_text(value)
            case Negative(of=of):
                return f"(-{self.written(of)})"
            case Binary(op=op, left=left, right=right) if op in ("+", "-", "*", "/"):
                return f"({self.written(left)} {op} {self.written(right)})"
            case Call(function="if", arguments=(condition, then, other)):
                return self.written(then if self.condition(condition) else other)
            case Call(function="round", arguments=(x, unit, Name(id=mode))):
                return f"round({self.written(x)}, {self.written(unit)}, {mode})"
            case Call(function=function, arguments=arguments) if function in ARITHMETIC:
                return f"{function}({', '.join(self.written(a) for a in arguments)})"
        value = self.number(expr)
        self.leaves[source(expr)] = value
        return number_text(value)


def computed(text: str) -> Fraction:
    """The value of a written formula, from its text alone."""
    return _value(parse(text))


def _value(expr: Expr) -> Fraction:
    match expr:
        case Number(value=value):
            return value
        case Negative(of=of):
            return -_value(of)
        case Binary(op="+", left=left, right=right):
            return _value(left) + _value(right)
        case Binary(op="-", left=left, right=right):
            return _value(left) - _value(right)
        case Binary(op="*", left=left, right=right):
            return _value(left) * _value(right)
        case Binary(op="/", left=left, right=right):
            return _value(left) / _value(right)
        case Call(function="round", arguments=(x, unit, Name(id=mode))):
            return Rounding(_value(unit), MODE_BY_NAME[mode]).apply(_value(x))
        case Call(function=function, arguments=arguments) if function in ARITHMETIC:
            return _function(function, [_value(a) for a in arguments])
    raise ValueError(f"'{source(expr)}' is not arithmetic")


def _function(function: str, values: list[Fraction]) -> Fraction:
    match function:
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "abs":
            return abs(values[0])
        case "floor":
            return Fraction(floor(values[0]))
    return Fraction(ceil(values[0]))
