"""What a channel keeps of its payments, on whole columns, exactly. Pure."""

import numpy as np

from billcore.core.accounts.checks import Ints
from billcore.core.payments.channel_policies import WHOLE, ConvenienceFee

BOUND = 2**61
"""Below this, products of amounts and rates stay within 64 bits."""


def fees_of(terms: ConvenienceFee, amount: Ints) -> Ints:
    """The fee of each amount, minor units; what is taken back gives its fee back, too."""
    value, sign = np.abs(amount), np.where(amount < 0, -1, 1)
    highest = int(value.max()) if value.size else 0
    if 2 * (terms.fixed * WHOLE + terms.per_10000 * highest) + WHOLE >= BOUND:
        each = [terms.fee(one) for one in value.tolist()]
        return sign * np.array(each, dtype=np.int64)
    parts = terms.fixed * WHOLE + terms.per_10000 * value
    asked = (2 * parts + WHOLE) // (2 * WHOLE)  # half up
    wanted = np.maximum(asked, terms.least)
    found: Ints = sign * (np.minimum(wanted, terms.most) if terms.most else wanted)
    return found
