"""Late fees on both stores: what assessments charge, credit, leave alone; what verify finds."""

from contextlib import suppress

import numpy as np
import pyarrow as pa
import pytest

from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.items import folded_items
from billcore.core.collections.late_fees import assessments
from billcore.core.collections.late_fees.checks import late_fees_agree
from billcore.core.collections.late_fees.chunk import assess_chunk
from billcore.core.collections.late_fees.errors import (
    AssessmentOvertaken,
    AssessmentUnknown,
    HoldConflict,
    HoldUnknown,
    LateFeeDayInvalid,
    LateFeeRuleUnfit,
    ReferenceRateMissing,
)
from billcore.core.collections.late_fees.shown import charges
from billcore.core.events import sequencer
from billcore.core.ledger.kinds import EntryKind
from billcore.core.payments.codes import Code
from billcore.core.store import providers as provider_rows
from billcore.core.store.port import OPEN_DAY
from tests import late_fees_world
from tests.late_fees_world import DAILY, day, moment


@pytest.fixture
def desk(books):
    return late_fees_world.found(books)


@pytest.fixture(autouse=True)
def verified(desk):
    """Whatever a test did, the books verify."""
    yield
    # Some agreements here are rows without terms, made for one attribute.
    assert [one for one in desk.world.broken() if one[0] != "agreements"] == []
    accounts = np.array([desk.world.account(count) for count in range(1, 6)])
    with desk.world.store.read() as reader:
        folded = folded_items(reader, 1, accounts)
    left = np.where(folded.rows.amount < 0, -1, 1) * folded.found.open
    found = {int(i): int(n) for i, n in zip(folded.rows.document_id, left, strict=True) if n}
    assert found == {no: n for count in range(1, 6) for no, n in desk.open(count).items()}


def test_a_debt_is_charged_from_day_to_day_and_once(desk):
    """1 per mille a day of 100,000: 10 days 1,000; 10 more the difference; the same day nothing."""
    desk.post(100_000, "2026-03-01")
    assert desk.assess("2026-03-01") == (0, 0)
    assert desk.assess("2026-03-11") == (1_000, 0)
    assert desk.assess("2026-03-11") == (0, 0)
    assert desk.assess("2026-03-21") == (1_000, 0)
    assert desk.fees() == [1_000, 1_000]
    assert desk.world.balance() == 102_000
    assert desk.world.trial()["late_fee_income"] == -2_000


def test_fees_bear_no_fees(desk):
    """A year of assessments of a debt comes to its days, however often."""
    desk.post(100_000, "2026-01-01")
    for month in range(2, 13):
        desk.assess(f"2026-{month:02}-01")
    assert sum(desk.fees()) == (day("2026-12-01") - day("2026-01-01")) * 100


def test_what_is_no_debt_bears_nothing(desk):
    """Fees for something done, refunds and late fees by hand: only what the rule names bears."""
    for kind in (EntryKind.FEE, EntryKind.REFUND, EntryKind.LATE_FEE, EntryKind.TRANSFER):
        desk.post(100_000, "2026-01-01", kind)
    assert desk.assess("2026-06-01") == (0, 0)


def test_a_part_payment_ends_the_clock_of_its_part(desk):
    """40,000 paid after 5 days, 60,000 open on day 10: 200 + 600."""
    desk.post(100_000, "2026-03-01")
    desk.pay(40_000, "2026-03-06")
    assert desk.assess("2026-03-11") == (800, 0)
    lines = desk.charges()[0].explained.lines
    assert [(line.debt, line.days, int(line.amount)) for line in lines] == [
        (40_000, 5, 200), (60_000, 10, 600),
    ]  # fmt: skip


def test_money_that_was_paid_earlier_is_credited(desk):
    """A payment of day 5 that is recorded after day 20 was charged: the difference, as a credit."""
    desk.post(100_000, "2026-03-01")
    assert desk.assess("2026-03-21") == (2_000, 0)
    desk.pay(100_000, "2026-03-06")
    assert desk.assess("2026-03-31") == (0, -1_500)
    assert desk.fees() == [2_000, -1_500]
    assert desk.world.balance() == 500
    assert desk.assess("2026-03-31") == (0, 0)
    assert desk.assess("2027-03-31") == (0, 0)


