"""A synthetic province: as many accounts as wanted, over four tariffs of American towns.

Goals: the same accounts, meters and readings each time, whatever the machine; whole columns at a
time; what goes wrong in a real month goes wrong here, and it is known for which accounts.
Non-goals: likeness with the four towns, whose tariffs are real and whose people are not.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from billcore.core.loading.loads import CHUNK_ROWS, Chunk

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Columns = Mapping[str, pa.StringArray]

CODE = "province"
CYCLE = "monthly"

PROVIDER: dict[str, Any] = {
    "code": CODE,
    "name": "Four towns",
    "time_zone": "America/Chicago",
    "currency": "USD",
    "calendar": "gregorian",
    "language": "en",
}

ABOVE = 200_000
"""Bills of more than 2,000 dollars are held until somebody has looked at them."""

POLICIES = {
    "taxes": ["tax"],
    "outsorting": {"above": ABOVE, "negative": True},
    "plausibility": {"low_percent": 0, "high_percent": 300, "periods": 6},
}

TARIFFS = (
    "us-johnson-city-electric",
    "us-seymour-electric",
    "us-goodland-ks",
    "us-maple-grove-sewer",
)
"""Of `tariffs/`: they read kWh, gallons, cubic feet, a class and what a winter took."""

_JOHNSON, _SEYMOUR, _GOODLAND, _SEWER = range(len(TARIFFS))
_SERVICES = pa.array(["electricity", "electricity", "electricity", "sewer"])

ATTRIBUTES = (
    # name, kind, unit, words
    ("class", "choice", "", ("residential", "small_commercial")),
    ("winter_gallons", "number", "gal", ()),
)

READ_DAYS = ("2024-01-20", "2024-02-20", "2024-03-20", "2024-04-20")
"""Of the opening readings, and of those of each month behind them."""

MONTHS = len(READ_DAYS) - 1

ACCOUNTS_MIN = 20
"""Fewer have no room for those that are odd."""


def day(iso: str) -> int:
    """The ordinal of a day."""
    return date.fromisoformat(iso).toordinal()


_DAYS = np.diff([day(text) for text in READ_DAYS])
_SEED = 2024

SHARES = (55, 25, 20)
"""Of 100 accounts, how many have electricity by which of the first three tariffs."""

SEWER_PERCENT = 30
"""Of the accounts of the first town, how many have the sewer beside it, as a second agreement."""

DEBTORS = 7
"""Every so manyeth account owes something from before."""

BANK = "bank"
"""The channel of what a bank's counters take."""

