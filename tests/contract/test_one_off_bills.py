"""One-off bills on both stores: rated, numbered, posted, read back; beside the chain of days."""

import threading
from dataclasses import replace
from fractions import Fraction

import pytest

from billcore.core.accounts.accounts import close_account
from billcore.core.accounts.errors import AgreementUnknown, FieldRefused
from billcore.core.billing.charges.rated import TariffUnfit
from billcore.core.billing.corrections.cancelling import cancel_bill
from billcore.core.billing.corrections.credits import Reason
from billcore.core.billing.corrections.errors import BillUncorrectable
from billcore.core.billing.corrections.undoing import undo
from billcore.core.billing.corrections.wanted import Wanted
from billcore.core.billing.errors import AccountUnbillable
from billcore.core.billing.one_off import ORDINAL_MAX, Charge, bill_one_off, simulate_one_off
from billcore.core.billing.stored import stored_bill
from billcore.core.errors import ColumnMissing
from billcore.core.ledger import balances
from billcore.core.ledger.kinds import BillKind, EntryKind
from billcore.core.store import bills as rows
from billcore.core.store import events as event_rows
from billcore.core.store import ledger, providers
from billcore.core.tariff.bill import BillFailed
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.explain.recompute import recompute
from billcore.core.tariff.shelves import Stored
from tests.charges import CONNECTION
from tests.town import JANUARY, NOW, STATES, settle

MARCH = JANUARY + 59


@pytest.fixture
def town(books):
    found = settle(books)
    with books.write() as session:
        session.run(
            "UPDATE provider SET policies = :policies WHERE provider_id = :provider_id",
            policies='{"taxes": ["vat"], "due_days": 30}',
            provider_id=found.provider_id,
        )
    return found


def published(town, text=CONNECTION):
    catalog = Catalog(Stored(town.store, lambda: NOW))
    return catalog.publish(text, f"p{hash(text)}", caller=town.caller).published


def charge(town, day=JANUARY + 10, text=CONNECTION, more=(), **changed):
    """A dn25 pipe of 12.5 metres."""
    inputs = {"pipe": "dn25", "metres": Fraction("12.5")} | dict(more)
    return replace(Charge(town.account_id, published(town, text), day, inputs), **changed)


def billed(town, wanted, source=""):
    with town.store.write() as session:
        provider = providers.provider(session, town.provider_id)
        return bill_one_off(town.act(session), provider, wanted, source or f"one-off {town.at}")


def tried(town, wanted):
    with town.store.read() as reader:
        provider = providers.provider(reader, town.provider_id)
        return simulate_one_off(reader, provider, wanted, NOW)


def refused(town, wanted):
    """The error of making the bill, which is that of trying it; nothing is written."""
    with pytest.raises(Exception) as made:  # noqa: PT011 - any error, told to the caller
        billed(town, wanted)
    with pytest.raises(type(made.value)) as tries:
        tried(town, wanted)
    assert str(tries.value) == str(made.value)
    return made.value


def read_back(town, bill):
    with town.store.read() as reader:
        return stored_bill(reader, town.provider_id, bill.header.bill_id)


def test_a_connection_to_the_cent(town):
    """(1,500 + 12.5 x 95.50) x 1.20 = 3,232.50."""
    made = billed(town, charge(town, reference="request 17"))
    (span,) = made.spans
    lines = {name: amount for name, amount in span.lines.items() if amount}
    assert lines == {"connection": 150_000, "trench": 119_375, "vat": 53_875}
    header = made.header
    assert (header.kind, header.ordinal, header.version) == (BillKind.ONE_OFF, 0, 0)
    assert (header.total, header.opening, header.closing) == (323_250, 0, 323_250)
    assert (header.issued_day, header.due_day) == (JANUARY + 10, JANUARY + 40)
    assert (header.previous_day, header.this_day) == (JANUARY + 9, JANUARY + 10)
    assert (span.agreement_no, span.days, made.reference) == (0, 1, "request 17")
    assert town.broken() == {}


