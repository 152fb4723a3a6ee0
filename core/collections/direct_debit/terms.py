"""How a provider collects through a channel: one JSON object, every key known.

    {
      "creditor": {"id": "DE98ZZZ09999999999", "name": "Wasserwerk", "iban": "DE02…", "bic": ""},
      "version": "pain.008.001.08", "format": "",
      "text": "Bill of account {account}",
      "notice_days": 14, "retry_notice_days": 1, "lead_days": 1,
      "return_days": 7, "refund_days": {"core": 56, "b2b": 0, "domestic": 0},
      "unauthorised_months": 13, "dormant_months": 36, "batch_debits_max": 100000,
      "retries": {"most": 2, "days_apart": 5, "pay_days": []},
      "reasons": {"MS02": "cancel"}
    }

What is left out has the default of its class below. The windows are those of the SEPA rulebooks
(EPC016-06, EPC222-07); banks and countries differ, so all of them are here.
"""

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

from billcore.core.accounts.acting import Write
from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.keeping import keep
from billcore.core.accounts.policy_json import (
    among,
    field_names,
    json_tree,
    known_object,
    shown,
    whole,
)
from billcore.core.accounts.policy_text import TEXT_MAX, leaf, leaves
from billcore.core.collections.direct_debit.bank_details import bic_fault, iban_fault, plain_iban
from billcore.core.collections.direct_debit.errors import DebitTermsMissing
from billcore.core.collections.direct_debit.reasons import REASONS, Action, Reason, reason_of
from billcore.core.collections.direct_debit.states import Scheme
from billcore.core.payments.channels import ChannelKind
from billcore.core.payments.errors import ChannelMisfit
from billcore.core.store.channels import Channel
from billcore.core.store.kept import DEBIT_TERMS
from billcore.core.store.port import Reader

FIELD = "terms"

VERSIONS = ("pain.008.001.02", "pain.008.001.08", "pain.008.001.10")

CREDITOR_ID = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Za-z0-9+?/:().,']{1,28}")
"""A creditor identifier of SEPA (EPC262-08): country, check digits, business code, national id."""

TEXT_LENGTH = 100
PAY_DAYS_MAX = 31


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who collects. id, iban, bic: '' where they are not needed, as in domestic pairs of files."""

    id: str = ""
    name: str = ""
    iban: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True)
class RefundDays:
    """For so many days behind a collection a payer may ask for the money without a reason."""

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "core": (0, 400),
        "b2b": (0, 400),
        "domestic": (0, 400),
    }

    core: int = 56
    b2b: int = 0
    domestic: int = 0

    def of(self, scheme: Scheme) -> int:
        """Those of a scheme."""
        found: int = getattr(self, scheme.name.lower())
        return found


@dataclass(frozen=True, slots=True)
class Retries:
    """most: a debit is tried again so often, whatever the code allows; days_apart: at least so
    many days behind the last try. pay_days: days of the month on which it is tried; none: on
    another day of the week than the last try."""

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {"most": (0, 5), "days_apart": (1, 60)}

    most: int = 2
    days_apart: int = 5
    pay_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DebitTerms:
    """version: of pain.008; format: of the domestic pair of files. text: what payers read, with
    {account} for the number of the account.

    notice_days: a payer is told so many days before, of a retry retry_notice_days; lead_days: the
    bank has the file so many days before. return_days: banks return within so many days.
    unauthorised_months: and so long what was never authorised. dormant_months: a mandate that was
    not used for so long expires. batch_debits_max: debits of a file. reasons: what follows from a
    code, in the place of the table.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "notice_days": (0, 60),
        "retry_notice_days": (0, 60),
        "lead_days": (0, 30),
        "return_days": (0, 30),
        "unauthorised_months": (0, 120),
        "dormant_months": (1, 120),
        "batch_debits_max": (1, 1_000_000),
    }

    creditor: Creditor = field(default_factory=Creditor)
    version: str = "pain.008.001.08"
    format: str = ""
    text: str = "Account {account}"
    notice_days: int = 14
    retry_notice_days: int = 1
    lead_days: int = 1
    return_days: int = 7
    refund_days: RefundDays = field(default_factory=RefundDays)
    unauthorised_months: int = 13
    dormant_months: int = 36
    batch_debits_max: int = 100_000
    retries: Retries = field(default_factory=Retries)
    reasons: tuple[tuple[str, Action], ...] = ()

    @property
    def json(self) -> str:
        """The canonical JSON: every key, sorted, no spaces."""
        told = dataclasses.asdict(self) | {"reasons": dict(self.reasons)}
        return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def reason(self, code: str) -> Reason:
        """What a code means here."""
        found = reason_of(code)
        own = dict(self.reasons).get(code)
        return found if own is None else dataclasses.replace(found, action=own)

    def contingent_days(self, scheme: Scheme) -> int:
        """For so many days behind its collection a debit may be taken back as a matter of course:
        banks return, and payers ask for refunds."""
        return max(self.return_days, self.refund_days.of(scheme))


