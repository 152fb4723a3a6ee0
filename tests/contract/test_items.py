"""Items of accounts on both stores: payments divided over what bills charge for services."""

from datetime import date

import numpy as np
import pytest

from billcore.core.billing import items
from billcore.core.billing.items import account_items, folded_items
from billcore.core.billing.one_off import Charge, bill_one_off
from billcore.core.ledger.kinds import EntryKind
from billcore.core.payments.explained.explained import explain_payment
from billcore.core.store import providers
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from tests import services_world
from tests.corrections_world import Desk
from tests.services_world import END, FEBRUARY, FIXED, ServicesTown
from tests.town import NOW

MIXED = """
tariff: mixed
provider: town
service: [water, heat, lift]
currency: EUR
calendar: gregorian
rounding: {line: 0.01 half_up}
versions:
  - from: 2020-01-01
    price: 100
lines:
  - {id: vat, is: 12.34}
  - {id: cold, is: price, group: water}
  - {id: radiators, is: 2 * price, group: heat}
  - {id: lift, is: 3}
  - {id: less, is: 0 - 30, group: water}
  - {id: late, is: 5, group: [penalty, water]}
  - {id: forgiven, is: 0 - 7, group: [penalty, heat]}
  - {id: told, is: 999, info: yes}
total: {of: all, round: 1 down, carry: remainder}
"""


@pytest.fixture
def town(books):
    return services_world.settle(books)


def test_a_part_payment_is_divided_over_services(town):
    """1,000.00 over 700.00, 300.00 and 523.45, as published of the Russian rule 354 (118)."""
    town.use("shares")
    town.supply(heat=700, water=300, repairs="523.45")
    town.bill()
    payment = town.pay(100_000)
    wanted = [("heat", 45_948), ("water", 19_692), ("repairs", 34_360)]
    assert town.steps(payment) == wanted
    assert town.open() == [52_345]
    (step, *_) = town.items().applied(payment).explained.steps
    assert (step.open_before, step.divided_over) == (70_000, 152_345)
    assert town.town.broken() == {}


def test_a_statutory_order_divides_within_a_month(town):
    """The older month whole, the younger in proportion; a late fee last of all."""
    town.use("by_law")
    town.supply(heat=700, water=300)
    town.bill()
    town.bill(FEBRUARY)
    town.town.post(EntryKind.LATE_FEE, 500, END + 5)
    payment = town.pay(150_000)
    assert town.steps(payment) == [
        ("heat", 70_000), ("water", 30_000), ("heat", 35_000), ("water", 15_000)]  # fmt: skip
    assert town.open() == [500, 50_000]
    assert town.steps(town.pay(50_400)) == [("heat", 35_000), ("water", 15_000), ("", 400)]


def test_services_are_paid_by_a_table(town):
    """Water of every month before heat, and what the table does not name at the end."""
    town.use("table")
    town.supply(repairs=50, heat=70, water=30)
    town.bill()
    town.bill(FEBRUARY)
    payment = town.pay(16_500)
    assert town.steps(payment) == [
        ("water", 3_000), ("water", 3_000), ("heat", 7_000), ("heat", 3_500)]  # fmt: skip
    ranks = [step.rank for step in town.items().applied(payment).explained.steps]
    assert ranks == [0, 0, 1, 1]
    assert town.open() == [5_000, 8_500]


def test_a_payer_directs_money_to_a_service(town):
    town.supply(heat=70, water=30)
    town.bill()
    town.bill(FEBRUARY)
    payment = town.pay(7_000, "service:water")
    assert town.steps(payment) == [("water", 3_000), ("water", 3_000), ("heat", 1_000)]
    told = town.items().applied(payment)
    assert (told.direction, told.explained.service) == ("service:water", "water")
    assert town.open() == [6_000, 7_000]


def test_sentences_name_services_and_what_the_payer_said(town):
    town.supply(heat=70, water=30)
    bill = town.bill()
    town.pay(4_000, "service:water")
    with town.town.store.read() as reader:
        (part,) = explain_payment(reader, town.town.provider_id, 1, "r1", NOW).parts
    (one,) = part.applied
    assert one.sentence.startswith(
        "The payer wants the service 'water' paid first. Strategy oldest_first: "
    )
    first, second = (step.sentence for step in one.steps)
    assert f"30.00 EUR of the 30.00 EUR open for water of bill {bill} " in first
    assert first.endswith("the payer wanted its service paid first.")
    assert f"10.00 EUR of the 70.00 EUR open for heat of bill {bill} " in second


def test_a_payer_directs_money_to_a_month(town):
    town.supply(heat=70, water=30)
    town.bill()
    town.bill(FEBRUARY)
    payment = town.pay(4_000, "period:2026-02")
    assert town.open() == [10_000, 6_000]
    assert town.items().applied(payment).direction == "period:2026-02"


def test_what_a_payment_does_not_need_is_divided_over_the_next_bill(town):
    town.use("shares")
    town.supply(heat=70, water=30)
    payment = town.pay(5_000)
    town.bill()
    assert town.steps(payment) == [("heat", 3_500), ("water", 1_500)]
    assert town.open() == [5_000]


