"""Field work on both stores: records of a device in the books, exactly once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from billcore.core.collections.field import collectors, devices, hand_ins, keeping, routes
from billcore.core.collections.field.conflicts import Settlement, settle, settlement_of
from billcore.core.collections.field.devices import DeviceState
from billcore.core.collections.field.errors import (
    ConflictSettled,
    DeviceRecordInvalid,
    DeviceUnfit,
    HandInUnfit,
    HandInUnknown,
)
from billcore.core.collections.field.records import NUMBER_AT
from billcore.core.collections.field.shift import Flag
from billcore.core.collections.field.visits import VisitState
from billcore.core.documents.rendering import Format
from billcore.core.documents.verification import parse_receipt_keys
from billcore.core.enquiries.documents import receipts
from billcore.core.enquiries.route_snapshot import Asked, snapshot
from billcore.core.payments.agents import agents
from billcore.core.payments.agents.agents import Terms
from billcore.core.payments.channels import create_channel
from billcore.core.payments.codes import State
from billcore.core.payments.intake.place import place
from billcore.core.payments.reversals import Asked as Reversal
from billcore.core.payments.reversals import ReversalKind, reverse
from billcore.core.store import agents as agent_rows
from billcore.core.store import field_records as rows
from billcore.core.store import field_routes as route_rows
from billcore.core.store import providers
from billcore.core.store.again import again
from tests import field_world, seed
from tests.contract.test_stored_bills import every_bill
from tests.field_world import CHANNEL, CHANNEL_NO, KEY, Refused
from tests.payments_world import NOW, SECOND, TODAY, Acting, provider
from tests.stores import migrated

FIRST = NUMBER_AT + 1


@pytest.fixture
def work(books):
    return field_world.found(books)


@pytest.fixture
def on_sqlite(sqlite_url):
    """As `work`, of what is no matter of SQL."""
    store = migrated(sqlite_url)
    yield field_world.found(store)
    store.close()


def visit(work, account=1):
    with work.world.store.read() as reader:
        return route_rows.visit(reader, 1, 1, work.world.account(account))


def day(device, *accounts, amount=100, debt=100):
    """A shift up to its receipts."""
    device.start()
    for number in accounts:
        device.notice(f"N{number}", 1, debt)
        device.receipt(f"N{number}", 1, amount, debt)


def test_a_day_of_a_collector(work, tmp_path):
    """Two pay, one takes it back, one is absent; the cash is counted 10 short: every record once,
    however often it is sent, and the books say the same as the device."""
    world, device = work.world, work.device(tmp_path)
    world.owe(300, 200, 100)
    day(device, 1, amount=300, debt=300)
    device.visit("N2", 1, "CONTACTED")
    device.visit("N2", 1, "DATA_CONFIRMED")
    device.notice("N2", 1, 200)
    wrong = device.receipt("N2", 1, 200, 200)
    device.void(wrong, "wrong customer")
    device.reprint(FIRST)
    device.notice("N3", 1, 100)
    device.visit("N3", 1, "ABSENT", note="left at the door")
    first = work.sent(device)
    assert [one.state for one in first.answers] == [keeping.TAKEN] * 11
    assert (work.held(), world.balance(1), world.balance(2)) == (300, 0, 200)
    states = [visit(work, n).state for n in (1, 2, 3)]
    assert states == [VisitState.PAID, VisitState.NOTICE_PRINTED, VisitState.ABSENT]
    seq = device.hand_in("100x3")
    device.close()
    work.sent(device)
    again = work.synced(*device.unsent(0))
    assert again.answers[:11] == first.answers
    work.confirm(seq, 290)
    with world.store.read() as reader:
        shift = agent_rows.shift(reader, 1, CHANNEL_NO, 1)
    assert (shift.expected, shift.counted, work.held()) == (300, 290, 0)
    trial = world.trial()
    assert (trial[f"cash_in_transit:{CHANNEL}"], trial[f"short_over:{CHANNEL}"]) == (290, 10)
    assert world.broken() == []


def test_what_lies_behind_a_gap_waits_and_cash_behind_it_is_not_confirmed(work, tmp_path):
    device = work.device(tmp_path)
    day(device, 1, 2)
    seq = device.hand_in()
    lines = device.unsent()
    kept = work.synced(*lines[2:])
    assert {one.state for one in kept.answers} == {keeping.WAITING}
    assert (kept.missing, work.held()) == (1, 0)
    with pytest.raises(HandInUnknown) as caught:
        work.confirm(seq, 200)
    assert "record 1 is missing" in caught.value.message
    filled = work.synced(*lines[:2])
    assert (filled.missing, filled.device.seq, work.held()) == (0, seq, 200)
    assert {one.state for one in work.synced(*lines).answers} == {keeping.TAKEN}
    assert work.world.broken() == []


def test_calls_at_once_take_each_record_once(work, tmp_path):
    """Four threads send overlapping halves of a shift, over and over."""
    device = work.device(tmp_path)
    day(device, 1, 2, 3, 4, amount=10, debt=0)
    device.hand_in()
    lines = device.unsent()
    parts = [lines[:6], lines[4:], lines[2:8], lines[::2]]

    def send(part):
        for _ in range(3):
            again(work.world.store, lambda session: work.synced_in(session, *part))

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(send, part) for part in parts]:
            done.result()
    assert {one.state for one in work.synced(*lines).answers} == {keeping.TAKEN}
    assert (work.held(), work.world.count("payment_order")) == (40, 4)
    assert work.world.broken() == []


def test_a_fork_locks_the_device_and_changes_nothing(work, tmp_path):
    """The second journal of the same key goes its own way from record 2 on."""
    device = work.device(tmp_path)
    day(device, 1)
    work.sent(device)
    (tmp_path / "other").mkdir()
    twin = work.device(tmp_path / "other")
    twin.start()
    twin.notice("N4", 1, 9)
    found = work.synced(*twin.unsent())
    assert [one.state for one in found.answers] == [keeping.TAKEN, keeping.FORKED]
    assert found.device.state == DeviceState.LOCKED
    device.zero()
    assert [one.state for one in work.sent(device).answers] == [keeping.WAITING]
    assert work.held() == 100
    with work.world.store.read() as reader:
        assert [one.seq for one in rows.forks(reader, 1, 1, 9)] == [2]
    with pytest.raises(DeviceUnfit, match="locked"):
        work.world.write(lambda write: devices.allot(write, CHANNEL, 1, 5))
    assert work.world.broken() == []


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        ("skipped number", "the next number is 10000000002"),
        ("not allotted", "numbers are allotted up to"),
        ("void twice", "is void already"),
        ("wrong total", "the shift has 100"),
        ("chain", "does not follow"),
    ],
)
def test_what_no_honest_device_records_locks_it(on_sqlite, tmp_path, damage, why):
    work = on_sqlite
    device = work.device(tmp_path, numbers=10**6)
    day(device, 1)
    match damage:
        case "skipped number":
            device.used += 1
            device.receipt("N1", 1, 5, 0)
        case "not allotted":
            for _ in range(100):
                device.receipt("N1", 1, 1, 0)
        case "void twice":
            device.void(FIRST, "once")
            device.printed[FIRST].voided = False
            device.void(FIRST, "twice")
        case "wrong total":
            device.total -= 1
            device.hand_in()
        case "chain":
            device.hash = "1" * 64
            device.zero()
    found = work.sent(device)
    assert found.device.state == DeviceState.LOCKED
    assert why in found.device.why
    assert [one.state for one in found.answers][-1] == keeping.WAITING
    assert found.device.seq == device.seq - 1
    assert work.world.broken() == []


def test_a_receipt_that_no_payment_is_ever_posted_of_locks_the_device(
    on_sqlite, tmp_path, monkeypatch
):
    """The intake takes less than the form of records: what is before it stands."""
    work = on_sqlite
    monkeypatch.setattr("billcore.core.payments.intake.form.AMOUNT_MAX", 99)
    device = work.device(tmp_path)
    day(device, 1, amount=99)
    device.notice("N2", 1, 100)
    device.receipt("N2", 1, 100, 100)
    found = work.sent(device)
    assert found.device.state == DeviceState.LOCKED
    assert "100 is not from 1 to 99" in found.device.why
    assert (found.device.seq, work.held()) == (4, 99)
    assert work.world.broken() == []


def test_a_record_that_is_not_the_device_s_changes_nothing(on_sqlite, tmp_path):
    work = on_sqlite
    device = work.device(tmp_path)
    day(device, 1)
    lines = device.unsent()
    line, signature = lines[2]
    for given, at in (
        ((line.replace("/100/", "/900/"), signature), "records[1].signature"),
        ((line, bytes(64)), "records[1].signature"),
        ((line.replace("F1/1/1/", "F1/1/2/"), signature), "records[1].line"),
        ((line + "/", signature), "records[1].line"),
        ((line.replace("/N1/", "/%4e1/"), signature), "records[1].line"),
        ((line.replace("/CASH/", "/GOLD/"), signature), "records[1].line"),
        ((line.replace("/RECEIPT/", "/GIFT/"), signature), "records[1].line"),
    ):
        with pytest.raises(DeviceRecordInvalid) as caught:
            work.synced(lines[0], given)
        assert caught.value.fields["field"] == at
    assert work.row().seq == 0


def test_paid_at_a_bank_meanwhile_the_receipt_stands_and_the_surplus_is_listed(work, tmp_path):
    """100 owed, paid at a kiosk after the route was loaded, then again to the collector: 100 are
    credit. An advance that a customer wants to pay is no conflict."""
    world, device = work.world, work.device(tmp_path)
    world.owe(100, 100)
    world.post(world.told("k1", 1, 100))
    day(device, 1)
    device.notice("N2", 1, 100)
    device.receipt("N2", 1, 150, 100)
    answers = work.sent(device).answers
    assert [one.row.surplus for one in answers] == [0, 0, 100, 0, 0]
    assert answers[2].row.flags == Flag.PAID_ELSEWHERE
    assert (world.balance(1), world.balance(2)) == (-100, -50)
    with world.store.read() as reader:
        (one,) = rows.conflicts(reader, 1, True, 0, 9)
    assert (one.number, one.surplus) == (FIRST, 100)
    settled = world.write(
        lambda write: settle(write, FIRST, Settlement.REFUND, "paid twice", lambda *_: 17)
    )
    assert (settlement_of(settled), settled.case_no) == (Settlement.REFUND, 17)
    with pytest.raises(ConflictSettled):
        world.write(lambda write: settle(write, FIRST, Settlement.KEPT, "", lambda *_: 0))
    with world.store.read() as reader:
        assert rows.conflicts(reader, 1, True, 0, 9) == []
    assert world.broken() == []


def test_a_void_takes_a_conflict_with_it(on_sqlite, tmp_path):
    work = on_sqlite
    world, device = work.world, work.device(tmp_path)
    world.owe(100)
    world.post(world.told("k1", 1, 100))
    day(device, 1)
    work.sent(device)
    device.void(FIRST, "it was paid at the kiosk")
    work.sent(device)
    assert (world.balance(1), work.held()) == (0, 0)
    with world.store.read() as reader:
        assert rows.conflicts(reader, 1, True, 0, 9) == []
        (one,) = rows.conflicts(reader, 1, False, 0, 9)
    assert settlement_of(one) is Settlement.VOIDED
    assert world.broken() == []


@pytest.mark.parametrize("undone", [FIRST, FIRST + 1])
def test_a_void_whose_name_the_office_used(on_sqlite, tmp_path, undone):
    """For the same payment it is undone before; for another it is the office's again."""
    work = on_sqlite
    world, device = work.world, work.device(tmp_path)
    world.owe(100, 100)
    device.start()
    for account in ("N1", "N2"):
        device.notice(account, 0, 100)
        device.receipt(account, 0, 100, 100)
    work.sent(device)
    named = Reversal(f"{FIRST}-void", str(undone), ReversalKind.CANCELLED, "by phone")
    world.write(lambda write: reverse(write, world.place(CHANNEL), named, TODAY))
    device.void(FIRST, "wrong customer")
    (answer,) = work.sent(device).answers
    wanted = Flag.UNDONE_BEFORE if undone == FIRST else Flag.VOID_LATE
    assert Flag(answer.row.flags) == wanted
    assert world.broken() == []