def test_a_credit_lowers_the_fee_it_is_for_newest_first(desk):
    """Three fees of 1,000; money of day 15 takes the third and half of the second."""
    desk.post(100_000, "2026-03-01")
    desk.post(5_000, "2026-05-20")  # not late yet: nothing of the credit may pay it
    for until in ("2026-03-11", "2026-03-21", "2026-03-31"):
        desk.assess(until)
    desk.pay(100_000, "2026-03-16")
    assert desk.assess("2026-04-10") == (0, -1_500)
    first, second, third = (charge.row.account_entry_id for charge in desk.charges()[:3])
    credited = {charge.row.credits: charge.row.amount for charge in desk.charges()[3:]}
    assert credited == {third: -1_000, second: -500}
    still = desk.open()
    assert (still[first], still[second], third in still) == (1_000, 500, False)


def test_a_fee_that_was_paid_and_is_credited_is_the_payers_money(desk):
    """Debt and fee were paid; then the payer's day turns out to be earlier: 1,500 are free."""
    desk.post(100_000, "2026-03-01")
    desk.assess("2026-03-21")
    payment = desk.pay(102_000, "2026-03-21")
    desk.undo(payment, "2026-03-21")
    desk.pay(102_000, "2026-03-06")
    assert desk.assess("2026-04-01") == (0, -1_500)
    assert desk.world.balance() == -1_500
    later = desk.post(10_000, "2026-04-02")
    assert desk.open() == {later: 8_500}


def test_a_payment_taken_back_restores_the_clock(desk):
    """Dishonoured after an assessment: late from the original due day, as if never paid."""
    desk.post(100_000, "2026-03-01")
    payment = desk.pay(100_000, "2026-03-06")
    assert desk.assess("2026-03-21") == (500, 0)
    desk.undo(payment, "2026-03-25")
    assert desk.assess("2026-03-31") == (2_500, 0)
    assert desk.assess("2026-03-31") == (0, 0)


def test_an_item_taken_back_takes_its_fee_along(desk):
    """A debt that was wrong bears nothing: what it was charged is credited, all of it."""
    debt = desk.post(100_000, "2026-03-01")
    other = desk.post(50_000, "2026-03-01")
    assert desk.assess("2026-03-21") == (3_000, 0)
    desk.undo(debt, "2026-04-01")
    assert desk.assess("2026-04-10") == (1_000, -2_000)
    (gone,) = [one for one in desk.charges() if one.rule is None]
    assert (gone.row.item_id, gone.row.amount, gone.explained) == (debt, -2_000, None)
    assert {one.row.item_id for one in desk.charges()} == {debt, other}


def test_money_in_advance_pays_in_time(desk):
    """Free credit pays an item when it comes, whatever its due day."""
    desk.pay(100_000, "2026-01-01")
    desk.post(100_000, "2026-03-01")
    assert desk.assess("2026-12-31") == (0, 0)


def test_a_fee_that_was_waived_is_not_charged_again(desk):
    """Somebody reverses a fee by hand: later fees are charged, this one is not; nor given twice."""
    debt = desk.post(100_000, "2026-03-01")
    desk.assess("2026-03-11")
    desk.undo(desk.charges()[0].row.account_entry_id, "2026-03-12")
    assert desk.assess("2026-03-11") == (0, 0)
    assert desk.assess("2026-03-21") == (1_000, 0)
    desk.undo(debt, "2026-03-22")
    assert desk.assess("2026-03-31") == (0, -1_000)
    assert desk.world.balance() == 0


def test_fees_are_penalties_for_the_order_of_payment(desk):
    """By STATUTORY_RU a late fee is paid after principal that is due later."""
    desk.policy(DAILY, allocation={"default": "law", "strategies": [
        {"name": "law", "kind": "statutory_ru"}]})  # fmt: skip
    first = desk.post(100_000, "2026-03-01")
    desk.assess("2026-03-11")
    second = desk.post(50_000, "2026-06-01")
    with desk.world.store.write() as session:
        session.run("UPDATE account_entry SET strategy = 1 WHERE kind = 2")
    payment = desk.pay(150_000, "2026-06-01")
    with desk.world.store.write() as session:
        session.run("UPDATE account_entry SET strategy = 1 WHERE account_entry_id = :e", e=payment)
    assert desk.assess("2026-06-02")[1] == 0
    left = desk.open()
    assert first not in left
    assert second not in left
    assert desk.charges()[0].row.account_entry_id in left


