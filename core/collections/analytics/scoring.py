"""Early-warning scores: features of accounts off what they owe, points by rules. Pure.

Whole numbers throughout; a score is the sum of its reasons, nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.early_warning import EarlyWarning, Feature
from billcore.core.collections.analytics.standing import Source, Standing
from billcore.core.ordered import places
from billcore.core.rating.batch import Bools, Ints

NO_BAND = 0
"""The place of an account that is in no band; bands count from 1."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an account has points: its value of a feature, and the rule that this meets."""

    feature: Feature
    value: int
    at_least: int
    points: int


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with its reasons, which sum to it. band: '' is none."""

    account_id: int
    score: int
    band: str
    arrears: int
    reasons: tuple[Reason, ...]


Features = Mapping[Feature, Ints]
"""By feature the value of each account."""


@dataclass(frozen=True, slots=True)
class Read:
    """What is known of accounts beside their items, (accounts,) each: returned: payments taken back
    within the policy's days; supply_days: how long their credit lasts, or ENDLESS."""

    returned: Ints
    supply_days: Ints


ENDLESS = 2**31 - 1
"""Of accounts that have no credit, or no bills by which it could be said."""


def features(found: Standing, place: Ints, read: Read, day: int, policy: EarlyWarning) -> Features:
    """The features of accounts at the end of a day; place: (items,) of each item's account."""
    count = len(read.returned)
    due = found.due_day < day
    rows = np.flatnonzero(due & (found.open > 0))
    arrears = _added(place[rows], found.open[rows], count)
    oldest = np.full(count, day, dtype=np.int64)
    np.minimum.at(oldest, place[rows], found.due_day[rows])
    bills = rows[found.is_bill[rows]]
    return {
        Feature.DAYS_IN_ARREARS: day - oldest,
        Feature.ARREARS: arrears,
        Feature.BILLS_IN_ARREARS: _added(place[bills], np.ones_like(bills), count),
        Feature.LATE_BILLS_PERCENT: _late_percent(found, place, count, due, policy.last_bills),
        Feature.ARREARS_GROWTH: np.maximum(
            arrears - _arrears_at(found, place, count, day - policy.growth_days), 0
        ),
        Feature.RETURNED_PAYMENTS: read.returned,
        Feature.SUPPLY_DAYS_SHORT: np.maximum(policy.supply_days - read.supply_days, 0),
    }


def supply_days(
    found: Standing, place: Ints, free_place: Ints, bill_id: Ints, days: Ints, count: int
) -> Ints:
    """How many days the credit of each account lasts at the average daily charge of these bills.

    bill_id: sorted, of bills of days, some of which may stand no more; days: of their periods.
    """
    endless = np.full(count, ENDLESS, dtype=np.int64)
    at, there = places(bill_id, found.document_id) if len(bill_id) else (place, place < 0)
    rows = np.flatnonzero(there & found.is_bill)
    charged = _added(place[rows], found.amount[rows], count)
    period = _added(place[rows], days[at[rows]], count)
    free = _added(free_place, found.free, count)
    said = np.flatnonzero((free > 0) & (charged > 0) & (period > 0))
    parts = zip(free[said].tolist(), period[said].tolist(), charged[said].tolist(), strict=True)
    lasts = [min(credit * span // charge, ENDLESS) for credit, span, charge in parts]
    endless[said] = np.array(lasts, dtype=np.int64)
    return endless


def _arrears_at(found: Standing, place: Ints, count: int, day: int) -> Ints:
    """What was in arrears at the end of an earlier day, by what is known now."""
    due = found.due_day < day
    rows = np.flatnonzero(due)
    steps = np.flatnonzero(due[found.item] & (found.paid_day <= day))
    owed = _added(place[rows], found.amount[rows], count)
    return owed - _added(place[found.item[steps]], found.paid[steps], count)


def _late_percent(found: Standing, place: Ints, count: int, due: Bools, most: int) -> Ints:
    """Of the last bills that fell due, how many percent were open behind their due day, or moved
    to a plan instead of paid."""
    rows = np.flatnonzero(found.is_bill & due)
    rows = rows[np.lexsort((found.document_id[rows], found.due_day[rows], place[rows]))]
    owner = place[rows]
    ends = np.searchsorted(owner, owner, side="right")
    last = rows[ends - np.arange(len(rows)) <= most]
    settled = np.zeros(len(found.open), dtype=np.int64)
    np.maximum.at(settled, found.item, found.paid_day)
    planned = np.zeros(len(found.open), dtype=np.bool_)
    planned[found.item[found.source == Source.PLANNED]] = True
    late = (found.open[last] > 0) | planned[last] | (settled[last] > found.due_day[last])
    all_bills = _added(place[last], np.ones_like(last), count)
    late_bills = _added(place[last], late.astype(np.int64), count)
    percent: Ints = late_bills * 100 // np.maximum(all_bills, 1)
    return percent


def scores(found: Features, policy: EarlyWarning) -> Ints:
    """The score of each account."""
    count = len(found[Feature.ARREARS])
    score = np.zeros(count, dtype=np.int64)
    for feature, value in found.items():
        points = np.zeros(count, dtype=np.int64)
        for rule in policy.rules:  # by at_least: the last one that is met counts
            if rule.feature is feature:
                points[value >= rule.at_least] = rule.points
        score += points
    return score


def bands(score: Ints, policy: EarlyWarning) -> Ints:
    """The place of each score's band, from 1; NO_BAND."""
    least = np.array([band.at_least for band in policy.bands], dtype=np.int64)
    found: Ints = np.searchsorted(least, score, side="right")
    return found


def explained(account_id: int, at: int, found: Features, policy: EarlyWarning) -> Scored:
    """The score of one account with its reasons; at: its place."""
    reasons = []
    for feature in Feature:
        value = int(found[feature][at])
        met = [r for r in policy.rules if r.feature is feature and value >= r.at_least]
        if met:
            reasons.append(Reason(feature, value, met[-1].at_least, met[-1].points))
    score = sum(reason.points for reason in reasons)
    (band,) = bands(np.array([score]), policy).tolist()
    name = policy.bands[band - 1].band if band else ""
    return Scored(account_id, score, name, int(found[Feature.ARREARS][at]), tuple(reasons))


def _added(at: Ints, values: Ints, count: int) -> Ints:
    found = np.zeros(count, dtype=np.int64)
    np.add.at(found, at, values)
    return found
