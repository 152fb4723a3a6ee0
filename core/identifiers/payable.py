"""What can be paid of a total when identifiers carry amounts in whole units (کسر هزار ریال).

Printed bills of Iran carry a signed line "thousand-rial remainder"; whether a company rounds down,
to the nearest or up is its own rule. The remainder stays receivable: the next bill carries it.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from billcore.core.errors import MoneyInvalid
from billcore.core.money import MINOR_MAX, Mode, divide

Ints = npt.NDArray[np.int64]


class PayableMode(StrEnum):
    """How a total becomes a multiple of the unit; of two nearest, that away from zero."""

    FLOOR = "floor"
    NEAREST = "nearest"
    CEIL = "ceil"


_MODES = {
    PayableMode.FLOOR: Mode.FLOOR,
    PayableMode.NEAREST: Mode.HALF_UP,
    PayableMode.CEIL: Mode.CEILING,
}


class Payable(NamedTuple):
    """payable + remainder = total, in minor units.

    A payable of 0 or below asks for nothing: no payment id is issued, all of the total is carried.
    """

    payable: int
    remainder: int


class Payables(NamedTuple):
    """As Payable, of many totals."""

    payable: Ints
    remainder: Ints


def payable(total: int, unit: int, mode: PayableMode) -> Payable:
    """The multiple of `unit` that a total rounds to, and what stays, all in minor units.

    Exact for every total, negative ones too: FLOOR goes towards minus infinity, CEIL towards plus.
    Raises MoneyInvalid (rounding_unit, amount_max).
    """
    _check_unit(unit)
    amount = divide(total, unit, _MODES[mode]) * unit
    if max(abs(total), abs(amount)) > MINOR_MAX:
        raise _beyond(total, unit)
    return Payable(amount, total - amount)


def payables(totals: Ints, unit: int, mode: PayableMode) -> Payables:
    """`payable` of a column of int64 totals. Raises MoneyInvalid if any payable has no int64."""
    _check_unit(unit)
    down = totals // unit
    rest = totals - down * unit
    match mode:
        case PayableMode.FLOOR:
            more = np.zeros(len(totals), dtype=np.bool_)
        case PayableMode.CEIL:
            more = rest > 0
        case PayableMode.NEAREST:
            over = rest - (unit - rest)
            more = (over > 0) | ((over == 0) & (totals > 0))
    steps = down + more
    bad = (np.abs(steps) > MINOR_MAX // unit) | (totals < -MINOR_MAX)
    if bad.any():
        raise _beyond(int(totals[bad.argmax()]), unit)
    amounts = steps * unit
    return Payables(amounts, totals - amounts)


def _check_unit(unit: int) -> None:
    if not 0 < unit <= MINOR_MAX:
        raise MoneyInvalid(
            f"{unit} is not a unit of payables: give a positive count of minor units, as 1000.",
            text=str(unit),
            rule="rounding_unit",
        )


def _beyond(total: int, unit: int) -> MoneyInvalid:
    return MoneyInvalid(
        f"{total} in whole units of {unit} is beyond {MINOR_MAX} minor units, the largest amount.",
        text=str(total),
        rule="amount_max",
    )
