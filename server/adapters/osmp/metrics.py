"""The figures of an adapter, in a registry of its own, on a page like the server's."""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

from billcore.server.figures.base import SECONDS

UNKNOWN = "unknown"
"""Stands for a command that is none: what callers write is no label."""


class Metrics:
    """What an adapter did."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        registry = self.registry
        self._answered = Counter(
            "billcore_osmp_requests",
            "Requests answered.",
            ("command", "result"),
            registry=registry,
        )
        self._seconds = Histogram(
            "billcore_osmp_request_seconds",
            "Duration of requests.",
            ("command",),
            buckets=SECONDS,
            registry=registry,
        )
        self._refused = Counter(
            "billcore_osmp_requests_refused",
            "Requests refused by HTTP status.",
            ("status",),
            registry=registry,
        )
        self.under_way = Gauge(
            "billcore_osmp_requests_under_way", "Requests being answered.", registry=registry
        )

    def answered(self, command: str, result: int, seconds: float) -> None:
        """A request got its answer in the protocol."""
        self._answered.labels(command or UNKNOWN, str(result)).inc()
        self._seconds.labels(command or UNKNOWN).observe(seconds)

    def refused(self, status: int) -> None:
        """A request was none of the protocol."""
        self._refused.labels(str(status)).inc()