# -- rates and rules


BANDS = {
    "name": "bands",
    "kind": "bands",
    "items": ["adjustment"],
    "rate": {"series": "key_rate", "day": "payment"},
    "bands": [{"until": 30}, {"until": 90, "divisor": 300}, {"divisor": 130}],
}


def test_the_rate_of_the_payment_day(desk):
    """What is open bears the rate of the day of assessment; paid, that of the payment."""
    desk.policy(BANDS)
    desk.rate("key_rate", "2026-01-01", 150_000)
    desk.post(300_000, "2026-03-01")
    assert desk.assess("2026-05-30") == (9_000, 0)  # day 90: 60 days of 1/300 of 15 %
    desk.rate("key_rate", "2026-05-20", 100_000)
    assert desk.assess("2026-05-30") == (0, -3_000)  # it was published late
    desk.pay(300_000, "2026-05-10")  # day 70, before the change
    assert desk.assess("2026-06-01") == (0, 0)  # 40 x 300,000 x 15 % / 300 = 6,000
    assert [c.row.fee for c in desk.charges()] == [9_000, 6_000]


def test_a_corrected_rate_is_a_version(desk):
    """What was assessed with the wrong rate verifies still, and the difference is credited."""
    desk.policy(BANDS)
    desk.rate("key_rate", "2026-01-01", 150_000)
    desk.post(300_000, "2026-03-01")
    desk.assess("2026-05-30")
    desk.rate("key_rate", "2026-01-01", 200_000)
    desk.rate("key_rate", "2026-01-01", 200_000)  # told twice
    assert desk.assess("2026-05-30") == (3_000, 0)
    assert [c.explained.lines[0].rate_per_million for c in desk.charges()] == [150_000, 200_000]
    assert desk.world.count("reference_rate") == 2


def test_a_missing_rate_stops_the_chunk(desk):
    """Nothing of the chunk is kept; when the rate is there the same assessment goes on."""
    desk.policy(BANDS)
    desk.post(300_000, "2026-03-01")
    made = desk.begin("2026-05-30")
    with pytest.raises(ReferenceRateMissing, match="key_rate"):
        desk.drive(made.assessment_id)
    desk.rate("key_rate", "2026-06-01", 150_000)
    with pytest.raises(ReferenceRateMissing, match="2026-05-30"):
        desk.drive(made.assessment_id)
    assert desk.world.count("late_fee_chunk") == 0
    desk.rate("key_rate", "2026-01-01", 150_000)
    assert desk.drive(made.assessment_id) == (9_000, 0)


def test_dated_rules_and_no_rule(desk):
    """The first rule that fits by due day; items of before bear nothing."""
    desk.policy(
        {**DAILY, "name": "old", "from_day": "2026-01-01", "until_day": "2026-02-28"},
        {**DAILY, "name": "new", "from_day": "2026-03-01", "per_million": 2_000},
    )
    for due in ("2025-12-31", "2026-02-28", "2026-03-01"):
        desk.post(10_000, due)
    assert [(one.rule, one.fee) for one in desk.preview("2026-03-11")] == [
        ("", 0), ("old", 110), ("new", 200),
    ]  # fmt: skip
    assert desk.assess("2026-03-11") == (310, 0)


def test_a_changed_rule_is_told_with_what_it_charged(desk):
    """The rule of each charge is kept as it was."""
    desk.post(100_000, "2026-03-01")
    desk.assess("2026-03-11")
    desk.policy({**DAILY, "per_million": 500})
    assert desk.assess("2026-03-11") == (0, -500)
    assert [c.rule.per_million for c in desk.charges()] == [1_000, 500]
    assert [c.explained.amount for c in desk.charges()] == [1_000, 500]


