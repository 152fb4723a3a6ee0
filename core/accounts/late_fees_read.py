"""Rules of late fees, read from a provider's policies: what is wrong is told with its place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.late_fees import (
    DAYS,
    MILLION,
    Band,
    Basis,
    Bears,
    Compound,
    DepositPolicy,
    Every,
    FeeKind,
    LateFeePolicy,
    LateFeeRule,
    Rate,
    RateDay,
    When,
    YearRule,
    keys_of,
)
from billcore.core.accounts.policy_json import (
    among,
    field_names,
    json_tree,
    known_object,
    shown,
    whole,
)
from billcore.core.store.port import OPEN_DAY
from billcore.core.tariff.ir import MODE_BY_NAME

FIELD = "policies.late_fees"

NAME = "[a-z][a-z0-9_]{0,59}"
"""What a rule, a series and an attribute are named by."""

RULES_MAX = 100
BANDS_MAX = 20
WORDS_MAX = 100
"""Services, and words of an attribute, that a rule names at most."""

RATE_MAX = 100 * MILLION
"""A rate is at most a hundred times the debt: a year, a day, a step."""

DAYS_MAX = 36_500
STEPS_MAX = 1_200
AMOUNT_MAX = 10**17


def late_fees_of(value: object) -> LateFeePolicy:
    """The policy of a JSON tree. Raises PolicyInvalid with the place."""
    given = known_object(value, FIELD, field_names(LateFeePolicy)).get("rules", [])
    place = f"{FIELD}.rules"
    if not isinstance(given, list) or len(given) > RULES_MAX:
        raise PolicyInvalid(place, f"it is a list of at most {RULES_MAX} rules.")
    rules: list[LateFeeRule] = []
    for at, one in enumerate(given):
        rules.append(_rule(one, f"{place}[{at}]", [rule.name for rule in rules]))
    return LateFeePolicy(tuple(rules))


def rule_of(text: str) -> LateFeeRule:
    """The rule of a canonical text. Raises PolicyInvalid."""
    return _rule(json_tree(text, FIELD), FIELD, ())


def _rule(value: object, place: str, taken: Sequence[str]) -> LateFeeRule:
    tree = known_object(value, place, field_names(LateFeeRule))
    name, kind = tree.get("name"), among(tree.get("kind"), f"{place}.kind", [*FeeKind])
    if not isinstance(name, str) or not re.fullmatch(NAME, name):
        raise PolicyInvalid(f"{place}.name", f"{shown(name)} is no name, as residents.")
    if name in taken:
        raise PolicyInvalid(f"{place}.name", f"{shown(name)} is the name of a rule before it.")
    known_object(value, place, keys_of(FeeKind(kind)))
    own = {key: _value(key, one, f"{place}.{key}") for key, one in tree.items() if key != "name"}
    rule = LateFeeRule(name=name, **(own | {"kind": FeeKind(kind)}))
    _check(rule, place)
    return rule


_LIMITS: Mapping[str, tuple[int, int]] = {
    "grace_days": (0, DAYS_MAX),
    "minimum": (0, AMOUNT_MAX),
    "unit": (1, 10**9),
    "per_million": (0, RATE_MAX),
    "past_year_per_million": (-1, RATE_MAX),
    "plus_per_million": (-RATE_MAX, RATE_MAX),
    "cap_per_million": (0, RATE_MAX),
    "step_days": (0, DAYS_MAX),
    "most_steps": (0, STEPS_MAX),
    "until": (0, DAYS_MAX),
    "divisor": (0, MILLION),
}

_WORDS: Mapping[str, type[StrEnum]] = {
    "kind": FeeKind, "basis": Basis, "year_rule": YearRule, "every": Every,
    "compound": Compound, "day": RateDay,
}  # fmt: skip


def _value(key: str, value: object, place: str) -> Any:
    if key in _LIMITS:
        return whole(value, place, *_LIMITS[key])
    if key in _WORDS:
        return _WORDS[key](among(value, place, [*_WORDS[key]]))
    if key in DAYS:
        return _day(value, place, 1 if key == "from_day" else OPEN_DAY)
    match key:
        case "mode":
            return MODE_BY_NAME[among(value, place, [*MODE_BY_NAME])]
        case "items":
            return tuple(Bears(one) for one in listed(value, place, 1, [*Bears]))
        case "when":
            return when_of(value, place)
        case "rate":
            return Rate(**_object(value, place, Rate))
        case "bands":
            return _bands(value, place)
        case "series" | "attribute":
            return _name(value, place)
        case "services" | "words":
            return tuple(listed(value, place, 0))
    if not isinstance(value, bool):
        raise PolicyInvalid(place, f"{shown(value)} is neither true nor false.")
    return value


def _name(value: object, place: str) -> str:
    """The name of a series or attribute, or ""."""
    if not isinstance(value, str) or not re.fullmatch(f"({NAME})?", value):
        raise PolicyInvalid(place, f"{shown(value)} is no name, as key_rate.")
    return value


def _object(value: object, place: str, of: type[Any]) -> dict[str, Any]:
    tree = known_object(value, place, [one.name for one in fields(of)])
    return {key: _value(key, one, f"{place}.{key}") for key, one in tree.items()}


def when_of(value: object, place: str) -> When:
    """Of which accounts. Raises PolicyInvalid with the place."""
    when = When(**_object(value, place, When))
    if bool(when.attribute) != bool(when.words):
        raise PolicyInvalid(f"{place}.words", "an attribute has words here, and no words without.")
    return when


def _bands(value: object, place: str) -> tuple[Band, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= BANDS_MAX:
        raise PolicyInvalid(place, f"it is a list of 1 to {BANDS_MAX} bands.")
    bands = [Band(**_object(one, f"{place}[{at}]", Band)) for at, one in enumerate(value)]
    last = 0
    for at, band in enumerate(bands):
        final = at == len(bands) - 1
        if final != (band.until == 0) or (not final and band.until <= last):
            why = "bands grow, and the last one, and no other, has no end: leave it out there."
            raise PolicyInvalid(f"{place}[{at}].until", why)
        last = band.until
    return tuple(bands)


def _check(rule: LateFeeRule, place: str) -> None:
    """What a rule says together."""
    if rule.until_day < rule.from_day:
        raise PolicyInvalid(f"{place}.until_day", "it is before from_day.")
    if rule.kind is FeeKind.BANDS and not rule.bands:
        raise PolicyInvalid(f"{place}.bands", "a rule of bands has at least one.")
    if rule.kind is FeeKind.PERCENT and (rule.every is Every.DAYS) != bool(rule.step_days):
        raise PolicyInvalid(f"{place}.step_days", "steps of days have so many days, at least 1.")
    if rule.rate.series and rule.rate.per_million:
        why = "the rate is that of a series: plus_per_million adds to it."
        raise PolicyInvalid(f"{place}.rate.per_million", why)


def _day(value: object, place: str, none: int) -> int:
    if value == "":
        return none
    try:
        found = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        found = None
    if found is None:
        raise PolicyInvalid(place, f"{shown(value)} is no day, as 2026-01-31.")
    return found.toordinal()


def listed(value: object, place: str, least: int, allowed: Sequence[str] = ()) -> list[str]:
    """A list of so many words, each once, of the allowed ones. Raises PolicyInvalid."""
    if not isinstance(value, list) or not least <= len(value) <= WORDS_MAX:
        raise PolicyInvalid(place, f"it is a list of {least} to {WORDS_MAX} words.", list(allowed))
    for at, one in enumerate(value):
        if not isinstance(one, str) or not 1 <= len(one) <= 60 or one in value[:at]:
            raise PolicyInvalid(f"{place}[{at}]", f"{shown(one)} is no word, or stands twice.")
        if allowed:
            among(one, f"{place}[{at}]", allowed)
    return value


def deposits_of(value: object, place: str = "policies.deposits") -> DepositPolicy:
    """The policy of deposits of a JSON tree. Raises PolicyInvalid with the place."""
    policy = DepositPolicy(**_object(value, place, DepositPolicy))
    if policy.rate.series and policy.rate.per_million:
        why = "the rate is that of a series: plus_per_million adds to it."
        raise PolicyInvalid(f"{place}.rate.per_million", why)
    return policy
