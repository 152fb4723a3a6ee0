"""What receipts refuse."""

from billcore.core.errors import BillcoreError


class ReceiptUnfit(BillcoreError):
    """A payment has no receipt: it stands on no account of the provider."""

    reason = "RECEIPT_UNFIT"

    def __init__(self, reference: str, why: str) -> None:
        super().__init__(f"Payment {reference!r} has no receipt: {why}", reference=reference)


class ReceiptUnknown(BillcoreError):
    """The provider issued no such receipt, or never printed it so often."""

    reason = "RECEIPT_UNKNOWN"

    def __init__(self, number: int, copy_no: int = 0) -> None:
        what = f"copy {copy_no} of receipt {number}" if copy_no else f"receipt {number}"
        super().__init__(
            f"No {what} was issued here: issue it first.", number=number, copy_no=copy_no
        )


class ReceiptKeyMissing(BillcoreError):
    """The server lacks the key of a receipt's code."""

    reason = "RECEIPT_KEY_MISSING"

    def __init__(self, key_id: str = "") -> None:
        which = f"key {key_id!r}" if key_id else "a key"
        super().__init__(
            f"The server lacks {which} of receipts: name the file of keys by `receipt_keys`.",
            key_id=key_id,
        )


class ReceiptLocked(BillcoreError):
    """Too many wrong codes were tried for a receipt, or by a client."""

    reason = "RECEIPT_LOCKED"
    retryable = True

    def __init__(self, what: str, seconds: int) -> None:
        super().__init__(
            f"Too many wrong codes were tried for this {what}: try again in {seconds} seconds.",
            what=what,
            seconds=seconds,
        )
