"""Which debits there will be, and telling payers of them in time.

A debit is planned of what will be due on its collection day; the amount that is fetched is found
when its batch is sealed. A chunk of accounts, in a turn in which nobody posts to them, is one
transaction; the same again adds nothing. Nobody is debited who was not told in time.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Ints, ints, only, texts
from billcore.core.accounts.days import iso
from billcore.core.calendar import DAY_MAX
from billcore.core.collections.direct_debit import moves
from billcore.core.collections.direct_debit.desk import Desk
from billcore.core.collections.direct_debit.errors import DebitDayInvalid
from billcore.core.collections.direct_debit.moves import By, To
from billcore.core.collections.direct_debit.owed import capped, owed
from billcore.core.collections.direct_debit.states import DebitState, Scheme
from billcore.core.events import canonical
from billcore.core.events.outbox import record_texts
from billcore.core.ids import id_range
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.store import debits as rows
from billcore.core.store import mandates as mandate_rows
from billcore.core.store import providers
from billcore.core.store.again import again
from billcore.core.store.debits import DebitRow
from billcore.core.store.port import Columns, Session, Store

KIND = "debit"
"""Of the numbers that are drawn."""

CHUNK = 2_000
"""Accounts that are planned in one transaction; payments to their buckets wait so long."""

DAYS_AHEAD_MAX = 100
"""A debit is planned at most so many days before it is collected."""

ANNOUNCED = "debit.announced"
"""The event that tells a payer what is going to be fetched, and when."""

LATE = "LATE"
"""The code of a debit that nobody was told of in time."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a transaction did. last: the account up to which all were looked at, 0: no more."""

    debits: int
    amount: int
    last: int


@dataclass(frozen=True, slots=True)
class Notified:
    """withdrawn: those of which it was too late to tell; more: whether to go on."""

    debits: int
    withdrawn: int
    more: bool


def plan(store: Store, desk: Desk, scheme: Scheme, day: int, after: int = 0) -> Planned:
    """Plans the debits of a collection day for some accounts behind `after`, once each.

    Raises DebitDayInvalid, DebitTermsMissing.
    """
    desk.check(scheme)
    check_day(desk, day)
    first, end = id_range(desk.provider_id)
    accounts = max(after, first), end

    def once(session: Session) -> Planned:
        key = desk.provider_id, desk.channel.channel_no, scheme, day
        found = mandate_rows.plannable(session, *key, accounts, CHUNK)
        account_id = ints(found["account_id"])
        if not account_id.size:
            return Planned(0, 0, 0)
        now = turn_to_correct(session, desk.provider_id, account_id, desk.now)
        last = int(account_id[-1]) if len(account_id) == CHUNK else 0
        # Behind the turn some may have been planned, suspended or ended: look again.
        found = mandate_rows.plannable(session, *key, accounts, CHUNK)
        found = only(found, np.isin(ints(found["account_id"]), account_id))
        account_id = ints(found["account_id"])
        amount = owed(session, desk.provider_id, account_id, day, waiting=True)
        amount = capped(amount, ints(found["amount_max"]), ints(found["autopay_max"]))
        kept = amount > 0
        moves.begin(
            session, desk.by(now), _new(session, desk, only(found, kept), amount[kept], day, now)
        )
        return Planned(int(kept.sum()), int(amount.sum()), last)

    return again(store, once)


def check_day(desk: Desk, day: int) -> None:
    """Raises DebitDayInvalid unless payers can be told of a collection day in time."""
    first = desk.today + max(desk.terms.notice_days, desk.terms.lead_days)
    last = min(desk.today + DAYS_AHEAD_MAX, DAY_MAX)
    if not first <= day <= last:
        message = (
            f"{iso(day)} is not from {iso(first)}, for payers are told "
            f"{desk.terms.notice_days} days before, to {iso(last)}."
        )
        raise DebitDayInvalid(iso(day), message)


def new_id(provider_id: int, debit_no: int) -> str:
    """The end-to-end id of a debit: unique for ever, at most 35 characters of all banks' sets."""
    return f"BC{provider_id}-D{debit_no}"


