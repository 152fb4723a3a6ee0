"""The vouchers of a running server as `billcore voucher` calls them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rich.table import Table

from billcore.core.errors import RequestInvalid
from billcore.server.commands.console import out, say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.v1 import voucher_service_pb2 as pb
from billcore.v1.voucher_service_pb2_grpc import VoucherServiceStub


class Vouchers:
    """VoucherService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, VoucherServiceStub)

    def make(
        self, vouchers: int, face_value: int, valid_until: str, grace_days: int, file: Path,
        given_id: str,
    ) -> None:  # fmt: skip
        """Makes a batch and writes its secrets to a new file, which its owner alone may read."""
        request = pb.MakeVouchersRequest(
            request_id=request_named(given_id),
            vouchers=vouchers,
            face_value=face_value,
            valid_until=valid_until,
            grace_days=grace_days,
        )
        with _new_file(file) as number, self._stub() as stub:
            count = 0
            for told in stub.MakeVouchers(request, metadata=self._remote.metadata):
                if told.WhichOneof("message") == "batch":
                    batch = told.batch
                    continue
                pairs = zip(told.secrets.serials, told.secrets.secrets, strict=True)
                text = "".join(f"{serial},{secret}\n" for serial, secret in pairs)
                os.write(number, text.encode())
                count += len(told.secrets.serials)
            os.fsync(number)
        _tell(batch)
        if count:
            say(f"{count} secrets are in {file}; they are nowhere else.")
        else:
            say("It was made before: its secrets are told once. Block it if they are lost.")

    def ship(self, batch: int, first: str, last: str, given_id: str) -> None:
        """Ships vouchers and tells how many."""
        request = pb.ShipVouchersRequest(
            request_id=request_named(given_id), range=_range(batch, first, last)
        )
        with self._stub() as stub:
            say(f"{stub.ShipVouchers(request, **self._remote.call).vouchers} shipped")

    def sell(self, channel: str, reference: str, batch: int, first: str, last: str) -> None:
        """Sells vouchers and tells the sale."""
        range_ = _range(batch, first, last)
        request = pb.SellVouchersRequest(channel=channel, reference=reference, range=range_)
        with self._stub() as stub:
            _tell_sale(stub.SellVouchers(request, **self._remote.call).sale)

    def redeem(self, channel: str, reference: str, serial: str, secret: str, number: str) -> None:
        """Redeems a voucher and tells the payment."""
        request = pb.RedeemVoucherRequest(
            channel=channel, reference=reference, serial=serial, secret=secret, number=number
        )
        with self._stub() as stub:
            told = stub.RedeemVoucher(request, **self._remote.call)
        say(f"Payment {told.payment_id}: {told.amount} to the account {number} on {told.day}")

    def block(
        self, batch: int, first: str, last: str, reason: str, undo: bool, given_id: str
    ) -> None:
        """Blocks or unblocks vouchers and tells how many."""
        range_, name = _range(batch, first, last), request_named(given_id)
        with self._stub() as stub:
            if undo:
                back = pb.UnblockVouchersRequest(request_id=name, range=range_, reason=reason)
                say(f"{stub.UnblockVouchers(back, **self._remote.call).vouchers} unblocked")
            else:
                request = pb.BlockVouchersRequest(request_id=name, range=range_, reason=reason)
                say(f"{stub.BlockVouchers(request, **self._remote.call).vouchers} blocked")

    def expire(self, given_id: str) -> None:
        """Ends what has expired and tells how many."""
        request = pb.ExpireVouchersRequest(request_id=request_named(given_id))
        with self._stub() as stub:
            told = stub.ExpireVouchers(request, **self._remote.call)
        say(f"{told.vouchers} expired, {told.forfeited} forfeited")

    def show(self, serial: str) -> None:
        """Tells a voucher."""
        request = pb.GetVoucherRequest(serial=serial)
        with self._stub() as stub:
            told = stub.GetVoucher(request, **self._remote.call).voucher
        state = _state(told.state)
        say(f"Voucher {told.serial} of batch {told.batch_no}: {state}, {told.face_value}")
        if told.HasField("sale"):
            _tell_sale(told.sale)
        if told.payment_id:
            say(f"Payment {told.payment_id} to the account with the id {told.account_id}")

    def report(self, batch_no: int) -> None:
        """Tells what became of a batch."""
        request = pb.GetVoucherBatchRequest(batch_no=batch_no)
        with self._stub() as stub:
            told = stub.GetVoucherBatch(request, **self._remote.call)
        _tell(told.batch)
        for one in told.counts:
            say(f"{one.vouchers} {_state(one.state)}")
        say(f"{told.liable} owed, {told.forfeited} forfeited")

    def batches(self) -> None:
        """Tells every batch, by number."""
        table = Table("batch", "vouchers", "first", "last", "worth", "until", "key", box=None)
        request = pb.ListVoucherBatchesRequest(page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListVoucherBatches, request, self._remote.call):
                for one in page.batches:
                    numbers = str(one.batch_no), str(one.vouchers)
                    serials = one.first_serial, one.last_serial
                    rest = str(one.face_value), one.valid_until or "-", one.key_id
                    table.add_row(*numbers, *serials, *rest)
        out.print(table)


@contextmanager
def _new_file(file: Path) -> Iterator[int]:
    """A new file, open for its owner alone. Raises RequestInvalid."""
    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise RequestInvalid("out", f"{file}: {error.strerror}.") from None
    try:
        yield number
    except BaseException:
        if not os.fstat(number).st_size:
            file.unlink()
        raise
    finally:
        os.close(number)


def _range(batch: int, first: str, last: str) -> pb.VoucherRange:
    if bool(batch) == bool(first) or (batch and last):
        raise RequestInvalid("range", "give --batch, or --first and perhaps --last.")
    return pb.VoucherRange(batch_no=batch) if batch else _serials(first, last)


def _serials(first: str, last: str) -> pb.VoucherRange:
    return pb.VoucherRange(first_serial=first, last_serial=last)


def _state(number: int) -> str:
    return pb.VoucherState.Name(number).removeprefix("VOUCHER_STATE_").lower()


def _tell(told: pb.VoucherBatch) -> None:
    until = f"until {told.valid_until}" if told.valid_until else "without end"
    say(
        f"Batch {told.batch_no}: {told.vouchers} vouchers of {told.face_value}, {until}, "
        f"{told.first_serial} to {told.last_serial}, key {told.key_id}"
    )


def _tell_sale(told: pb.VoucherSale) -> None:
    say(
        f"Sale {told.reference} of {told.channel}: {told.first_serial} to {told.last_serial}, "
        f"{told.amount} on {told.day}"
    )
