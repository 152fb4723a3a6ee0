"""The figures of an adapter, in a registry of its own, on a page like the server's."""

from billcore.server.figures.base import SECONDS, Figures

UNKNOWN = "unknown"
"""Stands for a command that is none: what callers write is no label."""


class Metrics(Figures):
    """What an adapter did."""

    def __init__(self) -> None:
        super().__init__()
        self._answered = self._counter(
            "billcore_osmp_requests", "Requests answered.", "command", "result"
        )
        self._seconds = self._histogram(
            "billcore_osmp_request_seconds", "Duration of requests.", SECONDS, "command"
        )
        self._refused = self._counter(
            "billcore_osmp_requests_refused", "Requests refused by HTTP status.", "status"
        )
        self.under_way = self._gauge("billcore_osmp_requests_under_way", "Requests being answered.")

    def answered(self, command: str, result: int, seconds: float) -> None:
        """A request got its answer in the protocol."""
        self._answered.labels(command or UNKNOWN, str(result)).inc()
        self._seconds.labels(command or UNKNOWN).observe(seconds)

    def refused(self, status: int) -> None:
        """A request was none of the protocol."""
        self._refused.labels(str(status)).inc()
