"""What `verify` asks of events and audit log: no gap, an unbroken chain, nothing left behind."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from billcore.core.events import chain
from billcore.core.findings import MOST, Broken, broken
from billcore.core.store import events as rows
from billcore.core.store.port import Reader

PAGE = 10_000
"""So many rows are read at a time."""

PENDING_SECONDS_MAX = 60
"""A committed row has its number after this time at the latest."""


def check_events(reader: Reader, provider_id: int, now: int | None = None) -> Iterator[Broken]:
    """What is wrong with a provider's logs: at most MOST findings of a kind, each at its sequence.

    now: microseconds since 1970 in UTC; None: the age of what has no number is not judged.
    """
    kinds = [
        _gaps(reader, provider_id, rows.EVENT, rows.events),
        _gaps(reader, provider_id, rows.AUDIT, rows.audits),
        _broken_links(reader, provider_id),
    ]
    if now is not None:
        kinds.append(_left_behind(reader, provider_id, now))
    for found in kinds:
        for message, sequence in islice(found, MOST):
            told = f"Provider {provider_id}: {message}"
            yield broken(told, provider_id=provider_id, sequence=sequence)


Finding = tuple[str, int]
"""A message and the sequence that it is about; 0: none."""

Read = Callable[[Reader, int, int, int], Sequence[rows.Event] | Sequence[rows.Audit]]


def _gaps(reader: Reader, provider_id: int, log: str, read: Read) -> Iterator[Finding]:
    """The places where numbers are missing, the end of the log included."""
    last = 0
    for page in _pages(reader, provider_id, read):
        for row in page:
            if row.sequence != last + 1:
                yield f"{log} {last + 1} to {row.sequence - 1} are missing.", last + 1
            last = row.sequence
    given = rows.last_number(reader, provider_id, log)
    if given != last:
        yield f"the last {log} is {last}, the last number given is {given}.", last + 1


def _broken_links(reader: Reader, provider_id: int) -> Iterator[Finding]:
    """The audit rows that are not what was hashed; each is judged after the stored hash before it.

    An altered row is named alone; an altered hash is named with its row and the row behind it.
    """
    before = chain.START
    for page in _pages(reader, provider_id, rows.audits):
        for row in page:
            assert isinstance(row, rows.Audit)
            wanted, stored = chain.hash_of(provider_id, row, before), bytes(row.hash)
            if stored != wanted:
                yield (
                    f"audit {row.sequence} is not what was written: its hash is "
                    f"{stored.hex()[:16]}…, its content and the row before it give "
                    f"{wanted.hex()[:16]}….",
                    row.sequence,
                )
            before = stored


def _left_behind(reader: Reader, provider_id: int, now: int) -> Iterator[Finding]:
    waiting, oldest = rows.pending(reader, provider_id)
    seconds = (now - oldest) // 1_000_000
    if waiting and seconds > PENDING_SECONDS_MAX:
        yield (
            f"rows without a number: {waiting}, the oldest for {seconds} s, at most "
            f"{PENDING_SECONDS_MAX} s are meant: is a server running?",
            0,
        )


def _pages(
    reader: Reader, provider_id: int, read: Read
) -> Iterator[Sequence[rows.Event] | Sequence[rows.Audit]]:
    after = 0
    while page := read(reader, provider_id, after, PAGE):
        yield page
        after = page[-1].sequence
