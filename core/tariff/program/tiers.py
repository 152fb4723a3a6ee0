"""Quantities through tables of rows, as steps of a program."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from billcore.core.money import Rounding
from billcore.core.tariff.ir import TierBlock
from billcore.core.tariff.program.builder import ZERO, Builder, Mask, Val
from billcore.core.tariff.status import Status


@dataclass(frozen=True, slots=True)
class TierRow:
    """A row with its scaled bounds; upper None: open. reprice: from zero at its rate."""

    lower: Val
    upper: Val | None
    inclusive: bool
    rate: Val
    base: Val | None
    over: Val | None
    reprice: bool


def price(build: Builder, rows: Sequence[TierRow], q: Val) -> list[Val]:
    """The amount of each row of a graduated table; of any other the one amount."""
    _fail_above(build, rows[-1], q)
    if any(r.reprice or r.base is not None for r in rows):
        return [_stepped(build, rows, q)]
    return _graduated(build, rows, q)


def price_between(build: Builder, rows: Sequence[TierRow], start: Val, q: Val) -> list[Val]:
    """price(start + q) - price(start), row by row."""
    upto, before = price(build, rows, build.add(start, q)), price(build, rows, start)
    return [build.sub(a, b) for a, b in zip(upto, before, strict=True)]


def _fail_above(build: Builder, last: TierRow, q: Val) -> None:
    if last.upper is not None:
        held = build.within(q, last.upper, last.inclusive)
        build.fail(build.negate(held), Status.ABOVE_LAST_ROW)


# -- graduated tables: every row adds its own part of the quantity


def _graduated(build: Builder, rows: Sequence[TierRow], q: Val) -> list[Val]:
    if q.register is None:
        return _priced(build, _constant_fills(build, rows, q), rows)
    uppers = [r.upper for r in rows if r.upper is not None]
    registers, scale, below = build.align([q, *uppers])
    reached: Val | None = None
    fills: list[Val] = []
    for n, row in enumerate(rows):
        x = Val(registers[0], scale, below)
        if row.upper is not None:
            x = build.min(x, Val(registers[n + 1], scale, below))
        fills.append(x if reached is None else build.sub(x, reached))
        reached = x
    amounts = _priced(build, fills, rows)
    _hint(build, registers, fills, amounts, rows)
    return amounts


def _priced(build: Builder, fills: Sequence[Val], rows: Sequence[TierRow]) -> list[Val]:
    return [build.mul(fill, row.rate) for fill, row in zip(fills, rows, strict=True)]


def _constant_fills(build: Builder, rows: Sequence[TierRow], q: Val) -> list[Val]:
    reached = [q if r.upper is None else build.min(q, r.upper) for r in rows]
    return [build.sub(x, reached[n - 1]) if n else x for n, x in enumerate(reached)]


def _hint(
    build: Builder,
    registers: Sequence[int],
    fills: Sequence[Val],
    amounts: Sequence[Val],
    rows: Sequence[TierRow],
) -> None:
    """Tells executors that these registers are one graduated table."""
    uptos = tuple(registers[n + 1] if r.upper is not None else None for n, r in enumerate(rows))
    filled = tuple(f.register for f in fills if f.register is not None)
    priced = tuple(a.register for a in amounts if a.register is not None)
    if len(filled) == len(priced) == len(rows):
        build.tier_blocks.append(TierBlock(registers[0], uptos, filled, priced))


# -- tables that re-price or step: the row that the quantity reaches says it all


def _stepped(build: Builder, rows: Sequence[TierRow], q: Val) -> Val:
    amounts: list[tuple[Mask, Val]] = []
    carried = ZERO
    for row in rows:
        here = build.within(q, row.upper, row.inclusive)
        amounts.append((here, _row_amount(build, row, q, carried)))
        if row.upper is not None:
            carried = _row_amount(build, row, row.upper, carried)
    return build.first_of(amounts[:-1], amounts[-1][1])


def _row_amount(build: Builder, row: TierRow, q: Val, carried: Val) -> Val:
    """What q costs if it ends in this row. carried: the cost of the rows below."""
    if row.base is not None:
        over = row.lower if row.over is None else row.over
        return build.add(row.base, build.mul(row.rate, build.sub(q, over)))
    if row.reprice:
        return build.mul(row.rate, q)
    return build.add(carried, build.mul(row.rate, build.sub(q, row.lower)))


# -- tiers of the whole bill, split over segments


def split(
    build: Builder,
    rows: Sequence[TierRow],
    q: Val,
    mine: Val,
    share: Callable[[Val], Val],
    rounding: Rounding,
) -> list[Val]:
    """A segment's amount of each tier of q: full tiers shared and rounded.

    The highest tier reached takes the rest of `mine`, the segment's part of q.
    """
    _fail_above(build, rows[-1], q)
    found: list[Val] = []
    taken = ZERO
    done: Mask = False
    for row in rows:
        here = build.within(q, row.upper, row.inclusive)
        filled = build.sub(mine, taken)
        if row.upper is not None:
            full = build.round(share(build.sub(row.upper, row.lower)), rounding)
            filled = build.select(here, filled, full)
            taken = build.add(taken, full)
        filled = build.select(done, ZERO, filled)
        done = build.either(done, here)
        found.append(build.mul(filled, row.rate))
    return found


# -- a table read backwards: what money buys


def bought(build: Builder, money: Val, rows: Iterable[tuple[Val | None, Val]], start: Val) -> Val:
    """The quantity that an amount buys, from position `start` of a graduated table.

    rows: (upper, rate), evaluated one by one.
    """
    got, lower, left = ZERO, ZERO, money
    branches: list[tuple[Mask, Val]] = []
    for upper, rate in rows:
        here = build.max(lower, start)
        room = None if upper is None else build.max(build.sub(upper, here), ZERO)
        branches.append(_ends(build, left, room, rate, got))
        if upper is None or room is None:
            break
        got, left = build.add(got, room), build.sub(left, build.mul(room, rate))
        lower = build.max(lower, upper)
    build.fail(build.negate(build.any_of(m for m, _ in branches)), Status.ABOVE_LAST_ROW)
    return build.first_of(branches, ZERO)


def _ends(build: Builder, left: Val, room: Val | None, rate: Val, got: Val) -> tuple[Mask, Val]:
    """(the money ends in this row, what it bought up to there)."""
    ends = build.compare("<", ZERO, rate)
    if room is not None:
        ends = build.both(ends, build.compare("<=", left, build.mul(room, rate)))
    if ends is False:
        return False, ZERO
    with build.under(ends):
        return ends, build.add(got, build.div(left, rate))
