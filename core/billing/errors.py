"""Why an account cannot be billed, or a bill not be found."""

from billcore.core.errors import BillcoreError


class AccountUnbillable(BillcoreError):
    """An account has nothing to bill, or lacks what its bill needs; `rule` says what."""

    reason = "ACCOUNT_UNBILLABLE"

    def __init__(self, account: int, rule: str, message: str, agreement: int | None = None) -> None:
        where = f"Account {account}" + ("" if agreement is None else f", agreement {agreement}")
        super().__init__(f"{where}: {message}", account=account, agreement=agreement, rule=rule)
        self.rule = rule


class BillExists(BillcoreError):
    """The account has a bill of this month and kind already."""

    reason = "BILL_EXISTS"

    def __init__(self, account: int, bill: int) -> None:
        super().__init__(
            f"Account {account} has the bill {bill} for this month already: a bill never changes; "
            "correct it by a credit note.",
            account=account,
            bill=bill,
        )


class BillUnknown(BillcoreError):
    """No bill of the provider has this id."""

    reason = "BILL_UNKNOWN"

    def __init__(self, bill: int) -> None:
        super().__init__(f"There is no bill {bill}: list the bills of its account.", bill=bill)
