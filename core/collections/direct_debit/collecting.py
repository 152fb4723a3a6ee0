"""Money of debits that came: payments of the channel, each under its end-to-end id, so once."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Ints, ints, texts
from billcore.core.collections.direct_debit import moves
from billcore.core.collections.direct_debit.failures import Acting
from billcore.core.collections.direct_debit.moves import To
from billcore.core.collections.direct_debit.states import DebitState, Scheme
from billcore.core.collections.direct_debit.told import Outcome
from billcore.core.ordered import places
from billcore.core.payments.codes import Code, TargetKind
from billcore.core.payments.intake.post import ROWS_MAX, Intake, post
from billcore.core.payments.orders import Orders
from billcore.core.reconciliation.files.times import instants
from billcore.core.store import debits as rows
from billcore.core.store import mandates as mandate_rows
from billcore.core.store.debits import DebitRow


def collect(
    acting: Acting, told: Sequence[tuple[Outcome, DebitRow]], known: dict[str, DebitRow]
) -> None:
    """Posts the payments of debits and moves them on. OUT: known, as the debits are now.

    An outcome without an amount is of all of its debit, without a day of the collection day. Raises
    what refuses a payment: then nothing of the file is kept.
    """
    for start in range(0, len(told), ROWS_MAX):
        _some(acting, told[start : start + ROWS_MAX], known)


def column(values: Sequence[int]) -> Ints:
    """Integers as a column."""
    return np.array(values, dtype=np.int64)


def _some(
    acting: Acting, told: Sequence[tuple[Outcome, DebitRow]], known: dict[str, DebitRow]
) -> None:
    desk = acting.desk
    debits = [debit for _, debit in told]
    amount = column([one.amount or debit.amount for one, debit in told])
    day = column([one.day or debit.collection_day for one, debit in told])
    _post(acting, debits, amount, day)
    until = day + column([desk.terms.contingent_days(Scheme(one.scheme)) for one in debits])
    to = To(
        DebitState.COLLECTED,
        day,
        amount=amount,
        code="",
        until_day=until,
        line=column([one.line for one, _ in told]),
    )
    moves.move_rows(acting.session, desk.by(result_no=acting.result_no), debits, to)
    names = [one.end_to_end_id for one in debits]
    for now in rows.by_end_to_end_ids(acting.session, desk.provider_id, names):
        known[now.end_to_end_id] = now


def _post(acting: Acting, debits: Sequence[DebitRow], amount: Ints, day: Ints) -> None:
    place, desk, count = acting.place, acting.desk, len(debits)
    nothing = np.zeros(count, dtype=np.int64)
    orders = Orders(
        channel_no=np.full(count, place.channel.channel_no),
        reference=pa.array([one.end_to_end_id for one in debits], pa.string()),
        target_kind=np.full(count, TargetKind.ACCOUNT.value),
        target=pa.array(_numbers(acting, column([one.account_id for one in debits])), pa.string()),
        amount=amount,
        taken=np.ones(count, dtype=np.bool_),
        client_id=np.full(count, desk.caller.client_id),
        fee=nothing,
        terminal_no=nothing,
        direction=pa.array([""] * count, pa.string()),
        paid_at=instants(day, nothing, place.time_zone),
        value_day=nothing,
    )
    intake = Intake(
        place.provider_id,
        desk.now,
        place.time_zone,
        place.policies,
        {place.channel.channel_no: place.channel},
    )
    posted = post(acting.session, intake, orders)
    refused = np.flatnonzero(~np.isin(posted.code, (Code.OK, Code.OK_REPLAYED)))
    if refused.size:
        raise posted.error(int(refused[0]))


def _numbers(acting: Acting, account_id: Ints) -> list[str]:
    found = mandate_rows.account_numbers(acting.session, account_id)
    at, _ = places(ints(found["account_id"]), account_id)
    every = texts(found["number"])
    return [every[row] for row in at.tolist()]