def test_money_of_nobody_is_suspended_and_of_no_visit_flagged(work, tmp_path):
    device = work.device(tmp_path)
    device.start()
    for account, assignment in (("N99", 0), ("N5", 0), ("N1", 1)):
        device.notice(account, assignment, 10)
        device.receipt(account, assignment, 10, 10)
    flags = [Flag(one.row.flags) for one in work.sent(device).answers if one.row.payment_id]
    off = Flag.OFF_ROUTE
    assert flags == [off | Flag.SUSPENDED, off | Flag.PAID_ELSEWHERE, Flag.PAID_ELSEWHERE]
    assert work.world.trial()["suspense"] == -10
    assert work.world.broken() == []


def test_a_transfer_has_a_receipt_and_is_no_cash(work, tmp_path):
    world, device = work.world, work.device(tmp_path)
    world.post(world.told("t1", 1, 70))
    day(device)
    device.notice("N1", 1, 70)
    device.receipt("N1", 1, 70, 70, transfer="kiosk t1")
    device.receipt("N1", 1, 70, 0, transfer="kiosk t2")
    device.notice("N2", 1, 70)
    device.receipt("N2", 1, 70, 70, transfer="kiosk t1")
    flags = [one.row.flags for one in work.sent(device).answers[2:]]
    assert flags == [0, Flag.TRANSFER_UNKNOWN, 0, Flag.TRANSFER_UNKNOWN]
    assert (work.held(), device.total, world.count("payment_order")) == (0, 0, 1)
    assert world.status(str(FIRST), CHANNEL_NO).state is State.UNKNOWN
    assert world.broken() == []


