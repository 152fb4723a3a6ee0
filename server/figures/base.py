"""What all figures share: the registry, buckets of histograms, and how one is made.

Goals: labels have few values, known when the code is written (methods, states, rules, reasons) or
drawn by somebody who runs a server (currencies, numbers of providers); never an account, a name, a
run, or what a caller wrote. Non-goals: what is told of one account (events, `explain`).
"""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600)
BATCH = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
ROWS = (1, 100, 1_000, 4_096, 16_384, 65_536, 131_072, 262_144, 1_048_576)


class Figures:
    """A registry of its own, with the figures of the process.

    Parts are classes under this one, which `telemetry.Metrics` puts together; each names its own
    figures with two underscores, so that no two parts have the same one.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)

    def _histogram(
        self, name: str, text: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(name, text, labels, registry=self.registry, buckets=buckets)
