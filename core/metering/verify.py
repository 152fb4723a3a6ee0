"""What must hold of all stored readings and installations: for `billcore verify`."""

from collections.abc import Iterator

import numpy as np

from billcore.core.ids import id_range
from billcore.core.metering.registers import Installations, installations_of, register_key
from billcore.core.store import meters as meter_rows
from billcore.core.store import readings as rows
from billcore.core.store.port import Reader

KEY = ("account_id", "meter_id", "register_no", "day", "version")


def check_readings(reader: Reader, provider_id: int) -> Iterator[dict[str, object]]:
    """Everything that is wrong, each with its `rule`, `message` and key.

    Versions are dense; decisions are on readings; readings lie inside installations; what is at
    work of a meter's register on a day has parts that do not overlap and, together, are the whole.
    """
    first, last = id_range(provider_id)
    for row in rows.sparse(reader, first, last):
        message = "{} versions are numbered {} to {}.".format(*map(int, row[4:]))
        yield _finding("reading_versions", message, row[:4])
    for row in rows.orphaned(reader, first, last):
        yield _finding("decision_orphaned", "The decision is on no reading.", row)
    for row in rows.outside(reader, first, last):
        yield _finding("reading_outside", "The register was not at work on the day.", row)
    yield from _check_shares(installations_of(meter_rows.of_accounts(reader, first, last)))


def _finding(rule: str, message: str, key: tuple[object, ...]) -> dict[str, object]:
    return {"rule": rule, "message": message, **dict(zip(KEY, key, strict=False))}


def _check_shares(every: Installations) -> Iterator[dict[str, object]]:
    """Parts of registers that overlap, or that are not the whole while the meter is shared."""
    nobody = np.zeros(len(every), dtype=np.int64)
    key = register_key(nobody, every.meter_id, every.register_no)
    order = np.lexsort((every.from_day, key))
    borders = np.flatnonzero(np.diff(key[order])) + 1
    alone = every.share == every.share_of
    for group in np.split(order, borders):
        if len(group) > 1 or (len(group) and not alone[group].all()):
            yield from _check_register(every.take(group))


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
