"""Readings as columns, and the readings that count: one a register and day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np

from billcore.core.metering.exact import Bools, Ints
from billcore.core.metering.findings import COUNTED, Finding, Status
from billcore.core.metering.registers import DAY_BITS, Installations, coded, gather, register_key
from billcore.core.ordered import ascending, one_of, places, search
from billcore.core.store.port import Column

VERSION_BITS = 9
VERSION_MAX = (1 << VERSION_BITS) - 1
"""A register's day has at most this many versions of its reading."""


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """Versions of readings. day: ordinal; value: the dial without its point; source, status and
    findings: see `findings`; client_id and recorded_at: who wrote it and when (microseconds)."""

    account_id: Ints
    meter_id: Ints
    register_no: Ints
    day: Ints
    version: Ints
    value: Ints
    source: Ints
    status: Ints
    findings: Ints
    client_id: Ints
    recorded_at: Ints

    def __len__(self) -> int:
        return len(self.day)

    def take(self, rows: Ints | Bools) -> "Readings":
        """These rows."""
        return Readings(*(getattr(self, name)[rows] for name in NAMES))

    def columns(self) -> dict[str, Ints]:
        """By name."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = tuple(field.name for field in fields(Readings))


def readings_of(columns: Mapping[str, Column]) -> Readings:
    """A table with the columns of `reading`; of those that are left out, it holds 0."""
    nothing = np.broadcast_to(np.int64(0), len(columns["day"]))
    return Readings(*(np.asarray(columns.get(name, nothing), dtype=np.int64) for name in NAMES))


def joined(parts: Sequence[Readings]) -> Readings:
    """One table of several; of none, an empty one."""
    if len(parts) == 1:
        return parts[0]
    empty = np.zeros(0, dtype=np.int64)
    return Readings(*(np.concatenate([empty, *(getattr(p, n) for p in parts)]) for n in NAMES))


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """The readings that count, one a register and day, in their order.

    code: `coded` of rank and day.
    """

    code: Ints
    value: Ints
    version: Ints
    source: Ints
    status: Ints
    findings: Ints

    @property
    def rank(self) -> Ints:
        """The register's place among the installations'."""
        return self.code >> DAY_BITS

    @property
    def day(self) -> Ints:
        """The day of each reading."""
        return self.code & (1 << DAY_BITS) - 1

    @property
    def estimated(self) -> Bools:
        """Which are estimates."""
        found: Bools = self.status == Status.ESTIMATED
        return found

    @property
    def marked(self) -> Bools:
        """Which are known to have gone round."""
        found: Bools = (self.findings & Finding.ROLLOVER) != 0
        return found

    def on(self, rank: Ints, day: Ints) -> Ints:
        """The row of a register's day; -1: it has no reading."""
        at, there = places(self.code, coded(rank, day))
        found: Ints = np.where(there, at, -1)
        return found

    def before(self, rank: Ints, day: Ints) -> Ints:
        """The row of the last reading of a register before a day; -1: there is none."""
        row = search(self.code, coded(rank, day)) - 1
        return self._same(row, rank)

    def after(self, rank: Ints, day: Ints) -> Ints:
        """The row of the first reading of a register after a day; -1: there is none."""
        row = search(self.code, coded(rank, day), after=True)
        return self._same(np.where(row < len(self.code), row, -1), rank)

    def _same(self, row: Ints, rank: Ints) -> Ints:
        at = gather(self.code, row, -1) >> DAY_BITS
        found: Ints = np.where((row >= 0) & (at == rank), row, -1).astype(np.int64)
        return found


def timeline(
    readings: Readings, installations: Installations, statuses: Sequence[Status] = COUNTED
) -> Timeline:
    """The highest version with one of these statuses of each register's day.

    Readings of registers that are not among the installations are left out.
    """
    rank = installations.ranks(readings.account_id, readings.meter_id, readings.register_no)
    rows = np.flatnonzero((rank >= 0) & one_of(readings.status, statuses))
    code = coded(rank[rows], readings.day[rows])
    order = np.argsort(code, kind="stable")
    code, rows = code[order], rows[order]
    if not ascending(code):
        order = np.lexsort((readings.version[rows], code))
        rows = rows[order]
        last = np.append(code[1:] != code[:-1], True)
        code, rows = code[last], rows[last]
    return Timeline(
        code,
        readings.value[rows],
        readings.version[rows],
        readings.source[rows],
        readings.status[rows],
        readings.findings[rows],
    )


def decided(readings: Readings, decisions: Mapping[str, Column]) -> Readings:
    """The readings with the statuses of the last decisions on them.

    decisions: a table with the columns of `reading_decision`.
    """
    ints = {name: np.asarray(column, dtype=np.int64) for name, column in decisions.items()}
    key = register_key(ints["account_id"], ints["meter_id"], ints["register_no"])
    registers = np.unique(key)
    if not len(registers):
        return readings
    own = register_key(readings.account_id, readings.meter_id, readings.register_no)
    rank = np.minimum(np.searchsorted(registers, own), len(registers) - 1)
    concerned = np.flatnonzero(registers[rank] == own)
    asked = _version_code(rank, readings.day, readings.version)[concerned]
    code = _version_code(np.searchsorted(registers, key), ints["day"], ints["version"])
    order = np.lexsort((ints["decision_no"], code))
    at = np.searchsorted(code[order], asked, "right") - 1
    row = np.where(at >= 0, order[at], -1)
    row = np.where(gather(code, row, -1) == asked, row, -1)
    status = readings.status.copy()
    status[concerned] = np.where(row >= 0, ints["status"][row], status[concerned])
    return replace(readings, status=status)


def _version_code(rank: Ints, day: Ints, version: Ints) -> Ints:
    return coded(rank, day) << VERSION_BITS | version


EPOCH = date(1970, 1, 1).toordinal()


def month_of(day: Ints) -> Ints:
    """The month that has a day in the table `reading`: year x 12 + month - 1, Gregorian."""
    months = (day - EPOCH).astype("datetime64[D]").astype("datetime64[M]")
    return months.astype(np.int64) + 1970 * 12