def retry(session: Session, desk: Desk, failed: DebitRow, day: int, now: int) -> DebitRow:
    """A new debit, with an id of its own, in the place of one that failed."""
    number = providers.draw(session, desk.provider_id, KIND, 1)
    made = failed._replace(
        debit_no=number,
        end_to_end_id=new_id(desk.provider_id, number),
        collection_day=day,
        retry_of=failed.debit_no,
        attempt=failed.attempt + 1,
        planned=failed.amount,
        state=int(DebitState.DUE),
        step_no=1,
        batch_no=0,
        sequence=0,
        code="",
        day=desk.today,
        collected_day=0,
        until_day=0,
        recorded_at=now,
    )
    moves.begin(session, desk.by(now), rows.columns_of([made]))
    return made


def notify(store: Store, desk: Desk, day: int) -> Notified:
    """Tells payers of debits, on a day (an ordinal): those that come up, up to a chunk of them.

    A debit of which it is too late to tell is withdrawn: it can be planned for a later day.
    """
    terms = desk.terms

    def once(session: Session) -> Notified:
        key = desk.provider_id, desk.channel.channel_no
        until, retries = day + terms.notice_days, day + terms.retry_notice_days
        found = rows.to_notify(session, *key, until, retries, CHUNK)
        count = len(found["debit_no"])
        notice = np.where(ints(found["retry_of"]) == 0, terms.notice_days, terms.retry_notice_days)
        late = ints(found["collection_day"]) - notice < day
        by = desk.by()
        told, dropped = only(found, ~late), only(found, late)
        moves.move(session, by, told, To(DebitState.NOTIFIED, day))
        moves.move(session, by, dropped, To(DebitState.WITHDRAWN, day, amount=0, code=LATE))
        _announce(session, desk, told, day)
        return Notified(int((~late).sum()), int(late.sum()), count == CHUNK)

    return again(store, once)


def _announce(session: Session, desk: Desk, debits: Columns, day: int) -> None:
    """An event each; whom to tell, and where, say account and mandate."""
    every = rows.rows_of(debits)
    if not every:
        return
    umr = _umr(session, desk.by(), ints(debits["mandate_no"]))
    contents = [
        canonical.text(
            {
                "debit_no": one.debit_no,
                "end_to_end_id": one.end_to_end_id,
                "account_id": one.account_id,
                "umr": umr[one.mandate_no],
                "creditor_id": desk.terms.creditor.id,
                "amount": one.amount,
                "collection_day": one.collection_day,
                "retry_of": one.retry_of,
                "currency": desk.provider.currency,
            }
        )
        for one in every
    ]
    subject = f"debits announced {iso(day)}"
    record_texts(session, desk.provider_id, ANNOUNCED, subject, contents, desk.now)


def _umr(session: Session, by: By, mandate_no: Ints) -> dict[int, str]:
    found = mandate_rows.debtors(session, by.provider_id, mandate_no)
    numbers = ints(found["mandate_no"]).tolist()
    return dict(zip(numbers, texts(found["umr"]), strict=True))


def _new(session: Session, desk: Desk, found: Columns, amount: Ints, day: int, now: int) -> Columns:
    """New debits of mandates, numbered."""
    count = len(amount)
    if not count:
        return rows.columns_of([])
    last = providers.draw(session, desk.provider_id, KIND, count)
    numbers = np.arange(last - count + 1, last + 1)
    nothing = np.zeros(count, dtype=np.int64)
    ids = [new_id(desk.provider_id, number) for number in numbers.tolist()]
    return {
        "debit_no": numbers,
        "end_to_end_id": pa.array(ids, pa.string()),
        "mandate_no": ints(found["mandate_no"]),
        "account_id": ints(found["account_id"]),
        "channel_no": np.full(count, desk.channel.channel_no),
        "scheme": ints(found["scheme"]),
        "collection_day": np.full(count, day),
        "retry_of": nothing,
        "attempt": np.ones(count, dtype=np.int64),
        "planned": amount,
        "state": np.full(count, DebitState.DUE.value),
        "step_no": np.ones(count, dtype=np.int64),
        "amount": amount,
        "batch_no": nothing,
        "sequence": nothing,
        "code": pa.array([""] * count, pa.string()),
        "day": np.full(count, desk.today),
        "collected_day": nothing,
        "until_day": nothing,
        "recorded_at": np.full(count, now),
    }