def test_a_second_visit_is_the_last_one(on_sqlite, tmp_path):
    """Deferred with an appointment, visited again, then handed over; a third time is unfit."""
    work = on_sqlite
    device = work.device(tmp_path)
    device.start()
    device.notice("N1", 1, 100)
    device.visit("N1", 1, "DEFERRED", appointment_at=NOW // SECOND + 3_600, note="at noon")
    work.sent(device)
    assert (visit(work).visits, visit(work).appointment_at) == (1, NOW // SECOND + 3_600)
    device.visit("N1", 1, "REVISIT")
    device.notice("N1", 1, 100)
    device.visit("N1", 1, "DEFERRED")
    device.visit("N1", 1, "HANDED_OVER", note="post office")
    flags = [one.row.flags for one in work.sent(device).answers]
    assert flags == [0, 0, Flag.VISIT_UNFIT, 0]
    assert (visit(work).state, visit(work).visits) == (VisitState.HANDED_OVER, 2)
    assert work.world.broken() == []


def test_a_dispute_opens_a_case_once(work, tmp_path):
    device = work.device(tmp_path)
    device.start()
    device.visit("N2", 1, "CONTACTED")
    device.visit("N2", 1, "DISPUTED", dispute="LATE_PAYMENT", note="paid on Monday")
    found = work.sent(device)
    work.synced(*device.unsent(0))
    assert work.cases.opened == [(work.world.account(2), "LATE_PAYMENT", "paid on Monday")]
    assert found.answers[-1].row.case_no == 1
    assert (visit(work, 2).state, visit(work, 2).case_no) == (VisitState.DISPUTED, 1)
    assert work.world.broken() == []


def test_the_cash_of_a_shift_that_began_meanwhile_stays_in_the_float(work, tmp_path):
    device = work.device(tmp_path)
    day(device, 1, 2)
    first = device.hand_in()
    device.close()
    day(device, 3)
    found = work.sent(device)
    assert Flag.HAND_IN_OPEN in Flag(found.answers[first + 1].row.flags)
    second = device.hand_in()
    work.sent(device)
    with pytest.raises(HandInUnfit, match="comes first"):
        work.confirm(second, 100)
    work.confirm(first, 205)
    assert work.held() == 100
    with pytest.raises(HandInUnfit, match="already"):
        work.confirm(first, 205, "again")
    work.confirm(second, 100)
    assert (work.held(), work.world.trial()[f"short_over:{CHANNEL}"]) == (0, -5)
    assert work.world.broken() == []


def test_what_devices_take_is_handed_over_with_their_hand_ins_alone(on_sqlite, tmp_path):
    work = on_sqlite

    def check():
        work.world.write(lambda write: hand_ins.check_no_hand_in(write, CHANNEL))

    check()
    device = work.device(tmp_path)
    day(device, 1)
    work.sent(device)
    with pytest.raises(HandInUnfit, match="goes on"):
        check()
    seq = device.hand_in()
    device.close()
    work.sent(device)
    with pytest.raises(HandInUnfit, match="is not confirmed"):
        check()
    work.confirm(seq, 100)
    check()
    day(device, 2)
    work.sent(device)
    work.world.write(lambda write: devices.retire(write, CHANNEL, 1, "lost"))
    check()


def replaced(work):
    """Device 1 retired, device 2 in its place."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
    public = key.public_key().public_bytes_raw()
    work.world.write(lambda write: devices.retire(write, CHANNEL, 1, "worn out"))
    work.world.write(lambda write: devices.register(write, CHANNEL, "phone 2", public))
    work.world.write(lambda write: devices.allot(write, CHANNEL, 2, 100))
    return replace(work, device_no=2, key=key)


def test_the_cash_of_a_device_that_came_meanwhile_stays_in_the_float(work, tmp_path):
    """Device 1 hands in 1,000 and is retired; device 2 takes 500 before that is confirmed."""
    old = work.device(tmp_path)
    day(old, 1, amount=1_000, debt=0)
    first = old.hand_in()
    work.sent(old)
    other = replaced(work)
    (tmp_path / "new").mkdir()
    new = other.device(tmp_path / "new")
    day(new, 2, amount=500, debt=0)
    other.sent(new)
    work.confirm(first, 1_000)
    assert (work.held(), work.world.trial().get(f"short_over:{CHANNEL}", 0)) == (500, 0)
    second = new.hand_in()
    other.sent(new)
    other.confirm(second, 500, "hand-in of device 2")
    with work.world.store.read() as reader:
        shift = agent_rows.shift(reader, 1, CHANNEL_NO, 1)
    assert (shift.expected, shift.counted, work.held()) == (500, 500, 0)
    assert work.world.broken() == []


@pytest.mark.parametrize(
    "act",
    [
        lambda device: device.receipt("N1", 1, 0, 0),
        lambda device: device.void(FIRST, "x" * 201),
        lambda device: device.visit("N1", 1, "DISPUTED", dispute="NOTHING"),
        lambda device: device.hand_in("100x"),
        lambda device: device.receipt("N2", 1, 5, 5),
        lambda device: device.start(),
    ],
)
def test_a_device_writes_nothing_that_no_server_takes(on_sqlite, tmp_path, act):
    device = on_sqlite.device(tmp_path)
    day(device, 1)
    with pytest.raises(Refused):
        act(device)
    assert device.seq == len(list(device.lines())) == 3
    assert {one.state for one in on_sqlite.sent(device).answers} == {keeping.TAKEN}


@pytest.mark.parametrize("left", [b'{"line": "F1/', "é".encode()[:1]])
def test_a_line_that_a_crash_cut_off_is_gone_when_the_device_starts(on_sqlite, tmp_path, left):
    device = on_sqlite.device(tmp_path)
    day(device, 1)
    with device.journal.open("ab") as file:
        file.write(left)
    device = on_sqlite.device(tmp_path)
    assert device.seq == 3
    device.zero()
    assert on_sqlite.device(tmp_path).seq == 4
    assert {one.state for one in on_sqlite.sent(device).answers} == {keeping.TAKEN}


def test_a_device_refuses_what_its_limits_forbid_and_the_server_flags_it(on_sqlite, tmp_path):
    work = on_sqlite
    device = work.device(tmp_path)
    device.start()
    device.notice("N1", 1, 100_001)
    with pytest.raises(Refused, match="hand in"):
        device.receipt("N1", 1, 100_001, 100_001)
    device.limits = field_world.DeviceLimits(10**9)
    device.receipt("N1", 1, 100_001, 100_001)
    found = work.sent(device)
    assert Flag.FLOAT_EXCEEDED in Flag(found.answers[-1].row.flags)
    with work.world.store.read() as reader:
        kinds = [kind for (kind,) in reader.rows("SELECT kind FROM event_pending")]
    assert "agent.locked" in kinds
    assert work.held() == 100_001


def test_clocks_are_compared_with_the_server_s(on_sqlite, tmp_path):
    work = on_sqlite
    late = NOW // SECOND + 4_000
    device = work.device(tmp_path)
    device.start()
    device.clock.now = lambda: late
    device.zero()
    device.clock.now = lambda: NOW // SECOND
    device.zero()
    flags = [Flag(one.row.flags) for one in work.sent(device).answers]
    assert flags == [Flag(0), Flag.CLOCK_OFF, Flag.CLOCK_BACK]


def test_a_snapshot_has_what_a_device_needs(work, tmp_path):
    world = work.world
    world.owe(100, 250)
    with world.store.read() as reader:
        asked = Asked(
            world.place(CHANNEL), provider(1, "p1"), world.caller, 1, TODAY, world.now, most=3
        )
        first = snapshot(reader, asked)
        rest = snapshot(reader, replace(asked, after=first.behind))
    assert [one.account.number for one in (*first.stops, *rest.stops)] == ["N1", "N2", "N3", "N4"]
    assert [one.balance for one in first.stops] == [100, 250, 0]
    assert (first.stops[1].payable, len(first.stops[1].items), rest.behind) == (250, 1, None)
    assert (first.collector.phone, first.agent.name) == ("0913 000 111", "Tuan")
    with world.store.read() as reader:
        counts = [len(snapshot(reader, replace(asked, today=TODAY + n)).stops) for n in (3, 4)]
    assert counts == [3, 0]
    world.write(lambda write: routes.end_assignment(write, 1, "done"))
    with world.store.read() as reader:
        assert snapshot(reader, asked).stops == []
    assert visit(work).state == VisitState.HANDED_OVER


def test_a_snapshot_has_the_notice_that_is_printed(sqlite_url):
    """Of the newest open bill of account 1421, with the collector's name and phone, in Persian."""
    store = migrated(sqlite_url)
    found = seed.settle(store)
    every_bill(found)
    caller, now = found.caller, seed.NOW + 100 * seed.SECOND
    today = seed.jalali(seed.PRINTED[-1].day) + 1
    with store.write() as session:
        write = Acting(session, caller, now)
        values = {"channel": CHANNEL, "kind": "field_device", "name": "Tuan", "policies": ""}
        create_channel(write, values)
        agents.create_agent(write, CHANNEL, Terms("Tuan", 10**9, 0, 0))
        collectors.set_collector(write, CHANNEL, collectors.Limits("0913 000 111"), 0)
        routes.set_route(write, routes.Given("r1", "", "", ["1421"]))
        routes.assign(write, "r1", CHANNEL, today, today)
        devices.register(write, CHANNEL, "phone", KEY.public_key().public_bytes_raw())
    with store.read() as reader:
        who = providers.provider(reader, caller.provider_id)
        asked = Asked(
            place(reader, caller, CHANNEL), who, caller, 1, today, now, form=Format.TEXT_58
        )
        (stop,) = snapshot(reader, asked).stops
        (plain,) = snapshot(reader, replace(asked, form=None)).stops
    notice = stop.notice.decode()
    assert "Tuan" in notice
    assert "0913 000 111" in notice
    assert stop.balance == sum(item.open for item in stop.items)
    assert plain.notice == b""
    store.close()


def test_the_office_prints_a_device_s_receipt_under_its_number(work, tmp_path):
    """The device printed the original and one copy: the office's first is copy 2."""
    world, device = work.world, work.device(tmp_path)
    world.owe(100, 50)
    day(device, 1)
    device.reprint(FIRST)
    work.sent(device)
    world.post(world.told("k1", 2, 50))
    with world.store.write() as session:
        owner = world.account(1)  # customers are numbered as accounts are
        session.run("UPDATE account SET customer_id = :owner", owner=owner)
        values = dict.fromkeys(("phone", "email", "address", "language"), "")
        session.run(
            """INSERT INTO customer (customer_id, kind, name, number, phone, email, address,
            language, revision, recorded_at) VALUES (:owner, 'person', 'Customer', 'C1', :phone,
            :email, :address, :language, 1, 0)""",
            owner=owner,
            **values,
        )
    keys = parse_receipt_keys(f"K25 {'0a' * 32} {'0b' * 32}")

    def issue(channel, reference):
        wanted = receipts.Wanted(channel, reference)
        return world.write(lambda write: receipts.issue(write, provider(1, "p1"), keys, wanted))

    assert (issue(CHANNEL, str(FIRST)).row.number, issue("kiosk", "k1").row.number) == (FIRST, 1)
    assert issue(CHANNEL, str(FIRST)).copy_no == 3
    with world.store.read() as reader:
        told = receipts.receipt(reader, world.caller, provider(1, "p1"), keys, FIRST, 2, world.now)
    assert (told.number, told.amount, told.balance) == (FIRST, 100, 0)
    assert world.broken() == []


def test_one_device_of_a_collector_is_active(on_sqlite):
    work = on_sqlite
    key = KEY.public_key().public_bytes_raw()
    other = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")

    def register(public):
        return work.world.write(lambda write: devices.register(write, CHANNEL, "phone 2", public))

    with pytest.raises(DeviceUnfit, match="is active"):
        register(other)
    work.world.write(lambda write: devices.retire(write, CHANNEL, 1, "broken"))
    with pytest.raises(DeviceUnfit, match="has this key"):
        register(key)
    assert register(other).device_no == 2


def test_a_retired_device_is_answered_again_and_takes_nothing(on_sqlite, tmp_path):
    work = on_sqlite
    device = work.device(tmp_path)
    day(device, 1)
    first = work.sent(device)
    device.zero()
    work.world.write(lambda write: devices.retire(write, CHANNEL, 1, "stolen"))
    assert work.synced(*device.unsent(0)[:3]).answers == first.answers
    with pytest.raises(DeviceUnfit, match="retired"):
        work.sent(device)


DAMAGES = {
    "UPDATE field_record SET line = line || '0' WHERE seq = 3": "device_chains",
    "UPDATE field_device SET seq = seq - 1": "device_chains",
    "UPDATE field_device SET used = used + 1": "field_receipts",
    "UPDATE field_receipt SET amount = amount + 1": "field_receipts",
    "UPDATE field_receipt SET void_seq = 1": "field_receipts",
    "UPDATE field_visit SET state = 10 WHERE device_no <> 0": "field_work",
    "UPDATE field_hand_in SET shift_no = 9": "field_work",
}


@pytest.mark.parametrize(("damage", "check"), DAMAGES.items(), ids=list(DAMAGES.values()))
def test_verify_finds_damage(on_sqlite, tmp_path, damage, check):
    work = on_sqlite
    device = work.device(tmp_path)
    day(device, 1)
    seq = device.hand_in()
    work.sent(device)
    work.confirm(seq, 100)
    assert work.world.broken() == []
    with work.world.store.write() as session:
        session.run(damage)
    assert check in {name for name, _ in work.world.broken()}
