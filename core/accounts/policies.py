"""A provider's policies: one JSON object, every key known, every number an integer.

    {
      "reading_window": {"first_day": 20, "last_day": 25, "customer_readings": true},
      "plausibility": {"low_percent": 20, "high_percent": 300, "periods": 6},
      "estimation": ["last_year", "recent", "similar"],
      "due_days": 15,
      "automatic_approval": false,
      "outsorting": {"zero": false, "negative": true, "above": 0, "average_bills": 6,
        "above_average_percent": 0, "usage_above_percent": 0, "estimates": 0,
        "new_customer": false, "tariff_changed": false},
      "taxes": ["duty", "vat"],
      "correction_reasons": ["METER_READING", "TARIFF", "OTHER"],
      "evidence_required": true,
      "reversal_fees": {"cancelled": 0, "dishonoured": 0, "chargeback": 0, "returned": 0},
      "payable": {"unit": 1, "mode": "floor"},
      "payment_ids": {"company": 0, "service": 1},
      "allocation": {"default": "oldest_first", "strategies": []},
      "late_fees": {"rules": []},
      "cases": {"hours": 24, "evidence_pauses": true, "approval_above": 0, "notice_days": 3,
        "transit_days": 1, "reopen_days": 30, "evidence_days": 3650, "provisional_credit": false},
      "documents": {"local_digits": false, "receipt_charges": false,
        "seller": {"name": "", "tax_code": "", "address": "", "phone": ""},
        "qr": {"scheme": "none", "bank": "", "bank_name": "", "account": "", "correspondent": ""}},
      "instalments": {"most": 12, "most_days": 400, "least": 1, "unit": 1, "rest_first": true,
        "grace_days": 7, "approval_above": 0},
      "deposits": {"rate": {"per_million": 0}, "basis": "365", "unit": 1, "mode": "half_up"},
      "write_offs": {"approval_above": 0, "recover": true},
      "norms": [],
      "early_warning": {"last_bills": 6, "growth_days": 90, "returned_days": 365,
        "supply_days": 30, "charge_days": 180}
    }

What is left out has the default of its class below.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

from billcore.core.accounts.allocation import AllocationPolicy, allocation_of
from billcore.core.accounts.collecting import InstalmentPolicy, WriteOffPolicy
from billcore.core.accounts.documents import DocumentPolicy, documents_of
from billcore.core.accounts.early_warning import EarlyWarning, early_warning_of
from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.late_fees import DepositPolicy, LateFeePolicy
from billcore.core.accounts.late_fees_read import deposits_of, late_fees_of
from billcore.core.accounts.norms import Norm, norms_of
from billcore.core.accounts.policy_json import field_names, known_object, shown
from billcore.core.accounts.policy_text import FIELD, canonical, leaf, leaves, tree
from billcore.core.identifiers.iran import AMOUNT_UNIT
from billcore.core.identifiers.payable import PayableMode

ESTIMATIONS = ("last_year", "recent", "similar")
"""How usage is estimated: as in the same days of last year; as in the last periods; as the accounts
of the same tariff and cycle used."""

CORRECTION_REASONS = (
    "METER_READING",
    "TARIFF",
    "ATTRIBUTE",
    "DUPLICATE",
    "WRONG_ACCOUNT",
    "CUSTOMER_MOVED",
    "OTHER",
)
"""Why bills are corrected, where a provider has no list of its own."""

CORRECTION_REASONS_MAX = 100


@dataclass(frozen=True, slots=True)
class ReadingWindow:
    """The days of a month, in the provider's calendar, on which readings are taken.

    first_day above last_day: the window goes over the end of the month. customer_readings:
    whether customers may read for themselves.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {"first_day": (1, 31), "last_day": (1, 31)}

    first_day: int = 1
    last_day: int = 31
    customer_readings: bool = False


@dataclass(frozen=True, slots=True)
class Plausibility:
    """Usage a day beyond these percentages of that of the last `periods` is doubtful."""

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "low_percent": (0, 100),
        "high_percent": (100, 100_000),
        "periods": (1, 24),
    }

    low_percent: int = 20
    high_percent: int = 300
    periods: int = 6


