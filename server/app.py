"""A server put together: store, catalog, services, surroundings, ports; started, drained, stopped.

Goals: everything is built here from settings and handed on, nothing is global; a start that fails
says why and leaves nothing running; SIGTERM drains within a bound. Without a store it only rates:
tariffs live in memory, and everybody on the machine may call. Non-goals: TLS, several processes on
a port (they come in beside `_listen`).
"""

import signal
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import HTTPServer
from threading import Event
from types import FrameType, ModuleType

import grpc
import structlog
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from billcore.core.errors import SettingsInvalid
from billcore.core.payments.intake.writer import Writer
from billcore.core.payments.vouchers.secret import Keys, parse_keys
from billcore.core.store.migrate import check_schema
from billcore.core.store.open import open_existing
from billcore.core.store.port import Store
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from billcore.server import interceptors
from billcore.server.backend import Backend, Visible
from billcore.server.background import Background, Reminders, Sequencer
from billcore.server.clock import now
from billcore.server.gate import Gate, KeyGate, OpenGate
from billcore.server.measured_store import MeasuredStore
from billcore.server.rater import Rater
from billcore.server.running import Keeper
from billcore.server.services.account import AccountService
from billcore.server.services.admin import AdminService
from billcore.server.services.agent import AgentService
from billcore.server.services.autopay import AutopayService
from billcore.server.services.billing import EXPORT_STREAM, BillingService
from billcore.server.services.channel import ChannelService
from billcore.server.services.consolidation import ConsolidationService
from billcore.server.services.enquiry import EnquiryService
from billcore.server.services.event import EventService
from billcore.server.services.ledger import LedgerService
from billcore.server.services.load import STREAM as LOAD_STREAM
from billcore.server.services.load import LoadService
from billcore.server.services.meter import MeterService
from billcore.server.services.payment import STREAM as PAYMENT_STREAM
from billcore.server.services.payment import PaymentService
from billcore.server.services.rating import RatingService
from billcore.server.services.run import STREAM as RUN_STREAM
from billcore.server.services.tariff import TariffService
from billcore.server.services.voucher import VoucherService
from billcore.server.settings import Settings
from billcore.server.telemetry import Metrics
from billcore.v1 import (
    account_service_pb2,
    admin_service_pb2,
    agent_service_pb2,
    autopay_service_pb2,
    billing_service_pb2,
    channel_service_pb2,
    consolidation_service_pb2,
    enquiry_service_pb2,
    event_service_pb2,
    ledger_service_pb2,
    load_service_pb2,
    meter_service_pb2,
    payment_service_pb2,
    rating_service_pb2,
    tariff_service_pb2,
    voucher_service_pb2,
)
from billcore.v1.account_service_pb2_grpc import add_AccountServiceServicer_to_server
from billcore.v1.admin_service_pb2_grpc import add_AdminServiceServicer_to_server
from billcore.v1.agent_service_pb2_grpc import add_AgentServiceServicer_to_server
from billcore.v1.autopay_service_pb2_grpc import add_AutopayServiceServicer_to_server
from billcore.v1.billing_service_pb2_grpc import add_BillingServiceServicer_to_server
from billcore.v1.channel_service_pb2_grpc import add_ChannelServiceServicer_to_server
from billcore.v1.consolidation_service_pb2_grpc import add_ConsolidationServiceServicer_to_server
from billcore.v1.enquiry_service_pb2_grpc import add_EnquiryServiceServicer_to_server
from billcore.v1.event_service_pb2_grpc import add_EventServiceServicer_to_server
from billcore.v1.ledger_service_pb2_grpc import add_LedgerServiceServicer_to_server
from billcore.v1.load_service_pb2_grpc import add_LoadServiceServicer_to_server
from billcore.v1.meter_service_pb2_grpc import add_MeterServiceServicer_to_server
from billcore.v1.payment_service_pb2_grpc import add_PaymentServiceServicer_to_server
from billcore.v1.rating_service_pb2_grpc import add_RatingServiceServicer_to_server
from billcore.v1.tariff_service_pb2_grpc import add_TariffServiceServicer_to_server
from billcore.v1.voucher_service_pb2_grpc import add_VoucherServiceServicer_to_server

