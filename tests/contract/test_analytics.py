"""Analytics on both stores: as another program recomputes them, as worked by hand, as fixed."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from benchmarks import analytics_peer, analytics_world
from benchmarks.analytics import figures, request_of
from benchmarks.analytics_peer import Days
from billcore.core.accounts.errors import AttributeUnknown, FieldRefused
from billcore.core.accounts.policies import parse_policies
from billcore.core.collections.analytics import cut_offs, worklist
from billcore.core.collections.analytics.checks import cut_offs_agree
from billcore.core.collections.analytics.errors import CutOffFixed, CutOffUnknown
from billcore.core.collections.analytics.grouping import Asked
from billcore.core.collections.analytics.reading import AsOf
from billcore.core.collections.analytics.receipts import By
from billcore.core.collections.analytics.report import Request, Section, report
from billcore.core.collections.instalments import plans
from billcore.core.collections.instalments.plans import Terms
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.balances import NOW as ALL_KNOWN
from billcore.core.ledger.kinds import EntryKind
from billcore.core.payments.codes import Code, State, TargetKind
from billcore.core.payments.intake.post import payment_ids
from billcore.core.payments.moving import move_payment
from billcore.core.payments.reversals import ReversalKind
from billcore.core.store import cut_offs as rows
from billcore.core.store import payments as payment_rows
from billcore.core.store import providers
from tests import payments_world
from tests.payments_world import DAY, MONTH, SECOND, TODAY, Acting

ACCOUNTS = 300


# -- beside another program


@pytest.mark.parametrize("seed", [1, 2])
def test_the_report_is_what_duckdb_makes_of_the_exported_columns(books, seed):
    """By area, class and channel, at cut-offs in the middle of the payments and behind them."""
    _, provider = analytics_world.founded(books, ACCOUNTS, seed)
    tables = analytics_world.exported(analytics_world.chunks(ACCOUNTS, seed))
    with analytics_peer.connected(tables) as connection, books.read() as reader:
        for late in (0, 45, 100):
            day = analytics_world.LAST_DAY - late
            days = Days(day, day - 60)
            found = figures(report(reader, provider, request_of(days)))
            wanted = analytics_peer.told(connection, days)
            assert all(wanted.values())
            assert found == wanted


def test_the_year_2010_of_a_district(books):
    """133,796 payments of 186.376 million yuan in a year; 84.53 % of them at fixed terminals of
    shops: told by channel in one call."""
    caller, provider = analytics_world.founded(books, 1)
    last, amount = analytics_world.LAST_DAY, 18_637_600_000
    kinds = {"pos_fixed": 113_094, "bank": 12_000, "debit": 6_702, "kiosk": 2_000}
    count = sum(kinds.values())
    assert count == 133_796
    channel_no = np.repeat(np.arange(1, 5), [*kinds.values()])
    amounts = np.full(count, amount // count)
    amounts[: amount - int(amounts.sum())] += 1
    with books.write() as session:
        session.run("DELETE FROM payment_order")
        payment_rows.add(session, _orders(caller, channel_no, amounts, last))
    with books.read() as reader:
        asked = replace(request_of(Days(last, last - 364)), sections=(Section.RECEIPTS,))
        found = report(reader, provider, replace(asked, by=(By.CHANNEL,), asked=Asked()))
    told = found.received
    assert (told.payments, told.amount) == (count, amount)
    shops = next(one for one in told.rows if found.channels[one.channel_no].channel == "pos_fixed")
    assert shops.payments == 113_094
    assert told.share_of_payments(shops) == 845_272  # 84.53 %
    assert sum(one.amount for one in told.rows) == amount
    assert not found.collection


def _orders(caller, channel_no, amounts, last):
    count = len(amounts)
    reference = pa.array([str(n) for n in range(count)])
    same = {
        "provider_id": caller.provider_id, "target_kind": TargetKind.ACCOUNT, "fee": 0,
        "terminal_no": 0, "paid_at": 0, "value_day": 0, "state": State.POSTED, "code": Code.OK,
        "account_id": 0, "bill_id": 0, "client_id": 7, "recorded_at": 1,
    }  # fmt: skip
    empty = pa.array([""] * count, pa.string())
    return {
        **{name: np.full(count, int(value)) for name, value in same.items()},
        "channel_no": channel_no,
        "reference": reference,
        "target": empty,
        "direction": empty,
        "amount": amounts,
        "day": last - np.arange(count) % 365,
        "payment_id": payment_ids(caller.provider_id, channel_no, reference),
    }


# -- by hand


@pytest.fixture
def world(books):
    found = payments_world.found(books, accounts=4)
    with found.store.write() as session:
        session.run("UPDATE account SET geographic_code = 'N1' WHERE account_id % 2 = 0")
    return found


def told(world, day=TODAY, known_at=ALL_KNOWN, **more):
    values = {"months": (MONTH, MONTH), "from_day": day - 30, "by": (By.CHANNEL,)} | more
    with world.store.read() as reader:
        provider = providers.provider(reader, world.provider_id)
        return report(reader, provider, Request(AsOf(day, known_at), **values))


def entry(world, count, amount, kind, day=TODAY):
    given = AccountEntries(
        account_id=np.array([world.account(count)]),
        kind=np.array([int(kind)]),
        day=np.array([day]),
        amount=np.array([amount]),
        reference=pa.array([f"{kind.name} {amount}"]),
        reverses=np.array([0]),
    )
    posting = Posting(world.provider_id, f"test {kind.name} {count} {amount}", 7, world.now)
    world.write(lambda write: post_account_entries(write.session, given, posting))


def test_what_became_of_a_months_bills(world):
    """Each by its source: payments, money out of suspense, a payment moved, a write-off, a credit,
    another transfer; what is open stays; what was taken back was never paid."""
    for count, total in enumerate((1_000, 2_000, 3_000, 4_000), start=1):
        world.bill(total, TODAY - 20, count=count)
    later = world.at(1)
    later.post(
        later.told("a", 1, 400),
        later.told("b", "nobody", 300, taken=True),
        later.told("c", 2, 2_000),
        later.told("d", 3, 500),
    )
    lost = later.status("b").order.payment_id
    world.at(2).transfer(lost, 1, 300)
    wrong = later.status("c").order.payment_id
    world.at(3).write(
        lambda write: move_payment(
            write, wrong, world.account(2), world.account(4), 1_500, TODAY, "moved", "case", "m1"
        )
    )
    entry(world.at(4), 3, -700, EntryKind.WRITE_OFF)
    entry(world.at(5), 3, -50, EntryKind.ADJUSTMENT)
    entry(world.at(6), 4, -60, EntryKind.TRANSFER)
    world.at(7).reverse("r1", "d", kind=ReversalKind.RETURNED)
    found = told(world)
    (one,) = found.collection
    assert (one.bills, one.settled, one.billed) == (4, 1, 10_000)
    assert one.received == 400 + 300 + 2_000 + 1_500
    assert (one.written_off, one.credited, one.transferred) == (700, 50, 60)
    assert one.open == one.billed - one.received - 810
    assert one.rate == 420_000
    assert {found.channels[p.channel_no].channel: p.received for p in found.channel_parts} == {
        "kiosk": one.received
    }
    (got,) = found.received.rows
    assert (got.payments, got.amount, got.reversals, got.net) == (4, 3_200, 1, 2_700)
    assert sum(aged.amount for aged in found.ageing) == sum(world.balance(n) for n in range(1, 5))
    assert {aged.age: aged.accounts for aged in found.ageing} == {0: 1, 1: 3}  # due today: a debit


def plan(world, item, seconds):
    """An item of account 1 in three instalments from today on, one a day."""
    with world.store.read() as reader:
        provider = providers.provider(reader, 1)
    account, terms = world.account(1), Terms(3, TODAY, 1, ())
    now = world.now + seconds * SECOND
    proposing = world.caller
    approving = replace(proposing, client_id=proposing.client_id + 1, actor="Boris")
    with world.store.write() as session:
        plans.propose(Acting(session, proposing, now), provider, account, (item,), terms, "asked")
    with world.store.write() as session:
        plans.approve(Acting(session, approving, now + SECOND), provider, account, 1, "fine")


def test_a_bill_on_a_plan_is_not_collected_and_a_deposit_is_money(world):
    """300 moved before they are due, then paid by instalments, are receipts of no bill and no
    payment in time; 100 of another 1,000 are set off from a deposit; 50 are its interest."""
    plan(world, world.bill(300, TODAY + 10), 1)
    world.bill(1_000, TODAY - 20, count=2)
    entry(world.at(4), 2, -100, EntryKind.DEPOSIT)
    entry(world.at(5), 2, -50, EntryKind.DEPOSIT_INTEREST)
    later = world.at(6)
    later.post(later.told("a", 1, 300))
    for day in (TODAY, TODAY + 20):
        (one,) = told(world, day).collection
        assert (one.bills, one.settled, one.billed, one.open) == (2, 1, 1_300, 850)
        assert (one.received, one.transferred, one.credited) == (100, 300, 50)
        assert one.rate == 76_923
    with world.store.read() as reader:
        provider, at = providers.provider(reader, 1), AsOf(TODAY + 20, ALL_KNOWN)
        (found,) = worklist.scored(reader, provider, at, np.array([world.account(1)]))
    assert [(one.feature.value, one.value) for one in found.reasons] == [
        ("late_bills_percent", 100)
    ]


def test_credit_that_pays_nothing_is_below_zero_and_late_fees_are_told(world):
    world.bill(1_000, TODAY - 400)
    entry(world.at(1), 1, 70, EntryKind.LATE_FEE, TODAY - 45)
    later = world.at(2)
    later.post(later.told("a", 2, 250))
    found = told(world, ages=(30, 60))
    every = {one.age: (one.accounts, one.items, one.amount, one.late_fees) for one in found.ageing}
    assert every == {1: (1, 1, 70, 70), 2: (1, 1, 1_000, 0), 3: (1, 1, -250, 0)}


def test_groups_are_areas_of_accounts_and_receipts_have_days_and_months(world):
    for count in (1, 2, 3):
        world.bill(1_000, TODAY - 5, count=count)
    later = world.at(1)
    later.post(
        later.told("a", 1, 100, paid_at=world.now - 40 * DAY), later.told("b", 2, 50),
        later.told("c", "nobody", 30, taken=True),
    )  # fmt: skip
    asked = Asked(area_length=2)
    found = told(world, asked=asked, by=(By.DAY, By.MONTH, By.TERMINAL), from_day=TODAY - 50)
    areas = found.groups.names
    assert {areas[one.group]: one.bills for one in found.collection} == {
        ("N1", ""): 1, ("ge", ""): 2,
    }  # fmt: skip
    days = {(areas[one.group][0], one.day - TODAY): one.amount for one in found.received.rows}
    assert days == {("ge", -40): 100, ("N1", 0): 50, ("", 0): 30}
    shahrivar = (1405 - 1279) * 12 + 5
    months = sorted(one.month for one in found.received.rows)
    assert months == [shahrivar - 1, shahrivar, shahrivar]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"months": (5, 4)}, "from_month"),
        ({"months": (1, 200)}, "from_month"),
        ({"from_day": TODAY + 1}, "from_day"),
        ({"from_day": TODAY - 4_000}, "from_day"),
        ({"ages": (30, 30)}, "ages"),
        ({"ages": (-1,)}, "ages"),
        ({"asked": Asked(area_length=41)}, "area_length"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_field(world, wrong, field):
    with pytest.raises(FieldRefused, match=f"'{field}'"):
        told(world, **wrong)


def test_too_much_to_tell_is_refused(world, monkeypatch):
    asked = Asked(area_length=40)
    monkeypatch.setattr("billcore.core.collections.analytics.grouping.GROUPS_MAX", 2)
    with pytest.raises(FieldRefused, match="fewer characters"):
        told(world, asked=asked)
    monkeypatch.undo()
    for count in (1, 3):
        world.bill(1_000, TODAY, count=count)
    monkeypatch.setattr("billcore.core.collections.analytics.report.ROWS_MAX", 1)
    with pytest.raises(FieldRefused, match="2 rows"):
        told(world, asked=asked)


def test_a_class_is_an_attribute_of_words(world):
    with pytest.raises(AttributeUnknown, match="'colour'"):
        told(world, asked=Asked(attribute="colour"))


# -- warnings


def test_a_score_is_the_sum_of_its_reasons(world):
    """By the rules that are shipped: 40 days in arrears, two bills, both late, more than 90 days
    before, one payment returned by the bank; a cashier's mistake counts nothing."""
    world.bill(1_000, TODAY - 40)
    world.bill(500, TODAY - 10, ordinal=1)
    world.bill(800, TODAY - 10, count=2)
    later = world.at(1)
    later.post(later.told("a", 1, 200), later.told("b", 1, 300), later.told("c", 2, 800))
    world.at(2).reverse("r1", "a", kind=ReversalKind.RETURNED)
    world.at(3).reverse("r2", "b")
    with world.store.read() as reader:
        provider, at = providers.provider(reader, 1), AsOf(TODAY, ALL_KNOWN)
        listed = worklist.worklist(reader, provider, at, 1)
        ids = np.array([world.account(2), world.account(1)])
        paid, owes = worklist.scored(reader, provider, at, ids)
    assert [(one.feature.value, one.value, one.points) for one in owes.reasons] == [
        ("days_in_arrears", 40, 20),
        ("bills_in_arrears", 2, 10),
        ("late_bills_percent", 100, 20),
        ("arrears_growth", 1_500, 5),
        ("returned_payments", 1, 10),
    ]
    assert (owes.score, owes.band, owes.arrears) == (65, "warning", 1_500)
    assert [(one.feature.value, one.value) for one in paid.reasons] == [("late_bills_percent", 100)]
    assert listed.account_id.tolist() == [world.account(1), world.account(2)]
    assert listed.score.tolist() == [65, 20]
    assert listed.behind(65, world.account(1), 5).tolist() == [world.account(2)]
    assert listed.behind(20, world.account(2), 5).tolist() == []
    warned = told(world).warnings
    assert [(one.band, one.accounts, one.arrears) for one in warned] == [(1, 1, 0), (2, 1, 1_500)]


