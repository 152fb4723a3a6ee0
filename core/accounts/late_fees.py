"""How a provider charges for paying late: its rules, one JSON object, every key known.

    {
      "rules": [
        {"name": "homes", "kind": "bands", "from_day": "2026-01-01",
         "when": {"services": ["heat"], "attribute": "debtor", "words": ["resident"]},
         "rate": {"series": "key_rate", "day": "payment", "cap_per_million": 95000,
                  "cap_until_day": "2026-12-31"},
         "bands": [{"until": 30, "divisor": 0}, {"until": 90, "divisor": 300}, {"divisor": 130}]},
        {"name": "loan", "kind": "interest", "rate": {"per_million": 100000}, "basis": "365"},
        {"name": "daily", "kind": "daily", "per_million": 2000, "past_year_per_million": 3000,
         "year_rule": "from_new_year", "minimum": 100},
        {"name": "monthly", "kind": "percent", "per_million": 100000, "every": "months",
         "compound": "fees"},
        {"name": "free", "kind": "none"}
      ]
    }

The first rule that fits an item is the item's: it fits by the day on which the item is due, by what
the item is, and by agreements of its account. An item that no rule fits bears no fee. Days are ISO
texts, rates integers per million, amounts minor units. What is left out has the default of its
class below. `late_fees_read` reads them, `core/collections/late_fees/` computes.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from billcore.core.store.port import OPEN_DAY
from billcore.core.tariff.ir import Mode

MILLION = 1_000_000
"""Rates are told in parts of this."""


class FeeKind(StrEnum):
    """How a fee grows with the days that an item is late.

    INTEREST: a rate a year. DAILY: a rate a day, another one for arrears of a past year. BANDS: a
    fraction of a rate a day, by how many days it is late. PERCENT: a rate a step, of days or
    months, or once. NONE: there is no fee.
    """

    NONE = "none"
    INTEREST = "interest"
    DAILY = "daily"
    BANDS = "bands"
    PERCENT = "percent"


class Bears(StrEnum):
    """What items can bear fees. Late fees and other fees never do."""

    BILL = "bill"
    OPENING = "opening"
    ADJUSTMENT = "adjustment"
    TRANSFER = "transfer"
    INSTALMENT = "instalment"


class RateDay(StrEnum):
    """Which day's rate counts: that of each late day, or for all of them that of the payment."""

    EACH = "each"
    PAYMENT = "payment"


class Basis(StrEnum):
    """The days of a year that a yearly rate is divided by; ACTUAL: those of the day's own year."""

    DAYS_365 = "365"
    DAYS_360 = "360"
    ACTUAL = "actual"


class YearRule(StrEnum):
    """From when arrears that are due in a past year bear the other rate.

    FROM_NEW_YEAR: from the year's first day on. ALL_DAYS: for every day, once the year has ended.
    ONLY_NEW_YEAR: from the year's first day on, and the days before it bear nothing then.
    """

    FROM_NEW_YEAR = "from_new_year"
    ALL_DAYS = "all_days"
    ONLY_NEW_YEAR = "only_new_year"


class Every(StrEnum):
    """How long a step of PERCENT is; ONCE: there is one."""

    ONCE = "once"
    DAYS = "days"
    MONTHS = "months"


