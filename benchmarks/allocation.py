"""The allocation suite: payments onto the open items of their accounts, in one fold.

Each account has two open items, and a payment that pays the older one and a part of the newer; the
kernel against spans laid end to end in numpy (`allocation_spans`), which know oldest first only.
Beside them the same payments divided over items of four lines. Checked before anything is timed:
both leave the same open amounts, and divided payments leave as much.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.allocation_spans import oldest_first, open_amounts
from benchmarks.race import NotExact
from benchmarks.report import Section, Table, goal
from benchmarks.standard import Int64s
from benchmarks.timing import interleaved, pinned
from billcore.core.accounts.allocation import OLDEST_FIRST, Strategy, StrategyKind
from billcore.core.ledger.allocation.documents import Documents, Kind, Parts
from billcore.core.ledger.allocation.kernel import fold

SUITE = "allocation"
ROWS = (1_000_000,)
PAYMENTS_JUDGED = 1_000_000
PEER_MIN = 10
"""Times that the spans take at least, of the kernel's time."""
LINES = 4

KERNEL, SPANS, DIVIDED = "kernel, oldest first", "numpy spans, oldest first", "kernel, by law"
BY_LAW = (OLDEST_FIRST, Strategy("by_law", StrategyKind.STATUTORY_RU, limit_months=36))


@dataclass(frozen=True, slots=True)
class Payments:
    """(3 x payments,) rows, three an account: an item, an item, a payment."""

    account: Int64s
    kind: Int64s
    amount: Int64s
    day: Int64s

    @property
    def whole(self) -> Documents:
        """Items without parts."""
        return Documents(self.account, self.kind, self.amount, self.day)

    @property
    def lines(self) -> Documents:
        """Items of LINES equal lines, but for the last, which has what is over."""
        count = np.where(self.kind == Kind.DEBIT, LINES, 0)
        begin = np.concatenate([[0], np.cumsum(count)])
        amount = np.repeat(self.amount // LINES, count)
        last = begin[1:][self.kind == Kind.DEBIT] - 1
        amount[last] += self.amount[self.kind == Kind.DEBIT] % LINES
        return replace(
            self.whole,
            period=np.tile([1, 2, 0], len(self.kind) // 3),
            strategy=np.ones_like(self.kind),
            parts=Parts(begin, amount),
        )


def payments(count: int) -> Payments:
    """Amounts of 1.00 to 10,000.00 from one seed."""
    random = np.random.default_rng(30)
    items = random.integers(100, 1_000_000, (count, 2))
    paid = items[:, 0] + random.integers(0, items[:, 1])
    return Payments(
        np.repeat(np.arange(count), 3),
        np.tile([Kind.DEBIT, Kind.DEBIT, Kind.CREDIT], count).astype(np.int64),
        np.column_stack([items, paid]).ravel(),
        np.tile([738_000, 738_030, 738_040], count).astype(np.int64),
    )


def run(rows: Sequence[int], rounds: int, log: Callable[[str], None]) -> Section:
    tables, goals = [], []
    for count in rows:
        log(f"allocation: {count:,} payments")
        table, ratio = _table(count, rounds)
        tables.append(table)
        judged = count >= PAYMENTS_JUDGED
        goals.append(goal("allocation/spans_over_kernel", ratio, PEER_MIN, "higher", judged))
    return Section(SUITE, tables, goals)


def _table(count: int, rounds: int) -> tuple[Table, float]:
    given = payments(count)
    whole, lines = given.whole, given.lines
    check(given)
    jobs: dict[str, Callable[[], object]] = {
        KERNEL: lambda: fold(whole),
        SPANS: lambda: _spans(given),
        DIVIDED: lambda: fold(lines, BY_LAW),
    }
    with pinned():
        timings = interleaved(jobs, dict.fromkeys(jobs, count), rounds)
    shown = [[name, f"{timings.ns(name):,.0f}", f"{timings.ratio(name, KERNEL):.2f}"]
             for name in jobs]  # fmt: skip
    title = f"{count:,} payments on two open items each, ns per payment"
    note = f"Processor time. By law: items of {LINES} lines, each period divided."
    bars = {name: timings.ns(name) for name in jobs}
    headings = ("way", "ns/payment", "÷ kernel")
    return Table(title, headings, shown, note, bars), timings.ratio(SPANS, KERNEL)


def check(given: Payments) -> None:
    """Raises NotExact unless every way leaves the same of every document."""
    found = fold(given.whole).open
    if (np.abs(_spans(given)) != found).any():
        raise NotExact("the kernel and the spans leave different amounts open")
    if (fold(given.lines, BY_LAW).open != found).any():
        raise NotExact("divided payments leave other amounts open")


def _spans(given: Payments) -> Int64s:
    amount = np.where(given.kind == Kind.CREDIT, -given.amount, given.amount)
    found = oldest_first(given.account, given.day, np.arange(len(amount)), amount)
    return open_amounts(amount, found)
