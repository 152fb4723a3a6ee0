"""What is due: the agreements of a range of accounts, and the days that each is billed for now.

An agreement's period begins where its last bill ended, or with its first day, or with the first
reading of its meter. It ends with the last reading inside the window; without a meter, with the
window; an agreement that ends by then is billed to its last day. Where its tariff changes inside
the period, the period is cut into spans of one tariff each; a meter must have been read on that
day.
"""

from dataclasses import dataclass, field

import numpy as np

from billcore.core.accounts.checks import Table, ints
from billcore.core.accounts.columns import (
    UNCHANGED,
    AgreementColumns,
    Changes,
    changes,
    read_agreements,
)
from billcore.core.accounts.days import iso
from billcore.core.billing.charges.billed import AgreementKeys, billed_until
from billcore.core.billing.charges.handed import HandedOn
from billcore.core.billing.errors import AccountUnbillable
from billcore.core.billing.last_bills import LastBills, last_bills
from billcore.core.billing.openings import balances
from billcore.core.metering.determinants import Agreements, Borders, borders
from billcore.core.metering.readings import Readings, decided, joined, month_of, readings_of
from billcore.core.metering.registers import Installations, agreement_key, installations_of
from billcore.core.metering.usage import MISSING, Periods, Usage, UsageFlag, usage
from billcore.core.ordered import distinct, places, search
from billcore.core.rating.batch import Bools, Ints
from billcore.core.store import meters
from billcore.core.store import readings as reading_rows
from billcore.core.store.port import OPEN_DAY, Reader

UNUSABLE = MISSING | UsageFlag.INCOMPLETE | UsageFlag.OVERFLOW


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which closing readings lie; both included."""

    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Which agreements of a range of accounts are billed. cycle_no 0: of every cycle.

    accounts: only these, sorted; None: all. without: not these.
    """

    cycle_no: int = 0
    accounts: Ints | None = None
    without: Ints | None = None

    def of(self, agreements: AgreementColumns) -> Bools:
        """Whether each agreement is among them."""
        found = np.ones(len(agreements.account_id), dtype=np.bool_)
        if self.cycle_no:
            found &= agreements.cycle_no == self.cycle_no
        if self.accounts is not None:
            found &= np.isin(agreements.account_id, self.accounts)
        if self.without is not None:
            found &= ~np.isin(agreements.account_id, self.without)
        return found