@lru_cache(maxsize=1_000)
def parse_terms(text: str) -> DebitTerms:
    """The terms of a JSON text; "" has every default. Raises PolicyInvalid with the place."""
    if len(text) > TEXT_MAX:
        raise PolicyInvalid(FIELD, f"it has {len(text)} characters, at most {TEXT_MAX}.")
    told = known_object(json_tree(text or "{}", FIELD), FIELD, field_names(DebitTerms))
    return DebitTerms(**{key: _value(key, value) for key, value in told.items()})


def _value(key: str, value: object) -> Any:
    place = f"{FIELD}.{key}"
    match key:
        case "creditor":
            return _creditor(value, place)
        case "version":
            return among(value, place, VERSIONS)
        case "format":
            return _text(value, place, 40, least=0)
        case "text":
            return _payers_text(value, place)
        case "refund_days":
            return RefundDays(**leaves(value, place, RefundDays))
        case "retries":
            return _retries(value, place)
        case "reasons":
            return _reasons(value, place)
    return leaf(value, place, DebitTerms, key)


def _text(value: object, place: str, most: int, least: int = 1) -> str:
    if not isinstance(value, str) or not least <= len(value) <= most or not value.isprintable():
        raise PolicyInvalid(place, f"{shown(value)} is no text of {least} to {most} characters.")
    return value


def _payers_text(value: object, place: str) -> str:
    text = _text(value, place, TEXT_LENGTH)
    if re.search(r"[{}]", text.replace("{account}", "")):
        raise PolicyInvalid(place, "of braces it has {account} alone.")
    return text


def _creditor(value: object, place: str) -> Creditor:
    told = known_object(value, place, field_names(Creditor))
    values = {key: _text(one, f"{place}.{key}", 70, least=0) for key, one in told.items()}
    made = Creditor(**values)
    made = dataclasses.replace(made, iban=plain_iban(made.iban), bic=made.bic.upper())
    if made.id and not CREDITOR_ID.fullmatch(made.id):
        message = f"{shown(made.id)} is no creditor identifier, as DE98ZZZ09999999999."
        raise PolicyInvalid(f"{place}.id", message)
    for key, fault in (("iban", iban_fault(made.iban)), ("bic", bic_fault(made.bic))):
        if fault:
            raise PolicyInvalid(f"{place}.{key}", fault)
    return made


def _retries(value: object, place: str) -> Retries:
    told = known_object(value, place, field_names(Retries))
    days = told.pop("pay_days", [])
    if not isinstance(days, list) or len(days) > PAY_DAYS_MAX:
        raise PolicyInvalid(f"{place}.pay_days", "it is a list of days of the month.")
    pay_days = tuple(sorted({whole(one, f"{place}.pay_days", 1, 31) for one in days}))
    return Retries(**leaves(told, place, Retries), pay_days=pay_days)


def _reasons(value: object, place: str) -> tuple[tuple[str, Action], ...]:
    told = known_object(value, place, list(REASONS))
    found = [
        (code, Action(among(one, f"{place}.{code}", tuple(Action)))) for code, one in told.items()
    ]
    return tuple(sorted(found))


# -- kept


def terms_of(reader: Reader, provider_id: int, channel: Channel) -> tuple[DebitTerms, int]:
    """A provider's terms with a channel, and their revision; 0: the defaults."""
    text, revision = DEBIT_TERMS.one(reader, provider_id, channel.channel_no)
    return parse_terms(text), revision


def set_terms(
    write: Write, channel: Channel, text: str, revision: int, reason: str = ""
) -> DebitTerms:
    """Sets the terms whose revision the caller has seen; 0: none were set before.

    Raises PolicyInvalid, RevisionConflict, ChannelMisfit.
    """
    check_kind(channel)
    made, key = parse_terms(text), channel.channel_no
    told = "debit_terms.set", f"channel {key} debit terms", reason
    keep(write, DEBIT_TERMS, key, made.json, revision, *told, channel=channel.channel)
    return made


def check_kind(channel: Channel) -> None:
    """Raises ChannelMisfit for a channel that is not one of direct debits."""
    if channel.kind != ChannelKind.DIRECT_DEBIT:
        raise ChannelMisfit(
            "channel", f"{channel.channel} is of the kind {channel.kind}, not direct_debit."
        )


def check_scheme(terms: DebitTerms, channel: str, scheme: Scheme, currency: str) -> None:
    """Raises DebitTermsMissing unless debits of a scheme can be written."""
    if scheme is Scheme.DOMESTIC:
        if not terms.format:
            raise DebitTermsMissing(channel, "a format of the domestic pair of files")
        return
    for name in ("id", "name", "iban"):
        if not getattr(terms.creditor, name):
            raise DebitTermsMissing(channel, f"creditor.{name}")
    if terms.version == "pain.008.001.02" and not terms.creditor.bic:
        raise DebitTermsMissing(channel, "creditor.bic, which pain.008.001.02 needs")
    if currency != "EUR":
        raise DebitTermsMissing(channel, f"a provider in EUR, as SEPA needs, not in {currency}")
