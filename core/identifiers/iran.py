"""Iranian bill and payment ids (شناسه قبض, شناسه پرداخت) and their barcode of 26 digits.

Layout and check digits are those of "Harmonised electronic bill payment" (Banking Informatics
Commission, 2006), which itself is not public: they are taken from persian-tools,
rust-persian-tools, irbill and IrServicesBill, which agree.

    bill id     file number 1-8 | company 3 | service 1 | check digit           6 to 13 digits
    payment id  thousands of rial 1-8 | year 1 | period 2 | check 1 | check 2   6 to 13 digits
    barcode     both, each padded with zeros to 13                              26 digits

Check 1 is over the payment id before it; check 2 over the bill id and then the payment id without
its leading zeros and its last digit. Zeros before a bill id change nothing.

Ids are texts, written without leading zeros; read are also zeros before them, Persian and Arabic
digits. Money is in minor units: rials. Millions at once: `billcore.core.identifiers.bulk`.
"""

from dataclasses import dataclass

from billcore.core.identifiers.digits import latin_digits
from billcore.core.identifiers.faults import Fault, refuse
from billcore.core.identifiers.iran_faults import (
    ANY,
    DIGITS_MAX,
    TAIL,
    Accepted,
    Reason,
    barcode_faults,
    bill_faults,
    check_digit,
    company_faults,
    pair_faults,
    within,
)

AMOUNT_UNIT = 1000
"""A payment id says thousands of rial; `billcore.core.identifiers.payable` rounds."""

FILE_NO_MAX = 99_999_999
AMOUNT_MAX = 99_999_999 * AMOUNT_UNIT
"""The largest amount of a payment id, in rials."""


@dataclass(frozen=True, slots=True)
class BillId:
    """A bill id: constant for a subscriber and service.

    file_no: the biller's number of the subscriber, 1 to FILE_NO_MAX; company: the three digits of
    the company that issues the bill; service: 1 to 9, see `Service`. Raises IdentifierInvalid.
    """

    file_no: int
    company: str
    service: int

    def __post_init__(self) -> None:
        faults = within("file_no", self.file_no, 1, FILE_NO_MAX)
        faults += company_faults("company", self.company)
        refuse("bill id", faults + within("service", self.service, 1, 9))

    @property
    def text(self) -> str:
        """The id, 6 to 13 digits without leading zeros."""
        body = f"{self.file_no}{self.company}{self.service}"
        return f"{body}{check_digit(body)}"


@dataclass(frozen=True, slots=True)
class PaymentId:
    """A payment id: new for every amount that is asked of a bill id.

    amount: rials, whole thousands, AMOUNT_UNIT to AMOUNT_MAX; year_digit (0 to 9), period (0 to
    99): the company's own, as it counts them. Raises IdentifierInvalid.
    """

    bill: BillId
    amount: int
    year_digit: int
    period: int

    def __post_init__(self) -> None:
        faults = _amount_faults(self.amount)
        faults += within("year_digit", self.year_digit, 0, 9)
        refuse("payment id", faults + within("period", self.period, 0, 99))

    @property
    def text(self) -> str:
        """The id, 6 to 13 digits without leading zeros."""
        body = f"{self.amount // AMOUNT_UNIT}{self.year_digit}{self.period:02}"
        checked = f"{body}{check_digit(body)}"
        return f"{checked}{check_digit(self.bill.text + checked)}"

    @property
    def barcode(self) -> str:
        """The barcode, 26 digits."""
        return self.bill.text.zfill(DIGITS_MAX) + self.text.zfill(DIGITS_MAX)


def parse_bill_id(text: str, accepted: Accepted = ANY) -> BillId:
    """A bill id that is right in itself. Raises IdentifierInvalid with every fault."""
    refuse("bill id", bill_faults(text, accepted))
    return _bill(text)


def parse_pair(bill_id: str, payment_id: str, accepted: Accepted = ANY) -> PaymentId:
    """A payment id that fits its bill id. Raises IdentifierInvalid with every fault.

    That it fits proves nothing: look up whether this pair was issued, and what has become of it.
    """
    refuse("pair of bill id and payment id", pair_faults(bill_id, payment_id, accepted))
    return _pair(bill_id, payment_id)


def parse_barcode(text: str, accepted: Accepted = ANY) -> PaymentId:
    """The pair that a barcode of 26 digits carries. Raises IdentifierInvalid with every fault."""
    refuse("barcode", barcode_faults(text, accepted))
    return _pair(text[:DIGITS_MAX], text[DIGITS_MAX:])


def _pair(bill_id: str, payment_id: str) -> PaymentId:
    digits = latin_digits(payment_id)
    amount = int(digits[:-TAIL]) * AMOUNT_UNIT
    return PaymentId(_bill(bill_id), amount, int(digits[-5]), int(digits[-4:-2]))


def _bill(text: str) -> BillId:
    digits = latin_digits(text)
    return BillId(int(digits[:-TAIL]), digits[-5:-2], int(digits[-2]))


def _amount_faults(amount: int) -> list[Fault]:
    if amount <= 0:
        message = f"{amount} rials cannot be asked for: issue no payment id"
        return [Fault(Reason.AMOUNT_ZERO, "amount", 0, message)]
    faults = []
    if amount % AMOUNT_UNIT:
        message = f"{amount} rials are not whole thousands: round first, and carry the remainder"
        faults.append(Fault(Reason.AMOUNT_NOT_WHOLE, "amount", 0, message))
    if amount > AMOUNT_MAX:
        message = f"{amount} rials are more than {AMOUNT_MAX}, the most that eight digits can say"
        faults.append(Fault(Reason.AMOUNT_TOO_LARGE, "amount", 0, message))
    return faults
