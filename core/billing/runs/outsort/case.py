"""What rules of outsorting get, and what they answer."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.policies import Outsorting
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.issue import Drafts
from billcore.core.billing.make import Made
from billcore.core.rating.batch import Bools, Ints
from billcore.core.store.port import Reader


@dataclass(frozen=True, slots=True)
class Held:
    """Why a bill is held; total: of the bill, in minor units."""

    rule: str
    message: str
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Drafts, at least one, and whose they are. tariffs: as they were rated with."""

    reader: Reader
    provider_id: int
    tariffs: Tariffs
    policy: Outsorting
    made: Made

    @property
    def drafts(self) -> Drafts:
        """What is judged."""
        return self.made.drafts

    @property
    def accounts(self) -> tuple[int, int]:
        """The first and last account that has a draft."""
        account = self.made.drafts.account_id
        return int(account[0]), int(account[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Holds:
    """The drafts that a rule holds, by place, and how it tells why of one of them."""

    at: Ints
    why: Callable[[int], str]

    @classmethod
    def where(cls, held: Bools, why: Callable[[int], str]) -> "Holds":
        """The drafts where it is true."""
        return cls(np.flatnonzero(held), why)

    @classmethod
    def told_by(cls, row: Ints, draft: Ints, why: Callable[[int], str]) -> "Holds":
        """The drafts of these rows of something finer; each is told by the first of its rows."""
        at, first = np.unique(draft, return_index=True)
        told = dict(zip(at.tolist(), row[first].tolist(), strict=True))
        return cls(at, lambda place: why(told[place]))


NOTHING = Holds(np.zeros(0, dtype=np.int64), str)
"""A rule that is off, or holds nothing."""

Rule = Callable[[Case], Holds]


def days_text(days: int) -> str:
    """As messages say it."""
    return "1 day" if days == 1 else f"{days} days"


def bills_text(bills: int) -> str:
    """As messages say it, with the verb's subject first."""
    return "its last bill" if bills == 1 else f"its last {bills} bills"
