"""Agents on both stores: cash within a limit, shifts, hand-overs, commissions."""

import threading

import numpy as np
import pytest

from billcore.core.accounts.errors import AlreadyTaken, RevisionConflict
from billcore.core.ledger import balances
from billcore.core.payments import reversals
from billcore.core.payments.agents import agents, shifts
from billcore.core.payments.agents.agents import Terms
from billcore.core.payments.agents.checks import floats_agree
from billcore.core.payments.agents.errors import (
    AgentFieldInvalid,
    AgentLimit,
    AgentShiftUnfit,
    AgentShut,
    AgentUnknown,
)
from billcore.core.payments.agents.floats import Cash
from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.codes import Code
from billcore.core.payments.errors import ChannelMisfit
from billcore.core.payments.intake.place import check_whole
from billcore.core.payments.intake.post import post
from billcore.core.payments.orders import orders
from billcore.core.payments.reversals import ReversalKind
from billcore.core.payments.vouchers import batches, moves, sales
from billcore.core.payments.vouchers.moves import Range
from billcore.core.payments.vouchers.secret import Keys
from billcore.core.store import agents as rows
from billcore.core.store import channels as channel_rows
from billcore.core.store import ledger as ledger_rows
from billcore.core.store.channels import Channel
from billcore.core.store.port import OPEN_DAY
from billcore.core.verify import CHECKS
from tests import payments_world
from tests.payments_world import TODAY

TERMS = Terms("Corner shop", 1_000, 2, 75)
SHOP = 4


@pytest.fixture
def world(books):
    """With an agent `shop`, whose shift is open, and a channel `cart` that has no agent."""
    found = payments_world.found(books)
    policies = parse_channel_policies("").text
    with books.write() as session:
        for number, code in ((SHOP, "shop"), (5, "cart")):
            row = Channel(1, number, code, "agent", code, 1, policies, 1, 0)
            channel_rows.add(session, row)
    found.write(lambda write: agents.create_agent(write, "shop", TERMS))
    found.write(lambda write: shifts.open_shift(write, "shop"))
    return found


def told(world, reference, amount=100, account=1, channel_no=SHOP, **more):
    return world.told(reference, account, amount, channel_no=channel_no, **more)


def pay(world, *payments):
    with world.store.write() as session:
        return post(session, world.intake("shop", "cart", "kiosk"), orders(payments))


def agent(world, channel_no=SHOP):
    with world.store.read() as reader:
        return rows.agent(reader, 1, channel_no)


def closed(world, counted, source="close"):
    return world.write(lambda write: shifts.close_shift(write, "shop", counted, TODAY, source))


def trial(world):
    with world.store.read() as reader:
        found = ledger_rows.trial_balance(reader, 1, OPEN_DAY, 2**63 - 1)
        return {str(code): int(amount) for code, _, amount in found if amount}


def broken(world):
    with world.store.read() as reader:
        return [one for check in CHECKS.values() for one in check(reader, 1)]


def test_a_payment_is_cash_in_the_float_and_earns_a_commission(world):
    """2 and 0.75 % of 300, 4.25, half up: 4; of 200: 3.5, half up: 4."""
    posted = pay(world, told(world, "r1", 300), told(world, "r2", 200, 2))
    assert posted.code.tolist() == [Code.OK, Code.OK]
    assert trial(world) == {
        "cash_float:shop": 500, "receivable": -500, "channel_fees:shop": 8,
        "agent_payable:shop": -8,
    }  # fmt: skip
    assert agent(world).held == 500
    assert broken(world) == []


def test_the_limit_is_the_last_unit_that_is_taken(world):
    assert pay(world, told(world, "r1", 999)).code.tolist() == [Code.OK]
    over = pay(world, told(world, "r2", 2))
    assert over.code.tolist() == [Code.AMOUNT_HIGH]
    error = over.error(0)
    assert isinstance(error, AgentLimit)
    assert (error.fields["held"], error.fields["limit"]) == ("999", "1000")
    assert pay(world, told(world, "r3", 1)).code.tolist() == [Code.OK]
    assert (agent(world).held, world.count("payment_order")) == (1_000, 2)
    assert broken(world) == []


