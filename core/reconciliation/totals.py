"""What is open in all, of several providers: for figures that somebody watches."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from billcore.core.reconciliation.breaks import AGES, BreakKind
from billcore.core.reconciliation.closing import groups
from billcore.core.reconciliation.computing import DayState
from billcore.core.store import providers, watched
from billcore.core.store import recon as rows
from billcore.core.store.port import Reader
from billcore.core.store.watched import Suspended

Bucket = tuple[str, BreakKind, int]
"""(currency, kind, age in days at which its bucket begins)."""


@dataclass(frozen=True, slots=True)
class Open:
    """Open breaks by bucket: how many, and what the books have more, in minor units; days that were
    matched and are not closed, and those of them that files came for since."""

    breaks: dict[Bucket, int]
    amounts: dict[Bucket, int]
    days: int
    stale: int


def open_in_all(reader: Reader, provider_ids: Sequence[int], now: int) -> Open:
    """now: microseconds since 1970 in UTC."""
    breaks: Counter[Bucket] = Counter()
    amounts: Counter[Bucket] = Counter()
    days = stale = 0
    for provider_id in provider_ids:
        provider = providers.provider(reader, provider_id)
        if provider is None:
            continue
        for group in groups(reader, provider_id, now):
            bucket = provider.currency, group.kind, group.age_days
            breaks[bucket] += group.count
            amounts[bucket] += group.amount
        counted, old = rows.open_days(reader, provider_id, DayState.OPEN)
        days, stale = days + counted, stale + old
    return Open(dict(breaks), dict(amounts), days, stale)


def suspended_in_all(reader: Reader, now: int) -> list[Suspended]:
    """What is in suspense of every provider, by currency and the ages of breaks.

    now: microseconds since 1970 in UTC.
    """
    return watched.suspended(reader, AGES, now)
