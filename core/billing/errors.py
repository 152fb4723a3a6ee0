"""Why an account cannot be billed, or a bill not be found."""

from billcore.core.errors import BillcoreError


class AccountUnbillable(BillcoreError):
    """An account has nothing to bill, or lacks what its bill needs; `rule` says what."""

    reason = "ACCOUNT_UNBILLABLE"

    def __init__(self, account: int, rule: str, message: str, agreement: int | None = None) -> None:
        where = f"Account {account}" + ("" if agreement is None else f", agreement {agreement}")
        super().__init__(f"{where}: {message}", account=account, agreement=agreement, rule=rule)
        self.rule = rule


class BillExists(AccountUnbillable):
    """The account has a bill of this month and kind already."""

    reason = "BILL_EXISTS"

    def __init__(self, account: int, bill: int) -> None:
        super().__init__(
            account,
            self.reason,
            f"it has the bill {bill} for this month already: a bill never changes; cancel or "
            "correct it.",
        )
        self.fields["bill"] = str(bill)


class BillUnknown(BillcoreError):
    """No bill of the provider has this id."""

    reason = "BILL_UNKNOWN"

    def __init__(self, bill: int) -> None:
        super().__init__(f"There is no bill {bill}: list the bills of its account.", bill=bill)
