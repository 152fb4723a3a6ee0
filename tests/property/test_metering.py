"""Metering over columns against a plain model: loops, dictionaries, Fractions."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billcore.core.metering.exact import half_up, product
from billcore.core.metering.findings import Source
from billcore.core.metering.policy import ReadingPolicy
from billcore.core.metering.split import split, split_remainder
from billcore.core.metering.usage import MISSING, Periods, UsageFlag, segments, usage
from billcore.core.money import Mode, divide
from billcore.core.store.port import OPEN_DAY
from tests.metering_world import account, counted, installation, installed, ints, read

BIG = st.integers(-(10**30), 10**30)


@given(st.lists(BIG, min_size=1, max_size=5), st.integers(1, 10**20))
def test_products_and_rounding_are_exact(numbers: list[int], by: int) -> None:
    column = np.array(numbers, dtype=object)
    assert product(column, by).tolist() == [n * by for n in numbers]
    below = np.full(len(numbers), by, dtype=object)
    wanted = [divide(n, by, Mode.HALF_UP) for n in numbers]
    assert half_up(column, below).tolist() == wanted


@given(
    st.integers(-(10**15), 10**15),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any),
)
def test_a_split_is_the_whole_and_near_its_quota(whole: int, weights: list[int]) -> None:
    parts = split(whole, ints(*weights)).tolist()
    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(whole * weight, sum(weights))) < 1
    rest = split_remainder(whole, ints(*weights), ints(*weights)).tolist()
    assert sum(rest) == whole


# -- usage of a random agreement


@dataclass
class Stretch:
    """A meter from one reading day to another, by its true turns between reading days."""

    meter: int
    start: int
    end: int
    multiplier: tuple[int, int]
    decimals: int
    dials: dict[int, int]


@st.composite
def agreements(draw: st.DrawFn) -> tuple[list[Stretch], tuple[int, int, int], set[int]]:
    """Stretches of meters, a share, the days that are estimated."""
    days = sorted(draw(st.sets(st.integers(1, 400), min_size=3, max_size=12)))
    meter, stretches, index = 1, [], 0
    while index < len(days) - 1:
        stop = draw(st.integers(index + 1, len(days) - 1))
        dial = draw(st.integers(0, 999))
        dials = {days[index]: dial}
        for on in days[index + 1 : stop + 1]:
            dial = (dial + draw(st.integers(0, 499))) % 1000
            dials[on] = dial
        multiplier = draw(st.sampled_from([(1, 0), (20, 0), (155, 1), (3, 3)]))
        decimals = draw(st.integers(0, 2))
        stretches.append(Stretch(meter, days[index], days[stop], multiplier, decimals, dials))
        index, meter = stop, meter + 1
    of = draw(st.integers(1, 9))
    before = draw(st.integers(0, of - 1))
    share = before, draw(st.integers(1, of - before)), of
    return stretches, share, draw(st.sets(st.sampled_from(days), max_size=2))


def plain(stretches: list[Stretch], share: tuple, previous: int, this: int, guessed: set) -> tuple:
    """(usage, flags without those of how meters follow) in Fractions and loops."""
    total, flags = Fraction(), UsageFlag(0)
    for s in stretches:
        opening, closing = max(previous, s.start), min(this, s.end)
        if opening >= closing:
            continue
        if opening not in s.dials:
            flags |= UsageFlag.OPENING_MISSING
        if closing not in s.dials:
            flags |= UsageFlag.CLOSING_MISSING
        if opening not in s.dials or closing not in s.dials:
            continue
        turns = s.dials[closing] - s.dials[opening]
        if turns <= -500:
            turns += 1000
        elif turns > 500 and {opening, closing} & guessed:
            turns -= 1000
        scale = 10 ** (s.decimals + s.multiplier[1])
        whole = turns * s.multiplier[0]
        before, own, of = share
        part = floor(Fraction(whole * (before + own), of)) - floor(Fraction(whole * before, of))
        total += Fraction(part, scale)
    return total, flags


def table_of(stretches: list[Stretch], share: tuple, of: int = 1):
    rows = [
        installation(
            s.meter,
            start=s.start,
            end=s.end if s is not stretches[-1] else OPEN_DAY,
            of=of,
            digits=3,
            decimals=s.decimals,
            multiplier=s.multiplier,
            share=share,
        )
        for s in stretches
    ]
    stretches[-1].end = OPEN_DAY
    return installed(*rows)


@settings(max_examples=300)
@given(agreements(), st.data())
def test_usage_is_that_of_the_plain_model(agreement: tuple, data: st.DataObject) -> None:
    stretches, share, guessed = agreement
    table = table_of(stretches, share)
    line = counted(
        table,
        *(
            read(s.meter, d, v, estimated=d in guessed)
            for s in stretches
            for d, v in s.dials.items()
        ),
    )
    days = sorted({d for s in stretches for d in s.dials})
    previous = data.draw(st.sampled_from(days[:-1]))
    this = data.draw(st.one_of(st.sampled_from(days), st.integers(2, 400)))
    found = usage(table, line, Periods(ints(account(1)), ints(1), ints(previous), ints(this)))
    if this <= previous:
        assert not len(found.usage)
        return
    total, flags = plain(stretches, share, previous, this, guessed)
    assert UsageFlag(int(found.flags[0])) & MISSING == flags
    if not flags:
        assert Fraction(int(found.usage[0]), 10 ** int(found.decimals[0])) == total


@settings(max_examples=100)
@given(agreements(), st.lists(st.integers(1, 400), max_size=4))
def test_segments_of_unshared_meters_sum_to_the_period(agreement: tuple, cuts: list[int]) -> None:
    stretches, _, _ = agreement
    table = table_of(stretches, (0, 1, 1))
    line = counted(table, *(read(s.meter, d, v) for s in stretches for d, v in s.dials.items()))
    days = sorted({d for s in stretches for d in s.dials})
    whole = Periods(ints(account(1)), ints(1), ints(days[0]), ints(days[-1]))
    parts, origin = segments(table, line, whole, np.zeros(len(cuts), dtype=int), ints(*cuts))
    assert set(parts.this_day.tolist()) == {days[-1], *(set(cuts) & set(days[1:-1]))}
    assert not origin.any()
    found = usage(table, line, parts)
    assert not (found.flags & MISSING).any()
    pieces = [
        Fraction(u, 10**d)
        for u, d in zip(found.usage.tolist(), found.decimals.tolist(), strict=True)
    ]
    longest = max(max(s.dials) - min(s.dials) for s in stretches)
    assert longest  # segments may see turns that the whole takes for the shorter way round
    apart, _ = plain_sum(stretches, parts)
    assert sum(pieces) == apart


def plain_sum(stretches: list[Stretch], parts: Periods) -> tuple[Fraction, int]:
    pairs = zip(parts.previous_day.tolist(), parts.this_day.tolist(), strict=True)
    found = [plain(stretches, (0, 1, 1), previous, this, set())[0] for previous, this in pairs]
    return sum(found, Fraction()), len(found)


@given(st.integers(1, 9), st.integers(-(10**6), 10**6))
def test_the_shares_of_a_meter_are_the_whole(of: int, turns: int) -> None:
    rows = [installation(of=n + 1, digits=12, share=(n, 1, of)) for n in range(of)]
    table = installed(*rows)
    start = 10**6
    line = counted(
        table,
        *(read(1, 10, start, of=n + 1, estimated=True) for n in range(of)),
        *(read(1, 20, start + turns, of=n + 1) for n in range(of)),
    )
    accounts = ints(*(account(n + 1) for n in range(of)))
    ones = np.ones(of, dtype=np.int64)
    found = usage(table, line, Periods(accounts, ones, ones * 10, ones * 20))
    assert int(found.usage.sum()) == turns


@pytest.mark.parametrize("source", list(Source))
def test_a_policy_takes_the_strictest_action(source: Source) -> None:
    """Column by column what the table of actions says, finding by finding."""
    policy = ReadingPolicy()
    every = np.arange(1 << 15)
    found = policy.statuses(every, np.full(len(every), int(source)))
    for bits in (0, 1, 9, 64, 128, 129, 1 << 13, (1 << 15) - 1):
        actions = {a.value for f, a in policy.actions[source].items() if bits & f}
        good = "ESTIMATED" if source is Source.ESTIMATE else "ACCEPTED"
        wanted = (
            4 if "reject" in actions else 3 if "hold" in actions else (2 if good[0] == "E" else 1)
        )
        assert found[bits] == wanted
