"""Norms: what a quantity would have been without a meter, a month, as a provider says it.

    "norms": [
      {"tariff": "ru-zhku", "quantity": "cold_m3", "parameter": "cold_norm", "times": ["persons"]},
      {"quantity": "m3", "parameter": "norm", "by": "supply"},
      {"quantity": "kwh", "per_month": "120.5"}
    ]

The figure of a month is one of: `per_month`, a decimal; `parameter`, a figure of the tariff as its
version of the day has it, one of a map by the word of the input `by`; `input`, an input of the
bill. It is multiplied by the inputs of `times`. The first norm that fits a tariff and quantity is
taken; one without a tariff fits every tariff.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.policy_json import field_names, known_object, shown
from billcore.core.errors import MoneyInvalid
from billcore.core.money import parse_decimal

NORMS_MAX = 100
TIMES_MAX = 10

FIGURES = ("per_month", "parameter", "input")
"""Where the figure of a month comes from: one of these."""

_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]{0,59}")
_TARIFF = re.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm of a quantity, a month, in its unit; '': not said."""

    quantity: str
    tariff: str = ""
    per_month: str = ""
    parameter: str = ""
    by: str = ""
    input: str = ""
    times: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """What was said of it."""
        every = {name: getattr(self, name) for name in field_names(Norm)}
        said = {name: value for name, value in every.items() if value}
        return said | ({"times": list(self.times)} if self.times else {})


def norms_of(value: object, place: str) -> tuple[Norm, ...]:
    """The norms of a JSON tree. Raises PolicyInvalid with the place."""
    if not isinstance(value, list) or len(value) > NORMS_MAX:
        raise PolicyInvalid(place, f"it is a list of at most {NORMS_MAX} norms.")
    found = tuple(_norm(one, f"{place}[{n}]") for n, one in enumerate(value))
    for n, norm in enumerate(found):
        if any((one.tariff, one.quantity) == (norm.tariff, norm.quantity) for one in found[:n]):
            raise PolicyInvalid(f"{place}[{n}]", "the tariff's quantity has a norm above.")
    return found


def _norm(value: object, place: str) -> Norm:
    given = known_object(value, place, field_names(Norm))
    texts = {name: _text(one, f"{place}.{name}", name) for name, one in given.items()
             if name != "times"}  # fmt: skip
    if "quantity" not in texts:
        raise PolicyInvalid(f"{place}.quantity", "it is missing: name a quantity of a tariff.")
    figures = [name for name in FIGURES if name in texts]
    if len(figures) != 1:
        raise PolicyInvalid(place, "say the figure of a month in one way.", FIGURES)
    if "by" in texts and "parameter" not in texts:
        raise PolicyInvalid(f"{place}.by", "it chooses a figure of a map: name its parameter.")
    if "per_month" in texts:
        _check_figure(texts["per_month"], f"{place}.per_month")
    return Norm(**texts, times=_times(given.get("times", []), f"{place}.times"))


def _text(value: object, place: str, name: str) -> str:
    form = _TARIFF if name == "tariff" else _NAME
    if not isinstance(value, str) or (name != "per_month" and not form.fullmatch(value)):
        raise PolicyInvalid(place, f"{shown(value)} is no {_CALLED.get(name, 'name')}.")
    return value


_CALLED = {"per_month": 'text with a decimal, as "4.5"', "tariff": "id of a tariff"}


def _check_figure(text: str, place: str) -> None:
    try:
        figure = parse_decimal(text)
    except MoneyInvalid as error:
        raise PolicyInvalid(place, error.message) from None
    if figure < 0:
        raise PolicyInvalid(place, f"{text} is below 0.")


def _times(value: object, place: str) -> tuple[str, ...]:
    names: Sequence[Any] = value if isinstance(value, list) else [value]
    if (
        not isinstance(value, list)
        or len(value) > TIMES_MAX
        or len(set(map(str, names))) < len(names)
    ):
        raise PolicyInvalid(place, f"it is a list of at most {TIMES_MAX} inputs, each once.")
    for name in names:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise PolicyInvalid(place, f"{shown(name)} is no name of an input.")
    return tuple(names)
