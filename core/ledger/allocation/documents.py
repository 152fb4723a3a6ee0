"""What is allocated: the documents of many accounts as columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from billcore.core.errors import BatchTooLarge, ColumnInvalid
from billcore.core.rating.batch import Ints

ROWS_MAX = 2**31 - 1
"""Rows, and parts of items, that are folded in one call."""


class Kind(IntEnum):
    """What a row is."""

    DEBIT = 0  # an item: what is owed
    CREDIT = 1
    UNDO = 2  # takes an earlier item or credit of the account back, whole


class Direction(IntEnum):
    """What a credit is for, by the payer's word, and what `target` is then.

    NOWHERE: nothing was said. DOCUMENT, SERVICE, PERIOD: an item's id, a service, a period; paid
    first, whatever the strategy. REFERENCE: the id of the item by whose payment id the money came;
    EXACT_DOCUMENT pays that item first, STATUTORY_RU its period, other strategies do not ask.
    """

    NOWHERE = 0
    DOCUMENT = 1
    SERVICE = 2
    PERIOD = 3
    REFERENCE = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of items: the lines of a bill, by service or charge.

    begin: (rows + 1,) where the parts of each row begin, 0 first; a DEBIT's parts sum to its
    amount, others have none. The rest is (parts,): amount in minor units, not negative; service and
    penalty as in `Documents`, which has no such columns then.
    """

    begin: Ints
    amount: Ints
    service: Ints | None = None
    penalty: Ints | None = None


@dataclass(frozen=True, slots=True)
class Documents:
    """Columns of integers, (rows,) each: rows of an account together, in the order of the fold.

    amount: minor units, not negative; an UNDO has that of its target. day: ordinal, of an item its
    due day, of a credit its value day. What is None is 0 in every row:
    id: of an item, what credits are directed to. order: of issue. period: of an item, any number
    that grows with time. service, penalty (0 or 1): of an item that has no parts. strategy: of a
    credit, its number. direction: of a credit, a `Direction`. target: of a credit, what it is
    directed to; of an UNDO, the number of a row above of the same account.

    services: the names of services by the numbers that columns have; of what has no name, "".
    """

    account: Ints
    kind: Ints
    amount: Ints
    day: Ints
    id: Ints | None = None
    order: Ints | None = None
    period: Ints | None = None
    service: Ints | None = None
    penalty: Ints | None = None
    strategy: Ints | None = None
    direction: Ints | None = None
    target: Ints | None = None
    parts: Parts | None = None
    services: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.kind)

    def column(self, name: str) -> Ints | None:
        """A column of rows, contiguous 64-bit integers. Raises ColumnInvalid."""
        return _checked(name, getattr(self, name), len(self))

    def service_name(self, number: int) -> str:
        """The name of a service by its number; "": it has none."""
        return self.services[number] if 0 <= number < len(self.services) else ""

    def starts(self) -> Ints:
        """Where the rows of each account begin, and the end. Raises ColumnInvalid, BatchTooLarge.

        The rows of an account stand together.
        """
        if len(self) > ROWS_MAX:
            raise BatchTooLarge("allocation_rows_max", ROWS_MAX, len(self))
        account = self.column("account")
        assert account is not None
        inner = np.flatnonzero(account[1:] != account[:-1]) + 1
        first = np.zeros(min(1, len(account)), np.int64)
        starts: Ints = np.concatenate([first, inner, [len(account)]])
        firsts = account[starts[:-1]]
        if (firsts[1:] < firsts[:-1]).any():
            self._check_together(firsts, starts)
        return starts

    def _check_together(self, firsts: Ints, starts: Ints) -> None:
        _, place, count = np.unique(firsts, return_index=True, return_counts=True)
        if (count > 1).any():
            again = np.setdiff1d(np.arange(len(firsts)), place)
            row = int(starts[again[0]])
            raise ColumnInvalid(
                "account",
                f"account {self.account[row]} has rows above, with others between: the rows of an "
                "account stand together.",
                rule="together",
                row=row,
            )

    def part_columns(self) -> Iterator[tuple[str, Ints | None]]:
        """The columns of parts by name. Raises ColumnInvalid, BatchTooLarge."""
        if self.parts is None:
            return
        count = len(self.parts.amount)
        if count > ROWS_MAX:
            raise BatchTooLarge("allocation_parts_max", ROWS_MAX, count)
        if self.service is not None or self.penalty is not None:
            name = "penalty" if self.service is None else "service"
            raise ColumnInvalid(name, "the items have parts, which say it.", rule="parts")
        for one in fields(Parts):
            length = len(self) + 1 if one.name == "begin" else count
            yield one.name, _checked(f"parts.{one.name}", getattr(self.parts, one.name), length)


def signed(account: Ints, day: Ints, amount: Ints) -> Documents:
    """Documents of signed amounts (debit positive), in the order of their days, paid oldest first.

    Rows of an account stand together, in that order.
    """
    return Documents(account, (amount < 0).astype(np.int64), np.abs(amount), day)


def _checked(name: str, column: npt.NDArray[np.int64] | None, length: int) -> Ints | None:
    if column is None:
        return None
    if not np.issubdtype(column.dtype, np.signedinteger):
        raise ColumnInvalid(name, f"holds {column.dtype}, not signed integers.", rule="type")
    if column.shape != (length,):
        raise ColumnInvalid(name, f"has the shape {column.shape}, not ({length},).", rule="shape")
    return np.ascontiguousarray(column, dtype=np.int64)
