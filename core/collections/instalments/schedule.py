"""Which part of a debt is due when: pure."""

from collections.abc import Sequence

from billcore.core.accounts.collecting import InstalmentPolicy
from billcore.core.accounts.errors import FieldRefused
from billcore.core.calendar import DAY_MAX, Calendar
from billcore.core.store.instalments import InstalmentRow


def split(total: int, count: int, policy: InstalmentPolicy) -> list[int]:
    """Equal parts of a total, multiples of the policy's unit, but for one that has the rest.

    1,000 in 3 parts of whole units of 10: 340, 330, 330. Raises FieldRefused for parts below the
    policy's least.
    """
    part = total // (count * policy.unit) * policy.unit
    rest = total - part * count
    if part < max(policy.least, 1):
        why = f"{total} in {count} parts are less than {max(policy.least, 1)} each."
        raise FieldRefused("number", why)
    parts = [part] * count
    parts[0 if policy.rest_first else -1] += rest
    return parts


def months_later(calendar: Calendar, day: int, months: int) -> int:
    """The same day of a later month, or that month's last day."""
    year, month, of_month = calendar.ymd(day)
    years, month = divmod(year * 12 + month - 1 + months, 12)
    length = calendar.month_length(years, month + 1)
    return calendar.ordinal(years, month + 1, min(of_month, length))


def schedule(
    total: int,
    count: int,
    first_day: int,
    every_days: int,
    calendar: Calendar,
    today: int,
    policy: InstalmentPolicy,
) -> list[InstalmentRow]:
    """So many instalments from a day on, every so many days, 0: months. Raises FieldRefused."""
    if not 1 <= count <= policy.most:
        raise FieldRefused("number", f"{count} is not one of 1..{policy.most} instalments.")
    if not 0 <= every_days <= policy.most_days:
        raise FieldRefused("every_days", f"{every_days} is not one of 0..{policy.most_days}.")
    if not today <= first_day <= DAY_MAX - 36_500:
        raise FieldRefused("first_due_day", "it is before today, or far beyond.")
    days = [
        first_day + number * every_days if every_days else months_later(calendar, first_day, number)
        for number in range(count)
    ]
    return checked(list(zip(days, split(total, count, policy), strict=True)), today, policy)


def checked(
    parts: Sequence[tuple[int, int]], today: int, policy: InstalmentPolicy
) -> list[InstalmentRow]:
    """Instalments of (due day, amount). Raises FieldRefused, with the place."""
    if not 1 <= len(parts) <= policy.most:
        raise FieldRefused("instalments", f"a plan has 1 to {policy.most} of them.")
    before = today - 1
    for at, (day, amount) in enumerate(parts):
        place = f"instalments[{at}]"
        if day <= before or day > today + policy.most_days:
            why = f"days grow, from today on, for at most {policy.most_days} days."
            raise FieldRefused(f"{place}.due_day", why)
        if amount < max(policy.least, 1):
            raise FieldRefused(f"{place}.amount", f"it is at least {max(policy.least, 1)}.")
        before = day
    return [InstalmentRow(no, day, amount) for no, (day, amount) in enumerate(parts, start=1)]
