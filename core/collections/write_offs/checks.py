"""The invariant of write-offs: what is given up is in the books, no more than that comes back."""

from collections.abc import Iterator
from itertools import pairwise

from billcore.core.collections.write_offs.reading import (
    FOLLOWING,
    StepKind,
    WriteOff,
    entries_of,
    of_accounts,
)
from billcore.core.findings import MOST, Broken, broken
from billcore.core.ids import id_range
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import ledger
from billcore.core.store import write_offs as rows
from billcore.core.store.port import Reader


def write_offs_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """The items of a write-off sum to its total; its steps follow the table; what was posted is in
    the books, taken back where it was undone; recoveries are entries, taken back where a step says
    so, and not more than the total; and what write-offs posted is of one."""
    span, known = id_range(provider_id), set()
    for one in of_accounts(reader, *span):
        where = {"account_id": one.row.account_id, "write_off_no": one.row.write_off_no}
        undone = one.state is StepKind.UNDONE and one.recovered != 0
        if sum(item.amount for item in one.items) != one.row.total or one.lost < 0 or undone:
            yield broken("Its items do not sum to its total, or more was recovered.", **where)
        kinds = [StepKind(step.kind) for step in one.steps]
        if (
            not kinds
            or kinds[0] is not StepKind.PROPOSED
            or any(after not in FOLLOWING[before] for before, after in pairwise(kinds))
        ):
            yield broken("The steps of the write-off do not follow the table.", **where)
            continue
        for entry, amount, kind, back in _wanted(one):
            known.add((one.row.account_id, entry))
            found = ledger.account_entry(reader, one.row.account_id, entry)
            undone = ledger.is_undone(reader, one.row.account_id, entry)
            if found is None or (found.amount, found.kind) != (amount, kind) or undone != back:
                message = "An entry of the write-off is not as it was posted, or taken back."
                yield broken(message, **where, account_entry_id=entry)
    strays = 0
    for account, posted in rows.posted(reader, provider_id, *span):
        row = ledger.account_entry(reader, int(account), int(posted))
        of = row.reverses if row and row.reverses else int(posted)
        if (account, of) not in known and strays < MOST:
            strays += 1
            yield broken(
                "The entry is of no write-off.", account_id=account, account_entry_id=posted
            )


def _wanted(one: WriteOff) -> Iterator[tuple[int, int, int, bool]]:
    """(entry, amount, kind, whether it is taken back) of what a write-off posted."""
    if any(step.kind == StepKind.WRITTEN_OFF for step in one.steps):
        for entry, item in zip(entries_of(one), one.items, strict=True):
            yield entry, -item.amount, int(EntryKind.WRITE_OFF), one.state is StepKind.UNDONE
    standing = {step.account_entry_id for step in one.recoveries}
    for step in one.steps:
        if step.kind == StepKind.RECOVERED:
            entry = step.account_entry_id
            yield entry, step.amount, int(EntryKind.RECOVERY), entry not in standing
