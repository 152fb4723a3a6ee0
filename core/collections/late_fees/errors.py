"""What late fees refuse."""

from billcore.core.accounts.days import iso
from billcore.core.errors import BillcoreError, RequestInvalid


class ReferenceRateMissing(BillcoreError):
    """A rule asks for a reference rate of a day that has none."""

    reason = "REFERENCE_RATE_MISSING"

    def __init__(self, series: str, day: int) -> None:
        when = f"for {iso(day)}" if day else "at all"
        super().__init__(
            f"The series {series!r} has no rate {when}: set it with its source, then go on.",
            series=series,
            day=iso(day) if day else "",
        )


class LateFeeRuleUnfit(BillcoreError):
    """A rule of late fees names an attribute, or a word of it, that the provider has not; or a fee
    by it is beyond all amounts."""

    reason = "LATE_FEE_RULE_UNFIT"

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(f"Rule {rule!r} of late fees: {message}", rule=rule)


class LateFeeDayInvalid(RequestInvalid):
    """Late fees cannot be computed up to such a day."""

    reason = "LATE_FEE_DAY_INVALID"


class AssessmentUnknown(BillcoreError):
    """The provider has no assessment of late fees of this number."""

    reason = "ASSESSMENT_UNKNOWN"

    def __init__(self, assessment_id: int) -> None:
        super().__init__(
            f"No assessment {assessment_id} of late fees is known here.",
            assessment_id=assessment_id,
        )


class AssessmentOvertaken(BillcoreError):
    """A later day was assessed meanwhile, so this assessment does not go on."""

    reason = "ASSESSMENT_OVERTAKEN"

    def __init__(self, until_day: int, later_day: int) -> None:
        super().__init__(
            f"Late fees are assessed up to {iso(later_day)} already, not again up to "
            f"{iso(until_day)}: assess that day or a later one.",
            until_day=iso(until_day),
            assessed_day=iso(later_day),
        )


class HoldUnknown(BillcoreError):
    """The account has no hold of late fees from this source."""

    reason = "LATE_FEE_HOLD_UNKNOWN"

    def __init__(self, account_id: int, source: str) -> None:
        super().__init__(
            f"Account {account_id} has no hold of late fees from {source!r}.",
            account_id=account_id,
            source=source,
        )


class HoldConflict(BillcoreError):
    """The source holds something else of the account already, or was released."""

    reason = "LATE_FEE_HOLD_CONFLICT"

    def __init__(self, account_id: int, source: str, message: str) -> None:
        super().__init__(
            f"The hold of account {account_id} from {source!r}: {message}",
            account_id=account_id,
            source=source,
        )
