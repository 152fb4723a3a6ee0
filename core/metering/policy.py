"""What a provider does about odd readings, and how it estimates those that are missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from types import MappingProxyType

import numpy as np

from billcore.core.metering.exact import Ints
from billcore.core.metering.findings import Finding, Source, Status


class Action(Enum):
    """What becomes of a reading with a finding: the strictest action of its findings counts."""

    ACCEPT = "accept"
    HOLD = "hold"
    REJECT = "reject"


class Method(StrEnum):
    """How usage is estimated."""

    RECENT = "recent"  # the daily average of the last periods
    LAST_YEAR = "last_year"  # the daily average of the period at the same time of last year
    NORM = "norm"  # a norm for each person
    ZERO = "zero"  # nothing was used


_HELD = (
    Finding.BACKWARDS,
    Finding.CONFLICT,
    Finding.IMPLAUSIBLE_HIGH,
    Finding.IMPLAUSIBLE_LOW,
    Finding.BEFORE_BILLED,
)
_HOLD = MappingProxyType(dict.fromkeys(_HELD, Action.HOLD))
_CUSTOMER = MappingProxyType(
    {
        **_HOLD,
        Finding.OUT_OF_WINDOW: Action.REJECT,
        Finding.NOT_OPTED_IN: Action.REJECT,
    }
)
_ESTIMATE = MappingProxyType({Finding.CONFLICT: Action.REJECT})

DEFAULT_ACTIONS: Mapping[Source, Mapping[Finding, Action]] = MappingProxyType(
    {
        Source.OFFICER: _HOLD,
        Source.CUSTOMER: _CUSTOMER,
        Source.FILE: _HOLD,
        Source.DEVICE: _HOLD,
        Source.ESTIMATE: _ESTIMATE,
    }
)
"""By source; a finding that is not named is accepted."""


@dataclass(frozen=True, slots=True)
class ReadingPolicy:
    """customer_readings: whether customers may read for themselves, on the days
    window_first..window_last of a month of the provider's calendar (first above last: over the
    month's end).

    low_percent, high_percent: usage a day beyond these percentages of that of the last `periods`
    accepted periods is implausible; no say has a history of less than history_days_min days, or
    of more than history_months months ago. estimation: what is tried, in order.
    """

    customer_readings: bool = False
    window_first: int = 1
    window_last: int = 31
    low_percent: int = 20
    high_percent: int = 300
    periods: int = 6
    history_days_min: int = 20
    history_months: int = 24
    estimation: tuple[Method, ...] = (Method.LAST_YEAR, Method.RECENT)
    actions: Mapping[Source, Mapping[Finding, Action]] = field(
        default_factory=lambda: DEFAULT_ACTIONS
    )

    def statuses(self, findings: Ints, source: Ints) -> Ints:
        """The statuses of readings with these findings from these sources."""
        rejected = findings & self._bits(Action.REJECT)[source]
        held = findings & self._bits(Action.HOLD)[source]
        good = np.where(source == Source.ESTIMATE, Status.ESTIMATED, Status.ACCEPTED)
        doubted = np.where(held != 0, Status.HELD, good)
        found: Ints = np.where(rejected != 0, Status.REJECTED, doubted).astype(np.int64)
        return found

    def _bits(self, action: Action) -> Ints:
        """By source: the findings with this action, as bits."""
        found = np.zeros(max(Source) + 1, dtype=np.int64)
        for source, actions in self.actions.items():
            found[source] = sum(int(f) for f, a in actions.items() if a is action)
        return found
