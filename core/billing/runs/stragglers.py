"""Stragglers whose time is over: the readings that nobody took are estimated, then billed.

A pass of a frozen run that goes beyond the run's straggler day estimates, if the order says so
(`RunOrder.estimates`): nothing else is kept of it. What lacks is estimated by the provider's
policy, as of the last day of the run's window, or as of the day on which other registers of the
agreement were read. It is done in the transaction of the chunk that bills it, and a day that has a
reading keeps it: a chunk that is killed leaves nothing, and one that is done again estimates
nothing twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from billcore.core.accounts.checks import ints
from billcore.core.accounts.days import iso
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.charges.due import Unbilled, is_metered, unbilled
from billcore.core.billing.errors import AccountUnbillable
from billcore.core.billing.make import Order, month_of_issue
from billcore.core.billing.runs.similar import SIMILAR, similar
from billcore.core.caller import Caller
from billcore.core.ledger.kinds import BillKind
from billcore.core.metering.determinants import registers_at_work
from billcore.core.metering.estimate import Estimated, Norms, Targets, record_estimates
from billcore.core.metering.findings import Status
from billcore.core.metering.policy import Method
from billcore.core.metering.provider import metering_provider
from billcore.core.rating.batch import Bools, Ints
from billcore.core.store import bills
from billcore.core.store.errors import StoreBusy, StoreConflict
from billcore.core.store.port import Session
from billcore.core.store.providers import Provider
from billcore.core.store.runs import Chunk

ESTIMATE_IMPOSSIBLE = "ESTIMATE_IMPOSSIBLE"
"""The rule of an account with a register of which nothing tells an estimate."""


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """Readings that lack, a row each. row: of what is unbilled; register: of its installations.

    alone: whether no other register counts the same quantity of the agreement on the day.
    """

    row: Ints
    register: Ints
    day: Ints
    alone: Bools


def estimate_missing(
    session: Session,
    provider: Provider,
    order: Order,
    closing_day: int,
    peers: Sequence[Chunk],
) -> Mapping[int, AccountUnbillable]:
    """Estimates the closing readings that the accounts of an order lack, and keeps the estimates;
    the accounts where that cannot be.

    closing_day: as of which an agreement is estimated of which no register was read; peers: see
    `similar`. Raises StoreBusy when a reading comes in between.
    """
    found = unbilled(
        session,
        order.first,
        order.last,
        order.window,
        replace(order.chosen, accounts=_unbilled_accounts(session, provider, order)),
    )
    lacks, bare = missing(found, closing_day)
    impossible = {
        int(found.counted.periods.account_id[row]): _no_register(found, row, closing_day)
        for row in bare.tolist()
    }
    if len(lacks.row):
        targets = _targets(found, lacks)
        methods, norms = _methods(session, provider, order, peers, found, lacks)
        told = _recorded(session, provider, order, targets, methods, norms)
        for at in np.flatnonzero(told.results.status != Status.ESTIMATED).tolist():
            why = _not_estimated(found, lacks, targets, told, at)
            impossible.setdefault(int(targets.account_id[at]), why)
    return impossible


def _recorded(
    session: Session,
    provider: Provider,
    order: Order,
    targets: Targets,
    methods: tuple[Method, ...],
    norms: Norms | None,
) -> Estimated:
    """The estimates as they are kept. Raises StoreBusy."""
    caller = Caller(order.client_id, provider.provider_id, frozenset())
    metering = metering_provider(session, provider.provider_id)
    now = order.recorded_at
    try:
        return record_estimates(session, caller, metering, targets, now, methods, norms)
    except StoreConflict as conflict:
        raise StoreBusy("a reading came in while it was estimated.") from conflict


def missing(found: Unbilled, closing_day: int) -> tuple[Missing, Ints]:
    """(the closing readings that lack, rows of agreements without any register to estimate)."""
    counted, installations = found.counted, found.counted.installations
    periods = counted.periods
    last = np.minimum(closing_day, found.agreements.until_day[found.rows])
    read = periods.this_day > periods.previous_day
    day = np.where(read, periods.this_day, last)
    wanted = np.flatnonzero(is_metered(counted) & (day > periods.previous_day))
    given, register = registers_at_work(
        installations, periods.account_id[wanted], periods.agreement_no[wanted], day[wanted]
    )
    row = wanted[given]
    pairs = np.stack([row, installations.quantity_no[register]], axis=1)
    _, which, count = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    lacks = np.flatnonzero(counted.readings.on(installations.rank[register], day[row]) < 0)
    told = Missing(row[lacks], register[lacks], day[row[lacks]], count[which[lacks]] == 1)
    return told, np.setdiff1d(wanted, row)


def _unbilled_accounts(session: Session, provider: Provider, order: Order) -> Ints:
    """The chosen accounts without a bill of the month: of others nothing is to be estimated."""
    assert order.chosen.accounts is not None, "a later pass bills what earlier ones left out"
    month = month_of_issue(provider, order.issued_day)
    known = bills.keys(session, month, order.first, order.last)
    kinds = int(order.kind), int(BillKind.FINAL)
    stands = (ints(known["stands"]) == 1) & np.isin(ints(known["kind"]), kinds)
    return np.setdiff1d(order.chosen.accounts, ints(known["account_id"])[stands])


def _targets(found: Unbilled, lacks: Missing) -> Targets:
    installations = found.counted.installations
    return Targets(
        installations.account_id[lacks.register],
        installations.meter_id[lacks.register],
        installations.register_no[lacks.register],
        lacks.day,
    )


def _methods(
    session: Session,
    provider: Provider,
    order: Order,
    peers: Sequence[Chunk],
    found: Unbilled,
    lacks: Missing,
) -> tuple[tuple[Method, ...], Norms | None]:
    """How the policy estimates: similar accounts give each agreement a norm."""
    words = parse_policies(provider.policies).estimation
    methods = tuple(Method.NORM if word == SIMILAR else Method(word) for word in words)
    if SIMILAR not in words:
        return methods, None
    usable = lacks.alone & _unshared(found, lacks)
    month = month_of_issue(provider, order.issued_day)
    return methods, similar(session, peers, month, found, lacks.row, lacks.register, usable)


def _unshared(found: Unbilled, lacks: Missing) -> Bools:
    installations = found.counted.installations
    share, of = installations.share[lacks.register], installations.share_of[lacks.register]
    return np.asarray(share == of, dtype=np.bool_)


# -- why not


def _no_register(found: Unbilled, row: int, closing_day: int) -> AccountUnbillable:
    periods = found.counted.periods
    why = f"nobody read it, and no meter of it is at work on {iso(closing_day)} to be estimated."
    return _impossible(int(periods.account_id[row]), int(periods.agreement_no[row]), why)


def _not_estimated(
    found: Unbilled, lacks: Missing, targets: Targets, told: Estimated, at: int
) -> AccountUnbillable:
    register = f"register {targets.register_no[at]} of meter {targets.meter_id[at]}"
    start = f"nobody read {register}, and it cannot be estimated as of {iso(int(lacks.day[at]))}"
    if told.estimates.method[at] >= 0:
        why = f"{start}: {told.results.message(at)}."
    elif told.methods:
        why = f"{start}: its policy's ways tell nothing of it. Read it, or estimate it by hand."
    else:
        why = f"{start}: the provider's policy names no way."
    periods, row = found.counted.periods, int(lacks.row[at])
    return _impossible(int(periods.account_id[row]), int(periods.agreement_no[row]), why)


def _impossible(account: int, agreement: int, why: str) -> AccountUnbillable:
    return AccountUnbillable(account, ESTIMATE_IMPOSSIBLE, why, agreement)
