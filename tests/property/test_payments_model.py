"""Payments, retries, reservations, splits, reversals, transfers and bills in any order.

Beside a plain model: what each answers, every balance, every status, nothing for verify to find.
"""

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from billcore.core.errors import BillcoreError
from billcore.core.payments import refusals
from billcore.core.payments.checks import payments_agree
from billcore.core.payments.codes import Code, State, TargetKind
from billcore.core.payments.orders import Told
from billcore.core.payments.reservations import ReservationEnded
from billcore.core.payments.reversals import PaymentReversed, ReversalKind, ReversalLate
from billcore.core.payments.splits import Act, Part, split
from billcore.core.payments.suspense import SuspenseSettled, SuspenseUnknown
from billcore.core.store.open import open_store
from tests import payments_world
from tests.payments_world import NOW, SECOND
from tests.stores import migrated

ACCOUNTS = 3
LEAST = 10  # see payments_world: what the kiosk takes
HELD_SECONDS = 60
CANCEL_SECONDS = 30 * 86_400
STEPS_SECONDS = (1, 59, 61, 1000, 31 * 86_400)

references = st.integers(0, 30).map(lambda n: f"r{n}")
reversals = st.integers(0, 8).map(lambda n: f"v{n}")
picks = st.integers(0, 20)
"""Which of the things that there are; 20: one that there is not."""
targets = st.sampled_from(["N1", "N2", "N3", "nobody", "nobody"])
amounts = st.sampled_from([25, 10, 40, 9])
tolds = st.tuples(references, targets, amounts, st.booleans(), st.sampled_from([0, 0, 3]))
parts = st.lists(st.tuples(targets, amounts), min_size=1, max_size=3)


@dataclass
class Item:
    """A payment: of an account (by its count), or of nobody (0), then with what was moved."""

    account: int
    amount: int
    moves: list[tuple[int, int]] = field(default_factory=list)

    @property
    def open(self) -> int:
        return 0 if self.account else self.amount - sum(amount for _, amount in self.moves)


@dataclass
class Order:
    """What was told of a payment, its items, and when it was posted."""

    told: tuple
    items: list[Item]
    posted: int
    reversed_by: str = ""

    @property
    def state(self) -> State:
        if self.reversed_by:
            return State.REVERSED
        if any(item.account for item in self.items):
            return State.POSTED
        settled = not any(item.open for item in self.items)
        return State.TRANSFERRED if settled else State.SUSPENDED


@dataclass
class Reservation:
    told: tuple
    expires: int
    released: bool = False


