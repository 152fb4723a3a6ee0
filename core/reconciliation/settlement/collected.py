"""What is collected by direct debit: there is no report of it but the books, which have each debit
under the end-to-end id that the bank tells, and its return as the payment's reversal.
"""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from billcore.core.payments.channels import ChannelKind
from billcore.core.reconciliation.settlement.fees import fees_of
from billcore.core.reconciliation.settlement.units import Unit, cycle, units
from billcore.core.reconciliation.terms import Terms
from billcore.core.store.settlements import CollectedRow, ReportedRow


def is_collected(kind: str) -> bool:
    """Whether a channel of a kind settles what the books have of it."""
    return kind == ChannelKind.DIRECT_DEBIT


def collected_units(
    provider_id: int, channel_no: int, terms: Terms, collected: Sequence[CollectedRow]
) -> list[Unit]:
    """The settlements of a channel: what was collected in a cycle and not returned."""
    by_day: dict[int, list[CollectedRow]] = defaultdict(list)
    for row in collected:
        by_day[row.day].append(row)
    made, returned = [], {}
    for day, own in sorted(by_day.items()):
        kept = np.array([row.amount for row in own if not row.returned], dtype=np.int64)
        fee = int(fees_of(terms.fees, kept).sum()) if terms.fees_deducted else 0
        amount = sum(kept.tolist())
        made.append(ReportedRow(channel_no, day, "", len(kept), amount, fee))
        returned[day] = sum(row.amount for row in own if row.returned)
    return units(provider_id, channel_no, terms, made, returned)


def names(
    units_: Sequence[Unit], terms: Terms, collected: Sequence[CollectedRow]
) -> dict[str, int]:
    """The settlement of each end-to-end id."""
    of_cycle = {unit.first_day: unit.settlement_id for unit in units_}
    return {row.reference: of_cycle[cycle(terms, row.day)[0]] for row in collected}
