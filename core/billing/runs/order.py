"""What a run is to do: which accounts, for what days, in chunks of what size."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from billcore.core.billing.charges.due import Window
from billcore.core.ledger.kinds import BillKind

CHUNK_ACCOUNTS = 6 << 13
"""Accounts of a chunk: about fifty thousand, in whole buckets of `ledger.turns`."""

CHUNK_ACCOUNTS_FAR = 25 << 13
"""The same where workers are on other machines: 204,800. A chunk takes seconds there, handing it
over a few milliseconds, so a pass over 500 million accounts is 2,442 of them."""

CHUNK_MAX = 50 << 13
"""A chunk is one transaction, and a rated one is kept as one value of the store."""


@dataclass(frozen=True, slots=True)
class RunOrder:
    """Days are ordinals. first_account, last_account: ids, both included.

    cycle_no: 0: of every cycle. window: where closing readings lie; straggler_day: up to which
    those of later passes may. straight: rated, approved and frozen in one go. estimate: a pass
    beyond straggler_day estimates what nobody read, by the provider's policy; without it there is
    no such pass. proposed: by tariff number, documents that a simulation rates with in the place of
    the published ones.
    """

    first_account: int
    last_account: int
    window: Window
    issued_day: int
    straggler_day: int
    kind: BillKind = BillKind.REGULAR
    cycle_no: int = 0
    chunk_accounts: int = CHUNK_ACCOUNTS
    straight: bool = False
    estimate: bool = False
    proposed: Mapping[int, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """As JSON; `parsed` reads it."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @property
    def chunks(self) -> int:
        """How many chunks a pass has."""
        return -(-(self.last_account - self.first_account + 1) // self.chunk_accounts)

    def accounts(self, chunk: int) -> tuple[int, int]:
        """The first and last account of a chunk; chunks count from 0."""
        first = self.first_account + chunk * self.chunk_accounts
        return first, min(first + self.chunk_accounts - 1, self.last_account)

    @property
    def last_closing_day(self) -> int:
        """After it no reading closes a bill of the run."""
        return max(self.straggler_day, self.window.last_day)

    def estimates(self, until_day: int) -> bool:
        """Whether a later pass up to a day estimates the readings that lack."""
        return self.estimate and until_day > self.last_closing_day

    def overlaps(self, other: "RunOrder") -> bool:
        """Whether there can be an account that both bill for the same cycle."""
        return (
            self.first_account <= other.last_account
            and other.first_account <= self.last_account
            and (self.cycle_no == other.cycle_no or 0 in (self.cycle_no, other.cycle_no))
        )


def parsed(text: str) -> RunOrder:
    """The order of its text."""
    told = json.loads(text)
    told["window"] = Window(**told["window"])
    told["kind"] = BillKind(told["kind"])
    told["proposed"] = {int(number): document for number, document in told["proposed"].items()}
    return RunOrder(**told)
