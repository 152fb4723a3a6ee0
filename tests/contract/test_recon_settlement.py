"""The third side on both stores: what channels should have paid beside what banks credited."""

import json

import pytest

from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.codes import State
from billcore.core.payments.intake.post import post
from billcore.core.payments.orders import orders
from billcore.core.payments.reversals import Asked, ReversalKind, reverse
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.computing import Decision, day_of
from billcore.core.reconciliation.errors import BankAccountUnset, ReconciliationFieldInvalid
from billcore.core.reconciliation.missing import missing
from billcore.core.reconciliation.settlement.checks import settlements_agree
from billcore.core.reconciliation.settlement.enquiries import Stage, trace
from billcore.core.reconciliation.settlement.settle import settle
from billcore.core.store import channels as channel_rows
from billcore.core.store.channels import Channel
from tests.payments_world import SECOND, TODAY
from tests.recon_world import ACCOUNT, Credit, found, midnight, statement_of

BANK_DAY = TODAY + 1
"""On which the bank credits what was paid today."""


@pytest.fixture
def world(books):
    return found(books)


def paid(world, *amounts, day=TODAY, **more):
    """So many payments of a day, which its report tells, matched."""
    lines = []
    for number, amount in enumerate(amounts):
        reference = f"{day} {number}"
        world.pay(reference, amount, seconds=3_600 + (day - TODAY) * 86_400)
        lines.append((reference, amount, "N1", 3_600 + (day - TODAY) * 86_400))
    world.report(f"{day}.csv", *lines, day=day, **more)
    world.match(day)


def settled(world, today=TODAY + 1):
    where = world.place_of("main")
    return world.write(lambda write: settle(write, where, today))


def test_a_day_that_the_bank_credits(world):
    """Less the fees of the terms; posted against what the channel has to clear."""
    world.settle_terms('{"fees": {"fixed": 1, "per_10000": 100}}')
    paid(world, 100, 250)
    assert world.trial()["channel_clearing:kiosk"] == 350
    assert world.bank_breaks(BANK_DAY) == [(BreakKind.IN_TRANSIT, 350 - 6)]  # 1 + 1, 1 + 2.5: 4
    world.bank("s1", Credit(344))
    assert world.bank_breaks(BANK_DAY) == []
    (one,) = world.settlements()
    assert (one.gross, one.fee, one.paid, one.kind) == (350, 6, 344, BreakKind.MATCHED)
    trial = world.trial()
    assert (trial["bank:main"], trial["channel_fees:kiosk"]) == (344, 6)
    assert "channel_clearing:kiosk" not in trial
    again = settled(world)
    assert (again.settlements, again.credits, again.posted) == (1, 1, 0)
    assert world.broken() == []


def test_fees_that_are_not_deducted(world):
    world.settle_terms('{"fees": {"fixed": 1}, "fees_deducted": false}')
    paid(world, 100)
    world.bank("s1", Credit(100))
    assert world.bank_breaks(BANK_DAY) == []
    assert world.trial()["bank:main"] == 100


def test_in_transit_then_unfunded_then_paid_late(world):
    world.settle_terms()
    paid(world, 100)
    assert world.bank_breaks(BANK_DAY, TODAY + 3) == [(BreakKind.IN_TRANSIT, 100)]
    assert world.bank_breaks(BANK_DAY, TODAY + 4) == [(BreakKind.REPORTED_UNFUNDED, 100)]
    world.bank("s1", Credit(100, TODAY + 6))
    assert world.bank_breaks(TODAY + 6, TODAY + 6) == []
    made = world.bank_day(BANK_DAY, TODAY + 6)
    assert (made.row.ledger_amount, made.row.report_amount, made.row.break_count) == (0, 0, 0)
    assert world.broken() == []


def test_what_the_bank_paid_too_little_stays_in_clearing(world):
    world.settle_terms('{"fees": {"fixed": 2}}')
    paid(world, 100, 100)
    world.bank("s1", Credit(190))
    assert world.bank_breaks(BANK_DAY) == [(BreakKind.FEE_DIFF, 6)]
    trial = world.trial()
    assert trial["channel_clearing:kiosk"] == 6
    assert (trial["bank:main"], trial["channel_fees:kiosk"]) == (190, 4)
    world.decide_bank(BANK_DAY, Decision.ACCEPT)
    assert world.close_bank(BANK_DAY).break_amount == 6
    assert world.broken() == []


