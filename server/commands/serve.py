"""`billcore serve`: the server, until SIGTERM."""

from pathlib import Path
from typing import Annotated

import typer

from billcore.core.errors import BillcoreError
from billcore.server import settings as settings_of
from billcore.server import settings_shown, telemetry
from billcore.server.manager import Manager
from billcore.server.settings import Settings


def serve(
    config: Annotated[Path | None, typer.Option(help="A TOML file of settings.")] = None,
    store: Annotated[str | None, typer.Option(help="URL of the store.")] = None,
    tariffs: Annotated[Path | None, typer.Option(help="Folder of tariff documents.")] = None,
    host: Annotated[str | None, typer.Option(help="Address of gRPC.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of gRPC; 0 takes a free one.")] = None,
    metrics_port: Annotated[int | None, typer.Option(help="Port of the metrics page.")] = None,
    processes: Annotated[
        int | None, typer.Option(help="Processes on the port; more than 1: PostgreSQL.")
    ] = None,
    show_config: Annotated[
        bool, typer.Option("--show-config", help="Prints the settings as TOML, and ends.")
    ] = False,
) -> None:
    """Serves gRPC until SIGTERM. Other settings: BILLCORE_… in the environment, or the file."""
    settings, sources = settings_of.sourced(
        config,
        store=store,
        tariffs=tariffs,
        host=host,
        port=port,
        metrics_port=metrics_port,
        processes=processes,
    )
    if show_config:
        typer.echo(settings_shown.toml(settings, sources), nl=False)
        return
    telemetry.start_logs(settings.log_level)
    telemetry.log.info("starting", settings=settings.shown())
    if settings.processes > 1:
        _serve_several(settings)
        return
    from billcore.server import serving  # gRPC is slow to import; the other commands need none

    manager = Manager()
    serving.serve(settings, manager.ready, manager.stopping)


def _serve_several(settings: Settings) -> None:
    from billcore.server.processes import Processes

    every = Processes(settings)
    every.heed_signals()
    try:
        every.start()
    except BillcoreError as error:
        telemetry.log.error("start_refused", reason=error.reason)
        raise
    every.run()
