"""When a provider looks at accounts before they are lost: features, points, bands, as data.

    {
      "rules": [{"feature": "days_in_arrears", "at_least": 30, "points": 20}],
      "bands": [{"band": "watch", "at_least": 20}, {"band": "alarm", "at_least": 70}],
      "last_bills": 6,
      "growth_days": 90,
      "returned_days": 365,
      "supply_days": 30,
      "charge_days": 180
    }

Of each feature the rule that asks most and is met gives its points; an account's score is their
sum, its band the last one that it reaches. `core/collections/analytics/scoring.py` computes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.policy_json import among, field_names, known_object, shown, whole

FIELD = "policies.early_warning"

RULES_MAX = 100
BANDS_MAX = 10
BAND = "[a-z][a-z0-9_]{0,29}"


class Feature(StrEnum):
    """What is looked at, as whole numbers at the end of a day.

    DAYS_IN_ARREARS: days since the oldest open item was due. ARREARS: what is open of items that
    are due, minor units. BILLS_IN_ARREARS: bills among them. LATE_BILLS_PERCENT: of the last bills
    that fell due, how many were open behind their due day, in percent, rounded down.
    ARREARS_GROWTH: minor units by which arrears are more than `growth_days` before.
    RETURNED_PAYMENTS: payments that banks took back within `returned_days`. SUPPLY_DAYS_SHORT: of
    accounts that have credit, by how many days it lasts less than `supply_days` at the average
    daily charge of bills issued within `charge_days`.
    """

    DAYS_IN_ARREARS = "days_in_arrears"
    ARREARS = "arrears"
    BILLS_IN_ARREARS = "bills_in_arrears"
    LATE_BILLS_PERCENT = "late_bills_percent"
    ARREARS_GROWTH = "arrears_growth"
    RETURNED_PAYMENTS = "returned_payments"
    SUPPLY_DAYS_SHORT = "supply_days_short"


@dataclass(frozen=True, slots=True)
class WarningRule:
    """A feature of at least so much has so many points."""

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "at_least": (1, 10**17),
        "points": (1, 1_000),
    }

    feature: Feature
    at_least: int
    points: int


@dataclass(frozen=True, slots=True)
class Band:
    """A score of at least so much is of the band."""

    band: str
    at_least: int


def _rules(feature: Feature, *steps: tuple[int, int]) -> tuple[WarningRule, ...]:
    return tuple(WarningRule(feature, *step) for step in steps)


RULES = (
    *_rules(Feature.DAYS_IN_ARREARS, (1, 5), (30, 20), (60, 30), (90, 40)),
    *_rules(Feature.BILLS_IN_ARREARS, (2, 10), (3, 20)),
    *_rules(Feature.LATE_BILLS_PERCENT, (50, 10), (80, 20)),
    *_rules(Feature.ARREARS_GROWTH, (1, 5)),
    *_rules(Feature.RETURNED_PAYMENTS, (1, 10), (2, 20)),
)
BANDS = (Band("watch", 20), Band("warning", 50), Band("alarm", 80))


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """rules: by feature, then by at_least. bands: ascending; what is below the first is in none.

    last_bills: so many of an account's last bills that fell due count; growth_days: arrears are
    compared with those so long before; returned_days: payments taken back count so long;
    supply_days: credit should last so long; charge_days: by the bills issued so long before.
    """

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "last_bills": (1, 60),
        "growth_days": (1, 3_650),
        "returned_days": (1, 3_650),
        "supply_days": (1, 365),
        "charge_days": (1, 3_650),
    }

    rules: tuple[WarningRule, ...] = RULES
    bands: tuple[Band, ...] = BANDS
    last_bills: int = 6
    growth_days: int = 90
    returned_days: int = 365
    supply_days: int = 30
    charge_days: int = 180

    def asks(self, feature: Feature) -> bool:
        """Whether a rule looks at it."""
        return any(rule.feature is feature for rule in self.rules)

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


def early_warning_of(value: object) -> EarlyWarning:
    """The policy of a JSON tree. Raises PolicyInvalid with the place."""
    tree = known_object(value, FIELD, field_names(EarlyWarning))
    given: dict[str, Any] = {
        key: whole(one, f"{FIELD}.{key}", *EarlyWarning.LIMITS[key])
        for key, one in tree.items()
        if key in EarlyWarning.LIMITS
    }
    if "rules" in tree:
        given["rules"] = _read_rules(tree["rules"])
    if "bands" in tree:
        given["bands"] = _read_bands(tree["bands"])
    return EarlyWarning(**given)


def _read_rules(value: object) -> tuple[WarningRule, ...]:
    place = f"{FIELD}.rules"
    found: list[WarningRule] = []
    for at, one in enumerate(_listed(value, place, RULES_MAX)):
        here = f"{place}[{at}]"
        tree = known_object(one, here, field_names(WarningRule))
        feature = Feature(among(tree.get("feature"), f"{here}.feature", [*Feature]))
        numbers = {
            key: whole(tree.get(key), f"{here}.{key}", *limits)
            for key, limits in WarningRule.LIMITS.items()
        }
        rule = WarningRule(feature, **numbers)
        if any((one.feature, one.at_least) == (feature, rule.at_least) for one in found):
            raise PolicyInvalid(f"{here}.at_least", "a rule before it asks for the same.")
        found.append(rule)
    order = list(Feature)
    return tuple(sorted(found, key=lambda rule: (order.index(rule.feature), rule.at_least)))


def _read_bands(value: object) -> tuple[Band, ...]:
    place = f"{FIELD}.bands"
    found: list[Band] = []
    for at, one in enumerate(_listed(value, place, BANDS_MAX)):
        here = f"{place}[{at}]"
        tree = known_object(one, here, field_names(Band))
        name = tree.get("band")
        if not isinstance(name, str) or not re.fullmatch(BAND, name):
            raise PolicyInvalid(f"{here}.band", f"{shown(name)} is no name, as watch.")
        if any(band.band == name for band in found):
            raise PolicyInvalid(f"{here}.band", f"{shown(name)} stands twice.")
        least = whole(tree.get("at_least"), f"{here}.at_least", 1, 1_000_000)
        if found and least <= found[-1].at_least:
            raise PolicyInvalid(f"{here}.at_least", "each band asks for more than the one before.")
        found.append(Band(name, least))
    return tuple(found)


def _listed(value: object, place: str, most: int) -> Sequence[object]:
    if not isinstance(value, list) or len(value) > most:
        raise PolicyInvalid(place, f"it is a list of at most {most} objects.")
    return value
