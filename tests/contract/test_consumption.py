"""Consumption by month on both stores: what was billed, and what it would have been by norm."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.stored import stored_bill
from billcore.core.calendar import Calendar, calendar_months
from billcore.core.enquiries.consumption import Months, consumption, last_months
from billcore.core.ids import accounting_month, year_and_month
from billcore.core.store import bills as bill_rows
from billcore.core.store import providers
from billcore.core.tariff.reference import evaluation
from tests import seed, town
from tests.town import HOME, JANUARY

TODAY = date(2026, 12, 31).toordinal()


def charts(store, provider_id, account_id, norms=(), months=None):
    """The series of an account under norms."""
    with store.write() as session:
        found = providers.provider(session, provider_id)
        given = json.loads(found.policies) | {"norms": list(norms)}
        policies = parse_policies(json.dumps(given)).text
        session.run(
            "UPDATE provider SET policies = :policies WHERE provider_id = :provider_id",
            policies=policies, provider_id=provider_id,
        )  # fmt: skip
    with store.read() as reader:
        provider = providers.provider(reader, provider_id)
        asked = months or last_months(reader, provider, account_id, TODAY)
        return consumption(reader, provider, account_id, asked)


# -- the printed bills


@pytest.fixture
def printed(books):
    """The water company with its five bills."""
    found = seed.settle(books)
    for number, one in enumerate(seed.PRINTED):
        day = seed.jalali(one.day)
        seed.read(found, day, one.dial)
        seed.bill(found, day, one.days, seed.NOW + number * seed.SECOND)
    return found


def jalali_months(first, last):
    def number(text):
        year, month = map(int, text.split("-"))
        return accounting_month(year, month, "jalali")

    return Months(number(first), number(last), "jalali")


EVERY = jalali_months("1395-01", "1397-07")
"""31 months."""


def test_months_sum_to_the_bills(printed):
    (series,) = charts(printed.store, printed.caller.provider_id, printed.account_id, months=EVERY)
    assert (series.service, series.quantity, series.unit) == ("water", "m3", "m3")
    assert sum(month.usage for month in series.months) == 220 - 98
    assert sum(month.amount for month in series.months) == sum(one.total for one in seed.PRINTED)
    assert sum(month.days for month in series.months) == seed.jalali("1397-07-30") - seed.jalali(
        seed.FIRST[0]
    )
    assert all(month.norm is None for month in series.months)
    # (1397-06-03, 1397-07-30] used 45 m3 in 58 days: the last month has 30 of them.
    last = series.months[-1]
    assert (last.days, year_and_month(last.month, "jalali")) == (30, (1397, 7))
    assert abs(last.usage - Fraction(45 * 30, 58)) < Fraction(1, 1000)
    assert abs(last.amount - Fraction(362_327 * 30, 58)) < 1


def test_by_norm_is_the_same_bill_with_another_quantity(printed):
    """Money against the exact reference, rated again from the bill's own inputs."""
    (series,) = charts(
        printed.store, printed.caller.provider_id, printed.account_id,
        [{"tariff": "ir-mehrab-water", "quantity": "m3", "per_month": "4.5"}], EVERY,
    )  # fmt: skip
    wanted_usage, wanted_amount = Fraction(0), 0
    with printed.store.read() as reader:
        for header in bill_rows.headers(reader, printed.account_id, 0, 10):
            bill = stored_bill(reader, printed.caller.provider_id, header.bill_id)
            (span,) = bill.spans
            own = span.rated_from
            months = calendar_months(Calendar.JALALI, own.previous, own.this)
            counts = Fraction(9, 2) * months * 1000
            norm = Fraction(int(counts + Fraction(1, 2)), 1000)
            changed = replace(own, inputs={**own.inputs, "m3": norm})
            document = span.tariff.document
            wanted_usage += norm
            wanted_amount += int(evaluation.rate(document, span.tariff.analysis, changed).total)
    assert sum(month.norm.usage for month in series.months) == wanted_usage
    assert sum(month.norm.amount for month in series.months) == wanted_amount
    assert wanted_amount != sum(one.total for one in seed.PRINTED)


