"""Reference rates of a provider: told with their source, never changed, corrected by a version."""

import itertools
import re
from typing import NamedTuple

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.late_fees_read import NAME, RATE_MAX
from billcore.core.calendar import DAY_MAX, DAY_MIN
from billcore.core.collections.late_fees.rates import Reference, Series
from billcore.core.errors import quoted
from billcore.core.ids import owned_id
from billcore.core.ledger.turns import turn_to_bill
from billcore.core.store import providers
from billcore.core.store import reference_rates as rows
from billcore.core.store.port import Reader
from billcore.core.store.reference_rates import RateRow

SOURCE_MAX = 200


class GivenRate(NamedTuple):
    """A rate as it is told; days are ordinals."""

    series: str
    from_day: int
    per_million: int
    source: str
    source_day: int


def set_rate(write: Write, given: GivenRate, reason: str = "") -> RateRow:
    """Adds a rate; one that is there already, with the same source, is answered as it is.

    Waits for whoever bills or assesses an account of the provider, so that what was computed before
    it knew nothing of it. Raises FieldRefused, ProviderNeeded.
    """
    provider_id = provider_acting(write.caller)
    _check(given)
    now = _turn(write, provider_id)
    before = rows.latest(write.session, provider_id, given.series, given.from_day)
    if before and (before.per_million, before.source, before.source_day) == given[2:]:
        return before
    version = before.version + 1 if before else 1
    row = RateRow(
        series=given.series,
        from_day=given.from_day,
        version=version,
        per_million=given.per_million,
        source=given.source,
        source_day=given.source_day,
        client_id=write.caller.client_id,
        recorded_at=now,
    )
    rows.add(write.session, provider_id, row)
    told = {"from_day": given.from_day, "per_million": given.per_million, "version": version}
    subject = f"reference rate {given.series}"
    tell(write, provider_id, "reference_rate.set", subject, told, reason)
    return row


def series_of(reader: Reader, provider_id: int, known_at: int) -> Series:
    """The provider's rates by series, as known at a time."""
    found = rows.known(reader, provider_id, known_at)
    return {
        series: tuple(
            Reference(one.from_day, one.per_million, one.source, one.source_day) for one in group
        )
        for series, group in itertools.groupby(found, key=lambda one: one.series)
    }


def _turn(write: Write, provider_id: int) -> int:
    """The time to record at, behind everything of the provider."""
    providers.lock(write.session, provider_id, "reference_rate")
    drawn = max(providers.drawn(write.session, provider_id, "account"), 1)
    span = owned_id(provider_id, 1), owned_id(provider_id, drawn)
    now = turn_to_bill(write.session, provider_id, *span, write.now)
    return max(now, rows.last_recorded(write.session, provider_id) + 1)


def _check(given: GivenRate) -> None:
    if not re.fullmatch(NAME, given.series):
        raise FieldRefused("rate.series", f"{quoted(given.series)} is no name, as key_rate.")
    if not 0 <= given.per_million <= RATE_MAX:
        raise FieldRefused("rate.per_million", f"{given.per_million} is not one of 0..{RATE_MAX}.")
    if not 1 <= len(given.source) <= SOURCE_MAX or not given.source.isprintable():
        raise FieldRefused("rate.source", f"say who told it, in 1 to {SOURCE_MAX} characters.")
    for name, day in (("from_day", given.from_day), ("source_day", given.source_day)):
        if not DAY_MIN <= day <= DAY_MAX:
            raise FieldRefused(f"rate.{name}", "it is a day of the years 1800 to 2200.")
