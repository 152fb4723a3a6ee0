"""Figures of calls: how many, how long, how they ended; streams that are open; what was rated."""

from contextlib import AbstractContextManager

from billcore.core.tariff.status import Status
from billcore.server.figures.base import ROWS, SECONDS, Figures


class CallFigures(Figures):
    """Every call."""

    def __init__(self) -> None:
        super().__init__()
        self.__calls = self._counter("billcore_calls", "Finished calls.", "method", "code")
        self.__seconds = self._histogram(
            "billcore_call_seconds", "Duration of calls.", SECONDS, "method"
        )
        self.calls_under_way = self._gauge(
            "billcore_calls_in_flight", "Calls under way now, streams included."
        )
        self.__not_allowed = self._counter(
            "billcore_calls_not_allowed", "Calls turned away.", "reason"
        )
        self.keys_ending = self._gauge(
            "billcore_client_keys_ending", "Clients whose keys end within key_warning_days."
        )
        self.keys_expired = self._gauge(
            "billcore_client_keys_expired", "Enabled clients whose keys have ended."
        )
        self.__refused = self._counter(
            "billcore_calls_refused", "Calls that a rule refused.", "reason"
        )
        self.__broken = self._counter(
            "billcore_calls_failed", "Calls that a fault of ours ended.", "exception"
        )
        self.tls_expires = self._gauge(
            "billcore_tls_certificate_expires_seconds", "End of the certificate, since 1970."
        )
        self.draining = self._gauge("billcore_draining", "1 from SIGTERM on.")

    def call_finished(self, method: str, code: str, seconds: float) -> None:
        """However it ended; code: the name of its status."""
        self.__calls.labels(method, code).inc()
        self.__seconds.labels(method).observe(seconds)

    def call_not_allowed(self, reason: str) -> None:
        """A call without a good key, role or provider, or too many of them; reason: its cause."""
        self.__not_allowed.labels(reason).inc()

    def call_refused(self, reason: str) -> None:
        """A call that broke a rule; reason: of its error."""
        self.__refused.labels(reason).inc()

    def call_failed(self, exception: BaseException) -> None:
        """A call that ended in INTERNAL, by the class of what was raised."""
        self.__broken.labels(type(exception).__name__).inc()


class StreamFigures(Figures):
    """Calls that hold a thread for long; those that are open now."""

    def __init__(self) -> None:
        super().__init__()
        self.streams = self._gauge("billcore_streams_in_flight", "RateBatch streams now.")
        self.followers = self._gauge("billcore_event_streams_in_flight", "StreamEvents now.")
        self.loads = self._gauge("billcore_load_streams_in_flight", "Load streams now.")
        self.watchers = self._gauge("billcore_run_streams_in_flight", "WatchRun streams now.")
        self.exports = self._gauge("billcore_export_streams_in_flight", "ExportRun streams now.")
        self.imports = self._gauge(
            "billcore_import_streams_in_flight", "Imports of files of channels and banks now."
        )
        self.payment_streams = self._gauge(
            "billcore_payment_streams_in_flight", "PostPayments streams now."
        )
        self.assessments = self._gauge(
            "billcore_assessment_streams_in_flight", "AssessLateFees streams now."
        )
        self.reports = self._gauge("billcore_reports_in_flight", "Calls that make reports now.")
        self.__report_seconds = self._histogram(
            "billcore_report_seconds", "Duration of reports, worklists, cut-offs.", SECONDS, "kind"
        )

    def report(self, kind: str) -> AbstractContextManager[object]:
        """A block that makes a report; kind: report, warnings or cut_off."""
        return self.__report_seconds.labels(kind).time()


class RatingFigures(Figures):
    """Bills that callers had rated, and the tariffs for them."""

    def __init__(self) -> None:
        super().__init__()
        self.__rated = self._counter("billcore_bills_rated", "Bills rated.")
        self.__failed = self._counter("billcore_bills_failed", "Bills not rated.", "status")
        self.__rows = self._histogram("billcore_batch_rows", "Bills in a batch.", ROWS)
        self.tariffs = self._gauge("billcore_tariffs", "Tariffs published here.")
        for status in Status:
            if status is not Status.OK:
                self.__failed.labels(status.name)

    def bill_rated(self) -> None:
        """One bill."""
        self.__rated.inc()

    def bills_failed(self, status: Status, count: int) -> None:
        """So many bills, for one reason."""
        self.__failed.labels(status.name).inc(count)

    def batch_rated(self, rows: int, failed: dict[Status, int]) -> None:
        """One batch of so many rows, of which some failed."""
        self.__rows.observe(rows)
        self.__rated.inc(rows - sum(failed.values()))
        for status, count in failed.items():
            self.bills_failed(status, count)
