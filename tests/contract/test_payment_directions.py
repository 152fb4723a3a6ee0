"""What payers want paid first, on both stores: checked at intake, kept, and told."""

import pytest

from billcore.core.payments.codes import Code
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from tests import services_world
from tests.services_world import END, FEBRUARY, ServicesTown
from tests.town import NOW

FORMS = "Allowed: bill:ID, service:NAME (a service: small letters, digits and _, as water), "


@pytest.fixture
def town(books):
    found = services_world.settle(books)
    found.supply(heat=70, water=30)
    return found


@pytest.mark.parametrize(
    "text",
    ["water", "bill:", "bill:0", "bill:-5", "bill:12a", f"bill:{2**63}", "service:",
     "service:Water", "service:" + "w" * 41, "period:2026", "period:2026-13", "period:2026-1",
     "document:1", "bill:1 ", "x" * 10_000],
)  # fmt: skip
def test_a_direction_that_is_none_is_refused_with_what_is_one(town, text):
    """Whether the money was taken or not: nobody could tell what is meant."""
    for taken in (False, True):
        error = town.pay(100, text, Code.INVALID, taken=taken)
        assert error.fields["field"] == "direction"
        assert FORMS in error.message
        assert len(error.message) < 400
    assert town.items().documents == ()


def test_a_direction_that_fits_nothing_is_refused_with_what_fits(town):
    other = ServicesTown(town.town.open_account("A2"))
    other.agree("heat", "heat")
    theirs, mine = other.bill(), town.bill()
    before = town.items().documents
    for text, words in (
        ("service:sewer", "no service of this account. Allowed: service:heat, service:water."),
        (f"bill:{theirs}", f"bill:{theirs} is no bill of this account."),
        (f"bill:{mine + 1}", "no bill of this account."),
        (f"bill:{2**63 - 1}", "no bill of this account."),
        ("period:1404-05", "whose calendar is gregorian: its years are 1900 to 2241."),
    ):
        error = town.pay(100, text, Code.INVALID, taken=text.startswith("period:"))
        assert error.fields["field"] == "direction"
        assert words in error.message
    assert town.items().documents == before


def test_a_cancelled_bill_takes_nothing(town):
    bill = town.bill()
    services_world.cancel(town, bill)
    error = town.pay(100, f"bill:{bill}", Code.BILL_NOT_PAYABLE)
    assert error.fields["field"] == "direction"


def test_money_that_was_taken_is_posted_whatever_its_direction_fits(town):
    """It pays by the provider's policy."""
    town.bill()
    for text in ("service:sewer", "bill:12345", f"bill:{2**63 - 1}"):
        payment = town.pay(1_000, text, taken=True)
        assert town.items().applied(payment).direction == text
    assert town.open() == [7_000]


def test_a_bill_a_month_and_a_service_are_paid_first(town):
    _, second = town.bill(), town.bill(FEBRUARY)
    town.pay(1_000, f"bill:{second}")
    assert town.open() == [10_000, 9_000]
    town.pay(1_000, "period:2026-01")
    assert town.open() == [9_000, 9_000]
    town.pay(5_000, "service:water")
    town.use("table")
    rest = town.pay(100_000)
    assert [service for service, _ in town.steps(rest)] == ["water", "heat", "heat"]


def test_services_of_tariffs_and_of_charges_can_be_named(town):
    """Those that a tariff of an agreement lists, billed yet or not."""
    text = services_world.FIXED.format(id="shared", service="[lift, waste]", price=5)
    Catalog(Stored(town.town.store, lambda: NOW)).publish(text, "s", caller=town.town.caller)
    town.agree("housing", "shared")
    for name in ("lift", "waste", "housing"):
        town.pay(10, f"service:{name}")
    error = town.pay(10, "service:gas", Code.INVALID)
    assert "Allowed: service:heat, service:housing, service:lift, service:waste" in error.message


def test_a_direction_to_a_month_to_come_waits_for_its_bill(town):
    town.pay(4_000, "period:2026-02")
    town.bill()
    assert town.open() == [6_000]
    town.pay(4_000, "period:2026-02", value_day=END)
    assert town.open() == [2_000]
