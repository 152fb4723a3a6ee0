"""Figures of money that comes in: payments, vouchers, suspense, debits, devices in the field."""

from collections.abc import Iterable, Mapping

from billcore.core.collections.direct_debit.reasons import REASONS
from billcore.core.store.watched import Suspended
from billcore.server.figures.base import BATCH, SECONDS, Figures


class PaymentFigures(Figures):
    """Payments, from any channel, and what they leave in suspense."""

    def __init__(self) -> None:
        super().__init__()
        self.payments_waiting = self._gauge(
            "billcore_payments_waiting", "Payments that wait to be posted."
        )
        self.__payments = self._counter("billcore_payments_posted", "Payments answered.")
        self.__batch = self._histogram(
            "billcore_payment_batch_size", "Payments in a commit.", BATCH
        )
        self.__commit = self._histogram(
            "billcore_payment_batch_seconds", "Duration of a commit of payments.", SECONDS
        )
        self.__vouchers_refused = self._counter(
            "billcore_voucher_secrets_refused", "Wrong serials or secrets of vouchers."
        )
        bucket = "currency", "age_days"
        self.__items = self._gauge(
            "billcore_suspense_items", "Payments with money in suspense.", *bucket
        )
        self.__amounts = self._gauge(
            "billcore_suspense_amount_minor", "What of them is open, minor units.", *bucket
        )
        self.__oldest = self._gauge(
            "billcore_suspense_age_seconds", "Age of the oldest of them in each bucket.", *bucket
        )

    def posted(self, payments: int, seconds: float) -> None:
        """A commit of payments that came in together."""
        self.__payments.inc(payments)
        self.__batch.observe(payments)
        self.__commit.observe(seconds)

    def voucher_refused(self) -> None:
        """A redemption whose serial and secret did not fit."""
        self.__vouchers_refused.inc()

    def suspense_counted(self, found: Iterable[Suspended], now: int) -> None:
        """What is in suspense at a time, microseconds; in the place of what was."""
        for gauge in (self.__items, self.__amounts, self.__oldest):
            gauge.clear()
        for one in found:
            bucket = one.currency, str(one.age_days)
            self.__items.labels(*bucket).set(one.items)
            self.__amounts.labels(*bucket).set(one.amount)
            self.__oldest.labels(*bucket).set(max(0, now - one.oldest_at) / 1_000_000)


class DebitFigures(Figures):
    """Direct debit."""

    def __init__(self) -> None:
        super().__init__()
        self.__debits = self._counter("billcore_debits", "Debits that came to a state.", "state")
        self.__failed_debits = self._counter(
            "billcore_debits_failed", "Debits rejected or taken back.", "code"
        )
        self.__contingent = self._gauge(
            "billcore_debits_contingent_amount",
            "Collected and not final, in minor units, as of the last look.",
            "provider",
        )

    def debits_moved(self, state: str, count: int) -> None:
        """Debits that came to a state; its name."""
        self.__debits.labels(state.lower()).inc(count)

    def debit_results_imported(
        self, accepted: int, collected: int, failures: Mapping[str, int]
    ) -> None:
        """A file of results; failures: by code."""
        self.debits_moved("accepted", accepted)
        self.debits_moved("collected", collected)
        for code, count in failures.items():
            self.__failed_debits.labels(code if code in REASONS else "other").inc(count)

    def debits_contingent(self, provider_id: int, amount: int) -> None:
        """What a provider has that may still be taken back."""
        self.__contingent.labels(str(provider_id)).set(amount)


class FieldFigures(Figures):
    """Devices of collectors."""

    def __init__(self) -> None:
        super().__init__()
        self.__records = self._counter(
            "billcore_field_records", "Records of devices answered.", "state"
        )
        self.__locked = self._counter(
            "billcore_field_locked_answers", "Answers to devices that are locked."
        )

    def records_answered(self, states: Mapping[str, int], locked: bool) -> None:
        """A call of a device; states: how many records came to each, by name."""
        for state, count in states.items():
            self.__records.labels(state).inc(count)
        if locked:
            self.__locked.inc()
