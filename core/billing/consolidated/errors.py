"""What groups and consolidated bills refuse."""

from billcore.core.accounts.errors import FieldRefused
from billcore.core.errors import BillcoreError


class GroupUnknown(BillcoreError):
    """The owner has no group of this number."""

    reason = "GROUP_UNKNOWN"

    def __init__(self, group_no: int) -> None:
        super().__init__(f"There is no group {group_no} here: list the groups.", group=group_no)


class ConsolidatedBillUnknown(BillcoreError):
    """The owner has no consolidated bill of this number."""

    reason = "CONSOLIDATED_BILL_UNKNOWN"

    def __init__(self, consolidated_no: int) -> None:
        super().__init__(
            f"There is no consolidated bill {consolidated_no} here: list those of the group.",
            consolidated_bill=consolidated_no,
        )


class MemberOverlap(FieldRefused):
    """An account would be in two groups of the owner on a day, or twice in one."""

    reason = "MEMBER_OVERLAP"


class MemberUnknown(FieldRefused):
    """The account is not in the group on that day."""

    reason = "MEMBER_UNKNOWN"


class CurrencyMixed(FieldRefused):
    """The accounts of a group are billed in one currency."""

    reason = "CURRENCY_MIXED"


class NothingToConsolidate(BillcoreError):
    """No member of the group has a bill that was not consolidated before."""

    reason = "NOTHING_TO_CONSOLIDATE"

    def __init__(self, group_no: int, day: str, message: str) -> None:
        super().__init__(f"Group {group_no}, {day}: {message}", group=group_no, day=day)
