"""Policies as JSON: integers only, every key known, every fault told with its place."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any, NoReturn

from billcore.core.accounts.errors import PolicyInvalid


def json_tree(text: str, field: str) -> object:
    """The tree of a JSON text without fractions and repeated keys; field: what it is, in errors."""

    def pairs(given: Sequence[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in given:
            if key in found:
                raise PolicyInvalid(f"{field}…{key}", "the key stands twice in its object.")
            found[key] = value
        return found

    def no_number(text: str) -> NoReturn:
        raise PolicyInvalid(field, f"{text[:40]} is no integer: policies have whole numbers only.")

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_float=no_number)
    except RecursionError:
        raise PolicyInvalid(field, "it is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise PolicyInvalid(
            field, f"it is no JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except ValueError:
        raise PolicyInvalid(field, "it has a number of too many digits.") from None


def known_object(value: object, place: str, known: Sequence[str]) -> dict[str, object]:
    """An object that has none but the known keys."""
    if not isinstance(value, dict):
        raise PolicyInvalid(place, "it is an object of keys and values.")
    for key in value:
        if key not in known:
            raise PolicyInvalid(f"{place}.{key[:40]}", "no such key is known.", known)
    return value


def field_names(of: type[Any]) -> list[str]:
    """The keys of an object that is kept as a dataclass."""
    return [field.name for field in dataclasses.fields(of)]


def whole(value: object, place: str, least: int, most: int) -> int:
    """An integer of least..most."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise PolicyInvalid(place, f"{shown(value)} is not a whole number of {least}..{most}.")
    return value


def among(value: object, place: str, allowed: Sequence[str]) -> str:
    """A text that is one of these."""
    if not isinstance(value, str) or value not in allowed:
        raise PolicyInvalid(place, f"{shown(value)} is not known.", [str(one) for one in allowed])
    return value


def shown(value: object) -> str:
    """What was given, as much of it as tells which it is."""
    return json.dumps(value, ensure_ascii=False)[:40]
