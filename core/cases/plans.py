"""What a correction posts: steps, and the balances before and after. Pure; kept as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum


class StepKind(IntEnum):
    """What is posted; the numbers travel and are stored."""

    TRANSFER = 1  # money of a payment, from the account that it was posted to
    SUSPENSE_TRANSFER = 2  # money of a payment that is no account's
    REISSUE = 3  # a bill, with another payment id
    REFUND = 4  # what was paid twice, to be paid back
    PROVISIONAL_CREDIT = 5  # until the money is there
    PROVISIONAL_BACK = 6  # the credit taken back: the money is there, or never was


MOVES = (StepKind.TRANSFER, StepKind.SUSPENSE_TRANSFER, StepKind.REFUND,
         StepKind.PROVISIONAL_CREDIT)  # fmt: skip
"""Steps whose amounts are approved."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step; amounts are minor units. account_id: credited, or whose bill it is.

    other_account_id: of a transfer, debited; payment_id, reference: of the payment; bill_id: issued
    again; asked_before, asked_after: what the bill asks for; entry_id: what is taken back.
    """

    kind: StepKind
    account_id: int
    amount: int = 0
    other_account_id: int = 0
    payment_id: int = 0
    reference: str = ""
    bill_id: int = 0
    asked_before: int = 0
    asked_after: int = 0
    entry_id: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account owes before and after a correction; consumed: of what it loses, so much has
    paid other debts already, and becomes a debt of its own."""

    account_id: int
    before: int
    after: int
    consumed: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be posted. Empty steps: the books are right, the customer is told so."""

    steps: tuple[Step, ...]
    balances: tuple[Balance, ...]

    @property
    def amount(self) -> int:
        """The money that it moves."""
        return sum(step.amount for step in self.steps if step.kind in MOVES)

    @property
    def consumed(self) -> tuple[Balance, ...]:
        """The accounts that lose what they have spent."""
        return tuple(one for one in self.balances if one.consumed)

    @property
    def text(self) -> str:
        """The plan as it is kept."""
        told = {
            "steps": [_told(asdict(step)) for step in self.steps],
            "balances": [_told(asdict(one)) for one in self.balances],
        }
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _told(values: Mapping[str, object]) -> dict[str, object]:
    always = ("kind", "account_id", "before", "after")
    return {name: one for name, one in values.items() if one or name in always}


def plan_of(text: str) -> Plan:
    """A plan from what is kept."""
    told = json.loads(text)
    steps = (Step(**{**one, "kind": StepKind(one["kind"])}) for one in told["steps"])
    return Plan(tuple(steps), tuple(Balance(**one) for one in told["balances"]))
