"""Vouchers as messages, and back."""

from collections.abc import Iterator

from billcore.core.payments.vouchers import moves, secret
from billcore.core.payments.vouchers.batches import Asked, Made, Report
from billcore.core.payments.vouchers.errors import VoucherFieldInvalid
from billcore.core.payments.vouchers.moves import Range
from billcore.core.store.payments import OrderRow
from billcore.core.store.port import Reader
from billcore.core.store.vouchers import BatchRow, RedemptionRow, SaleRow, VoucherRow
from billcore.server.messages import account as fields
from billcore.v1 import voucher_service_pb2 as pb

SECRETS_MAX = 4_096
"""Vouchers of a message of MakeVouchers."""


def asked(request: pb.MakeVouchersRequest) -> Asked:
    """A batch to make. Raises FieldRefused."""
    until = request.valid_until
    day = fields.last_day(until, "valid_until")
    return Asked(request.vouchers, request.face_value, day, request.grace_days)


def vouchers(reader: Reader, provider_id: int, given: pb.VoucherRange) -> Range:
    """The vouchers of a range. Raises VoucherFieldInvalid, VoucherBatchUnknown."""
    match given.WhichOneof("by"):
        case "batch_no":
            return moves.of_batch(reader, provider_id, given.batch_no)
        case "first_serial":
            return moves.of_serials(given.first_serial, given.last_serial)
    raise VoucherFieldInvalid("range", "name a batch, or a first serial.")


def batch(found: BatchRow) -> pb.VoucherBatch:
    return pb.VoucherBatch(
        batch_no=found.batch_no,
        first_serial=secret.serial(found.first_no),
        last_serial=secret.serial(found.last_no),
        vouchers=found.vouchers,
        face_value=found.face_value,
        valid_until=fields.iso(found.valid_until),
        grace_days=found.grace_days,
        key_id=found.key_id,
        recorded_at=found.recorded_at,
    )


def secrets(made: Made) -> Iterator[pb.MakeVouchersResponse]:
    """The vouchers of a new batch with their secrets."""
    first = made.batch.first_no
    for start in range(0, made.batch.vouchers, SECRETS_MAX):
        some = made.secrets[start : start + SECRETS_MAX]
        serials = [secret.serial(first + start + n) for n in range(len(some))]
        told = pb.VoucherSecrets(serials=serials, secrets=some)
        yield pb.MakeVouchersResponse(secrets=told)


def sale(found: SaleRow, channel: str) -> pb.VoucherSale:
    """channel: its code."""
    return pb.VoucherSale(
        channel=channel,
        reference=found.reference,
        first_serial=secret.serial(found.first_no),
        last_serial=secret.serial(found.last_no),
        amount=found.amount,
        day=fields.iso(found.day),
        recorded_at=found.recorded_at,
    )


def redeemed(order: OrderRow) -> pb.RedeemVoucherResponse:
    return pb.RedeemVoucherResponse(
        payment_id=order.payment_id,
        account_id=order.account_id,
        amount=order.amount,
        day=fields.iso(order.day),
        recorded_at=order.recorded_at,
    )


def voucher(
    found: VoucherRow, sold: pb.VoucherSale | None, paid: RedemptionRow | None
) -> pb.Voucher:
    return pb.Voucher(
        serial=secret.serial(found.voucher_no),
        batch_no=found.batch_no,
        state=found.state,  # type: ignore[arg-type]
        was=found.was,  # type: ignore[arg-type]
        face_value=found.face_value,
        valid_until=fields.iso(found.valid_until),
        sale=sold,
        account_id=paid.account_id if paid else 0,
        payment_id=paid.payment_id if paid else 0,
    )


def report(found: Report) -> pb.GetVoucherBatchResponse:
    counts = [
        pb.VoucherCount(state=int(state), vouchers=count)  # type: ignore[arg-type]
        for state, count in found.counts.items()
        if count
    ]
    return pb.GetVoucherBatchResponse(
        batch=batch(found.batch), counts=counts, liable=found.liable, forfeited=found.forfeited
    )
