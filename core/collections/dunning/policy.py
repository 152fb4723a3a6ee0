"""A dunning policy: one JSON object, every key known, every number an integer.

    {
      "rank": 10,
      "when": {"services": ["power"], "attribute": "debtor", "words": ["resident"]},
      "customers": ["person"],
      "items": ["bill", "opening"],
      "ends_below": 100,
      "levels": [
        {"name": "reminder", "signal": "reminder", "after_days": 3, "minimum": 500,
         "text": "first_reminder"},
        {"name": "notice", "signal": "notice", "after_days": 10, "wait_days": 7,
         "charge": {"amount": 1500, "code": "notice", "tax": "vat", "tax_per_million": 200000}},
        {"name": "warning", "signal": "cut_off_warning", "after_days": 20, "wait_days": 5},
        {"name": "cut_off", "signal": "cut_off", "after_days": 25, "wait_days": 1,
         "weekdays": [1, 2, 3, 4]}
      ],
      "reconnect": {"text": "reconnected", "charge": {"amount": 5000, "code": "reconnection"}},
      "pauses": {"PROMISE": 14, "HARDSHIP": 180}
    }

Days late count from the day after the due day. What is left out has the default of its class below.
"""

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Any, ClassVar

from billcore.core.accounts.accounts import CUSTOMER_KINDS
from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.late_fees import MILLION, Bears, When
from billcore.core.accounts.late_fees_read import NAME, listed, when_of
from billcore.core.accounts.policy_json import (
    among,
    field_names,
    json_tree,
    known_object,
    shown,
    whole,
)
from billcore.core.accounts.policy_text import TEXT_MAX, leaves
from billcore.core.money import Mode, divide

FIELD = "definition"

CODE = "dunning"
"""Of charges that name no other."""

LEVELS_MAX = 20
PAUSES_MAX = 50
PAUSE_DAYS_MAX = 3_650
TEXT_LENGTH = 60

COUNTED = (Bears.BILL, Bears.OPENING, Bears.ADJUSTMENT, Bears.TRANSFER)
"""What counts as debt where a policy does not say: not the instalments of a plan."""

PAUSE_REASONS = (("COMPLAINT", 60), ("HARDSHIP", 180), ("PROMISE", 14), ("OTHER", 30))
"""Why nothing is done about an account, for how many days at most, where a policy does not say."""


class Signal(IntEnum):
    """What an action tells whoever acts on it; the numbers are kept and travel."""

    REMINDER = 1
    NOTICE = 2
    CUT_OFF_WARNING = 3
    CUT_OFF = 4
    RECONNECT = 5
    SETTLED = 6

    @property
    def word(self) -> str:
        """As in policies and events."""
        return self.name.lower()


LEVEL_SIGNALS = (Signal.REMINDER, Signal.NOTICE, Signal.CUT_OFF_WARNING, Signal.CUT_OFF)
"""Those of levels; the others end an episode."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What an action costs: `amount` minor units before tax, 0: nothing.

    code: of `fee_income:code` in the general ledger; tax: of `tax:tax`, '': there is none.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "amount": (0, 10**15),
        "tax_per_million": (0, MILLION),
    }

    amount: int = 0
    code: str = CODE
    tax: str = ""
    tax_per_million: int = 0

    @property
    def taxed(self) -> int:
        """The tax in minor units, rounded half up once."""
        return divide(self.amount * self.tax_per_million, MILLION, Mode.HALF_UP)

    @property
    def total(self) -> int:
        """With the tax."""
        return self.amount + self.taxed


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a policy.

    after_days: its oldest debt is late so many days at least; wait_days: so many days behind the
    level before; minimum: the debt is at least so much. text: the name of what the customer reads.
    weekdays: on which it is done, 1 is Monday.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "after_days": (1, 3_650),
        "wait_days": (1, 365),
        "minimum": (1, 10**17),
    }

    name: str
    signal: Signal
    after_days: int = 1
    wait_days: int = 1
    minimum: int = 1
    charge: Charge = field(default_factory=Charge)
    text: str = ""
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class Reconnect:
    """What the signal to reconnect costs and says."""

    charge: Charge = field(default_factory=Charge)
    text: str = ""


@dataclass(frozen=True, slots=True)
class DunningPolicy:
    """rank: of several policies that fit an account the one of the least rank is its own; of equal
    ranks the first by name. when, customers: which accounts it fits (none: all). items: what counts
    as debt. ends_below: an episode ends when less than so much is left of what it is about. pauses:
    reasons, and for how many days at most.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "rank": (0, 1_000),
        "ends_below": (1, 10**17),
    }

    levels: tuple[Level, ...]
    rank: int = 100
    when: When = field(default_factory=When)
    customers: tuple[str, ...] = ()
    items: tuple[Bears, ...] = COUNTED
    ends_below: int = 1
    reconnect: Reconnect = field(default_factory=Reconnect)
    pauses: tuple[tuple[str, int], ...] = PAUSE_REASONS

    @property
    def json(self) -> str:
        """The canonical JSON: every key, sorted, no spaces."""
        levels = [dataclasses.asdict(one) | {"signal": one.signal.word} for one in self.levels]
        told = dataclasses.asdict(self) | {"levels": levels, "pauses": dict(self.pauses)}
        return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@lru_cache(maxsize=1_000)
