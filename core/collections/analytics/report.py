"""The report: collection, ageing, receipts and warnings of a provider in one pass."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from billcore.core.accounts.early_warning import EarlyWarning, Feature
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.policies import parse_policies
from billcore.core.collections.analytics.ageing import Aged, Ageing, check_ages
from billcore.core.collections.analytics.collection import ChannelPart, Collected, Collecting
from billcore.core.collections.analytics.grouping import (
    Asked,
    Channels,
    Groups,
    check_groups,
    groups,
)
from billcore.core.collections.analytics.reading import (
    AsOf,
    Check,
    account_features,
    parts,
    returned_payments,
    unchecked,
)
from billcore.core.collections.analytics.receipts import By, Receipts, Span, check_days, receipts
from billcore.core.collections.analytics.scoring import bands, scores
from billcore.core.collections.analytics.sums import Sums
from billcore.core.payments.channels import every_channel
from billcore.core.rating.batch import Ints
from billcore.core.store.channels import Channel
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

MONTHS_MAX = 120
"""Collection is told of at most so many months of bills."""

ROWS_MAX = 20_000
"""A section has at most so many rows."""


class Section(StrEnum):
    """What a report is asked for."""

    COLLECTION = "collection"
    AGEING = "ageing"
    RECEIPTS = "receipts"
    WARNINGS = "warnings"


@dataclass(frozen=True, slots=True)
class Request:
    """at: the cut-off. months: accounting months of bills, first and last. from_day: of receipts,
    which end with the cut-off's day. by: CHANNEL, TERMINAL, DAY and MONTH are those of receipts;
    CHANNEL tells collection by channel, too. asked: by what accounts are grouped."""

    at: AsOf
    months: tuple[int, int]
    from_day: int
    sections: Collection[Section] = field(default_factory=lambda: tuple(Section))
    by: Collection[By] = ()
    asked: Asked = field(default_factory=Asked)
    ages: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Warned:
    """Accounts of a group that are in a band, by its place from 1, and their arrears."""

    band: int
    group: int
    accounts: int
    arrears: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was asked for; sections that were not are empty."""

    groups: Groups
    channels: dict[int, Channel]
    ages: tuple[int, ...]
    policy: EarlyWarning
    collection: Sequence[Collected] = ()
    channel_parts: Sequence[ChannelPart] = ()
    ageing: Sequence[Aged] = ()
    received: Receipts = field(default_factory=lambda: Receipts((), 0, 0))
    warnings: Sequence[Warned] = ()


def report(
    reader: Reader, provider: Provider, request: Request, check: Check = unchecked
) -> Report:
    """The report of a provider. Raises FieldRefused, AttributeUnknown, what `check` raises."""
    first_month, last_month = request.months
    if not 0 <= last_month - first_month < MONTHS_MAX:
        raise FieldRefused("from_month", f"months are in order, and at most {MONTHS_MAX}.")
    check_days(request.from_day, request.at.day)
    ages, wanted = check_ages(request.ages), request.sections
    number = provider.provider_id
    grouped = groups(reader, number, request.asked, request.at.day)
    check_groups(grouped)
    known = {one.channel_no: one for one in every_channel(reader, number)}
    policy = parse_policies(provider.policies).early_warning
    channels = Channels(reader, number, known, request.at.known_at)
    whole = _Whole(
        reader,
        number,
        request,
        grouped,
        channels,
        policy,
        ages,
    )
    if {Section.COLLECTION, Section.AGEING, Section.WARNINGS} & {*wanted}:
        whole.read(check)
    received = Receipts((), 0, 0)
    if Section.RECEIPTS in wanted:
        span = Span(request.from_day, request.at.day, request.at.known_at)
        of = known.values()
        received = receipts(reader, number, of, provider.calendar, span, request.by, grouped, check)
    found = Report(
        grouped,
        known,
        ages,
        policy,
        whole.collecting.rows,
        whole.collecting.channels,
        whole.ageing.rows,
        received,
        whole.warned(),
    )
    _check_rows(found)
    return found


def _check_rows(found: Report) -> None:
    """Raises FieldRefused where a section has too many rows to tell."""
    sections = found.collection, found.channel_parts, found.ageing, found.received.rows
    most = max(map(len, (*sections, found.warnings)))
    if most > ROWS_MAX:
        why = f"{most} rows are more than {ROWS_MAX}: ask for fewer groups, months or days."
        raise FieldRefused("by", why)


class _Whole:
    """What is told of items, put together part by part of the accounts."""

    def __init__(
        self,
        reader: Reader,
        provider_id: int,
        request: Request,
        grouped: Groups,
        channels: Channels,
        policy: EarlyWarning,
        ages: Sequence[int],
    ) -> None:
        self._reader, self._number, self._request = reader, provider_id, request
        self._groups, self._channels, self._policy = grouped, channels, policy
        self.collecting = Collecting(*request.months)
        self.ageing = Ageing(request.at.day, ages)
        self._warnings = Sums(2)

    def read(self, check: Check) -> None:
        """Reads all accounts."""
        at, wanted = self._request.at, self._request.sections
        warns = Section.WARNINGS in wanted
        returned = np.zeros(0, dtype=np.int64)
        if warns:
            returned = returned_payments(self._reader, self._number, at, self._policy)
        by_channel = Section.COLLECTION in wanted and By.CHANNEL in self._request.by
        every = parts(self._reader, self._number, at, self._channels, check)
        for first, last, found in every:
            group = self._groups(found.account_id)
            if Section.COLLECTION in wanted:
                of = self._channels.of(first, last, found.credit_id) if by_channel else None
                self.collecting.add(found, group, of)
            if Section.AGEING in wanted:
                self.ageing.add(found, group, self._groups(found.free_account))
            if warns:
                accounts = np.arange(first, last + 1)
                told = account_features(
                    self._reader, self._number, found, accounts, returned, at, self._policy
                )
                score = scores(told, self._policy)
                self._warn(accounts, score, told[Feature.ARREARS])

    def _warn(self, account_id: Ints, score: Ints, arrears: Ints) -> None:
        band = bands(score, self._policy)
        rows = np.flatnonzero(band)
        group = self._groups(account_id[rows])
        self._warnings.add([band[rows], group], [np.ones_like(rows), arrears[rows]])

    def warned(self) -> list[Warned]:
        """By band and group."""
        return [Warned(*key, *values) for key, values in self._warnings]
