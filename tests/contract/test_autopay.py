"""Automatic payment on both stores: agreed once, reminded once, of what is open and no more."""

import json
import threading

import pytest

from billcore.core.accounts.errors import FieldRefused, RevisionConflict
from billcore.core.caller import Caller, Role
from billcore.core.events import sequencer
from billcore.core.payments.autopay import agreed, reminders
from billcore.core.payments.autopay.agreed import Terms
from billcore.core.payments.autopay.checks import reminders_agree
from billcore.core.payments.autopay.errors import AutopayUnknown
from billcore.core.payments.autopay.reminders import REMINDER, remind, remind_all
from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.errors import (
    ChannelDisabled,
    ChannelForbidden,
    ChannelMisfit,
    ChannelUnknown,
)
from billcore.core.payments.intake.post import post
from billcore.core.payments.orders import orders
from billcore.core.store import autopay as rows
from billcore.core.store import channels as channel_rows
from billcore.core.store import events as event_rows
from billcore.core.store.channels import Channel
from billcore.core.store.open import open_store
from tests import payments_world
from tests.payments_world import TODAY, Acting

HOUSE_BANK = 2**14 + 1


@pytest.fixture
def world(books):
    """Channels: debit and wallet of the provider, web of the house, old that is disabled."""
    found = payments_world.found(books, accounts=400)
    text = parse_channel_policies("").text
    with books.write() as session:
        for owner, number, code, kind, enabled in (
            (1, 4, "debit", "direct_debit", 1),
            (1, 5, "wallet", "wallet", 1),
            (1, 6, "old", "direct_debit", 0),
            (0, HOUSE_BANK, "web", "web_bank", 1),
        ):
            channel_rows.add(session, Channel(owner, number, code, kind, code, enabled, text, 1, 0))
    return found


def subscribed(world, count=1, channel="debit", days=5, most=0, revision=0, caller=None):
    terms = Terms(channel, days, most)

    def act(write):
        acting = Acting(write.session, caller or write.caller, write.now)
        return agreed.set_autopay(acting, world.account(count), terms, revision, "asked for it")

    return world.write(act)


def ended(world, revision, count=1):
    return world.write(lambda w: agreed.end_autopay(w, world.account(count), revision, "enough"))


def reminded(world, day=TODAY):
    return sum(remind_all(world.store, world.provider_id, day, world.now))


def events(world):
    """The payloads of reminders, by bill."""
    with world.store.write() as session:
        sequencer.number(session, world.provider_id)
    with world.store.read() as reader:
        found = event_rows.events(reader, world.provider_id, 0, 10_000)
    told = [json.loads(one.payload) for one in found if one.kind == REMINDER]
    return {one["bill_id"]: one for one in told}, len(told)


def broken(world):
    with world.store.read() as reader:
        return list(reminders_agree(reader, world.provider_id))


# -- agreed


def test_it_is_agreed_changed_and_ended(world):
    first = subscribed(world, days=3, most=500)
    assert (first.channel_no, first.remind_days, first.amount_max) == (4, 3, 500)
    assert (first.enabled, first.revision) == (1, 1)
    with world.store.read() as reader:
        assert agreed.agreed(reader, world.account(1)) == first
        assert agreed.channel_of(reader, first).channel == "debit"
    second = subscribed(world, channel="web", days=7, revision=1)
    assert (second.channel_no, second.revision, second.amount_max) == (HOUSE_BANK, 2, 0)
    third = ended(world, 2)
    assert (third.enabled, third.revision, third.remind_days) == (0, 3, 7)
    with pytest.raises(AutopayUnknown):
        ended(world, 3)
    assert subscribed(world, revision=3).enabled == 1
    assert world.broken() == []


def test_it_is_told_and_audited(world):
    subscribed(world, days=3, most=500)
    ended(world, 1)
    with world.store.write() as session:
        sequencer.number(session, world.provider_id)
    with world.store.read() as reader:
        told = event_rows.events(reader, world.provider_id, 0, 10)
        audit = event_rows.audits(reader, world.provider_id, 0, 10)
    assert [one.kind for one in told] == ["autopay.set", "autopay.ended"]
    assert [(row.action, row.actor, row.reason) for row in audit] == [
        ("autopay.set", "Maryam", "asked for it"), ("autopay.ended", "Maryam", "enough")
    ]  # fmt: skip
    assert json.loads(told[0].payload) == {
        "channel": "debit", "remind_days": 3, "amount_max": 500, "revision": 1
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"days": -1}, FieldRefused, "remind_days"),
        ({"days": 61}, FieldRefused, "60"),
        ({"most": -1}, FieldRefused, "amount_max"),
        ({"most": 10**17 + 1}, FieldRefused, "amount_max"),
        ({"channel": "kiosk"}, ChannelMisfit, "direct_debit"),
        ({"channel": "never"}, ChannelUnknown, "never"),
        ({"channel": "old"}, ChannelDisabled, "old"),
        ({"revision": 1}, RevisionConflict, "it is at 0"),
        ({"caller": Caller(9, 1, frozenset({Role.CASHIER}), "", "wallet")}, ChannelForbidden,
         "wallet"),
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(world, change, kind, words):
    with pytest.raises(kind, match=words):
        subscribed(world, **change)
    assert world.count("autopay") == world.count("audit_pending") == 0