@dataclass(frozen=True, slots=True)
class Outsorting:
    """Which bills of a run are held until somebody looks at them. 0 and false: not for this.

    zero, negative: those that come to nothing, or less; above: those that come to more than so many
    minor units. above_average_percent: those that come to more than so many percent of what the
    account's last `average_bills` bills of days came to, a day; usage_above_percent: the same of
    each quantity that an agreement used. estimates: those that close with an estimated reading
    which is the how many-th in a row, or a later one. new_customer: the first bill of an account.
    tariff_changed: those of another tariff, or version of it, than the agreement's bill before, and
    those within whose days the tariff changes or a version comes into force.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "above": (0, 10**17),
        "average_bills": (1, 24),
        "above_average_percent": (0, 100_000),
        "usage_above_percent": (0, 100_000),
        "estimates": (0, 24),
    }

    zero: bool = False
    negative: bool = True
    above: int = 0
    average_bills: int = 6
    above_average_percent: int = 0
    usage_above_percent: int = 0
    estimates: int = 0
    new_customer: bool = False
    tariff_changed: bool = False


@dataclass(frozen=True, slots=True)
class ReversalFees:
    """What an account is charged when a payment of it is taken back, in minor units; 0: nothing."""

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "cancelled": (0, 10**17),
        "dishonoured": (0, 10**17),
        "chargeback": (0, 10**17),
        "returned": (0, 10**17),
    }

    cancelled: int = 0
    dishonoured: int = 0
    chargeback: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Payable:
    """What customers are asked for: multiples of `unit` minor units, `mode` of what they owe; the
    rest stays owed and is in what the next bill asks for."""

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {"unit": (1, 10**9)}

    unit: int = 1
    mode: PayableMode = PayableMode.FLOOR


@dataclass(frozen=True, slots=True)
class PaymentIds:
    """Which Iranian bill and payment ids are issued with bills: of the three digits of a company
    and a service, see `identifiers.iran`. company 0: none are. The unit of what is asked for is
    then in whole thousands of rial."""

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {"company": (0, 999), "service": (1, 9)}

    company: int = 0
    service: int = 1


@dataclass(frozen=True, slots=True)
class CasePolicy:
    """Correction cases. hours: of the wall clock from a case's registration to its correction;
    evidence_pauses: not while evidence lacks. approval_above: who corrects by more than so many
    minor units needs somebody else's approval. notice_days: who loses money that is spent is told
    so long before. transit_days: so long money may be on its way where no channel's terms say it.
    reopen_days: a case is reopened so long after its end. evidence_days: evidence is kept so long.
    provisional_credit: whether an account may be credited while finance looks for the money.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "hours": (1, 8_760),
        "approval_above": (0, 10**17),
        "notice_days": (0, 90),
        "transit_days": (0, 60),
        "reopen_days": (0, 3_650),
        "evidence_days": (1, 36_500),
    }

    hours: int = 24
    evidence_pauses: bool = True
    approval_above: int = 0
    notice_days: int = 3
    transit_days: int = 1
    reopen_days: int = 30
    evidence_days: int = 3_650
    provisional_credit: bool = False