class Payments(RuleBasedStateMachine):
    """A store beside the model."""

    def new_url(self) -> str:
        """The URL of a store that `found` has filled."""
        self.folder = Path(tempfile.mkdtemp(prefix="billcore-payments-"))
        path = self.folder / "store.db"
        path.write_bytes(template())
        return f"sqlite:///{path}"

    @initialize()
    def begin(self) -> None:
        self.world = payments_world.World(open_store(self.new_url()))
        self.place = self.world.place()
        self.seconds = 0
        self.orders: dict[str, Order] = {}
        self.reserved: dict[str, Reservation] = {}
        self.reversals: dict[str, tuple] = {}
        self.owed: Counter[int] = Counter()
        self.moved = 0

    def teardown(self) -> None:
        if hasattr(self, "world"):
            try:
                assert self.world.broken() == []
            finally:
                self.world.store.close()
                self.clean()

    def clean(self) -> None:
        shutil.rmtree(self.folder)

    # -- what happens

    @rule(seconds=st.sampled_from(STEPS_SECONDS))
    def time_passes(self, seconds: int) -> None:
        self.seconds += seconds
        self.world = self.world.at(seconds)

    @rule(amounts=st.tuples(*[st.sampled_from([-7, 20, 50])] * ACCOUNTS))
    def bills(self, amounts: tuple[int, ...]) -> None:
        self.world.owe(*amounts)
        self.owed.update(dict(enumerate(amounts, start=1)))

    @rule(told=st.lists(tolds, min_size=1, max_size=4))
    def post(self, told: list[tuple]) -> None:
        posted = self.world.post(*(self.order(*one) for one in told))
        assert [Code(code) for code in posted.code.tolist()] == self.expected(told)
        for row, one in enumerate(told):
            if posted.code[row] in (Code.OK, Code.OK_REPLAYED):
                found = posted.all()[row]
                assert (found.reference, found.amount) == (one[0], one[2])
                self.check_items(one[0], [(found.account_id, found.state, found.code)])
            else:
                assert posted.error(row).message

    @precondition(lambda self: self.orders or self.reserved)
    @rule(pick=picks, change=st.sampled_from(["", "", "target", "amount", "fee"]))
    def post_again(self, pick: int, change: str) -> None:
        """As it was told, or with another value of a field; or what was reserved, posted."""
        known = {name: kept.told for name, kept in (self.reserved | self.orders).items()}
        reference = picked({name for name, told in known.items() if told[0] != "split"}, pick)
        if reference in known:
            told = dict(zip(("target", "amount", "fee"), known[reference], strict=True))
            told |= {change: {"target": "N3", "amount": 11, "fee": 1}[change]} if change else {}
            taken = pick % 2 == 0
            self.post([(reference, told["target"], told["amount"], taken, told["fee"])])

    @precondition(lambda self: self.orders)
    @rule(pick=picks, swapped=st.booleans())
    def split_again(self, pick: int, swapped: bool) -> None:
        known = {name: kept.told for name, kept in self.orders.items() if kept.told[0] == "split"}
        reference = picked(set(known), pick)
        if reference in known:
            given = list(known[reference][1])
            self.split(reference, pick % 2 == 0, given[::-1] if swapped else given)

    def order(self, reference: str, target: str, amount: int, taken: bool, fee: int) -> Told:
        return self.world.told(reference, target, amount, taken=taken, fee=fee, channel_no=1)

    def expected(self, told: list[tuple]) -> list[Code]:
        """The codes of a batch, by the model; OUT: what is new."""
        codes: dict[int, Code] = {}
        left = []
        for row, (reference, target, amount, taken, fee) in enumerate(told):
            code = self.refusal(target, amount, taken)
            held = self.reserved.get(reference)
            if code is Code.OK and held and held.told != (target, amount, fee):
                code = Code.CONFLICT
            if code is Code.OK and reference not in self.orders:
                self.add(reference, (target, amount, fee), [(target, amount)])
                codes[row] = Code.OK
            else:
                left.append((row, code))
        for row, code in left:
            reference, target, amount, _, fee = told[row]
            kept = self.orders.get(reference)
            if kept:
                same = kept.told == (target, amount, fee)
                code = Code.OK_REPLAYED if same else Code.CONFLICT
            codes[row] = code
        return [codes[row] for row in range(len(told))]

    @staticmethod
    def refusal(target: str, amount: int, taken: bool) -> Code:
        if taken:
            return Code.OK
        if target == "nobody":
            return Code.ACCOUNT_NOT_FOUND
        return Code.AMOUNT_LOW if amount < LEAST else Code.OK

    def add(self, reference: str, told: tuple, items: list[tuple[str, int]]) -> None:
        made = [Item(number(target), amount) for target, amount in items]
        self.orders[reference] = Order(told, made, self.seconds)
        for item in made:
            self.owed[item.account] -= item.amount

    @rule(reference=references, taken=st.booleans(), given=parts)
    def split(self, reference: str, taken: bool, given: list[tuple[str, int]]) -> None:
        act = Act(
            reference,
            tuple(Part(self.place, TargetKind.ACCOUNT, *one) for one in given),
            taken,
        )
        told = ("split", tuple(given))
        kept = self.orders.get(reference)
        refused = [self.refusal(*one, taken) for one in given]
        bad = next((code for code in refused if code is not Code.OK), Code.OK)
        wanted = None
        if kept:
            wanted = None if kept.told == told else refusals.PaymentConflict
        elif reference in self.reserved:
            wanted = refusals.PaymentConflict
        elif bad is not Code.OK:
            wanted = ERRORS[bad]
        done = self.done(
            wanted, lambda: self.world.write(lambda write: split(write, self.place, act))
        )
        if done:
            assert done.replayed == bool(kept)
            if not kept:
                self.add(reference, told, given)
            found = [(one.account_id, one.state, one.code) for one in done.parts]
            self.check_items(reference, found)

    def check_items(self, reference: str, found: list[tuple[int, int, int]]) -> None:
        """What is answered is what was posted at first, whatever became of it since."""
        wanted = [
            (self.world.account(item.account), State.POSTED, Code.OK)
            if item.account
            else (0, State.SUSPENDED, Code.ACCOUNT_NOT_FOUND)
            for item in self.orders[reference].items
        ]
        assert found == wanted

    @rule(one=tolds)
    def reserve(self, one: tuple) -> None:
        reference, target, amount, _, fee = one
        kept, told = self.reserved.get(reference), (target, amount, fee)
        bad = self.refusal(target, amount, taken=False)
        wanted = None
        if kept:
            wanted = None if kept.told == told else refusals.PaymentConflict
        elif reference in self.orders:
            wanted = refusals.PaymentConflict
        elif bad is not Code.OK:
            wanted = ERRORS[bad]
        order = self.order(reference, target, amount, False, fee)
        done = self.done(wanted, lambda: self.world.reserve(order, HELD_SECONDS))
        if done:
            assert done.replayed == bool(kept)
            if not kept:
                self.reserved[reference] = Reservation(told, self.seconds + HELD_SECONDS)
            held = self.reserved[reference]
            assert done.row.expires_at == NOW + held.expires * SECOND

    @precondition(lambda self: self.reserved)
    @rule(pick=picks, taken=st.booleans())
    def confirm(self, pick: int, taken: bool) -> None:
        reference = picked(set(self.reserved), pick)
        held, kept = self.reserved.get(reference), self.orders.get(reference)
        wanted = None
        if not held:
            wanted = refusals.PaymentUnknown
        elif not kept and not taken and self.held_state(held) is not State.RESERVED:
            wanted = ReservationEnded
        done = self.done(wanted, lambda: self.world.confirm(reference, taken))
        if done:
            assert done.replayed == bool(kept)
            if not kept:
                self.add(reference, held.told, [held.told[:2]])
            assert self.orders[reference].told == held.told
            order = done.order
            self.check_items(reference, [(order.account_id, order.state, order.code)])

    def held_state(self, held: Reservation) -> State:
        if held.released:
            return State.RELEASED
        return State.EXPIRED if held.expires <= self.seconds else State.RESERVED

    @precondition(lambda self: self.reserved)
    @rule(pick=picks)
    def release(self, pick: int) -> None:
        reference = picked(set(self.reserved), pick)
        held = self.reserved.get(reference)
        wanted = None
        if not held:
            wanted = refusals.PaymentUnknown
        elif reference in self.orders:
            wanted = ReservationEnded
        done = self.done(wanted, lambda: self.world.release(reference))
        if done:
            if self.held_state(held) is State.RESERVED:
                held.released = True
            assert done is self.held_state(held)

    @precondition(lambda self: self.orders)
    @rule(
        own=reversals,
        pick=picks,
        kind=st.sampled_from([ReversalKind.CANCELLED, ReversalKind.CHARGEBACK]),
        charge=st.sampled_from([0, 5]),
    )
    def reverse(self, own: str, pick: int, kind: ReversalKind, charge: int) -> None:
        reference = picked(set(self.orders), pick)
        told, before = (reference, kind), self.reversals.get(own)
        kept = self.orders.get(reference)
        wanted = None
        if before:
            wanted = None if before == told else refusals.PaymentConflict
        elif not kept:
            wanted = refusals.PaymentUnknown
        elif kept.reversed_by:
            wanted = PaymentReversed
        elif kind is ReversalKind.CANCELLED and self.seconds - kept.posted > CANCEL_SECONDS:
            wanted = ReversalLate
        done = self.done(wanted, lambda: self.world.reverse(own, reference, charge, kind=kind))
        if done:
            assert done.replayed == bool(before)
            if not before:
                self.reversals[own] = told
                self.undo(kept, own, done.row.charged, charge)

    def undo(self, kept: Order, own: str, charged: int, charge: int) -> None:
        account = kept.items[0].account if kept.told[0] != "split" else 0
        assert charged == (charge if account else 0)
        self.owed[account] += charged
        for item in kept.items:
            self.owed[item.account] += item.amount
            for to, amount in item.moves:
                self.owed[to] += amount
                self.owed[0] -= amount
            self.moved += item.open
            item.moves.append((0, item.open))
        kept.reversed_by = own

    @precondition(lambda self: self.suspended())
    @rule(
        pick=picks,
        account=st.integers(1, ACCOUNTS),
        amount=st.sampled_from([0, 5, 10, 25]),
    )
    def transfer(self, pick: int, account: int, amount: int) -> None:
        items = {
            f"{reference} {place}"
            for reference, kept in self.orders.items()
            for place, item in enumerate(kept.items)
            if not item.account or pick == 19
        }
        reference, _, text = picked(items, pick).partition(" ")
        place = int(text or 0)
        kept = self.orders.get(reference)
        item = kept.items[place] if kept and place < len(kept.items) else None
        wanted = None
        if not item or item.account:
            wanted = SuspenseUnknown
        elif not item.open or amount > item.open:
            wanted = SuspenseSettled
        payment_id = self.payment_id(reference, place) if item else 1
        self.transfers = getattr(self, "transfers", 0) + 1
        source = f"t{self.transfers}"
        done = self.done(wanted, lambda: self.world.transfer(payment_id, account, amount, source))
        if done:
            gone = amount or item.open
            item.moves.append((account, gone))
            self.owed[account] -= gone
            self.owed[0] += gone
            assert done.open == item.open

    def suspended(self) -> bool:
        return any(not item.account for kept in self.orders.values() for item in kept.items)

    def payment_id(self, reference: str, place: int) -> int:
        found = self.world.status(reference)
        return (found.parts[place] if found.parts else found.order).payment_id

    def done(self, wanted: type[BillcoreError] | None, act):
        """What an act answers; None where it must be refused, and was."""
        if wanted:
            with pytest.raises(wanted):
                act()
            return None
        return act()

    # -- what must hold after each of them

    @invariant()
    def balances_are_the_models(self) -> None:
        if hasattr(self, "world"):
            found = {n: self.world.balance(n) for n in range(1, ACCOUNTS + 1)}
            assert found == {n: self.owed[n] for n in range(1, ACCOUNTS + 1)}
            trial = self.world.trial()
            suspense = sum(item.open for kept in self.orders.values() for item in kept.items)
            assert trial.get("suspense", 0) == -suspense
            assert trial.get("receivable", 0) == sum(found.values())
            came = sum(
                item.amount
                for kept in self.orders.values()
                if not kept.reversed_by
                for item in kept.items
            )
            assert trial.get("channel_clearing:kiosk", 0) == came

    @invariant()
    def every_status_is_the_models(self) -> None:
        if hasattr(self, "world"):
            for reference in self.orders.keys() | self.reserved.keys() | {"r0"}:
                kept, held = self.orders.get(reference), self.reserved.get(reference)
                wanted = State.UNKNOWN
                if kept:
                    wanted = kept.state
                elif held:
                    wanted = self.held_state(held)
                assert self.world.status(reference).state is wanted, reference

    @invariant()
    def verify_finds_nothing(self) -> None:
        if hasattr(self, "world"):
            with self.world.store.read() as reader:
                assert list(payments_agree(reader, 1)) == []


