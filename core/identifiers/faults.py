"""What is wrong with an identifier: every fault has its place, and words that teach."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from billcore.core.errors import LISTED_MAX, BillcoreError

PAYLOAD_MAX = 2953
"""Characters of a scanned or typed text; the largest QR code (40-L) holds as many bytes."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule.

    reason: a stable word; field: the part it concerns (bill_id, 62.08, Sum); position: of the
    first wrong character of the text, from 1 (0: nothing of the text, as of a part that is
    missing, or of values that are to be written).
    """

    reason: str
    field: str
    position: int
    message: str

    def __str__(self) -> str:
        where = f"{self.field}, character {self.position}" if self.position else self.field
        return f"{where}: {self.message} [{self.reason}]"

    def moved(self, by: int) -> "Fault":
        """The same fault in a longer text, whose part begins `by` characters later."""
        return replace(self, position=self.position + by) if self.position else self


class IdentifierInvalid(BillcoreError):
    """An identifier cannot be read, or cannot be written from these values."""

    reason = "IDENTIFIER_INVALID"

    def __init__(self, what: str, faults: Sequence[Fault]) -> None:
        found = tuple(faults)
        if not found:
            raise ValueError("a refusal without a fault teaches nobody")
        rest = len(found) - LISTED_MAX
        lines = [f"The {what} is refused.", *(str(fault) for fault in found[:LISTED_MAX])]
        lines += [f"and {rest} more"] if rest > 0 else []
        super().__init__(
            " ".join(lines),
            field=found[0].field,
            rule=found[0].reason,
            position=found[0].position or None,
            faults=len(found),
        )
        self.faults = found

    def as_dict(self) -> dict[str, object]:
        """As every error's, with `faults` as a list."""
        faults = [
            {name: getattr(fault, name) for name in ("reason", "field", "position", "message")}
            for fault in self.faults
        ]
        return {**super().as_dict(), "faults": faults}


def refuse(what: str, faults: Sequence[Fault]) -> None:
    """Raises IdentifierInvalid if there is a fault."""
    if faults:
        raise IdentifierInvalid(what, faults)
