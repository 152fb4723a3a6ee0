"""Why a payment is refused: an error for each code that is one, with the code as its reason."""

from collections.abc import Mapping

from billcore.core.errors import BillcoreError, RequestInvalid
from billcore.core.payments.codes import Code


class TargetInvalid(RequestInvalid):
    """A target is not written as its kind is."""

    reason = "ACCOUNT_FORMAT"
    code = Code.ACCOUNT_FORMAT


class PaymentInvalid(RequestInvalid):
    """A field of a payment breaks its rule."""

    reason = "PAYMENT_INVALID"
    code = Code.INVALID


class TargetUnknown(BillcoreError):
    """There is no such account, bill or document here."""

    reason = "ACCOUNT_NOT_FOUND"
    code = Code.ACCOUNT_NOT_FOUND


class TargetForeign(BillcoreError):
    """The document names another organisation."""

    reason = "FOREIGN"
    code = Code.FOREIGN


class BillNotPayable(BillcoreError):
    """The bill is cancelled or replaced."""

    reason = "BILL_NOT_PAYABLE"
    code = Code.BILL_NOT_PAYABLE


class AccountInactive(BillcoreError):
    """The account is not open yet."""

    reason = "ACCOUNT_INACTIVE"
    code = Code.ACCOUNT_INACTIVE


class AccountClosed(BillcoreError):
    """The account is closed."""

    reason = "ACCOUNT_CLOSED"
    code = Code.ACCOUNT_CLOSED


class AmountLow(BillcoreError):
    """Less than the least that can be paid."""

    reason = "AMOUNT_LOW"
    code = Code.AMOUNT_LOW


class AmountHigh(BillcoreError):
    """More than the most that can be paid."""

    reason = "AMOUNT_HIGH"
    code = Code.AMOUNT_HIGH


class AmountNotExact(BillcoreError):
    """The document fixes another amount."""

    reason = "AMOUNT_NOT_EXACT"
    code = Code.AMOUNT_NOT_EXACT


class PaymentConflict(BillcoreError):
    """The reference stands for another payment. differences: by field, (told first, told now)."""

    reason = "PAYMENT_CONFLICT"
    code = Code.CONFLICT

    def __init__(self, reference: str, differences: Mapping[str, tuple[object, object]]) -> None:
        told = "; ".join(f"{n} was {a!r}, now {b!r}" for n, (a, b) in differences.items())
        super().__init__(
            f"Payment {reference!r} of this channel is another one: {told}. A new payment needs a "
            "reference of its own.",
            reference=reference,
            differs=", ".join(differences),
        )


class PaymentUnknown(BillcoreError):
    """The channel has no payment of this reference."""

    reason = "PAYMENT_UNKNOWN"

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"This channel has no payment {reference!r}: ask for its status, or post it.",
            reference=reference,
        )


class QueueFull(BillcoreError):
    """More payments wait to be posted than the server keeps waiting."""

    reason = "PAYMENT_QUEUE_FULL"
    retryable = True

    def __init__(self, waiting: int) -> None:
        super().__init__(
            f"{waiting} payments wait to be posted: send it again, with the same reference, soon.",
            waiting=waiting,
        )
