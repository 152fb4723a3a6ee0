"""The invariant of runs: what their chunks say is what was issued."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from billcore.core.accounts.checks import Table, ints
from billcore.core.billing.issue import Issue, drafts_of
from billcore.core.billing.make import month_of_issue
from billcore.core.billing.runs import digest
from billcore.core.billing.runs.runs import View, view
from billcore.core.billing.runs.states import ISSUED, Phase
from billcore.core.findings import MOST, Broken, broken
from billcore.core.store import bills as bill_rows
from billcore.core.store import providers
from billcore.core.store import runs as rows
from billcore.core.store.columns import taken
from billcore.core.store.port import Reader


def runs_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """What a chunk issued is what its row counts, sums and digests; a frozen run has all chunks."""
    found = (
        finding
        for run_id in rows.states(reader, provider_id)
        for finding in _run(reader, provider_id, view(reader, provider_id, run_id))
    )
    yield from islice(found, MOST)


def _run(reader: Reader, provider_id: int, run: View) -> Iterator[Broken]:
    frozen = [chunk for chunk in run.chunks if chunk.phase == Phase.FREEZE]
    first = [chunk for chunk in frozen if chunk.pass_no == 0]
    if run.state in ISSUED and len(first) != run.order.chunks:
        yield broken(
            f"The run is {run.state.name.lower()} with {len(first)} of {run.order.chunks} chunks.",
            run_id=run.run_id,
        )
    for chunk in frozen:
        bills = _issued(reader, provider_id, run, chunk)
        told = chunk.bills, chunk.total, chunk.digest
        kept = len(bills["bill_id"]), int(ints(bills["total"]).sum()), _digest(bills)
        if told != kept:
            yield broken(
                f"The chunk says {told[0]} bills of {told[1]}, digest {told[2].hex()}; there are "
                f"{kept[0]} of {kept[1]}, digest {kept[2].hex()}.",
                run_id=run.run_id,
                pass_no=chunk.pass_no,
                chunk=chunk.chunk,
            )


def _issued(reader: Reader, provider_id: int, run: View, chunk: rows.Chunk) -> Table:
    """The bills of the chunk's entry, cancelled or not."""
    provider = providers.provider(reader, provider_id)
    assert provider is not None
    month = month_of_issue(provider, run.order.issued_day)
    found = bill_rows.of_month(reader, month, chunk.first_account, chunk.last_account)
    posted = (ints(found["entry_id"]) == chunk.entry_id) & (chunk.entry_id != 0)
    return taken(found, np.flatnonzero(posted))


def _digest(bills: Table) -> bytes:
    """The digest of rows as they were issued."""
    days = np.stack([ints(bills["issued_day"]), ints(bills["due_day"])], axis=1)
    unique, which = np.unique(days, axis=0, return_inverse=True)
    found = []
    for number, (issued_day, due_day) in enumerate(unique.tolist()):
        mine = taken(bills, np.flatnonzero(which == number))
        month = int(ints(mine["month"])[0])
        how = Issue(0, month, issued_day, due_day, (), "", 0, 0)
        found.append(digest.digest(drafts_of(mine), how))
    return digest.added(found)