def test_a_revision_is_replaced_once(world):
    subscribed(world)
    for revision in (0, 2):
        with pytest.raises(RevisionConflict, match="it is at 1"):
            subscribed(world, days=9, revision=revision)
        with pytest.raises(RevisionConflict):
            ended(world, revision)
    with world.store.read() as reader:
        assert agreed.agreed(reader, world.account(1)).remind_days == 5


def test_a_channels_client_ends_its_own_alone(world):
    wallet = Caller(9, 1, frozenset({Role.CASHIER}), "", "wallet")
    subscribed(world)
    subscribed(world, count=2, channel="wallet", caller=wallet)
    for count, fine in ((1, False), (2, True)):

        def act(write, count=count):
            acting = Acting(write.session, wallet, write.now)
            return agreed.end_autopay(acting, world.account(count), 1)

        if fine:
            assert world.write(act).enabled == 0
        else:
            with pytest.raises(ChannelForbidden):
                world.write(act)


# -- reminders


def test_a_bill_is_reminded_of_once(world):
    subscribed(world, most=700)
    world.owe(300)
    bill = world.bill(1_000, TODAY + 5)
    assert reminded(world, TODAY - 1) == 0  # six days before
    assert reminded(world) == 1
    found, count = events(world)
    assert count == 1
    assert found[bill] == {
        "account_id": world.account(1), "bill_id": bill, "channel": "debit", "day": TODAY,
        "due_day": TODAY + 5, "amount": 700, "open": 1_000, "balance": 1_300, "currency": "IRR",
    }  # fmt: skip
    for day in (TODAY, TODAY + 1, TODAY + 5):
        assert reminded(world.at(60), day) == 0
    assert events(world)[1] == 1
    assert broken(world) == []


@pytest.mark.parametrize(
    ("days", "due_in", "count"),
    [
        # days before, due in so many days, reminders
        (5, 6, 0),
        (5, 5, 1),
        (5, 1, 1),
        (5, 0, 1),
        (5, -1, 0),
        (0, 0, 1),
        (0, 1, 0),
        (60, 60, 1),
    ],
)
def test_from_so_many_days_before_until_it_is_due(world, days, due_in, count):
    subscribed(world, days=days)
    world.bill(1_000, TODAY + due_in)
    assert reminded(world) == count
    assert events(world)[1] == count


def test_of_what_is_open_by_then(world):
    """A part was paid: the rest is told. A bill that is paid is not reminded of."""
    for count in (1, 2, 3):
        subscribed(world, count)
    part = world.bill(1_000, TODAY + 1)
    world.bill(1_000, TODAY + 1, count=2)
    later = world.at(1)
    later.post(later.told("r1", amount=400), later.told("r2", 2, amount=1_000))
    later.post(later.told("r3", 3, amount=2_500))  # in advance
    world.at(2).bill(1_000, TODAY + 1, count=3)
    assert reminded(world.at(3)) == 1
    assert [one["amount"] for one in events(world)[0].values()] == [600]
    assert list(events(world)[0]) == [part]
    later.at(5).reverse("v1", "r2")  # it bounced: it is open again, and not due yet
    assert reminded(later.at(6)) == 1
    assert broken(world) == []


def test_who_did_not_subscribe_or_ended_is_not_reminded(world):
    for count in (1, 2, 3):
        world.bill(1_000, TODAY + 1, count=count)
    subscribed(world, 1)
    subscribed(world, 2)
    ended(world, 1, 2)
    assert reminded(world) == 1


def test_a_cancelled_bill_is_not_reminded_of(world):
    subscribed(world)
    bill = world.bill(1_000, TODAY + 1)
    with world.store.write() as session:
        session.run(
            "INSERT INTO bill_correction (account_id, bill_id, credit_id, rebill_id, correction_id)"
            " VALUES (:account_id, :bill_id, 7, 0, 1)",
            account_id=world.account(1), bill_id=bill,
        )  # fmt: skip
    assert reminded(world) == 0


def test_several_bills_of_an_account(world):
    subscribed(world)
    bills = [world.bill(100 * n, TODAY + n, ordinal=n) for n in (1, 2, 3)]
    assert reminded(world) == 3
    found, _ = events(world)
    assert [found[bill]["amount"] for bill in bills] == [100, 200, 300]


