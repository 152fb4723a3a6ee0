"""Batches of vouchers: made once with their secrets, and reported."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.ledger.account_entries import AMOUNT_MAX
from billcore.core.payments.vouchers import secret
from billcore.core.payments.vouchers.errors import VoucherBatchUnknown, VoucherFieldInvalid
from billcore.core.payments.vouchers.secret import Keys
from billcore.core.payments.vouchers.states import VoucherState
from billcore.core.store import providers
from billcore.core.store import vouchers as rows
from billcore.core.store.port import OPEN_DAY, Reader
from billcore.core.store.vouchers import BatchRow

VOUCHERS_MAX = 100_000
"""Vouchers of a batch."""

FACE_VALUE_MAX = AMOUNT_MAX // VOUCHERS_MAX
"""Of a voucher, in minor units: a whole batch is one amount."""

GRACE_MAX = 3_650
"""Days."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A batch to make. face_value: minor units; valid_until: an ordinal, OPEN_DAY: for ever."""

    vouchers: int
    face_value: int
    valid_until: int
    grace_days: int


@dataclass(frozen=True, slots=True)
class Made:
    """A new batch with its secrets in the order of its serials; they are never told again."""

    batch: BatchRow
    secrets: tuple[str, ...] = field(repr=False)


class Report(NamedTuple):
    """How many vouchers of a batch are in each state, and what they are worth.

    liable: minor units of those that were sold and not redeemed, blocked ones among them;
    forfeited: of those that were sold and expired.
    """

    batch: BatchRow
    counts: dict[VoucherState, int]
    liable: int
    forfeited: int


def make(write: Write, asked: Asked, keys: Keys, today: int) -> Made:
    """Makes a batch. Raises VoucherFieldInvalid, VoucherKeyMissing."""
    provider_id = provider_acting(write.caller)
    key_id = keys.current
    _check(asked, today)
    batch_no = providers.draw(write.session, provider_id, "voucher batch", 1)
    last = providers.draw(write.session, provider_id, "voucher", asked.vouchers)
    if last >= 10**secret.SERIAL_DIGITS:
        raise VoucherFieldInvalid("vouchers", f"serials have {secret.SERIAL_DIGITS} digits.")
    batch = BatchRow(
        batch_no=batch_no,
        first_no=last - asked.vouchers + 1,
        vouchers=asked.vouchers,
        face_value=asked.face_value,
        valid_until=asked.valid_until,
        grace_days=asked.grace_days,
        key_id=key_id,
        client_id=write.caller.client_id,
        recorded_at=write.now,
    )
    rows.add_batch(write.session, provider_id, batch)
    made = tuple(secret.new_secret() for _ in range(asked.vouchers))
    _add(write, provider_id, batch, keys.key(key_id), made)
    told = {"batch_no": batch_no, "vouchers": asked.vouchers, "face_value": asked.face_value}
    tell(write, provider_id, "vouchers.made", subject(batch_no), told)
    return Made(batch, made)


def found(reader: Reader, provider_id: int, batch_no: int) -> BatchRow:
    """A batch. Raises VoucherBatchUnknown."""
    batch = rows.batch(reader, provider_id, batch_no)
    if batch is None:
        raise VoucherBatchUnknown(batch_no)
    return batch


def report(reader: Reader, provider_id: int, batch: BatchRow) -> Report:
    """What became of a batch."""
    counts = dict.fromkeys(VoucherState, 0)
    liable = forfeited = 0
    blocked = VoucherState.BLOCKED, VoucherState.SOLD
    for state, was, count in rows.counts(reader, provider_id, batch.first_no, batch.last_no):
        counts[VoucherState(state)] += count
        if state == VoucherState.SOLD or (state, was) == blocked:
            liable += count
        elif state == VoucherState.EXPIRED and was == VoucherState.SOLD:
            forfeited += count
    return Report(batch, counts, liable * batch.face_value, forfeited * batch.face_value)


def subject(batch_no: int) -> str:
    """What events and the audit log call it."""
    return f"voucher batch {batch_no}"


def _check(asked: Asked, today: int) -> None:
    for name, value, least, most in (
        ("vouchers", asked.vouchers, 1, VOUCHERS_MAX),
        ("face_value", asked.face_value, 1, FACE_VALUE_MAX),
        ("grace_days", asked.grace_days, 0, GRACE_MAX),
    ):
        if not least <= value <= most:
            raise VoucherFieldInvalid(name, f"{value} is not from {least} to {most}.")
    if asked.valid_until < today:
        raise VoucherFieldInvalid("valid_until", "it has passed.")
    if asked.valid_until == OPEN_DAY and asked.grace_days:
        raise VoucherFieldInvalid("grace_days", "what never expires has no days of grace.")


def _add(
    write: Write, provider_id: int, batch: BatchRow, key: bytes, made: tuple[str, ...]
) -> None:
    count = batch.vouchers
    numbers = np.arange(batch.first_no, batch.first_no + count)
    hashes = [
        secret.hashed(key, provider_id, number, one)
        for number, one in zip(numbers.tolist(), made, strict=True)
    ]
    columns = {
        "provider_id": np.full(count, provider_id),
        "voucher_no": numbers,
        "batch_no": np.full(count, batch.batch_no),
        "secret_hash": pa.array(hashes, pa.binary()),
        "state": np.full(count, VoucherState.MADE.value),
        "was": np.zeros(count, dtype=np.int64),
    }
    rows.add_vouchers(write.session, columns)