def test_charges_are_told_in_pages_and_by_item(desk):
    """Two assessments a page; of one item alone."""
    desk.post(100_000, "2026-03-01")
    second = desk.post(50_000, "2026-03-15")
    for until in ("2026-03-11", "2026-03-21", "2026-03-31"):
        desk.assess(until)
    account = desk.world.account(1)
    with desk.world.store.read() as reader:
        told, last = charges(reader, desk.provider(), account, most=2)
        assert ([one.row.assessment_id for one in told], last) == ([1, 2, 2], 2)
        told, last = charges(reader, desk.provider(), account, after=2, most=2)
        assert ([one.row.assessment_id for one in told], last) == ([3, 3], 0)
        told, last = charges(reader, desk.provider(), account, item_id=second)
    assert [(one.row.item_id, one.row.amount) for one in told] == [(second, 300), (second, 500)]


def test_a_rule_of_an_unknown_attribute(desk):
    """Refused before anything is charged."""
    desk.policy({**DAILY, "when": {"attribute": "debtor", "words": ["resident"]}})
    desk.post(100_000, "2026-03-01")
    with pytest.raises(LateFeeRuleUnfit, match="no attribute 'debtor'"):
        desk.assess("2026-03-11")


DEBTORS = ("resident", "other")


def agree(desk, count, service, word, first="2020-01-01", last="", number=1):
    """An agreement of an account for a service, with the attribute debtor; others by day."""
    account, until = desk.world.account(count), day(last) if last else OPEN_DAY
    words = {first: word} if isinstance(word, str) else word
    with desk.world.store.write() as session:
        if not session.row("SELECT 1 FROM attribute"):
            row = provider_rows.AttributeRow(1, "debtor", "choice", "", 0)
            provider_rows.add_attribute(session, 1, row)
            columns = {"provider_id": np.array([1, 1]), "attribute_no": np.array([1, 1]),
                       "word_no": np.array([0, 1]), "word": pa.array(DEBTORS)}  # fmt: skip
            provider_rows.add_words(session, columns)
        own = {"account_id": account, "agreement_no": number, "from_day": day(first)}
        row = own | {"point_id": 1, "service": service, "cycle_no": 0, "until_day": until,
                     "tariff_no": 1, "attributes": b"", "changed_day": day(first), "revision": 1,
                     "recorded_at": 0}  # fmt: skip
        session.insert("agreement", {
            name: np.array([one]) if isinstance(one, int) else pa.array([one])
            for name, one in row.items()
        })  # fmt: skip
        for since, one in words.items():
            step = own | {"from_day": day(since), "attribute_no": 1, "value": DEBTORS.index(one)}
            session.insert(
                "agreement_attribute", {name: np.array([one]) for name, one in step.items()}
            )


def test_rules_by_class_of_debtor_and_service(desk):
    """The agreement in force on the due day, or the last one before it, and its word then."""
    homes = {"attribute": "debtor", "words": ["resident"]}
    desk.policy(
        {**DAILY, "name": "homes", "when": homes},
        {**DAILY, "name": "water", "when": {"services": ["water"]}, "per_million": 2_000},
        {**DAILY, "name": "rest", "per_million": 3_000},
    )
    agree(desk, 1, "heat", "resident")
    agree(desk, 2, "water", {"2020-01-01": "other", "2026-03-02": "resident"})
    agree(desk, 3, "heat", "resident", last="2025-12-31")
    agree(desk, 3, "heat", "other", first="2019-01-01", last="2019-12-31", number=2)
    agree(desk, 4, "heat", "resident", last="2025-12-31")
    agree(desk, 4, "heat", "other", first="2026-01-01", number=2)
    for count in range(1, 6):
        desk.post(10_000, "2026-03-01", count=count)
        desk.post(10_000, "2026-03-02", count=count)
    found = [[one.rule for one in desk.preview("2026-03-12", count)] for count in range(1, 6)]
    assert found == [
        ["homes"] * 2, ["water", "homes"], ["homes"] * 2, ["rest"] * 2, ["rest"] * 2,
    ]  # fmt: skip
    assert desk.assess("2026-03-11")[0] == (10 + 9) * (10 + 10 + 30 + 30) + 10 * 20 + 9 * 10
    desk.policy({**DAILY, "when": {"attribute": "debtor", "words": ["tenant"]}})
    with pytest.raises(LateFeeRuleUnfit, match="resident, other"):
        desk.preview("2026-03-11")


