"""Which accounts a payer's text names: a number, an id, a scanned code, a phone number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.errors import quoted
from billcore.core.identifiers.emvco import Payload
from billcore.core.identifiers.gost import Receipt
from billcore.core.identifiers.iran import BillId, PaymentId
from billcore.core.identifiers.recognise import Phone, Rules, recognise
from billcore.core.ids import id_range, owned_id
from billcore.core.payments.codes import Code, TargetKind
from billcore.core.payments.intake.place import Place
from billcore.core.payments.intake.post import Intake, look
from billcore.core.payments.orders import Told, orders
from billcore.core.payments.refusals import TargetUnknown
from billcore.core.store import accounts as rows
from billcore.core.store.port import Reader

ACCOUNTS_MAX = 20
"""A phone number may be so many accounts'; of more, the first."""

COUNTRIES = {"IRR": "98", "RUB": "7", "VND": "84", "CNY": "86", "USD": "1"}
"""Calling codes (ITU-T E.164) by the currency of the provider: how its customers write numbers."""

_ACC_KEYS = ("PersAcc", "Contract", "QuittId")
"""Fields of a receipt's code that may say an account's number (ГОСТ Р 56042-2014)."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names. kind: how it was read; bill_id: the bill that it names, or 0; fixed: the
    only amount that it takes, in minor units, or 0."""

    kind: TargetKind
    account_ids: tuple[int, ...]
    bill_id: int = 0
    fixed: int = 0


def named(reader: Reader, place: Place, kind: TargetKind, text: str, now: int) -> Named:
    """What a target of a payment, or a text of a kind unknown, names.

    now: microseconds since 1970 in UTC. Raises TargetUnknown and what else refuses the target.
    """
    if kind is not TargetKind.TEXT:
        return _target(reader, place, kind, text, now)
    for read_kind, read in _readings(place, text):
        found = _phone(reader, place, read) if isinstance(read, Phone) else None
        if found is None and isinstance(read, str):
            found = _tried(reader, place, read_kind, read, now)
        elif found is None and isinstance(read, BillId):
            found = _subscriber(reader, place, read)
        if found is not None:
            return found
    raise TargetUnknown(f"nothing here is known as {quoted(text)}.", target=text[:100])


def _readings(place: Place, text: str) -> Iterator[tuple[TargetKind, str | Phone | BillId]]:
    """What a text may be, the likeliest first."""
    for reading in recognise(text, Rules(country=COUNTRIES.get(place.currency, ""))):
        match reading.parts:
            case PaymentId() as pair:
                yield TargetKind.DOCUMENT, f"{pair.bill.text}/{pair.text}"
            case BillId() | Phone() as one:
                yield TargetKind.ACCOUNT, one
            case Payload() as payload:
                said = payload.additional
                for number in (said.bill_number, said.reference_label, said.customer_label):
                    yield TargetKind.ACCOUNT, number
            case Receipt() as receipt:
                for key in _ACC_KEYS:
                    yield TargetKind.ACCOUNT, receipt.others.get(key, "")
            case str() as number:
                yield TargetKind.ACCOUNT, number
                yield TargetKind.BILL, number


def _tried(reader: Reader, place: Place, kind: TargetKind, text: str, now: int) -> Named | None:
    try:
        return _target(reader, place, kind, text, now) if text else None
    except TargetUnknown:
        return None


def _target(reader: Reader, place: Place, kind: TargetKind, text: str, now: int) -> Named:
    channel = place.channel
    intake = Intake(
        place.provider_id, now, place.time_zone, place.policies, {channel.channel_no: channel}
    )
    told = Told(channel.channel_no, "asked", kind, text, 1, False, 0)
    found, refusals = look(reader, intake, orders([told]))
    account_id = int(found.account_id[0])
    if not account_id:
        if refusals.code[0] != Code.OK and refusals.code[0] != Code.ACCOUNT_FORMAT:
            raise refusals.error(0)
        raise TargetUnknown(f"nothing here is known as {quoted(text)}.", target=text[:100])
    return Named(kind, (account_id,), int(found.bill_id[0]), int(found.fixed[0]))


def _subscriber(reader: Reader, place: Place, bill: BillId) -> Named | None:
    """The account of a bill id of this provider."""
    own = place.policies.payment_ids
    if int(bill.company) != own.company or bill.service != own.service:
        return None
    account_id = owned_id(place.provider_id, bill.file_no)
    known = rows.known(reader, np.array([account_id]))
    return Named(TargetKind.DOCUMENT, (account_id,)) if account_id in known else None


def _phone(reader: Reader, place: Place, phone: Phone) -> Named | None:
    country = COUNTRIES.get(place.currency, "")
    national = phone.e164.removeprefix(f"+{country}")
    written: Sequence[str] = (phone.e164, phone.e164[1:], f"00{phone.e164[1:]}", f"0{national}")
    first, last = id_range(place.provider_id)
    found = rows.of_phone(reader, written, first, last, ACCOUNTS_MAX)
    return Named(TargetKind.TEXT, tuple(found)) if found else None