COMPUTING = (tariff_service_pb2, rating_service_pb2)
STORING = (
    account_service_pb2,
    meter_service_pb2,
    load_service_pb2,
    billing_service_pb2,
    consolidation_service_pb2,
    ledger_service_pb2,
    enquiry_service_pb2,
    payment_service_pb2,
    voucher_service_pb2,
    agent_service_pb2,
    autopay_service_pb2,
    channel_service_pb2,
    admin_service_pb2,
    event_service_pb2,
)


def _services(files: Sequence[ModuleType]) -> tuple[str, ...]:
    return tuple(
        service.full_name for file in files for service in file.DESCRIPTOR.services_by_name.values()
    )


SERVICES = _services(COMPUTING)
"""The full names of the services that every server has."""

STORE_SERVICES = _services(STORING)
"""Those that a server with a store has beside them."""

REMIND_SECONDS = 30.0
"""From one look at what automatic payment is to be reminded of to the next."""

DRAIN_TAIL_SECONDS = 2.0
"""After `drain_seconds` streams are told to resume elsewhere; this much later all is cut."""

log = structlog.get_logger()


class App:
    """One server: `start`, then `drain` or `run`, which waits for a signal and drains.

    Building it opens the store: raises the store's errors, SchemaMissing and SchemaUnknown.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.port = 0
        self.metrics_port = 0
        self._voucher_keys = _voucher_keys(settings)
        self._leaving = Event()
        self._drained = Event()
        self._stop_asked = Event()
        self._health = health.HealthServicer()
        self.store = _opened(settings.store, self.metrics)
        self.catalog = Catalog(None if self.store is None else Stored(self.store, now))
        self._gate: Gate = OpenGate() if self.store is None else KeyGate(self.store)
        self.services = SERVICES + (STORE_SERVICES if self.store else ())
        self._background = self._tasks()
        self._reminders = self._reminded()
        self._keeper = self._kept()
        self._writer = self._written()
        self._threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="call")
        self._server = self._built()

    def start(self) -> None:
        """Publishes the folder, opens the ports. Raises BillcoreError, having started nothing."""
        try:
            self._load_tariffs()
            self.port = self._listen()
            self._page = self._metrics_page()
        except BaseException:
            self._close_store()
            raise
        self.metrics_port = self._page.server_port
        self._background.start()
        self._reminders.start()
        if self._writer is not None:
            self._writer.start()
        self._server.start()
        self._resume()
        for name in ("", *self.services):
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
        self._leaving.set()
        if self._keeper is not None:
            self._keeper.leave()
        self._health.enter_graceful_shutdown()
        stopped = self._server.stop(seconds + DRAIN_TAIL_SECONDS)
        if not stopped.wait(seconds):
            self._drained.set()
            log.warning("drain_overdue", seconds=seconds)
        stopped.wait()
        self._threads.shutdown()  # a handler that was cut may be leaving its transaction
        if self._writer is not None:
            self._writer.stop()
        if self._keeper is not None:
            self._keeper.stop()
        self._reminders.stop()
        self._background.stop()
        self._close_store()
        self._page.shutdown()
        self._page.server_close()
        log.info("stopped")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stop_asked.set()

    def _load_tariffs(self) -> None:
        found = self.catalog.refresh()
        if found:
            log.info("tariffs_read", versions=found)
        if self.settings.tariffs is not None:
            published = self.catalog.publish_folder(self.settings.tariffs)
            log.info("tariffs_loaded", folder=str(self.settings.tariffs), tariffs=len(published))
        self.metrics.tariffs.set_function(self.catalog.count)

    def _close_store(self) -> None:
        if self.store is not None:
            self.store.close()

    def _tasks(self) -> Background:
        if self.store is None:
            return Background({})
        sequencer = Sequencer(self.store, now, self.metrics)
        return Background({"events": sequencer.number_all, "tariffs": self.catalog.refresh})

    def _reminded(self) -> Background:
        """In a thread of its own: a day's reminders take longer than events may wait."""
        if self.store is None:
            return Background({})
        reminders = Reminders(self.store, now, self._leaving)
        return Background({"reminders": reminders.remind_due}, REMIND_SECONDS)

    def _kept(self) -> Keeper | None:
        url = self.settings.store
        if self.store is None or url is None:
            return None
        return Keeper(self.store, url, self.settings.run_workers, self.metrics)

    def _written(self) -> Writer | None:
        if self.store is None:
            return None
        writer = Writer(
            self.store, now, self.settings.payments_waiting_max, self.metrics, time.perf_counter
        )
        self.metrics.payments_waiting.set_function(lambda: writer.waiting)
        return writer

    def _resume(self) -> None:
        if self._keeper is not None and self.settings.run_resume:
            self._keeper.take_unfinished()

    def _built(self) -> grpc.Server:
        settings = self.settings
        server = grpc.server(
            self._threads,
            interceptors=[self._edge()],
            maximum_concurrent_rpcs=settings.calls_max,
            options=[
                ("grpc.so_reuseport", 0),  # a taken port is an error, not a shared one
                ("grpc.max_receive_message_length", settings.message_bytes_max),
                ("grpc.max_send_message_length", -1),  # answers are bounded by batch_rows_max
            ],
        )
        rater = Rater(Visible(self.catalog), self.metrics, settings.rating_threads)
        add_TariffServiceServicer_to_server(TariffService(self.catalog), server)
        add_RatingServiceServicer_to_server(RatingService(rater, settings.batch_rows_max), server)
        if self.store is not None and self._keeper is not None and self._writer is not None:
            backend = Backend(self.store, now, self.catalog)
            self._add_storing(server, backend, self._keeper)
            add_PaymentServiceServicer_to_server(PaymentService(backend, self._writer), server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        if settings.reflection:
            names = (*self.services, health.SERVICE_NAME, reflection.SERVICE_NAME)
            reflection.enable_server_reflection(names, server)
        return server

    def _add_storing(self, server: grpc.Server, backend: Backend, keeper: Keeper) -> None:
        add_AccountServiceServicer_to_server(AccountService(backend), server)
        add_MeterServiceServicer_to_server(MeterService(backend), server)
        add_LoadServiceServicer_to_server(LoadService(backend), server)
        billing = BillingService(backend, keeper, self._gate, self._leaving)
        add_BillingServiceServicer_to_server(billing, server)
        add_ConsolidationServiceServicer_to_server(ConsolidationService(backend), server)
        add_LedgerServiceServicer_to_server(LedgerService(backend), server)
        add_EnquiryServiceServicer_to_server(EnquiryService(backend), server)
        add_ChannelServiceServicer_to_server(ChannelService(backend), server)
        vouchers = VoucherService(backend, self._voucher_keys, self.metrics)
        add_VoucherServiceServicer_to_server(vouchers, server)
        add_AgentServiceServicer_to_server(AgentService(backend), server)
        add_AutopayServiceServicer_to_server(AutopayService(backend), server)
        add_AdminServiceServicer_to_server(AdminService(backend), server)
        add_EventServiceServicer_to_server(EventService(backend, self._gate, self._leaving), server)

    def _edge(self) -> interceptors.Edge:
        settings, metrics = self.settings, self.metrics
        limits = (
            ("RatingService/RateBatch", "streams_max", settings.streams_max, metrics.streams),
            (
                "EventService/StreamEvents",
                "event_streams_max",
                settings.event_streams_max,
                metrics.followers,
            ),
            (LOAD_STREAM, "load_streams_max", settings.load_streams_max, metrics.loads),
            (RUN_STREAM, "run_streams_max", settings.run_streams_max, metrics.watchers),
            (
                PAYMENT_STREAM,
                "payment_streams_max",
                settings.payment_streams_max,
                metrics.payment_streams,
            ),
            (EXPORT_STREAM, "export_streams_max", settings.export_streams_max, metrics.exports),
        )
        return interceptors.Edge(
            [
                interceptors.logged,
                interceptors.measured(metrics),
                interceptors.refusing,
                interceptors.authenticated(self._gate, metrics),
                *(interceptors.limited(*limit) for limit in limits),
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


def _voucher_keys(settings: Settings) -> Keys:
    """The keys of the hashes of secrets. Raises SettingsInvalid."""
    if settings.voucher_keys is None:
        return Keys({})
    try:
        text = settings.voucher_keys.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = f"{settings.voucher_keys} cannot be read: {type(error).__name__}."
        raise SettingsInvalid("voucher_keys", why) from None
    return parse_keys(text)


def _opened(url: str | None, metrics: Metrics) -> Store | None:
    """The store with our schema; None: there is none."""
    if url is None:
        return None
    store = open_existing(url)
    try:
        check_schema(store)
    except BaseException:
        store.close()
        raise
    return MeasuredStore(store, metrics)
