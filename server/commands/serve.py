"""`billcore serve`: the server, until SIGTERM."""

from pathlib import Path
from typing import Annotated

import typer

from billcore.core.errors import BillcoreError
from billcore.server import settings as settings_of
from billcore.server import telemetry


def serve(
    config: Annotated[Path | None, typer.Option(help="A TOML file of settings.")] = None,
    store: Annotated[str | None, typer.Option(help="URL of the store.")] = None,
    tariffs: Annotated[Path | None, typer.Option(help="Folder of tariff documents.")] = None,
    host: Annotated[str | None, typer.Option(help="Address of gRPC.")] = None,
    port: Annotated[int | None, typer.Option(help="Port of gRPC; 0 takes a free one.")] = None,
    metrics_port: Annotated[int | None, typer.Option(help="Port of the metrics page.")] = None,
) -> None:
    """Serves gRPC until SIGTERM. Other settings: BILLCORE_… in the environment, or the file."""
    from billcore.server.app import App  # gRPC is slow to import; the other commands need none

    settings = settings_of.load(
        config, store=store, tariffs=tariffs, host=host, port=port, metrics_port=metrics_port
    )
    telemetry.start_logs(settings.log_level)
    telemetry.log.info("starting", settings=settings.shown())
    try:
        server = App(settings)
        server.start()
    except BillcoreError as error:
        telemetry.log.error("start_refused", reason=error.reason)
        raise
    server.run()
