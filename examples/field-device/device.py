"""A reference device of a collector: what its software has to keep, in plain Python.

Everything that it prints is a record first: chained and signed, written to a journal and forced to
the disk, then printed. So a crash at any place leaves a journal that can go on: what was not
written was not printed. The journal is all that a device has; it is read again when it starts.

It needs nothing of the server's code: the format is that of docs/field.md.
"""

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NUMBER_AT = 10**10
TEXT_MAX = 200
AMOUNT_MAX = 10**14
PIECES = re.compile(r"([1-9][0-9]{0,11}x[1-9][0-9]{0,5}(,|$))*")
DISPUTES = (
    "LATE_PAYMENT",
    "DEBITED_NOT_RECEIVED",
    "WRONG_ID_SUBSCRIBER",
    "WRONG_ID_ORGANISATION",
    "PAST_BILL_ID",
    "DOUBLE_PAYMENT",
)
WARN, REFUSE = "warn", "refuse"


class Refused(Exception):
    """The device does not do this: a limit, or the order of the steps."""


@dataclass(frozen=True)
class Limits:
    """What the server told with the route. Minor units, seconds; 0: no limit but float_limit's."""

    float_limit: int
    warn_percent: int = 80
    cash_max: int = 0
    offline_seconds: int = 0
    snapshot_seconds: int = 0


@dataclass
class Printed:
    """A receipt of this device, as it remembers it."""

    seq: int
    shift: int
    account: str
    amount: int
    tender: str
    voided: bool = False
    copies: int = 0


@dataclass
class Clock:
    """Two clocks: one that people set, one that nobody sets; both in seconds."""

    now: Callable[[], int]
    steady: Callable[[], int]


