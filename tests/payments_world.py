"""A provider with accounts and channels for tests of payments, without tariffs or bills."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.policies import parse_policies
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.ids import bill_id, owned_id
from billcore.core.ledger import balances
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.kinds import BillKind, EntryKind
from billcore.core.payments import reservations
from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.codes import TargetKind
from billcore.core.payments.intake.place import Place, place
from billcore.core.payments.intake.post import Intake, post
from billcore.core.payments.orders import Told, orders
from billcore.core.payments.reversals import Asked, ReversalKind, Reversed, reverse
from billcore.core.payments.status import Status, status
from billcore.core.payments.suspense import transfer
from billcore.core.store import bills as bill_rows
from billcore.core.store import channels as channel_rows
from billcore.core.store import ledger as ledger_rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.channels import Channel, Terminal
from billcore.core.store.port import OPEN_DAY, Store
from billcore.core.store.providers import Provider
from billcore.core.verify import checks_of

SECOND = 1_000_000
DAY = 86_400 * SECOND
NOW = 1_790_000_000 * SECOND  # 2026-09-21 in UTC
TODAY = 739_880  # that day, as an ordinal

MONTH = 1_500
"""The accounting month of bills."""

CASHIER = 7


@dataclass(frozen=True)
class Acting:
    """A write of core."""

    session: object
    caller: Caller
    now: int


@dataclass(frozen=True)
class World:
    """A store with the provider 1 and its accounts N1, N2, … of the first `accounts` ids."""

    store: Store
    provider_id: int = 1
    now: int = NOW

    def account(self, count: int) -> int:
        return owned_id(self.provider_id, count)

    @property
    def caller(self) -> Caller:
        return Caller(CASHIER, self.provider_id, frozenset(Role), "Maryam")

    def at(self, seconds: int) -> "World":
        """The same world later."""
        return replace(self, now=self.now + seconds * SECOND)

    def place(self, channel: str = "kiosk", terminal: str = "") -> Place:
        with self.store.read() as reader:
            return place(reader, self.caller, channel, terminal)

    def told(self, reference: str, account: int | str = 1, amount: int = 100, **more) -> Told:
        """A payment to an account, by its count or as a text."""
        text = f"N{account}" if isinstance(account, int) else account
        values = {
            "target_kind": TargetKind.ACCOUNT, "target": text, "taken": False,
            "client_id": CASHIER,
        } | more  # fmt: skip
        channel_no = values.pop("channel_no", self.place().channel.channel_no)
        return Told(channel_no=channel_no, reference=reference, amount=amount, **values)

    def intake(self, *channels: str) -> Intake:
        places = [self.place(code) for code in channels or ("kiosk", "bank")]
        known = {one.channel.channel_no: one.channel for one in places}
        return Intake(self.provider_id, self.now, "Asia/Tehran", places[0].policies, known)

    def post(self, *told: Told):
        """Posts payments in one transaction."""
        with self.store.write() as session:
            return post(session, self.intake(), orders(told))

    def write(self, act):
        """The result of a write of core in a transaction of its own."""
        with self.store.write() as session:
            return act(Acting(session, self.caller, self.now))

    def owe(self, *amounts: int, day: int = TODAY) -> None:
        """Accounts 1, 2, … owe these amounts more."""
        entries = AccountEntries(
            account_id=np.array([self.account(n) for n, _ in enumerate(amounts, start=1)]),
            kind=np.full(len(amounts), int(EntryKind.ADJUSTMENT)),
            day=np.full(len(amounts), day),
            amount=np.array(amounts),
            reference=pa.array(["owed"] * len(amounts)),
            reverses=np.zeros(len(amounts), dtype=np.int64),
        )
        with self.store.write() as session:
            source = f"owed {day} {amounts} {session.row('SELECT COUNT(*) FROM entry')[0]}"
            post_account_entries(session, entries, Posting(self.provider_id, source, 1, self.now))

    def allocate(self, policy: str) -> None:
        """Every provider allocates by a policy from now on."""
        policies = parse_policies(f'{{"allocation": {policy}}}').text
        with self.store.write() as session:
            session.run("UPDATE provider SET policies = :policies", policies=policies)

    def bill(self, total: int, due_day: int, ordinal: int = 0, count: int = 1) -> int:
        """A one-off bill of an account, without its posting; its id."""
        account_id = self.account(count)
        number = bill_id(account_id, MONTH, BillKind.ONE_OFF, ordinal, 0)
        values = dict.fromkeys(bill_rows.INTS, 0) | {
            "month": MONTH, "account_id": account_id, "kind": int(BillKind.ONE_OFF),
            "ordinal": ordinal, "bill_id": number, "issued_day": TODAY - 40, "due_day": due_day,
            "total": total, "recorded_at": self.now,
        }  # fmt: skip
        columns = {name: np.array([value]) for name, value in values.items()}
        blobs = {name: pa.array([b""], pa.binary()) for name in bill_rows.BLOBS}
        with self.store.write() as session:
            bill_rows.add(session, self.provider_id, MONTH, columns | blobs)
        return number

    def balance(self, count: int = 1) -> int:
        """What an account owes."""
        with self.store.read() as reader:
            return balances.balance(reader, self.account(count))

    def trial(self) -> dict[str, int]:
        """The ledger accounts that are not 0."""
        with self.store.read() as reader:
            found = ledger_rows.trial_balance(reader, self.provider_id, OPEN_DAY, 2**63 - 1)
            return {str(code): int(amount) for code, _, amount in found if amount}

    def broken(self) -> list[object]:
        """What verify finds, at the provider and at the house."""
        with self.store.read() as reader:
            return [
                (name, one)
                for owner in sorted({HOUSE, self.provider_id})
                for name, check in checks_of(owner).items()
                for one in check(reader, owner)
            ]

    def status(self, reference: str, channel_no: int = 1, provider_id: int = 0) -> Status:
        """Where a payment is."""
        owner = provider_id or self.provider_id
        with self.store.read() as reader:
            return status(reader, owner, channel_no, reference, self.now)

    def reverse(self, reference: str, payment: str, charge: int = 0, **more) -> Reversed:
        """Reverses a payment of the kiosk, in a transaction of its own."""
        values = {"kind": ReversalKind.CANCELLED, "reason": "by mistake"} | more
        asked = Asked(reference, payment, **values)
        where = self.place()
        return self.write(lambda write: reverse(write, where, asked, TODAY, charge))

    def transfer(self, payment_id: int, account: int, amount: int = 0, source: str = "t1"):
        """Moves money from suspense to an account, by its count."""

        def act(write):
            row = things.get(write.session, self.provider_id, ACCOUNTS, self.account(account))
            return transfer(write, payment_id, row, amount, "found", source)

        return self.write(act)

    def reserve(self, told: Told, seconds: int = 0):
        """Announces a payment of the kiosk."""
        where = self.place()
        return self.write(lambda write: reservations.reserve(write, where, told, seconds))

    def confirm(self, reference: str, taken: bool = False, paid_at: int = 0):
        """Posts what was announced."""
        where = self.place()
        return self.write(
            lambda write: reservations.confirm(write, where, reference, taken, paid_at)
        )

    def release(self, reference: str):
        """Ends what was announced; its state then."""
        where = self.place()
        state, _ = self.write(lambda write: reservations.release(write, where, reference))
        return state

    def count(self, table: str) -> int:
        with self.store.read() as reader:
            return int(reader.row(f"SELECT COUNT(*) FROM {table}")[0])


def provider(number: int, code: str) -> Provider:
    return Provider(number, code, code, "Asia/Tehran", "IRR", "jalali", "fa", "{}", 1, 0)


def found(store: Store, accounts: int = 5, providers: int = 1) -> World:
    """Founds a world: channels kiosk and bank, terminal K1 of the kiosk."""
    with store.write() as session:
        for number in range(1, providers + 1):
            provider_rows.add_provider(session, provider(number, f"p{number}"))
            _accounts(session, number, accounts)
        for number, code in enumerate(("kiosk", "bank", "shut"), start=1):
            enabled = int(code != "shut")
            given = '{"amount_max": 1000000, "amount_min": 10}' if code == "kiosk" else ""
            policies = parse_channel_policies(given).text
            channel_rows.add(
                session, Channel(1, number, code, "kiosk", code, enabled, policies, 1, 0)
            )
        channel_rows.add_terminal(session, Terminal(1, 1, 1, "K1", "", 1, 1, 0))
    return World(store)


def _accounts(session, provider_id: int, accounts: int) -> None:
    ids = np.array([owned_id(provider_id, n) for n in range(1, accounts + 1)])
    numbers = pa.array([f"N{n}" for n in range(1, accounts + 1)])
    texts = ("name", "geographic_code", "address", "phone", "email", "language")
    count = len(ids)
    session.insert(
        "account",
        {
            "account_id": ids,
            "number": numbers,
            "customer_id": np.ones(count, dtype=np.int64),
            "opened_day": np.ones(count, dtype=np.int64),
            "closed_day": np.full(count, OPEN_DAY),
            "revision": np.ones(count, dtype=np.int64),
            "recorded_at": np.zeros(count, dtype=np.int64),
            **{name: pa.array([f"{name} {n}" for n in range(count)]) for name in texts},
        },
    )
    provider_rows.draw(session, provider_id, "account", accounts)
    columns = {
        "provider_id": np.full(count, provider_id),
        "kind": pa.array(["account"] * count),
        "number": numbers,
        "id": ids,
    }
    provider_rows.take_numbers(session, columns)
