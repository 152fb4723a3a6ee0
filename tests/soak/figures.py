"""What a soak saw: waits by kind of call, what was cut and sent again, memory, faults."""

import threading
from collections import Counter, defaultdict
from statistics import median

import grpc
import numpy as np
from rich.table import Table

RETRYABLE = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
}
"""What a caller may send again; docs/api.md says so."""

GROWTH_MAX = 1.15
"""Memory at the end, as a multiple of what it was in the second fifth of the time."""

MIB = 1 << 20


class Figures:
    """Figures that many threads add to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waits: dict[str, list[float]] = defaultdict(list)
        self._longest: dict[str, float] = defaultdict(float)
        self._cuts: dict[str, Counter[str]] = defaultdict(Counter)
        self.faults: list[str] = []
        self.memory: list[int] = []
        self.events: Counter[str] = Counter()

    def answered(self, kind: str, seconds: float, whole: float) -> None:
        """A call was answered. seconds: of the try that was; whole: with those before it."""
        with self._lock:
            self._waits[kind].append(seconds)
            self._longest[kind] = max(self._longest[kind], whole)

    def cut(self, kind: str, code: grpc.StatusCode) -> None:
        """A call that is sent again."""
        with self._lock:
            self._cuts[kind][code.name] += 1

    def fault(self, told: str) -> None:
        """What must not be."""
        with self._lock:
            self.faults.append(told)

    def happened(self, event: str, count: int = 1) -> None:
        """Something that is counted: a kill, a run, a report."""
        with self._lock:
            self.events[event] += count

    def answers(self, kind: str) -> int:
        """How many calls of a kind were answered."""
        with self._lock:
            return len(self._waits[kind])

    def growth(self) -> float:
        """Memory of the process that nobody kills: the last fifth ÷ the second, medians."""
        fifth = len(self.memory) // 5
        if not fifth:
            return 1.0
        return median(self.memory[-fifth:]) / median(self.memory[fifth : 2 * fifth])

    def table(self) -> Table:
        """Waits in milliseconds by kind of call, and what was sent again."""
        table = Table(title="Calls", title_justify="left")
        for heading in ("call", "answered", "p50 ms", "p99 ms", "longest s", "sent again"):
            table.add_column(heading, justify="left" if heading == "call" else "right")
        for kind, waits in sorted(self._waits.items()):
            p50, p99 = (f"{found * 1e3:.1f}" for found in np.percentile(waits, (50, 99)))
            cuts = ", ".join(f"{code} {n:,}" for code, n in sorted(self._cuts[kind].items()))
            table.add_row(kind, f"{len(waits):,}", p50, p99, f"{self._longest[kind]:.1f}", cuts)
        return table

    def told(self) -> list[str]:
        """The rest, a line each."""
        memory = [found / MIB for found in self.memory] or [0.0]
        return [
            ", ".join(f"{name}: {count:,}" for name, count in sorted(self.events.items())),
            f"memory of the process that nobody kills: {memory[0]:.0f} MiB at first, "
            f"{max(memory):.0f} at most, {memory[-1]:.0f} at the end; last fifth ÷ second fifth "
            f"{self.growth():.3f}",
        ]
