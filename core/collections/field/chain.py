"""The chain of a device: which records are new, known, in fork, and which wait. Pure.

Records come in any order and as often as a network likes. (device, seq) is taken once: the same
bytes again have the same answer; other bytes for a known seq are a fork; a record whose `previous`
is not the hash of the one before it is one too. What lies behind a gap waits until it is filled.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from billcore.core.collections.field.records import NOTHING_BEFORE, Record, hash_of


@dataclass(frozen=True, slots=True)
class Signed:
    """A record as it came: its line, what that says, the signature, the hash."""

    record: Record
    line: str
    signature: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Tail:
    """Where a chain is: the seq and hash of the last record that has effect; 0: none has."""

    seq: int = 0
    hash: bytes = NOTHING_BEFORE


@dataclass(slots=True)
class Sorted:
    """What came, in the order of seq. new: seen for the first time, one a seq; forks: other bytes
    for a seq that is known or among the new ones."""

    new: dict[int, Signed] = field(default_factory=dict)
    forks: list[Signed] = field(default_factory=list)


def signed(record: Record, line: str, signature: bytes) -> Signed:
    """A record with its hash."""
    return Signed(record, line, signature, hash_of(line))


def sort(known: Mapping[int, bytes], given: Sequence[Signed]) -> Sorted:
    """What is new and what forks. known: the hashes of the seqs that were taken before."""
    found = Sorted()
    for one in given:
        seq = one.record.seq
        there = known.get(seq) or (found.new[seq].hash if seq in found.new else None)
        if there is None:
            found.new[seq] = one
        elif there != one.hash and one not in found.forks:
            found.forks.append(one)
    return found


def ready(tail: Tail, find: Callable[[int], Signed | None]) -> Iterator[Signed]:
    """The records that follow the tail without a gap, in order, by their numbers alone."""
    for seq in count(tail.seq + 1):
        one = find(seq)
        if one is None:
            return
        yield one


def is_chained(tail: Tail, one: Signed) -> bool:
    """Whether a record stands behind the tail."""
    return one.record.seq == tail.seq + 1 and one.record.previous == tail.hash
