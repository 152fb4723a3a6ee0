"""Logs and metrics: JSON events on standard error, Prometheus figures on a port of their own.

Goals: every event carries the bound request id; no personal data, no inputs of bills.
Non-goals: traces (`tracing`), log files, rotation (the supervisor's business).
"""

import logging
import sys
from collections.abc import Mapping

import structlog

from billcore.server.figures.calls import CallFigures, RatingFigures, StreamFigures
from billcore.server.figures.overdue import OverdueFigures
from billcore.server.figures.payments import DebitFigures, FieldFigures, PaymentFigures
from billcore.server.figures.reconciliation import CaseFigures, ReconciliationFigures
from billcore.server.figures.runs import RunFigures
from billcore.server.figures.store import BackgroundFigures, EventFigures, StoreFigures
from billcore.server.tracebacks import without_values

log = structlog.get_logger()


def processors(level: str) -> list[structlog.typing.Processor]:
    """What an event of the log goes through; the last one makes its JSON object a text.

    At the level debug exceptions tell their messages, at others only their places.
    """
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if level == "debug" else without_values,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def start_logs(level: str, process: int = 0) -> None:
    """Every log of the process as one JSON object a line, those of libraries included.

    process: which of several on a port it is, in every line; 0: it is alone, or their parent.
    """

    def numbered(_: object, __: str, event: structlog.typing.EventDict) -> Mapping[str, object]:
        return {**event, "process": process} if process else event

    told, *others, renderer = processors(level)
    shared: list[structlog.typing.Processor] = [told, numbered, *others]
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


class Metrics(
    CallFigures,
    StreamFigures,
    RatingFigures,
    RunFigures,
    PaymentFigures,
    DebitFigures,
    FieldFigures,
    OverdueFigures,
    ReconciliationFigures,
    CaseFigures,
    EventFigures,
    StoreFigures,
    BackgroundFigures,
):
    """The figures of one server, in a registry of its own."""
