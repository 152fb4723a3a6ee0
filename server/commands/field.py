"""`billcore field …`: collectors, routes, devices, cash handed in, on a running server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from billcore.server.commands.options import LOCAL, Address, Key, Provider, RequestId

if TYPE_CHECKING:
    from billcore.server.commands.field_remote import FieldWork

app = typer.Typer(no_args_is_help=True, help="Field collection, on a running server.")
collector_app = typer.Typer(no_args_is_help=True, help="Collectors.")
route_app = typer.Typer(no_args_is_help=True, help="Routes, who walks them, visits.")
device_app = typer.Typer(no_args_is_help=True, help="Devices and their records.")
cash_app = typer.Typer(no_args_is_help=True, help="Cash that devices handed in.")
conflict_app = typer.Typer(no_args_is_help=True, help="Receipts of debts paid elsewhere.")
for _name, _app in (
    ("collector", collector_app),
    ("route", route_app),
    ("device", device_app),
    ("hand-in", cash_app),
    ("conflict", conflict_app),
):
    app.add_typer(_app, name=_name)

Code = Annotated[
    str, typer.Argument(metavar="COLLECTOR", help="The code of the collector's channel.")
]
DeviceNo = Annotated[int, typer.Argument(metavar="DEVICE", help="The number of the device.")]
Of = Annotated[str, typer.Option("--collector", help="Of one collector alone.")]
Why = Annotated[str, typer.Option("--reason", help="Why, for the audit log.")]
Revision = Annotated[int, typer.Option(help="The revision that is changed; 0: it is new.")]


@collector_app.command("set")
def set_collector(
    collector: Code,
    phone: Annotated[str, typer.Option(help="Printed on notices that are left.")],
    warn_percent: Annotated[int, typer.Option(help="Of the float limit.")] = 80,
    cash_max: Annotated[int, typer.Option(help="Of one payment, minor units; 0: any.")] = 0,
    offline_minutes: Annotated[int, typer.Option(help="Without the server; 0: any.")] = 0,
    snapshot_minutes: Annotated[int, typer.Option(help="Age of debts shown; 0: any.")] = 0,
    grace_minutes: Annotated[int, typer.Option(help="Past midnight, for a shift.")] = 120,
    revision: Revision = 0,
    reason: Why = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Sets what goes for the agent of a channel of the kind field_device, all of it."""
    limits = phone, warn_percent, cash_max, offline_minutes, snapshot_minutes, grace_minutes
    work = remote(address, key, provider)
    work.set_collector(collector, limits, revision, reason, request_id)


