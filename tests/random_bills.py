"""Random bills of any document: what property tests and `bench-exact` feed the engines."""

import random
from fractions import Fraction

from billcore.core.tariff.bill import Bill, Number
from billcore.core.tariff.document import Document, InputSpec, Kind
from billcore.core.rating import columns_of
from billcore.core.tariff.tariff import Tariff

NEAR_DAYS = 500


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
    return rng.choice([v.start for v in document.versions])


def random_changes(
    document: Document, previous: int, this: int, rng: random.Random
) -> list[tuple[int, str, Number]]:
    names = [s for s in document.inputs.values() if s.per_segment and s.kind is not Kind.QUANTITY]
    if not names or this - previous < 3 or rng.random() < 0.5:
        return []
    days = sorted(
        rng.sample(range(previous + 2, this + 1), rng.randint(1, min(3, this - previous - 1)))
    )
    return [
        (day, spec.name, random_input(spec, document, rng))
        for day in days
        for spec in [rng.choice(names)]
    ]


def random_input(spec: InputSpec, document: Document, rng: random.Random) -> Number:
    if spec.kind is Kind.CHOICE:
        return rng.choice(spec.oneof)
    if spec.kind is Kind.FLAG:
        return Fraction(rng.randint(0, 1))
    decimals = document.digits if spec.kind is Kind.MONEY else spec.decimals
    lo, hi = int(spec.lo * 10**decimals), int(spec.hi * 10**decimals)
    return Fraction(random_integer(lo, hi, 10**decimals, rng), 10**decimals)


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


def random_state(
    document: Document, rng: random.Random
) -> dict[str, Fraction | tuple[tuple[int, Fraction], ...]]:
    found: dict[str, Fraction | tuple[tuple[int, Fraction], ...]] = {}
    for name, spec in document.states.items():
        one = 10**spec.decimals
        lo, hi = int(spec.lo * one), int(spec.hi * one)

        def value(lo: int = lo, hi: int = hi, one: int = one) -> Fraction:
            return Fraction(random_integer(lo, hi, one, rng), one)

        if spec.history:
            count = rng.randint(0, spec.history + 2)
            found[name] = tuple((rng.randint(1, 12), value()) for _ in range(count))
        else:
            found[name] = value()
    if document.total.carry is not None:
        found[document.total.carry] = Fraction(rng.randint(-(10**4), 10**4), 10**document.digits)
    return found


def needed(tariff: Tariff) -> set[str]:
    return {s.name for s in columns_of(tariff) if s.required}