def test_what_the_bank_lacks_becomes_a_fee(world):
    """By a decision; another one takes it back, and so does a credit that comes later."""
    world.settle_terms('{"fees": {"fixed": 2}}')
    paid(world, 100, 100)
    world.bank("s1", Credit(190))
    assert world.bank_breaks(BANK_DAY) == [(BreakKind.FEE_DIFF, 6)]
    assert world.treat(BANK_DAY, "main").adjusted == 0
    for _ in range(2):
        world.decide_bank(BANK_DAY, Decision.ADJUST)
        trial = world.trial()
        assert (trial["bank:main"], trial["channel_fees:kiosk"]) == (190, 10)
        assert "channel_clearing:kiosk" not in trial
        assert world.broken() == []
    world.decide_bank(BANK_DAY, Decision.REOPEN)
    assert world.trial()["channel_clearing:kiosk"] == 6
    world.decide_bank(BANK_DAY, Decision.ADJUST)
    world.report(f"{TODAY}.csv", (f"{TODAY} 0", 100), (f"{TODAY} 1", 94), replaces=True)
    world.match()
    assert world.bank_breaks(BANK_DAY) == []
    assert world.treat(BANK_DAY, "main").adjusted == 1
    assert world.trial()["channel_clearing:kiosk"] == 6
    assert world.broken() == []


def test_what_the_bank_keeps_itself_explains_what_is_missing(world):
    world.settle_terms()
    paid(world, 100)
    world.bank("s1", Credit(97, charge=3))
    assert world.bank_breaks(BANK_DAY) == []
    trial = world.trial()
    assert (trial["bank:main"], trial["channel_fees:kiosk"]) == (97, 3)
    assert "channel_clearing:kiosk" not in trial
    assert world.broken() == []


def test_weeks_are_paid_at_once(world):
    """TODAY is a Monday."""
    world.settle_terms('{"cycle_days": 7, "settlement_days": 2}')
    for day in (TODAY - 8, TODAY - 7, TODAY - 4):
        paid(world, 100, day=day)
    world.bank("s1", Credit(200, BANK_DAY), Credit(100, TODAY - 6))
    world.bank_day(BANK_DAY)
    before, this = world.settlements()
    assert (before.first_day, before.last_day, before.gross) == (TODAY - 14, TODAY - 8, 100)
    assert (this.first_day, this.last_day, this.due_day) == (TODAY - 7, TODAY - 1, BANK_DAY)
    assert (this.paid, this.credit_day) == (200, BANK_DAY)
    assert (before.paid, before.credit_day) == (100, TODAY - 6)
    assert world.broken() == []


def test_batches_that_lines_name(world):
    """A batch is paid by what names it, in one credit or several."""
    world.settle_terms('{"bank_text": ""}')
    for name in ("r1", "r2", "r3"):
        world.pay(name, 100)
    head = b"reference,paid_at,target,amount,batch\n"
    line = "{},2026-09-21T01:00:00,N1,100,{}\n"
    rows = "".join(line.format(name, batch) for name, batch in
                   (("r1", "B1"), ("r2", "B1"), ("r3", "B2")))  # fmt: skip
    world.send("a.csv", head + rows.encode())
    world.match()
    world.bank("s1", Credit(150, batch="B1", reference="x"), Credit(49, batch="B1"),
               Credit(100, batch="B2"))  # fmt: skip
    assert world.bank_breaks(BANK_DAY) == [(BreakKind.FEE_DIFF, 1)]
    first, second = world.settlements()
    assert (first.batch, first.gross, first.paid) == ("B1", 200, 199)
    assert (second.batch, second.gross, second.paid) == ("B2", 100, 100)
    assert world.broken() == []


def test_the_same_amounts_are_paid_in_their_order(world):
    world.settle_terms()
    for day in (TODAY - 1, TODAY):
        paid(world, 100, day=day)
    world.bank("s1", Credit(100, BANK_DAY), Credit(100, BANK_DAY + 1))
    world.bank_day(BANK_DAY)
    assert [one.credit_day for one in world.settlements()] == [BANK_DAY, BANK_DAY + 1]


