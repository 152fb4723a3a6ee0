"""A server put together: catalog, services, surroundings, ports; started, drained, stopped.

Goals: everything is built here from settings and handed on, nothing is global; a start that fails
says why and leaves nothing running; SIGTERM drains within a bound. Non-goals: TLS, several
processes on a port, a store (they come in beside `_listen` and `Catalog`).
"""

import signal
from concurrent.futures import ThreadPoolExecutor
from http.server import HTTPServer
from threading import Event
from types import FrameType

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from billcore.core.errors import SettingsInvalid
from billcore.core.tariff.catalog import Catalog
from billcore.server import interceptors
from billcore.server.rater import Rater
from billcore.server.rating_service import RatingService
from billcore.server.settings import Settings
from billcore.server.tariff_service import TariffService
from billcore.server.telemetry import Metrics
from billcore.v1 import rating_service_pb2, tariff_service_pb2
from billcore.v1.rating_service_pb2_grpc import add_RatingServiceServicer_to_server
from billcore.v1.tariff_service_pb2_grpc import add_TariffServiceServicer_to_server

SERVICES = tuple(
    service.full_name
    for file in (tariff_service_pb2, rating_service_pb2)
    for service in file.DESCRIPTOR.services_by_name.values()
)
"""The full names of our services."""

DRAIN_TAIL_SECONDS = 2.0
"""After `drain_seconds` streams are told to resume elsewhere; this much later all is cut."""

log = structlog.get_logger()


class App:
    """One server: `start`, then `drain` or `run`, which waits for a signal and drains."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.catalog = Catalog()
        self.port = 0
        self.metrics_port = 0
        self._drained = Event()
        self._health = health.HealthServicer()
        self._server = self._built()
        self._stop_asked = Event()

    def start(self) -> None:
        """Publishes the folder, opens the ports. Raises BillcoreError, having started nothing."""
        if self.settings.tariffs is not None:
            published = self.catalog.publish_folder(self.settings.tariffs)
            log.info("tariffs_loaded", folder=str(self.settings.tariffs), tariffs=len(published))
        self.metrics.tariffs.set_function(self.catalog.count)
        self.port = self._listen()
        self._page = self._metrics_page()
        self.metrics_port = self._page.server_port
        self._server.start()
        for name in ("", *SERVICES):
            self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        log.info("serving", host=self.settings.host, port=self.port, metrics=self.metrics_port)

    def run(self) -> None:
        """Serves until SIGTERM or SIGINT, then drains."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self._stop_asked.wait()
        self.drain()

    def drain(self) -> None:
        """Takes no new call, lets running ones end, tells streams to resume, then cuts."""
        seconds = self.settings.drain_seconds
        log.info("draining", seconds=seconds)
        self.metrics.draining.set(1)
        self._health.enter_graceful_shutdown()
        stopped = self._server.stop(seconds + DRAIN_TAIL_SECONDS)
        if not stopped.wait(seconds):
            self._drained.set()
            log.warning("drain_overdue", seconds=seconds)
        stopped.wait()
        self._page.shutdown()
        self._page.server_close()
        log.info("stopped")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stop_asked.set()

    def _built(self) -> grpc.Server:
        settings = self.settings
        server = grpc.server(
            ThreadPoolExecutor(settings.threads, thread_name_prefix="call"),
            interceptors=[self._edge()],
            maximum_concurrent_rpcs=settings.calls_max,
            options=[
                ("grpc.so_reuseport", 0),  # a taken port is an error, not a shared one
                ("grpc.max_receive_message_length", settings.message_bytes_max),
                ("grpc.max_send_message_length", -1),  # answers are bounded by batch_rows_max
            ],
        )
        rater = Rater(self.catalog, self.metrics, settings.rating_threads)
        add_TariffServiceServicer_to_server(TariffService(self.catalog), server)
        add_RatingServiceServicer_to_server(RatingService(rater, settings.batch_rows_max), server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        if settings.reflection:
            names = (*SERVICES, health.SERVICE_NAME, reflection.SERVICE_NAME)
            reflection.enable_server_reflection(names, server)
        return server

    def _edge(self) -> interceptors.Edge:
        return interceptors.Edge(
            [
                interceptors.logged,
                interceptors.measured(self.metrics),
                interceptors.refusing,
                interceptors.limited(self.settings.streams_max, self.metrics),
            ],
            self._drained,
        )

    def _listen(self) -> int:
        host = self.settings.host
        address = f"[{host}]" if ":" in host else host
        try:
            return self._server.add_insecure_port(f"{address}:{self.settings.port}")
        except RuntimeError:
            raise SettingsInvalid(
                "port", f"cannot listen on {host}:{self.settings.port}: it is taken or not ours."
            ) from None

    def _metrics_page(self) -> HTTPServer:
        host, port = self.settings.metrics_host, self.settings.metrics_port
        try:
            return self.metrics.serve(host, port)
        except OSError as error:
            why = f"cannot listen on {host}:{port}: {error}."
            raise SettingsInvalid("metrics_port", why) from None
