"""What must hold of all stored readings and installations: for `billcore verify`."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from billcore.core.ids import id_range
from billcore.core.metering.exact import Ints
from billcore.core.metering.readings import month_of
from billcore.core.metering.registers import Installations, installations_of, register_key
from billcore.core.store import meters as meter_rows
from billcore.core.store import readings as rows
from billcore.core.store.ledger import accounts_drawn
from billcore.core.store.port import Column, Reader

CHUNK = 50_000
"""Accounts whose readings are looked at together."""

KEY = ("account_id", "meter_id", "register_no", "day", "version")


def check_readings(reader: Reader, provider_id: int) -> Iterator[dict[str, object]]:
    """Everything that is wrong, each with its `rule`, `message` and key.

    Versions are dense; decisions are on readings; readings lie inside installations; what is at
    work of a meter's register on a day has parts that do not overlap and, together, are the whole.
    """
    first, last = id_range(provider_id)
    every = installations_of(meter_rows.of_accounts(reader, first, last))
    doubtful = _doubtful(reader, provider_id, every)
    for lo, hi in doubtful.versions:
        for row in rows.sparse(reader, lo, hi):
            message = "{} versions are numbered {} to {}.".format(*map(int, row[4:]))
            yield _finding("reading_versions", message, row[:4])
    for row in rows.orphaned(reader, first, last):
        yield _finding("decision_orphaned", "The decision is on no reading.", row)
    for lo, hi in doubtful.places:
        for row in rows.outside(reader, lo, hi):
            yield _finding("reading_outside", "The register was not at work on the day.", row)
    yield from _check_shares(every)


class _Doubtful(NamedTuple):
    """Ranges of accounts with findings: only there the database searches, which is slow."""

    versions: list[tuple[int, int]]
    places: list[tuple[int, int]]


def _doubtful(reader: Reader, provider_id: int, every: Installations) -> _Doubtful:
    """versions: whose versions are not dense in each month, or a reading lies in another month
    than its day; places: with readings that are not installed."""
    found = _Doubtful([], [])
    months = rows.months(reader)
    for lo, hi in _ranges(reader, provider_id):
        here = every.take(np.arange(*np.searchsorted(every.account_id, [lo, hi + 1])))
        versions = places = False
        for month in months:
            table = _ints(rows.keys_of_month(reader, month, lo, hi))
            rank = here.ranks(table["account_id"], table["meter_id"], table["register_no"])
            versions |= not _is_dense(table) or bool((month_of(table["day"]) != month).any())
            places |= bool((here.row_at(rank, table["day"]) < 0).any())
        if versions:
            found.versions.append((lo, hi))
        if places:
            found.places.append((lo, hi))
    return found


def _is_dense(table: Mapping[str, Ints]) -> bool:
    """Whether the versions of each register's day are 1, 2, 3, …"""
    odd = table["version"] != 1
    if not odd.any():
        return True
    mine = np.isin(table["account_id"], table["account_id"][odd])
    keys = np.stack([table[name][mine] for name in KEY])
    keys = keys[:, np.lexsort(keys[::-1])]
    follows = np.append(False, (keys[:4, 1:] == keys[:4, :-1]).all(axis=0))
    expected = np.where(follows, np.append(0, keys[4, :-1]) + 1, 1)
    return bool((keys[4] == expected).all())


def _ints(table: Mapping[str, Column]) -> dict[str, Ints]:
    return {name: np.asarray(column, dtype=np.int64) for name, column in table.items()}


def _ranges(reader: Reader, provider_id: int) -> Iterator[tuple[int, int]]:
    """Ranges of account ids, CHUNK each; the last one has all that follow."""
    first, last = id_range(provider_id)
    end = first + accounts_drawn(reader, provider_id)
    for lo in range(first, end + 1, CHUNK):
        yield lo, lo + CHUNK - 1 if lo + CHUNK <= end else last


def _finding(rule: str, message: str, key: tuple[object, ...]) -> dict[str, object]:
    return {"rule": rule, "message": message, **dict(zip(KEY, key, strict=False))}


def _check_shares(every: Installations) -> Iterator[dict[str, object]]:
    """Parts of registers that overlap, or that are not the whole while the meter is shared."""
    if not len(every):
        return
    nobody = np.zeros(len(every), dtype=np.int64)
    key = register_key(nobody, every.meter_id, every.register_no)
    order = np.lexsort((every.from_day, key))
    borders = np.flatnonzero(np.diff(key[order])) + 1
    alone = every.share == every.share_of
    starts, ends = np.append(0, borders), np.append(borders, len(order))
    single = (ends - starts == 1) & alone[order[np.minimum(starts, len(order) - 1)]]
    for at in np.flatnonzero(~single).tolist():
        yield from _check_register(every.take(order[starts[at] : ends[at]]))


def _check_register(rows_of_one: Installations) -> Iterator[dict[str, object]]:
    borders = np.unique(np.concatenate([rows_of_one.from_day, rows_of_one.until_day]))
    for day in borders.tolist():
        live = rows_of_one.take((rows_of_one.from_day <= day) & (day < rows_of_one.until_day))
        if not len(live):
            continue
        order = np.argsort(live.share_before, kind="stable")
        begin, size, of = live.share_before[order], live.share[order], live.share_of[order]
        key = (int(live.account_id[0]), int(live.meter_id[0]), int(live.register_no[0]), day)
        if (begin[1:] < (begin + size)[:-1]).any() or (of != of[0]).any():
            yield _finding("share_overlap", "Parts of the meter overlap.", key)
        elif int(size.sum()) != int(of[0]):
            message = f"The parts sum to {int(size.sum())} of {int(of[0])}."
            yield _finding("share_short", message, key)
