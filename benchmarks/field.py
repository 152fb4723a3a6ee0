"""The field suite: the records of devices taken in, beside the same payments posted in bulk.

A collector's device has a notice and a receipt of each account, 1,000 records a call. Its journal
is made before; the server checks form and signatures, takes the records in and commits, durably.
The same payments go through the intake of PostPayments in pieces of as many payments. What accounts
have paid is compared before a figure counts, and what is kept is verified.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

import numpy as np
import pyarrow as pa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.race import NotExact
from benchmarks.report import Goal, Section, Table, goal
from benchmarks.store_engines import Engine, engines
from benchmarks.store_world import Act, company, now_of
from benchmarks.timing import collector_off
from billcore.core.accounts.numbers import drawn_ids
from billcore.core.caller import Caller
from billcore.core.collections.field import collectors, devices, keeping, sync
from billcore.core.collections.field.checks import device_chains, field_receipts
from billcore.core.collections.field.collectors import Limits
from billcore.core.collections.field.contents import Visit
from billcore.core.collections.field.records import NUMBER_AT
from billcore.core.ids import owned_id
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.kinds import EntryKind
from billcore.core.payments.agents import agents
from billcore.core.payments.agents.agents import Terms
from billcore.core.payments.agents.checks import floats_agree
from billcore.core.payments.channels import create_channel
from billcore.core.payments.codes import Code, TargetKind
from billcore.core.payments.intake.place import place
from billcore.core.payments.intake.post import Intake, post
from billcore.core.payments.orders import Told, orders
from billcore.core.store import providers
from billcore.core.store.again import again
from billcore.core.store.port import OPEN_DAY, Column, Session, Store

SUITE = "field"
ROWS = (10_000,)
ROWS_JUDGED = 10_000
CALL = 1_000
CHANNEL, OTHER = "tuan", "counter"
DAY = 736_500
AT = now_of(DAY) // 1_000_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
AMOUNT = 12_500
POLICIES = '{"late_days": 3650}'

REMARKS = (
    "Processor time is that of the process and of PostgreSQL's backends; both stores are durable. "
    "Half of the records are receipts. A record is a line whose form and signature are checked and "
    "that is kept; a payment of the bulk intake is a row of columns.",
)

Say = Callable[[str], None]
Lines = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Measured:
    """Processor seconds of a store. checked: form and signatures; taken: the transactions; posted:
    the same payments in bulk."""

    name: str
    records: int
    payments: int
    checked: float
    taken: float
    posted: float

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / (self.checked + self.taken)

    @property
    def ratio(self) -> float:
        """The time of a receipt by its records over that of a payment in bulk."""
        return (self.checked + self.taken) / self.posted


class NoDisputes:
    """Nobody disputes anything."""

    def check(self, told: Visit, place: str) -> None:
        """Nothing to check."""

    def open(self, write: object, account_id: int, kind: str, note: str) -> int:
        """Never asked."""
        raise NotImplementedError


def run(rows: Sequence[int] = ROWS, _rounds: int = 9, say: Say = print) -> Section:
    """The suite with each of these numbers of records."""
    tables, goals = [], []
    for records in rows:
        with engines() as pair:
            found = [measured(engine, records, say) for engine in pair]
        tables.append(_told(records, found))
        goals = _goals(found, records >= ROWS_JUDGED)
    return Section(SUITE, tables, goals, REMARKS)


def measured(engine: Engine, records: int, say: Say) -> Measured:
    """One store: founded, filled by a device, and by bulk. Raises NotExact."""
    receipts = max((records - 2) // 2, 1)
    say(f"{SUITE}: {engine.name}, {2 * receipts + 1:,} records")
    store = engine.fresh()
    caller = founded(store, receipts)
    if engine.is_postgres:
        with store.write() as session:
            session.run("ANALYZE")
    lines = journal(caller.provider_id, receipts)
    with collector_off():
        start = engine.clock()
        checked = _synced(store, caller, lines, engine.clock)
        whole = engine.clock() - start
        posted = _posted(store, caller, receipts, engine.clock)
    _check(store, caller, receipts)
    store.close()
    return Measured(engine.name, len(lines), receipts, checked, whole - checked, posted)


def founded(store: Store, accounts: int) -> Caller:
    """A company with so many accounts, a collector with a device, and a counter."""
    caller = company(store, "hanoi")
    with store.write() as session:
        _add_accounts(session, caller.provider_id, accounts)
        write = Act(session, caller, now_of(DAY - 1))
        for code, kind in ((CHANNEL, "field_device"), (OTHER, "bank_counter")):
            values = {
                "channel": code,
                "kind": kind,
                "name": code,
                "policies": '{"late_days": 3650}',
            }
            create_channel(write, values)
        agents.create_agent(write, CHANNEL, Terms("Tuan", 10**14, 0, 0))
        collectors.set_collector(write, CHANNEL, Limits("1"), 0)
        devices.register(write, CHANNEL, "phone", KEY.public_key().public_bytes_raw())
        for _ in range(-(-accounts // devices.ALLOT_MAX)):
            devices.allot(write, CHANNEL, 1, min(accounts, devices.ALLOT_MAX))
    _owe(store, caller, accounts)
    return caller


def _owe(store: Store, caller: Caller, accounts: int) -> None:
    """Every account owes what is paid to the device and at the counter."""
    count = np.full(accounts, 0)
    entries = AccountEntries(
        account_id=owned_id(caller.provider_id, 1) + np.arange(accounts),
        kind=count + int(EntryKind.ADJUSTMENT),
        day=count + DAY - 30,
        amount=count + 2 * AMOUNT,
        reference=pa.array(["owed"] * accounts, pa.string()),
        reverses=count,
    )
    with store.write() as session:
        posting = Posting(caller.provider_id, "owed", caller.client_id, now_of(DAY - 1))
        post_account_entries(session, entries, posting)


def _add_accounts(session: Session, provider_id: int, accounts: int) -> None:
    """Accounts A00000001, A00000002, … of nobody, without agreements."""
    ids = drawn_ids(session, provider_id, "account", accounts)
    numbers = pa.array([f"A{n:08}" for n in range(1, accounts + 1)], pa.string())
    texts = ("name", "geographic_code", "address", "phone", "email", "language")
    columns: dict[str, Column] = {
        "account_id": ids,
        "number": numbers,
        "customer_id": np.ones(accounts, dtype=np.int64),
        "opened_day": np.ones(accounts, dtype=np.int64),
        "closed_day": np.full(accounts, OPEN_DAY),
        "revision": np.ones(accounts, dtype=np.int64),
        "recorded_at": np.zeros(accounts, dtype=np.int64),
        **{name: pa.array(["x"] * accounts, pa.string()) for name in texts},
    }
    session.insert("account", columns)
    named = {
        "provider_id": np.full(accounts, provider_id),
        "kind": pa.array(["account"] * accounts, pa.string()),
        "number": numbers,
        "id": ids,
    }
    providers.take_numbers(session, named)


def journal(provider_id: int, receipts: int) -> Lines:
    """A shift of one device: of each account a notice and a receipt."""
    found: Lines = []
    before = "0" * 64

    def write(kind: str, *fields: object) -> None:
        nonlocal before
        head = ("F1", provider_id, 1, len(found) + 1, kind, AT, AT, 0, before)
        line = "/".join(map(str, (*head, *fields)))
        before = hashlib.sha256(line.encode()).hexdigest()
        found.append((line, KEY.sign(line.encode())))

    write("START", 1, AT)
    for number in range(1, receipts + 1):
        account = quote(f"A{number:08}", safe="")
        write("NOTICE", account, 0, 0, AMOUNT)
        write("RECEIPT", account, 0, NUMBER_AT + number, "CASH", AMOUNT, AMOUNT, 0, "")
    return found


def _synced(store: Store, caller: Caller, lines: Lines, clock: Callable[[], float]) -> float:
    """Takes the lines in, call by call; the seconds of form and signatures alone."""
    checked, disputes = 0.0, NoDisputes()
    for at in range(0, len(lines), CALL):
        start = clock()
        with store.read() as reader:
            where = place(reader, caller, CHANNEL)
            device = devices.device_of(reader, caller.provider_id, CHANNEL, 1)
        signed = sync.signed(device, caller.provider_id, lines[at : at + CALL], disputes)
        checked += clock() - start

        def take(session: Session, given: list[sync.Signed] = signed) -> sync.Synced:
            write = Act(session, caller, now_of(DAY) + 1)
            return sync.sync(write, where, 1, given, disputes)  # noqa: B023 - called at once

        done = again(store, take)
        if any(one.state != keeping.TAKEN for one in done.answers):
            raise NotExact(f"a record was not taken: {done.device.why}")
    return checked


def _posted(store: Store, caller: Caller, receipts: int, clock: Callable[[], float]) -> float:
    with store.read() as reader:
        where = place(reader, caller, OTHER)
    channels = {where.channel.channel_no: where.channel}
    number = where.channel.channel_no
    start = clock()
    for first in range(1, receipts + 1, CALL // 2):
        told = [
            Told(
                number, f"r{n}", TargetKind.ACCOUNT, f"A{n:08}", AMOUNT, True, 1,
                paid_at=AT * 1_000_000,
            )
            for n in range(first, min(first + CALL // 2, receipts + 1))
        ]  # fmt: skip
        at = now_of(DAY) + 1 + first
        intake = Intake(caller.provider_id, at, where.time_zone, where.policies, channels)
        done = again(store, partial(_post, intake, told))
        if (done != Code.OK).any():
            raise NotExact("a payment was refused")
    return clock() - start


def _post(intake: Intake, told: list[Told], session: Session) -> np.ndarray:
    return post(session, intake, orders(told)).code


def _check(store: Store, caller: Caller, receipts: int) -> None:
    """Raises NotExact where accounts have not paid twice, or what is kept does not agree."""
    with store.read() as reader:
        found = reader.rows("SELECT COUNT(*), CAST(SUM(amount) AS BIGINT) FROM account_entry")
        if found != [(3 * receipts, 0)]:
            raise NotExact(f"accounts have {found}")
        for check in (device_chains, field_receipts, floats_agree):
            for one in check(reader, caller.provider_id):
                raise NotExact(str(one))


def _told(records: int, found: Sequence[Measured]) -> Table:
    headings = (
        "store", "records", "form, signature, µs", "taken in, µs", "records a second",
        "payment in bulk, µs", "receipt over payment in bulk",
    )  # fmt: skip
    rows = [
        [
            one.name,
            f"{one.records:,}",
            f"{one.checked / one.records * 1e6:.0f}",
            f"{one.taken / one.records * 1e6:.0f}",
            f"{one.rate:,.0f}",
            f"{one.posted / one.payments * 1e6:.0f}",
            f"{one.ratio:.1f}",
        ]
        for one in found
    ]
    return Table(f"{records:,} records of a device, processor time of one", headings, rows)


def _goals(found: Sequence[Measured], can_judge: bool) -> list[Goal]:
    name = "{}/{}, records a second".format
    return [goal(name(SUITE, one.name), one.rate, 1_000, "higher", can_judge) for one in found]
