"""Worker processes of runs: spawned, so that they share nothing; polite; gone when their server is.

A key at the terminal ends the server, which lets the chunks under way end: workers do not hear it.
"""

import multiprocessing
import os
import signal
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing.context import SpawnContext, SpawnProcess
from threading import Thread
from typing import Any

import structlog

from billcore.core.billing.runs.drive import Pool
from billcore.server.telemetry import start_logs

NICER = 10
"""Calls go before runs where processors are short."""


def pool(workers: int) -> Pool | None:
    """What makes an executor of so many processes; None: there are none."""
    return partial(_executor, workers) if workers else None


def _executor(workers: int) -> Executor:
    return ProcessPoolExecutor(workers, _Context(), _begin)


class _Worker(SpawnProcess):
    """One that a pool forgot, as it broke while this was started, does not keep the server from
    ending."""

    def __init__(self, *how: Any, **named: Any) -> None:
        super().__init__(*how, **named, daemon=True)


class _Context(SpawnContext):
    Process = _Worker


def _begin() -> None:
    start_logs("info")
    structlog.contextvars.bind_contextvars(worker=os.getpid())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICER)
    Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _end_with_parent() -> None:
    """A server that was killed leaves nobody behind; what was under way is rolled back."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
