"""What reconciliation refuses."""

from billcore.core.errors import BillcoreError, RequestInvalid


class ReconciliationFieldInvalid(RequestInvalid):
    """A field of a request about reconciliation breaks its rule."""

    reason = "RECONCILIATION_FIELD_INVALID"


class FileConflict(BillcoreError):
    """Another file stands under the name, or this one was replaced by another."""

    reason = "FILE_CONFLICT"

    def __init__(self, name: str, file_no: int, message: str) -> None:
        super().__init__(message, name=name, file_no=file_no)


class FileUnknown(BillcoreError):
    """The provider has no such file."""

    reason = "FILE_UNKNOWN"

    def __init__(self, file_no: int) -> None:
        super().__init__(f"No file {file_no} was imported here: list them.", file_no=file_no)


class ReportFormatUnknown(BillcoreError):
    """No definition of this name is shipped or kept."""

    reason = "REPORT_FORMAT_UNKNOWN"

    def __init__(self, format_name: str, known: list[str]) -> None:
        super().__init__(
            f"No format {format_name!r} of reports is defined here. Allowed: {', '.join(known)}.",
            format=format_name,
        )


class DayUnknown(BillcoreError):
    """The channel's day was never matched."""

    reason = "DAY_UNKNOWN"

    def __init__(self, channel: str, day: str) -> None:
        super().__init__(
            f"{day} of {channel!r} was never matched: match it.", channel=channel, day=day
        )


class DayUnfit(BillcoreError):
    """A day is closed, or is not, or cannot be closed yet."""

    reason = "DAY_UNFIT"


class DayBusy(BillcoreError):
    """Others match the day at the same time, again and again."""

    reason = "DAY_BUSY"
    retryable = True

    def __init__(self, channel: str, day: str) -> None:
        super().__init__(f"{day} of {channel!r} is being matched: try again.", channel=channel)


class BreakUnknown(BillcoreError):
    """The day has no such break."""

    reason = "BREAK_UNKNOWN"

    def __init__(self, break_id: int) -> None:
        super().__init__(f"The day has no break {break_id}: list them.", break_id=break_id)


class MatchUnbalanced(BillcoreError):
    """The breaks do not explain what the books and the reports differ by: an error of billcore."""

    reason = "MATCH_UNBALANCED"

    def __init__(self, channel: str, day: str, ledger: int, report: int, breaks: int) -> None:
        super().__init__(
            f"{day} of {channel!r}: {ledger} is not {report} and breaks of {breaks}. Nothing is "
            "kept of it: tell those who maintain billcore.",
            channel=channel,
            day=day,
        )


class BankAccountUnset(BillcoreError):
    """A channel of the kind bank_account does not say which account it is."""

    reason = "BANK_ACCOUNT_UNSET"

    def __init__(self, channel: str) -> None:
        super().__init__(
            f"The terms of {channel!r} do not say which account it is: set bank_account, as "
            "statements tell it.",
            channel=channel,
        )
