"""The protocol of devices against a model: any order, any repetition, crashes on both sides, forks.

The model knows lines and hashes alone: which line of a number came first, how far the chain goes,
what the cash of those lines is. It shares no code with the server.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from billcore.core.collections.field import effects, sync
from billcore.core.collections.field.devices import DeviceState
from billcore.core.collections.field.errors import HandInUnknown
from tests import field_world
from tests.stores import migrated

TAKEN, WAITING, FORKED = 1, 2, 3


class Cut(Exception):
    """A process was killed here."""


def sha(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


class Model:
    """What a server must have, by the lines that came."""

    def __init__(self) -> None:
        self.first: dict[int, str] = {}
        self.tail = 0
        self.locked = False
        self.confirmed: dict[int, int] = {}  # hand-ins, with what left the float

    def came(self, lines: list[str]) -> list[int]:
        """A call with these lines; the states that it answers."""
        forked = False
        for line in lines:
            seq = int(line.split("/")[3])
            forked |= self.first.setdefault(seq, line) != line
        self.locked |= forked
        while not self.locked and (line := self.first.get(self.tail + 1)) is not None:
            before = sha(self.first[self.tail]) if self.tail else "0" * 64
            if line.split("/")[8] != before:
                self.locked = True
            else:
                self.tail += 1
        return [self.state(line) for line in lines]

    def state(self, line: str) -> int:
        seq = int(line.split("/")[3])
        if self.first[seq] != line:
            return FORKED
        return TAKEN if seq <= self.tail else WAITING

    def taken(self) -> list[list[str]]:
        return [self.first[seq].split("/") for seq in range(1, self.tail + 1)]

    def receipts(self) -> dict[str, int]:
        """Amounts of the receipts that stand, by number."""
        found: dict[str, int] = {}
        for parts in self.taken():
            if parts[4] == "RECEIPT":
                found[parts[11]] = int(parts[13])
            elif parts[4] == "VOID":
                found[parts[9]] = 0
        return found

    def hand_ins(self) -> list[int]:
        return [int(parts[3]) for parts in self.taken() if parts[4] == "HAND_IN"]

    def held(self) -> int:
        return sum(self.receipts().values()) - sum(self.confirmed.values())


class Protocol(RuleBasedStateMachine):
    """A device, a bad network and a server that is killed now and then."""

    @initialize()
    def found(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.store = migrated(f"sqlite:///{self.folder / 'store.db'}")
        self.work = field_world.found(self.store, numbers=1_000)
        self.model = Model()
        self.answers: dict[str, object] = {}
        self.device = self.work.device(self.folder, numbers=1_000)

    def teardown(self) -> None:
        if not hasattr(self, "folder"):
            return
        if not self.model.locked and self.device.seq:
            self.send(list(self.device.lines()))
            assert self.model.locked or self.model.tail == self.device.seq
            self.agree()
        assert self.work.world.broken() == []
        self.store.close()
        shutil.rmtree(self.folder)

    # -- the device

    @rule(what=st.integers(0, 9), account=st.integers(1, 6), amount=st.integers(1, 900))
    def act(self, what: int, account: int, amount: int) -> None:
        """The collector does something that the phase of the shift allows."""
        self.do(self.device, what, f"N{account}", amount)

    @rule(place=st.sampled_from(["before writing", "before printing"]), what=st.integers(0, 9))
    def crash(self, place: str, what: int) -> None:
        """The device is cut off while it writes, and goes on from its journal."""

        def cut(at: str) -> None:
            if at == place:
                raise Cut

        self.device.crash = cut
        with pytest.raises(Cut):
            self.do(self.device, what, "N1", 5)
        self.device = self.work.device(self.folder, numbers=1_000)

    def do(self, device, what: int, account: str, amount: int) -> None:
        standing = [
            number
            for number, kept in device.printed.items()
            if kept.shift == device.shift and not kept.voided
        ]
        if device.phase == "none":
            device.start()
        elif device.phase == "counted":
            device.close()
        elif what <= 3 and account in device.noticed:
            device.receipt(account, 1, amount, amount)
        elif what == 4 and standing:
            device.void(standing[amount % len(standing)], "wrong")
        elif what == 5 and device.printed:
            device.reprint(sorted(device.printed)[amount % len(device.printed)])
        elif what == 6:
            device.visit(account, 1, "ABSENT", note="nobody")
        elif what == 7:
            device.zero()
        elif what == 8:
            device.hand_in()
        else:
            device.notice(account, 1, amount)

    # -- the network

    @precondition(lambda self: self.device.seq)
    @rule(data=st.data())
    def part(self, data: st.DataObject) -> None:
        """Some records arrive, in any order, some of them twice."""
        every = list(self.device.lines())
        picked = data.draw(st.lists(st.integers(0, len(every) - 1), min_size=1, max_size=12))
        self.send([every[at] for at in picked])

    @precondition(lambda self: self.device.seq)
    @rule()
    def whole(self) -> None:
        """The whole journal arrives."""
        self.send(list(self.device.lines()))

    @precondition(lambda self: self.device.seq)
    @rule(place=st.sampled_from(["_find_accounts", "_keep_receipts", "_hand_in", "commit"]))
    def killed(self, place: str) -> None:
        """The server dies in the middle of a call, or before its commit: nothing is left of it."""
        before = self.work.row(), self.work.held()
        with pytest.MonkeyPatch.context() as patch:
            if place == "commit":
                patch.setattr(sync, "missing_of", self.cut)
            else:
                patch.setattr(effects.Effects, place, self.cut)
            try:
                self.work.synced(*self.device.lines())
            except Cut:
                assert (self.work.row(), self.work.held()) == before
            else:
                self.model.came([line for line, _ in self.device.lines()])

    @staticmethod
    def cut(*given: object) -> None:
        raise Cut

    @precondition(lambda self: self.device.seq)
    @rule(at=st.integers(0, 1_000), what=st.integers(0, 9), more=st.booleans())
    def fork(self, at: int, what: int, more: bool) -> None:
        """A copy of the device from some time ago goes its own way, and sends that."""
        if what > 1:
            return  # forks end a run: most runs have none
        other = Path(tempfile.mkdtemp(dir=self.folder))
        lines = (self.folder / "journal").read_text().splitlines(keepends=True)
        keep = at % len(lines)
        (other / "journal").write_text("".join(lines[:keep]))
        twin = self.work.device(other, at=self.device.clock.now() + 7, numbers=1_000)
        for _ in range(1 + more):
            self.do(twin, 9, "N2", 3)
        self.send(list(twin.lines())[keep:])

    def send(self, given: list[tuple[str, bytes]]) -> None:
        wanted = self.model.came([line for line, _ in given])
        found = self.work.synced(*given)
        assert [one.state for one in found.answers] == wanted
        assert (found.device.state == DeviceState.LOCKED) == self.model.locked
        for (line, _), one in zip(given, found.answers, strict=True):
            if one.state == TAKEN:
                assert self.answers.setdefault(line, one) == one

    # -- the office

    @rule(extra=st.integers(-3, 3))
    def confirm(self, extra: int) -> None:
        """The cashier counts the first hand-in that nobody has counted."""
        left = [seq for seq in self.model.hand_ins() if seq not in self.model.confirmed]
        if not left:
            with pytest.raises(HandInUnknown):
                self.work.confirm(self.device.seq + 1, 0)
            return
        seq, held = left[0], self.model.held()
        starts = [int(p[3]) for p in self.model.taken() if p[4] == "START"]
        total = int(self.model.first[seq].split("/")[9])
        out = total if max(starts) > seq else held
        self.work.confirm(seq, max(0, total + extra))
        self.model.confirmed[seq] = out

    # -- what always holds

    @invariant()
    def agree(self) -> None:
        if not hasattr(self, "folder"):
            return
        row = self.work.row()
        assert row.seq == self.model.tail
        assert (row.state == DeviceState.LOCKED) == self.model.locked
        assert self.work.held() == self.model.held()
        receipts = self.model.receipts()
        assert self.work.world.count("payment_order") == len(receipts)
        reversed_ = self.work.world.count("payment_reversal")
        assert reversed_ == sum(not amount for amount in receipts.values())


Protocol.TestCase.settings = settings(
    max_examples=14,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a chain cut down is another one
    stateful_step_count=30,
    suppress_health_check=list(HealthCheck),
)
test_protocol = Protocol.TestCase
