"""The reminder before an automatic debit: one event a bill, so many days before it is due.

Who was not reminded in time (the server was down, the bill came late) is reminded until the day on
which the bill is due. A bill is reminded of once: its row is written in the transaction of its
event, in a turn in which nobody posts to its account, so that what is open is what is told, and
what is paid meanwhile is not reminded of. Non-goals: the debits, and whom to tell: events say it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from billcore.core.billing.items import account_items
from billcore.core.events.outbox import record
from billcore.core.ids import BUCKET_BITS, id_range
from billcore.core.ledger.balances import DocumentKind
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.payments.channels import get_channel
from billcore.core.store import autopay as rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.again import again
from billcore.core.store.autopay import DueRow, ReminderRow
from billcore.core.store.port import Reader, Session, Store
from billcore.core.store.providers import Provider

ACCOUNTS_MAX = 100
"""So many accounts are held in one transaction, of one bucket; payments to it wait so long."""

LOOKED_MAX = 500
"""Among so many it is looked, in a snapshot before, who has a bill that is due."""

REMINDER = "autopay_reminder"
"""The kind of its events."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a transaction did. last: the account up to which all were looked at, 0: there are no
    more."""

    reminders: int
    last: int


def remind_all(store: Store, provider_id: int, day: int, now: int) -> Iterator[int]:
    """Reminds of a provider's bills on a day; how many reminders each transaction wrote."""
    last = 0
    while True:
        done = remind(store, provider_id, day, last, now)
        yield done.reminders
        last = done.last
        if not last:
            return


def remind(store: Store, provider_id: int, day: int, after: int, now: int) -> Reminded:
    """Reminds of the bills of some accounts behind `after`, in a transaction of its own.

    day: an ordinal, on which it is done; now: microseconds since 1970 in UTC. The same again does
    nothing more.
    """
    first, last = id_range(provider_id)
    after = max(after, first)
    with store.read() as reader:
        end = rows.slice_end(reader, after, last, LOOKED_MAX)
        found = rows.due_accounts(reader, provider_id, day, after, end, ACCOUNTS_MAX)
    if not found:
        return Reminded(0, end)
    together = [one for one in found if one >> BUCKET_BITS == found[0] >> BUCKET_BITS]
    reached = end if len(together) == len(found) < ACCOUNTS_MAX else together[-1]

    def once(session: Session) -> int:
        recorded_at = turn_to_correct(session, provider_id, np.array(together), now)
        due = rows.due(session, provider_id, day, together[0] - 1, together[-1])
        told = list(_reminders(session, day, due, recorded_at))
        _keep(session, provider_id, told)
        return len(told)

    return Reminded(again(store, once), reached)


def _reminders(
    reader: Reader, day: int, due: list[DueRow], recorded_at: int
) -> Iterator[tuple[ReminderRow, int]]:
    """Those of the bills of which anything is open, each with what its account owes in all.

    due: by account.
    """
    for account_id, bills in groupby(due, key=lambda row: row.account_id):
        every = account_items(reader, account_id)
        left = {
            item.document.id: item.open
            for item in every.open()
            if item.document.kind is DocumentKind.BILL and item.open > 0
        }
        for row in bills:
            owed = left.get(row.bill_id, 0)
            if owed:
                amount = min(owed, row.amount_max) if row.amount_max else owed
                reminder = ReminderRow(
                    account_id=account_id,
                    bill_id=row.bill_id,
                    channel_no=row.channel_no,
                    day=day,
                    due_day=row.due_day,
                    amount=amount,
                    open=owed,
                    recorded_at=recorded_at,
                )
                yield reminder, every.balance


def _keep(session: Session, provider_id: int, told: list[tuple[ReminderRow, int]]) -> None:
    """Writes reminders, each with its event, which also tells what the account owes in all."""
    currency = _provider(session, provider_id).currency
    channels = {
        number: get_channel(session, provider_id, number).channel
        for number in {row.channel_no for row, _ in told}
    }
    for row, balance in told:
        rows.add_reminder(session, row)
        payload = {
            "account_id": row.account_id,
            "bill_id": row.bill_id,
            "channel": channels[row.channel_no],
            "day": row.day,
            "due_day": row.due_day,
            "amount": row.amount,
            "open": row.open,
            "balance": balance,
            "currency": currency,
        }
        record(session, provider_id, REMINDER, f"bill {row.bill_id}", payload, row.recorded_at)


def _provider(reader: Reader, provider_id: int) -> Provider:
    found = provider_rows.provider(reader, provider_id)
    assert found is not None  # it has accounts
    return found