def test_the_limit_goes_through_a_batch_in_its_order(world):
    """What is too much is refused, what fits after it is taken; other channels are free."""
    kiosk = world.place("kiosk").channel.channel_no
    posted = pay(
        world,
        told(world, "a", 600),
        told(world, "b", 500),
        told(world, "c", 400),
        told(world, "d", 5_000, channel_no=kiosk),
        told(world, "a", 600),
    )
    taken, again = Code.OK, Code.OK_REPLAYED
    assert posted.code.tolist() == [taken, Code.AMOUNT_HIGH, taken, taken, again]
    assert agent(world).held == 1_000
    assert broken(world) == []


def test_a_payment_that_was_told_before_has_its_answer_at_the_limit(world):
    first = pay(world, told(world, "r1", 600)).all()
    again = pay(world, told(world, "r1", 600), told(world, "r2", 400))
    assert again.code.tolist() == [Code.OK_REPLAYED, Code.OK]
    assert again.all()[0] == first[0]
    assert pay(world, told(world, "r1", 600)).code.tolist() == [Code.OK_REPLAYED]
    closed(world, 1_000)
    assert pay(world, told(world, "r1", 600)).code.tolist() == [Code.OK_REPLAYED]
    assert agent(world).held == 0


def test_money_that_was_taken_posts_and_locks_the_agent(world):
    assert pay(world, told(world, "r1", 1_200, taken=True)).code.tolist() == [Code.OK]
    assert agent(world).held == 1_200
    assert pay(world, told(world, "r2", 1)).code.tolist() == [Code.AMOUNT_HIGH]
    with world.store.read() as reader:
        kinds = [kind for (kind,) in reader.rows("SELECT kind FROM event_pending")]
    assert "agent.locked" in kinds
    world.write(lambda write: shifts.hand_over(write, "shop", 500, TODAY, "h1"))
    assert pay(world, told(world, "r2", 1)).code.tolist() == [Code.OK]
    assert broken(world) == []


def test_nothing_is_taken_outside_a_shift(world):
    """What was taken anyhow belongs to the next shift."""
    closed(world, 0)
    shut = pay(world, told(world, "r1"))
    assert shut.code.tolist() == [Code.TEMPORARY]
    assert isinstance(shut.error(0), AgentShut)
    assert shut.error(0).retryable
    pay(world, told(world, "r2", 70, taken=True))
    assert broken(world) == []
    assert world.write(lambda write: shifts.open_shift(write, "shop")).shift_no == 2
    report = closed(world, 70, "close 2")
    assert (report.shift.expected, report.sums[Cash.PAYMENT].amount) == (70, 70)
    assert broken(world) == []


def test_a_channel_without_an_agent(world):
    """It takes nothing; what was taken waits for its agent, who may hold nothing."""
    refused = pay(world, told(world, "r1", channel_no=5))
    assert refused.code.tolist() == [Code.TEMPORARY]
    assert agent(world, 5) is None
    pay(world, told(world, "r2", 80, channel_no=5, taken=True))
    assert (agent(world, 5).held, agent(world, 5).revision) == (80, 0)
    assert broken(world) == []
    made = world.write(lambda write: agents.create_agent(write, "cart", TERMS))
    assert (made.held, made.revision, made.float_limit) == (80, 1, 1_000)
    with pytest.raises(AlreadyTaken):
        world.write(lambda write: agents.create_agent(write, "cart", TERMS))


@pytest.mark.parametrize(("counted", "over"), [(300, 0), (290, -10), (305, 5), (0, -300)])
def test_a_shift_is_closed_with_what_is_short_or_over(world, counted, over):
    pay(world, told(world, "r1", 500))
    left = world.write(lambda write: shifts.hand_over(write, "shop", 200, TODAY, "h1"))
    assert left.held == 300
    report = closed(world, counted)
    assert (report.shift.expected, report.shift.counted) == (300, counted)
    assert sum(one.amount for one in report.sums.values()) == 0
    short = report.sums.get(Cash.SHORT_OVER)
    assert (short.amount if short else 0) == over
    books = trial(world)
    assert books.get("cash_float:shop", 0) == 0
    assert books["cash_in_transit:shop"] == 200 + counted
    assert books.get("short_over:shop", 0) == -over
    assert (agent(world).held, agent(world).shift_no, agent(world).is_open) == (0, 2, 0)
    assert broken(world) == []


