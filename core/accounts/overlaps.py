"""Agreements of one service point and service that share days."""

from bisect import bisect

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Bools, Checks, Ints, Table, ints
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import AgreementOverlap


def overlapping(place: Ints, first: Ints, last: Ints) -> Bools:
    """Lines of the places at which any two lines share a day."""
    order = np.lexsort((first, place))
    place_of, begins, ends = place[order], first[order], last[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = place_of[1:] != place_of[:-1]
    shared = ~new & (begins <= np.roll(ends, 1))
    shared[:1] = False  # places without an overlap between neighbours have none at all
    found: Bools = np.isin(place, place_of[shared])
    return found


def refuse_overlaps(agreements: Table, there: Table, checks: Checks) -> None:
    """Refuses good agreements that share days with one that is there, or with an earlier good row.

    agreements: account_id, point_id, service, from_day, until_day; there: these and agreement_no.
    """
    good = np.flatnonzero(checks.good)
    lines = len(ints(there["point_id"]))
    place = _places(agreements, there, good)
    first = np.concatenate([ints(there["from_day"]), ints(agreements["from_day"])[good]])
    last = np.concatenate([ints(there["until_day"]), ints(agreements["until_day"])[good]])
    kept: dict[int, _Days] = {}
    touched = np.flatnonzero(overlapping(place, first, last))
    order = np.lexsort((np.where(touched < lines, first[touched], touched), touched >= lines))
    for line in touched[order].tolist():  # what is there by day, then the new in order
        days = kept.setdefault(int(place[line]), _Days())
        if line < lines:
            days.merge(int(first[line]), int(last[line]), line)
            continue
        other = days.add(int(first[line]), int(last[line]), line)
        if other is None:
            continue
        shared = f"{iso(max(first[line], first[other]))} to {iso(min(last[line], last[other]))}"
        whose = _whose(there, agreements, other, lines, good)
        checks.refuse_row(
            int(good[line - lines]),
            AgreementOverlap,
            "from_day",
            f"the service point has another agreement of this service on the days {shared}: "
            f"{whose}.",
        )


class _Days:
    """Spans of days of one place that share none, by day, each with a line that it is of."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int, int]] = []

    def merge(self, first: int, last: int, line: int) -> None:
        """Adds a span that begins no earlier than those before; one that shares days is joined."""
        if self._spans and first <= self._spans[-1][1]:
            begins, ends, of = self._spans[-1]
            self._spans[-1] = begins, max(ends, last), of if ends >= last else line
        else:
            self._spans.append((first, last, line))

    def add(self, first: int, last: int, line: int) -> int | None:
        """Adds a span, or answers the line of one that shares days with it."""
        at = bisect(self._spans, (first, last, line))
        for span in self._spans[max(at - 1, 0) : at + 1]:
            if span[0] <= last and first <= span[1]:
                return span[2]
        self._spans.insert(at, (first, last, line))
        return None


def _places(agreements: Table, there: Table, good: Ints) -> Ints:
    """A number for each service point with a service."""
    services = pa.concat_arrays([there["service"], agreements["service"].take(pa.array(good))])
    service = services.dictionary_encode().indices.to_numpy().astype(np.int64)
    points = np.concatenate([ints(there["point_id"]), ints(agreements["point_id"])[good]])
    point = np.unique(points, return_inverse=True)[1]
    found: Ints = point * (int(service.max(initial=0)) + 1) + service
    return found


def _whose(there: Table, agreements: Table, line: int, lines: int, good: Ints) -> str:
    if line < lines:
        account, number = ints(there["account_id"])[line], ints(there["agreement_no"])[line]
        return f"agreement {number} of account {account}"
    row = int(good[line - lines])
    return f"row {row} of this table, of account {ints(agreements['account_id'])[row]}"
