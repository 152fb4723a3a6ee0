"""The one form of what channels and banks say: columns, a row a line, whatever the file was.

Money is signed, in minor units: what came in is above 0, what was taken back or went out below.
A text that is not told is '', a time or day 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Ints, Table
from billcore.core.store.port import Kind


class LineKind(IntEnum):
    """What a line tells; the numbers are stored."""

    PAYMENT = 1  # of a channel's report
    REVERSAL = 2  # of a payment, told under the payment's reference
    CREDIT = 3  # of a bank statement
    DEBIT = 4
    CREDIT_REVERSED = 5  # a credit that the bank takes back, a collection that is returned
    DEBIT_REVERSED = 6


COLUMNS: Mapping[str, Kind] = {
    "line": Kind.INT,  # in the file, from 1
    "kind": Kind.INT,
    "reference": Kind.TEXT,  # the channel's of its payment; the bank's of its entry
    "target": Kind.TEXT,  # what was paid, as the channel writes it
    "amount": Kind.INT,
    "fee": Kind.INT,  # what is kept of it; a bank books the amount less it
    "paid_at": Kind.INT,  # microseconds since 1970 in UTC
    "day": Kind.INT,  # an ordinal: civil day of the file's time zone; of booking
    "value_day": Kind.INT,
    "terminal": Kind.TEXT,
    "batch": Kind.TEXT,  # settlement, PmtInfId
    "count": Kind.INT,  # how many transactions the line stands for
    "end_to_end": Kind.TEXT,
    "mandate": Kind.TEXT,
    "return_code": Kind.TEXT,  # ISO 20022 RtrInf/Rsn/Cd
    "payer": Kind.TEXT,
    "text": Kind.TEXT,
}
"""The columns of every table of lines."""


@dataclass(frozen=True, slots=True)
class Report:
    """A channel's report. lines: COLUMNS, in the file's order; total: the sum of their amounts."""

    format: str
    lines: Table

    def __len__(self) -> int:
        return len(self.lines["line"])

    @property
    def total(self) -> int:
        """Of all amounts, exactly."""
        return exact_sum(self.lines["amount"])


@dataclass(frozen=True, slots=True)
class Statement:
    """What a bank tells of one account.

    statement: the bank's id of it; sequence_no: the bank's count of statements, 0: none told.
    opening, closing: balances in minor units, None: none told (a notification has none).
    pending: entries that are not booked yet, which are no lines.
    """

    format: str
    account: str
    currency: str
    statement: str
    sequence_no: int
    from_day: int
    until_day: int
    opening: int | None
    closing: int | None
    pending: int
    lines: Table

    def __len__(self) -> int:
        return len(self.lines["line"])


def table(rows: int, given: Mapping[str, Ints | pa.StringArray]) -> Table:
    """COLUMNS of so many lines; what is not given is 0 and ''."""
    return {name: given.get(name, _blank(kind, rows)) for name, kind in COLUMNS.items()}


def table_of(rows: Sequence[Mapping[str, int | str]]) -> Table:
    """COLUMNS of lines told one by one; what a line does not tell is 0 and ''."""
    made: Table = {}
    for name, kind in COLUMNS.items():
        if kind is Kind.INT:
            made[name] = np.array([row.get(name, 0) for row in rows], dtype=np.int64)
        else:
            made[name] = pa.array([row.get(name, "") for row in rows], pa.string())
    return made


def plain(text: str, most: int = 100) -> str:
    """A text without control characters and surplus space, as much as is kept of it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]


def exact_sum(amounts: Ints) -> int:
    """The sum, however large."""
    high, low = amounts >> 32, amounts & 0xFFFFFFFF
    return (int(high.sum()) << 32) + int(low.sum())


def _blank(kind: Kind, rows: int) -> Ints | pa.StringArray:
    if kind is Kind.INT:
        return np.zeros(rows, dtype=np.int64)
    return pa.repeat(pa.scalar("", pa.string()), rows)
