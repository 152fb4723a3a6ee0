"""Vouchers on both stores: made, shipped, sold, redeemed once, expired, blocked; guessing ends."""

import threading
from contextlib import suppress
from dataclasses import replace

import pytest

from billcore.core.ledger import balances
from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.errors import ChannelMisfit
from billcore.core.payments.intake.place import place, redeeming_place
from billcore.core.payments.refusals import PaymentConflict, TargetUnknown
from billcore.core.payments.status import State, status
from billcore.core.payments.vouchers import batches, guard, moves, redemption, sales, secret
from billcore.core.payments.vouchers.batches import Asked
from billcore.core.payments.vouchers.checks import vouchers_agree
from billcore.core.payments.vouchers.errors import (
    VoucherExpired,
    VoucherFieldInvalid,
    VoucherKeyMissing,
    VoucherLocked,
    VoucherRefused,
    VoucherStateUnfit,
    VoucherUnknown,
)
from billcore.core.payments.vouchers.moves import Range
from billcore.core.payments.vouchers.secret import Keys, serial
from billcore.core.payments.vouchers.states import VoucherState
from billcore.core.store import channels as channel_rows
from billcore.core.store import ledger as ledger_rows
from billcore.core.store import vouchers as rows
from billcore.core.store.channels import Channel
from billcore.core.store.port import OPEN_DAY
from billcore.core.verify import CHECKS
from tests import payments_world
from tests.payments_world import TODAY

KEYS = Keys({"old": b"o" * 32, "new": b"n" * 32})
CARDS = 10


@pytest.fixture
def world(books):
    found = payments_world.found(books)
    with books.write() as session:
        policies = parse_channel_policies("").text
        row = Channel(1, 4, "cards", "voucher", "cards", 1, policies, 1, 0)
        channel_rows.add(session, row)
    return found


def made(world, vouchers=CARDS, face_value=500, until=TODAY + 30, grace=0, keys=KEYS):
    asked = Asked(vouchers, face_value, until, grace)
    return world.write(lambda write: batches.make(write, asked, keys, TODAY))


def shipped(world, range_):
    return world.write(lambda write: moves.ship(write, range_))


def sold(world, range_, reference="s1", today=TODAY):
    where = world.place("bank")
    return world.write(lambda write: sales.sell(write, where, reference, range_, today))


def card(world, *, until=TODAY + 30, grace=0):
    """A sold voucher with its secret."""
    batch = made(world, 1, until=until, grace=grace)
    number = batch.batch.first_no
    shipped(world, Range(number, number))
    sold(world, Range(number, number), f"sale of {number}")
    return number, batch.secrets[0]


def redeemed(world, number, tried, account=1, reference="r1", *, keys=KEYS, today=TODAY):
    """The outcome of a redemption, committed."""
    with world.store.read() as reader:
        where = redeeming_place(reader, world.caller, "cards")
    text = f"N{account}" if isinstance(account, int) else account
    asked = redemption.Asked(reference, serial(number), tried, text)
    return world.write(lambda write: redemption.redeem(write, where, asked, keys, today))


def wrong(tried):
    """Another secret with a right check digit."""
    digits = str((int(tried[:-1]) + 1) % 10**16).zfill(16)
    return digits + secret.check_digit(digits)


def trial(world):
    with world.store.read() as reader:
        found = ledger_rows.trial_balance(reader, world.provider_id, OPEN_DAY, 2**63 - 1)
        return {str(code): int(amount) for code, _, amount in found if amount}


def broken(world):
    with world.store.read() as reader:
        return [one for check in CHECKS.values() for one in check(reader, world.provider_id)]


def state(world, number):
    with world.store.read() as reader:
        return VoucherState(rows.voucher(reader, 1, number).state)


def balance(world, count=1):
    with world.store.read() as reader:
        return balances.balance(reader, world.account(count))


def report(world, batch_no=1):
    with world.store.read() as reader:
        found = batches.report(reader, 1, batches.found(reader, 1, batch_no))
    return {s.name: n for s, n in found.counts.items() if n}, found.liable, found.forfeited