class Refusals:
    """Accounts that cannot be billed, each with its first reason."""

    def __init__(self) -> None:
        self.by_account: dict[int, AccountUnbillable] = {}

    def add(self, account: int, rule: str, message: str, agreement: int | None = None) -> None:
        """Refuses an account, if it is not yet."""
        self.put(account, AccountUnbillable(account, rule, message, agreement))

    def put(self, account: int, why: AccountUnbillable) -> None:
        """The same, with the error at hand."""
        self.by_account.setdefault(account, why)

    def of(self, account_id: Ints) -> Bools:
        """Which of these accounts are refused."""
        if not self.by_account:
            return np.zeros(len(account_id), dtype=np.bool_)
        return np.isin(account_id, np.fromiter(self.by_account, dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Stretches of agreements of one tariff each, by account, agreement and day.

    agreement: the row in `agreements`; the days are (previous_day, this_day].
    """

    agreement: Ints
    account_id: Ints
    agreement_no: Ints
    previous_day: Ints
    this_day: Ints
    tariff_no: Ints

    def __len__(self) -> int:
        return len(self.account_id)


@dataclass(frozen=True, slots=True, eq=False)
class Unbilled:
    """What is not billed yet: rows of the agreements, and the readings since. Each row has a period
    in `counted` and says in `changing` whether its tariff or attributes change meanwhile.

    last: the last bills of the agreements' accounts. previous: of each agreement, the day up to
    which it is billed, or before which it begins; handed: what the last bills hand on.
    """

    agreements: AgreementColumns
    rows: Ints
    changing: Bools
    history: Changes
    last: LastBills
    previous: Ints
    handed: HandedOn
    counted: Borders


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """What is to be rated. steps: the attributes' histories of agreements that change meanwhile.

    changing: which spans are of such agreements; handed: what the last bills hand on; opening: of
    each span, what its account owes now, in minor units. last: the last bills of all accounts that
    have agreements; of nobody for bills made again. billed: of each agreement, the day up to which
    it is billed, or before which it begins.
    """

    agreements: AgreementColumns
    spans: Spans
    usage: Usage
    quantities: tuple[str, ...]
    steps: Table
    changing: Bools
    handed: HandedOn
    opening: Ints
    last: LastBills
    billed: Ints
    refusals: Refusals = field(default_factory=Refusals)


def due(
    reader: Reader,
    first: int,
    last: int,
    window: Window,
    chosen: Chosen = Chosen(),
) -> Due:
    """What the accounts first..last, or some of them, are billed for now."""
    found = unbilled(reader, first, last, window, chosen)
    agreements, rows, counted = found.agreements, found.rows, found.counted
    refusals = Refusals()
    periods = _periods(agreements, rows, counted, window, refusals)
    spans = cut_spans(agreements, rows, periods, found.history.terms, found.changing)
    used = _used(counted, spans)
    refuse_unread(agreements, spans, used, refusals)
    owner = search(found.last.account_id, spans.account_id)
    return Due(
        agreements,
        spans,
        used,
        counted.installations.quantities,
        found.history.steps,
        np.isin(spans.agreement, rows[found.changing]),
        found.handed,
        balances(reader, found.last)[owner],
        found.last,
        found.previous,
        refusals,
    )


def unbilled(reader: Reader, first: int, last: int, window: Window, chosen: Chosen) -> Unbilled:
    """The chosen agreements of accounts first..last with days that are not billed yet."""
    agreements = read_agreements(reader, first, last)
    installations = installations_of(meters.of_accounts(reader, first, last))
    last_of = last_bills(reader, distinct(agreements.account_id))
    keys = AgreementKeys(agreements.account_id, agreements.agreement_no)
    billed = billed_until(reader, keys, last_of)
    previous = np.maximum(_begin(agreements, installations), billed.until)
    alive = (agreements.from_day <= window.last_day) & (agreements.until_day > previous)
    rows = np.flatnonzero(alive & chosen.of(agreements))
    changing = agreements.changed_day[rows] > previous[rows] + 1
    since = int(previous[rows].min(initial=window.last_day)) + 1
    history = changes(reader, first, last, since) if changing.any() else UNCHANGED
    known = _readings_on(reader, history.terms, window, agreements.account_id[rows][changing])
    counted = borders(
        reader,
        (first, last),
        installations,
        Agreements(
            agreements.account_id[rows],
            agreements.agreement_no[rows],
            previous[rows],
            agreements.until_day[rows],
        ),
        (window.first_day, window.last_day),
        known,
    )
    return Unbilled(agreements, rows, changing, history, last_of, previous, billed.handed, counted)


def _begin(agreements: AgreementColumns, installations: Installations) -> Ints:
    """The day behind which each agreement begins: that of its meter's first reading, if it has
    one, but not before its own first day."""
    key = agreement_key(agreements.account_id, agreements.agreement_no)
    metered = agreement_key(installations.account_id, installations.agreement_no)
    at, there = places(key, metered)
    first = np.full(len(key), OPEN_DAY, dtype=np.int64)
    np.minimum.at(first, at[there], installations.from_day[there])
    return np.maximum(agreements.from_day - 1, np.where(first < OPEN_DAY, first, -1))


def _readings_on(reader: Reader, terms: Table, window: Window, accounts: Ints) -> Readings | None:
    """The readings of the months in which tariffs change before the window, of these accounts."""
    days = ints(terms["from_day"]) - 1
    months = np.unique(month_of(days[(days > 0) & (days <= window.last_day)]))
    if not len(months) or not len(accounts):
        return None
    decisions = reading_rows.decisions(reader, accounts)
    parts = [
        decided(readings_of(reading_rows.of_month(reader, month, accounts)), decisions)
        for month in months.tolist()
    ]
    return joined(parts)


def _periods(
    agreements: AgreementColumns,
    rows: Ints,
    found: Borders,
    window: Window,
    refusals: Refusals,
) -> tuple[Ints, Ints]:
    """(previous, this) day of each agreement; refuses accounts with an agreement without days."""
    periods, metered = found.periods, is_metered(found)
    end = np.minimum(window.last_day, agreements.until_day[rows])
    this = np.where(metered, np.minimum(periods.this_day, end), end)
    for at in np.flatnonzero(this <= periods.previous_day).tolist():
        refusals.add(
            int(periods.account_id[at]),
            "NO_READING",
            f"it has no reading after {iso(periods.previous_day[at])} between "
            f"{iso(window.first_day)} and {iso(window.last_day)}.",
            int(periods.agreement_no[at]),
        )
    return periods.previous_day, np.maximum(this, periods.previous_day)


def is_metered(found: Borders) -> Bools:
    """Whether a meter hangs or hung at each agreement."""
    periods, meter = found.periods, found.installations
    key = agreement_key(periods.account_id, periods.agreement_no)
    at, there = places(key, agreement_key(meter.account_id, meter.agreement_no))
    metered = np.zeros(len(key), dtype=np.bool_)
    metered[at[there]] = True
    return metered


def cut_spans(
    agreements: AgreementColumns,
    rows: Ints,
    periods: tuple[Ints, Ints],
    terms: Table,
    changing: Bools,
) -> Spans:
    """The periods, cut at the first days of new tariffs."""
    previous, this = periods
    key = agreement_key(agreements.account_id[rows], agreements.agreement_no[rows])
    row, last, tariff = np.arange(len(rows)), this, agreements.tariff_no[rows]
    if changing.any():
        term_key = agreement_key(ints(terms["account_id"]), ints(terms["agreement_no"]))
        at, mine = places(key, term_key)
        at, begin, end, number = (
            column[mine]
            for column in (at, *(ints(terms[n]) for n in ("from_day", "until_day", "tariff_no")))
        )
        inside = (begin <= this[at]) & (end > previous[at]) & changing[at]
        at, end, number = at[inside], end[inside], number[inside]
        kept = ~changing
        row = np.concatenate([row[kept], at])
        last = np.concatenate([last[kept], np.minimum(end, this[at])])
        tariff = np.concatenate([tariff[kept], number])
        order = np.lexsort((last, row))
        row, last, tariff = row[order], last[order], tariff[order]
    begins = previous[row]
    goes_on = np.flatnonzero(row[1:] == row[:-1]) + 1
    begins[goes_on] = last[goes_on - 1]
    some = last > begins
    row, begins, last, tariff = row[some], begins[some], last[some], tariff[some]
    owner = rows[row]
    return Spans(
        owner, agreements.account_id[owner], agreements.agreement_no[owner], begins, last, tariff
    )


def as_periods(spans: Spans) -> Periods:
    return Periods(spans.account_id, spans.agreement_no, spans.previous_day, spans.this_day)


def _used(found: Borders, spans: Spans) -> Usage:
    """The usage of spans, which mostly are whole periods."""
    periods = as_periods(spans)
    whole = np.array_equal(spans.agreement_no, found.periods.agreement_no) and all(
        np.array_equal(getattr(periods, name), getattr(found.periods, name))
        for name in ("account_id", "previous_day", "this_day")
    )
    return usage(found.installations, found.readings, periods, found.parts if whole else None)


def refuse_unread(
    agreements: AgreementColumns, spans: Spans, counted: Usage, refusals: Refusals
) -> None:
    """Refuses the accounts of spans whose usage cannot be counted."""
    unusable = counted.flags & UNUSABLE
    unusable[_taken_down(agreements, spans, counted)] &= ~UsageFlag.INCOMPLETE
    for at in np.flatnonzero(unusable).tolist():
        span, flags = int(counted.period[at]), UsageFlag(int(unusable[at]))
        names = ", ".join(flag.name.lower() for flag in flags if flag.name)
        refusals.add(
            int(spans.account_id[span]),
            "USAGE_INCOMPLETE",
            f"its usage from {iso(spans.previous_day[span])} to {iso(spans.this_day[span])} cannot "
            f"be counted ({names}): take, estimate or correct a reading.",
            int(spans.agreement_no[span]),
        )


def _taken_down(agreements: AgreementColumns, spans: Spans, counted: Usage) -> Bools:
    """Usage that ends before its span, of an agreement that is billed to its last day: its meter
    was taken down earlier, and there was none after that."""
    short: Bools = (counted.flags & UsageFlag.INCOMPLETE) != 0
    if not short.any():
        return short
    billed = np.zeros(len(agreements.until_day), dtype=np.int64)
    np.maximum.at(billed, spans.agreement, spans.this_day)
    ended = (agreements.until_day <= billed)[spans.agreement]
    opened = np.minimum.reduceat(counted.parts.opening_day, counted.first)
    found: Bools = short & ended[counted.period] & (opened <= spans.previous_day[counted.period])
    return found
