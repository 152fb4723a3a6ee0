"""The rule on chains of estimates: readings that nobody took, one after the other."""

import numpy as np

from billcore.core.accounts.days import iso
from billcore.core.billing.runs.outsort.case import NOTHING, Case, Holds
from billcore.core.metering.chains import in_long_chains
from billcore.core.metering.usage import UsageFlag
from billcore.core.rating.batch import Ints


def estimates(case: Case) -> Holds:
    """Bills that close with the how many-th estimate of a register in a row, or a later one."""
    least = case.policy.estimates
    if not least:
        return NOTHING
    account, agreement, day = _closings(case)
    if not len(account):
        return NOTHING
    long = np.flatnonzero(in_long_chains(case.reader, account, agreement, day, least))
    draft = np.searchsorted(case.drafts.account_id, account[long])

    def why(one: int) -> str:
        number = "" if least == 1 else f", number {least} or a later one in a row"
        on = iso(int(day[one]))
        return f"agreement {agreement[one]} closes on {on} with an estimate{number}."

    return Holds.told_by(long, draft, why)


def _closings(case: Case) -> tuple[Ints, Ints, Ints]:
    """(account, agreement, day) of the drafts' closing readings that are estimates."""
    spans, usage = case.made.found.spans, case.made.found.usage
    last = np.ones(len(spans), dtype=np.bool_)
    last[:-1] = spans.agreement[1:] != spans.agreement[:-1]
    span = np.unique(usage.period[(usage.flags & UsageFlag.CLOSING_ESTIMATED) != 0])
    span = span[last[span] & np.isin(spans.account_id[span], case.drafts.account_id)]
    return spans.account_id[span], spans.agreement_no[span], spans.this_day[span]