def test_shifts_follow_one_another(world):
    with pytest.raises(AgentShiftUnfit):
        world.write(lambda write: shifts.open_shift(write, "shop"))
    closed(world, 0)
    with pytest.raises(AgentShiftUnfit):
        closed(world, 0, "close 2")
    with pytest.raises(AgentShiftUnfit):
        world.write(lambda write: shifts.hand_over(write, "shop", 1, TODAY, "h"))
    with pytest.raises(AgentUnknown):
        world.write(lambda write: shifts.open_shift(write, "cart"))
    with pytest.raises(ChannelMisfit):
        world.write(lambda write: shifts.open_shift(write, "kiosk"))


@pytest.mark.parametrize("amount", [0, -1, 101])
def test_no_more_is_handed_over_than_is_held(world, amount):
    pay(world, told(world, "r1"))
    with pytest.raises(AgentFieldInvalid):
        world.write(lambda write: shifts.hand_over(write, "shop", amount, TODAY, "h1"))
    assert agent(world).held == 100


def test_a_reversal_gives_cash_and_commission_back(world):
    pay(world, told(world, "r1", 500))
    with world.store.read() as reader:
        before = balances.balance(reader, world.account(1))
    terms = TERMS._replace(commission_fixed=9)
    world.write(lambda write: agents.change_agent(write, "shop", terms, 1))
    asked = reversals.Asked("v1", "r1", ReversalKind.CANCELLED, "mistake")
    where = world.place("shop")
    world.write(lambda write: reversals.reverse(write, where, asked, TODAY))
    assert (before, trial(world)) == (-500, {})
    assert agent(world).held == 0
    again = world.write(lambda write: reversals.reverse(write, where, asked, TODAY))
    assert (again.replayed, agent(world).held) == (True, 0)
    assert broken(world) == []


def test_vouchers_that_an_agent_sells_are_in_its_float(world):
    asked = batches.Asked(4, 300, TODAY, 0)
    world.write(lambda write: batches.make(write, asked, Keys({"k": b"k" * 32}), TODAY))
    world.write(lambda write: moves.ship(write, Range(1, 4)))
    where = world.place("shop")
    with pytest.raises(AgentLimit):
        world.write(lambda write: sales.sell(write, where, "s1", Range(1, 4), TODAY))
    world.write(lambda write: sales.sell(write, where, "s1", Range(1, 3), TODAY))
    assert trial(world) == {"cash_float:shop": 900, "voucher_liability": -900}
    assert agent(world).held == 900
    assert pay(world, told(world, "r1", 101)).code.tolist() == [Code.AMOUNT_HIGH]
    assert closed(world, 900).sums[Cash.SALE].amount == 900
    assert broken(world) == []


def test_an_act_for_several_accounts_is_not_an_agent_s(world):
    with pytest.raises(ChannelMisfit):
        check_whole(world.place("shop").channel)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("float_limit", -1), ("commission_fixed", -1), ("commission_per_10000", 10_001)],
)
def test_terms_that_break_a_rule_are_refused(world, field, value):
    terms = TERMS._replace(**{field: value})
    with pytest.raises(AgentFieldInvalid) as refused:
        world.write(lambda write: agents.change_agent(write, "shop", terms, 1))
    assert refused.value.fields["field"] == field
    with pytest.raises(RevisionConflict):
        world.write(lambda write: agents.change_agent(write, "shop", TERMS, 7))


def test_many_at_once_never_exceed_the_limit(world):
    """Threads with payments of 90: eleven fit into 1,000."""
    found = []

    def act(n):
        found.extend(pay(world, told(world, f"r{n}", 90, n % 5 + 1)).code.tolist())

    threads = [threading.Thread(target=act, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.bincount(found)[Code.OK] == 11
    assert found.count(Code.AMOUNT_HIGH) == 5
    assert agent(world).held == 990
    assert broken(world) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE agent SET held = held + 1", "holds 101"),
        ("UPDATE agent_cash SET amount = 99", "its shifts 99"),
        ("UPDATE agent_cash SET commission = 0", "earned 0"),
        ("DELETE FROM agent_cash", "its shifts 0"),
        ("UPDATE agent_cash SET reference = 'x'", "No order"),
        ("UPDATE agent_shift SET closed_at = 1", "100 left"),
    ],
)
def test_verify_finds_what_is_broken(world, statement, words):
    pay(world, told(world, "r1"))
    assert broken(world) == []
    with world.store.write() as session:
        session.run(statement)
    with world.store.read() as reader:
        messages = [str(one["message"]) for one in floats_agree(reader, 1)]
    assert any(words in message for message in messages), messages
