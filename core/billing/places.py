"""Where numbers stand among sorted ones: how columns of different rows are brought together."""

import numpy as np

from billcore.core.rating.batch import Ints


def last_before(key: Ints, from_day: Ints, wanted: Ints, day: Ints) -> Ints:
    """Of sorted (key, day) pairs the last of each wanted key not after a day; -1: none."""
    names, code = np.unique(np.concatenate([key, wanted]), return_inverse=True)
    pairs = code[: len(key)] * (1 << 32) + from_day
    at = np.searchsorted(pairs, code[len(key) :] * (1 << 32) + day, side="right") - 1
    same = at >= 0
    same[same] = key[at[same]] == names[code[len(key) :]][same]
    return np.where(same, at, -1)
