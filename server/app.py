"""A server put together: store, catalog, services, surroundings, ports; started, drained, stopped.

Goals: everything is built here from settings and handed on, nothing is global; a start that fails
says why and leaves nothing running; SIGTERM drains within a bound. Without a store it only rates:
tariffs live in memory, and everybody on the machine may call. Non-goals: several processes on a
port (`processes`).
"""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from types import FrameType

import grpc
import structlog
from grpc_health.v1 import health, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc

from billcore.core.documents.verification import parse_receipt_keys
from billcore.core.errors import SettingsInvalid
from billcore.core.payments.intake.writer import Writer
from billcore.core.payments.vouchers.secret import parse_keys as parse_voucher_keys
from billcore.core.signatures import parse_keys as parse_signing_keys
from billcore.core.store.migrate import check_schema
from billcore.core.store.open import open_existing
from billcore.core.store.port import Store
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from billcore.server import assembly, interceptors, metrics_page
from billcore.server.backend import Backend, Visible
from billcore.server.background import (
    Background,
    Cases,
    Reconciled,
    Reminders,
    Sequencer,
    Task,
    tried,
)
from billcore.server.background_dunning import Dunning, Instalments
from billcore.server.background_figures import Watch
from billcore.server.background_keys import ExpiringKeys
from billcore.server.client_limits import ClientLimits
from billcore.server.clock import now
from billcore.server.denials import Denials
from billcore.server.executors import Executors
from billcore.server.following import Followers
from billcore.server.gate import Gate, KeyGate, OpenGate
from billcore.server.health import Health
from billcore.server.keyless import ReflectionServicer
from billcore.server.measured_store import MeasuredStore
from billcore.server.ports import taken
from billcore.server.rater import Rater
from billcore.server.running import Keeper
from billcore.server.services.rating import RatingService
from billcore.server.services.tariff import TariffService
from billcore.server.settings import Settings
from billcore.server.telemetry import Metrics
from billcore.server.tls import Certificates
from billcore.server.tracing import Traces, traces

LOOK_SECONDS = 1.0
"""From one look at what is to be numbered, and at tariffs that others published, to the next."""

REMIND_SECONDS = 30.0
"""From one look at what automatic payment is to be reminded of, and at cases, to the next."""

DRAIN_TAIL_SECONDS = 2.0
"""After `drain_seconds` streams are told to resume elsewhere; this much later all is cut."""

STORE_SECONDS = 5.0
"""So long a drain waits for a look at the store that may never come back."""

log = structlog.get_logger()