@collector_app.command("list")
def list_collectors(provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the collectors, what they may hold and hold."""
    remote(address, key, provider).collectors()


@route_app.command("set")
def set_route(
    route: Annotated[str, typer.Argument(help="The code of the route.")],
    accounts: Annotated[
        Path, typer.Argument(help="A file with an account's number a line, in order.")
    ],
    name: Annotated[str, typer.Option(help="Its name.")] = "",
    area: Annotated[str, typer.Option(help="Its area.")] = "",
    revision: Revision = 0,
    reason: Why = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Sets a route with its stops, all of them."""
    work = remote(address, key, provider)
    work.set_route((route, name, area, revision), accounts, reason, request_id)


@route_app.command("list")
def list_routes(provider: Provider = "", address: Address = LOCAL, key: Key = "") -> None:
    """Lists the routes."""
    remote(address, key, provider).routes()


@route_app.command()
def assign(
    route: Annotated[str, typer.Argument(help="The code of the route.")],
    collector: Code,
    first_day: Annotated[str, typer.Option("--from", help="First day; none: today.")] = "",
    last_day: Annotated[str, typer.Option("--until", help="Last day; none: the first.")] = "",
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Gives a collector the stops of a route to visit."""
    remote(address, key, provider).assign(route, collector, (first_day, last_day), request_id)


@route_app.command()
def end(
    assignment: Annotated[int, typer.Argument(help="The number of the assignment.")],
    reason: Why,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Ends an assignment; who did not pay is handed over to collection points."""
    remote(address, key, provider).end(assignment, reason, request_id)


@route_app.command()
def assignments(
    collector: Of = "", provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Lists the assignments."""
    remote(address, key, provider).assignments(collector)


@route_app.command()
def visits(
    assignment: Annotated[int, typer.Argument(help="The number of the assignment.")],
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists the visits of an assignment in order."""
    remote(address, key, provider).visits(assignment)


@device_app.command()
def register(
    collector: Code,
    public_key: Annotated[str, typer.Argument(help="Ed25519, 64 hexadecimal digits.")],
    name: Annotated[str, typer.Option(help="Its name.")],
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Registers a device of a collector with the key that it signs with."""
    remote(address, key, provider).register(collector, name, public_key, request_id)


@device_app.command("list")
def list_devices(
    collector: Of = "", provider: Provider = "", address: Address = LOCAL, key: Key = ""
) -> None:
    """Lists the devices: where their chains and shifts are."""
    remote(address, key, provider).devices(collector)


@device_app.command()
def lock(
    collector: Code,
    device: DeviceNo,
    reason: Why,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Locks a device that is lost or not trusted, for good."""
    remote(address, key, provider).lock(collector, device, reason, request_id)


@device_app.command()
def retire(
    collector: Code,
    device: DeviceNo,
    reason: Why,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Takes a device out of use, for good."""
    remote(address, key, provider).retire(collector, device, reason, request_id)


@device_app.command()
def allot(
    collector: Code,
    device: DeviceNo,
    ahead: Annotated[int, typer.Option(help="So many numbers are to be ahead.")] = 500,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Sees to it that a device has numbers of receipts ahead."""
    remote(address, key, provider).allot(collector, device, ahead, request_id)


@device_app.command()
def snapshot(
    collector: Code,
    device: DeviceNo,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Shows what a device gets to work off-line: its visits with their debts."""
    remote(address, key, provider).snapshot(collector, device)


@device_app.command()
def records(
    collector: Code,
    device: DeviceNo,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists the records of a device, what came of each, and forks."""
    remote(address, key, provider).records(collector, device)


@cash_app.command("list")
def list_hand_ins(
    every: Annotated[bool, typer.Option("--all", help="Confirmed ones too.")] = False,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists the cash that devices handed in and nobody has confirmed."""
    remote(address, key, provider).hand_ins(is_open=not every)


@cash_app.command("confirm")
def confirm_hand_in(
    collector: Code,
    device: DeviceNo,
    seq: Annotated[int, typer.Argument(help="The number of its record.")],
    counted: Annotated[int, typer.Argument(help="What was counted, in minor units.")],
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Countersigns a hand-in with what was counted; what is short or over is posted."""
    remote(address, key, provider).confirm(collector, device, seq, counted, request_id)


@conflict_app.command("list")
def list_conflicts(
    every: Annotated[bool, typer.Option("--all", help="Settled ones too.")] = False,
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Lists receipts of debts that had been paid otherwise."""
    remote(address, key, provider).conflicts(is_open=not every)


@conflict_app.command("settle")
def settle_conflict(
    number: Annotated[int, typer.Argument(help="The number of the receipt.")],
    how: Annotated[str, typer.Argument(help="keep, or refund by a correction case.")],
    reason: Why,
    request_id: RequestId = "",
    provider: Provider = "",
    address: Address = LOCAL,
    key: Key = "",
) -> None:
    """Settles a conflict."""
    remote(address, key, provider).settle(number, how, reason, request_id)


def remote(address: str, key: str, provider: str) -> "FieldWork":
    """The field work of a server."""
    from billcore.server.commands.field_remote import FieldWork  # gRPC is slow to import

    return FieldWork(address, key, provider)
