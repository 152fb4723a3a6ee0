"""What a bill hands on to the next: states, histories and the carried rounding remainder.

Kept as JSON by agreement, with the tariff that they belong to; bills of tariffs without any keep
nothing. A remainder is money: it is handed on until a tariff takes it in, whatever tariff that is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from billcore.core.tariff.language.document import Document

History = tuple[tuple[int, int], ...]
"""(month 1..12, scaled value) of earlier bills, oldest first."""


@dataclass(frozen=True, slots=True)
class Handed:
    """states, histories: as their columns hold them; remainder: minor units not yet taken in."""

    tariff_no: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    histories: Mapping[str, History] = field(default_factory=dict)
    remainder: int = 0

    def to(self, tariff_no: int, document: Document) -> "Handed":
        """As a bill of this tariff takes it: its own states, the remainder under its name."""
        same = self.tariff_no == tariff_no
        states = dict(self.states) if same else {}
        if document.total.carry is not None and self.remainder:
            states[document.total.carry] = self.remainder
        return Handed(tariff_no, states, self.histories if same else {}, self.remainder)

    def after(
        self, document: Document, states: Mapping[str, int], month: int, remainder: int
    ) -> "Handed":
        """As a rated bill hands it on. states: what it gives back; month: of its last day."""
        running = {n: v for n, v in states.items() if document.states[n].history is None}
        histories = {
            name: (*self.histories.get(name, ()), (month, states[name]))[-state.history :]
            for name, state in document.states.items()
            if state.history is not None
        }
        kept = remainder if document.total.carry is not None else self.remainder
        return Handed(self.tariff_no, running, histories, kept)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to hand on."""
        return not (self.states or self.histories or self.remainder)


NOTHING = Handed()

HandedOn = dict[tuple[int, int], Handed]
"""What bills hand on, by account and agreement."""


def keeps(document: Document) -> bool:
    """Whether bills of a tariff hand anything on of their own."""
    return bool(document.states) or document.total.carry is not None


def read(text: bytes) -> dict[int, Handed]:
    """What a bill's `carried` says, by agreement."""
    if not text:
        return {}
    return {
        int(agreement): Handed(
            said["tariff"],
            said["states"],
            {name: tuple(map(tuple, entries)) for name, entries in said["histories"].items()},
            said["remainder"],
        )
        for agreement, said in json.loads(text).items()
    }


def written(handed: Mapping[int, Handed]) -> bytes:
    """The text of what agreements hand on; empty: nothing."""
    told = {
        str(agreement): {
            "tariff": one.tariff_no,
            "states": dict(one.states),
            "histories": {name: list(map(list, e)) for name, e in one.histories.items()},
            "remainder": one.remainder,
        }
        for agreement, one in sorted(handed.items())
        if not one.empty
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode() if told else b""
