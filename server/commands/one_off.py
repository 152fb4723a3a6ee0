"""`billcore bill one-off`: charges an account through a running server, or only tries to."""

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from billcore.core.errors import MoneyInvalid, RequestInvalid
from billcore.core.money import parse_decimal
from billcore.server.commands.bill_shown import Account, tell
from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId, request_named

if TYPE_CHECKING:
    from billcore.v1 import rating_service_pb2, tariff_service_pb2

FLAGS = {"yes": True, "no": False}


def one_off(
    account: Account,
    tariff: Annotated[str, typer.Option(help="Id of the tariff that rates the charge.")],
    given: Annotated[
        list[str] | None,
        typer.Option("--input", metavar="NAME=VALUE", help="An input; money as 12.50, yes or no."),
    ] = None,
    day: Annotated[str, typer.Option(help="Day of issue, as 2018-10-22; none: today.")] = "",
    version: Annotated[int, typer.Option(min=0, help="Of the tariff; 0: the newest.")] = 0,
    agreement: Annotated[int, typer.Option(min=0, help="What it is about; 0: none.")] = 0,
    reference: Annotated[str, typer.Option(help="What it stands for, shown on the bill.")] = "",
    simulate: Annotated[bool, typer.Option("--simulate", help="Only try: write nothing.")] = False,
    request_id: RequestId = "",
    language: Annotated[str, typer.Option(help="Of the labels, as the tariff tags them.")] = "en",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Charges an account something of its own: a new connection, a meter, a fine."""
    from billcore.server.commands.remote import Remote  # gRPC is slow to import
    from billcore.v1 import common_pb2, one_off_pb2, tariff_service_pb2
    from billcore.v1.billing_service_pb2_grpc import BillingServiceStub
    from billcore.v1.tariff_service_pb2_grpc import TariffServiceStub

    remote = Remote(address, key, provider)
    plan = common_pb2.Plan(tariff_id=tariff, version=version)
    with remote.channel() as channel:
        known = TariffServiceStub(channel).GetTariff(
            tariff_service_pb2.GetTariffRequest(plan=plan), **remote.call
        )
        order = one_off_pb2.OneOffOrder(
            number=account,
            plan=plan,
            inputs=[_input(text, known) for text in given or ()],
            day=day,
            agreement_no=agreement,
            reference=reference,
        )
        stub = BillingServiceStub(channel)
        if simulate:
            tried = one_off_pb2.SimulateOneOffBillRequest(order=order)
            made = stub.SimulateOneOffBill(tried, **remote.call).bill
        else:
            wanted = one_off_pb2.BillOneOffRequest(
                request_id=request_named(request_id), order=order
            )
            made = stub.BillOneOff(wanted, **remote.call).bill
    tell(account, made, language)


def _input(
    text: str, tariff: "tariff_service_pb2.GetTariffResponse"
) -> "rating_service_pb2.InputValue":
    """An input as its kind has it. Raises RequestInvalid."""
    from billcore.v1 import rating_service_pb2

    name, equals, value = text.partition("=")
    kinds = {column.name: column.kind for column in tariff.columns}
    if not equals or name not in kinds:
        raise RequestInvalid("input", f"{text[:80]!r}: write NAME=VALUE.", sorted(kinds))
    field = _field(name, kinds[name], value, tariff.tariff.digits)
    return rating_service_pb2.InputValue(name=name, **field)


def _field(name: str, kind: int, value: str, digits: int) -> dict[str, Any]:
    from billcore.v1 import common_pb2

    match kind:
        case common_pb2.COLUMN_KIND_CHOICE:
            return {"choice": value}
        case common_pb2.COLUMN_KIND_FLAG:
            if value not in FLAGS:
                raise RequestInvalid("input", f"{name}: {value[:80]!r} is neither yes nor no.")
            return {"flag": FLAGS[value]}
        case common_pb2.COLUMN_KIND_MONEY:
            return {"money": _money(name, value, digits)}
    return {"number": value}


def _money(name: str, value: str, digits: int) -> int:
    try:
        units = parse_decimal(value) * Fraction(10**digits)
    except MoneyInvalid as error:
        raise RequestInvalid("input", f"{name}: {error.message}") from None
    if units.denominator != 1 or abs(units) >= 2**63:
        raise RequestInvalid("input", f"{name}: {value[:80]} has not at most {digits} decimals.")
    return int(units)