def test_credit_that_will_not_last_is_a_reason_where_a_rule_looks_at_it(world):
    """5,000 for 50 days is 100 a day: 1,250 last twelve days, eighteen less than thirty."""
    for count, free in ((1, 1_250), (2, 4_000), (3, 0)):
        number = world.bill(5_000, TODAY - 30, count=count)
        with world.store.write() as session:
            session.run(
                "UPDATE bill SET kind = 0, previous_day = :first, this_day = :last "
                "WHERE bill_id = :number", first=TODAY - 95, last=TODAY - 45, number=number,
            )  # fmt: skip
        later = world.at(count)
        later.post(later.told(f"p{count}", count, 5_000 + free))
    rule = {"feature": "supply_days_short", "at_least": 15, "points": 30}
    text = parse_policies(json.dumps({"early_warning": {"rules": [rule]}})).text
    with world.store.write() as session:
        session.run("UPDATE provider SET policies = :policies", policies=text)
    with world.store.read() as reader:
        provider, at = providers.provider(reader, 1), AsOf(TODAY, ALL_KNOWN)
        listed = worklist.worklist(reader, provider, at, 1)
        every = np.array([world.account(n) for n in (1, 2, 3, 4)])
        found = worklist.scored(reader, provider, at, every)
    assert listed.account_id.tolist() == [world.account(1)]
    assert [[reason.value for reason in one.reasons] for one in found] == [[18], [], [], []]