def test_a_credit_that_nobody_explains_is_suspense(world):
    """Until somebody finds its owner: then no settlement takes it any more."""
    world.settle_terms()
    world.bank("s1", Credit(77, text="Ada, water"))
    assert world.bank_breaks(BANK_DAY) == [(BreakKind.UNKNOWN_CREDIT, -77)]
    done = world.treat_bank(BANK_DAY)
    assert (done.posted, done.refused_count) == (1, 0)
    assert world.treat_bank(BANK_DAY).posted == 0
    assert world.trial() == {"bank:main": 77, "suspense": -77}
    made = world.bank_day(BANK_DAY)
    assert (made.row.ledger_amount, made.row.report_amount, made.row.break_count) == (77, 77, 0)
    assert world.close_bank(BANK_DAY).break_count == 0
    with world.store.read() as reader:
        (item,) = reader.rows("SELECT payment_id FROM suspense_item")
    world.transfer(int(item[0]), 2)
    assert world.balance(2) == -77
    paid(world, 77)
    world.reopen_bank(BANK_DAY)
    assert world.bank_breaks(BANK_DAY) == [(BreakKind.IN_TRANSIT, 77)]
    assert world.broken() == []


def test_a_credit_leaves_suspense_for_a_settlement_that_explains_it(world):
    """And goes back where the report is replaced by one that does not."""
    world.settle_terms()
    world.bank("s1", Credit(100))
    world.bank_day(BANK_DAY)
    world.treat_bank(BANK_DAY)
    paid(world, 100)
    assert world.bank_breaks(BANK_DAY) == []
    assert world.trial() == {"bank:main": 100, "receivable": -100}
    assert world.broken() == []
    world.report(f"{TODAY}.csv", day=TODAY, replaces=True)
    world.match()
    assert world.bank_breaks(BANK_DAY) == [(BreakKind.UNKNOWN_CREDIT, -100)]
    assert world.trial() == {"channel_clearing:kiosk": 100, "receivable": -100}
    assert world.treat_bank(BANK_DAY).posted == 1
    assert world.trial()["suspense"] == -100
    assert world.bank_breaks(BANK_DAY) == []
    assert world.broken() == []


def test_a_statement_that_is_replaced(world):
    """What was posted of it and is not there any more is a break."""
    world.settle_terms()
    world.bank("s1", Credit(77, text="Ada"), Credit(5, text="Bob"))
    world.bank_day(BANK_DAY)
    world.treat_bank(BANK_DAY)
    world.bank("s1", Credit(5, text="Bob"), replaces=True)
    assert world.bank_breaks(BANK_DAY) == [(BreakKind.NOT_IN_REPORT, 77)]
    assert world.broken() == []


def test_what_the_bank_takes_back_was_no_credit(world):
    world.settle_terms()
    world.bank("s1", Credit(100, reference="x"), Credit(-100, reference="x", taken_back=True))
    assert world.bank_breaks(BANK_DAY) == []


def test_debits_are_no_credits(world):
    world.settle_terms()
    world.bank("s1", Credit(-30, text="rent"))
    assert world.bank_breaks(BANK_DAY) == []


def test_another_account_is_not_looked_at(world):
    world.settle_terms()
    world.statement("s9", statement_of("s9", Credit(100), account="DE99"))
    assert world.bank_breaks(BANK_DAY) == []


def test_a_bank_account_says_which_it_is(world):
    world.terms("{}", "main", 1)
    with pytest.raises(BankAccountUnset):
        world.bank_day(BANK_DAY)
    with pytest.raises(ReconciliationFieldInvalid):
        world.send("a.csv", b"reference,paid_at,target,amount\n", channel="main", day=TODAY)


def test_a_late_report_changes_what_was_posted(world):
    """By the difference, in an entry of its own."""
    world.settle_terms('{"fees": {"fixed": 1}}')
    paid(world, 100)
    world.bank("s1", Credit(198))
    assert world.bank_breaks(BANK_DAY) == [(BreakKind.FEE_DIFF, -99)]
    world.pay("late", 100)
    world.report("more.csv", ("late", 100))
    world.match()
    assert world.bank_breaks(BANK_DAY) == []
    assert world.status("late").state == State.POSTED
    trial = world.trial()
    assert (trial["bank:main"], trial["channel_fees:kiosk"]) == (198, 2)
    assert "channel_clearing:kiosk" not in trial
    assert world.broken() == []


