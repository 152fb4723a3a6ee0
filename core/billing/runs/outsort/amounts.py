"""Rules that look at nothing but what a bill comes to."""

from billcore.core.billing.runs.outsort.case import NOTHING, Case, Holds


def zero(case: Case) -> Holds:
    """Bills that come to nothing."""
    if not case.policy.zero:
        return NOTHING
    return Holds.where(case.drafts.total == 0, lambda _: "it comes to nothing.")


def negative(case: Case) -> Holds:
    """Bills that come to less than nothing."""
    if not case.policy.negative:
        return NOTHING
    total = case.drafts.total
    return Holds.where(total < 0, lambda at: f"it comes to {total[at]}.")


def above(case: Case) -> Holds:
    """Bills above an amount."""
    most, total = case.policy.above, case.drafts.total
    if not most:
        return NOTHING
    return Holds.where(total > most, lambda at: f"it comes to {total[at]}, above {most}.")
