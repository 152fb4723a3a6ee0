"""Documents gathered on both stores: what bills, credit notes and one-off bills say."""

from dataclasses import replace
from fractions import Fraction

import pytest

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.errors import BillUnknown
from billcore.core.billing.stored import stored_bill
from billcore.core.documents.layouts import page
from billcore.core.documents.text import as_text
from billcore.core.documents.wording import MARKS
from billcore.core.enquiries.documents import bills, parties, statements
from billcore.core.identifiers import gost, vietqr
from billcore.core.ledger.balances import NOW
from billcore.core.store import providers
from billcore.core.store.port import OPEN_DAY
from tests import seed
from tests.contract.test_stored_bills import every_bill
from tests.corrections_world import Desk

QR = {
    "gost": '{"scheme": "gost", "bank": "044525225", "bank_name": "БАНК", '
    '"account": "40702810138250123017", "correspondent": "30101810400000000225"}',
    "vietqr": '{"scheme": "vietqr", "bank": "970403", "account": "0011012345678"}',
}


@pytest.fixture
def world(books):
    return seed.settle(books)


def provider_of(reader, world, **changed):
    found = providers.provider(reader, world.caller.provider_id)
    return found._replace(**changed)


def read(world, bill_id, **changed):
    with world.store.read() as reader:
        return bills.bill(reader, world.caller, provider_of(reader, world, **changed), bill_id)


def test_every_printed_bill_is_told_as_it_was_printed(world):
    """Totals, what was owed before, and the dials of five printed bills."""
    made = every_bill(world)
    dials = [seed.FIRST[1], *(printed.dial for printed in seed.PRINTED)]
    for printed, stored, before in zip(seed.PRINTED, made, dials, strict=False):
        told = read(world, stored.header.bill_id)
        (supply,) = told.supplies
        (dial,) = supply.dials
        assert (told.total, told.opening) == (printed.total, stored.header.opening)
        assert (dial.previous, dial.current) == (str(before), str(printed.dial))
        assert supply.days == (printed.days or supply.this_day - supply.previous_day)
        assert sum(line.amount for line in supply.charges) == told.total


def test_lines_tell_the_prices_that_they_are_made_of(world):
    """Quantities at rates are their line, before it is rounded; taxes tell their rate."""
    seen = set()
    for stored in every_bill(world):
        for supply in read(world, stored.header.bill_id).supplies:
            for line in supply.charges:
                for price in line.prices:
                    seen.add((line.name, price.unit))
                    made_of = Fraction(price.quantity or 0) * Fraction(price.rate)
                    assert price.unit == "%" or abs(made_of - line.amount) < 1
    assert seen == {("water", "m3"), ("levy", "%"), ("vat", "%")}


def test_a_credit_note_takes_lines_back_and_asks_for_nothing(world):
    made = every_bill(world)[-1].header
    desk = Desk(world.store, world.caller, made.issued_day + 3, made.recorded_at + 10**9)
    desk.cancel(made.bill_id)
    with world.store.read() as reader:
        fate = stored_bill(reader, world.caller.provider_id, made.bill_id).fate
    credit = read(world, fate.cancelled_by)
    cancelled = read(world, made.bill_id)
    assert (credit.kind, credit.total, credit.payable) == ("credit", -made.total, 0)
    assert [-line.amount for line in credit.supplies[0].charges] == [
        line.amount for line in cancelled.supplies[0].charges
    ]
    assert (cancelled.cancelled, cancelled.payable, credit.cancelled) == (True, 0, False)
    with world.store.read() as reader:
        provider = provider_of(reader, world)
        wording = parties.wording(reader, provider, world.account_id, "en")
    assert "CANCELLED" in as_text(page(cancelled, wording), 32)


def test_payment_codes_say_who_is_paid_what_for_which_account(world):
    """Read back by the readers of scanned codes."""
    made = every_bill(world)[-1].header
    policies = '{"documents": {"seller": {"name": "Водоканал"}, "qr": %s}}'
    told = read(world, made.bill_id, policies=policies % QR["gost"], currency="RUB")
    receipt = gost.read(told.codes.qr, strict=True)
    assert (receipt.sum, receipt.name) == (made.closing, "Водоканал")
    assert receipt.others == {"PersAcc": "1421", "QuittId": str(made.bill_id)}
    told = read(world, made.bill_id, policies=policies % QR["vietqr"], currency="VND")
    code = vietqr.read(told.codes.qr)
    assert (code.amount, code.beneficiary, code.dynamic) == (made.closing, "0011012345678", True)
    assert code.additional.bill_number == str(made.bill_id)
    assert read(world, made.bill_id).codes.qr == ""


def test_a_notice_asks_for_what_is_owed_when_it_is_made(world):
    made = every_bill(world)[-1].header
    with world.store.read() as reader:
        provider = provider_of(reader, world)
        told = bills.notice(reader, world.caller, provider, made.bill_id, 7, ("Ali", "0912"))
    assert (told.balance, told.payable, told.at) == (made.closing, made.closing, 7)
    assert told.bill == read(world, made.bill_id)


def test_a_statement_closes_with_what_is_owed(world):
    made = every_bill(world)
    with world.store.read() as reader:
        provider = provider_of(reader, world)
        told = statements.statement(reader, provider, world.account_id, 0, OPEN_DAY, NOW)
        wording = parties.wording(reader, provider, world.account_id, "")
    assert told.closing == made[-1].header.closing
    assert [entry.kind for entry in told.entries].count("regular") == 5
    text = as_text(page(replace(told, last_day=made[-1].header.this_day, known_at=1), wording), 32)
    assert "362,344" in text.translate(MARKS).replace("٬", ",")


def test_another_provider_s_bill_is_unknown(world):
    made = every_bill(world)[-1].header
    with pytest.raises(BillUnknown):
        read(world, made.bill_id, provider_id=2)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"documents": {"x": 1}}', "policies.documents.x"),
        ('{"documents": {"local_digits": 1}}', "policies.documents.local_digits"),
        ('{"documents": {"seller": {"name": 5}}}', "policies.documents.seller.name"),
        ('{"documents": {"seller": {"phone": "a\\nb"}}}', "policies.documents.seller.phone"),
        ('{"documents": {"qr": {"scheme": "sepa"}}}', "policies.documents.qr.scheme"),
        ('{"documents": {"qr": {"scheme": "gost", "bank": "1"}}}', "policies.documents.qr"),
        ('{"documents": {"qr": {"scheme": "vietqr", "bank": "1"}}}', "policies.documents.qr"),
    ],
)
def test_a_policy_that_makes_no_document_is_refused_with_its_place(text, place):
    with pytest.raises(PolicyInvalid) as refused:
        parse_policies(text)
    assert refused.value.message.startswith(place) or place in str(refused.value.fields)


def test_policies_are_written_as_they_were_read():
    text = f'{{"documents": {{"local_digits": true, "qr": {QR["gost"]}}}}}'
    once = parse_policies(text)
    assert parse_policies(once.text) == once
