"""Payment orders as columns: what was told of them, and what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Bools, Ints
from billcore.core.payments.codes import TargetKind


class Told(NamedTuple):
    """A payment as its channel tells it.

    client_id: who tells it; amount, fee: minor units; paid_at: microseconds since 1970 in UTC, 0:
    not told; value_day: an ordinal, 0: not told; direction: 'bill:ID', 'service:NAME',
    'period:YYYY-MM' or ''; taken: whether the payer's money was taken already.
    """

    channel_no: int
    reference: str
    target_kind: TargetKind
    target: str
    amount: int
    taken: bool
    client_id: int
    fee: int = 0
    terminal_no: int = 0
    direction: str = ""
    paid_at: int = 0
    value_day: int = 0


@dataclass(frozen=True, slots=True)
class Orders:
    """Payments of one provider, told as columns of one length; see Told."""

    channel_no: Ints
    reference: pa.StringArray
    target_kind: Ints
    target: pa.StringArray
    amount: Ints
    taken: Bools
    client_id: Ints
    fee: Ints
    terminal_no: Ints
    direction: pa.StringArray
    paid_at: Ints
    value_day: Ints

    def __len__(self) -> int:
        return len(self.amount)


TOLD = (
    "target_kind",
    "target",
    "amount",
    "fee",
    "terminal_no",
    "direction",
    "paid_at",
    "value_day",
)
"""What must be the same when a payment is told again."""

RESERVED = ("target_kind", "target", "amount", "fee", "terminal_no")
"""What must be the same of a payment and its reservation."""

_TEXTS = ("reference", "target", "direction")


def orders(told: Sequence[Told]) -> Orders:
    """Payments told one by one, as columns."""
    columns = dict(zip(Told._fields, zip(*told, strict=True), strict=True))
    made: dict[str, Any] = {name: pa.array(columns.pop(name), pa.string()) for name in _TEXTS}
    made |= zip(columns, np.array([*columns.values()], dtype=np.int64), strict=True)
    made["taken"] = made["taken"] != 0
    return Orders(**made)