class App:
    """One server: `start`, then `drain`, or `heed_signals` before it and `wait` between them.

    Building it opens the store: raises the store's errors, SchemaMissing and SchemaUnknown.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.port = 0
        self.metrics_port = 0
        self._voucher_keys = parse_voucher_keys(_keys(settings, "voucher_keys"))
        self._signer = parse_signing_keys(_keys(settings, "signing_keys"), "signing_keys")
        self._receipt_keys = parse_receipt_keys(_keys(settings, "receipt_keys"))
        self._leaving = Event()
        self._drained = Event()
        self._stop_asked = SimpleQueue[int]()
        self._traces = traces(settings)
        self.store = _opened(settings.store, self.metrics, self._traces)
        self.catalog = Catalog(None if self.store is None else Stored(self.store, now))
        self._health = Health(self.store)
        self._gate: Gate = OpenGate() if self.store is None else KeyGate(self.store)
        self._denials = None if self.store is None else Denials(self.store, now)
        self._looks = Background({"health": self._health.look}, LOOK_SECONDS, self.metrics)
        self._judge = Background({"readiness": self._health.judge}, LOOK_SECONDS, self.metrics)
        self._reflection: ReflectionServicer | None = None
        self._keeper = self._kept()
        self._followers = Followers()
        self._background, self._reminders = self._beside()
        self._writer = self._written()
        self._threads = ThreadPoolExecutor(settings.threads, thread_name_prefix="call")
        self._server, self.services = self._built()

    def start(self) -> None:
        """Publishes the folder, opens the ports. Raises BillcoreError, having started nothing."""
        try:
            self._load_tariffs()
            self.port = self._listen()
            self._page = metrics_page.served(
                self.metrics.registry, self.settings.metrics_host, self.settings.metrics_port
            )
        except BaseException:
            self._close_store()
            raise
        self.metrics_port = self._page.server_port
        self._background.start()
        self._reminders.start()
        if self._writer is not None:
            self._writer.start()
        self._server.start()
        tried(self.metrics, "resume", self._resume)
        self._health.open(self.services)
        self._looks.start()
        self._judge.start()
        log.info(
            "serving",
            host=self.settings.host,
            port=self.port,
            metrics=self.metrics_port,
            tls=self.settings.tls_cert is not None,
        )

    def heed_signals(self) -> None:
        """From now on SIGTERM and SIGINT end `wait`; of the main thread, before `start`, so that no
        caller who was told that it serves is cut off by one."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def wait(self) -> None:
        """Serves until a signal that is heeded."""
        self._stop_asked.get()

    def drain(self) -> None:
        """Takes no new call, lets running ones end, tells streams to resume, then cuts."""
        seconds = self.settings.drain_seconds
        log.info("draining", seconds=seconds)
        self.metrics.draining.set(1)
        self._leaving.set()
        if self._keeper is not None:
            self._keeper.leave()
        self._health.leave()
        if self._reflection is not None:
            self._reflection.leave()
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
        self._judge.stop()
        if not self._looks.stop(STORE_SECONDS):
            log.warning("store_does_not_answer", seconds=STORE_SECONDS)
        self._reminders.stop()
        if self._denials is not None:
            tried(self.metrics, "denials", self._denials.write_all)
        self._background.stop()
        self._close_store()
        self._page.shutdown()
        self._page.server_close()
        log.info("stopped")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stop_asked.put(number)  # reentrant, which an Event's lock is not

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
        self._traces.close()

    def _beside(self) -> tuple[Background, Background]:
        """What events, tariffs and runs want every second; and in a thread of its own what takes
        longer than events may wait: reminders, cases, who did not send a report, who is overdue."""
        if self.store is None or self._keeper is None or self._denials is None:
            none = dict[str, Task]()
            return (
                Background(none, LOOK_SECONDS, self.metrics),
                Background(none, REMIND_SECONDS, self.metrics),
            )
        watch = Watch(self.store, now, self.metrics, self._keeper, self._followers)
        sequencer = Sequencer(self.store, now, self.metrics)
        often = {
            "denials": self._denials.write_due,
            "events": sequencer.number_all,
            "tariffs": self.catalog.refresh,
            "progress": watch.look_often,
        }
        reminders = Reminders(self.store, now, self._leaving)
        cases = Cases(self.store, now, self.metrics, self._leaving)
        reconciled = Reconciled(self.store, now, self.metrics)
        plans = Instalments(self.store, now, self.metrics, self._leaving)
        days = self.settings.key_warning_days
        keys = ExpiringKeys(self.store, now, self.metrics, days)
        dunning = Dunning(self.store, now, self.metrics, self._leaving)
        seldom = {
            "figures": watch.look_seldom,
            "reminders": reminders.remind_due,
            "cases": cases.sweep_all,
            "reconciliation": reconciled.look,
            "instalments": plans.sweep_due,
            "dunning": dunning.sweep_due,
            "keys": keys.look,
        }
        return (
            Background(often, LOOK_SECONDS, self.metrics),
            Background(seldom, REMIND_SECONDS, self.metrics),
        )

    def _kept(self) -> Keeper | None:
        url = self.settings.store
        if self.store is None or url is None:
            return None
        executors = Executors(self.settings.run_executor, self.settings.run_workers)
        return Keeper(self.store, url, executors, self.metrics, self._traces)

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

    def _built(self) -> tuple[grpc.Server, tuple[str, ...]]:
        settings = self.settings
        server = grpc.server(
            self._threads,
            interceptors=[self._edge()],
            maximum_concurrent_rpcs=settings.calls_max,
            options=[
                ("grpc.so_reuseport", int(settings.reuse_port)),  # else a taken port is an error
                ("grpc.max_receive_message_length", settings.message_bytes_max),
                ("grpc.max_send_message_length", -1),  # answers are bounded by batch_rows_max
            ],
        )
        names = [assembly.add(one, server) for one in self._servicers()]
        health_pb2_grpc.add_HealthServicer_to_server(self._health.servicer, server)
        if settings.reflection:
            shown = (*names, health.SERVICE_NAME, reflection.SERVICE_NAME)
            self._reflection = ReflectionServicer(shown, settings.threads)
            reflection_pb2_grpc.add_ServerReflectionServicer_to_server(self._reflection, server)  # type: ignore[no-untyped-call]
        return server, tuple(names)

    def _servicers(self) -> Iterator[object]:
        settings = self.settings
        rater = Rater(Visible(self.catalog), self.metrics, settings.rating_threads)
        yield TariffService(self.catalog)
        yield RatingService(rater, settings.batch_rows_max)
        if self.store is None or self._keeper is None or self._writer is None:
            return
        yield from assembly.storing(
            assembly.Parts(
                Backend(self.store, now, self.catalog),
                self._keeper,
                self._writer,
                self._gate,
                self.metrics,
                self._leaving,
                self._voucher_keys,
                self._receipt_keys,
                self._signer,
                self._followers,
            )
        )

    def _edge(self) -> interceptors.Edge:
        return interceptors.Edge(
            [
                interceptors.logged,
                *([interceptors.traced(self._traces)] if self.settings.otel_endpoint else []),
                interceptors.measured(self.metrics),
                interceptors.refusing(self.metrics),
                interceptors.denied(self._denials, self.metrics),
                interceptors.authenticated(self._gate),
                ClientLimits(self.settings).surround,
                interceptors.authorised(self._gate),
                *assembly.limits(self.settings, self.metrics),
            ],
            self._drained,
            self._gate,
        )

    def _listen(self) -> int:
        host = self.settings.host
        address = f"[{host}]" if ":" in host else host
        place = f"{address}:{self.settings.port}"
        try:
            if self.settings.tls_cert is None:
                return self._server.add_insecure_port(place)
            certificates = Certificates(self.settings, self.metrics.tls_expires.set)
            return self._server.add_secure_port(place, certificates.credentials())
        except RuntimeError:
            raise taken(host, self.settings.port) from None


def _keys(settings: Settings, setting: str) -> str:
    """The text of a file of keys that a setting names; "" without one. Raises SettingsInvalid."""
    file: Path | None = getattr(settings, setting)
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = f"{file} cannot be read: {type(error).__name__}."
        raise SettingsInvalid(setting, why) from None


def _opened(url: str | None, metrics: Metrics, traces: Traces) -> Store | None:
    """The store with our schema; None: there is none."""
    if url is None:
        return None
    store = open_existing(url)
    try:
        check_schema(store)
    except BaseException:
        store.close()
        raise
    return MeasuredStore(store, metrics, traces)
