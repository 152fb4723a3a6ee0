"""How a provider lets credits pay: its strategies, one JSON object, every key known.

    {
      "default": "bill_paid",
      "strategies": [
        {"name": "bill_paid", "kind": "exact_document", "rest": "by_law"},
        {"name": "by_law", "kind": "statutory_ru", "limit_months": 36},
        {"name": "water_first", "kind": "priority_table", "services": ["water", "waste"]},
        {"name": "newest", "kind": "current_first"},
        {"name": "shares", "kind": "pro_rata", "over": "document"}
      ]
    }

A strategy has a number: its place in the list, from 1; 0 is `oldest_first`, which every provider
has. Credits keep the number, so the list is only ever added to. What is left out has the default
of its class below.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.policy_json import among, json_tree, known_object, shown, whole
from billcore.core.accounts.services import SERVICE_FORM, is_service

TEXT_MAX = 20_000
"""An allocation policy is at most this many characters of JSON."""
STRATEGIES_MAX = 100
SERVICES_MAX = 64
"""Services that a priority table names at most."""
LIMIT_MONTHS_MAX = 1_200

FIELD = "allocation"


class StrategyKind(StrEnum):
    """The order in which a credit pays open items; ties go by due day, order of issue, part.

    EXACT_DOCUMENT: the document that the payment refers to, then by the strategy `rest`.
    OLDEST_FIRST: by due day, then order of issue. CURRENT_FIRST: the other way round, but the
    parts of an item in their order. PRO_RATA: divided by what of each part is open. PRIORITY_TABLE:
    by service, in the order of a table, inside a service by age. STATUTORY_RU: principal before
    penalty; the period that the payment refers to, then the oldest that is not time-barred; inside
    a period pro rata.
    """

    EXACT_DOCUMENT = "exact_document"
    OLDEST_FIRST = "oldest_first"
    CURRENT_FIRST = "current_first"
    PRO_RATA = "pro_rata"
    PRIORITY_TABLE = "priority_table"
    STATUTORY_RU = "statutory_ru"


class Over(StrEnum):
    """What PRO_RATA divides a credit over."""

    DOCUMENT = "document"  # one document after another, the oldest first
    ACCOUNT = "account"  # all that is open at once


_OWN_KEYS: Mapping[StrategyKind, tuple[str, ...]] = {
    StrategyKind.EXACT_DOCUMENT: ("rest",),
    StrategyKind.PRO_RATA: ("over",),
    StrategyKind.PRIORITY_TABLE: ("services",),
    StrategyKind.STATUTORY_RU: ("limit_months",),
}


_BY_PARTS = (StrategyKind.PRO_RATA, StrategyKind.PRIORITY_TABLE, StrategyKind.STATUTORY_RU)


@dataclass(frozen=True, slots=True)
class Strategy:
    """A strategy by name. rest: of EXACT_DOCUMENT; over: of PRO_RATA.

    services: of PRIORITY_TABLE, the names of those that are paid first, in order; all others come
    after them. limit_months: of STATUTORY_RU, an item that has been due for longer on the day of
    the credit is time-barred and not paid unless the payer names it; 0: none ever is.
    """

    name: str
    kind: StrategyKind
    rest: str = ""
    over: Over = Over.DOCUMENT
    services: tuple[str, ...] = ()
    limit_months: int = 0

    def as_dict(self) -> dict[str, object]:
        """The strategy as it stands in a policy."""
        own = {key: getattr(self, key) for key in _OWN_KEYS.get(self.kind, ())}
        return {"name": self.name, "kind": self.kind, **own}


OLDEST_FIRST = Strategy("oldest_first", StrategyKind.OLDEST_FIRST)
"""The strategy of number 0."""


def by_parts(strategies: Sequence[Strategy]) -> list[bool]:
    """Of each strategy by number, whether it, or its rest, asks what the parts of an item are."""
    named = {strategy.name: strategy for strategy in strategies}
    return [named.get(one.rest, one).kind in _BY_PARTS for one in strategies]


@dataclass(frozen=True, slots=True)
class AllocationPolicy:
    """strategies: by number from 0. default: the name of that by which payments are allocated."""

    strategies: tuple[Strategy, ...] = (OLDEST_FIRST,)
    default: str = OLDEST_FIRST.name

    def number(self, name: str) -> int:
        """The number of a strategy. Raises PolicyInvalid."""
        for number, strategy in enumerate(self.strategies):
            if strategy.name == name:
                return number
        raise PolicyInvalid(f"{FIELD}.strategies", f"{shown(name)} is not there.", self.names)

    @property
    def default_number(self) -> int:
        """The number of the strategy by which payments are allocated."""
        return self.number(self.default)

    @property
    def names(self) -> list[str]:
        """Names in the order of numbers."""
        return [strategy.name for strategy in self.strategies]

    def as_dict(self) -> dict[str, object]:
        """The policy in JSON's types."""
        listed = [strategy.as_dict() for strategy in self.strategies[1:]]
        return {"default": self.default, "strategies": listed}

    @property
    def text(self) -> str:
        """The canonical JSON: keys sorted, no spaces."""
        return json.dumps(self.as_dict(), sort_keys=True, separators=(",", ":"))

    def check_follows(self, before: "AllocationPolicy") -> None:
        """Raises PolicyInvalid unless each number still means what it meant before."""
        for at, old in enumerate(before.strategies[1:]):
            if self.strategies[1:][at : at + 1] != (old,):
                raise PolicyInvalid(
                    f"{FIELD}.strategies[{at}]",
                    f"it was {shown(old.as_dict())}, and credits may have been allocated by it: "
                    "strategies are only added behind the others.",
                )


