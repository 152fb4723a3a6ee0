"""The invariant of automatic payment, for `billcore verify`."""

from collections.abc import Iterator

from billcore.core.findings import MOST, Broken, broken
from billcore.core.ids import id_range
from billcore.core.payments.autopay.reminders import REMINDER
from billcore.core.store import autopay as rows
from billcore.core.store.port import Reader


def reminders_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Who is paid automatically has account and channel; a reminder is of a bill of its account,
    not after its due day, of no more than was open, and has its one event, which nothing else
    has."""
    ids = id_range(provider_id)
    for account, channel in rows.strange(reader, provider_id, ids, MOST):
        yield broken(
            "It is paid automatically, without an account or channel.",
            account_id=account,
            channel_no=channel,
        )
    for account, bill in rows.misfit(reader, provider_id, ids, MOST):
        yield broken("The reminder does not fit its bill.", account_id=account, bill_id=bill)
    for subject in rows.untold(reader, provider_id, ids, REMINDER, MOST):
        yield broken("It has a reminder or an event alone, or several.", subject=subject)