# -- cut-offs


def fixed(world, day=TODAY - 1, asked=None):
    with world.store.read() as reader:
        provider = providers.provider(reader, 1)
    world.write(lambda write: cut_offs.begin(write, provider, MONTH, day, TODAY, asked or Asked()))
    return cut_offs.complete(world.store, provider, MONTH, day, world.now)


def kept(world, day=TODAY - 1):
    with world.store.read() as reader:
        return rows.figures(reader, 1, MONTH, day)


def agrees(world):
    with world.store.read() as reader:
        return list(cut_offs_agree(reader, 1))


def test_later_payments_never_rewrite_a_month_that_is_fixed(world):
    """Neither those of later days, nor those of earlier days that come to light later, nor what is
    taken back, cancelled or written off; verify computes the figures again."""
    later = world.at(1)
    world.bill(1_000, TODAY - 20)
    world.bill(2_000, TODAY - 20, count=2)
    yesterday = world.now - DAY
    later.post(later.told("a", 1, 600, paid_at=yesterday), later.told("b", 2, 50))
    fixed(world.at(2), asked=Asked(area_length=2))
    before = kept(world)
    assert [(one.area, one.billed, one.received, one.open) for one in before] == [
        ("N1", 2_000, 0, 2_000), ("ge", 1_000, 600, 400),
    ]  # fmt: skip
    much_later = world.at(10)
    much_later.post(much_later.told("late", 2, 2_000, paid_at=yesterday))
    world.at(11).reverse("r1", "a", kind=ReversalKind.RETURNED)
    entry(world.at(12), 1, -1_000, EntryKind.WRITE_OFF, TODAY - 3)
    assert told(world, TODAY - 1).collection[0].received == 2_600
    assert kept(world) == before
    assert agrees(world) == []
    with pytest.raises(CutOffFixed, match="fixed already"):
        fixed(world.at(20))
    fixed(world.at(21), TODAY - 2)
    assert agrees(world) == []
    with world.store.write() as session:
        session.run("UPDATE cut_off_figure SET received = received + 1, left_open = left_open - 1")
    assert {one["message"].split()[0] for one in agrees(world)} == {"received", "open"}


