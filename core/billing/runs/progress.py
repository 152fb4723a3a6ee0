"""How far a run is, derived from its chunks: nothing is counted up, so nothing can be off."""

from dataclasses import dataclass

from billcore.core.billing.runs import digest
from billcore.core.billing.runs.runs import View
from billcore.core.billing.runs.states import Phase
from billcore.core.store import runs as rows


@dataclass(frozen=True, slots=True)
class Progress:
    """A pass of a phase. accounts: of the chunks that are done; total: of the bills, minor units.

    Times are microseconds, begun_at since 1970 in UTC. micros: since it was begun, up to the last
    chunk when it has ended. accounts_per_second and left_micros are 0 while nothing is known.
    digest: of the bills so far.
    """

    phase: Phase
    pass_no: int
    chunks: int
    chunks_done: int
    accounts: int
    accounts_done: int
    bills: int
    held: int
    refused: int
    total: int
    digest: bytes
    begun_at: int
    micros: int
    accounts_per_second: int
    left_micros: int

    @property
    def ended(self) -> bool:
        """Whether all its chunks are done."""
        return self.chunks_done == self.chunks


def progress(run: View, one: rows.Pass, now: int) -> Progress:
    """How far a pass of a run is at a time, in microseconds since 1970."""
    done = run.of(one.phase, one.pass_no)
    ended = len(done) == run.order.chunks
    until = max((chunk.recorded_at for chunk in done), default=now) if ended else now
    micros = max(until - one.recorded_at, 0)
    accounts = run.order.last_account - run.order.first_account + 1
    accounts_done = sum(chunk.last_account - chunk.first_account + 1 for chunk in done)
    left = accounts - accounts_done
    return Progress(
        phase=Phase(one.phase),
        pass_no=one.pass_no,
        chunks=run.order.chunks,
        chunks_done=len(done),
        accounts=accounts,
        accounts_done=accounts_done,
        bills=sum(chunk.bills for chunk in done),
        held=sum(chunk.held for chunk in done),
        refused=sum(chunk.refused for chunk in done),
        total=sum(chunk.total for chunk in done),
        digest=digest.added([chunk.digest for chunk in done]),
        begun_at=one.recorded_at,
        micros=micros,
        accounts_per_second=accounts_done * 1_000_000 // micros if micros else 0,
        left_micros=left * micros // accounts_done if accounts_done else 0,
    )
