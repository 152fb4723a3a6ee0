"""Credits of banks as settlements see them: told once, split, taken back; which pays what."""

import random

import numpy as np
import pytest

from billcore.core.payments.channel_policies import ConvenienceFee
from billcore.core.reconciliation.files.lines import LineKind
from billcore.core.reconciliation.settlement.credits import told_credits
from billcore.core.reconciliation.settlement.fees import fees_of
from billcore.core.reconciliation.settlement.funding import Credit, fund
from billcore.core.reconciliation.settlement.units import Unit
from billcore.core.store.settlements import BankLine

DAY = 739_881


def line(amount, **more):
    values = {
        "file_no": 1, "line_no": 1, "format": "camt.053", "kind": LineKind.CREDIT,
        "amount": amount, "fee": 0, "day": DAY, "value_day": 0, "batch": "", "transactions": 1,
        "reference": "", "end_to_end": "", "return_code": "", "payer": "", "text": "", "line": 1,
    } | more  # fmt: skip
    return BankLine(**values)


def amounts(*lines):
    return [one.credit.amount for one in told_credits(1, 4, lines)]


def test_the_format_that_told_a_day_first_counts():
    first, again = line(100), line(100, file_no=2, format="mt940")
    assert amounts(first, again) == [100]
    assert amounts(again, first._replace(file_no=3)) == [100]
    assert amounts(first, again._replace(day=DAY + 1)) == [100, 100]


def test_a_notification_splits_a_credit_of_several_transactions():
    whole = line(100, batch="B1", transactions=2)
    parts = [
        line(part, file_no=2, line_no=at, format="camt.054", batch="B1", day=DAY - 1, payer=name)
        for at, (part, name) in enumerate(((60, "Ada"), (40, "Bob")))
    ]
    assert amounts(whole, *parts) == [60, 40]
    assert {one.credit.day for one in told_credits(1, 4, [whole, *parts])} == {DAY}
    assert amounts(whole, parts[0]) == [100]
    assert amounts(whole._replace(transactions=1), *parts) == [100]
    assert amounts(*parts) == []


def test_a_credit_that_is_taken_back_is_none():
    credit = line(100, reference="x")
    back = line(-100, kind=LineKind.CREDIT_REVERSED, reference="x")
    assert amounts(credit, back) == []
    assert amounts(credit, credit, back) == [100]
    assert amounts(credit, back._replace(reference="y")) == [100]
    assert amounts(credit._replace(reference=""), back._replace(reference="")) == [100]


def test_a_credit_is_known_by_what_the_bank_tells():
    one, twin = line(100, line_no=1), line(100, line_no=2)
    first, second = (told.credit.credit_id for told in told_credits(1, 4, [one, twin]))
    assert first != second
    moved = [one._replace(file_no=9, line_no=7), twin._replace(file_no=9, line_no=8)]
    assert [told.credit.credit_id for told in told_credits(1, 4, moved)] == [first, second]


# -- fees


@pytest.mark.parametrize(
    "terms",
    [
        ConvenienceFee(),
        ConvenienceFee(fixed=7),
        ConvenienceFee(per_10000=125),
        ConvenienceFee(fixed=1, per_10000=33, least=5, most=60),
        ConvenienceFee(fixed=10**16, per_10000=9_999),
    ],
)
def test_fees_of_columns_are_those_of_each(terms):
    """The rule of one amount is the model; large amounts are exact, too."""
    rng = random.Random(1)
    values = [0, 1, 39, 40, 41, 10**9, *(rng.randrange(10**13) for _ in range(200))]
    wanted = [terms.fee(one) for one in values]
    assert fees_of(terms, np.array(values)).tolist() == wanted
    back = fees_of(terms, -np.array(values[1:])).tolist()
    assert back == [-one for one in wanted[1:]]


# -- which pays what


def unit(number, net, **more):
    values = {
        "settlement_id": number, "channel_no": 1, "batch": "", "first_day": DAY - 1,
        "last_day": DAY - 1, "due_day": DAY, "until_day": DAY + 2, "line_count": 1, "gross": net,
        "fee": 0, "bank_text": "Kiosk",
    } | more  # fmt: skip
    return Unit(**values)


def credit(number, amount, **more):
    values = {
        "credit_id": number, "day": DAY, "amount": amount, "charged": 0, "batch": "",
        "end_to_end": "", "words": "KIOSK AG",
    } | more  # fmt: skip
    return Credit(**values)


def test_the_batch_goes_first_then_the_amount_then_the_words():
    units = [unit(1, 100, batch="B"), unit(2, 100), unit(3, 100, channel_no=2)]
    credits = [credit(11, 100), credit(12, 70, end_to_end="B", words=""), credit(13, 95)]
    assert fund(units, credits) == {12: 1, 11: 2, 13: 3}


def test_words_decide_only_where_one_of_each_is_left():
    assert fund([unit(1, 100)], [credit(11, 90), credit(12, 80)]) == {}
    assert fund([unit(1, 100), unit(2, 70)], [credit(11, 90)]) == {}
    assert fund([unit(1, 100)], [credit(11, 90, day=DAY + 3)]) == {}
    assert fund([unit(1, 100)], [credit(11, 90, words="Ada")]) == {}
    assert fund([unit(1, 100)], [credit(11, 90)]) == {11: 1}


def test_without_words_only_an_exact_amount_in_time_pays():
    silent = unit(1, 100, bank_text="")
    assert fund([silent], [credit(11, 99)]) == {}
    assert fund([silent], [credit(11, 100, day=DAY + 3)]) == {}
    assert fund([silent], [credit(11, 100, words="anything")]) == {11: 1}
    assert fund([unit(1, 100)], [credit(11, 100, day=DAY + 30)]) == {11: 1}


def test_no_credit_pays_before_the_last_day_nor_for_nothing():
    assert fund([unit(1, 100)], [credit(11, 100, day=DAY - 2)]) == {}
    assert fund([unit(1, 0), unit(2, -5)], [credit(11, 0), credit(12, -5)]) == {}


def test_what_the_bank_kept_is_part_of_what_was_paid():
    assert fund([unit(1, 100)], [credit(11, 97, charged=3, day=DAY + 30)]) == {11: 1}


@pytest.mark.parametrize("seed", range(20))
def test_any_order_is_the_same(seed):
    rng = random.Random(seed)
    units = [
        unit(n, rng.choice([50, 60, 70]), due_day=DAY + rng.randint(0, 3),
             until_day=DAY + 5, batch=rng.choice(["", "", f"B{n}"]))
        for n in range(1, 9)
    ]  # fmt: skip
    credits = [
        credit(n, rng.choice([50, 60, 70, 71]), day=DAY + rng.randint(0, 5),
               batch=rng.choice(["", f"B{rng.randint(1, 9)}"]))
        for n in range(10, 20)
    ]  # fmt: skip
    paid = fund(units, credits)
    for _ in range(5):
        rng.shuffle(units)
        rng.shuffle(credits)
        assert fund(units, credits) == paid
    single = [one for one in units if not one.batch]
    for one in single:
        assert list(paid.values()).count(one.settlement_id) <= 1
