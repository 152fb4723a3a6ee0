"""Receipts on both stores: issued once, copied and recorded, proved, and never for nothing."""

from dataclasses import replace

import pytest

from billcore.core.documents import verification
from billcore.core.documents.facts import Paid
from billcore.core.documents.verification import parse_receipt_keys
from billcore.core.durations import HOUR
from billcore.core.enquiries.documents import receipts
from billcore.core.enquiries.documents.errors import (
    ReceiptKeyMissing,
    ReceiptLocked,
    ReceiptUnfit,
    ReceiptUnknown,
)
from billcore.core.enquiries.documents.guard import LIMITS, Guarded
from billcore.core.enquiries.documents.receipts import Wanted, receipts_agree
from billcore.core.ids import owned_id
from billcore.core.payments.errors import TerminalForbidden
from billcore.core.payments.refusals import PaymentUnknown
from billcore.core.store import providers
from tests import payments_world
from tests.contract.test_payment_splits import act, part
from tests.payments_world import NOW, SECOND, TODAY, Acting

KEYS = parse_receipt_keys(f"K25 {'0a' * 32} {'0b' * 32}\nK26 {'0c' * 32} {'0d' * 32}")
OLD = parse_receipt_keys(f"K25 {'0a' * 32} {'0b' * 32}")


class Office:
    """Who hands out receipts of a small provider."""

    def __init__(self, world):
        self.world = world

    @property
    def provider(self):
        with self.world.store.read() as reader:
            return providers.provider(reader, 1)

    def issue(self, reference, keys=KEYS, channel="kiosk", later=0, **more):
        wanted = Wanted(channel, reference, **more)
        world = self.world.at(later)
        return world.write(lambda write: receipts.issue(write, self.provider, keys, wanted))

    def read(self, number, copy_no=0, keys=KEYS):
        with self.world.store.read() as reader:
            caller, provider = self.world.caller, self.provider
            return receipts.receipt(reader, caller, provider, keys, number, copy_no, NOW)

    def verify(self, number, code, later=0, keys=KEYS):
        world = self.world.at(later)
        return world.write(
            lambda write: receipts.verify_code(write, self.provider, keys, number, code)
        )

    def verify_signed(self, text, keys=KEYS):
        with self.world.store.read() as reader:
            return receipts.verify_signed(reader, self.provider, keys, text)

    def broken(self):
        with self.world.store.read() as reader:
            return list(receipts_agree(reader, 1))


@pytest.fixture
def office(books):
    world = payments_world.found(books, providers=2)
    owner = owned_id(1, 1)
    with books.write() as session:
        session.run("UPDATE account SET customer_id = :owner", owner=owner)
        session.run(
            "INSERT INTO customer (customer_id, kind, name, number, phone, email, address,"
            " language, revision, recorded_at)"
            " VALUES (:owner, 'person', 'Ann', 'C1', '', '', '', '', 1, 0)",
            owner=owner,
        )
    return Office(world)


def test_a_receipt_says_what_was_paid_and_what_is_left(office):
    """300 and 200 are owed, 350 are paid: the older debt, and 50 of the other."""
    office.world.owe(300)
    office.world.at(1).owe(200)
    office.world.at(2).post(office.world.told("r1", amount=350))
    made = office.issue("r1", recipient="Ann")
    assert (made.row.number, made.copy_no, made.row.key_id) == (1, 0, "K26")
    told = office.read(1)
    assert [paid.amount for paid in told.pays] == [300, 50]
    assert all(isinstance(paid, Paid) and paid.kind == "adjustment" for paid in told.pays)
    assert (told.amount, told.balance, told.day, told.fee) == (350, 150, TODAY, 0)
    assert (told.payer.number, told.channel, told.reference) == ("N1", "kiosk", "r1")
    assert office.broken() == []


def test_a_till_hands_out_and_reads_receipts_of_its_own_payments_alone(office):
    """Of its channel's other tills it draws no number and reads nobody's balance."""
    world = office.world
    world.post(world.told("own", terminal_no=1), world.told("other"))
    other = office.issue("other").row.number
    caller = replace(world.caller, channel="kiosk", terminal="K1")

    def issue(reference):
        wanted = Wanted("kiosk", reference)
        with world.store.write() as session:
            act = Acting(session, caller, NOW)
            return receipts.issue(act, office.provider, KEYS, wanted).row.number

    own = issue("own")
    with pytest.raises(TerminalForbidden):
        issue("other")
    with world.store.read() as reader:
        asked = reader, caller, office.provider, KEYS
        assert receipts.receipt(*asked, own, 0, NOW).reference == "own"
        with pytest.raises(TerminalForbidden):
            receipts.receipt(*asked, other, 0, NOW)
    assert office.broken() == []


def test_a_copy_says_the_same_whatever_came_later(office):
    """Later debts and payments change neither what was paid nor the balance behind it."""
    office.world.owe(300)
    office.world.post(office.world.told("r1", amount=120))
    office.issue("r1")
    original = office.read(1)
    office.world.at(60).owe(500)
    later = office.world.at(120)
    later.post(later.told("r2", amount=80))
    copy = office.issue("r1", later=180)
    assert (copy.row.number, copy.copy_no) == (1, 1)
    assert office.issue("r1", later=240).copy_no == 2
    assert office.read(1, 2) == replace(original, copy_no=2)
    with pytest.raises(ReceiptUnknown):
        office.read(1, 3)
    assert (office.world.count("receipt"), office.world.count("receipt_copy")) == (1, 3)
    assert office.broken() == []


