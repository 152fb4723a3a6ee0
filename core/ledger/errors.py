"""What the ledger refuses."""

from billcore.core.errors import BillcoreError, RequestInvalid


class EntryUnbalanced(BillcoreError):
    """The postings of an entry do not sum to zero."""

    reason = "ENTRY_UNBALANCED"

    def __init__(self, source: str, difference: int) -> None:
        super().__init__(
            f"Entry {source!r}: its postings sum to {difference} minor units, not to 0.",
            source=source,
            difference=difference,
        )


class EntryExists(BillcoreError):
    """The source was posted before."""

    reason = "ENTRY_EXISTS"

    def __init__(self, source: str) -> None:
        super().__init__(f"{source!r} is posted already; an entry is posted once.", source=source)


class EntryUnknown(BillcoreError):
    """No entry of this account has this id."""

    reason = "ENTRY_UNKNOWN"

    def __init__(self, account: str, entry: str) -> None:
        super().__init__(
            f"Account {account} has no entry {entry}: list its statement.",
            account=account,
            entry=entry,
        )


class EntryReversed(BillcoreError):
    """The entry is undone already, or is itself an undoing."""

    reason = "ENTRY_REVERSED"

    def __init__(self, entry: str, message: str) -> None:
        super().__init__(f"Entry {entry}: {message}", entry=entry)


class AmountInvalid(RequestInvalid):
    """An amount is 0, or beyond what the ledger holds."""

    reason = "AMOUNT_INVALID"

    def __init__(self, field: str, amount: int, amount_max: int) -> None:
        super().__init__(field, f"{amount} is 0, or beyond {amount_max} of either sign.")
