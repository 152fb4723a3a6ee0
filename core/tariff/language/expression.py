"""The formulas of a tariff: text to a small syntax tree.

Goals: exact decimals, no surprises, a place for every mistake. Non-goals: names
and meaning (`check`), values (`reference`, `compiler`). Total by construction:
no loops, no recursion, no user functions.

    expr  = or ;  or = and {"or" and} ;  and = not {"and" not} ;  not = ["not"] cmp
    cmp   = sum [("<"|"<="|">"|">="|"=="|"!=") sum]
    sum   = term {("+"|"-") term} ;  term = unary {("*"|"/") unary} ;  unary = ["-"] post
    post  = atom {"[" expr {"," expr} "]" | "." name}
    atom  = number ["%"] | name | "text" | "(" expr ")" | function "(" args ")"
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from billcore.core.money import NUMBER_DIGITS_MAX, decimals_of, exact_text

TEXT_CHARS_MAX = 4000
TOKENS_MAX = 400
DEPTH_MAX = 40

FUNCTIONS: dict[str, tuple[int, int]] = {
    "if": (3, 3),
    "min": (2, 16),
    "max": (2, 16),
    "abs": (1, 1),
    "floor": (1, 1),
    "ceil": (1, 1),
    "round": (3, 3),
    "share": (1, 1),
    "first": (1, 1),
    "last": (1, 1),
    "part": (1, 1),
    "exact": (1, 1),
    "highest": (1, 2),
    "lowest": (1, 2),
    "sum_of": (1, 2),
    "count_of": (1, 1),
    "power_factor": (3, 3),
    "units_for": (2, 3),
}
"""Every function and how many arguments it takes (fewest, most)."""

FOLDS = ("highest", "lowest", "sum_of", "count_of")
"""Functions of a history: what its entries come to, 0 without entries."""


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction
    column: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A choice value in quotes, for those that are not plain names."""

    value: str
    column: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    id: str
    column: int = 0


@dataclass(frozen=True, slots=True)
class Whole:
    """`bill.x`: x over the whole bill."""

    id: str
    column: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    base: "Expr"
    name: str
    column: int = 0


@dataclass(frozen=True, slots=True)
class Index:
    base: "Expr"
    key: "Expr"
    column: int = 0


@dataclass(frozen=True, slots=True)
class Negative:
    of: "Expr"
    column: int = 0


@dataclass(frozen=True, slots=True)
class Binary:
    """op is one of + - * / < <= > >= == != and or."""

    op: str
    left: "Expr"
    right: "Expr"
    column: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    of: "Expr"
    column: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple["Expr", ...]
    column: int = 0


Expr = Number | Text | Name | Whole | Field | Index | Negative | Binary | Not | Call


