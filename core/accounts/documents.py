"""How a provider's documents look, and what their payment code says: its policy `documents`.

    {"local_digits": false, "receipt_charges": false,
     "seller": {"name": "", "tax_code": "", "address": "", "phone": ""},
     "qr": {"scheme": "none", "bank": "", "bank_name": "", "account": "", "correspondent": ""}}

seller.name "": the provider's own. scheme: none; ids, the barcode of the issued bill and payment
ids; gost (ГОСТ Р 56042: bank is the BIC, account and correspondent have 20 digits); vietqr (bank is
the BIN of six digits). local_digits: numbers have the digits of the language, as ۱۲۳ in Persian.
receipt_charges: receipts say what the bills charged that they pay, with quantities, prices and
taxes, as an invoice does.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.policy_json import among, field_names, known_object, shown
from billcore.core.accounts.policy_text import FIELD
from billcore.core.identifiers import emvco, gost, vietqr
from billcore.core.identifiers.faults import IdentifierInvalid

TEXT_MAX = 160
"""A text of the policy has at most this many characters."""


class QrScheme(StrEnum):
    """What the payment code of a bill is."""

    NONE = "none"
    IDS = "ids"
    GOST = "gost"
    VIETQR = "vietqr"


@dataclass(frozen=True, slots=True)
class SellerPolicy:
    """Who bills, as documents say it; name '': the provider's."""

    name: str = ""
    tax_code: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class QrPolicy:
    """Where the payment code sends money."""

    scheme: QrScheme = QrScheme.NONE
    bank: str = ""
    bank_name: str = ""
    account: str = ""
    correspondent: str = ""


@dataclass(frozen=True, slots=True)
class DocumentPolicy:
    """See the head of this file."""

    local_digits: bool = False
    receipt_charges: bool = False
    seller: SellerPolicy = field(default_factory=SellerPolicy)
    qr: QrPolicy = field(default_factory=QrPolicy)

    def as_dict(self) -> dict[str, object]:
        """The tree of its JSON."""
        return asdict(self)


def documents_of(value: object) -> DocumentPolicy:
    """The policy of a tree of JSON. Raises PolicyInvalid with the place."""
    place = f"{FIELD}.documents"
    given = known_object(value, place, field_names(DocumentPolicy))
    digits, charges = (_flag(given, name, place) for name in ("local_digits", "receipt_charges"))
    seller = SellerPolicy(**_texts(given.get("seller", {}), f"{place}.seller", SellerPolicy))
    return DocumentPolicy(digits, charges, seller, _qr(given.get("qr", {}), f"{place}.qr", seller))


def _flag(given: Mapping[str, object], name: str, place: str) -> bool:
    found = given.get(name, False)
    if not isinstance(found, bool):
        raise PolicyInvalid(f"{place}.{name}", f"{shown(found)} is neither true nor false.")
    return found


def _qr(value: object, place: str, seller: SellerPolicy) -> QrPolicy:
    told = _texts(value, place, QrPolicy)
    scheme = among(told.pop("scheme", QrScheme.NONE.value), f"{place}.scheme", list(QrScheme))
    made = QrPolicy(QrScheme(scheme), **told)
    try:
        payload(made, seller.name or "-", 1, "1", 1)
    except IdentifierInvalid as error:
        raise PolicyInvalid(place, error.message) from None
    return made


def payload(qr: QrPolicy, name: str, amount: int, number: str, bill_id: int) -> str:
    """What the code of a bill says that asks for an amount; '' of the schemes none and ids.

    name: of the seller; amount: minor units, above 0; number: of the account. Raises
    IdentifierInvalid.
    """
    match qr.scheme:
        case QrScheme.GOST:
            said = {"PersAcc": number, "QuittId": str(bill_id)}
            receipt = gost.Receipt(
                name, qr.account, qr.bank_name, qr.bank, qr.correspondent, amount, others=said
            )
            return gost.write(receipt).decode()
        case QrScheme.VIETQR:
            additional = emvco.Additional(bill_number=str(bill_id))
            service = vietqr.Service.ACCOUNT
            code = vietqr.VietQr(service, qr.bank, qr.account, True, amount, additional=additional)
            return vietqr.write(code)
    return ""


def _texts(value: object, place: str, of: type[SellerPolicy | QrPolicy]) -> dict[str, str]:
    given = known_object(value, place, [one.name for one in fields(of)])
    for key, text in given.items():
        if not isinstance(text, str) or len(text) > TEXT_MAX or not text.isprintable():
            raise PolicyInvalid(
                f"{place}.{key}", f"{shown(text)} is no text of {TEXT_MAX} printable characters."
            )
    return {key: str(text) for key, text in given.items()}
