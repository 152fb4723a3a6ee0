"""How far a dial went."""

from typing import NamedTuple

import numpy as np

from billcore.core.metering.exact import Bools, Ints, power


class Turn(NamedTuple):
    """distance: in the dial's last digit; negative: it stands before where it stood.

    rolled: it went over the dial's end, forwards or back.
    """

    distance: Ints
    rolled: Bools


def turn(earlier: Ints, later: Ints, digits: Ints, estimated: Bools, marked: Bools) -> Turn:
    """How far dials of so many digits went from the earlier to the later value.

    A later value below the earlier one means that the dial went round when that is less than half
    of the dial, or when the later reading is `marked` as such (Finding.ROLLOVER). Where one of the
    two is `estimated`, the nearer way is taken, forwards or back: an estimate may have been too
    high. What remains negative contradicts itself.
    """
    modulus = power(digits).astype(np.int64)
    straight = later - earlier
    near = 2 * np.abs(straight) >= modulus
    forwards = (straight < 0) & (near | marked)
    back = (straight > 0) & (2 * straight > modulus) & estimated
    distance = straight + modulus * forwards - modulus * back
    return Turn(distance, forwards | back)
