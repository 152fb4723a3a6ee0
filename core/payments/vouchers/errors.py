"""What vouchers refuse."""

from billcore.core.errors import BillcoreError, RequestInvalid


class VoucherFieldInvalid(RequestInvalid):
    """A field of a request about vouchers breaks its rule."""

    reason = "VOUCHER_FIELD_INVALID"


class VoucherUnknown(BillcoreError):
    """The provider has no voucher of this serial."""

    reason = "VOUCHER_UNKNOWN"

    def __init__(self, serial: str) -> None:
        super().__init__(f"No voucher {serial!r} was made here: see its batch.", serial=serial)


class VoucherBatchUnknown(BillcoreError):
    """The provider has no batch of this number."""

    reason = "VOUCHER_BATCH_UNKNOWN"

    def __init__(self, batch_no: int) -> None:
        super().__init__(f"No batch {batch_no} was made here: list them.", batch_no=batch_no)


class VoucherRefused(BillcoreError):
    """Serial and secret do not belong together; which of them is wrong is not told."""

    reason = "VOUCHER_REFUSED"

    def __init__(self) -> None:
        super().__init__(
            "There is no voucher of this serial with this secret: read both again. Wrong secrets "
            "are counted, and too many lock the account."
        )


class VoucherLocked(BillcoreError):
    """Too many wrong secrets were tried for the account, or through the channel."""

    reason = "VOUCHER_LOCKED"
    retryable = True

    def __init__(self, what: str, seconds: int) -> None:
        super().__init__(
            f"Too many wrong secrets were tried for this {what}: try again in {seconds} seconds.",
            what=what,
            seconds=seconds,
        )
        self.retry_seconds = seconds


class VoucherStateUnfit(BillcoreError):
    """A voucher is not in the state that this needs."""

    reason = "VOUCHER_STATE_UNFIT"

    def __init__(self, serial: str, state: str, needed: str) -> None:
        super().__init__(
            f"Voucher {serial} is {state}; this needs one that is {needed}.",
            serial=serial,
            state=state,
            needed=needed,
        )


class VoucherExpired(BillcoreError):
    """The voucher's last day has passed."""

    reason = "VOUCHER_EXPIRED"

    def __init__(self, serial: str, day: str) -> None:
        super().__init__(f"Voucher {serial} was good until {day}.", serial=serial, day=day)


class VoucherKeyMissing(BillcoreError):
    """The server has no key for the hashes of secrets, or not the one of this batch."""

    reason = "VOUCHER_KEY_MISSING"

    def __init__(self, key_id: str = "") -> None:
        which = f"key {key_id!r} of this batch" if key_id else "keys"
        super().__init__(
            f"This server lacks the voucher {which}: add them to the file of the setting "
            "`voucher_keys`.",
            key_id=key_id,
        )