@dataclass(frozen=True, slots=True)
class Policies:
    """estimation: what is tried, in order; empty: nothing is estimated.

    due_days: from the day of issue to the day on which a bill is due. taxes: the lines, or groups
    of lines, that are collected for somebody else and post to `tax:…`; others are revenue.
    automatic_approval: runs are rated, approved and frozen in one go, but for what is outsorted.
    correction_reasons: the codes of which a correction of bills names one. evidence_required: it
    also says why in words, and refers to at least one piece of evidence. norms: what quantities
    would have been without meters, see `norms`.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {"due_days": (0, 365)}

    reading_window: ReadingWindow = field(default_factory=ReadingWindow)
    plausibility: Plausibility = field(default_factory=Plausibility)
    estimation: tuple[str, ...] = ESTIMATIONS
    outsorting: Outsorting = field(default_factory=Outsorting)
    automatic_approval: bool = False
    due_days: int = 15
    taxes: tuple[str, ...] = ()
    correction_reasons: tuple[str, ...] = CORRECTION_REASONS
    evidence_required: bool = True
    reversal_fees: ReversalFees = field(default_factory=ReversalFees)
    payable: Payable = field(default_factory=Payable)
    payment_ids: PaymentIds = field(default_factory=PaymentIds)
    allocation: AllocationPolicy = field(default_factory=AllocationPolicy)
    late_fees: LateFeePolicy = field(default_factory=LateFeePolicy)
    cases: CasePolicy = field(default_factory=CasePolicy)
    instalments: InstalmentPolicy = field(default_factory=InstalmentPolicy)
    deposits: DepositPolicy = field(default_factory=DepositPolicy)
    write_offs: WriteOffPolicy = field(default_factory=WriteOffPolicy)
    documents: DocumentPolicy = field(default_factory=DocumentPolicy)
    norms: tuple[Norm, ...] = ()
    early_warning: EarlyWarning = field(default_factory=EarlyWarning)

    @property
    def text(self) -> str:
        """The canonical JSON: every key, sorted, no spaces."""
        return canonical(
            self,
            allocation=self.allocation.as_dict(),
            late_fees=self.late_fees.as_dict(),
            deposits=self.deposits.as_dict(),
            documents=self.documents.as_dict(),
            norms=[norm.as_dict() for norm in self.norms],
            early_warning=self.early_warning.as_dict(),
        )


@lru_cache(maxsize=1_000)
def parse_policies(text: str) -> Policies:
    """The policies of a JSON text; "" has every default. Raises PolicyInvalid with the place."""
    given: dict[str, Any] = {}
    for key, value in tree(text, Policies).items():
        place = f"{FIELD}.{key}"
        match key:
            case "reading_window":
                given[key] = ReadingWindow(**leaves(value, place, ReadingWindow))
            case "plausibility":
                given[key] = Plausibility(**leaves(value, place, Plausibility))
            case "outsorting":
                given[key] = Outsorting(**leaves(value, place, Outsorting))
            case "reversal_fees":
                given[key] = ReversalFees(**leaves(value, place, ReversalFees))
            case "allocation":
                given[key] = allocation_of(value)
            case "late_fees":
                given[key] = late_fees_of(value)
            case "documents":
                given[key] = documents_of(value)
            case "early_warning":
                given[key] = early_warning_of(value)
            case "payable":
                given[key] = _payable(value, place)
            case "cases":
                given[key] = CasePolicy(**leaves(value, place, CasePolicy))
            case "deposits":
                given[key] = deposits_of(value, place)
            case "write_offs":
                given[key] = WriteOffPolicy(**leaves(value, place, WriteOffPolicy))
            case "instalments":
                given[key] = InstalmentPolicy(**leaves(value, place, InstalmentPolicy))
            case "payment_ids":
                given[key] = PaymentIds(**leaves(value, place, PaymentIds))
            case "norms":
                given[key] = norms_of(value, place)
            case "estimation":
                given[key] = _estimation(value, place)
            case "taxes":
                given[key] = _names(value, place)
            case "correction_reasons":
                given[key] = _codes(value, place)
            case _:
                given[key] = leaf(value, place, Policies, key)
    found = Policies(**given)
    if found.payment_ids.company and found.payable.unit % AMOUNT_UNIT:
        raise PolicyInvalid(
            f"{FIELD}.payable.unit", f"payment ids are issued: it is a multiple of {AMOUNT_UNIT}."
        )
    return found


def _payable(value: object, place: str) -> Payable:
    given = known_object(value, place, field_names(Payable))
    modes = [mode.value for mode in PayableMode]
    mode = given.get("mode", PayableMode.FLOOR.value)
    if mode not in modes:
        raise PolicyInvalid(f"{place}.mode", f"{shown(mode)} is no way of rounding.", modes)
    unit = leaf(given.get("unit", 1), f"{place}.unit", Payable, "unit")
    return Payable(unit, PayableMode(mode))


def _estimation(value: object, place: str) -> tuple[str, ...]:
    words = value if isinstance(value, list) else [value]
    for word in words:
        if not isinstance(word, str) or word not in ESTIMATIONS:
            raise PolicyInvalid(place, f"{shown(word)} is no way of estimating.", ESTIMATIONS)
    if not isinstance(value, list) or len(set(words)) != len(words):
        raise PolicyInvalid(place, "it is a list that has each way at most once.", ESTIMATIONS)
    return tuple(words)


def _names(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise PolicyInvalid(place, "it is a list of names of lines or of groups of lines.")
    for name in value:
        if not isinstance(name, str) or not re.fullmatch("[a-z][a-z0-9_]{0,59}", name):
            raise PolicyInvalid(place, f"{shown(name)} is no name of a line or group.")
    return tuple(dict.fromkeys(value))


def _codes(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= CORRECTION_REASONS_MAX:
        raise PolicyInvalid(place, f"it is a list of 1 to {CORRECTION_REASONS_MAX} codes.")
    for code in value:
        if not isinstance(code, str) or not re.fullmatch("[A-Z][A-Z0-9_]{0,39}", code):
            raise PolicyInvalid(place, f"{shown(code)} is no code, as METER_READING.")
    return tuple(dict.fromkeys(value))
