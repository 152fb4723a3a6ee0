"""What analytics refuse."""

from billcore.core.accounts.days import iso
from billcore.core.errors import BillcoreError


class CutOffFixed(BillcoreError):
    """The month has a cut-off of this day already: it stays as it is."""

    reason = "CUT_OFF_FIXED"

    def __init__(self, month: str, day: int) -> None:
        super().__init__(
            f"The collection of {month} up to {iso(day)} is fixed already: read it, or name "
            "another day.",
            month=month,
            day=iso(day),
        )


class CutOffUnknown(BillcoreError):
    """The month has no cut-off of this day."""

    reason = "CUT_OFF_UNKNOWN"

    def __init__(self, month: str, day: int) -> None:
        super().__init__(
            f"The collection of {month} up to {iso(day)} was never fixed: list the cut-offs.",
            month=month,
            day=iso(day),
        )
