"""A whole over several, so that the parts equal the whole."""

import numpy as np

from billcore.core.metering.errors import SplitInvalid
from billcore.core.metering.exact import Exact, Ints, narrow, product


def split(whole: int, weights: Ints) -> Ints:
    """Parts of a whole by weight, by the largest remainder; the first of equal ones gains.

    whole: any integer; a negative one is split as its magnitude. Raises SplitInvalid unless no
    weight is negative and one is positive.
    """
    total = sum(weights.tolist())
    if not total or int(weights.min()) < 0:
        raise SplitInvalid(whole)
    numerator: Exact = product(weights, abs(whole))
    parts, fits = narrow(numerator // total)
    if not fits.all():
        raise SplitInvalid(whole)
    missing = abs(whole) - sum(parts.tolist())
    order = np.argsort(-(numerator % total), kind="stable")
    parts[order[:missing]] += 1
    return -parts if whole < 0 else parts


def split_remainder(whole: int, metered: Ints, weights: Ints) -> Ints:
    """What each flat is charged of a house: what it used, and its part of what no meter saw.

    whole: of the house's meter; metered: what each flat used, by its meter or its norm; weights:
    of the remainder, which is negative where the flats used more than the house. The parts sum to
    the whole. Raises SplitInvalid as `split`.
    """
    return metered + split(whole - sum(metered.tolist()), weights)
