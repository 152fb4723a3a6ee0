"""Tills: threads that pay through a server and send each payment until it is answered.

Two tills send the same plan, so that every reference is told by both. What a till was answered is
compared with what its twin was, and with what the store has in the end.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import grpc

from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.clients import create
from billcore.core.payments.codes import State
from billcore.core.store.open import open_store
from billcore.server.backend import REPLAYED_KEY
from billcore.v1 import payment_service_pb2 as pb
from billcore.v1.payment_service_pb2_grpc import PaymentServiceStub
from tests import payments_world
from tests.payments_world import World
from tests.stores import migrated

ACCOUNTS = 5
RETRY_S = 0.02
WAIT_S_MAX = 120
CALL_S_MAX = 60

KINDS = ("post", "reverse", "nobody", "phases", "post", "split")

LOST = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED)

STATES = {
    # what a payment may be, by how many of its steps are done
    "post": ({State.UNKNOWN}, {State.POSTED}),
    "nobody": ({State.UNKNOWN}, {State.SUSPENDED}),
    "split": ({State.UNKNOWN}, {State.POSTED}),
    "phases": ({State.UNKNOWN}, {State.RESERVED}, {State.POSTED}),
    "reverse": ({State.UNKNOWN}, {State.POSTED}, {State.REVERSED}),
}


class Step(NamedTuple):
    """A call of a payment."""

    kind: str
    reference: str
    place: int  # from 0: which of the payment's
    method: str
    request: object

    @property
    def key(self) -> tuple[str, int]:
        """Names the call."""
        return self.reference, self.place


def payment(plan: int, number: int) -> list[Step]:
    """The calls of a payment, in order."""
    kind, reference = KINDS[number % len(KINDS)], f"p{plan}-{number}"
    key = {"channel": "bank", "reference": reference}
    target = pb.Target(kind=pb.TARGET_KIND_ACCOUNT, text=f"N{account(plan, number)}")
    if kind == "split":
        parts = [
            pb.SplitPart(target=target, amount=amount(number)),
            pb.SplitPart(target=pb.Target(kind=target.kind, text="N1"), amount=7),
        ]
        calls = [("SplitPayment", pb.SplitPaymentRequest(**key, parts=parts))]
    elif kind == "phases":
        calls = [
            ("ReservePayment",
             pb.ReservePaymentRequest(**key, target=target, amount=amount(number))),
            ("ConfirmPayment", pb.ConfirmPaymentRequest(**key, money_taken=True)),
        ]  # fmt: skip
    else:
        if kind == "nobody":
            target = pb.Target(kind=target.kind, text="nobody")
        post = pb.PostPaymentRequest(**key, target=target, amount=amount(number))
        post.money_taken = kind == "nobody"
        calls = [("PostPayment", post)]
    if kind == "reverse":
        undo = pb.ReversePaymentRequest(
            channel="bank", reference=f"v-{reference}", payment_reference=reference,
            kind=pb.REVERSAL_KIND_CANCELLED, reason="by mistake",
        )  # fmt: skip
        calls.append(("ReversePayment", undo))
    return [Step(kind, reference, n, *call) for n, call in enumerate(calls)]


def account(plan: int, number: int) -> int:
    return (plan + number) % ACCOUNTS + 1


def amount(number: int) -> int:
    return 10 + number


def settle(url: str) -> str:
    """Makes the store; the key of the tills."""
    store = migrated(url)
    payments_world.found(store, ACCOUNTS)
    with store.write() as session:
        nobody = Caller(0, HOUSE, frozenset())
        key = create(session, nobody, "till", 1, [Role.CASHIER], 0).key
    store.close()
    return key


class Tills:
    """`plans` pairs of tills, each with `count` payments; `start`, then `join`."""

    def __init__(self, key: str, plans: int, count: int) -> None:
        self._key = key
        self.plans = plans
        self.count = count
        self.port = 0
        self.go = threading.Event()
        self.answers: dict[tuple[str, int], bytes] = {}
        self.cuts: Counter[str] = Counter()
        self._pending: Counter[tuple[str, int]] = Counter()
        self._changed = threading.Condition()
        self._sending = 0
        self._ended = 0
        self._errors: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._run, args=(plan,), daemon=True)
            for plan in range(plans)
            for _ in range(2)
        ]

    @property
    def steps(self) -> list[Step]:
        """Every call of every payment."""
        return [
            step
            for plan in range(self.plans)
            for number in range(self.count)
            for step in payment(plan, number)
        ]

    def start(self, port: int) -> None:
        self.port = port
        self.go.set()
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Waits until all is answered; raises what ended a till."""
        self._until(lambda: self._ended == len(self._threads) or bool(self._errors))
        self._raise()

    def until_answered(self, count: int) -> None:
        """Waits until so many calls are answered."""
        self._until(lambda: len(self.answers) >= count or bool(self._errors))
        self._raise()

    def hold(self) -> list[Step]:
        """Lets no till send anything new; what was sent and is not answered."""
        self.go.clear()
        self._until(lambda: not self._sending)
        self._raise()
        return [step for step in self.steps if self._pending[step.key]]

    def _raise(self) -> None:
        if self._errors:
            raise self._errors[0]

    def _until(self, condition) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, WAIT_S_MAX), "the tills are stuck"

    def _run(self, plan: int) -> None:
        try:
            for number in range(self.count):
                for step in payment(plan, number):
                    self._send(step)
        except BaseException as error:
            self._errors.append(error)
        with self._changed:
            self._ended += 1
            self._changed.notify_all()

    def _send(self, step: Step) -> None:
        """Sends a call until it is answered."""
        tried = False
        while True:
            assert self.go.wait(WAIT_S_MAX)
            with self._changed:
                self._sending += 1
                self._pending[step.key] += not tried
            tried = True
            try:
                answer = self._call(step)
            except grpc.RpcError as error:
                if error.code() not in LOST:
                    raise
                self.cuts[error.code().name] += 1
                answer = None
            finally:
                with self._changed:
                    self._sending -= 1
                    self._changed.notify_all()
            if answer is not None:
                return self._answered(step, answer)
            time.sleep(RETRY_S)

    def _answered(self, step: Step, answer: bytes) -> None:
        with self._changed:
            self._pending[step.key] -= 1
            before = self.answers.setdefault(step.key, answer)
            self._changed.notify_all()
        assert before == answer, step

    def _call(self, step: Step) -> bytes:
        with stub(self.port, self._key) as service:
            answer = getattr(service, step.method)(step.request, timeout=CALL_S_MAX)
            return answer.SerializeToString(deterministic=True)

    # -- what became of it

    def status(self, reference: str) -> pb.GetPaymentStatusResponse:
        """Where a payment is, asked until it is told."""
        request = pb.GetPaymentStatusRequest(channel="bank", reference=reference)
        return self._asked(lambda service: service.GetPaymentStatus(request, timeout=CALL_S_MAX))

    def again(self, step: Step) -> bool:
        """Sends a call once more; whether its answer is that of an earlier call."""
        answer, call = self._asked(
            lambda service: getattr(service, step.method).with_call(
                step.request, timeout=CALL_S_MAX
            )
        )
        content = answer.SerializeToString(deterministic=True)
        assert self.answers.setdefault(step.key, content) == content
        return any(key == REPLAYED_KEY for key, _ in call.trailing_metadata())

    def _asked(self, ask):
        end = time.monotonic() + WAIT_S_MAX
        while True:
            try:
                with stub(self.port, self._key) as service:
                    return ask(service)
            except grpc.RpcError as error:
                if error.code() not in LOST or time.monotonic() > end:
                    raise
                time.sleep(RETRY_S)

    def check_held(self, pending: list[Step]) -> int:
        """While nobody sends: every payment is where its answers say, what has no answer is done
        or not, and says which; sent again it is done once. How many were done unanswered."""
        done = Counter(reference for reference, _ in self.answers)
        kinds = {step.reference: step.kind for step in self.steps}
        open_steps = [step for step in pending if step.key not in self.answers]
        unanswered = {step.reference for step in open_steps}
        for reference in sorted(done.keys() | unanswered):
            found = State(self.status(reference).state)
            allowed = set(STATES[kinds[reference]][done[reference]])
            if reference in unanswered:
                allowed |= STATES[kinds[reference]][done[reference] + 1]
            assert found in allowed, (reference, found, allowed)
        return sum(self._settle(step) for step in open_steps)

    def _settle(self, step: Step) -> bool:
        before = State(self.status(step.reference).state)
        was_done = before in STATES[step.kind][step.place + 1]
        assert self.again(step) == was_done, (step, before)
        assert State(self.status(step.reference).state) in STATES[step.kind][step.place + 1]
        return was_done


