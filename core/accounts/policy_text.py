"""The JSON text of policies: one object, every key known, every number an integer.

Goals: what is wrong is refused with its place (`policies.outsorting.above`) and what is allowed.
What the keys are say the classes: a field with LIMITS is an integer of that range, another a flag.
"""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.policy_json import field_names, json_tree, known_object, shown, whole

FIELD = "policies"

TEXT_MAX = 60_000
"""Policies are at most this many characters of JSON."""


class Limited(Protocol):
    """A dataclass of policies."""

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]]
    __dataclass_fields__: ClassVar[dict[str, Any]]


def tree(text: str, of: type[Limited]) -> dict[str, object]:
    """The object of a JSON text with keys of `of` only; "" is the empty one."""
    if len(text) > TEXT_MAX:
        raise PolicyInvalid(FIELD, f"it has {len(text)} characters, at most {TEXT_MAX}.")
    return known_object(json_tree(text or "{}", FIELD), FIELD, field_names(of))


def leaves(value: object, place: str, of: type[Limited]) -> dict[str, Any]:
    """The integers and flags of an object of `of`."""
    found = known_object(value, place, field_names(of))
    return {key: leaf(one, f"{place}.{key}", of, key) for key, one in found.items()}


def leaf(value: object, place: str, of: type[Limited], key: str) -> int:
    """An integer inside its limits, or a flag where there are none."""
    if key not in of.LIMITS:
        if not isinstance(value, bool):
            raise PolicyInvalid(place, f"{shown(value)} is neither true nor false.")
        return value
    least, most = of.LIMITS[key]
    return whole(value, place, least, most)


def canonical(policies: Limited, **instead: object) -> str:
    """The text that says the same: every key, sorted, no spaces; instead: trees of some keys."""
    told = dataclasses.asdict(policies) | instead
    return json.dumps(told, sort_keys=True, separators=(",", ":"))
