"""The days that somebody asks bills for: what one bill and a run refuse alike."""

from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.charges.due import Window
from billcore.core.calendar import Calendar
from billcore.core.ids import FIRST_YEAR, MONTH_MAX
from billcore.core.ledger.kinds import BillKind
from billcore.core.store.providers import Provider

WINDOW_DAYS_MAX = 366
"""The closing readings of a bill lie within so many days."""

KINDS = (BillKind.REGULAR, BillKind.FINAL)
"""What is billed from readings; other kinds are made otherwise."""


def check_window(window: Window) -> None:
    """Raises FieldRefused unless it has 1 to WINDOW_DAYS_MAX days."""
    if not 0 <= window.last_day - window.first_day < WINDOW_DAYS_MAX:
        raise FieldRefused(
            "order.first_day",
            f"{iso(window.first_day)} to {iso(window.last_day)}: it is not after last_day, and at "
            f"most {WINDOW_DAYS_MAX - 1} days before it.",
        )


def check_kind(kind: BillKind) -> None:
    """Raises FieldRefused for what is not billed from readings."""
    if kind not in KINDS:
        allowed = [one.name for one in KINDS]
        raise FieldRefused("order.kind", f"{kind.name} is not billed from readings.", allowed)


def check_day_of_issue(provider: Provider, day: int, field: str = "order.issued_day") -> None:
    """Raises FieldRefused for a day in no accounting month of the provider."""
    calendar, first = Calendar(provider.calendar), FIRST_YEAR[provider.calendar]
    last = first + MONTH_MAX // 12
    if not calendar.new_year(first) <= day < calendar.new_year(last + 1):
        raise FieldRefused(field, f"{iso(day)} is in no year of {first} to {last}.")