def test_it_is_read_back_and_explained_as_every_bill(town):
    wanted = charge(town, more={"paved": Fraction(1), "rebate": Fraction(100)}, reference="r")
    simulated, made = tried(town, wanted), billed(town, wanted)
    kept = read_back(town, made)
    assert (kept.spans, kept.reference) == (made.spans, "r")
    assert kept.header == made.header._replace(entry_id=kept.header.entry_id)
    header = simulated.header._replace(recorded_at=made.header.recorded_at)
    assert (header, simulated.spans, simulated.reference) == (made.header, made.spans, "r")
    again = recompute(kept.spans[0].explanation())
    assert again.pop("total") == made.header.total
    assert again == kept.spans[0].lines
    given = kept.spans[0].rated_from.inputs
    assert (given["metres"], given["rebate"], given["pipe"]) == (Fraction(25, 2), 100, "dn25")


def test_revenue_and_tax_by_line(town):
    billed(town, charge(town))
    with town.store.read() as reader:
        found = ledger.trial_balance(reader, town.provider_id, 2**31 - 1, balances.NOW)
    assert {str(code): int(amount) for code, _, amount in found} == {
        "receivable": 323_250,
        "revenue:connection": -150_000,
        "revenue:trench": -119_375,
        "tax:vat": -53_875,
    }


def test_the_version_of_its_day_prices_it(town):
    assert billed(town, charge(town, MARCH - 1)).header.total == 323_250
    assert billed(town, charge(town, MARCH)).header.total == 330_000
    assert town.broken() == {}


def test_what_the_account_owed_is_told_and_an_input(town):
    town.post(EntryKind.ADJUSTMENT, 17, JANUARY + 1)
    made = billed(town, charge(town))
    assert (made.header.opening, made.header.closing) == (17, 323_267)
    assert made.spans[0].lines["before"] == 17
    assert town.owes() == 323_267
    assert town.broken() == {}


def test_the_reference_stands_on_the_statement(town):
    billed(town, charge(town, reference="request 17"))
    billed(town, charge(town))
    with town.store.read() as reader:
        told = balances.statement(reader, town.account_id, 1, 2**31 - 1)
    found = [(d.what, d.reference, d.amount) for d in told.documents]
    assert found == [("one_off", "request 17", 323_250), ("one_off", "", 323_250)]


def test_the_chain_of_days_does_not_see_it(town):
    """Of an agreement or of none, between two bills of days; usage is billed as if it were not."""
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    totals = []
    for month, day in enumerate((JANUARY + 30, JANUARY + 58)):
        billed(town, charge(town, day - 5, agreement_no=month))
        totals.append(town.bill_one(day).header.total)
    assert totals == [31 * 50, 28 * 50]
    assert town.owes() == sum(totals) + 2 * 323_250
    assert town.broken() == {}


def test_it_says_which_agreement_it_is_about(town):
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    made = billed(town, charge(town, agreement_no=1))
    assert read_back(town, made).spans[0].agreement_no == 1
    with pytest.raises(AgreementUnknown, match="no agreement 2"):
        billed(town, charge(town, agreement_no=2))
    assert town.broken() == {}


def test_sixteen_a_month(town):
    """The next one is refused, in another month it begins anew."""
    for ordinal in range(ORDINAL_MAX + 1):
        assert billed(town, charge(town)).header.ordinal == ordinal
    assert refused(town, charge(town)).rule == "ONE_OFFS_EXHAUSTED"
    assert billed(town, charge(town, JANUARY + 31)).header.ordinal == 0
    with town.store.read() as reader:
        assert len(rows.headers(reader, town.account_id, 0, 100)) == 17
    assert town.broken() == {}