def test_a_batch_has_serials_in_sequence_and_secrets_that_are_not_kept(world):
    first, second = made(world, 3), made(world, 2)
    assert [b.batch.first_no for b in (first, second)] == [1, 4]
    assert (second.batch.batch_no, second.batch.last_no, second.batch.key_id) == (2, 5, "new")
    assert len(set(first.secrets + second.secrets)) == 5
    for one in first.secrets:
        assert secret.read_secret(f"{one[:4]} {one[4:8]}-{one[8:]}") == one
        assert len(one) == 17
    with world.store.read() as reader:
        kept = [reader.row("SELECT secret_hash FROM voucher WHERE voucher_no = 1")[0]]
        dump = b"".join(bytes(v) for (v,) in reader.rows("SELECT secret_hash FROM voucher"))
    assert bytes(kept[0]) == secret.hashed(KEYS.key("new"), 1, 1, first.secrets[0])
    assert first.secrets[0].encode() not in dump
    assert report(world) == ({"MADE": 3}, 0, 0)
    assert repr(first).find(first.secrets[0]) < 0
    assert broken(world) == []


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("vouchers", Asked(0, 500, TODAY, 0)),
        ("vouchers", Asked(100_001, 500, TODAY, 0)),
        ("face_value", Asked(1, 0, TODAY, 0)),
        ("face_value", Asked(1, 10**12 + 1, TODAY, 0)),
        ("valid_until", Asked(1, 500, TODAY - 1, 0)),
        ("grace_days", Asked(1, 500, TODAY, -1)),
        ("grace_days", Asked(1, 500, OPEN_DAY, 1)),
    ],
)
def test_a_batch_that_breaks_a_rule_is_refused(world, field, asked):
    with pytest.raises(VoucherFieldInvalid) as refused:
        world.write(lambda write: batches.make(write, asked, KEYS, TODAY))
    assert refused.value.fields["field"] == field
    assert world.count("voucher_batch") == world.count("voucher") == 0


def test_a_sale_is_owed_until_it_is_redeemed(world):
    batch = made(world)
    shipped(world, Range(1, 6))
    done = sold(world, Range(1, 4))
    assert (done.row.amount, done.replayed) == (2_000, False)
    assert trial(world) == {"channel_clearing:bank": 2_000, "voucher_liability": -2_000}
    assert report(world) == ({"MADE": 4, "SHIPPED": 2, "SOLD": 4}, 2_000, 0)
    assert broken(world) == []
    world.owe(300)
    order = redeemed(world, 2, batch.secrets[1]).order
    assert (order.amount, order.account_id, order.state) == (500, world.account(1), State.POSTED)
    assert balance(world) == -200  # arrears first, the rest is available
    assert trial(world) == {
        "channel_clearing:bank": 2_000, "voucher_liability": -1_500, "adjustment": -300,
        "receivable": -200,
    }  # fmt: skip
    assert state(world, 2) is VoucherState.REDEEMED
    with world.store.read() as reader:
        channel_no = channel_rows.find_code(reader, 1, "cards").channel_no
        assert status(reader, 1, channel_no, "r1", world.now).state is State.POSTED
    assert broken(world) == []


def test_a_sale_again_has_the_first_answer(world):
    made(world)
    shipped(world, Range(1, 5))
    first = sold(world, Range(1, 2))
    again = sold(world.at(99), Range(1, 2))
    assert (again.row, again.replayed) == (first.row, True)
    with pytest.raises(PaymentConflict):
        sold(world, Range(1, 3))
    assert world.count("entry") == 1


@pytest.mark.parametrize(
    ("range_", "error"),
    [
        (Range(4, 6), VoucherStateUnfit),  # 6 is not shipped
        (Range(2, 4), VoucherStateUnfit),  # 2 is sold
        (Range(4, 11), VoucherUnknown),
        (Range(0, 4), VoucherUnknown),
    ],
)
def test_a_sale_is_whole_or_nothing(world, range_, error):
    made(world)
    shipped(world, Range(1, 5))
    sold(world, Range(1, 2))
    before = trial(world), report(world)
    with pytest.raises(error) as refused:
        sold(world, range_, "s2")
    if error is VoucherStateUnfit:
        bad = 6 if range_.last_no == 6 else 2
        assert refused.value.fields["serial"] == serial(bad)
    assert (trial(world), report(world)) == before
    assert broken(world) == []


def test_what_has_expired_is_not_sold(world):
    made(world, until=TODAY)
    shipped(world, Range(1, 1))
    with pytest.raises(VoucherExpired):
        sold(world, Range(1, 1), today=TODAY + 1)
    assert sold(world, Range(1, 1), today=TODAY).row.amount == 500


def test_a_redemption_again_has_the_first_answer(world):
    number, right = card(world)
    first = redeemed(world, number, right)
    again = redeemed(world.at(5_000), number, right)
    assert (again.order, again.replayed) == (first.order, True)
    assert balance(world) == -500
    with pytest.raises(VoucherStateUnfit, match="REDEEMED"):
        redeemed(world, number, right, reference="r2")
    with pytest.raises(PaymentConflict):
        redeemed(world, number, right, account=2)
    assert balance(world, 2) == 0
    other, secret_of_other = card(world)
    with pytest.raises(PaymentConflict, match="serial"):
        redeemed(world, other, secret_of_other)
    assert state(world, other) is VoucherState.SOLD
    assert broken(world) == []


