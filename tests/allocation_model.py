"""The rules of allocation in lists and whole numbers: what the kernel is compared with.

Written from the words of `billcore.core.ledger.allocation` and of the strategies. It keeps what is
left of each part and a list of what was paid, sorts the open parts anew for every payment, and
counts months on dates.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, groupby

import numpy as np

from billcore.core.accounts.allocation import Over, StrategyKind
from billcore.core.ledger.allocation.documents import Documents, Kind, Parts

SERVICES = ("", "water", "heat", "waste")
"""The names of services by their numbers."""

NAMED = {1: "id", 3: "period"}  # of an item; 2 is of a part


@dataclass
class Row:
    """A document; parts: [amount, service, penalty] of each part of an item."""

    account: int
    kind: str
    amount: int
    day: int = 1
    id: int = 0
    order: int = 0
    period: int = 0
    strategy: int = 0
    direction: int = 0
    target: int = 0
    parts: list = field(default_factory=list)


@dataclass
class Paid:
    credit: int
    item: int
    part: int
    amount: int
    undone: int = -1


def later(day, months):
    """A day so many months later; the month's last if it has no such day."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def shares(money, amounts):
    """Whole shares in proportion; the largest remainders get one more, the earlier of equals."""
    total = sum(amounts)
    if money >= total:
        return list(amounts)
    exact = [divmod(money * amount, total) for amount in amounts]
    missing = money - sum(whole for whole, _ in exact)
    first = sorted(range(len(exact)), key=lambda at: (-exact[at][1], at))[:missing]
    return [whole + (at in first) for at, (whole, _) in enumerate(exact)]


class Model:
    """Folds rows one after the other; `paid` is every payment of a part, undone ones too."""

    def __init__(self, rows, strategies):
        self.rows, self.strategies = rows, strategies
        self.left = [[part[0] for part in row.parts] for row in rows]
        self.free = [0] * len(rows)
        self.seen, self.undone, self.paid = [], set(), []
        for number, row in enumerate(rows):
            self.fold(number, row)

    def fold(self, number, row):
        if row.kind == "undo":
            self.undo(number, row.target)
        elif row.kind == "credit":
            self.free[number] = row.amount
        self.seen.append(number)
        for credit in self.seen:
            same = self.rows[credit].account == row.account
            if same and self.rows[credit].kind == "credit" and credit not in self.undone:
                self.pay(credit)

    def undo(self, number, target):
        for paid in self.paid:
            if paid.undone < 0 and target in (paid.credit, paid.item):
                paid.undone = number
                self.left[paid.item][paid.part] += paid.amount
                self.free[paid.credit] += paid.amount
        self.undone.add(target)
        self.free[target] = 0

    def open_parts(self, credit):
        """(item, part) of what is open on the credit's account, the oldest first."""
        items = [n for n in self.seen
                 if self.rows[n].kind == "debit" and n not in self.undone
                 and self.rows[n].account == self.rows[credit].account]  # fmt: skip
        items.sort(key=lambda n: (self.rows[n].day, self.rows[n].order, n))
        return [(n, p) for n in items for p, left in enumerate(self.left[n]) if left]

    def pay(self, credit):
        row = self.rows[credit]
        strategy = self.strategies[row.strategy]
        by = strategy
        if strategy.kind is StrategyKind.EXACT_DOCUMENT:
            by = next(one for one in self.strategies if one.name == strategy.rest)
        first = self.named(credit, row, strategy)
        self.spend(credit, by, [at for at in self.open_parts(credit) if at in first])
        rest = self.open_parts(credit)
        if by.limit_months:
            rest = [(n, p) for n, p in rest if later(self.rows[n].day, by.limit_months) >= row.day]
        self.spend(credit, by, rest)

    def named(self, credit, row, strategy):
        """What the credit pays before all else."""
        every, wanted, what = self.open_parts(credit), row.target, row.direction
        if what == 4:
            if strategy.kind is StrategyKind.EXACT_DOCUMENT:
                what = 1
            elif strategy.kind is StrategyKind.STATUTORY_RU:
                of = [self.rows[n].period for n in self.seen
                      if self.rows[n].kind == "debit" and self.rows[n].account == row.account
                      and self.rows[n].id == wanted]  # fmt: skip
                what, wanted = (3, of[0]) if of else (0, 0)
        if what == 2:
            return [(n, p) for n, p in every if self.rows[n].parts[p][1] == wanted]
        if what in NAMED:
            return [(n, p) for n, p in every if getattr(self.rows[n], NAMED[what]) == wanted]
        return []

    def spend(self, credit, by, parts):
        for group in self.groups(by, parts):
            money = min(self.free[credit], sum(self.left[n][p] for n, p in group))
            for (n, p), amount in zip(
                group, shares(money, [self.left[n][p] for n, p in group]), strict=True
            ):
                if amount:
                    self.paid.append(Paid(credit, n, p, amount))
                    self.left[n][p] -= amount
                    self.free[credit] -= amount

    def groups(self, by, parts):
        """Lists of parts: one list after another is paid, each divided by what is open."""
        match by.kind:
            case StrategyKind.OLDEST_FIRST:
                return [[at] for at in parts]
            case StrategyKind.CURRENT_FIRST:
                items = [list(own) for _, own in groupby(parts, lambda at: at[0])]
                return [[at] for own in reversed(items) for at in own]
            case StrategyKind.PRIORITY_TABLE:
                rank = {SERVICES.index(name): at for at, name in enumerate(by.services)}
                ranked = sorted(parts, key=lambda at: rank.get(self.service(at), len(rank)))
                return [[at] for at in ranked]
            case StrategyKind.PRO_RATA if by.over is Over.ACCOUNT:
                return [parts] if parts else []
            case StrategyKind.PRO_RATA:
                return [list(own) for _, own in groupby(parts, lambda at: at[0])]
            case StrategyKind.STATUTORY_RU:

                def turn(at):
                    return self.rows[at[0]].parts[at[1]][2], self.rows[at[0]].period

                return [list(own) for _, own in groupby(sorted(parts, key=turn), turn)]

    def service(self, at):
        return self.rows[at[0]].parts[at[1]][1]

    def open(self, number):
        """What is left of a row: owed, free, or nothing."""
        if number in self.undone:
            return 0
        return self.free[number] if self.rows[number].kind == "credit" else sum(self.left[number])


def documents(rows, with_parts=True):
    """The rows as columns; without parts each item has exactly one, and the row says what it is."""
    kinds = {"debit": Kind.DEBIT, "credit": Kind.CREDIT, "undo": Kind.UNDO}
    columns = {name: ints(getattr(row, name) for row in rows) for name in COLUMNS}
    columns["kind"] = ints(kinds[row.kind] for row in rows)
    if with_parts:
        every = [part for row in rows for part in row.parts]
        begin = ints(accumulate((len(row.parts) for row in rows), initial=0))
        amount, service, penalty = (ints(part[at] for part in every) for at in range(3))
        return Documents(**columns, parts=Parts(begin, amount, service, penalty), services=SERVICES)
    service, penalty = (ints(row.parts[0][at] if row.parts else 0 for row in rows) for at in (1, 2))
    return Documents(**columns, service=service, penalty=penalty, services=SERVICES)


COLUMNS = ("account", "amount", "day", "id", "order", "period", "strategy", "direction", "target")


def ints(values):
    return np.array(list(values), dtype=np.int64)