class Compound(StrEnum):
    """What a step of PERCENT bears on beside the debt.

    NO: nothing. FULL: the fees of the steps before. FEES: the debt bears in its first step alone,
    later ones bear on the fee; and an item that falls late beside older arrears of its account
    joins their fee, so that its first step's fee bears at once.
    """

    NO = "no"
    FULL = "full"
    FEES = "fees"


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate per million: fixed, or that of a series of reference rates, and so much more.

    cap_per_million: it is never more on days up to cap_until_day; 0: there is no cap. day: of a
    series, and of the cap. Never below 0.
    """

    per_million: int = 0
    series: str = ""
    plus_per_million: int = 0
    cap_per_million: int = 0
    cap_until_day: int = OPEN_DAY
    day: RateDay = RateDay.EACH


@dataclass(frozen=True, slots=True)
class Band:
    """Late days up to the one numbered `until`, behind the band before; 0: all that follow.

    Each bears the rate divided by `divisor`; 0: nothing.
    """

    until: int = 0
    divisor: int = 0


@dataclass(frozen=True, slots=True)
class When:
    """Of which accounts: those with an agreement for one of the services (none: any) of which the
    attribute has one of the words on the day on which the item is due."""

    services: tuple[str, ...] = ()
    attribute: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LateFeeRule:
    """A rule. Days are ordinals, both ends included; counted from the day after the due day.

    items: what bears fees by it. payment_day: whether the day of payment is late, too. grace_days:
    so many late days bear nothing; grace_counts: but once they have passed they do. (BANDS say it
    themselves; of PERCENT the first step begins behind them.) minimum: a fee above 0 is at least
    this. unit, mode: an item's whole fee is rounded once, to multiples of unit.

    rate, basis: of INTEREST; rate, bands: of BANDS. per_million: of DAILY, of PERCENT;
    past_year_per_million (-1: the same), year_rule: of DAILY. every, step_days, at_once (the first
    step counts when it begins, not when it ends), most_steps (0: no limit), compound: of PERCENT.
    """

    name: str
    kind: FeeKind
    from_day: int = 1
    until_day: int = OPEN_DAY
    when: When = field(default_factory=When)
    items: tuple[Bears, ...] = (Bears.BILL, Bears.OPENING)
    payment_day: bool = True
    grace_days: int = 0
    grace_counts: bool = False
    minimum: int = 0
    unit: int = 1
    mode: Mode = Mode.HALF_UP
    rate: Rate = field(default_factory=Rate)
    basis: Basis = Basis.DAYS_365
    per_million: int = 0
    past_year_per_million: int = -1
    year_rule: YearRule = YearRule.FROM_NEW_YEAR
    bands: tuple[Band, ...] = ()
    every: Every = Every.ONCE
    step_days: int = 0
    at_once: bool = True
    most_steps: int = 0
    compound: Compound = Compound.NO

    @property
    def past_year(self) -> int:
        """The rate of arrears of a past year."""
        return self.per_million if self.past_year_per_million < 0 else self.past_year_per_million

    def as_dict(self) -> dict[str, object]:
        """The rule as it stands in policies."""
        return {key: _told(key, getattr(self, key)) for key in keys_of(self.kind)}

    @property
    def text(self) -> str:
        """The canonical JSON: keys sorted, no spaces."""
        return json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class LateFeePolicy:
    """The rules, in their order."""

    rules: tuple[LateFeeRule, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The policy in JSON's types."""
        return {"rules": [rule.as_dict() for rule in self.rules]}


_SHARED = ("name", "kind", "from_day", "until_day", "when", "items")
_CHARGED = ("payment_day", "minimum", "unit", "mode")
_GRACE = ("grace_days", "grace_counts")
_OWN: Mapping[FeeKind, tuple[str, ...]] = {
    FeeKind.NONE: (),
    FeeKind.INTEREST: (*_CHARGED, *_GRACE, "rate", "basis"),
    FeeKind.DAILY: (*_CHARGED, *_GRACE, "per_million", "past_year_per_million", "year_rule"),
    FeeKind.BANDS: (*_CHARGED, "rate", "bands"),
    FeeKind.PERCENT: (
        *_CHARGED, "grace_days", "per_million", "every", "step_days", "at_once", "most_steps",
        "compound",
    ),
}  # fmt: skip
DAYS = ("from_day", "until_day", "cap_until_day")
"""The keys that have days; an end that is open is the empty text."""


def keys_of(kind: FeeKind) -> tuple[str, ...]:
    """The keys that a rule of a kind has."""
    return (*_SHARED, *_OWN[kind])


def _told(key: str, value: Any) -> object:
    if key in DAYS:
        return "" if value in (1, OPEN_DAY) else date.fromordinal(value).isoformat()
    match value:
        case Mode():
            return value.name.lower()
        case Rate() | When():
            return {name: _told(name, one) for name, one in asdict(value).items()}
        case tuple():
            return [asdict(one) if isinstance(one, Band) else one for one in value]
    return value


@dataclass(frozen=True, slots=True)
class DepositPolicy:
    """What deposits bear: a yearly rate by the days of `basis`, for every day from the day after
    the money came to the day on which it went; rounded once, to multiples of `unit`."""

    rate: Rate = field(default_factory=Rate)
    basis: Basis = Basis.DAYS_365
    unit: int = 1
    mode: Mode = Mode.HALF_UP

    def as_dict(self) -> dict[str, object]:
        """The policy in JSON's types."""
        names = ("rate", "basis", "unit", "mode")
        return {key: _told(key, getattr(self, key)) for key in names}

    @property
    def rule(self) -> LateFeeRule:
        """The same as a rule of interest: what is held is as a debt that is late."""
        return LateFeeRule(
            "deposit",
            FeeKind.INTEREST,
            rate=self.rate,
            basis=self.basis,
            unit=self.unit,
            mode=self.mode,
        )
