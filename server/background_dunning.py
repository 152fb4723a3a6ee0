"""Dunning that a server does by itself: a sweep when a provider's day begins, and again and again
those who have paid since; plans of instalments, and money for what was written off."""

from collections.abc import Callable, Iterable
from functools import partial
from threading import Event

import structlog

from billcore.core.caller import Caller
from billcore.core.collections.dunning.policy import Signal
from billcore.core.collections.dunning.sweeping import Swept, settle, sweep
from billcore.core.collections.instalments.sweeping import sweep_plans
from billcore.core.collections.write_offs.write_offs import recover
from billcore.core.durations import SECOND
from billcore.core.ids import id_range
from billcore.core.metering.provider import metering_provider
from billcore.core.store import dunning as rows
from billcore.core.store import instalments, write_offs
from billcore.core.store.port import Store
from billcore.server.background import tried
from billcore.server.telemetry import Metrics

SETTLE_AGAIN = 60
"""So many seconds after those who have paid were looked for they are looked for again."""

PLANS_AGAIN = 600
"""So many seconds after plans were looked at they are looked at again."""


log = structlog.get_logger()


class Instalments:
    """Completes plans of instalments and gives up late ones, and takes money for what was written
    off, of every provider, every PLANS_AGAIN seconds."""

    def __init__(
        self, store: Store, now: Callable[[], int], metrics: Metrics, leaving: Event
    ) -> None:
        self._store = store
        self._now = now
        self._metrics = metrics
        self._leaving = leaving
        self._looked = 0

    def sweep_due(self) -> None:
        """Until all plans were looked at, or the server leaves."""
        now = self._now()
        if now - self._looked < PLANS_AGAIN * SECOND:
            return
        with self._store.read() as reader:
            owners = instalments.owners(reader)
        for provider_id in owners:
            task = partial(self._sweep_plans, provider_id)
            tried(self._metrics, "instalments", task, provider=provider_id)
            if self._leaving.is_set():
                return
        with self._store.read() as reader:
            owners = write_offs.owners(reader)
        for provider_id in owners:
            task = partial(self._recover, provider_id)
            tried(self._metrics, "recoveries", task, provider=provider_id)
        self._looked = now

    def _sweep_plans(self, provider_id: int) -> None:
        """Until all plans of a provider were looked at, or the server leaves."""
        caller = Caller(0, provider_id, frozenset(), "billcore")
        for account_id, plan_no, state in sweep_plans(self._store, caller, self._now):
            self._metrics.plans_moved(state.word, 1)
            log.info("plan_moved", account=account_id, plan=plan_no, state=state.word)
            if self._leaving.is_set():
                return

    def _recover(self, provider_id: int) -> None:
        caller = Caller(0, provider_id, frozenset(), "billcore")
        for one in recover(self._store, caller, self._now):
            log.info("recovered", account=one.account_id, amount=one.amount)


class Dunning:
    """Sweeps the accounts of every provider that duns, on each of its days; and ends the episodes
    of those who have paid, every SETTLE_AGAIN seconds.

    Several servers may do it: nothing is done twice.
    """

    def __init__(
        self, store: Store, now: Callable[[], int], metrics: Metrics, leaving: Event
    ) -> None:
        self._store = store
        self._now = now
        self._metrics = metrics
        self._leaving = leaving
        self._swept: dict[int, int] = {}
        self._settled: dict[int, int] = {}

    def sweep_due(self) -> None:
        """Until all providers were looked at, or the server leaves."""
        with self._store.read() as reader:
            owners = rows.owners(reader)
        for provider_id in owners:
            task = partial(self._sweep, provider_id)
            tried(self._metrics, "dunning", task, provider=provider_id)
        self._measure(owners)

    def _sweep(self, provider_id: int) -> None:
        """What is due of one provider."""
        with self._store.read() as reader:
            provider = metering_provider(reader, provider_id)
        caller, now = Caller(0, provider_id, frozenset(), "billcore"), self._now()
        today, since = provider.today(now), self._settled.get(provider_id, 0)
        if self._swept.get(provider_id) != today:
            if self._done(provider_id, sweep(self._store, caller, self._now)):
                self._swept[provider_id], self._settled[provider_id] = today, now
        elif now - since >= SETTLE_AGAIN * SECOND:
            # What was recorded while the last look went on is looked at once more.
            found = settle(self._store, caller, self._now, since - SETTLE_AGAIN * SECOND)
            if self._done(provider_id, found):
                self._settled[provider_id] = now

    def _done(self, provider_id: int, swept: Iterable[Swept]) -> bool:
        """Whether it came to the end."""
        actions = 0
        for one in swept:
            actions += len(one.actions)
            for signal in Signal:
                self._metrics.dunned(signal.word, one.count(signal))
            if self._leaving.is_set():
                return False
        if actions:
            log.info("dunned", provider=provider_id, actions=actions)
        return True

    def _measure(self, owners: Iterable[int]) -> None:
        found = dict.fromkeys((signal.word for signal in Signal), 0)
        with self._store.read() as reader:
            for provider_id in owners:
                for signal, count in rows.counts(reader, *id_range(provider_id)).items():
                    found[Signal(signal).word] += count
        self._metrics.dunning_counted(found)
