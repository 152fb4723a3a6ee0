"""The invariants of direct debit, for `billcore verify`."""

import hashlib
from collections.abc import Iterator

from billcore.core.collections.direct_debit.states import (
    DEBIT_FROM,
    MANDATE_FROM,
    DebitState,
    MandateState,
)
from billcore.core.findings import MOST, Broken, broken
from billcore.core.store import debit_batches as batch_rows
from billcore.core.store import debit_checks as rows
from billcore.core.store.port import Reader


def debits_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """A debit is as its last step says, and its steps are those of the table; it was in one batch
    at most, which is of its channel, scheme and day; it has its payment while it is collected, and
    a reversed one where it was taken back; a retry follows a debit that failed."""
    for number, state, step in rows.found(reader, rows.LAST_STEPS, provider_id, MOST):
        yield broken(
            f"The debit is in state {state!s}, by its last step {step!s}, or a step is missing.",
            debit_no=number,
        )
    for number, step in rows.found(reader, rows.BROKEN_CHAINS, provider_id, MOST):
        yield broken("The step does not follow the one before.", debit_no=number, step_no=step)
    for was, state, number in rows.moves(reader, provider_id):
        if (was or None) not in (DEBIT_FROM[DebitState(state)] or (None,)):
            yield broken(f"There is no step from {was} to {state}.", debit_no=number)
    for number, batch_no in rows.found(reader, rows.LOST_BATCHES, provider_id, MOST):
        yield broken(
            "The debit is in no batch of its own, or in one that it should not be in.",
            debit_no=number,
            batch_no=batch_no,
        )
    for number, times in rows.found(reader, rows.TWICE, provider_id, MOST):
        yield broken(f"The debit was put into {times!s} batches.", debit_no=number)
    for (number,) in rows.found(reader, rows.UNPAID, provider_id, MOST):
        yield broken("The debit and its payment do not agree.", debit_no=number)
    for (number,) in rows.found(reader, rows.RETRIES, provider_id, MOST):
        yield broken("The retry does not follow the debit that it names.", debit_no=number)


def debit_batches_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """A sealed batch has as many debits, of as much, as its file says, and the file is the one that
    was sealed; a file of results lists no more than it counts."""
    for found in rows.found(reader, rows.BATCH_SUMS, provider_id, MOST):
        number, debits, amount, there, total = found
        yield broken(
            f"The batch says {debits!s} debits of {amount!s}, they are {there!s} of {total!s}.",
            batch_no=number,
        )
    for number, digest, size in rows.files(reader, provider_id):
        if _digest(reader, provider_id, number, size) != digest:
            yield broken("The file is not the one that was sealed.", batch_no=number)
    for (number,) in rows.found(reader, rows.RESULTS, provider_id, MOST):
        yield broken("The file of results lists more than it counts.", result_no=number)


def mandates_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """A mandate has its account and debtor and is as its last version says; its states follow each
    other as in the table."""
    for (number,) in rows.found(reader, rows.MANDATES, provider_id, MOST):
        yield broken("The mandate has not its account, debtor or last version.", mandate_no=number)
    for number, was, state in rows.mandate_moves(reader, provider_id):
        if (was or None) not in (MANDATE_FROM[MandateState(state)] or (None,)):
            yield broken(f"There is no step from {was} to {state}.", mandate_no=number)


def _digest(reader: Reader, provider_id: int, batch_no: int, size: int) -> bytes:
    """SHA-256 of a file that is kept in parts."""
    made, read, number = hashlib.sha256(), 0, 0
    while read < size:
        number += 1
        part = batch_rows.part(reader, provider_id, batch_no, number)
        if not part:
            break
        made.update(part)
        read += len(part)
    return made.digest()
