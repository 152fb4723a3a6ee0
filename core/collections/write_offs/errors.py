"""What write-offs refuse."""

from billcore.core.errors import BillcoreError


class WriteOffUnknown(BillcoreError):
    """The account has no such write-off."""

    reason = "WRITE_OFF_UNKNOWN"

    def __init__(self, account_id: int, write_off_no: int) -> None:
        super().__init__(
            f"Account {account_id} has no write-off {write_off_no}.",
            account_id=account_id,
            write_off=write_off_no,
        )


class WriteOffUnfit(BillcoreError):
    """The write-off does not allow this; `rule` says why."""

    reason = "WRITE_OFF_UNFIT"

    def __init__(self, write_off_no: int, rule: str, message: str) -> None:
        super().__init__(f"Write-off {write_off_no}: {message}", write_off=write_off_no, rule=rule)


class WriteOffApprovalNeeded(BillcoreError):
    """A write-off of such an amount is approved by another person."""

    reason = "WRITE_OFF_APPROVAL_NEEDED"

    def __init__(self, write_off_no: int, total: int, above: int) -> None:
        super().__init__(
            f"Write-off {write_off_no} is of {total}, above {above}: another person than who "
            "proposed it approves it.",
            write_off=write_off_no,
            amount=total,
            above=above,
        )