def test_numbers_have_no_gap(office):
    office.world.owe(300)
    for n in (1, 2, 3):
        office.world.post(office.world.told(f"r{n}", amount=10))
        with pytest.raises(PaymentUnknown):
            office.issue("none")
        assert office.issue(f"r{n}").row.number == n
        office.issue(f"r{n}")
    assert office.broken() == []


def test_there_is_no_receipt_of_what_stands_on_no_account(office):
    """Of money in suspense, of a payment that was reversed, of a reservation, without a key."""
    world = office.world
    world.owe(300)
    world.post(world.told("lost", "N99", taken=True))
    world.post(world.told("r1", amount=120))
    world.reserve(world.told("held", amount=50))
    with pytest.raises(ReceiptUnfit):
        office.issue("lost")
    with pytest.raises(PaymentUnknown):
        office.issue("held")
    with pytest.raises(ReceiptUnfit):
        office.issue("r1", part_no=1)
    with pytest.raises(ReceiptKeyMissing):
        office.issue("r1", keys=parse_receipt_keys(""))
    world.reverse("v1", "r1")
    with pytest.raises(ReceiptUnfit):
        office.issue("r1")
    assert world.count("receipt") == 0
    assert office.broken() == []


def test_a_receipt_whose_payment_was_taken_back_says_so(office):
    office.world.owe(300)
    office.world.post(office.world.told("r1", amount=120))
    office.issue("r1")
    code, signed = office.read(1).code, office.read(1).signed
    office.world.reverse("v1", "r1")
    office.issue("r1")
    assert office.read(1, 1).reversed
    found = office.verify(1, code)
    assert (found.genuine, found.reversed, found.copies) == (True, True, 1)
    assert office.verify_signed(signed).reversed


def test_each_payment_of_an_act_has_its_own_receipt(office):
    """Two accounts of the provider and one of another: that one is not ours to receipt."""
    world = office.world
    act(world, "a1", part(world, 1, 100), part(world, 2, 70), part(world, 1, 30, provider_id=2))
    with pytest.raises(ReceiptUnfit):
        office.issue("a1")
    first, second = office.issue("a1", part_no=1), office.issue("a1", part_no=2)
    assert (first.row.amount, second.row.amount) == (100, 70)
    assert office.read(2).payer.number == "N2"
    with pytest.raises(ReceiptUnfit):
        office.issue("a1", part_no=3)
    assert office.broken() == []


def test_codes_prove_a_receipt_and_only_that(office):
    office.world.owe(300)
    for n in (1, 2):
        office.world.post(office.world.told(f"r{n}", amount=100 + n))
        office.issue(f"r{n}")
    one, other = office.read(1), office.read(2)
    found = office.verify(1, one.code.lower().replace("-", ""))
    assert (found.genuine, found.row.amount, found.reversed, found.copies) == (True, 101, False, 0)
    assert not office.verify(1, other.code).genuine
    assert not office.verify(7, one.code).genuine
    assert office.verify_signed(one.signed).row.number == 1
    changed = one.signed.replace("/101/", "/999/")
    assert changed != one.signed
    assert not office.verify_signed(changed).genuine
    assert not office.verify_signed("R1").genuine
    record, signature = verification.read_signed(one.signed)
    assert verification.is_signed(KEYS.keys["K26"].public, record, signature)


def test_old_receipts_are_proved_by_their_old_key(office):
    office.world.owe(300)
    office.world.post(office.world.told("r1", amount=100))
    office.issue("r1", keys=OLD)
    code = office.read(1).code
    assert office.verify(1, code).genuine  # K26 is there for new ones
    lost = parse_receipt_keys(f"K26 {'0c' * 32} {'0d' * 32}")
    with pytest.raises(ReceiptKeyMissing):
        office.verify(1, code, keys=lost)


def test_too_many_wrong_codes_lock_the_receipt_for_a_time(office):
    """The right code is locked out too; after an hour it is heard again."""
    office.world.owe(300)
    office.world.post(office.world.told("r1", amount=100))
    office.issue("r1")
    code = office.read(1).code
    for _ in range(LIMITS[Guarded.RECEIPT].failures):
        assert not office.verify(1, "0000-0000-0").genuine
    with pytest.raises(ReceiptLocked) as locked:
        office.verify(1, code)
    assert locked.value.fields["seconds"] == str(HOUR // SECOND)
    assert office.verify(1, code, later=HOUR // SECOND).genuine


def test_who_tries_many_receipts_is_locked_as_a_client(office):
    for number in range(1, LIMITS[Guarded.CLIENT].failures + 1):
        assert not office.verify(number, "0000-0000-0").genuine
    with pytest.raises(ReceiptLocked, match="client"):
        office.verify(9_999, "0000-0000-0")


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM receipt_copy WHERE copy_no = 0", "lacks its payment"),
        ("UPDATE receipt SET amount = amount + 1", "lacks its payment"),
        ("DELETE FROM receipt", "drawn numbers"),
        ("UPDATE receipt SET number = 2", "printed, and was not"),
    ],
)
def test_verify_sees_damage(office, statement, what):
    office.world.owe(300)
    office.world.post(office.world.told("r1", amount=100))
    office.issue("r1")
    office.issue("r1")
    assert office.broken() == []
    with office.world.store.write() as session:
        session.run(statement)
    assert any(what in str(finding) for finding in office.broken())