MISTYPED = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to load. kind: of `core.loading`; name: for people, its own among the tables."""

    kind: str
    name: str
    columns: Columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def digest(self, accounts: int) -> bytes:
        """What names it among the loads, as the digest of a file does: it is made from these."""
        return hashlib.sha256(f"province {_SEED} {accounts} {self.name}".encode()).digest()

    def chunks(self, first_chunk: int, first_row: int, rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """The rows from first_row (from 1) on, in chunks of at most so many rows."""
        for number, start in enumerate(range(first_row - 1, len(self), rows), start=first_chunk):
            part = {name: column.slice(start, rows) for name, column in self.columns.items()}
            yield Chunk(number, part, [])


class Province:
    """Its accounts, ACCOUNTS_MIN at least. They count from 0 here, their numbers from 1."""

    def __init__(self, accounts: int) -> None:
        self.accounts = accounts

    def tables(self, months: int = MONTHS) -> Iterator[Table]:
        """All that is loaded, in the order in which an empty store takes it."""
        yield Table("customers", "customers", self._customers())
        yield Table("points", "points", self._points())
        yield Table("accounts", "accounts", self._accounts())
        yield Table("agreements", "agreements", self._agreements())
        yield Table("meters", "meters", self._meters())
        yield Table("entries", "entries", self._entries())
        for month in range(1, months + 1):
            yield self.readings(month)

    def readings(self, month: int) -> Table:
        """The readings of a month, from 1; of the last one some are missing and some are odd."""
        read = np.ones(len(self._registers.owner), dtype=np.bool_)
        if month == MONTHS:
            read &= ~np.isin(self._registers.owner, self.unread)
        return self._read(month, READ_DAYS[month], np.flatnonzero(read))

    def late(self, day: str) -> Table:
        """The readings that were missing, on a later day."""
        late = np.isin(self._registers.owner, self.unread)
        return self._read(MONTHS, day, np.flatnonzero(late))

    def _read(self, month: int, day: str, at: Ints) -> Table:
        """The dials of some registers, as they are in a month, on a day."""
        columns = {
            "serial": self._registers.serial.take(pa.array(at)),
            "register_no": self._registers.texts("number").take(pa.array(at)),
            "day": _same(day, len(at)),
            "dial": _texts(self._dials(month)[at]),
            "source": _same("officer", len(at)),
        }
        return Table("readings", f"readings of {day}", columns)

    # -- who pays

    def payments(self) -> Table:
        """What a bank's counters took, a payment an account: some of a bill, all of it, or more.

        Every MISTYPED-th one, at least one, names an account that there is not.
        """
        number = np.arange(1, self.accounts + 1)
        wrong = np.isin(number, self.mistyped + 1)
        columns = {
            "channel": _same(BANK, self.accounts),
            "reference": _numbered("B", number),
            "target": pc.if_else(pa.array(wrong), _numbered("Z", number), _numbered("A", number)),
            "amount": _units(self.paid),
        }
        return Table("payments", "payments", columns)

    @cached_property
    def paid(self) -> Ints:
        """What each account pays, in cents."""
        return self._draw(10).integers(2_000, 20_000, self.accounts)

    @property
    def mistyped(self) -> Ints:
        """Accounts whose payers' bank typed the number wrong."""
        return np.arange(min(MISTYPED, self.accounts) - 1, self.accounts, MISTYPED)

    # -- who is odd

    @property
    def dear(self) -> Ints:
        """Accounts that use so much that their bills are above ABOVE."""
        return self._odd[0]

    @property
    def unread(self) -> Ints:
        """Accounts whose meters were not read in the last month."""
        return self._odd[1]

    @property
    def leaping(self) -> Ints:
        """Accounts whose last reading is implausible against the months before: it is held."""
        return self._odd[2]

    @cached_property
    def _odd(self) -> list[Ints]:
        some = max(self.accounts // 4_000, 2)
        drawn = self._draw(1).permutation(self.accounts)[: 3 * some]
        return [np.sort(part) for part in np.split(drawn, 3)]

    # -- what is drawn

    def _draw(self, number: int) -> np.random.Generator:
        return np.random.default_rng([_SEED, number, self.accounts])

    @cached_property
    def town(self) -> Ints:
        """Which of TARIFFS bills each account's electricity."""
        drawn = self._draw(2).integers(0, 100, self.accounts)
        return np.searchsorted(np.cumsum(SHARES), drawn, side="right")

    @cached_property
    def sewered(self) -> Ints:
        """Accounts with the sewer as a second agreement."""
        drawn = self._draw(3).integers(0, 100, self.accounts)
        return np.flatnonzero((self.town == _JOHNSON) & (drawn < SEWER_PERCENT))

    @cached_property
    def _registers(self) -> "_Registers":
        return _registers(self)

    def _dials(self, month: int) -> Ints:
        """What each register shows on the reading day of a month; 0: the opening."""
        pace = self._registers.pace
        percent = self._draw(5).integers(80, 121, (MONTHS, len(pace)))
        used = pace * _DAYS[:, None] * percent // 1_000
        used[MONTHS - 1] *= np.where(np.isin(self._registers.owner, self.leaping), 9, 1)
        opening = self._draw(6).integers(0, 50_000, len(pace))
        dial: Ints = opening + used[:month].sum(axis=0)
        return dial

    # -- tables

    def _customers(self) -> Columns:
        number = np.arange(1, self.accounts + 1)
        return {
            "kind": _same("person", self.accounts),
            "name": _numbered("Household ", number),
            "number": _numbered("C", number),
            "language": _same("en", self.accounts),
        }

    def _points(self) -> Columns:
        owner, tariff = self._agreed
        return {
            "number": self._point_numbers(owner, tariff),
            "service": _SERVICES.take(pa.array(tariff)),
            "address": _numbered("House ", owner + 1),
        }

    def _accounts(self) -> Columns:
        number = np.arange(1, self.accounts + 1)
        return {
            "customer": _numbered("C", number),
            "number": _numbered("A", number),
            "opened_day": _same(READ_DAYS[0], self.accounts),
        }

    def _agreements(self) -> Columns:
        owner, tariff = self._agreed
        shops = self._draw(7).integers(0, 100, len(owner)) < 8
        words = np.where(tariff == _GOODLAND, np.where(shops, 2, 1), 0)
        winter = self._draw(8).integers(3_000, 9_000, len(owner))
        return {
            "account": _numbered("A", owner + 1),
            "service_point": self._point_numbers(owner, tariff),
            "service": _SERVICES.take(pa.array(tariff)),
            "cycle": _same(CYCLE, len(owner)),
            "from_day": _same(READ_DAYS[0], len(owner)),
            "tariff": pa.array(TARIFFS).take(pa.array(tariff)),
            "attribute.class": pa.array(["", *ATTRIBUTES[0][3]]).take(pa.array(words)),
            "attribute.winter_gallons": pc.if_else(
                pa.array(tariff == _SEWER), _texts(winter), _same("", len(owner))
            ),
        }

    def _meters(self) -> Columns:
        found = self._registers
        return {
            "serial": found.serial,
            "account": _numbered("A", found.owner + 1),
            "agreement_no": found.texts("agreement"),
            "register_no": found.texts("number"),
            "quantity": found.texts("quantity"),
            "unit": found.texts("unit"),
            "digits": _same("9", len(found.owner)),
            "from_day": _same(READ_DAYS[0], len(found.owner)),
            "opening": _texts(self._dials(0)),
        }

    def _entries(self) -> Columns:
        owner = np.arange(DEBTORS - 1, self.accounts, DEBTORS)
        cents = self._draw(9).integers(500, 25_000, len(owner))
        return {
            "account": _numbered("A", owner + 1),
            "kind": _same("opening", len(owner)),
            "day": _same(READ_DAYS[0], len(owner)),
            "amount": _units(cents),
            "reference": _same("taken over", len(owner)),
        }

    @property
    def _agreed(self) -> tuple[Ints, Ints]:
        """(account, tariff) of each agreement: the first ones of all accounts, then the second."""
        owner = np.concatenate([np.arange(self.accounts), self.sewered])
        return owner, np.concatenate([self.town, np.full(len(self.sewered), _SEWER)])

    def _point_numbers(self, owner: Ints, tariff: Ints) -> pa.StringArray:
        kind = pa.array(["E", "S"]).take(pa.array((tariff == _SEWER).astype(np.int64)))
        return pc.binary_join_element_wise(kind, _padded(owner + 1), "")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of register. prefix: of its meter's serial; pace: least and most tenths a day."""

    prefix: str
    quantity: str
    unit: str
    agreement: int
    number: int
    pace: tuple[int, int]


_KINDS = (
    _Kind("E", "kwh", "kWh", 1, 1, (80, 420)),
    _Kind("E", "cubic_feet", "ft3", 1, 2, (200, 900)),
    _Kind("S", "gallons", "gal", 2, 1, (900, 2_600)),
)
"""Of everybody, of the third town, and of who has the sewer."""

DEAR_PACE = 12_000


@dataclass(frozen=True, slots=True)
class _Registers:
    """Every register of every meter. owner: its account; kind: of _KINDS; pace: tenths a day."""

    owner: Ints
    kind: Ints
    pace: Ints

    def texts(self, name: str) -> pa.StringArray:
        """What its kind says."""
        return pa.array([str(getattr(k, name)) for k in _KINDS]).take(pa.array(self.kind))

    @property
    def serial(self) -> pa.StringArray:
        """The meter that it is of."""
        return pc.binary_join_element_wise(self.texts("prefix"), _padded(self.owner + 1), "")


def _registers(of: Province) -> _Registers:
    owners = [np.arange(of.accounts), np.flatnonzero(of.town == _GOODLAND), of.sewered]
    draw = np.random.default_rng([_SEED, 4, of.accounts])
    paces = [draw.integers(*k.pace, len(o)) for k, o in zip(_KINDS, owners, strict=True)]
    paces[0][of.dear] = DEAR_PACE
    kind = np.repeat(np.arange(len(_KINDS)), [len(owner) for owner in owners])
    return _Registers(np.concatenate(owners), kind, np.concatenate(paces))


def _same(text: str, count: int) -> pa.StringArray:
    return pa.array([text], pa.string()).take(pa.array(np.zeros(count, dtype=np.int64)))


def _units(cents: Ints) -> pa.StringArray:
    """Cents as decimal dollars."""
    rest = pc.utf8_lpad(_texts(cents % 100), 2, "0")
    return pc.binary_join_element_wise(_texts(cents // 100), rest, ".")


def _texts(numbers: Ints) -> pa.StringArray:
    return pa.array(numbers).cast(pa.string())


def _padded(numbers: Ints) -> pa.StringArray:
    return pc.utf8_lpad(_texts(numbers), 7, "0")


def _numbered(word: str, numbers: Ints) -> pa.StringArray:
    return pc.binary_join_element_wise(word, _padded(numbers), "")