def test_many_accounts_in_several_transactions(world, monkeypatch):
    monkeypatch.setattr(reminders, "ACCOUNTS_MAX", 7)
    for count in range(1, 31):
        subscribed(world, count)
        world.bill(100, TODAY + 1, count=count)
    done = list(remind_all(world.store, 1, TODAY, world.now))
    assert done == [7, 7, 7, 7, 2, 0]
    assert events(world)[1] == 30
    assert reminded(world) == 0
    assert broken(world) == []


@pytest.mark.parametrize("most", [1, 3, 1_000])
def test_accounts_far_apart_are_looked_at_in_slices(world, monkeypatch, most):
    """Some have no bill, some lie in other buckets; all are come to, each once."""
    monkeypatch.setattr(reminders, "LOOKED_MAX", most)
    counts = [1, 2, 3, 8_191, 8_192, 8_200, 20_000, 20_001]
    for count in counts:
        subscribed(world, count)
        if count not in (2, 8_192):
            world.bill(100, TODAY + 1, count=count)
    assert reminded(world) == 6
    assert events(world)[1] == 6
    assert reminded(world) == 0


def test_what_breaks_in_the_middle_goes_on(world, monkeypatch):
    """A transaction that dies leaves neither rows nor events; the next time all is told once."""
    monkeypatch.setattr(reminders, "ACCOUNTS_MAX", 4)
    for count in range(1, 11):
        subscribed(world, count)
        world.bill(100, TODAY + 1, count=count)
    remind(world.store, 1, TODAY, 0, world.now)
    written, real = [], rows.add_reminder

    def dying(session, row):
        real(session, row)
        written.append(row)
        if len(written) == 3:
            raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(rows, "add_reminder", dying)
        with pytest.raises(RuntimeError):
            reminded(world)
    assert world.count("autopay_reminder") == events(world)[1] == 4
    assert reminded(world) == 6
    assert events(world)[1] == 10
    assert broken(world) == []


def test_several_at_once(url, world):
    """Threads, each with a store of its own where there can be several, remind once."""
    for count in range(1, 41):
        subscribed(world, count)
        world.bill(100, TODAY + 1, count=count)
    stores = [open_store(url) for _ in range(4)] if world.store.shared else [world.store] * 4
    done: list[int] = []
    start = threading.Barrier(4)

    def run(store):
        start.wait()
        done.append(sum(remind_all(store, 1, TODAY, world.now)))

    threads = [threading.Thread(target=run, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        if store is not world.store:
            store.close()
    assert (len(done), sum(done)) == (4, 40)
    assert events(world)[1] == 40
    assert broken(world) == []


def test_a_payment_under_way_is_waited_for(world):
    """What is paid while the accounts are looked for is not reminded of."""
    subscribed(world)
    world.bill(1_000, TODAY + 1)
    done: list[int] = []
    thread = threading.Thread(target=lambda: done.append(reminded(world.at(1))))
    with world.store.write() as session:
        post(session, world.intake(), orders([world.told("r1", amount=1_000)]))
        thread.start()
        thread.join(0.5)
        assert done == []
    thread.join()
    assert done == [0]
    assert events(world)[1] == 0


def test_whose_accounts_are_paid_automatically(world):
    with world.store.read() as reader:
        assert rows.owners(reader) == []
    subscribed(world)
    with world.store.read() as reader:
        assert rows.owners(reader) == [1]
    ended(world, 1)
    with world.store.read() as reader:
        assert rows.owners(reader) == []


# -- verify


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE autopay SET channel_no = 99", "without an account or channel"),
        ("UPDATE autopay SET account_id = account_id + 9000", "without an account or channel"),
        ("UPDATE autopay_reminder SET amount = amount + 1", "does not fit"),
        ("UPDATE autopay_reminder SET amount = 0", "does not fit"),
        ("UPDATE autopay_reminder SET open = 1001", "does not fit"),
        ("UPDATE autopay_reminder SET day = due_day + 1", "does not fit"),
        ("UPDATE autopay_reminder SET due_day = due_day + 1", "does not fit"),
        ("UPDATE autopay_reminder SET bill_id = bill_id + 1", "does not fit"),
        ("DELETE FROM autopay_reminder", "alone"),
        ("DELETE FROM event", "alone"),
        ("UPDATE event SET subject = 'bill 1'", "alone"),
        ("INSERT INTO event SELECT provider_id, sequence + 1, event_id + 1, kind, subject, payload,"
         " recorded_at FROM event", "several"),
    ],
)  # fmt: skip
def test_what_is_damaged_is_found(world, damage, words):
    subscribed(world)
    world.bill(1_000, TODAY + 1)
    assert reminded(world) == 1
    with world.store.write() as session:  # only the reminder's event is there
        session.run("DELETE FROM event_pending WHERE kind <> :kind", kind=REMINDER)
    events(world)
    assert broken(world) == []
    with world.store.write() as session:
        session.run(damage)
    assert any(words in str(one["message"]) for one in broken(world))
