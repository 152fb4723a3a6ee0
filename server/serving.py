"""One serving process, from its settings until a signal: by itself, or one of several on a port."""

import gc
from collections.abc import Callable

from billcore.core.errors import BillcoreError
from billcore.server import telemetry
from billcore.server.app import App
from billcore.server.settings import Settings


def nothing() -> None:
    """Nobody is told."""


def serve(
    settings: Settings, started: Callable[[], None], stopping: Callable[[], None] = nothing
) -> None:
    """Serves until SIGTERM and drains; tells when callers are taken, and when none are any more.

    Of the main thread. Raises BillcoreError where it cannot start, having started nothing.
    """
    try:
        server = App(settings)
        server.heed_signals()
        server.start()
    except BillcoreError as error:
        telemetry.log.error("start_refused", reason=error.reason)
        raise
    try:
        started()
        gc.collect()
        gc.freeze()  # modules and tables live as long as the process: no collection looks at them
        server.wait()
        stopping()
    finally:
        server.drain()
