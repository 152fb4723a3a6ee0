"""Traces: a span for each call, with its transactions of the store below it, and for runs.

Goals: without the setting `otel_endpoint` nothing of OpenTelemetry is imported and nothing costs;
a span says what was called, by which client, for which provider, and how it ended. Non-goals:
personal data, inputs, amounts: no span has them, as no log has.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from billcore.core.errors import SettingsInvalid
from billcore.server.settings import Settings

Value = str | int

PACKAGE = "billcore[otel]"


class Span(Protocol):
    """Something that takes a while."""

    def told(self, facts: Mapping[str, Value], fault: str = "") -> None:
        """Facts about it, by name; fault: why it failed, "" if it did not."""


class Traces(Protocol):
    """Where spans go."""

    def call(
        self, method: str, metadata: Mapping[str, str]
    ) -> AbstractContextManager[tuple[Span, str]]:
        """A call of a method, below the span that its metadata names; with the trace's id."""

    def part(self, name: str) -> AbstractContextManager[object]:
        """A part of what this thread does now; none where that has no span."""

    def work(self, name: str, facts: Mapping[str, Value]) -> AbstractContextManager[Span]:
        """Something that the server does by itself, in this thread."""

    def done(self, name: str, micros: int, facts: Mapping[str, Value]) -> None:
        """A part that has just ended, in another process perhaps, and took so long."""

    def close(self) -> None:
        """Sends what is left, within some seconds."""


class _Nothing:
    def told(self, facts: Mapping[str, Value], fault: str = "") -> None:
        """Nobody wants to know."""


_NOTHING = _Nothing()
_NO_CALL = nullcontext[tuple[Span, str]]((_NOTHING, ""))
_NO_WORK = nullcontext[Span](_NOTHING)
_NO_PART = nullcontext()


class NoTraces:
    """Of a server that traces nothing."""

    def call(
        self, method: str, metadata: Mapping[str, str]
    ) -> AbstractContextManager[tuple[Span, str]]:
        """See Traces."""
        return _NO_CALL

    def part(self, name: str) -> AbstractContextManager[object]:
        """See Traces."""
        return _NO_PART

    def work(self, name: str, facts: Mapping[str, Value]) -> AbstractContextManager[Span]:
        """See Traces."""
        return _NO_WORK

    def done(self, name: str, micros: int, facts: Mapping[str, Value]) -> None:
        """See Traces."""

    def close(self) -> None:
        """See Traces."""


def traces(settings: Settings) -> Traces:
    """Those of a server's settings. Raises SettingsInvalid where the packages lack."""
    if settings.otel_endpoint is None:
        return NoTraces()
    try:
        from billcore.server import otel
    except ModuleNotFoundError as error:
        why = f"{error.name} is not installed: pip install '{PACKAGE}'."
        raise SettingsInvalid("otel_endpoint", why) from None
    return otel.exported(settings.otel_endpoint, settings.otel_share)
