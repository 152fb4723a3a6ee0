"""What time alone does: mandates that nobody used expire, windows of refunds close, debits that
were never sealed are withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass

from billcore.core.accounts.acting import Acting, Write, provider_acting
from billcore.core.caller import Caller
from billcore.core.collections.direct_debit import mandates, moves
from billcore.core.collections.direct_debit.months import months_after
from billcore.core.collections.direct_debit.moves import By, To
from billcore.core.collections.direct_debit.planning import LATE
from billcore.core.collections.direct_debit.states import DebitState, MandateState
from billcore.core.collections.direct_debit.terms import parse_terms
from billcore.core.metering.provider import metering_provider
from billcore.core.store import debits as rows
from billcore.core.store import mandates as mandate_rows
from billcore.core.store.again import again
from billcore.core.store.kept import DEBIT_TERMS
from billcore.core.store.port import Session, Store

CHUNK = 5_000
"""Debits, and mandates, of one transaction."""

DORMANT = "not used for so long that it expired"


@dataclass(frozen=True, slots=True)
class Swept:
    """What was done: mandates expired, debits final, debits withdrawn."""

    expired: int
    final: int
    withdrawn: int


def sweep(store: Store, caller: Caller, now: Callable[[], int]) -> Swept:
    """Does all that is due today at the caller's provider, in chunks; the same again does
    nothing."""
    provider_id = provider_acting(caller)
    with store.read() as reader:
        today = metering_provider(reader, provider_id).today(now())
        channels = DEBIT_TERMS.every(reader, provider_id)
    by = By(provider_id, caller.client_id, now())
    final = _repeat(lambda: again(store, lambda session: _settle(session, by, today)))
    expired = withdrawn = 0
    for channel_no, (text, _) in channels.items():
        before = months_after(today, -parse_terms(text).dormant_months)

        def expire(session: Session, channel_no: int = channel_no, before: int = before) -> int:
            return _expire(Acting(session, caller, by.now), channel_no, before)

        def withdraw(session: Session, channel_no: int = channel_no) -> int:
            return _withdraw(session, by, channel_no, today)

        expired += _repeat(lambda act=expire: again(store, act))  # type: ignore[misc]
        withdrawn += _repeat(lambda act=withdraw: again(store, act))  # type: ignore[misc]
    return Swept(expired, final, withdrawn)


def _repeat(act: Callable[[], int]) -> int:
    total = 0
    while done := act():
        total += done
        if done < CHUNK:
            break
    return total


def _settle(session: Session, by: By, today: int) -> int:
    found = rows.to_settle(session, by.provider_id, today, CHUNK)
    moves.move(session, by, found, To(DebitState.FINAL, today, until_day=0))
    return len(found["debit_no"])


def _withdraw(session: Session, by: By, channel_no: int, today: int) -> int:
    found = rows.overdue(session, by.provider_id, channel_no, today, CHUNK)
    moves.move(session, by, found, To(DebitState.WITHDRAWN, today, amount=0, code=LATE))
    return len(found["debit_no"])


def _expire(write: Write, channel_no: int, before: int) -> int:
    provider_id = provider_acting(write.caller)
    found = mandate_rows.dormant(write.session, provider_id, channel_no, before, 0, CHUNK)
    for row in found:
        mandates.move(write, row, MandateState.EXPIRED, row.version, DORMANT)
    return len(found)