def parse_allocation(text: str) -> AllocationPolicy:
    """The policy of a JSON text; "" has every default. Raises PolicyInvalid with the place."""
    if len(text) > TEXT_MAX:
        raise PolicyInvalid(FIELD, f"it has {len(text)} characters, at most {TEXT_MAX}.")
    return allocation_of(json_tree(text or "{}", FIELD))


def allocation_of(tree: object) -> AllocationPolicy:
    """The policy of a JSON tree. Raises PolicyInvalid with the place."""
    given = known_object(tree, FIELD, ["default", "strategies"])
    listed = given.get("strategies", [])
    place = f"{FIELD}.strategies"
    if not isinstance(listed, list) or len(listed) > STRATEGIES_MAX:
        raise PolicyInvalid(place, f"it is a list of at most {STRATEGIES_MAX} strategies.")
    strategies = [OLDEST_FIRST]
    for at, one in enumerate(listed):
        strategies.append(_strategy(one, f"{place}[{at}]", strategies))
    _check_rests(strategies, place)
    names = [strategy.name for strategy in strategies]
    default = among(given.get("default", OLDEST_FIRST.name), f"{FIELD}.default", names)
    return AllocationPolicy(tuple(strategies), default)


def _strategy(value: object, place: str, before: Sequence[Strategy]) -> Strategy:
    every = ["name", "kind", *(key for keys in _OWN_KEYS.values() for key in keys)]
    tree = known_object(value, place, every)
    name = _name(tree.get("name"), f"{place}.name", [strategy.name for strategy in before])
    kind = StrategyKind(among(tree.get("kind"), f"{place}.kind", [*StrategyKind]))
    known_object(value, place, ["name", "kind", *_OWN_KEYS.get(kind, ())])
    own: dict[str, Any] = {}
    match kind:
        case StrategyKind.EXACT_DOCUMENT:
            own["rest"] = tree.get("rest", OLDEST_FIRST.name)
        case StrategyKind.PRO_RATA:
            own["over"] = Over(among(tree.get("over", Over.DOCUMENT), f"{place}.over", [*Over]))
        case StrategyKind.PRIORITY_TABLE:
            own["services"] = _services(tree.get("services"), f"{place}.services")
        case StrategyKind.STATUTORY_RU:
            limit = tree.get("limit_months", 0)
            own["limit_months"] = whole(limit, f"{place}.limit_months", 0, LIMIT_MONTHS_MAX)
    return Strategy(name, kind, **own)


def _name(value: object, place: str, taken: Iterable[str]) -> str:
    if not isinstance(value, str) or not re.fullmatch("[a-z][a-z0-9_]{0,59}", value):
        raise PolicyInvalid(place, f"{shown(value)} is no name, as water_first.")
    if value in taken:
        raise PolicyInvalid(place, f"{shown(value)} is the name of a strategy before it.")
    return value


def _services(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= SERVICES_MAX:
        raise PolicyInvalid(place, f"it is a list of 1 to {SERVICES_MAX} names of services.")
    found: list[str] = []
    for at, one in enumerate(value):
        if not isinstance(one, str) or not is_service(one):
            raise PolicyInvalid(f"{place}[{at}]", f"{shown(one)} is not {SERVICE_FORM}.")
        if one in found:
            raise PolicyInvalid(f"{place}[{at}]", f"{shown(one)} stands before it in the table.")
        found.append(one)
    return tuple(found)


def _check_rests(strategies: Sequence[Strategy], place: str) -> None:
    """The rest of an exact document goes by a strategy that is none."""
    exact = StrategyKind.EXACT_DOCUMENT
    names = [strategy.name for strategy in strategies if strategy.kind is not exact]
    for at, strategy in enumerate(strategies[1:]):
        if strategy.kind is exact:
            among(strategy.rest, f"{place}[{at}].rest", names)
