"""VietQR: payment codes of NAPAS (Việt Nam), a profile of EMV QRCPS.

Tag 38 holds the scheme's identifier A000000727 (00), the beneficiary (01: the bank's six digits in
00, account, card or merchant in 01) and the service (02). The bill number is 62.01: the published
example has 0107NPS6869, tag 01 of length 07. NAPAS's printed example of a static account code has
the CRC of a mistyped length; the CRC of the right text is 9E6F.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from billcore.core.errors import quoted
from billcore.core.identifiers import emvco, tlv
from billcore.core.identifiers.emvco import NOTHING, Additional, Payload, Point
from billcore.core.identifiers.emvco_rules import NAPAS, NAPAS_TAG
from billcore.core.identifiers.faults import Fault, refuse
from billcore.core.identifiers.tlv import Reason

BENEFICIARY_MAX = 19
CURRENCY, COUNTRY = "VND", "VN"
WHAT = "VietQR code"


class Service(StrEnum):
    """What is paid: a transfer to an account, a transfer to a card, a payment to a merchant."""

    ACCOUNT = "QRIBFTTA"
    CARD = "QRIBFTTC"
    PAYMENT = "QRPUSH"


@dataclass(frozen=True, slots=True)
class VietQr:
    """A VietQR code. bank: its six digits (BIN); beneficiary: the account, card or merchant.

    amount: dong. category, name and city are required of a payment, a transfer may have them.
    """

    service: Service
    bank: str
    beneficiary: str
    dynamic: bool
    amount: int | None = None
    category: str = ""
    name: str = ""
    city: str = ""
    additional: Additional = NOTHING


def unaccented(text: str) -> str:
    """Vietnamese as codes write it, in ASCII: "Điện lực Cà Mau" is "Dien luc Ca Mau"."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def write(code: VietQr) -> str:
    """The text of a VietQR code. Raises IdentifierInvalid with every fault."""
    refuse(WHAT, _beneficiary_faults(code.bank, code.beneficiary, 0))
    beneficiary = tlv.written((("00", code.bank), ("01", code.beneficiary)))
    account = tlv.written((("00", NAPAS), ("01", beneficiary), ("02", code.service)))
    payload = Payload(
        accounts=((NAPAS_TAG, account),),
        currency=CURRENCY,
        country=COUNTRY,
        point=Point.DYNAMIC if code.dynamic else Point.STATIC,
        amount=code.amount,
        category=code.category,
        name=code.name,
        city=code.city,
        additional=code.additional,
    )
    return emvco.write(payload)


def read(text: str) -> VietQr:
    """What a VietQR code says. Raises IdentifierInvalid with every fault."""
    return of_payload(emvco.read(text))


def is_vietqr(payload: Payload) -> bool:
    """Whether a payment code belongs to VietQR: it has the scheme's identifier in tag 38."""
    children, _ = tlv.read(dict(payload.accounts).get(NAPAS_TAG, ""), NAPAS_TAG)
    return any(child.tag == "00" and child.value == NAPAS for child in children)


def of_payload(payload: Payload) -> VietQr:
    """A payment code as a VietQR code. Raises IdentifierInvalid; positions are those in tag 38."""
    account = dict(payload.accounts).get(NAPAS_TAG, "")
    children, faults = tlv.read(account, NAPAS_TAG)
    values = {child.tag: child for child in children}
    refuse(WHAT, faults + _scheme_faults(payload, {t: c.value for t, c in values.items()}))
    inner = values["01"]
    parts, faults = tlv.read(inner.value, inner.path, inner.position)
    found = {part.tag: part.value for part in parts}
    bank, beneficiary = found.get("00", ""), found.get("01", "")
    refuse(WHAT, faults + _beneficiary_faults(bank, beneficiary, inner.position))
    return VietQr(
        service=Service(values["02"].value),
        bank=bank,
        beneficiary=beneficiary,
        dynamic=payload.dynamic,
        amount=payload.amount,
        category=payload.category,
        name=payload.name,
        city=payload.city,
        additional=payload.additional,
    )


def _scheme_faults(payload: Payload, values: dict[str, str]) -> list[Fault]:
    wanted = (
        (f"{NAPAS_TAG}.00", values.get("00", ""), (NAPAS,)),
        (f"{NAPAS_TAG}.02", values.get("02", ""), tuple(Service)),
        ("53", payload.currency, (CURRENCY,)),
        ("58", payload.country, (COUNTRY,)),
    )
    faults = [
        Fault(Reason.VALUE_INVALID, path, 0, f"{quoted(value)} is not among {', '.join(allowed)}")
        for path, value, allowed in wanted
        if value not in allowed
    ]
    if "01" not in values:
        message = "the beneficiary is missing"
        faults.append(Fault(Reason.TAG_MISSING, f"{NAPAS_TAG}.01", 0, message))
    return faults


def _beneficiary_faults(bank: str, beneficiary: str, position: int) -> list[Fault]:
    faults = []
    if len(bank) != 6 or not (bank.isascii() and bank.isdigit()):
        message = f"{quoted(bank)} is not a bank's number of six digits"
        faults.append(Fault(Reason.VALUE_INVALID, f"{NAPAS_TAG}.01.00", position, message))
    if not (0 < len(beneficiary) <= BENEFICIARY_MAX and beneficiary.isascii()):
        message = (
            f"{quoted(beneficiary)} is not an account, card or merchant of 1 to "
            f"{BENEFICIARY_MAX} characters of ASCII"
        )
        faults.append(Fault(Reason.VALUE_INVALID, f"{NAPAS_TAG}.01.01", position, message))
    return faults