@contextmanager
def stub(port: int, key: str) -> Iterator[PaymentServiceStub]:
    """A line to the server of its own."""
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield PaymentServiceStub(_Keyed(channel, key))


class _Keyed:
    """A line that sends the key with every call."""

    def __init__(self, channel: grpc.Channel, key: str) -> None:
        self._channel = channel
        self._metadata = (("authorization", f"Bearer {key}"),)

    def unary_unary(self, *arguments, **options):
        return _KeyedCall(self._channel.unary_unary(*arguments, **options), self._metadata)

    def stream_stream(self, *arguments, **options):
        return self._channel.stream_stream(*arguments, **options)


class _KeyedCall:
    def __init__(self, call, metadata) -> None:
        self._call, self._metadata = call, metadata

    def __call__(self, request, timeout):
        return self._call(request, timeout=timeout, metadata=self._metadata)

    def with_call(self, request, timeout):
        return self._call.with_call(request, timeout=timeout, metadata=self._metadata)


def check_store(url: str) -> None:
    """What verify finds, whatever is done so far: nothing."""
    store = open_store(url)
    assert World(store).broken() == []
    store.close()


def check(url: str, tills: Tills) -> None:
    """At the end: every payment is there once, and the books say so."""
    store = open_store(url)
    world = World(store)
    owed: Counter[int] = Counter()
    suspense = 0
    payments = [(p, n) for p in range(tills.plans) for n in range(tills.count)]
    for plan, number in payments:
        kind = KINDS[number % len(KINDS)]
        suspense += amount(number) * (kind == "nobody")
        owed[account(plan, number)] -= amount(number) * (kind not in ("nobody", "reverse"))
        owed[1] -= 7 * (kind == "split")
    counts = Counter(KINDS[number % len(KINDS)] for _, number in payments)
    assert world.count("payment_order") == len(payments)
    assert world.count("payment_reversal") == counts["reverse"]
    assert world.count("reservation") == counts["phases"]
    assert world.count("payment_part") == 2 * counts["split"]
    assert world.count("suspense_item") == counts["nobody"]
    accounts = counts["post"] + counts["phases"] + 2 * (counts["split"] + counts["reverse"])
    assert world.count("account_entry") == accounts
    assert {n: world.balance(n) for n in range(1, ACCOUNTS + 1)} == dict(owed)
    trial = world.trial()
    assert -trial.get("suspense", 0) == suspense
    assert sum(trial.values()) == 0
    assert world.broken() == []
    store.close()
