"""Rules that compare a bill with the account's last ones, a day: in amount, and in usage.

Compared exactly, as products of whole numbers: now / days > percent / 100 x before / days before.
Where nothing was billed before there is nothing to compare with; where that came to nothing,
whatever is more than nothing is above it.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import ints
from billcore.core.billing.charges.used import used
from billcore.core.billing.runs.outsort.case import NOTHING, Case, Holds, bills_text, days_text
from billcore.core.metering.exact import Exact, power, product, sums
from billcore.core.metering.registers import AGREEMENT_BITS, QUANTITY_BITS, agreement_key, gather
from billcore.core.money import scaled_text
from billcore.core.ordered import places
from billcore.core.rating.batch import Bools, Ints
from billcore.core.store import bills


def above_average(case: Case) -> Holds:
    """Bills above so many percent of the average of the account's last ones, a day."""
    percent, drafts = case.policy.above_average_percent, case.drafts
    if not percent:
        return NOTHING
    most = case.policy.average_bills
    last = bills.last_totals(case.reader, case.provider_id, *case.accounts, most)
    at, there = places(ints(last["account_id"]), drafts.account_id)
    row = np.where(there, at, -1)
    count, days, total = (gather(ints(last[name]), row) for name in ("bills", "days", "total"))
    now = drafts.this_day - drafts.previous_day

    def why(row: int) -> str:
        return (
            f"it comes to {drafts.total[row]} for {days_text(int(now[row]))}; "
            f"{bills_text(int(count[row]))} came to {total[row]} for {days_text(int(days[row]))}: "
            f"a day it is above {percent} % of that."
        )

    return Holds.where(_beyond(drafts.total, now, total, days, percent), why)


def usage_above_average(case: Case) -> Holds:
    """Bills of agreements that used above so many percent of what the last bills have, a day."""
    percent = case.policy.usage_above_percent
    if not percent:
        return NOTHING
    now, before = _usage(case)
    beyond = np.flatnonzero(_beyond(now.usage, now.days, before.usage, before.days, percent))

    def why(one: int) -> str:
        return (
            f"agreement {now.agreement_no(one)} used {now.text(one)} of {now.name(one)} in "
            f"{days_text(int(now.days[one]))}; its last bills have {before.text(one)} in "
            f"{days_text(int(before.days[one]))}: a day it is above {percent} % of that."
        )

    return Holds.told_by(beyond, now.draft[beyond], why)


def _beyond(now: Exact, days: Ints, before: Exact, days_before: Ints, percent: int) -> Bools:
    """now / days > percent of before / days_before; False where days_before is 0."""
    more = product(now, days_before, 100) > product(before, days, percent)
    found: Bools = np.asarray(more, dtype=np.bool_) & (days_before > 0) & np.asarray(now > 0, bool)
    return found


# -- usage


@dataclass(frozen=True, slots=True, eq=False)
class _Usage:
    """By agreement and quantity: what was used in so many days, x 10^-decimals.

    draft: the place of the account's draft; names: of the quantities.
    """

    key: Ints
    draft: Ints
    usage: Exact
    days: Ints
    decimals: int
    names: tuple[str, ...]

    def agreement_no(self, row: int) -> int:
        """Whose usage it is."""
        return int(self.key[row]) >> QUANTITY_BITS & (1 << AGREEMENT_BITS) - 1

    def name(self, row: int) -> str:
        """Of the quantity."""
        return self.names[int(self.key[row]) & (1 << QUANTITY_BITS) - 1]

    def text(self, row: int) -> str:
        """What was used."""
        return scaled_text(int(self.usage[row]), self.decimals)


def _usage(case: Case) -> tuple[_Usage, _Usage]:
    """(what the drafts bill where registers say it, the same agreements' usage on the last bills),
    row by row, with the same decimals."""
    due, names = case.made.found, case.made.found.quantities
    draft, there = places(case.drafts.account_id, due.spans.account_id[due.usage.period])
    row = np.flatnonzero(there)
    span = due.usage.period[row]
    agreement = agreement_key(due.spans.account_id[span], due.spans.agreement_no[span])
    key, first, group = np.unique(
        agreement << QUANTITY_BITS | due.usage.quantity_no[row],
        return_index=True,
        return_inverse=True,
    )
    days = due.spans.this_day[span] - due.spans.previous_day[span]

    last = bills.last_inputs(
        case.reader, case.provider_id, *case.accounts, case.policy.average_bills
    )
    inputs = last["inputs"]
    assert isinstance(inputs, pa.Array)
    before = used(case.tariffs, inputs, names)
    owner = agreement_key(ints(last["account_id"])[before.bill], before.agreement_no)
    at, known = places(key, owner << QUANTITY_BITS | before.quantity)
    old, at = np.flatnonzero(known), at[known]

    finest = max(
        int(due.usage.decimals[row].max(initial=0)), int(before.decimals[old].max(initial=0))
    )
    now_fine = product(due.usage.usage[row], power(finest - due.usage.decimals[row]))
    old_fine = product(before.usage[old], power(finest - before.decimals[old]))

    def summed(values: Exact, days: Ints, group: Ints) -> _Usage:
        usage, length = _summed(values, group, len(key)), _summed(days, group, len(key))
        return _Usage(key, draft[row][first], usage, length, finest, names)

    return summed(now_fine, days, group), summed(old_fine, before.days[old], at)


def _summed(values: Exact, group: Ints, groups: int) -> Exact:
    """The sum of each group's values."""
    order = np.argsort(group, kind="stable")
    return sums(values[order], group[order], groups)
