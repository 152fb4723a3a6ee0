"""What metering needs to know of a provider."""

from dataclasses import dataclass, field

from billcore.core.accounts.policies import Policies, parse_policies
from billcore.core.calendar import Calendar
from billcore.core.durations import civil_day
from billcore.core.metering.errors import MeterProviderUnknown
from billcore.core.metering.policy import Method, ReadingPolicy
from billcore.core.store import providers as rows
from billcore.core.store.port import Reader


@dataclass(frozen=True, slots=True)
class MeteringProvider:
    """time_zone: an IANA name; calendar: the one whose months have the reading window."""

    provider_id: int
    time_zone: str = "UTC"
    calendar: Calendar = Calendar.GREGORIAN
    policy: ReadingPolicy = field(default_factory=ReadingPolicy)

    def today(self, now: int) -> int:
        """The provider's civil day (an ordinal) at `now`, microseconds since 1970 in UTC."""
        return civil_day(now, self.time_zone)

    def window(self, today: int) -> tuple[int, int] | None:
        """The days (first, last) for which customers may send readings today; None: not today."""
        first, last = self.policy.window_first, self.policy.window_last
        _, _, day = self.calendar.ymd(today)
        if first <= last:
            return (today - day + first, today) if first <= day <= last else None
        if day >= first:
            return today - day + first, today
        if day > last:
            return None
        _, _, length = self.calendar.ymd(today - day)  # the last day of the month before
        return today - day - length + min(first, length), today


def metering_provider(reader: Reader, provider_id: int) -> MeteringProvider:
    """The stored provider. Raises MeterProviderUnknown."""
    row = rows.provider(reader, provider_id)
    if row is None:
        raise MeterProviderUnknown(provider_id)
    policy = reading_policy(parse_policies(row.policies))
    return MeteringProvider(provider_id, row.time_zone, Calendar(row.calendar), policy)


def reading_policy(policies: Policies) -> ReadingPolicy:
    """The policy on readings of a provider's policies; ways of estimating that need other
    accounts are the billing run's."""
    window, plausibility = policies.reading_window, policies.plausibility
    known = {method.value: method for method in Method}
    return ReadingPolicy(
        customer_readings=window.customer_readings,
        window_first=window.first_day,
        window_last=window.last_day,
        low_percent=plausibility.low_percent,
        high_percent=plausibility.high_percent,
        periods=plausibility.periods,
        estimation=tuple(known[word] for word in policies.estimation if word in known),
    )