def test_what_a_bill_consists_of(town):
    """Lines by the tariff's services, penalties apart; discounts, penalties forgiven and what is
    carried are taken off: 12.34 - 0.34 carried, 100 - 30 and 5, 200 - 7, 3."""
    catalog = Catalog(Stored(town.town.store, lambda: NOW))
    catalog.publish(MIXED, "mixed", caller=town.town.caller)
    town.agree("housing", "mixed")
    town.supply(waste="1.50")
    made = town.town.bill_one(END).header
    assert made.total == 28_450
    assert town.parts(made.bill_id) == [
        ("housing", 0, 1_200), ("water", 0, 7_000), ("water", 1, 500), ("heat", 0, 19_300),
        ("lift", 0, 300), ("waste", 0, 150)]  # fmt: skip


def test_a_charge_about_no_agreement_is_of_its_tariffs_service(town):
    """Of several, or of none, it has no service."""
    catalog, made = Catalog(Stored(town.town.store, lambda: NOW)), []
    for name, service in (("meter", "water"), ("fine", "[water, heat]")):
        text = FIXED.format(id=name, service=service, price=9)
        published = catalog.publish(text, name, caller=town.town.caller).published
        with town.town.store.write() as session:
            act = town.town.act(session)
            provider = providers.provider(session, town.town.provider_id)
            charge = Charge(town.town.account_id, published, END)
            made.append(bill_one_off(act, provider, charge, name).header.bill_id)
    assert [town.parts(bill) for bill in made] == [[("water", 0, 900)], [("", 0, 900)]]


def test_a_cancelled_bill_frees_its_money(town):
    """When its credit note is taken back, the money pays the same services again."""
    town.use("shares")
    town.supply(heat=70, water=30)
    _, second = town.bill(), town.bill(FEBRUARY)
    payment, of_january = town.pay(13_000), [("heat", 7_000), ("water", 3_000)]
    desk = Desk(town.town.store, town.town.caller, FEBRUARY, NOW + 10**9)
    cancelled = desk.cancel(second)
    assert town.open() == [-3_000]
    desk.undo(cancelled.correction_id)
    of_february = [("heat", 2_100), ("water", 900)]
    assert town.steps(payment) == [*of_january, *of_february, *of_february]
    steps = town.items().applied(payment).explained.steps
    assert [step.undone_at is None for step in steps] == [True, True, False, False, True, True]
    assert town.open() == [7_000]


def test_many_accounts_are_folded_as_each_alone(town):
    """Of any strategy and direction, whether parts matter in the account or not; as known then."""
    town.use("shares")
    town.supply(heat=70, water=30)
    ids, texts = [town.town.account_id], ("", "service:water", "period:2026-01", "")
    town.bill()
    for number, text in enumerate(texts, start=2):
        other = ServicesTown(town.town.open_account(f"A{number}"))
        other.paid = 100 * number
        for service in ("heat", "water"):
            other.agree(service, service)
        other.bill()
        other.use("oldest_first" if number == 2 else "shares")
        other.pay(2_000 * number, text, target=f"A{number}")
        other.town.post(EntryKind.ADJUSTMENT, -300, END)
        ids.append(other.town.account_id)
    with town.town.store.read() as reader:
        for until, known in ((END, 2**62), (date.max.toordinal(), 2**62), (END, NOW)):
            folded = folded_items(reader, town.town.provider_id, np.array(ids), until, known)
            for one in ids:
                mine = folded.rows.account_id == one
                alone = account_items(reader, one, until, known)
                opened = {(item.document.id, abs(item.open)) for item in alone.open()}
                ids_of, left = folded.rows.document_id[mine], folded.found.open[mine]
                pairs = zip(ids_of.tolist(), left.tolist(), strict=True)
                told = {(document, one) for document, one in pairs if one}
                assert told == opened


def test_verify_folds_as_enquiries_do(town):
    """Parts that do not sum to their bill are found, and credits of no strategy."""
    town.use("shares")
    town.supply(heat=70, water=30)
    town.bill()
    town.pay(5_000, "service:water")
    assert town.town.broken() == {}
    with town.town.store.write() as session:
        session.run("UPDATE bill SET total = total + 1, closing = closing + 1")
    (finding,) = town.town.broken()["allocations_fit"]
    assert "lines" in finding["message"]
    with town.town.store.write() as session:
        session.run("UPDATE bill SET total = total - 1, closing = closing - 1")
        session.run("UPDATE account_entry SET strategy = 99")
    (finding,) = town.town.broken()["allocations_fit"]
    assert "no strategy has this number" in finding["message"]


def test_bills_are_opened_only_where_it_matters(town, monkeypatch):
    """Nothing beyond the documents is read of an account that pays the oldest item first."""
    town.supply(heat=70, water=30)
    bill = town.bill()
    town.pay(4_000, f"bill:{bill}")
    monkeypatch.setattr(items, "bill_parts", None)
    assert town.open() == [6_000]
    town.use("newest")
    town.pay(1_000)
    assert town.open() == [5_000]
    town.use("shares")
    town.pay(1_000)
    with pytest.raises(TypeError):
        town.open()
