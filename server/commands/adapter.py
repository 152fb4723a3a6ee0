"""`billcore adapter …`: processes that speak the protocols of others, and their files."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from billcore.core.errors import BillcoreError, SettingsInvalid
from billcore.server import telemetry
from billcore.server.commands.amounts import shown
from billcore.server.commands.console import out

if TYPE_CHECKING:
    from billcore.server.adapters.osmp.settings import Settings

app = typer.Typer(
    no_args_is_help=True, help="Serves the protocols of others, as a client of a running server."
)
osmp = typer.Typer(help="Kiosks: the check/pay protocol of OSMP and QIWI over HTTP.")
app.add_typer(osmp, name="osmp")

Config = Annotated[Path | None, typer.Option(help="A TOML file of settings.")]
Channel = Annotated[str | None, typer.Option(help="Code of the channel.")]
Provider = Annotated[str | None, typer.Option(help="Code of the provider; none: the key's own.")]
Currency = Annotated[str | None, typer.Option(help="The provider's currency.")]
Zone = Annotated[str | None, typer.Option(help="Time zone of `txn_date`, as Europe/Moscow.")]
KeyFile = Annotated[
    Path | None, typer.Option(help="File of the client's key; else BILLCORE_KEY has it.")
]
Address = Annotated[
    str | None, typer.Option(envvar="BILLCORE_ADDRESS", help="Host and port of the server.")
]


@osmp.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    config: Config = None,
    channel: Channel = None,
    provider: Provider = None,
    currency: Currency = None,
    time_zone: Zone = None,
    key_file: KeyFile = None,
    address: Address = None,
    host: Annotated[str | None, typer.Option(help="Address of HTTP.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of HTTP; 0 takes a free one.")] = None,
    metrics_port: Annotated[int | None, typer.Option(help="Port of the metrics page.")] = None,
) -> None:
    """Answers kiosks until SIGTERM; with a command, does that. The other settings: the file."""
    given = {
        "channel": channel,
        "provider": provider,
        "currency": currency,
        "time_zone": time_zone,
        "key_file": key_file,
        "address": address,
        "host": host,
        "port": port,
        "metrics_port": metrics_port,
    }
    context.obj = config, given
    if context.invoked_subcommand is None:
        _serve(*_settings(config, given))


def _settings(config: Path | None, given: Mapping[str, object]) -> "tuple[Settings, str]":
    """The settings and the key."""
    from billcore.server.adapters.osmp import settings as settings_of

    settings = settings_of.load(config, **given)
    return settings, settings_of.key(settings)


def _serve(settings: "Settings", key: str) -> None:
    serving = _serving()
    telemetry.start_logs(settings.log_level)
    telemetry.log.info("starting", settings=settings.shown())
    try:
        adapter = serving.Adapter(settings, key)
    except BillcoreError as error:
        telemetry.log.error("start_refused", reason=error.reason)
        raise
    adapter.run()


def _serving() -> Any:
    """The HTTP of the adapter. Raises SettingsInvalid where its libraries are not installed."""
    try:
        from billcore.server.adapters.osmp import serving
    except ModuleNotFoundError as error:
        why = f"{error.name} is not installed: pip install 'billcore[adapters]'."
        raise SettingsInvalid("adapters", why) from None
    return serving


@osmp.command()
def register(
    context: typer.Context,
    day: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Whose payments, as 2024-03-01.")
    ],
    folder: Annotated[
        Path, typer.Option("--output", "-o", file_okay=False, exists=True, help="Folder to write.")
    ] = Path(),
    config: Config = None,
) -> None:
    """Writes the register of a day's payments: tab-separated, with a total."""
    from billcore.server.adapters.osmp import register as registers  # gRPC is slow to import

    group_config, given = context.obj
    settings, key = _settings(config or group_config, given)
    made = registers.write(settings, key, day.date(), folder)
    total = f"{shown(made.amount, settings.digits)} {settings.currency}"
    out.print(f"{made.file}: {made.payments:,} payments, {total}.", markup=False, soft_wrap=True)