def test_two_who_redeem_at_once(world):
    """One voucher, many accounts, references and threads: one payment."""
    number, right = card(world)
    done, errors = [], []

    def act(n):
        try:
            done.append(redeemed(world, number, right, n % 5 + 1, f"r{n}").order)
        except VoucherStateUnfit as error:
            errors.append(error)

    threads = [threading.Thread(target=act, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(errors)) == (1, 7)
    assert world.count("payment_order") == world.count("voucher_redemption") == 1
    assert trial(world) == {"channel_clearing:bank": 500, "receivable": -500}
    assert broken(world) == []


@pytest.mark.parametrize("before", ["made", "shipped", "blocked"])
def test_only_a_sold_voucher_is_redeemed(world, before):
    batch = made(world, 1)
    if before != "made":
        shipped(world, Range(1, 1))
    if before == "blocked":
        sold(world, Range(1, 1))
        world.write(lambda write: moves.block(write, Range(1, 1), "stolen"))
    with pytest.raises(VoucherStateUnfit, match=before.upper()):
        redeemed(world, 1, batch.secrets[0])
    assert world.count("payment_order") == 0


def test_who_has_a_wrong_secret_learns_nothing(world):
    """The refusal is the same for a wrong secret and a serial that there is not."""
    number, right = card(world)
    outcomes = [redeemed(world, number, wrong(right)), redeemed(world, 77, right, reference="r2")]
    assert all(isinstance(one.refused, VoucherRefused) and one.order is None for one in outcomes)
    assert outcomes[0].refused.message == outcomes[1].refused.message
    assert world.count("payment_order") == 0
    assert redeemed(world, number, right).order is not None


def test_a_misspelt_secret_is_told_and_not_counted(world):
    number, right = card(world)
    misspelt = right[:-1] + str((int(right[-1]) + 1) % 10)
    for _ in range(9):
        with pytest.raises(VoucherFieldInvalid) as refused:
            redeemed(world, number, misspelt)
        assert refused.value.fields["field"] == "secret"
        assert misspelt not in refused.value.message
    assert redeemed(world, number, right).order is not None


def test_an_unknown_account_tries_no_secret(world):
    number, right = card(world)
    with pytest.raises(TargetUnknown):
        redeemed(world, number, right, "nobody")
    assert state(world, number) is VoucherState.SOLD
    assert world.count("voucher_guard") == 0


def test_guessing_locks_the_account_for_an_hour(world):
    """Also for the right secret, through any channel, after a restart: the store remembers."""
    number, right = card(world)
    for n in range(5):
        assert redeemed(world.at(n), number, wrong(right)).refused is not None
    with pytest.raises(VoucherLocked) as locked:
        redeemed(world.at(10), number, right)
    assert (locked.value.fields["what"], locked.value.retryable) == ("account", True)
    assert int(locked.value.fields["seconds"]) == 3_594
    assert redeemed(world.at(11), number, right, 2).order is not None  # another account is free
    other, its = card(world.at(12))
    with pytest.raises(VoucherLocked):
        redeemed(world.at(3_603), other, its, reference="r3")
    assert redeemed(world.at(3_605), other, its, reference="r3").order is not None
    assert broken(world) == []


def test_wrong_secrets_of_long_ago_do_not_count(world):
    number, right = card(world)
    for n in range(12):
        assert redeemed(world.at(n * 1_000), number, wrong(right)).refused is not None
    assert redeemed(world.at(12_000), number, right).order is not None


def test_guessing_for_many_accounts_locks_the_channel(world, monkeypatch):
    limit = guard.LIMITS[guard.Guarded.CHANNEL]._replace(failures=4)
    monkeypatch.setitem(guard.LIMITS, guard.Guarded.CHANNEL, limit)
    number, right = card(world)
    for n in range(1, 5):
        assert redeemed(world, number, wrong(right), n).refused is not None
    with pytest.raises(VoucherLocked) as locked:
        redeemed(world.at(1), number, right, 5)
    assert locked.value.fields["what"] == "channel"
    assert redeemed(world.at(601), number, right, 5).order is not None


def test_a_redeemed_voucher_is_answered_again_while_the_account_is_locked(world):
    number, right = card(world)
    first = redeemed(world, number, right)
    for n in range(5):
        redeemed(world, number, wrong(right), reference=f"x{n}")
    with pytest.raises(VoucherLocked):
        redeemed(world, *card(world), reference="r9")
    assert redeemed(world, number, right).order == first.order


def test_a_burst_of_guesses_gets_no_more_tries(world):
    number, right = card(world)
    tried = []

    def act():
        with suppress(VoucherLocked):
            tried.append(redeemed(world, number, wrong(right)).refused)

    threads = [threading.Thread(target=act) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tried) == 5


def test_expiry_makes_income_of_what_was_sold(world):
    made(world, 4, until=TODAY + 3, grace=2)
    made(world, 2, until=OPEN_DAY)
    shipped(world, Range(1, 3))
    sold(world, Range(1, 2))
    early = world.write(lambda write: moves.expire(write, TODAY + 5, "e1"))
    assert early == (0, 0)
    done = world.write(lambda write: moves.expire(write, TODAY + 6, "e2"))
    assert done == (4, 1_000)
    assert trial(world) == {"channel_clearing:bank": 1_000, "voucher_income": -1_000}
    assert report(world) == ({"EXPIRED": 4}, 0, 1_000)
    assert report(world, 2) == ({"MADE": 2}, 0, 0)
    assert world.write(lambda write: moves.expire(write, TODAY + 7, "e3")) == (0, 0)
    assert broken(world) == []


def test_days_of_grace_and_the_day_after(world):
    number, right = card(world, until=TODAY + 3, grace=2)
    with pytest.raises(VoucherExpired):
        redeemed(world, number, right, today=TODAY + 6)
    assert redeemed(world, number, right, today=TODAY + 5).order is not None


def test_blocked_vouchers_stay_owed_and_come_back_as_they_were(world):
    batch = made(world, 4)
    shipped(world, Range(1, 3))
    sold(world, Range(1, 2))
    redeemed(world, 1, batch.secrets[0])
    blocked = world.write(lambda write: moves.block(write, Range(1, 4), "lost in the post"))
    assert blocked == 3
    assert report(world) == ({"REDEEMED": 1, "BLOCKED": 3}, 500, 0)
    assert broken(world) == []
    assert world.write(lambda write: moves.expire(write, TODAY + 40, "e1")) == (0, 0)
    assert world.write(lambda write: moves.unblock(write, Range(1, 4), "found")) == 3
    assert report(world) == ({"MADE": 1, "SHIPPED": 1, "SOLD": 1, "REDEEMED": 1}, 500, 0)
    assert redeemed(world, 2, batch.secrets[1], reference="r2").order is not None
    assert broken(world) == []


def test_keys_are_rotated_batch_by_batch(world):
    """New batches take the last key; old ones need theirs until they have expired."""
    old = Keys({"old": b"o" * 32})
    batch = made(world, 1, keys=old)
    shipped(world, Range(1, 1))
    sold(world, Range(1, 1))
    with pytest.raises(VoucherKeyMissing, match="old"):
        redeemed(world, 1, batch.secrets[0], keys=Keys({"new": b"n" * 32}))
    assert redeemed(world, 1, batch.secrets[0], keys=KEYS).order is not None
    with pytest.raises(VoucherKeyMissing):
        made(world, 1, keys=Keys({}))


def test_a_hash_is_of_one_voucher(world):
    """Whoever can write the store still cannot give a voucher another one's secret."""
    cheap, right = card(world)
    dear, _ = card(world)
    with world.store.write() as session:
        session.run(
            "UPDATE voucher SET secret_hash = (SELECT o.secret_hash FROM voucher o "
            "WHERE o.voucher_no = :cheap) WHERE voucher_no = :dear",
            cheap=cheap,
            dear=dear,
        )
    assert redeemed(world, dear, right).refused is not None


def test_a_channel_of_vouchers_takes_no_money(world):
    with world.store.read() as reader:
        with pytest.raises(ChannelMisfit):
            place(reader, world.caller, "cards")
        with pytest.raises(ChannelMisfit):
            redeeming_place(reader, world.caller, "kiosk")


def test_providers_have_vouchers_of_their_own(books):
    world = payments_world.found(books, providers=2)
    made(world, 2)
    other = replace(world, provider_id=2)
    assert made(other, 2).batch.first_no == 1
    with world.store.read() as reader:
        assert rows.voucher(reader, 2, 3) is None


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE voucher SET state = 3 WHERE voucher_no = 4", "worth 1000"),
        ("UPDATE voucher SET state = 3 WHERE voucher_no = 4", "no sale"),
        ("UPDATE voucher SET state = 3 WHERE voucher_no = 1", "paid, alone"),
        ("UPDATE voucher SET state = 4 WHERE voucher_no = 2", "alone"),
        ("DELETE FROM voucher WHERE voucher_no = 4", "3 vouchers, not 4"),
        ("UPDATE voucher_batch SET face_value = 499", "worth 499"),
    ],
)
def test_verify_finds_what_is_broken(world, statement, words):
    batch = made(world, 4)
    shipped(world, Range(1, 2))
    sold(world, Range(1, 2))
    redeemed(world, 1, batch.secrets[0])
    assert broken(world) == []
    with world.store.write() as session:
        session.run(statement)
    with world.store.read() as reader:
        found = [str(one["message"]) for one in vouchers_agree(reader, 1)]
    assert any(words in message for message in found), found