@dataclass
class Device:
    """A device with its journal. `told` is what the server said last: its time, numbers, limits."""

    provider_id: int
    device_no: int
    key: Ed25519PrivateKey
    journal: Path
    clock: Clock
    crash: Callable[[str], None] = lambda _: None  # tests cut it off here

    limits: Limits = field(default_factory=lambda: Limits(0))
    last_number: int = 0
    server_at: int = 0
    steady_at: int = 0
    snapshot_at: int = 0

    seq: int = 0
    hash: str = "0" * 64
    phase: str = "none"
    shift: int = 0
    used: int = 0
    total: int = 0
    receipts: int = 0
    voids: int = 0
    acknowledged: int = 0
    printed: dict[int, Printed] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)
    noticed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.journal.exists():
            whole = self.journal.read_bytes().rfind(b"\n") + 1
            os.truncate(self.journal, whole)  # what a crash cut off, or it spoils the next line
            for line, _ in self.lines():
                self._remember(line)

    # -- what the server tells

    def told(
        self, server_at: int, last_number: int, limits: Limits, snapshot_at: int | None = None
    ) -> None:
        """Takes over what came with the route or with an answer."""
        self.server_at, self.steady_at = server_at, self.clock.steady()
        self.last_number, self.limits = max(self.last_number, last_number), limits
        if snapshot_at is not None:
            self.snapshot_at = snapshot_at

    def unsent(self, behind: int | None = None) -> list[tuple[str, bytes]]:
        """Lines with signatures that the server has not answered yet."""
        start = self.acknowledged if behind is None else behind
        return [one for one in self.lines() if int(one[0].split("/")[3]) > start]

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """The whole journal; a line that a crash cut off is none."""
        if not self.journal.exists():
            return
        for text in self.journal.read_text("utf-8").splitlines(keepends=True):
            if text.endswith("\n"):
                told = json.loads(text)
                yield told["line"], bytes.fromhex(told["signature"])

    # -- what the collector does

    def start(self) -> int:
        """Begins a shift."""
        self._need("none")
        return self._write("START", self.used + 1, self.snapshot_at)

    def notice(self, account: str, assignment: int, debt: int) -> int:
        """Prints a notice; it is never a receipt."""
        self._need("open")
        copy = int(account in self.noticed)
        return self._write("NOTICE", account, assignment, copy, debt)

    def receipt(
        self, account: str, assignment: int, amount: int, debt: int, bill: int = 0,
        transfer: str = "",
    ) -> int:  # fmt: skip
        """Takes money and prints the receipt; its number. Raises Refused at a limit."""
        self._need("open")
        if account not in self.noticed:
            raise Refused("print the notice first: the customer checks it again")
        if not transfer:
            self._check_cash(amount)
        self._check_age()
        if not 0 < amount <= AMOUNT_MAX:
            raise Refused("take some money")
        number = self.device_no * NUMBER_AT + self.used + 1
        if number > self.last_number:
            raise Refused("no numbers are left: go on-line")
        tender = "TRANSFER" if transfer else "CASH"
        owed = max(0, debt - self.paid.get(account, 0))
        self._write("RECEIPT", account, assignment, number, tender, amount, owed, bill, transfer)
        return number

    def void(self, number: int, why: str) -> int:
        """Takes a receipt of this shift back, with the customer's copy."""
        self._need("open")
        kept = self.printed.get(number)
        if kept is None or kept.voided or kept.shift != self.shift:
            raise Refused("only a receipt of this shift is void, once: see the office")
        return self._write("VOID", number, why)

    def reprint(self, number: int) -> int:
        """Prints a copy, marked."""
        if self.phase == "none" or number not in self.printed:
            raise Refused("it is no receipt of this device, or no shift is open")
        return self._write("REPRINT", number, self.printed[number].copies + 1)

    def visit(
        self, account: str, assignment: int, step: str, appointment_at: int = 0, dispute: str = "",
        note: str = "",
    ) -> int:  # fmt: skip
        """Tells what became of a visit; dispute: what the customer says, of DISPUTED alone."""
        self._need("open")
        if (step == "DISPUTED") != (dispute in DISPUTES):
            raise Refused(f"a disputed visit is one of {', '.join(DISPUTES)}")
        return self._write("VISIT", account, assignment, step, appointment_at, dispute, note)

    def zero(self) -> int:
        """Shows that the device works."""
        if self.phase == "none":
            raise Refused("no shift is open")
        return self._write("ZERO", self.total)

    def hand_in(self, denominations: str = "") -> int:
        """Counts the cash of the shift; nothing is taken behind it."""
        self._need("open")
        if not PIECES.fullmatch(denominations) or denominations.endswith(","):
            raise Refused("count as 500000x3,100000x12")
        return self._write("HAND_IN", self.total, self.receipts, self.voids, denominations)

    def close(self) -> int:
        """Ends the shift."""
        self._need("counted")
        return self._write("CLOSE", self.total, self.receipts, self.voids)

    @property
    def warning(self) -> str:
        """`warn` from the limit's share on, `refuse` at the limit, else ''."""
        if self.total >= self.limits.float_limit:
            return REFUSE
        share = self.limits.float_limit * self.limits.warn_percent
        return WARN if self.total * 100 >= share else ""

    # -- inside

    def _need(self, phase: str) -> None:
        if self.phase != phase:
            raise Refused(f"the shift is {self.phase}, not {phase}")

    def _check_cash(self, amount: int) -> None:
        if self.total + amount > self.limits.float_limit:
            raise Refused("more cash than you may hold: hand in first")
        if 0 < self.limits.cash_max < amount:
            raise Refused("more than may be taken at once")

    def _check_age(self) -> None:
        off = self.clock.steady() - self.steady_at
        if 0 < self.limits.offline_seconds < off:
            raise Refused("too long without the server: go on-line")
        age = self.server_at + off - self.snapshot_at
        if 0 < self.limits.snapshot_seconds < age:
            raise Refused("the debts are too old: load the route again")

    def _write(self, kind: str, *fields: object) -> int:
        """Writes a record down for good, then does it. Its number.

        What no server would take is refused before: a record that is written cannot be changed.
        """
        for one in fields:
            if isinstance(one, str) and not (len(one) <= TEXT_MAX and one.isprintable()):
                raise Refused(f"a text has at most {TEXT_MAX} printable characters")
        elapsed = self.clock.steady() - self.steady_at
        head = ("F1", self.provider_id, self.device_no, self.seq + 1, kind, self.clock.now(),
                self.server_at, elapsed, self.hash)  # fmt: skip
        line = "/".join((*map(str, head), *map(_text, fields)))
        signature = self.key.sign(line.encode())
        self.crash("before writing")
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"line": line, "signature": signature.hex()}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.crash("before printing")
        self._remember(line)
        return self.seq

    def _remember(self, line: str) -> None:
        parts = line.split("/")
        kind, fields = parts[4], parts[9:]
        self.seq, self.hash = int(parts[3]), hashlib.sha256(line.encode()).hexdigest()
        match kind:
            case "START":
                self.phase, self.shift = "open", self.seq
                self.total = self.receipts = self.voids = 0
                self.noticed.clear()
                self.paid.clear()
            case "NOTICE":
                self.noticed.add(fields[0])
            case "RECEIPT":
                number, amount = int(fields[2]), int(fields[4])
                kept = Printed(self.seq, self.shift, fields[0], amount, fields[3])
                self.printed[number] = kept
                self.used += 1
                self.receipts += 1
                self._count(kept, amount)
            case "VOID":
                kept = self.printed[int(fields[0])]
                kept.voided = True
                self.voids += 1
                self._count(kept, -kept.amount)
            case "REPRINT":
                self.printed[int(fields[0])].copies += 1
            case "HAND_IN":
                self.phase = "counted"
            case "CLOSE":
                self.phase = "none"

    def _count(self, kept: Printed, amount: int) -> None:
        self.total += amount if kept.tender == "CASH" else 0
        self.paid[kept.account] = self.paid.get(kept.account, 0) + amount


def _text(value: object) -> str:
    """A field as it is written: texts in NFC, percent-encoded."""
    if isinstance(value, str):
        return quote(unicodedata.normalize("NFC", value), safe="")
    return str(value)
