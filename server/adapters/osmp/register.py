"""The register of a day: the payments of the channel as the payment system writes them.

Plain text in UTF-8; a line a payment, tab-separated: txn_id, date, time, account, sum, by the
clocks of the payment system; last `Total:`, how many, how much ("Settlement order" of the
protocol). In the order of time, then of txn_id: the same payments make the same bytes. What was
cancelled is left out: a register has the successful payments.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from billcore.core.errors import SettingsInvalid
from billcore.server.adapters.osmp.answers import money
from billcore.server.adapters.osmp.form import local_time, micros
from billcore.server.adapters.osmp.settings import Settings
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.server.refusals import ServerRefused
from billcore.v1 import payment_service_pb2 as pb
from billcore.v1.payment_service_pb2_grpc import PaymentServiceStub

TRIES = 5
"""A day to which payments are added behind the cursor is listed again so often."""


class Line(NamedTuple):
    """A payment, in the order of its fields. paid_at: microseconds since 1970 in UTC."""

    paid_at: int
    txn_id: str
    account: str
    amount: int


class Register(NamedTuple):
    """What was written. amount: minor units."""

    file: Path
    payments: int
    amount: int


def write(settings: Settings, key: str, day: date, folder: Path) -> Register:
    """Writes the register of a day; the file is there whole or not at all.

    Raises ServerRefused, and SettingsInvalid where the file cannot be written or the currency is
    another one.
    """
    lines = sorted(_listed(settings, key, day))
    amount = sum(line.amount for line in lines)
    file = folder / settings.register_of(day)
    rows = [_row(line, settings) for line in lines]
    rows.append(["Total:", str(len(lines)), money(amount, settings.digits)])
    _replace(file, "".join("\t".join(row) + "\n" for row in rows))
    return Register(file, len(lines), amount)


def span(settings: Settings, day: date) -> tuple[int, int]:
    """From when until when a day is, by the clocks of the payment system."""
    first, end = (
        datetime(one.year, one.month, one.day, tzinfo=settings.zone)
        for one in (day, day + timedelta(days=1))
    )
    return micros(first), micros(end)


def _row(line: Line, settings: Settings) -> Sequence[str]:
    paid = local_time(line.paid_at, settings)
    when = f"{paid:%Y-%m-%d}", f"{paid:%H:%M:%S}"
    return [line.txn_id, *when, line.account, money(line.amount, settings.digits)]


def _listed(settings: Settings, key: str, day: date) -> list[Line]:
    """Every payment of a day: as many as there are when the last page is read."""
    remote = Remote(settings.address, key, settings.provider)
    with remote.service(PaymentServiceStub) as stub:
        for _ in range(TRIES):
            told = list(_pages(stub, remote, settings, day))
            if sum(payments for payments, _, _ in told) == told[-1][1]:
                return [line for _, _, lines in told for line in lines]
    why = f"payments of {day} come in faster than they are listed: try again later."
    raise ServerRefused(settings.address, "ABORTED", why)


def _pages(
    stub: PaymentServiceStub, remote: Remote, settings: Settings, day: date
) -> Iterator[tuple[int, int, list[Line]]]:
    """Of each page how many payments it tells, of the last how many there are, and their lines."""
    first, end = span(settings, day)
    request = pb.ListPaymentsRequest(
        channel=settings.channel, paid_from=first, paid_until=end, page_size=PAGE_SIZE
    )
    for page in pages(stub.ListPayments, request, remote.call):
        if page.currency != settings.currency:
            raise SettingsInvalid("currency", f"the provider's is {page.currency}.")
        yield len(page.payments), page.count, [*_lines(page.payments)]


def _lines(listed: Iterable[pb.ListedPayment]) -> Iterator[Line]:
    for one in listed:
        if one.HasField("reversal") and one.reversal.kind == pb.REVERSAL_KIND_CANCELLED:
            continue
        paid = one.payment
        account = paid.target.text if paid.HasField("target") else one.parts[0].target.text
        yield Line(paid.paid_at, paid.reference, account, paid.amount)


def _replace(file: Path, text: str) -> None:
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as error:
        raise SettingsInvalid("folder", f"{file} cannot be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)
