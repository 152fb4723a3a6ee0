"""Which rule an item bears fees by: the first that fits it."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from billcore.core.accounts.late_fees import LateFeeRule, When
from billcore.core.collections.classes import Agreements
from billcore.core.collections.late_fees.debts import SORTS, Items
from billcore.core.collections.late_fees.errors import LateFeeRuleUnfit
from billcore.core.rating.batch import Ints
from billcore.core.store.port import Reader

NONE = -1
"""The number of no rule."""


def choose(reader: Reader, provider_id: int, rules: Sequence[LateFeeRule], items: Items) -> Ints:
    """The number of the rule of each item, or NONE. Raises LateFeeRuleUnfit."""
    found = np.full(len(items), NONE, dtype=np.int64)
    agreements: Agreements | None = None
    for number, rule in enumerate(rules):
        fits = found == NONE
        fits &= (items.due_day >= rule.from_day) & (items.due_day <= rule.until_day)
        fits &= np.isin(items.sort, [SORTS.index(one) for one in rule.items])
        if rule.when != When() and fits.any():
            if agreements is None:
                agreements = Agreements(reader, provider_id, items.account_id, items.due_day)
            fits &= agreements.fit(rule.when, partial(LateFeeRuleUnfit, rule.name))
        found[fits] = number
    return found
