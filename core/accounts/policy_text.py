"""The JSON text of policies: one object, every key known, every number an integer.

Goals: what is wrong is refused with its place (`policies.outsorting.above`) and what is allowed.
What the keys are say the classes: a field with LIMITS is an integer of that range, another a flag.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NoReturn, Protocol

from billcore.core.accounts.errors import PolicyInvalid

FIELD = "policies"

TEXT_MAX = 20_000
"""Policies are at most this many characters of JSON."""


class Limited(Protocol):
    """A dataclass of policies."""

    LIMITS: ClassVar[Mapping[str, tuple[int, int]]]
    __dataclass_fields__: ClassVar[dict[str, Any]]


def tree(text: str, of: type[Limited]) -> dict[str, object]:
    """The object of a JSON text with keys of `of` only; "" is the empty one."""
    if len(text) > TEXT_MAX:
        raise PolicyInvalid(FIELD, f"it has {len(text)} characters, at most {TEXT_MAX}.")
    return _object(_json(text or "{}"), FIELD, of)


def leaves(value: object, place: str, of: type[Limited]) -> dict[str, Any]:
    """The integers and flags of an object of `of`."""
    found = _object(value, place, of)
    return {key: leaf(one, f"{place}.{key}", of, key) for key, one in found.items()}


def leaf(value: object, place: str, of: type[Limited], key: str) -> int:
    """An integer inside its limits, or a flag where there are none."""
    if key not in of.LIMITS:
        if not isinstance(value, bool):
            raise PolicyInvalid(place, f"{shown(value)} is neither true nor false.")
        return value
    least, most = of.LIMITS[key]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise PolicyInvalid(place, f"{shown(value)} is not a whole number of {least}..{most}.")
    return value


def canonical(policies: Limited) -> str:
    """The text that says the same: every key, sorted, no spaces."""
    return json.dumps(dataclasses.asdict(policies), sort_keys=True, separators=(",", ":"))


def shown(value: object) -> str:
    """A value as a message quotes it."""
    return json.dumps(value, ensure_ascii=False)[:40]


def _json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_float=_no_number)
    except RecursionError:
        raise PolicyInvalid(FIELD, "it is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise PolicyInvalid(
            FIELD, f"it is no JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except ValueError:
        raise PolicyInvalid(FIELD, "it has a number of too many digits.") from None


def _pairs(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise PolicyInvalid(f"{FIELD}…{key}", "the key stands twice in its object.")
        found[key] = value
    return found


def _no_number(text: str) -> NoReturn:
    raise PolicyInvalid(FIELD, f"{text[:40]} is no integer: policies have whole numbers only.")


def _object(value: object, place: str, of: type[Limited]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise PolicyInvalid(place, "it is an object of keys and values.")
    known = [f.name for f in dataclasses.fields(of)]
    for key in value:
        if key not in known:
            raise PolicyInvalid(f"{place}.{key[:40]}", "no such key is known.", known)
    return value
