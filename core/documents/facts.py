"""What documents say: one tree of values for each kind, before any wording.

Money is in minor units, debit positive, where nothing else is said; days are ordinals, 0: none;
times microseconds since 1970 in UTC; quantities exact decimal texts. Texts that are not known are
''. Nothing here is rounded, formatted or translated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class DocumentType(IntEnum):
    """The kinds of documents; the numbers travel and are stored."""

    BILL = 1
    NOTICE = 2
    RECEIPT = 3
    STATEMENT = 4


@dataclass(frozen=True, slots=True)
class Seller:
    """Who bills."""

    name: str
    tax_code: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose account it is. number: of the account, as people see it."""

    account_id: int
    number: str
    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """currency: ISO 4217; digits: of its minor unit."""

    currency: str
    digits: int


@dataclass(frozen=True, slots=True)
class Dial:
    """A reading of a register that closes a period. used: between the two readings, in `unit`."""

    quantity: str
    unit: str
    previous: str
    current: str
    used: str
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Price:
    """quantity x rate, the rate in whole currency for one unit. unit "%": the rate is one of a
    hundred, of other lines, and quantity is ''."""

    quantity: str
    unit: str
    rate: str


@dataclass(frozen=True, slots=True)
class Charge:
    """A line of a bill. labels: by language, as the tariff has them; name: where it has none;
    prices: what it is made of, where it is quantities at rates."""

    name: str
    amount: int
    labels: Mapping[str, str] = field(default_factory=dict)
    is_tax: bool = False
    prices: tuple[Price, ...] = ()


@dataclass(frozen=True, slots=True)
class Supply:
    """What an agreement is charged for some days: (previous_day, this_day].

    service: '' of charges that are about no agreement; quantities: used, by name: (text, unit).
    """

    agreement_no: int
    service: str
    place: str
    address: str
    previous_day: int
    this_day: int
    days: int
    dials: tuple[Dial, ...]
    quantities: tuple[tuple[str, str, str], ...]
    charges: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class PaymentCodes:
    """How a bill is paid. amount: what the codes ask for; qr: what the printed code says."""

    payer_code: str = ""
    payment_code: str = ""
    amount: int = 0
    qr: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill as its customer reads it. kind: regular, final, one_off, credit, correction.

    opening + total = closing: owed before, charged, owed with it; payable: what is asked for, 0:
    nothing. reference: what a one-off bill stands for; cancelled: a credit note takes it back.
    opening + total = closing: owed before, charged, owed with it; payable: what is asked for, 0:
    nothing. reference: what a one-off bill stands for; cancelled: a credit note takes it back.
    instalments: (due day, what is open) of those of a plan that are asked for with it; deferred:
    what is owed of later ones, and not asked for.
    """

    seller: Seller
    payer: Payer
    money: Money
    bill_id: int
    kind: str
    issued_day: int
    due_day: int
    supplies: tuple[Supply, ...]
    opening: int
    total: int
    closing: int
    payable: int
    codes: PaymentCodes = PaymentCodes()
    reference: str = ""
    cancelled: bool = False
    instalments: tuple[tuple[int, int], ...] = ()
    deferred: int = 0

    @property
    def taxes(self) -> int:
        """What of the total is collected for somebody else."""
        lines = (charge for supply in self.supplies for charge in supply.charges)
        return sum(charge.amount for charge in lines if charge.is_tax)

    @property
    def net(self) -> int:
        """The total without taxes."""
        return self.total - self.taxes


@dataclass(frozen=True, slots=True)
class Notice:
    """A request to pay, left with a customer: never a receipt.

    bill: the newest one; balance: what the account owes at `at`; collector: who left it.
    """

    bill: Bill
    balance: int
    payable: int
    at: int
    collector_name: str = ""
    collector_phone: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """A document that a payment pays, and how much of it. kind: as of statements."""

    kind: str
    document_id: int
    day: int
    amount: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """That money was taken. number: of the provider's receipts, without gaps; copy_no 0: the
    original. amount, fee, pays: above 0; balance: what the account owed behind the payment; bills:
    of those that it pays, what they charged, where the provider's receipts say so.

    code: the short verification code; signed: the text that is signed, with its signature, or ''.
    """

    seller: Seller
    payer: Payer
    money: Money
    number: int
    copy_no: int
    channel: str
    reference: str
    amount: int
    fee: int
    paid_at: int
    day: int
    balance: int
    pays: tuple[Paid, ...]
    code: str
    signed: str = ""
    reversed: bool = False
    bills: tuple[Bill, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a statement, and what the account owed after it. kind: of the bill or entry;
    reversal: it takes another entry back."""

    day: int
    kind: str
    reference: str
    amount: int
    balance: int
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """What happened on first_day..last_day; first_day 0: from the beginning. known_at: as known
    then."""

    seller: Seller
    payer: Payer
    money: Money
    first_day: int
    last_day: int
    known_at: int
    opening: int
    closing: int
    entries: tuple[Entry, ...]


Document = Bill | Notice | Receipt | Statement
