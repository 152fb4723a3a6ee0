"""Figures of money that somebody has to explain: breaks, days of channels, correction cases."""

from collections.abc import Mapping

from billcore.core.reconciliation.totals import Open
from billcore.server.figures.base import Figures


class ReconciliationFigures(Figures):
    """Channels and banks beside the books."""

    def __init__(self) -> None:
        super().__init__()
        self.__reports_missing = self._gauge(
            "billcore_reports_missing", "Days of channels whose report is due and did not come."
        )
        labels = "currency", "kind", "age_days"
        self.__breaks = self._gauge("billcore_breaks_open", "Open breaks.", *labels)
        self.__break_amounts = self._gauge(
            "billcore_break_amount_minor", "What the books have more, minor units.", *labels
        )
        self.__unclosed = self._gauge(
            "billcore_reconciliation_unclosed",
            "Business dates that were matched and are not closed.",
        )
        self.__stale = self._gauge(
            "billcore_reconciliation_stale", "Those of them that files came for since."
        )
        self.__files_refused = self._counter(
            "billcore_channel_files_refused", "Files of channels and banks refused.", "kind"
        )

    def reconciled(self, found: Open, missing: int) -> None:
        """What is open of reconciliation, and how many reports lack; in the place of what was."""
        for gauge, values in (
            (self.__breaks, found.breaks),
            (self.__break_amounts, found.amounts),
        ):
            gauge.clear()
            for (currency, kind, age_days), value in values.items():
                gauge.labels(currency, kind.name, age_days).set(value)
        self.__unclosed.set(found.days)
        self.__stale.set(found.stale)
        self.__reports_missing.set(missing)

    def file_refused(self, kind: str) -> None:
        """A file that is broken; kind: report or statement."""
        self.__files_refused.labels(kind).inc()


class CaseFigures(Figures):
    """Correction cases."""

    def __init__(self) -> None:
        super().__init__()
        self.__cases = self._gauge("billcore_cases", "Correction cases.", "state")
        self.__overdue = self._gauge("billcore_cases_overdue", "Cases whose clock ran out.")
        self.__age = self._gauge(
            "billcore_case_age_seconds", "Age of the oldest case that has not ended."
        )
        self.__warnings = self._counter(
            "billcore_case_warnings", "Warnings of the clocks of cases."
        )
        self.__moved = self._counter("billcore_cases_moved", "Cases that went on by themselves.")

    def cases_swept(self, warned: int, moved: int) -> None:
        """A sweep of a provider's cases."""
        self.__warnings.inc(warned)
        self.__moved.inc(moved)

    def cases_counted(self, states: Mapping[str, int], overdue: int, age: float) -> None:
        """How many cases of every provider are in each state; overdue; seconds of the oldest."""
        for state, count in states.items():
            self.__cases.labels(state).set(count)
        self.__overdue.set(overdue)
        self.__age.set(age)
