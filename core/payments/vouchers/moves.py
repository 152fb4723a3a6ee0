"""Steps of many vouchers at a time: shipped, blocked, unblocked, expired. All of a range, or none.

A blocked voucher that was sold stays a liability: its buyer has paid. Expiry is told by who runs
it: it ends what no day of grace is left for, and what buyers had paid becomes income.
"""

from typing import NamedTuple

import numpy as np

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.ledger import journal
from billcore.core.ledger.kinds import VOUCHERS
from billcore.core.ledger.turns import turn_to_post
from billcore.core.payments.vouchers import secret
from billcore.core.payments.vouchers.batches import VOUCHERS_MAX, found, subject
from billcore.core.payments.vouchers.errors import (
    VoucherFieldInvalid,
    VoucherStateUnfit,
    VoucherUnknown,
)
from billcore.core.payments.vouchers.states import LIVE, NEEDED, VoucherState
from billcore.core.store import vouchers as rows
from billcore.core.store.port import OPEN_DAY, Reader, Session
from billcore.core.store.vouchers import BatchRow

LIABILITY = "voucher_liability"
INCOME = "voucher_income"


class Range(NamedTuple):
    """Vouchers by number, both included."""

    first_no: int
    last_no: int

    def __str__(self) -> str:
        return f"vouchers {secret.serial(self.first_no)}..{secret.serial(self.last_no)}"

    @property
    def vouchers(self) -> int:
        """How many."""
        return self.last_no - self.first_no + 1


class Expired(NamedTuple):
    """What an expiry ended: vouchers, and what sold ones among them were worth."""

    vouchers: int
    forfeited: int


def of_batch(reader: Reader, provider_id: int, batch_no: int) -> Range:
    """All vouchers of a batch. Raises VoucherBatchUnknown."""
    batch = found(reader, provider_id, batch_no)
    return Range(batch.first_no, batch.last_no)


def of_serials(first: str, last: str) -> Range:
    """From one serial to another; last "": the one alone. Raises VoucherFieldInvalid."""
    first_no = secret.voucher_no(first, "first_serial")
    last_no = secret.voucher_no(last, "last_serial") if last else first_no
    count = last_no - first_no + 1
    if not 1 <= count <= VOUCHERS_MAX:
        raise VoucherFieldInvalid(
            "last_serial", f"a range has 1 to {VOUCHERS_MAX:,} vouchers, not {count:,}."
        )
    return Range(first_no, last_no)


def worth(reader: Reader, provider_id: int, range_: Range) -> int:
    """What the vouchers of a range are worth together. Raises VoucherUnknown."""
    count, amount = rows.value(reader, provider_id, *range_)
    if count < range_.vouchers:
        first_there = rows.voucher(reader, provider_id, range_.first_no)
        raise VoucherUnknown(secret.serial(range_.last_no if first_there else range_.first_no))
    return amount


def ship(write: Write, range_: Range) -> int:
    """Vouchers leave the store-room. Raises VoucherUnknown, VoucherStateUnfit."""
    provider_id = provider_acting(write.caller)
    count = move(write.session, provider_id, range_, VoucherState.SHIPPED)
    tell(write, provider_id, "vouchers.shipped", str(range_), {"vouchers": count})
    return count


def block(write: Write, range_: Range, reason: str) -> int:
    """Blocks what is not redeemed, expired or blocked yet; how many. Raises VoucherUnknown."""
    provider_id = provider_acting(write.caller)
    worth(write.session, provider_id, range_)
    count = sum(
        rows.end(write.session, provider_id, *range_, before, VoucherState.BLOCKED)
        for before in LIVE
    )
    tell(write, provider_id, "vouchers.blocked", str(range_), {"vouchers": count}, reason)
    return count


def unblock(write: Write, range_: Range, reason: str) -> int:
    """Takes what is blocked back to where it was; how many. Raises VoucherUnknown."""
    provider_id = provider_acting(write.caller)
    worth(write.session, provider_id, range_)
    count = rows.restore(write.session, provider_id, *range_, VoucherState.BLOCKED)
    tell(write, provider_id, "vouchers.unblocked", str(range_), {"vouchers": count}, reason)
    return count


def expire(write: Write, day: int, source: str) -> Expired:
    """Ends the vouchers whose days of grace were over before a day (an ordinal, not later than
    today). source: unique per provider."""
    provider_id = provider_acting(write.caller)
    nobody = np.zeros(0, dtype=np.int64)
    now = turn_to_post(write.session, provider_id, nobody, write.now)
    ended, forfeited = 0, 0
    for batch in rows.due(write.session, provider_id, day, OPEN_DAY, max(LIVE)):
        count, sold = _expire_batch(write.session, provider_id, batch)
        ended += count
        if not sold:
            continue
        amount = sold * batch.face_value
        forfeited += amount
        entry = journal.Entry(
            provider_id=provider_id,
            source=f"{source}/{batch.batch_no}",
            day=day,
            kind=VOUCHERS,
            amounts={LIABILITY: amount, INCOME: -amount},
            client_id=write.caller.client_id,
            recorded_at=now,
        )
        journal.post(write.session, entry)
        told = {"batch_no": batch.batch_no, "vouchers": count, "forfeited": amount}
        tell(write, provider_id, "vouchers.expired", subject(batch.batch_no), told)
    return Expired(ended, forfeited)


def _expire_batch(session: Session, provider_id: int, batch: BatchRow) -> tuple[int, int]:
    """How many vouchers of a batch ended, and how many of them were sold."""
    ended = {
        before: rows.end(
            session, provider_id, batch.first_no, batch.last_no, before, VoucherState.EXPIRED
        )
        for before in LIVE
    }
    return sum(ended.values()), ended[VoucherState.SOLD]


def move(session: Session, provider_id: int, range_: Range, state: VoucherState) -> int:
    """Takes all vouchers of a range to a state. Raises VoucherUnknown, VoucherStateUnfit."""
    worth(session, provider_id, range_)
    wanted = NEEDED[state]
    moved = sum(rows.move(session, provider_id, *range_, before, state) for before in wanted)
    if moved == range_.vouchers:
        return moved
    allowed = (*wanted, state)  # those that moved have it now
    other = rows.first_other(session, provider_id, *range_, allowed)
    number, found_state = other or (range_.first_no, state)
    raise VoucherStateUnfit(
        secret.serial(number),
        VoucherState(found_state).name,
        " or ".join(one.name for one in wanted),
    )
