"""Logs and metrics: JSON events on standard error, Prometheus figures on a port of their own.

Goals: every event carries the bound request id; no personal data, no inputs of bills.
Non-goals: traces, log files, rotation (the supervisor's business).
"""

import logging
import sys
from http.server import HTTPServer

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)

from billcore.core.tariff.status import Status

log = structlog.get_logger()

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600)
BATCH = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
ROWS = (1, 100, 1_000, 4_096, 16_384, 65_536, 131_072, 262_144, 1_048_576)


def start_logs(level: str) -> None:
    """Every log of the process as one JSON object a line, those of libraries included."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=renderer)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)


class Metrics:
    """The figures of one server, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._calls = self._counter("billcore_calls", "Finished calls.", "method", "code")
        self._seconds = self._histogram(
            "billcore_call_seconds", "Duration of calls.", SECONDS, "method"
        )
        self._rated = self._counter("billcore_bills_rated", "Bills rated.")
        self._failed = self._counter("billcore_bills_failed", "Bills not rated.", "status")
        self._rows = self._histogram("billcore_batch_rows", "Bills in a batch.", ROWS)
        self._refused = self._counter("billcore_calls_not_allowed", "Calls turned away.", "reason")
        self._transactions = self._histogram(
            "billcore_store_transaction_seconds", "Transactions of the store.", SECONDS, "kind"
        )
        self._store_failures = self._counter(
            "billcore_store_failures", "Transactions that the store failed.", "reason"
        )
        self.streams = self._gauge("billcore_streams_in_flight", "RateBatch streams now.")
        self.followers = self._gauge("billcore_event_streams_in_flight", "StreamEvents now.")
        self.loads = self._gauge("billcore_load_streams_in_flight", "Load streams now.")
        self.watchers = self._gauge("billcore_run_streams_in_flight", "WatchRun streams now.")
        self.exports = self._gauge("billcore_export_streams_in_flight", "ExportRun streams now.")
        self.payment_streams = self._gauge(
            "billcore_payment_streams_in_flight", "PostPayments streams now."
        )
        self.payments_waiting = self._gauge(
            "billcore_payments_waiting", "Payments that wait to be posted."
        )
        self._payments = self._counter("billcore_payments_posted", "Payments answered.")
        self._payment_batch = self._histogram(
            "billcore_payment_batch_size", "Payments in a commit.", BATCH
        )
        self._payment_seconds = self._histogram(
            "billcore_payment_batch_seconds", "Duration of a commit of payments.", SECONDS
        )
        self._vouchers_refused = self._counter(
            "billcore_voucher_secrets_refused", "Wrong serials or secrets of vouchers."
        )
        self._run_chunks = self._counter("billcore_run_chunks", "Chunks of runs done.", "phase")
        self._run_seconds = self._histogram(
            "billcore_run_chunk_seconds", "Duration of chunks of runs.", SECONDS
        )
        self._run_bills = self._counter(
            "billcore_run_bills", "Bills rated, issued or cancelled by runs.", "phase"
        )
        self.runs_driven = self._gauge("billcore_runs_under_way", "Runs that are driven here now.")
        self.runs_waiting = self._gauge("billcore_runs_waiting", "Runs that wait for their turn.")
        self.pending = self._gauge("billcore_events_pending", "Rows without a number.")
        self.lag = self._gauge("billcore_sequencer_lag_seconds", "Age of the oldest of them.")
        self.tariffs = self._gauge("billcore_tariffs", "Tariffs published here.")
        self.draining = self._gauge("billcore_draining", "1 from SIGTERM on.")
        for status in Status:
            if status is not Status.OK:
                self._failed.labels(status.name)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self.registry)

    def _histogram(
        self, name: str, text: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(name, text, labels, registry=self.registry, buckets=buckets)

    def call_finished(self, method: str, code: str, seconds: float) -> None:
        self._calls.labels(method, code).inc()
        self._seconds.labels(method).observe(seconds)

    def call_not_allowed(self, reason: str) -> None:
        """A call without a good key, role or provider."""
        self._refused.labels(reason).inc()

    def transaction_ended(self, kind: str, seconds: float) -> None:
        """A transaction of the store; kind: read or write."""
        self._transactions.labels(kind).observe(seconds)

    def store_failed(self, reason: str) -> None:
        """A transaction that the store could not do; reason: of its error."""
        self._store_failures.labels(reason).inc()

    def bill_rated(self) -> None:
        self._rated.inc()

    def bills_failed(self, status: Status, count: int) -> None:
        self._failed.labels(status.name).inc(count)

    def batch_rated(self, rows: int, failed: dict[Status, int]) -> None:
        """One batch of so many rows, of which some failed."""
        self._rows.observe(rows)
        self._rated.inc(rows - sum(failed.values()))
        for status, count in failed.items():
            self.bills_failed(status, count)

    def posted(self, payments: int, seconds: float) -> None:
        """A commit of payments that came in together."""
        self._payments.inc(payments)
        self._payment_batch.observe(payments)
        self._payment_seconds.observe(seconds)

    def voucher_refused(self) -> None:
        """A redemption whose serial and secret did not fit."""
        self._vouchers_refused.inc()

    def run_chunk_done(self, phase: str, bills: int, seconds: float) -> None:
        """A chunk that this server or a worker of it did."""
        self._run_chunks.labels(phase).inc()
        self._run_bills.labels(phase).inc(bills)
        self._run_seconds.observe(seconds)

    def serve(self, host: str, port: int) -> HTTPServer:
        """The metrics page, in a thread of its own."""
        server, _ = start_http_server(port, host, self.registry)
        return server
