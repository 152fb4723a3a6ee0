"""A race: contenders prepared on the same work, checked equal, then timed interleaved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.peers import Peer, Work, expected_columns
from benchmarks.report import Table
from benchmarks.standard import Int64s
from benchmarks.timing import Timings, interleaved, pinned


class NotExact(Exception):
    """An exact contender gave a total that is not the exact one: nothing is timed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A contender under its label in the table, with its own work where it differs."""

    label: str
    peer: Peer
    work: Work


@dataclass(frozen=True, slots=True)
class Outcome:
    timings: Timings
    wrong: Mapping[str, int]
    notes: Mapping[str, str]

    def ns(self, label: str) -> float:
        return self.timings.ns(label)

    def ratio(self, slow: str, fast: str) -> float:
        return self.timings.ratio(slow, fast)


class Judge:
    """Exact totals of each work, computed once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Work, Int64s]] = {}

    def totals(self, work: Work) -> Int64s:
        if id(work) not in self._known:
            plain = Work(work.plans, work.data)
            self._known[id(work)] = (work, expected_columns(plain)[-1])
        return self._known[id(work)][1]

    def wrong(self, entry: Entry) -> int:
        """Wrong totals of the entry's last run; an exact contender may have none."""
        expected = self.totals(entry.work)[: entry.peer.rows_max]
        wrong = entry.peer.wrong(expected)
        if wrong and entry.peer.exact:
            raise NotExact(f"{entry.label}: {wrong} of {len(expected)} totals are wrong")
        return wrong


def race(entries: Sequence[Entry], rounds: int, judge: Judge) -> Outcome:
    """Prepare, check and time, all pinned to one core, on CPU time."""
    with pinned():
        wrong = {entry.label: _readied(entry, judge) for entry in entries}
        rows = {e.label: _rows(e) for e in entries}
        jobs = {e.label: e.peer.run for e in entries}
        timings = interleaved(jobs, rows, rounds)
    return Outcome(timings, wrong, {e.label: e.peer.note for e in entries})


def _rows(entry: Entry) -> int:
    return min(len(entry.work.data), entry.peer.rows_max or len(entry.work.data))


def _readied(entry: Entry, judge: Judge) -> int:
    entry.peer.prepare(entry.work.head(_rows(entry)) if entry.peer.rows_max else entry.work)
    entry.peer.forget()
    entry.peer.run()
    return 0 if entry.peer.bound else judge.wrong(entry)


def race_table(title: str, outcome: Outcome, against: str, note: str = "") -> Table:
    """ns per bill of each contender, and how it compares with one of them."""
    headings = ("contender", "ns/bill", "min", "M bills/s", f"time ÷ {against}", "wrong", "note")
    labels = list(outcome.timings.seconds)
    rows = [_race_row(outcome, label, against) for label in labels]
    bars = {label: outcome.ns(label) for label in labels}
    return Table(f"{title}, ns per bill", headings, rows, note, bars)


def _race_row(outcome: Outcome, label: str, against: str) -> list[str]:
    ns = outcome.ns(label)
    return [
        label,
        f"{ns:.2f}",
        f"{outcome.timings.ns_min(label):.2f}",
        f"{1000 / ns:.1f}",
        f"{outcome.ratio(label, against):.2f}",
        str(outcome.wrong[label]),
        outcome.notes[label],
    ]