class ExpressionError(ValueError):
    """A formula that does not read; `column` is 0-based within its text."""

    def __init__(self, message: str, column: int, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.column = column
        self.allowed = allowed


_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d+)?%?)(?![\w.])
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<text>"[^"]*"|'[^']*')
  | (?P<op><=|>=|==|!=|[-+*/()<>,.\[\]])
  )""",
    re.VERBOSE | re.ASCII,
)
_SLIPS = (
    (r"%", "'%' stands right behind its number, without a space, as 8%"),
    (r"[0-9]", "a number is plain, as 1250.5: no exponent, no separators, a digit at its end"),
    (r"=", "compare with =="),
    (r"&", "say 'and'"),
    (r"\|", "say 'or'"),
    (r"!", "say 'not'"),
    (r"\?", "say if(condition, a, b)"),
    (r"\^", "there are no powers: multiply"),
    (r"['\"]", "this quotation mark is never closed"),
    (r"[^\x00-\x7f]", "write it in ASCII: digits 0 to 9, + - * / and straight quotes"),
)
"""How an unreadable rest of a formula begins -> what to write instead."""

_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_END = ("end", "", -1)


def parse(text: str) -> Expr:
    """The tree of a formula. Raises ExpressionError with a column."""
    if len(text) > TEXT_CHARS_MAX:
        raise ExpressionError(f"A formula has at most {TEXT_CHARS_MAX} characters.", 0)
    tokens = list(_tokens(text))
    if len(tokens) > TOKENS_MAX:
        raise ExpressionError(f"A formula has at most {TOKENS_MAX} words: name a part of it.", 0)
    parser = _Parser(tokens, len(text))
    result = parser.expression()
    parser.expect_end()
    return result


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            column = position + len(text[position:]) - len(text[position:].lstrip())
            raise ExpressionError(_unreadable(text[column:]), column)
        kind = match.lastgroup or ""
        yield kind, match.group(kind), match.start(kind)
        position = match.end()


def _unreadable(rest: str) -> str:
    hints = (f": {hint}" for slip, hint in _SLIPS if re.match(slip, rest))
    return f"'{rest[:12]}' cannot be read here{next(hints, '')}."


class _Parser:
    def __init__(self, tokens: list[tuple[str, str, int]], length: int) -> None:
        self.tokens = tokens
        self.length = length
        self.at = 0
        self.depth = 0

    def peek(self) -> tuple[str, str, int]:
        return (
            self.tokens[self.at] if self.at < len(self.tokens) else (_END[0], _END[1], self.length)
        )

    def take(self) -> tuple[str, str, int]:
        token = self.peek()
        self.at += 1
        return token

    def accept(self, *symbols: str) -> str | None:
        kind, text, _ = self.peek()
        if kind in ("op", "name") and text in symbols:
            self.at += 1
            return text
        return None

    def expect(self, symbol: str) -> None:
        if not self.accept(symbol):
            _, text, column = self.peek()
            where = f"before '{text}'" if text else "at the end"
            raise ExpressionError(f"'{symbol}' is missing {where}.", column, (symbol,))

    def expect_end(self) -> None:
        kind, text, column = self.peek()
        if text == ",":
            message = "',' is too much here: a number has a point, and nothing between thousands."
            raise ExpressionError(message, column)
        if kind != "end":
            message = f"'{text}' is too much here: remove it, or put an operator before it."
            raise ExpressionError(message, column)

    def expression(self) -> Expr:
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise ExpressionError(f"Nested deeper than {DEPTH_MAX}.", self.peek()[2])
        result = self.disjunction()
        self.depth -= 1
        return result

    def disjunction(self) -> Expr:
        left = self.conjunction()
        while self.accept("or"):
            left = Binary("or", left, self.conjunction(), left.column)
        return left

    def conjunction(self) -> Expr:
        left = self.negation()
        while self.accept("and"):
            left = Binary("and", left, self.negation(), left.column)
        return left

    def negation(self) -> Expr:
        column = self.peek()[2]
        if self.accept("not"):
            return Not(self.comparison(), column)
        return self.comparison()

    def comparison(self) -> Expr:
        left = self.sum()
        op = self.accept(*_COMPARISONS)
        if op is None:
            return left
        right = self.sum()
        if self.peek()[1] in _COMPARISONS:
            raise ExpressionError("Comparisons do not chain: join two with 'and'.", self.peek()[2])
        return Binary(op, left, right, left.column)

    def sum(self) -> Expr:
        left = self.term()
        while op := self.accept("+", "-"):
            left = Binary(op, left, self.term(), left.column)
        return left

    def term(self) -> Expr:
        left = self.unary()
        while op := self.accept("*", "/"):
            left = Binary(op, left, self.unary(), left.column)
        return left

    def unary(self) -> Expr:
        column = self.peek()[2]
        if self.accept("-"):
            return Negative(self.postfix(), column)
        return self.postfix()

    def postfix(self) -> Expr:
        base = self.atom()
        while True:
            if self.accept("["):
                base = self.indexed(base)
            elif self.accept("."):
                base = self.field(base)
            else:
                return base

    def indexed(self, base: Expr) -> Expr:
        for key in self.arguments("]"):
            base = Index(base, key, key.column)
        return base

    def field(self, base: Expr) -> Expr:
        kind, text, column = self.take()
        if kind != "name":
            raise ExpressionError("A name is missing after '.'.", column)
        if isinstance(base, Name) and base.id == "bill":
            return Whole(text, base.column)
        return Field(base, text, column)

    def arguments(self, close: str) -> tuple[Expr, ...]:
        found = [self.expression()]
        while self.accept(","):
            found.append(self.expression())
        self.expect(close)
        return tuple(found)

    def atom(self) -> Expr:
        kind, text, column = self.take()
        if kind == "number":
            return _number(text, column)
        if kind == "text":
            return Text(text[1:-1], column)
        if kind == "op" and text == "(":
            inner = self.expression()
            self.expect(")")
            return inner
        if kind == "name" and text not in ("and", "or", "not"):
            return self.call(text, column) if self.accept("(") else Name(text, column)
        shown = f"'{text}'" if text else "the end"
        hint = ": write a zero before the point" if text == "." else ""
        raise ExpressionError(f"A number, a name or '(' belongs here, not {shown}{hint}.", column)

    def call(self, function: str, column: int) -> Expr:
        if function not in FUNCTIONS:
            raise ExpressionError(f"There is no function '{function}'.", column, tuple(FUNCTIONS))
        arguments = self.arguments(")")
        fewest, most = FUNCTIONS[function]
        if not fewest <= len(arguments) <= most:
            want = str(fewest) if fewest == most else f"{fewest} to {most}"
            raise ExpressionError(
                f"{function}() takes {want} values, not {len(arguments)}.", column
            )
        return Call(function, arguments, column)


def _number(text: str, column: int) -> Number:
    """Raises ExpressionError."""
    digits = sum(map(str.isdigit, text))
    if digits > NUMBER_DIGITS_MAX:
        message = f"A number of {digits} digits: at most {NUMBER_DIGITS_MAX} are allowed."
        raise ExpressionError(message, column)
    if text.endswith("%"):
        return Number(Fraction(text[:-1]) / 100, column)
    return Number(Fraction(text), column)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct sub-formulas."""
    match expr:
        case Negative(of=x) | Not(of=x) | Field(base=x):
            return (x,)
        case Index(base=x, key=y) | Binary(left=x, right=y):
            return (x, y)
        case Call(arguments=xs):
            return xs
    return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """The formula and all its sub-formulas."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def choice_word(expr: Expr) -> str | None:
    """The choice value that a formula spells: a name, a text, or digits; None for any other."""
    match expr:
        case Name(id=word) | Text(value=word):
            return word
        case Number(value=value) if value.denominator == 1:
            return str(value.numerator)
    return None


def figure_text(x: Fraction) -> str:
    """A number that stands alone: "-12.5", or "766000/3" where no decimal is exact."""
    if decimals_of(x.denominator) is None:
        return f"{x.numerator}/{x.denominator}"
    return exact_text(x)


def constant(expr: Expr) -> Fraction | None:
    """The value of a formula of numbers alone; None for any other, and for x / 0."""
    match expr:
        case Number(value=value):
            return value
        case Negative(of=of):
            inner = constant(of)
            return None if inner is None else -inner
        case Binary(op=op, left=left, right=right):
            a, b = constant(left), constant(right)
            return None if a is None or b is None else _folded(op, a, b)
    return None


def _folded(op: str, a: Fraction, b: Fraction) -> Fraction | None:
    match op:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b if b else None
    return None
