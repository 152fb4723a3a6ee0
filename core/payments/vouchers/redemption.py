"""Vouchers redeemed: one step that ends the voucher and pays the account, or does nothing.

A redemption is a payment order of a channel of kind `voucher`, whose ledger account is
`voucher_liability`; its key is (provider, channel, reference), and it is bound to one voucher.
Secrets are tried behind a guard; that a secret was wrong is counted, so it is an outcome that is
committed, not an error that is rolled back. Who does not have the secret learns nothing about the
voucher; who has it for one that is redeemed under the same key gets the first answer, locked or
not.
"""

from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from billcore.core.accounts.acting import Write, tell
from billcore.core.accounts.numbers import resolved
from billcore.core.errors import BillcoreError, quoted
from billcore.core.events.outbox import record
from billcore.core.payments.codes import Code, TargetKind
from billcore.core.payments.intake.place import Place
from billcore.core.payments.intake.post import Intake, post
from billcore.core.payments.orders import Told, orders
from billcore.core.payments.refusals import PaymentConflict, TargetUnknown
from billcore.core.payments.vouchers import guard, secret
from billcore.core.payments.vouchers.errors import (
    VoucherExpired,
    VoucherRefused,
    VoucherStateUnfit,
)
from billcore.core.payments.vouchers.guard import Subjects
from billcore.core.payments.vouchers.secret import Keys
from billcore.core.payments.vouchers.states import VoucherState
from billcore.core.store import payments as payment_rows
from billcore.core.store import vouchers as rows
from billcore.core.store.payments import OrderRow
from billcore.core.store.port import OPEN_DAY
from billcore.core.store.vouchers import RedemptionRow, VoucherRow

REDEEMED = "voucher.redeemed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A redemption as its channel tells it. number: the account's."""

    reference: str
    serial: str
    secret: str = field(repr=False)
    number: str


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What became of a redemption: its payment, or why it was refused although it counts."""

    order: OrderRow | None
    replayed: bool = False
    refused: BillcoreError | None = None


def redeem(write: Write, place: Place, asked: Asked, keys: Keys, today: int) -> Redeemed:
    """Redeems a voucher to an account.

    The caller commits, then raises `refused`, if any: VoucherRefused. Raises VoucherFieldInvalid,
    TargetUnknown, VoucherLocked, VoucherKeyMissing, VoucherStateUnfit, VoucherExpired,
    PaymentConflict, and what else refuses a payment.
    """
    number = secret.voucher_no(asked.serial, "serial")
    tried = secret.read_secret(asked.secret)
    subjects = Subjects(place.provider_id, _account(write, place, asked), place.channel.channel_no)
    locked = guard.hold(write.session, subjects, write.now)
    voucher = rows.voucher(write.session, place.provider_id, number)
    right = _fits(voucher, keys, place.provider_id, number, tried)
    kept = rows.redemption(
        write.session, place.provider_id, place.channel.channel_no, asked.reference
    )
    if right and kept is not None and kept.voucher_no == number:
        return _told_before(write, place, asked)
    if locked is not None:
        raise locked
    if not right or voucher is None:
        return _refused(write, subjects)
    if kept is not None:
        was = secret.serial(kept.voucher_no)
        raise PaymentConflict(asked.reference, {"serial": (was, secret.serial(number))})
    return _redeemed(write, place, asked, voucher, today)


def _account(write: Write, place: Place, asked: Asked) -> int:
    (account_id,) = resolved(
        write.session, place.provider_id, "account", pa.array([asked.number], pa.string())
    ).tolist()
    if not account_id:
        raise TargetUnknown(
            f"No account {quoted(asked.number)} is known here.", target=asked.number[:100]
        )
    return int(account_id)


def _fits(
    voucher: VoucherRow | None, keys: Keys, provider_id: int, number: int, tried: str
) -> bool:
    if voucher is None:
        return secret.fits(keys.key(keys.current), provider_id, number, tried, bytes(32))
    return secret.fits(keys.key(voucher.key_id), provider_id, number, tried, voucher.secret_hash)


def _told_before(write: Write, place: Place, asked: Asked) -> Redeemed:
    order = payment_rows.one(
        write.session, place.provider_id, place.channel.channel_no, asked.reference
    )
    assert order is not None  # a redemption is written with its order
    if order.target != asked.number:
        raise PaymentConflict(asked.reference, {"number": (order.target, asked.number)})
    return Redeemed(order, replayed=True)


def _refused(write: Write, subjects: Subjects) -> Redeemed:
    locked = guard.count(write.session, subjects, write.now)
    if locked:
        subject = f"account {subjects.account_id}"
        told = {"locked": locked, "channel_no": subjects.channel_no}
        tell(write, subjects.provider_id, "vouchers.locked", subject, told)
    return Redeemed(None, refused=VoucherRefused())


def _redeemed(
    write: Write, place: Place, asked: Asked, voucher: VoucherRow, today: int
) -> Redeemed:
    number = voucher.voucher_no
    last = voucher.valid_until + voucher.grace_days
    if voucher.valid_until != OPEN_DAY and last < today and voucher.state == VoucherState.SOLD:
        raise VoucherExpired(secret.serial(number), date.fromordinal(last).isoformat())
    states = VoucherState.SOLD, VoucherState.REDEEMED
    if not rows.move(write.session, place.provider_id, number, number, *states):
        now = rows.voucher(write.session, place.provider_id, number) or voucher
        state = VoucherState(now.state).name
        raise VoucherStateUnfit(secret.serial(number), state, VoucherState.SOLD.name)
    order = _paid(write, place, asked, voucher.face_value)
    row = RedemptionRow(
        channel_no=order.channel_no,
        reference=order.reference,
        voucher_no=number,
        account_id=order.account_id,
        payment_id=order.payment_id,
        recorded_at=order.recorded_at,
    )
    rows.add_redemption(write.session, place.provider_id, row)
    told = {"payment_id": order.payment_id, "account_id": order.account_id}
    subject = f"voucher {secret.serial(number)}"
    record(write.session, place.provider_id, REDEEMED, subject, told, write.now)
    return Redeemed(order)


def _paid(write: Write, place: Place, asked: Asked, amount: int) -> OrderRow:
    """The payment order, posted. Raises what refuses it."""
    told = Told(
        channel_no=place.channel.channel_no,
        reference=asked.reference,
        target_kind=TargetKind.ACCOUNT,
        target=asked.number,
        amount=amount,
        taken=False,
        client_id=write.caller.client_id,
        terminal_no=place.terminal_no,
    )
    channels = {place.channel.channel_no: place.channel}
    intake = Intake(place.provider_id, write.now, place.time_zone, place.policies, channels)
    posted = post(write.session, intake, orders([told]))
    code = int(posted.code[0])
    if code == Code.OK_REPLAYED:  # of another voucher, redeemed meanwhile
        raise PaymentConflict(asked.reference, {"serial": ("another", asked.serial)})
    if code != Code.OK:
        raise posted.error(0)
    (order,) = posted.all()
    return order
