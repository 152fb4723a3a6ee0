"""What files of results say, applied to debits: accepted, rejected, collected, taken back.

What another file told before changes nothing and is counted; what fits no debit is listed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from billcore.core.collections.direct_debit import collecting, moves
from billcore.core.collections.direct_debit.failures import Acting, follow, take_back
from billcore.core.collections.direct_debit.moves import To
from billcore.core.collections.direct_debit.pain008 import block_of
from billcore.core.collections.direct_debit.sealing import go
from billcore.core.collections.direct_debit.states import (
    PAID,
    SENT_BATCHES,
    TAKEN_BACK,
    UNDER_WAY,
    BatchState,
    DebitState,
    Scheme,
    Told,
)
from billcore.core.collections.direct_debit.states import (
    Sequence as Seq,
)
from billcore.core.collections.direct_debit.told import Outcome
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.store import debit_batches as batch_rows
from billcore.core.store import debits as rows
from billcore.core.store.debit_results import UnknownRow
from billcore.core.store.debits import DebitRow


@dataclass(slots=True)
class Work:
    """What a file comes to while it is applied. debits: by end-to-end id, as they are now."""

    file: str
    debits: dict[str, DebitRow] = field(default_factory=dict)
    counts: dict[Told, int] = field(default_factory=lambda: dict.fromkeys(Told, 0))
    repeated: int = 0
    unknown: list[UnknownRow] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    failed: list[tuple[DebitRow, DebitState, str, int]] = field(default_factory=list)
    batches: set[int] = field(default_factory=set)

    def stray(self, one: Outcome, why: str) -> None:
        """Lists what fits no debit."""
        self.unknown.append(UnknownRow(one.line, one.end_to_end_id, one.amount, why))


def apply(acting: Acting, file: str, message_id: str, outcomes: Sequence[Outcome]) -> Work:
    """Applies everything that a file says, in the order in which money moves.

    message_id: the one that the file answers, or ''. Raises FileBroken.
    """
    work = Work(file)
    provider_id = acting.desk.provider_id
    if message_id and batch_rows.by_message(acting.session, provider_id, message_id) is None:
        raise FileBroken(work.file, 0, "message_id", f"no batch of ours is {message_id!r}.")
    named = [one.end_to_end_id for one in outcomes if one.end_to_end_id]
    found = rows.by_end_to_end_ids(acting.session, provider_id, named)
    work.debits = {
        one.end_to_end_id: one for one in found if one.channel_no == acting.desk.channel.channel_no
    }
    known = list(_known(acting, work, message_id, outcomes))
    _status(acting, work, known)
    collecting.collect(acting, _to_collect(work, known), work.debits)
    _taken_back(acting, work, known)
    for debit, state, code, day in work.failed:
        work.failures[code] = work.failures.get(code, 0) + 1
        follow(acting, debit, state, code, day)
    for batch_no in sorted(work.batches):
        _move_batch(acting, batch_no)
    return work


def _known(
    acting: Acting, work: Work, message_id: str, outcomes: Iterable[Outcome]
) -> Iterable[tuple[Outcome, DebitRow, bool]]:
    """What is said of debits that are there, one by one first, then of blocks; whole: of a
    block."""
    seen: set[tuple[str, bool]] = set()
    whole: list[Outcome] = []
    for one in outcomes:
        if not one.end_to_end_id:
            whole.append(one)
            continue
        debit = work.debits.get(one.end_to_end_id)
        back = one.told is Told.RETURNED
        if debit is None:
            if _ours(acting, one):
                work.stray(one, "UNKNOWN")
        elif (one.end_to_end_id, back) in seen:
            work.repeated += 1
        else:
            seen.add((one.end_to_end_id, back))
            _check_amount(work, one, debit)
            work.batches.add(debit.batch_no)
            yield one, debit, False
    for one in whole:
        for debit in _members(acting, work, message_id, one):
            work.batches.add(debit.batch_no)
            if (debit.end_to_end_id, False) not in seen:
                seen.add((debit.end_to_end_id, False))
                work.debits[debit.end_to_end_id] = debit
                yield one, debit, True


def _ours(acting: Acting, one: Outcome) -> bool:
    """Statements tell others' business, too; what has our ids, or says that it was returned or
    rejected, is ours."""
    prefix = f"BC{acting.desk.provider_id}-D"
    return one.told is not Told.COLLECTED or one.end_to_end_id.startswith(prefix)


def _check_amount(work: Work, one: Outcome, debit: DebitRow) -> None:
    """Raises FileBroken where money differs. Domestic banks may take what there is; a return may
    bear interest."""
    told, is_ = one.amount, debit.amount
    if not told or told == is_:
        return
    less = debit.scheme == Scheme.DOMESTIC and told < is_
    more = one.told is Told.RETURNED and told > is_
    if not less and not more:
        message = f"it is {told} minor units of {debit.end_to_end_id}, which has {is_}."
        raise FileBroken(work.file, one.line, "amount", message)


def _members(acting: Acting, work: Work, message_id: str, one: Outcome) -> list[DebitRow]:
    """The debits of a block, or of a message, that are still under way."""
    session, provider_id = acting.session, acting.desk.provider_id
    name, sequence = message_id, None
    if one.block:
        parts = block_of(one.block)
        if parts is None or (message_id and parts[0] != message_id):
            work.stray(one, one.block[:35])
            return []
        name, sequence = parts
    batch = batch_rows.by_message(session, provider_id, name)
    if batch is None or batch.channel_no != acting.desk.channel.channel_no:
        work.stray(one, (one.block or name)[:35])
        return []
    every = rows.rows_of(rows.of_batch(session, provider_id, batch.batch_no))
    block = [each for each in every if sequence is None or each.sequence == Seq(sequence)]
    if one.told is Told.COLLECTED:
        _check_block(work, one, block)
    return [each for each in block if each.state in UNDER_WAY]


def _check_block(work: Work, one: Outcome, block: Sequence[DebitRow]) -> None:
    """Raises FileBroken unless what was credited is what was not rejected."""
    standing = sum(each.amount for each in block if each.state != DebitState.REJECTED)
    under_way = sum(each.amount for each in block if each.state in UNDER_WAY)
    if one.amount not in (standing, under_way):
        message = f"{one.amount} minor units were credited, the debits of it come to {standing}."
        raise FileBroken(work.file, one.line, "amount", message)


def _status(acting: Acting, work: Work, known: Sequence[tuple[Outcome, DebitRow, bool]]) -> None:
    """Accepts and rejects, before any money moved."""
    accepted: list[DebitRow] = []
    rejected: list[tuple[Outcome, DebitRow]] = []
    for one, debit, whole in known:
        if one.told is Told.ACCEPTED:
            if debit.state == DebitState.SUBMITTED:
                accepted.append(debit)
            elif not _sent(work, one, debit):
                work.repeated += 1
        elif one.told is Told.REJECTED and debit.state not in PAID:
            if debit.state in (DebitState.SUBMITTED, DebitState.ACCEPTED):
                rejected.append((one, debit))
                if not whole:  # a whole block says nothing of its payers
                    told = debit, DebitState.REJECTED, one.code, one.day or acting.desk.today
                    work.failed.append(told)
            elif not _sent(work, one, debit):
                work.repeated += 1
    today, by = acting.desk.today, acting.desk.by(result_no=acting.result_no)
    moves.move_rows(acting.session, by, accepted, To(DebitState.ACCEPTED, today))
    codes = [one.code for one, _ in rejected]
    lines = collecting.column([one.line for one, _ in rejected])
    to = To(DebitState.REJECTED, today, code=codes, line=lines)
    moves.move_rows(acting.session, by, [debit for _, debit in rejected], to)
    for _, debit in rejected:
        work.debits[debit.end_to_end_id] = debit._replace(state=int(DebitState.REJECTED))
    work.counts[Told.ACCEPTED] += len(accepted)
    work.counts[Told.REJECTED] += len(rejected)


def _sent(work: Work, one: Outcome, debit: DebitRow) -> bool:
    """Lists what is told of a debit that the bank should not have: its batch was not marked as
    sent, or is another one's. Whether it is so."""
    early = debit.state in (DebitState.DUE, DebitState.NOTIFIED, DebitState.BATCHED)
    if early or debit.state == DebitState.WITHDRAWN:
        work.stray(one, DebitState(debit.state).name)
        return True
    return False