def test_a_window_tells_its_months_alone(printed):
    """The same months as of a longer one, whatever bills they cut."""
    provider_id = printed.caller.provider_id
    (every,) = charts(printed.store, provider_id, printed.account_id, months=EVERY)
    window = jalali_months("1396-02", "1397-02")
    (some,) = charts(printed.store, provider_id, printed.account_id, months=window)
    assert list(some.months) == [
        month for month in every.months if window.first <= month.month <= window.last
    ]
    assert len(some.months) == 13
    (default,) = charts(printed.store, provider_id, printed.account_id)
    assert list(default.months) == list(every.months)[-12:]


def test_a_cancelled_bill_is_not_charted(printed):
    with printed.store.write() as session:
        last = bill_rows.headers(session, printed.account_id, 0, 10)[-1]
        session.run(
            "INSERT INTO bill_correction (account_id, bill_id, credit_id, rebill_id, correction_id)"
            " VALUES (:account_id, :bill_id, 7, 0, 1)",
            account_id=printed.account_id, bill_id=last.bill_id,
        )  # fmt: skip
    (series,) = charts(printed.store, printed.caller.provider_id, printed.account_id, months=EVERY)
    assert sum(month.usage for month in series.months) == 175 - 98


def test_without_bills_there_is_nothing(books):
    world = seed.settle(books)
    assert charts(world.store, world.caller.provider_id, world.account_id) == []


# -- norms that follow attributes and the tariff


@pytest.fixture
def flat(books):
    """Three people until January 20, four from then on; 12 m3 in January."""
    found = town.settle(books)
    steps = [*HOME, ("persons", JANUARY + 20, "4")]
    found.hang(found.agree("water", [(JANUARY, "water")], steps))
    found.read(JANUARY + 30, 12)
    found.bill(JANUARY + 30)
    return found


def one_norm(flat, **said):
    (series,) = charts(flat.store, flat.provider_id, flat.account_id, [{"quantity": "m3", **said}])
    (month,) = series.months
    return month


def test_a_norm_a_person_follows_the_persons(flat):
    """(January 1, January 31]: 19 of 31 days three persons, 11 four; 2 m3 each a month."""
    month = one_norm(flat, per_month="2", times=["persons"])
    exact = Fraction(2 * (3 * 19 + 4 * 11), 31)
    assert month.usage == 12
    assert month.norm.usage == Fraction(round(exact * 1000), 1000)
    saved = month.norm.usage - 12
    assert month.norm.amount - month.amount == round(saved * 200)


@pytest.mark.parametrize(
    ("said", "usage"),
    [
        ({"parameter": "head"}, Fraction(97, 1000)),  # 0.10 × 30/31
        ({"parameter": "price", "by": "class"}, Fraction(1935, 1000)),  # home: 2.00 × 30/31
        ({"per_month": "0"}, Fraction(0)),
    ],
)
def test_figures_of_the_tariff(flat, said, usage):
    assert one_norm(flat, **said).norm.usage == usage


@pytest.mark.parametrize(
    "said",
    [
        {"parameter": "nowhere"},
        {"parameter": "price"},
        {"parameter": "price", "by": "nowhere"},
        {"input": "nowhere"},
        {"input": "class"},
        {"per_month": "1", "times": ["class"]},
        {"per_month": "1", "tariff": "another"},
        {"per_month": "1", "times": ["nowhere"]},
    ],
)
def test_what_cannot_be_told_is_not_told(flat, said):
    assert one_norm(flat, **said).norm is None


def test_usage_beyond_the_tariff_has_no_amount(flat):
    month = one_norm(flat, per_month="200000")
    assert month.norm.usage > 100_000
    assert month.norm.amount is None
