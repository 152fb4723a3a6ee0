"""What a bill takes from the store: attributes, changes, several agreements, states, remainders."""

import pytest

from billcore.core.billing.charges import handed
from billcore.core.store import bills as bill_rows
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from tests.town import HOME, JANUARY, NOW, STATES, settle


@pytest.fixture
def town(books):
    return settle(books)


def test_usage_attributes_and_words(town):
    """The provider's words stand in another order than the tariff's choices."""
    town.hang(town.agree("water", [(JANUARY, "water")], HOME))
    town.read(JANUARY + 30, 20)
    assert town.lines(JANUARY + 30) == {1: [{"water": 4000, "heads": 900}]}


def test_an_attribute_changes_inside_the_period(town):
    """Three persons for 10 days, five for 20; the class of the last day prices all."""
    steps = (*HOME, ("persons", JANUARY + 11, "5"), ("class", JANUARY + 20, "shop"))
    town.hang(town.agree("water", [(JANUARY, "water")], steps))
    town.read(JANUARY + 30, 20)
    assert town.lines(JANUARY + 30) == {1: [{"water": 6000, "heads": 300 + 1000}]}


def test_a_change_behind_the_period_waits(town):
    town.hang(town.agree("water", [(JANUARY, "water")], (*HOME, ("persons", JANUARY + 31, "5"))))
    town.read(JANUARY + 30, 20)
    town.read(JANUARY + 60, 30)
    assert town.lines(JANUARY + 30)[1][0]["heads"] == 900
    assert town.lines(JANUARY + 60)[1][0]["heads"] == 1500


def test_several_agreements_on_one_bill(town):
    """Water by its meter to the reading, waste without one to the end of the window."""
    town.hang(town.agree("water", [(JANUARY, "water")], HOME))
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.read(JANUARY + 28, 20)
    found = town.lines(JANUARY + 30, window=5)
    assert found == {1: [{"water": 4000, "heads": 840}], 2: [{"waste": 31 * 50}]}
    with town.store.read() as reader:
        (months,) = {tuple(bill_rows.months(reader, town.caller.provider_id))}
    assert len(months) == 1


def test_a_new_tariff_on_a_day_that_was_read(town):
    """Fifteen days by the old tariff and fifteen by the new one, each by its own usage."""
    town.hang(town.agree("water", [(JANUARY, "water"), (JANUARY + 16, "dear")], HOME))
    town.read(JANUARY + 15, 5)
    town.read(JANUARY + 30, 20)
    assert town.lines(JANUARY + 30) == {
        1: [{"water": 1000, "heads": 450}, {"water": 6000, "heads": 450}]
    }


def test_a_new_tariff_on_a_day_that_was_not_read(town):
    town.hang(town.agree("water", [(JANUARY, "water"), (JANUARY + 16, "dear")], HOME))
    town.read(JANUARY + 30, 20)
    ids, made = town.bill(JANUARY + 30)
    assert len(ids) == 0
    refusal = made.refused[town.account_id]
    assert (refusal.rule, refusal.fields["agreement"]) == ("USAGE_INCOMPLETE", "1")
    assert "2026-01-16" in refusal.message
    assert town.broken() == {}


@pytest.mark.parametrize(
    ("steps", "rule", "word"),
    [
        ((("persons", JANUARY, "3"),), "INPUT_MISSING", "class"),
        ((("class", JANUARY, "home"), ("persons", JANUARY, "51")), "OUT_OF_RANGE", "persons"),
    ],
)
def test_an_account_that_lacks_what_its_tariff_needs(town, steps, rule, word):
    town.hang(town.agree("water", [(JANUARY, "water")], steps))
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.read(JANUARY + 30, 20)
    ids, made = town.bill(JANUARY + 30)
    assert len(ids) == 0  # not the waste alone
    refusal = made.refused[town.account_id]
    assert refusal.rule == rule
    assert word in refusal.message


def test_states_histories_and_remainders_are_handed_on(town):
    """What a bill leaves behind is an input of the next, and no cent is lost on the way."""
    Catalog(Stored(town.store, lambda: NOW)).publish(STATES, "s", caller=town.caller)
    town.hang(town.agree("water", [(JANUARY, "states")], ()))
    dials, totals = (7, 12, 30), []
    for number, dial in enumerate(dials, 1):
        town.read(JANUARY + 30 * number, dial)
        found = town.lines(JANUARY + 30 * number)
        totals.append(found[1][0])
    assert [t["water"] for t in totals] == [233, 167, 599]
    assert [t["extra"] for t in totals] == [0, 7, 12]
    assert [t["ratchet"] for t in totals] == [0, 70, 70]
    with town.store.read() as reader:
        month, bill_id = bill_rows.last(reader, town.account_id)
        last = bill_rows.one(reader, month, town.account_id, bill_id)
        one = handed.read(last["carried"].to_pylist()[0])[1]
    assert one.states == {"used": 30}
    assert one.histories["peaks"] == ((3, 5), (4, 18))
    spent = sum(sum(t.values()) for t in totals)
    billed = int(last["closing"][0])
    assert spent == billed + one.remainder