def test_a_penalty_that_compounds_over_the_account(desk):
    """Three bills of three months; of the items' fees 364.23 + 411.16 + 348.99 = 1,124.38."""
    desk.policy({"name": "p", "kind": "percent", "per_million": 100_000, "every": "months",
                 "at_once": False, "compound": "fees", "items": ["adjustment"]})  # fmt: skip
    for due, amount in (("2025-01-05", 301_018), ("2025-02-05", 339_800), ("2025-03-05", 317_266)):
        desk.post(amount, due)
    assert desk.assess("2025-02-06") == (30_102, 0)
    assert [one.fee for one in desk.preview("2025-04-06")] == [36_423, 41_116, 34_899]
    assert sum(one.explained.exact for one in desk.preview("2025-04-06")) * 1_000 == 112_438_238
    desk.pay(301_018, "2025-01-05")  # it was never late, so the second one did not join
    assert [one.fee for one in desk.preview("2025-04-06")] == [37_378, 34_899, 0]


def test_the_payers_day_counts(desk):
    """A payment of a channel, made on the 6th and told on the 21st of September."""
    desk.policy(DAILY)
    desk.post(100_000, "2026-09-01")
    told = desk.world.told("late file", amount=100_000, paid_at=moment("2026-09-06 08:00"))
    assert desk.world.at(1_000).post(told).code.tolist() == [Code.OK]
    assert desk.assess("2026-09-21") == (500, 0)
    desk.world.at(2_000).reverse("back", "late file")
    assert desk.assess("2026-09-21") == (1_500, 0)


# -- holds


def test_a_disputed_amount_stands_still(desk):
    """30,000 of 100,000 in dispute on 10 of 20 days: 2,000 - 300; the clock goes on after it."""
    item = desk.post(100_000, "2026-03-01")
    desk.hold(item, 30_000, "2026-03-06")
    assert desk.assess("2026-03-21") == (4 * 100 + 16 * 70, 0)
    desk.release("2026-03-15")
    assert desk.assess("2026-03-21") == (2_000 - 300 - 1_520, 0)
    assert desk.assess("2026-03-31") == (1_000, 0)


def test_a_hold_that_comes_late_credits(desk):
    """A dispute from a day that was charged already; annulled, all is charged again."""
    item = desk.post(100_000, "2026-03-01")
    desk.assess("2026-03-21")
    desk.hold(item, 0, "2026-03-11")
    assert desk.assess("2026-03-21") == (0, -1_100)
    assert desk.assess("2026-04-21") == (0, 0)
    desk.release(annul=True)
    assert desk.assess("2026-04-21") == (4_200, 0)


def test_holds_are_written_once(desk):
    """The same hold, and the same release, again are the same; others are refused."""
    item = desk.post(100_000, "2026-03-01")
    first = desk.hold(item, 10, "2026-03-06")
    assert desk.hold(item, 10, "2026-03-06") == first
    with pytest.raises(HoldConflict):
        desk.hold(item, 11, "2026-03-06")
    done = desk.release("2026-03-10")
    assert desk.release("2026-03-10") == done
    with pytest.raises(HoldConflict):
        desk.release("2026-03-11")
    with pytest.raises(HoldConflict):
        desk.hold(item, 10, "2026-03-06")
    assert desk.world.count("late_fee_hold") == 2


def test_holds_that_are_refused(desk):
    """No item, too much, before it began, unknown: each names its field and changes nothing."""
    item = desk.post(100_000, "2026-03-01")
    payment = desk.pay(10, "2026-03-01")
    for given, field in (
        ((12, 10, "2026-03-06"), "item_id"),
        ((payment, 10, "2026-03-06"), "item_id"),
        ((item, 100_001, "2026-03-06"), "amount"),
        ((item, -1, "2026-03-06"), "amount"),
        ((item, 1, "2026-03-06", ""), "source"),
        ((item, 1, "1700-03-06"), "from_day"),
    ):
        with pytest.raises(FieldRefused) as refused:
            desk.hold(*given)
        assert refused.value.fields["field"] == field
    with pytest.raises(HoldUnknown):
        desk.release("2026-03-06")
    desk.hold(item, 10, "2026-03-06")
    with pytest.raises(FieldRefused, match="annul"):
        desk.release("2026-03-05")
    assert desk.world.count("late_fee_hold") == 1


