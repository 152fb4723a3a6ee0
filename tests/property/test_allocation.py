"""Allocation: the kernel agrees with lists and whole numbers, and keeps what must always hold."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from billcore.core.accounts.allocation import OLDEST_FIRST, Over, Strategy, StrategyKind
from billcore.core.ledger.allocation.explain import Cause, explain
from billcore.core.ledger.allocation.kernel import fold
from tests.allocation_model import Model, Row, documents, shares

STRATEGIES = (
    OLDEST_FIRST,
    Strategy("newest", StrategyKind.CURRENT_FIRST),
    Strategy("lines", StrategyKind.PRO_RATA),
    Strategy("all", StrategyKind.PRO_RATA, over=Over.ACCOUNT),
    Strategy("table", StrategyKind.PRIORITY_TABLE, services=("heat", "")),
    Strategy("law", StrategyKind.STATUTORY_RU, limit_months=2),
    Strategy("law_for_ever", StrategyKind.STATUTORY_RU),
    Strategy("bill", StrategyKind.EXACT_DOCUMENT, rest="oldest_first"),
    Strategy("bill_by_law", StrategyKind.EXACT_DOCUMENT, rest="law"),
    Strategy("bill_by_lines", StrategyKind.EXACT_DOCUMENT, rest="lines"),
)

# Days around the end of February of a leap year, where months are short.
DAY = st.integers(738_850, 738_980)
AMOUNT = st.integers(0, 30) | st.integers(0, 10**15)
PART = st.tuples(AMOUNT, st.integers(0, 3), st.integers(0, 1)).map(list)


@st.composite
def histories(draw, accounts=3, rows=14, undo=True, one_part=False):
    """Rows of some accounts, account after account."""
    every = []
    for account in range(draw(st.integers(1, accounts))):
        begin = len(every)
        for _ in range(draw(st.integers(0, rows))):
            every.append(draw(_row(account, every, begin, undo, one_part)))
    return every


@st.composite
def _row(draw, account, above, begin, undo, one_part):
    taken = {row.target for row in above[begin:] if row.kind == "undo"}
    able = [n for n in range(begin, len(above)) if above[n].kind != "undo" and n not in taken]
    kind = draw(st.sampled_from(["debit", "debit", "credit", "credit", "undo"]))
    if kind == "undo" and undo and able:
        target = draw(st.sampled_from(able))
        return Row(account, "undo", above[target].amount, target=target)
    day, number = draw(DAY), len(above) - begin
    if kind == "debit":
        parts = draw(st.lists(PART, min_size=1, max_size=1 if one_part else 4))
        order, period = draw(st.integers(0, 2)), draw(st.integers(1, 4))
        amount = sum(part[0] for part in parts)
        return Row(account, "debit", amount, day, number, order, period, parts=parts)
    strategy = draw(st.integers(0, len(STRATEGIES) - 1))
    direction, target = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    amount = draw(AMOUNT)
    return Row(account, "credit", amount, day, 0, 0, 0, strategy, direction, target)


def folded(rows, with_parts=True):
    return fold(documents(rows, with_parts), STRATEGIES)


def told(steps):
    names = ("credit", "item", "part", "amount", "undone")
    return [tuple(int(step[name]) for name in names) for step in steps]


def lasting(steps):
    return [step[:4] for step in told(steps)]


@settings(max_examples=200)
@given(histories())
def test_the_kernel_is_the_model(rows):
    """Every step in its order, what was taken back and when, and what is left of every row."""
    found, model = folded(rows), Model(rows, STRATEGIES)
    assert told(found.steps) == [(p.credit, p.item, p.part, p.amount, p.undone) for p in model.paid]
    assert found.open.tolist() == [model.open(number) for number in range(len(rows))]
    assert set(found.undone.nonzero()[0].tolist()) == model.undone


@given(histories(one_part=True))
def test_items_of_one_part_need_no_parts(rows):
    assert told(folded(rows, with_parts=False).steps) == told(folded(rows).steps)
    assert (folded(rows, with_parts=False).open == folded(rows).open).all()


@given(histories())
def test_nothing_is_paid_twice_and_nothing_is_lost(rows):
    """Payments within credits and items; debits less credits are what is open less what is free."""
    found = folded(rows)
    for number, row in enumerate(rows):
        spent = int(found.amount[found.credit == number].sum())
        paid = int(found.amount[found.item == number].sum())
        counts = row.kind != "undo" and not found.undone[number]
        assert spent + paid + found.open[number] == (row.amount if counts else 0)
        assert found.open[number] >= 0
    assert (found.amount > 0).all()
    sums = {kind: sum(row.amount for n, row in enumerate(rows)
                      if row.kind == kind and not found.undone[n])
            for kind in ("debit", "credit")}  # fmt: skip
    left = {kind: sum(int(found.open[n]) for n, row in enumerate(rows) if row.kind == kind)
            for kind in ("debit", "credit")}  # fmt: skip
    assert sums["debit"] - sums["credit"] == left["debit"] - left["credit"]


@given(histories())
def test_no_money_lies_idle_beside_a_debt_that_it_may_pay(rows):
    """Free credit and open items stand together only where every such item is time-barred."""
    found = folded(rows)
    limited = [
        n for n, strategy in enumerate(STRATEGIES) if "law" in (strategy.name, strategy.rest)
    ]
    for account in {row.account for row in rows}:
        mine = [n for n, row in enumerate(rows) if row.account == account and found.open[n]]
        free = [n for n in mine if rows[n].kind == "credit" and rows[n].strategy not in limited]
        assert not (free and any(rows[n].kind == "debit" for n in mine))


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_accounts_does_not_matter(rows, random):
    """The accounts shuffled: every account has the same steps."""
    accounts = sorted({row.account for row in rows})
    shuffled = random.sample(accounts, len(accounts))
    order = [n for account in shuffled for n, row in enumerate(rows) if row.account == account]
    place = {old: new for new, old in enumerate(order)}
    moved = [replace(rows[n], target=place[rows[n].target]) if rows[n].kind == "undo" else rows[n]
             for n in order]  # fmt: skip
    here, there = folded(rows), folded(moved)
    there_told = sorted((order[c], order[i], p, a) for c, i, p, a in lasting(there.steps))
    assert there_told == sorted(lasting(here.steps))
    assert [int(there.open[place[n]]) for n in range(len(rows))] == here.open.tolist()


@given(histories(accounts=1))
def test_undoing_everything_is_the_start(rows):
    """No debt, no credit, no payment is left."""
    gone = {row.target for row in rows if row.kind == "undo"}
    ends = [Row(0, "undo", row.amount, target=n) for n, row in enumerate(rows)
            if row.kind != "undo" and n not in gone]  # fmt: skip
    found = folded(rows + ends)
    assert not found.open.any()
    assert not found.part_open.any()
    assert len(found.credit) == 0


@given(histories(accounts=1, undo=False), st.integers(0, 9), AMOUNT)
def test_a_credit_undone_at_once_was_never_there(rows, strategy, amount):
    before = folded(rows)
    at, day = len(rows), 738_900
    credit = Row(0, "credit", amount, day, strategy=strategy)
    found = folded([*rows, credit, Row(0, "undo", amount, target=at)])
    assert found.open[:at].tolist() == before.open.tolist()
    rows_of = [found.credit, found.item, found.part, found.amount]
    assert [list(row) for row in rows_of] == [
        list(row) for row in (before.credit, before.item, before.part, before.amount)
    ]


@given(histories(accounts=1), st.integers(0, 14))
def test_what_comes_later_moves_nothing(rows, upto):
    """The steps of the first documents are the first steps of all; only undoing takes them back."""
    first, whole = told(folded(rows[:upto]).steps), told(folded(rows).steps)
    for early, late in zip(first, whole[: len(first)], strict=True):
        assert early[:4] == late[:4]
        assert late[4] == early[4] or (early[4] < 0 and late[4] >= upto)


@settings(max_examples=60)
@given(histories(accounts=1, rows=10))
def test_an_explanation_adds_up(rows):
    """From the credit's amount, step after step, to its rest; never more than was open."""
    given_rows, found = documents(rows), folded(rows)
    for number in (n for n, row in enumerate(rows) if row.kind == "credit"):
        why = explain(given_rows, number, STRATEGIES)
        assert why.free == found.open[number]
        standing = [step for step in why.steps if step.undone_at is None]
        assert why.undone or why.amount == why.free + sum(step.amount for step in standing)
        for step in why.steps:
            assert 0 < step.amount <= step.open_before <= rows[step.item].parts[step.part][0]
            assert step.rest >= 0
            assert step.divided_over == 0 or step.open_before <= step.divided_over
            assert (step.cause is Cause.AT_ONCE) == (step.at == number)
        if why.steps and standing == list(why.steps):
            assert why.steps[-1].rest == why.free


@given(st.integers(0, 10**18), st.lists(st.integers(0, 10**17), min_size=1, max_size=40))
def test_large_shares_are_exact(money, amounts):
    """Products beyond 64 bits."""
    parts = [[amount, 0, 0] for amount in amounts]
    rows = [Row(0, "debit", sum(amounts), parts=parts), Row(0, "credit", money, strategy=2)]
    wanted = shares(min(money, sum(amounts)), amounts) if sum(amounts) else [0] * len(amounts)
    assert (documents(rows).parts.amount - folded(rows).part_open).tolist() == wanted
