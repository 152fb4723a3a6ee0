"""What accounts owe before a document of theirs."""

import numpy as np

from billcore.core.accounts.checks import ints
from billcore.core.billing.places import places
from billcore.core.rating.batch import Ints
from billcore.core.store import bills as rows
from billcore.core.store.port import Reader


def openings(reader: Reader, provider_id: int, accounts: tuple[int, int], wanted: Ints) -> Ints:
    """What each wanted account of a range owes now, in minor units; they may repeat."""
    found = rows.balances(reader, provider_id, *accounts)
    owner, balance = ints(found["account_id"]), ints(found["balance"])
    at, there = places(owner, wanted)
    opening = np.zeros(len(wanted), dtype=np.int64)
    opening[there] = balance[at[there]]
    return opening