# -- assessments


def test_an_assessment_goes_on_where_it_stopped(desk):
    """Chunks are done once, whoever drives; the next assessment finishes one that was given up."""
    for count in range(1, 6):
        desk.post(100_000 * count, "2026-03-01", count=count)
    made = desk.begin("2026-03-11")
    store, caller = desk.world.store, desk.world.caller
    with store.write() as session:
        first = assess_chunk(session, caller, made, 1, desk.world.now)
    with store.write() as session:
        assert assess_chunk(session, caller, made, 1, desk.world.now) == first
    assert first.charged == 3_000
    assert desk.drive(made.assessment_id) == (15_000, 0)
    given_up = desk.begin("2026-03-21")
    with store.write() as session:
        assess_chunk(session, caller, given_up, 2, desk.world.now)
    assert desk.assess("2026-03-21") == (8_000, 0)
    assert desk.drive(given_up.assessment_id) == (7_000, 0)


def test_a_day_before_one_that_was_assessed_is_refused(desk):
    """Also while an assessment is under way, and only for accounts that are concerned."""
    desk.post(100_000, "2026-03-01")
    desk.post(100_000, "2026-03-01", count=2)
    under_way = desk.begin("2026-03-11")
    desk.assess("2026-03-21", count=1)
    with pytest.raises(AssessmentOvertaken):
        desk.begin("2026-03-20")
    with pytest.raises(AssessmentOvertaken):
        desk.drive(under_way.assessment_id)
    assert desk.assess("2026-03-11", count=2) == (1_000, 0)
    assert desk.fees(1) == [2_000]


def test_days_and_chunks_that_are_refused(desk):
    """Tomorrow is not known; a chunk has a size; an assessment has a number."""
    today = day("2026-03-11")
    for given, error in (
        ((today + 1, today), LateFeeDayInvalid),
        ((0, today), LateFeeDayInvalid),
        ((today, today, 0, 10**6), FieldRefused),
    ):
        with pytest.raises(error):
            desk.write(lambda write, given=given: assessments.begin(write, *given))
    with pytest.raises(AssessmentUnknown):
        desk.drive(17)
    assert desk.world.count("late_fee_assessment") == 0


def test_an_assessment_is_told(desk):
    """Documents as events, the end with its sums, the beginning in the audit log."""
    desk.post(100_000, "2026-03-01")
    desk.assess("2026-03-11")
    with desk.world.store.write() as session:
        sequencer.number(session, 1)
    with desk.world.store.read() as reader:
        told = reader.rows("SELECT subject, payload FROM event WHERE kind = 'late_fees.assessed'")
        assert [subject for subject, _ in told] == ["late fees 1"]
        assert '"charged":1000' in str(told[0][1])
        audited = reader.rows("SELECT action FROM audit WHERE action LIKE 'late_fees%'")
    assert audited == [("late_fees.assess",)]


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("UPDATE late_fee SET amount = amount + 1", "not an account entry of its amount"),
        ("DELETE FROM late_fee", "it is no late fee"),
        ("UPDATE late_fee_chunk SET charged = charged + 1 WHERE charged > 0", "count and sum"),
        ("UPDATE late_fee SET fee = fee + 1", "what was known then comes to"),
        ("DELETE FROM late_fee_rule", "is lost"),
        ("UPDATE account_entry SET day = day - 3 WHERE kind = 2", "what was known then comes to"),
    ],
)
def test_damage_is_found(desk, damage, says):
    """Each kind of damage is found, and found by what it is."""
    desk.post(100_000, "2026-03-01")
    desk.pay(50_000, "2026-03-06")
    desk.assess("2026-03-11")

    with suppress(_Undo), desk.world.store.write() as session:
        assert session.run(damage) > 0
        found = " ".join(str(one["message"]) for one in late_fees_agree(session, 1))
        raise _Undo
    assert says in found


class _Undo(Exception):
    """Ends a transaction that is not to be kept."""
