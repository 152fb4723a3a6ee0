"""Random bills of any document: what property tests and `bench-exact` feed the engines."""

import random
from fractions import Fraction
from functools import lru_cache

from billcore.core.tariff.bill import Bill, History, Number
from billcore.core.tariff.checks.infer import DECIMAL_KEY
from billcore.core.tariff.language.analysis import all_formulas
from billcore.core.tariff.language.document import (
    Cell,
    Document,
    InputSpec,
    Kind,
    Record,
    Rows,
    State,
)
from billcore.core.tariff.language.expression import Expr, Index, Name, children, walk
from billcore.core.tariff.tariff import Tariff

NEAR_DAYS = 500

KEY_SHARE = 0.7
"""How often a number that selects from a map of decimals is one of its keys."""


def random_bill(tariff: Tariff, rng: random.Random) -> Bill:
    """A bill near a version's start, with quantities small, large, zero and on bounds."""
    document = tariff.document
    days = rng.choice([1, 28, 30, 31, 61, rng.randint(1, document.period.days_max)])
    this = border(document, rng) + rng.randint(0, NEAR_DAYS)
    inputs = {n: random_input(s, document, rng) for n, s in document.inputs.items()}
    return Bill(
        inputs,
        previous=this - days,
        this=this,
        changes=random_changes(document, this - days, this, rng),
        state=random_state(document, rng),
    )


def border(document: Document, rng: random.Random) -> int:
    """The first day of a version."""
    return rng.choice([v.start for v in document.versions])


def random_changes(
    document: Document, previous: int, this: int, rng: random.Random
) -> list[tuple[int, str, Number]]:
    """Up to three new values of attributes, on days inside the period."""
    specs = [s for s in document.inputs.values() if s.per_segment and s.kind is not Kind.QUANTITY]
    if not specs or this - previous < 3 or rng.random() < 0.5:
        return []
    days = sorted(
        rng.sample(range(previous + 2, this + 1), rng.randint(1, min(3, this - previous - 1)))
    )
    return [
        (day, spec.name, random_input(spec, document, rng))
        for day in days
        for spec in [rng.choice(specs)]
    ]


def random_input(spec: InputSpec, document: Document, rng: random.Random) -> Number:
    if spec.kind is Kind.CHOICE:
        return rng.choice(spec.oneof)
    if spec.kind is Kind.FLAG:
        return Fraction(rng.randint(0, 1))
    decimals = document.input_digits(spec)
    lo, hi = int(spec.lo * 10**decimals), int(spec.hi * 10**decimals)
    keys = [k for k in map_keys(document).get(spec.name, ()) if fits(k, spec, decimals)]
    if keys and rng.random() < KEY_SHARE:
        return rng.choice(keys)
    return Fraction(random_integer(lo, hi, 10**decimals, rng), 10**decimals)


def fits(key: Fraction, spec: InputSpec, decimals: int) -> bool:
    return spec.lo <= key <= spec.hi and (key * 10**decimals).denominator == 1


@lru_cache
def map_keys(document: Document) -> dict[str, list[Fraction]]:
    """Of each input that selects from a map of decimals: the keys of that map, in all versions."""
    found: dict[str, set[Fraction]] = {}
    for formula in all_formulas(document):
        for node in walk(formula.expr):
            if isinstance(node, Index) and isinstance(node.key, Name):
                for version in document.versions:
                    keys = found.setdefault(node.key.id, set())
                    keys |= decimal_keys(version.cells.get(root(node.base)))
    return {name: sorted(keys) for name, keys in found.items()}


def root(expr: Expr) -> str:
    """The name before all `[key]` and `.column`."""
    while not isinstance(expr, Name) and children(expr):
        expr = children(expr)[0]
    return expr.id if isinstance(expr, Name) else ""


def decimal_keys(cell: Cell | None) -> set[Fraction]:
    """The decimals among the keys of all maps inside a cell."""
    match cell:
        case Record(cells=cells):
            own = {Fraction(key) for key in cells if DECIMAL_KEY.fullmatch(key)}
            return own.union(*map(decimal_keys, cells.values()))
        case Rows(rows=rows):
            return set().union(*(decimal_keys(c) for row in rows for c in row.cells.values()))
    return set()


def random_integer(lo: int, hi: int, one: int, rng: random.Random) -> int:
    """Mostly everyday sizes; whole units and round numbers often, ends and 0 sometimes."""
    kind = rng.random()
    if kind < 0.08:
        found = rng.choice([lo, hi, 0, lo + 1, hi - 1])
    elif kind < 0.5:
        found = rng.randrange(1000) * one + rng.choice([0, 0, 1, -1])
    elif kind < 0.9:
        found = rng.randrange(1000 * one)
    else:
        found = rng.randint(lo, hi)
    return min(max(found, lo), hi)


def random_state(document: Document, rng: random.Random) -> dict[str, Fraction | History]:
    """Running values within their limits, and histories short and too long."""
    found: dict[str, Fraction | History] = {}
    for name, spec in document.states.items():
        if spec.history:
            count = rng.randint(0, spec.history + 2)
            found[name] = tuple((rng.randint(1, 12), random_value(spec, rng)) for _ in range(count))
        else:
            found[name] = random_value(spec, rng)
    if document.total.carry is not None:
        found[document.total.carry] = Fraction(rng.randint(-(10**4), 10**4), 10**document.digits)
    return found


def random_value(spec: State, rng: random.Random) -> Fraction:
    one = 10**spec.decimals
    lo, hi = int(spec.lo * one), int(spec.hi * one)
    return Fraction(random_integer(lo, hi, one, rng), one)
