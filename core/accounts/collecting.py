"""A provider's policies of plans of instalments and of write-offs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class InstalmentPolicy:
    """Plans of instalments. most: so many instalments at most; most_days: the last one is due so
    many days after the plan is proposed at most; least: minor units of an instalment at least;
    unit: instalments but one are multiples of so many minor units; rest_first: the first one has
    the rest, else the last. grace_days: a plan whose instalment is not paid so many days after its
    due day is given up. approval_above: a plan of more than so many minor units is approved by
    another person than who proposed it.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "most": (1, 120),
        "most_days": (1, 3_650),
        "least": (1, 10**15),
        "unit": (1, 10**9),
        "grace_days": (0, 365),
        "approval_above": (0, 10**17),
    }

    most: int = 12
    most_days: int = 400
    least: int = 1
    unit: int = 1
    rest_first: bool = True
    grace_days: int = 7
    approval_above: int = 0


@dataclass(frozen=True, slots=True)
class WriteOffPolicy:
    """Debts that are given up. approval_above: of more than so many minor units another person than
    who proposed it approves. recover: money that comes later for nothing else pays what was written
    off."""

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {"approval_above": (0, 10**17)}

    approval_above: int = 0
    recover: bool = True