def test_many_at_once_have_an_ordinal_each(town):
    wanted, found = charge(town), []

    def made(number):
        with town.store.write() as session:
            provider = providers.provider(session, town.provider_id)
            act = town.act(session)
            found.append(bill_one_off(act, provider, wanted, f"thread {number}").header)

    threads = [threading.Thread(target=made, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.ordinal for one in found) == list(range(6))
    assert sorted(one.opening for one in found) == [n * 323_250 for n in range(6)]
    assert town.broken() == {}


def test_a_rebate_may_exceed_the_charge(town):
    """The account gets a credit."""
    made = billed(town, charge(town, more={"rebate": Fraction(5_000)}))
    assert made.header.total == 323_250 - 600_000
    assert town.owes() == made.header.closing < 0
    assert town.broken() == {}


def test_lines_that_cancel_out_are_a_bill(town):
    """A waived connection: nothing to pay, and every line is told."""
    made = billed(town, charge(town, more={"metres": Fraction(0), "rebate": Fraction(1_500)}))
    assert made.header.total == 0
    assert made.spans[0].lines["connection"] == 150_000
    assert town.broken() == {}


def test_it_is_told_as_an_event_and_audited(town):
    made = billed(town, charge(town, reference="Mrs Smith"))
    with town.store.read() as reader:
        events = event_rows.pending_events(reader, town.provider_id, 1_000)
        audits = event_rows.pending_audits(reader, town.provider_id, 1_000)
    (issued,) = [event for event in events if event.kind == "bills.issued"]
    assert str(made.header.bill_id) in issued.payload
    (audit,) = [row for row in audits if row.action == "bill.issued"]
    assert '"tariff":"connection"' in audit.detail
    assert "Smith" not in issued.payload + audit.detail


FREE = CONNECTION.replace("tariff: connection", "tariff: free").replace(
    "fee: {dn15: 800, dn25: 1500}", "fee: {dn15: 0, dn25: 0}"
)
VAST = CONNECTION.replace("rebate: {kind: money,", f"rebate: {{kind: money, max: {10**16},")
RUBLES = CONNECTION.replace("EUR", "RUB")
FINE = CONNECTION.replace("0.01 half_up", "0.001 half_up").replace(
    "currency: EUR", "currency: EUR\nmoney: {decimals: 3}"
)


@pytest.mark.parametrize(
    ("changed", "kind", "words"),
    [
        ({"day": JANUARY - 1}, AccountUnbillable, "outside its days"),
        ({"day": 1}, FieldRefused, "order.day"),
        ({"reference": "r" * 101}, FieldRefused, "order.reference"),
        ({"reference": "a\nb"}, FieldRefused, "order.reference"),
        ({"agreement_no": 7}, AgreementUnknown, "no agreement 7"),
        ({"inputs": {"metres": Fraction(1)}}, ColumnMissing, "pipe"),
        ({"more": {"pipe": "dn99"}}, BillFailed, "dn99"),
        ({"more": {"metres": Fraction(1001)}}, BillFailed, "metres"),
        ({"more": {"metres": Fraction("0.25")}}, BillFailed, "metres"),
        ({"more": {"rebate": Fraction(10**11)}}, BillFailed, "rebate"),
        ({"text": VAST, "more": {"rebate": Fraction(10**16)}}, AccountUnbillable, "beyond"),
        ({"more": {"previous_balance": Fraction(1)}}, FieldRefused, "previous_balance"),
        ({"text": FREE, "more": {"metres": Fraction(0)}}, AccountUnbillable, "comes to nothing"),
        ({"text": RUBLES}, TariffUnfit, "counts RUB"),
        ({"text": FINE}, TariffUnfit, "3 decimals"),
        ({"text": STATES}, TariffUnfit, "stands alone"),
        ({"day": JANUARY, "text": CONNECTION.replace("2020-01-01", "2026-01-02")},
         BillFailed, "in force"),
    ],
)  # fmt: skip
def test_what_is_refused(town, changed, kind, words):
    error = refused(town, charge(town, **changed))
    assert isinstance(error, kind), repr(error)
    assert words in str(error)
    with town.store.read() as reader:
        assert rows.months(reader, town.provider_id) == []
    assert town.broken() == {}


def test_nothing_is_charged_after_the_final_bill(town):
    """Unless the account is supplied again."""
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.end(1, JANUARY + 20)
    town.bill_one(JANUARY + 20, BillKind.FINAL)
    for day in (JANUARY + 10, JANUARY + 30):
        assert refused(town, charge(town, day)).rule == "ACCOUNT_FINAL"
    town.agree("waste2", [(JANUARY + 40, "flat")], (("bins", JANUARY + 40, "2"),), JANUARY + 40)
    assert billed(town, charge(town, JANUARY + 41)).header.total == 323_250
    assert town.broken() == {}


def test_a_closed_account_is_not_charged(town):
    with town.store.write() as session:
        close_account(town.act(session), town.account_id, JANUARY + 20, 1)
    assert refused(town, charge(town, JANUARY + 21)).rule == "ACCOUNT_CLOSED"
    assert billed(town, charge(town, JANUARY + 20)).header.total == 323_250


@pytest.mark.parametrize(
    ("damage", "check"),
    [
        ("UPDATE bill SET total = total + 1, closing = closing + 1", "bills_rerate"),
        ("UPDATE bill SET opening = opening - 1, closing = closing - 1", "balances_chain"),
        ("UPDATE bill_reference SET bill_id = bill_id + 1", "references_name_bills"),
    ],
)
def test_verify_finds_an_altered_one(town, damage, check):
    billed(town, charge(town, reference="request 17"))
    assert town.broken() == {}
    with town.store.write() as session:
        session.run(damage)
    assert check in town.broken()


# -- corrected


def wanted(town, source, day=JANUARY + 40):
    return Wanted(Reason("OTHER", "asked for", ("letter 1",)), day, source)


def cancelled(town, bill_id, source, day=JANUARY + 40):
    with town.store.write() as session:
        provider = providers.provider(session, town.provider_id)
        return cancel_bill(town.act(session), provider, bill_id, wanted(town, source, day))


def undone(town, correction_id, source, day=JANUARY + 40):
    with town.store.write() as session:
        provider = providers.provider(session, town.provider_id)
        return undo(town.act(session), provider, correction_id, wanted(town, source, day))


def header(town, bill_id):
    with town.store.read() as reader:
        return stored_bill(reader, town.provider_id, bill_id)


@pytest.mark.parametrize("agreement_no", [0, 1])
def test_one_that_was_cancelled_by_mistake_stands_again(town, agreement_no):
    """It is a one-off bill again, beside the chain of days, with its reference."""
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.bill_one(JANUARY + 30)
    made = billed(town, charge(town, reference="request 17", agreement_no=agreement_no))
    first = cancelled(town, made.header.bill_id, "c1")
    assert town.owes() == 1_550
    assert town.broken() == {}
    (change,) = undone(town, first.correction_id, "u1").changes
    again = header(town, change.credit_id)
    assert (again.header.kind, again.reference) == (BillKind.ONE_OFF, "request 17")
    assert (again.header.ordinal, again.header.version) == (0, 1)
    assert (again.fate.in_place_of, again.header.total) == (made.header.bill_id, 323_250)
    assert town.owes() == 1_550 + 323_250
    assert town.broken() == {}
    assert town.bill_one(JANUARY + 58).header.total == 28 * 50
    second = cancelled(town, again.header.bill_id, "c2")
    undone(town, second.correction_id, "u2")
    assert billed(town, charge(town)).header.ordinal == 1
    with town.store.read() as reader:
        told = balances.statement(reader, town.account_id, 1, 2**31 - 1)
    assert [d.reference for d in told.documents].count("request 17") == 3
    assert town.owes() == 1_550 + 1_400 + 2 * 323_250
    assert town.broken() == {}


def test_of_sixteen_none_can_stand_again(town):
    """The month has no number left: the undoing is refused, nothing is written."""
    made = [billed(town, charge(town)) for _ in range(ORDINAL_MAX + 1)]
    first = cancelled(town, made[3].header.bill_id, "c1")
    owed = town.owes()
    with pytest.raises(BillUncorrectable, match="the most that there can be"):
        undone(town, first.correction_id, "u1")
    assert town.owes() == owed == 15 * 323_250
    assert town.broken() == {}


def test_a_final_bill_that_was_corrected_is_still_final(town):
    """What stands in its place ends the account as it did."""
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.end(1, JANUARY + 20)
    final = town.bill_one(JANUARY + 20, BillKind.FINAL)
    first = cancelled(town, final.header.bill_id, "c1")
    assert billed(town, charge(town)).header.total == 323_250
    undone(town, first.correction_id, "u1")
    assert refused(town, charge(town)).rule == "ACCOUNT_FINAL"
    assert town.broken() == {}