ERRORS = {Code.ACCOUNT_NOT_FOUND: refusals.TargetUnknown, Code.AMOUNT_LOW: refusals.AmountLow}


def picked(names: set[str], pick: int) -> str:
    """One of some names; one that nobody has where there is none."""
    known = sorted(names)
    return known[pick % len(known)] if known and pick < 20 else "r99"


def number(target: str) -> int:
    """The account of a target; 0: nobody's."""
    return 0 if target == "nobody" else int(target[1:])


@lru_cache(1)
def template() -> bytes:
    """The file of a store with accounts and channels."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "store.db")
        store = migrated(f"sqlite:///{path}")
        payments_world.found(store, ACCOUNTS)
        store.close()
        return path.read_bytes()


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def test_any_order_on_sqlite() -> None:
    run_state_machine_as_test(
        Payments,
        settings=settings(max_examples=80, stateful_step_count=30, suppress_health_check=SLOW),
    )


def test_any_order_on_postgresql(postgres_cluster) -> None:
    settled = postgres_cluster.create()
    store = migrated(postgres_cluster.url(settled))
    payments_world.found(store, ACCOUNTS)
    store.close()

    class OnPostgres(Payments):
        def new_url(self) -> str:
            self.name = postgres_cluster.create(settled)
            return postgres_cluster.url(self.name)

        def clean(self) -> None:
            postgres_cluster.drop(self.name)

    run_state_machine_as_test(
        OnPostgres,
        settings=settings(max_examples=4, stateful_step_count=30, suppress_health_check=SLOW),
    )
