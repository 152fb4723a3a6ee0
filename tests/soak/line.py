"""A caller's line: sends a call again until it is answered, as good clients do."""

import time
from collections.abc import Callable
from typing import TypeVar

import grpc

from tests.api.client import Client
from tests.soak.figures import RETRYABLE, Figures

CALL_SECONDS = 30
"""A try that takes longer is given up and sent again."""

PATIENCE_SECONDS = 180
"""So long at most a call is sent again."""

PAUSES = (0.02, 0.05, 0.1, 0.2, 0.5)

T = TypeVar("T")


class Stuck(Exception):
    """A call was not answered within PATIENCE_SECONDS, or answered by an error that is final."""


class Line:
    """A client of a server."""

    def __init__(self, port: int, key: str, figures: Figures) -> None:
        self._client = Client(port, key)
        self._figures = figures

    def ask(self, kind: str, call: Callable[[Client], T]) -> T:
        """The answer of a call. kind: what it counts as. Raises Stuck."""
        started = time.monotonic()
        tries = 0
        while True:
            try_started = time.monotonic()
            try:
                answer = call(self._client)
            except grpc.RpcError as error:
                self._refused(kind, error, started)
                time.sleep(PAUSES[min(tries, len(PAUSES) - 1)])
                tries += 1
            else:
                now = time.monotonic()
                self._figures.answered(kind, now - try_started, now - started)
                return answer

    def _refused(self, kind: str, error: grpc.RpcError, started: float) -> None:
        if error.code() not in RETRYABLE:
            self._figures.fault(f"{kind}: {error.code().name}: {error.details()}")
            raise Stuck(kind) from error
        self._figures.cut(kind, error.code())
        if time.monotonic() - started > PATIENCE_SECONDS:
            self._figures.fault(f"{kind}: not answered: {error.code().name}: {error.details()}")
            raise Stuck(kind) from error

    def close(self) -> None:
        self._client.channel.close()