def test_what_does_not_add_up_is_found(world):
    """Reports kept, credits, entries: each in its own way."""
    world.settle_terms('{"fees": {"fixed": 1}}')
    paid(world, 100)
    world.bank("s1", Credit(99))
    world.bank_day(BANK_DAY)
    assert world.broken() == []
    for sql, count in (
        ("UPDATE reported_day SET amount = 90", 1),
        ("UPDATE bank_credit SET amount = 90", 1),
        ("UPDATE settlement SET posted_bank = 90, paid = 90", 1),
        ("UPDATE settlement SET posted_fee = 2, posted_bank = 99, paid = 99", 2),
    ):
        with world.store.write() as session:
            session.run(sql)
        with world.store.read() as reader:
            assert len(list(settlements_agree(reader, 1))) >= count, sql


# -- collected by direct debit


@pytest.fixture
def collected(world):
    """A channel of direct debits that pays into the bank account; three debits were collected."""
    with world.store.write() as session:
        text = parse_channel_policies("").text
        made = Channel(1, 5, "debits", "direct_debit", "Debits", 1, text, 1, 0)
        channel_rows.add(session, made)
    terms = {"time_zone": "UTC", "bank_account": ACCOUNT, "settlement_days": 0}
    world.terms(json.dumps(terms), "debits")
    at = midnight() - 36_000 * SECOND
    told = [
        world.told(f"E2E-{n}", n, amount, taken=True, channel_no=5, paid_at=at)
        for n, amount in ((1, 100), (2, 60), (3, 40))
    ]
    with world.store.write() as session:
        assert post(session, world.intake("debits"), orders(told)).refusals.good.all()
    return world


def test_debits_are_found_by_their_ids(collected):
    """One by one, or by the notification that splits a batch; a return belongs to its debit."""
    world, day = collected, TODAY - 1
    assert world.bank_breaks(day) == [(BreakKind.IN_TRANSIT, 200)]
    world.bank("s1", Credit(100, day, end_to_end="E2E-1"), Credit(60, day, end_to_end="E2E-2"))
    assert world.bank_breaks(day) == [(BreakKind.FEE_DIFF, 40)]
    world.bank("s2", Credit(40, day, end_to_end="E2E-3"))
    assert world.bank_breaks(day) == []
    assert world.trial() == {"bank:main": 200, "receivable": -200}
    world.bank("s3", Credit(-60, TODAY, end_to_end="E2E-2", taken_back=True))
    assert world.bank_breaks(TODAY) == [(BreakKind.FEE_DIFF, 60)]
    where = world.place_of("debits")
    asked = Asked("return 1", "E2E-2", ReversalKind.RETURNED, "AM04", TODAY)
    world.write(lambda write: reverse(write, where, asked, TODAY))
    assert world.bank_breaks(TODAY) == []
    assert world.bank_breaks(day) == []
    assert world.trial() == {"bank:main": 140, "receivable": -140}
    with world.store.read() as reader:
        of = day_of(reader, world.caller, "debits", day)
        found_ = trace(reader, of, "E2E-1")
    assert (found_.stage, found_.settlement.paid) == (Stage.SETTLED, 140)
    assert world.broken() == []


def test_debits_await_no_report(collected):
    with collected.store.read() as reader:
        assert missing(reader, 1, collected.now + 10 * 86_400 * SECOND) == []


def test_a_batch_that_is_booked_as_one(collected):
    """By its amount, also when some of it was returned since."""
    world, day = collected, TODAY - 1
    world.bank("s1", Credit(200, day, text="collection", count=3, batch="MSG-1"))
    assert world.bank_breaks(day) == []
    where = world.place_of("debits")
    asked = Asked("return 1", "E2E-3", ReversalKind.RETURNED, "AM04", TODAY)
    world.write(lambda write: reverse(write, where, asked, TODAY))
    assert world.bank_breaks(day) == [(BreakKind.FEE_DIFF, -40)]
    world.bank("s2", Credit(-40, TODAY, end_to_end="E2E-3"))
    assert world.bank_breaks(TODAY) == world.bank_breaks(day) == []
    assert world.trial() == {"bank:main": 160, "receivable": -160}
    assert world.broken() == []
