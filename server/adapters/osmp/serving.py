"""An adapter started and stopped: ports taken, log, SIGTERM."""

import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

import uvicorn

from billcore.core.errors import SettingsInvalid
from billcore.server import metrics_page, telemetry
from billcore.server.adapters.osmp.metrics import Metrics
from billcore.server.adapters.osmp.settings import Settings
from billcore.server.adapters.osmp.web import Web

HEADER_BYTES_MAX = 65_536
"""The first line of a request and its headers."""

log = telemetry.log


class _Server(uvicorn.Server):
    """Ends by itself with status 0: the library would end the process by the signal again."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if current_thread() is not main_thread():  # whose business signals are
            yield
            return
        wanted = (signal.SIGTERM, signal.SIGINT)
        before = {one: signal.signal(one, self._leave) for one in wanted}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _leave(self, _: int, __: FrameType | None) -> None:
        self.should_exit = True


class Adapter:
    """An adapter with its ports taken. Raises SettingsInvalid for one that is not free."""

    def __init__(self, settings: Settings, key: str) -> None:
        self._settings = settings
        metrics = Metrics()
        self._page = metrics_page.served(
            metrics.registry, settings.metrics_host, settings.metrics_port
        )
        try:
            self._listener = _listen(settings)
        except BaseException:
            self._end_page()
            raise
        self.port: int = self._listener.getsockname()[1]
        self.metrics_port: int = self._page.server_address[1]
        web = Web(settings, key, metrics, self._started)
        self._server = _Server(_config(settings, web))

    def run(self) -> None:
        """Answers until SIGTERM, or until it has to leave; what was asked is answered first."""
        logging.getLogger("uvicorn").setLevel(logging.WARNING)  # our events tell start and end
        self._server.run(sockets=[self._listener])
        self._end_page()
        log.info("stopped")

    def leave(self) -> None:
        """Lets `run` end; from any thread."""
        self._server.should_exit = True

    def _started(self) -> None:
        of = self._settings
        log.info("serving", host=of.host, port=self.port, path=of.path, metrics=self.metrics_port)

    def _end_page(self) -> None:
        self._page.shutdown()
        self._page.server_close()


def _config(settings: Settings, web: Web) -> uvicorn.Config:
    return uvicorn.Config(
        web.app,
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=[str(one) for one in settings.proxies],
        limit_concurrency=settings.connections_max,
        timeout_graceful_shutdown=settings.drain_seconds,
        h11_max_incomplete_event_size=HEADER_BYTES_MAX,
    )


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that still close
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(settings.connections_max)  # who calls before the loop runs only waits
    except OSError as error:
        listener.close()
        why = f"cannot listen on {settings.host}:{settings.port}: {error}."
        raise SettingsInvalid("port", why) from None
    listener.set_inheritable(False)
    return listener
