"""Late fees of columns, of single items and of the plain model are the same, whatever the rule."""

from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from billcore.core.accounts.late_fees import (
    Band,
    Basis,
    Compound,
    Every,
    FeeKind,
    LateFeeRule,
    Rate,
    RateDay,
    YearRule,
)
from billcore.core.calendar import Calendar
from billcore.core.collections.late_fees.errors import LateFeeRuleUnfit
from billcore.core.collections.late_fees.fees import Debt, explained, fees, late_fee
from billcore.core.collections.late_fees.rates import Reference
from billcore.core.collections.late_fees.slices import Held, Slices
from billcore.core.ledger.account_entries import AMOUNT_MAX
from billcore.core.money import Mode
from billcore.core.store.port import OPEN_DAY
from tests import late_fee_model as model

FIRST = 738_000  # in July 2021
DAYS = st.integers(FIRST, FIRST + 900)
PER_MILLION = st.integers(0, 400_000)

SERIES = {
    "key_rate": (
        Reference(1, 75_000, "s", 1),
        Reference(FIRST + 100, 155_000, "s", FIRST + 90),
        Reference(FIRST + 130, 95_000, "s", FIRST + 120),
        Reference(FIRST + 500, 0, "s", FIRST + 490),
    )
}

rates = st.one_of(
    st.builds(Rate, per_million=PER_MILLION, day=st.sampled_from(RateDay)),
    st.builds(
        Rate,
        series=st.just("key_rate"),
        plus_per_million=st.integers(-100_000, 50_000),
        cap_per_million=st.sampled_from((0, 90_000)),
        cap_until_day=st.one_of(DAYS, st.just(OPEN_DAY)),
        day=st.sampled_from(RateDay),
    ),
)


@st.composite
def bands(draw):
    ends = sorted(draw(st.sets(st.integers(1, 200), max_size=3)))
    divisors = st.sampled_from((0, 130, 170, 300))
    return tuple(Band(end, draw(divisors)) for end in (*ends, 0))


@st.composite
def rules(draw):
    kind = draw(st.sampled_from([kind for kind in FeeKind if kind is not FeeKind.NONE]))
    own = {
        FeeKind.INTEREST: {"rate": rates, "basis": st.sampled_from(Basis)},
        FeeKind.BANDS: {"rate": rates, "bands": bands()},
        FeeKind.DAILY: {
            "per_million": PER_MILLION,
            "past_year_per_million": st.integers(-1, 5_000),
            "year_rule": st.sampled_from(YearRule),
        },
        FeeKind.PERCENT: {
            "per_million": PER_MILLION,
            "every": st.sampled_from(Every),
            "step_days": st.integers(1, 45),
            "at_once": st.booleans(),
            "most_steps": st.sampled_from((0, 1, 5)),
            "compound": st.sampled_from(Compound),
        },
    }[kind]
    grace = {} if kind is FeeKind.BANDS else {"grace_days": st.integers(0, 40)}
    if kind in (FeeKind.INTEREST, FeeKind.DAILY):
        grace["grace_counts"] = st.booleans()
    shared = {
        "payment_day": st.booleans(),
        "minimum": st.sampled_from((0, 100)),
        "unit": st.sampled_from((1, 5)),
        "mode": st.one_of(st.just(Mode.HALF_UP), st.sampled_from(Mode)),
    }
    values = {name: draw(one) for name, one in (own | grace | shared).items()}
    return LateFeeRule(name="drawn", kind=kind, **values)


amounts = st.one_of(st.integers(1, 10_000), st.integers(10**15, 10**17))


@st.composite
def items(draw):
    """(debts of one item, holds, whether it joins)."""
    due = draw(DAYS)
    paid = draw(st.lists(st.integers(0, 300), min_size=1, max_size=4))
    debts = [Debt(draw(amounts), due, due + late) for late in paid]
    starts = draw(st.lists(st.integers(-20, 200), max_size=3))
    held = [
        Held(draw(amounts), due + start, due + start + draw(st.integers(0, 60))) for start in starts
    ]
    return debts, held, draw(st.booleans())


GROWS = LateFeeRule(
    "r", FeeKind.PERCENT, per_million=400_000, every=Every.DAYS, step_days=1, compound=Compound.FULL
)


@settings(max_examples=400)
@example(rule=GROWS, many=[([Debt(10**17, FIRST, FIRST + 300)], [], False)])
@given(rule=rules(), many=st.lists(items(), min_size=1, max_size=5))
def test_columns_items_and_model_agree(rule, many):
    """The exact fee of each item, and what it is rounded to; its lines sum to it."""
    wanted = {}
    for number, (debts, held, joins) in enumerate(many):
        exact = model.fee(rule, debts, SERIES, held, joins)
        if exact > AMOUNT_MAX - 5:
            with (
                pytest.raises(LateFeeRuleUnfit, match="beyond")
                if exact > AMOUNT_MAX + 5
                else (suppress(LateFeeRuleUnfit))
            ):
                late_fee(debts, rule, SERIES, held=held, joins=joins)
            return
        found = late_fee(debts, rule, SERIES, held=held, joins=joins)
        assert found.exact == exact
        assert sum((line.amount for line in found.lines), Fraction(0)) == exact
        if rule.mode is Mode.HALF_UP:
            assert found.amount == model.rounded(rule, exact)
        wanted[number] = found.amount
    rows = [
        (number, *debt, joins)
        for number, (debts, _, joins) in enumerate(many)
        for debt in sorted(debts, key=lambda d: d.paid_day)
        if debt.paid_day > debt.due_day
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 5).T.copy()
    slices = Slices(*table[:4], table[4].astype(np.bool_))
    columns = fees(
        rule, slices, {n: held for n, (_, held, _) in enumerate(many)}, SERIES, Calendar.GREGORIAN
    )
    found = dict(zip(columns.item.tolist(), columns.amount.tolist(), strict=True))
    assert {n: found.get(n, 0) for n in wanted} == wanted


@given(rule=rules(), item=items(), cut=st.integers(1, 9_999))
def test_a_debt_in_two_parts_is_the_same_debt(rule, item, cut):
    """How a payment of a day was divided into payments changes nothing."""
    debts, held, joins = item
    split = [
        Debt(part, one.due_day, one.paid_day)
        for one in debts
        for part in (min(cut, one.amount), one.amount - min(cut, one.amount))
    ]
    assume(model.fee(rule, debts, SERIES, held, joins) < AMOUNT_MAX - 5)
    whole = late_fee(debts, rule, SERIES, held=held, joins=joins)
    assert late_fee(split, rule, SERIES, held=held, joins=joins).exact == whole.exact


@given(rule=rules(), item=items(), days=st.integers(1, 100))
def test_a_hold_of_everything_for_ever_leaves_nothing(rule, item, days):
    """What is wholly in dispute from the beginning bears nothing."""
    debts, _, joins = item
    held = [Held(10**18, debts[0].due_day - days, OPEN_DAY)]
    assert late_fee(debts, rule, SERIES, held=held, joins=joins) == (0, 0, ())


def test_explained_of_nothing():
    """No slices, no fee."""
    none = np.zeros(0, dtype=np.int64)
    empty = Slices(none, none, none, none, none.astype(np.bool_))
    rule = LateFeeRule("r", FeeKind.DAILY, per_million=1_000)
    assert explained(rule, empty, (), {}, Calendar.GREGORIAN) == (0, 0, ())