def _to_collect(
    work: Work, known: Sequence[tuple[Outcome, DebitRow, bool]]
) -> list[tuple[Outcome, DebitRow]]:
    """The debits whose money came, and those whose money went back before it was told that it
    came: a return tells both."""
    found: dict[str, tuple[Outcome, DebitRow]] = {}
    for one, debit, whole in known:
        if one.told is Told.RETURNED and debit.end_to_end_id in found:
            continue
        if one.told not in (Told.COLLECTED, Told.RETURNED):
            continue
        if debit.state in (DebitState.SUBMITTED, DebitState.ACCEPTED):
            amount = 0 if whole or one.told is Told.RETURNED else one.amount
            given = Outcome(one.line, debit.end_to_end_id, one.told, amount, day=one.day)
            found[debit.end_to_end_id] = given, debit
            work.counts[Told.COLLECTED] += 1
        elif one.told is Told.COLLECTED:
            if debit.state == DebitState.REJECTED:
                work.stray(one, DebitState.REJECTED.name)
            elif not _sent(work, one, debit):
                work.repeated += 1
    return list(found.values())


def _taken_back(
    acting: Acting, work: Work, known: Sequence[tuple[Outcome, DebitRow, bool]]
) -> None:
    """Reverses what went back; of a debit that was paid, a rejection says the same."""
    for one, before, _ in known:
        if one.told is not Told.RETURNED and not (
            one.told is Told.REJECTED and before.state in PAID
        ):
            continue
        debit = work.debits[before.end_to_end_id]
        if debit.state in TAKEN_BACK:
            work.repeated += 1
        elif debit.state not in PAID:
            if not _sent(work, one, debit):
                work.stray(one, DebitState(debit.state).name)
        else:
            day = max(one.day or acting.desk.today, debit.collected_day)
            state = take_back(acting, debit, one.code, day, one.line)
            work.counts[Told.RETURNED] += 1
            work.failed.append((debit, state, one.code, day))
            work.debits[debit.end_to_end_id] = debit._replace(state=int(state))


def _move_batch(acting: Acting, batch_no: int) -> None:
    """Where a batch is after what was told of its debits."""
    session, provider_id = acting.session, acting.desk.provider_id
    batch = batch_rows.batch(session, provider_id, batch_no)
    if batch is None or batch.state not in SENT_BATCHES:
        return
    states = [one.state for one in rows.rows_of(rows.of_batch(session, provider_id, batch_no))]
    rejected = states.count(DebitState.REJECTED)
    waiting = states.count(DebitState.SUBMITTED)
    if rejected == len(states):
        if batch.state == BatchState.SENT:
            go(session, provider_id, batch, BatchState.REJECTED)
        else:
            go(session, provider_id, batch, BatchState.SETTLED)
        return
    if rejected and batch.state != BatchState.PART:
        batch = go(session, provider_id, batch, BatchState.PART)
    elif not rejected and not waiting and batch.state == BatchState.SENT:
        batch = go(session, provider_id, batch, BatchState.ACKED)
    if not any(state in UNDER_WAY for state in states):
        go(session, provider_id, batch, BatchState.SETTLED)
