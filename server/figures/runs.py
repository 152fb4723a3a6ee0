"""Figures of runs: chunks as they are done, how far each is, what it left out."""

from collections.abc import Iterable

from billcore.core.billing.runs.progress import Progress
from billcore.core.billing.runs.standing import Standing
from billcore.server.figures.base import ROWS, SECONDS, Figures


class RunFigures(Figures):
    """A provider's runs are driven one after the other, so provider and phase name one."""

    def __init__(self) -> None:
        super().__init__()
        self.__chunks = self._counter("billcore_run_chunks", "Chunks of runs done.", "phase")
        self.__seconds = self._histogram(
            "billcore_run_chunk_seconds", "Duration of chunks of runs.", SECONDS, "phase"
        )
        self.__sizes = self._histogram(
            "billcore_run_chunk_bills", "Bills of a chunk, which is one commit.", ROWS, "phase"
        )
        self.__bills = self._counter(
            "billcore_run_bills", "Bills rated, issued or cancelled by runs.", "phase"
        )
        self.runs_driven = self._gauge("billcore_runs_under_way", "Runs that are driven here now.")
        self.runs_waiting = self._gauge("billcore_runs_waiting", "Runs that wait for their turn.")
        self.runs_stopped = self._gauge(
            "billcore_runs_stopped", "Runs whose driving here ended in a fault."
        )
        self.__faults = self._counter(
            "billcore_run_faults", "Times that the driving of a run stopped.", "reason"
        )
        run = "provider", "phase"
        self.__accounts = self._gauge(
            "billcore_run_accounts", "Accounts of the pass that is driven here now.", *run
        )
        self.__done = self._gauge("billcore_run_accounts_done", "Those that are done.", *run)
        self.__became = self._gauge(
            "billcore_run_pass_bills", "What became of accounts in that pass.", *run, "outcome"
        )
        self.__left = self._gauge(
            "billcore_run_left_seconds", "How long the rest will take at the pass's speed.", *run
        )
        self.__runs = self._gauge("billcore_runs", "Runs of all providers.", "state")
        self.__exceptions = self._gauge(
            "billcore_run_exceptions",
            "Accounts left out by runs that are not frozen yet.",
            "outcome",
            "rule",
        )

    def run_chunk_done(self, phase: str, bills: int, seconds: float) -> None:
        """A chunk that this server or a worker of it did."""
        self.__chunks.labels(phase).inc()
        self.__bills.labels(phase).inc(bills)
        self.__sizes.labels(phase).observe(bills)
        self.__seconds.labels(phase).observe(seconds)

    def run_stopped(self, reason: str) -> None:
        """The driving of a run ended in a fault; reason: of its error, or INTERNAL."""
        self.__faults.labels(reason).inc()

    def runs_progressed(self, found: Iterable[tuple[int, Progress]]) -> None:
        """How far the runs are that are driven here, by provider; in the place of what was."""
        for gauge in (self.__accounts, self.__done, self.__became, self.__left):
            gauge.clear()
        for provider_id, one in found:
            run = str(provider_id), one.phase.name.lower()
            self.__accounts.labels(*run).set(one.accounts)
            self.__done.labels(*run).set(one.accounts_done)
            self.__left.labels(*run).set(one.left_micros / 1_000_000)
            for outcome, count in (
                ("billed", one.bills),
                ("held", one.held),
                ("refused", one.refused),
            ):
                self.__became.labels(*run, outcome).set(count)

    def runs_counted(self, found: Standing) -> None:
        """How all runs stand; in the place of what was."""
        for state, count in found.states.items():
            self.__runs.labels(state.name.lower()).set(count)
        self.__exceptions.clear()
        for (outcome, rule), count in found.exceptions.items():
            self.__exceptions.labels(outcome.name.lower(), rule).set(count)