def test_a_cut_off_that_died_is_completed_to_the_same_figures(world):
    """Begun, then money came, then completed, twice."""
    world.bill(1_000, TODAY - 20)
    world.at(1).post(world.told("b", 2, 50))
    with world.store.read() as reader:
        provider = providers.provider(reader, 1)
    world.write(lambda w: cut_offs.begin(w, provider, MONTH, TODAY - 1, TODAY, Asked()))
    assert kept(world) == []
    later = world.at(5)
    later.post(later.told("a", 1, 600, paid_at=world.now - DAY))
    for _ in range(2):
        done = cut_offs.complete(world.store, provider, MONTH, TODAY - 1, later.now)
        assert done.complete
    (one,) = kept(world)
    assert (one.billed, one.received) == (1_000, 0)
    assert agrees(world) == []
    with pytest.raises(CutOffUnknown):
        cut_offs.complete(world.store, provider, MONTH, TODAY - 9, later.now)


def test_cut_offs_beside_those_who_post(world):
    """What is posted meanwhile, by clocks that lag behind, is in a cut-off or after it."""
    for count in (1, 2, 3, 4):
        world.bill(100_000, TODAY - 30, count=count)
    yesterday = world.now - DAY

    def pay(count):
        for number in range(8):
            late = world.at(-count)
            late.post(late.told(f"{count}-{number}", count, 100, paid_at=yesterday))

    with ThreadPoolExecutor(4) as pool:
        posting = [pool.submit(pay, count) for count in (1, 2, 3, 4)]
        received = []
        for ago in range(1, 6):
            fixed(world, TODAY - 6 + ago)
            received.append(sum(one.received for one in kept(world, TODAY - 6 + ago)))
        for one in posting:
            one.result()
    with world.store.read() as reader:
        assert len(rows.newest(reader, 1, 9)) == 5
    fixed_last = received[-1]
    assert 0 <= fixed_last <= 3_200
    assert fixed_last % 100 == 0
    assert agrees(world) == []


def test_a_day_that_has_not_ended_is_no_cut_off(world):
    with pytest.raises(FieldRefused, match="not ended"):
        fixed(world, TODAY)
