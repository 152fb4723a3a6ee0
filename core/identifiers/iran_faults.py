"""What is wrong with Iranian bill and payment ids: the check digit, and every rule of the layout.

The layout is in `billcore.core.identifiers.iran`. Faults stand in the order of `Reason`,
those of the bill id first. Check 2 is over both ids, so it is tested only against a bill id
without a fault: otherwise it could not say which of them is wrong.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from billcore.core.errors import quoted
from billcore.core.identifiers.digits import first_other, latin_digits
from billcore.core.identifiers.faults import Fault, refuse

BILL, PAYMENT, BARCODE = "bill_id", "payment_id", "barcode"
DIGITS_MIN, DIGITS_MAX = 6, 13
TAIL = 5
"""Digits after the file number of a bill id, and after the amount of a payment id."""
BARCODE_DIGITS = 2 * DIGITS_MAX


class Reason(StrEnum):
    """The broken rule, of an id that is read."""

    NOT_DIGITS = "NOT_DIGITS"
    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    FILE_NUMBER_ZERO = "FILE_NUMBER_ZERO"
    SERVICE_ZERO = "SERVICE_ZERO"
    SERVICE_UNKNOWN = "SERVICE_UNKNOWN"
    COMPANY_OTHER = "COMPANY_OTHER"
    BILL_CHECK = "BILL_CHECK"
    AMOUNT_ZERO = "AMOUNT_ZERO"
    PAYMENT_CHECK_1 = "PAYMENT_CHECK_1"
    PAYMENT_CHECK_2 = "PAYMENT_CHECK_2"
    # of values that are to be written:
    AMOUNT_NOT_WHOLE = "AMOUNT_NOT_WHOLE"
    AMOUNT_TOO_LARGE = "AMOUNT_TOO_LARGE"
    OUT_OF_RANGE = "OUT_OF_RANGE"


class Service(IntEnum):
    """The service types on which the sources agree."""

    WATER = 1
    ELECTRICITY = 2
    GAS = 3
    LANDLINE = 4
    MOBILE = 5
    MUNICIPAL = 6
    TRAFFIC_FINE = 9


SERVICES_DOUBTED = frozenset({7, 8})
"""7 (municipal, new) and 8 (tax) stand in one source only: whoever knows them may accept them."""


def within(field: str, value: int, least: int, most: int) -> list[Fault]:
    """The fault of a number that lies outside its range."""
    if least <= value <= most:
        return []
    message = f"{value} is outside {least} to {most}"
    return [Fault(Reason.OUT_OF_RANGE, field, 0, message)]


def company_faults(field: str, company: str) -> list[Fault]:
    """The fault of a company code that is not three digits."""
    if len(company) == 3 and not first_other(company):
        return []
    message = f"{quoted(company)} is not a company code: give three digits, as 001"
    return [Fault(Reason.OUT_OF_RANGE, field, 0, message)]


@dataclass(frozen=True, slots=True)
class Accepted:
    """Which bill ids are taken: service types 1 to 9, and company codes as 001 (none: any).

    Raises IdentifierInvalid.
    """

    services: frozenset[int] = frozenset(Service)
    companies: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        faults = [f for s in sorted(self.services) for f in within("services", s, 1, 9)]
        for company in sorted(self.companies):
            faults += company_faults("companies", company)
        refuse("choice of bill ids", faults)


ANY = Accepted()
"""Every company, every service on which the sources agree."""


def check_digit(digits: str) -> int:
    """From the right by 2 to 7, again and again; the sum modulo 11: 0 for 0 and 1, else 11 less."""
    weighted = (int(d) * (2 + at % 6) for at, d in enumerate(reversed(digits)))
    rest = sum(weighted) % 11
    return 0 if rest < 2 else 11 - rest


def bill_faults(text: str, accepted: Accepted = ANY) -> list[Fault]:
    """What is wrong with a bill id; zeros may stand before it, up to 13 digits in all."""
    digits = latin_digits(text)
    faults = _shape_faults(digits, BILL)
    if faults:
        return faults
    size, company, service = len(digits), digits[-5:-2], int(digits[-2])
    if not int(digits[:-TAIL]):
        message = "the file number, all digits before the last five, is zero"
        faults.append(Fault(Reason.FILE_NUMBER_ZERO, BILL, 1, message))
    if service not in accepted.services:
        reason = Reason.SERVICE_UNKNOWN if service else Reason.SERVICE_ZERO
        known = ", ".join(map(str, sorted(accepted.services)))
        message = f"service type {service}, the last digit but one, is not among {known}"
        faults.append(Fault(reason, BILL, size - 1, message))
    if accepted.companies and company not in accepted.companies:
        message = f"company {company} issued it, another organisation than {_list(accepted)}"
        faults.append(Fault(Reason.COMPANY_OTHER, BILL, size - 4, message))
    return faults + _check_faults(Reason.BILL_CHECK, BILL, digits, digits[:-1], size)


def payment_faults(text: str, bill_id: str | None = None) -> list[Fault]:
    """What is wrong with a payment id; check 2 is tested if a faultless bill id is given."""
    digits = latin_digits(text)
    faults = _shape_faults(digits, PAYMENT)
    if faults:
        return faults
    size = len(digits)
    if not int(digits[:-TAIL]):
        message = "the amount, all digits before the last five, is zero"
        faults.append(Fault(Reason.AMOUNT_ZERO, PAYMENT, 1, message))
    faults += _check_faults(Reason.PAYMENT_CHECK_1, PAYMENT, digits[:-1], digits[:-2], size - 1)
    if bill_id is not None:
        over = latin_digits(bill_id) + digits[:-1].lstrip("0")
        faults += _check_faults(Reason.PAYMENT_CHECK_2, PAYMENT, digits, over, size)
    return faults


def pair_faults(bill_id: str, payment_id: str, accepted: Accepted = ANY) -> list[Fault]:
    """What is wrong with a bill id and a payment id for it."""
    faults = bill_faults(bill_id, accepted)
    return faults + payment_faults(payment_id, None if faults else bill_id)


def barcode_faults(text: str, accepted: Accepted = ANY) -> list[Fault]:
    """What is wrong with a barcode; positions are those of the barcode."""
    digits = latin_digits(text)
    faults = _digits_faults(digits, BARCODE)
    if faults or len(digits) != BARCODE_DIGITS:
        return faults or [_length_fault(BARCODE, len(digits), BARCODE_DIGITS, BARCODE_DIGITS)]
    found = pair_faults(digits[:DIGITS_MAX], digits[DIGITS_MAX:], accepted)
    return [fault.moved(DIGITS_MAX) if fault.field == PAYMENT else fault for fault in found]


def _list(accepted: Accepted) -> str:
    return ", ".join(sorted(accepted.companies))


def _shape_faults(digits: str, field: str) -> list[Fault]:
    faults = _digits_faults(digits, field)
    if not faults and not DIGITS_MIN <= len(digits) <= DIGITS_MAX:
        faults = [_length_fault(field, len(digits), DIGITS_MIN, DIGITS_MAX)]
    return faults


def _digits_faults(digits: str, field: str) -> list[Fault]:
    at = first_other(digits)
    if not at:
        return []
    message = f"{quoted(digits[at - 1])} is no digit: give digits only"
    return [Fault(Reason.NOT_DIGITS, field, at, message)]


def _length_fault(field: str, size: int, least: int, most: int) -> Fault:
    allowed = f"{least} to {most}" if least < most else str(most)
    message = f"it has {size} digits, {allowed} are needed"
    if size > most:
        return Fault(Reason.TOO_LONG, field, most + 1, message)
    return Fault(Reason.TOO_SHORT, field, 0, message)


def _check_faults(reason: Reason, field: str, digits: str, over: str, at: int) -> list[Fault]:
    given, right = int(digits[-1]), check_digit(over)
    if given == right:
        return []
    words = {
        Reason.BILL_CHECK: "a digit of the bill id is wrong",
        Reason.PAYMENT_CHECK_1: "a digit of the payment id is wrong",
        Reason.PAYMENT_CHECK_2: "a digit is wrong, or the payment id belongs to another bill id",
    }
    message = f"the check digit is {given}, the digits before it give {right}: {words[reason]}"
    return [Fault(reason, field, at, message)]
