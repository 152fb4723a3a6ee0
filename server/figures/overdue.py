"""Figures of debts that are not paid in time: late fees, dunning, plans of instalments."""

from collections.abc import Mapping

from billcore.server.figures.base import Figures


class OverdueFigures(Figures):
    """What is done about overdue accounts."""

    def __init__(self) -> None:
        super().__init__()
        self.__late_fees = self._counter(
            "billcore_late_fees_posted", "Late fees charged or credited.", "kind"
        )
        self.__dunning = self._counter(
            "billcore_dunning_actions", "What was done about overdue accounts.", "signal"
        )
        self.__dunned = self._gauge(
            "billcore_dunning_accounts",
            "Accounts with an open episode of dunning, by their last signal, as of the last look.",
            "signal",
        )
        self.__plans = self._counter(
            "billcore_instalment_plans", "Plans of instalments that came to a state.", "state"
        )

    def late_fees_assessed(self, charges: int, credits: int) -> None:
        """A chunk of an assessment that posted so many."""
        self.__late_fees.labels("charge").inc(charges)
        self.__late_fees.labels("credit").inc(credits)

    def dunned(self, signal: str, count: int) -> None:
        """Actions of dunning that gave a signal; its word."""
        self.__dunning.labels(signal).inc(count)

    def dunning_counted(self, signals: Mapping[str, int]) -> None:
        """How many accounts of all providers are in an episode, by the word of the signal."""
        for signal, count in signals.items():
            self.__dunned.labels(signal).set(count)

    def plans_moved(self, state: str, count: int) -> None:
        """Plans of instalments that a sweep brought to a state; its word."""
        self.__plans.labels(state).inc(count)
