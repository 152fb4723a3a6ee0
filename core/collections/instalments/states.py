"""The states of a plan; one table says which follow which."""

from collections.abc import Mapping
from enum import IntEnum


class PlanState(IntEnum):
    """The numbers are kept and travel."""

    PROPOSED = 1
    ACTIVE = 2
    COMPLETED = 3
    DEFAULTED = 4
    CANCELLED = 5
    REJECTED = 6

    @property
    def word(self) -> str:
        """As in events."""
        return self.name.lower()


FOLLOWING: Mapping[PlanState, tuple[PlanState, ...]] = {
    PlanState.PROPOSED: (PlanState.ACTIVE, PlanState.REJECTED),
    PlanState.ACTIVE: (PlanState.COMPLETED, PlanState.DEFAULTED, PlanState.CANCELLED),
    PlanState.COMPLETED: (PlanState.ACTIVE,),  # a payment was taken back
    PlanState.DEFAULTED: (),
    PlanState.CANCELLED: (),
    PlanState.REJECTED: (),
}

OPEN = (PlanState.PROPOSED, PlanState.ACTIVE)
"""An account has one plan of these at most."""

GIVEN_UP = (PlanState.DEFAULTED, PlanState.CANCELLED)
"""What such a plan posted is taken back."""
