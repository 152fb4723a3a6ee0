"""Credits that nobody explains, as payments whose owner is unknown: through the intake of the
channel that is the bank account, with a target that nobody has. So they are a worklist, and leave
it as any money in suspense does, or for a settlement that explains them later.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import Bools, Table
from billcore.core.reconciliation.files.times import instants
from billcore.core.reconciliation.reading import Day
from billcore.core.reconciliation.settlement.bank_days import read_day
from billcore.core.reconciliation.settlement.settle import KIND, reference_of
from billcore.core.store import providers
from billcore.core.store.port import Session


def payments(breaks: Table) -> Table:
    """The breaks with the targets that their payments have."""
    named = pc.binary_join_element_wise("credit", breaks["reference"], " ")
    return breaks | {"target": named.cast(pa.string())}


def lines(of: Day, breaks: Table) -> Table:
    """fee and paid_at of each: it was paid as the booking day of the bank began."""
    count = len(breaks["break_id"])
    nothing = np.zeros(count, dtype=np.int64)
    begins = instants(np.full(count, of.day), nothing, of.place.time_zone)
    return {"fee": nothing, "paid_at": begins}


def still_unknown(session: Session, of: Day, breaks: Table) -> Bools:
    """Which of these credits pay no settlement yet; none can from now on in this transaction."""
    providers.lock(session, of.place.provider_id, KIND)
    unknown = [reference_of(one.credit_id, one.returns) for one in read_day(session, of).unknown]
    known = pa.array(unknown, pa.string())
    return np.asarray(pc.is_in(breaks["reference"], value_set=known))
