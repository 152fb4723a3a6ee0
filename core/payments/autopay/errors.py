"""What automatic payment refuses."""

from billcore.core.errors import BillcoreError


class AutopayUnknown(BillcoreError):
    """The account is not paid automatically."""

    reason = "AUTOPAY_UNKNOWN"

    def __init__(self, account_id: int) -> None:
        super().__init__(
            f"Account {account_id} is not paid automatically: set it first.", account_id=account_id
        )