def parse_policy(text: str) -> DunningPolicy:
    """The policy of a JSON text. Raises PolicyInvalid with the place."""
    if len(text) > TEXT_MAX:
        raise PolicyInvalid(FIELD, f"it has {len(text)} characters, at most {TEXT_MAX}.")
    told = known_object(json_tree(text, FIELD), FIELD, field_names(DunningPolicy))
    given = {key: _value(key, value) for key, value in told.items()}
    if "levels" not in given:
        raise PolicyInvalid(f"{FIELD}.levels", "a policy has at least one level.")
    return DunningPolicy(**given)


def _value(key: str, value: object) -> Any:
    place = f"{FIELD}.{key}"
    match key:
        case "levels":
            return _levels(value, place)
        case "when":
            return when_of(value, place)
        case "customers":
            return tuple(listed(value, place, 0, CUSTOMER_KINDS))
        case "items":
            return tuple(Bears(one) for one in listed(value, place, 1, [*Bears]))
        case "reconnect":
            return Reconnect(**_parts(value, place, Reconnect))
        case "pauses":
            return _pauses(value, place)
    return whole(value, place, *DunningPolicy.LIMITS[key])


def _levels(value: object, place: str) -> tuple[Level, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= LEVELS_MAX:
        raise PolicyInvalid(place, f"it is a list of 1 to {LEVELS_MAX} levels.")
    levels: list[Level] = []
    for at, one in enumerate(value):
        levels.append(_level(one, f"{place}[{at}]", levels))
    return tuple(levels)


def _level(value: object, place: str, before: list[Level]) -> Level:
    given = _parts(value, place, Level)
    for key in ("name", "signal"):
        if key not in given:
            raise PolicyInvalid(f"{place}.{key}", "every level has one.")
    level = Level(**given)
    if any(one.name == level.name for one in before):
        raise PolicyInvalid(f"{place}.name", f"{shown(level.name)} is a level before it.")
    if before and level.after_days < before[-1].after_days:
        raise PolicyInvalid(f"{place}.after_days", "it is fewer days than of the level before.")
    signals = [one.signal for one in before]
    if Signal.CUT_OFF in signals:
        raise PolicyInvalid(place, "the cut-off is the last level.")
    if level.signal is Signal.CUT_OFF and Signal.CUT_OFF_WARNING not in signals:
        raise PolicyInvalid(f"{place}.signal", "a cut-off has a cut_off_warning before it.")
    return level


def _parts(value: object, place: str, of: type[Any]) -> dict[str, Any]:
    told = known_object(value, place, field_names(of))
    return {key: _part(key, one, f"{place}.{key}", of) for key, one in told.items()}


def _part(key: str, value: object, place: str, of: type[Any]) -> Any:
    match key:
        case "name":
            return _name(value, place, NAME)
        case "text":
            return _name(value, place, f"({NAME})?")
        case "signal":
            return Signal[among(value, place, [one.word for one in LEVEL_SIGNALS]).upper()]
        case "charge":
            return _charge(value, place)
        case "weekdays":
            return _weekdays(value, place)
    return whole(value, place, *of.LIMITS[key])


def _charge(value: object, place: str) -> Charge:
    told = known_object(value, place, field_names(Charge))
    code = _name(told.pop("code", CODE), f"{place}.code", NAME)
    tax = _name(told.pop("tax", ""), f"{place}.tax", f"({NAME})?")
    found = Charge(**leaves(told, place, Charge), code=code, tax=tax)
    if found.tax_per_million and not found.tax:
        raise PolicyInvalid(f"{place}.tax", "name the tax: its ledger account is tax:name.")
    return found


def _name(value: object, place: str, pattern: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise PolicyInvalid(place, f"{shown(value)} is no name, as first_notice.")
    return value


def _weekdays(value: object, place: str) -> tuple[int, ...]:
    if not isinstance(value, list) or not value:
        raise PolicyInvalid(place, "it is a list of days of the week, 1 is Monday.")
    return tuple(sorted({whole(one, place, 1, 7) for one in value}))


def _pauses(value: object, place: str) -> tuple[tuple[str, int], ...]:
    if not isinstance(value, dict) or not 1 <= len(value) <= PAUSES_MAX:
        raise PolicyInvalid(place, f"it is an object of 1 to {PAUSES_MAX} reasons and days.")
    for code in value:
        if not re.fullmatch("[A-Z][A-Z0-9_]{0,39}", code):
            raise PolicyInvalid(place, f"{shown(code)} is no code, as HARDSHIP.")
    days = {code: whole(one, f"{place}.{code}", 1, PAUSE_DAYS_MAX) for code, one in value.items()}
    return tuple(sorted(days.items()))
