"""What deposits refuse."""

from billcore.core.errors import BillcoreError


class DepositUnknown(BillcoreError):
    """The account has no such deposit."""

    reason = "DEPOSIT_UNKNOWN"

    def __init__(self, account_id: int, deposit_no: int) -> None:
        super().__init__(
            f"Account {account_id} has no deposit {deposit_no}.",
            account_id=account_id,
            deposit=deposit_no,
        )


class DepositUnfit(BillcoreError):
    """The deposit does not allow this; `rule` says why."""

    reason = "DEPOSIT_UNFIT"

    def __init__(self, deposit_no: int, rule: str, message: str) -> None:
        super().__init__(f"Deposit {deposit_no}: {message}", deposit=deposit_no, rule=rule)
