"""Assessments: late fees of a provider's accounts up to a day, begun, driven chunk by chunk, asked.

The same day again charges nothing, whoever is killed in between leaves chunks to do, and an
assessment that was given up is finished by the next one. A day before one that was assessed is
refused: fees are as of the last day, and what was recorded since is in the next difference.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from billcore.core.accounts.acting import Write, provider_acting
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import FieldRefused
from billcore.core.caller import Caller
from billcore.core.collections.late_fees.chunk import assess_chunk
from billcore.core.collections.late_fees.errors import (
    AssessmentOvertaken,
    AssessmentUnknown,
    LateFeeDayInvalid,
)
from billcore.core.events.audit import audit
from billcore.core.ids import owned_id
from billcore.core.store import late_fees as rows
from billcore.core.store import providers
from billcore.core.store.again import again
from billcore.core.store.late_fees import Assessment, Chunk
from billcore.core.store.port import Reader, Session, Store

CHUNK_ACCOUNTS = 16_384
"""Accounts that are assessed in one transaction, where nothing else is asked for."""

CHUNK_MAX = 65_536

KIND = "late_fee_assessment"
"""Of the numbers that are drawn."""

Clock = Callable[[], int]
"""Microseconds since 1970 in UTC."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an assessment is: its chunks that are done."""

    assessment: Assessment
    chunks: tuple[Chunk, ...]

    @property
    def complete(self) -> bool:
        """Whether all its chunks are done."""
        return len(self.chunks) == self.assessment.chunks


def begin(
    write: Write, until_day: int, today: int, account_id: int = 0, chunk_accounts: int = 0
) -> Assessment:
    """A new assessment up to a day: of one account, or 0: of all that there are now.

    Raises LateFeeDayInvalid, AssessmentOvertaken, FieldRefused, ProviderNeeded.
    """
    provider_id = provider_acting(write.caller)
    check_day(until_day, today)
    if not 0 <= chunk_accounts <= CHUNK_MAX:
        raise FieldRefused("chunk_accounts", f"{chunk_accounts} is not one of 0..{CHUNK_MAX}.")
    number = providers.draw(write.session, provider_id, KIND, 1)  # others wait here
    drawn = providers.drawn(write.session, provider_id, "account")
    if not drawn:
        raise FieldRefused("account_id", "the provider has no accounts yet.")
    first = account_id or owned_id(provider_id, 1)
    last = account_id or owned_id(provider_id, drawn)
    later = rows.last_day(write.session, provider_id, first, last)
    if later > until_day:
        raise AssessmentOvertaken(until_day, later)
    made = Assessment(
        assessment_id=number,
        until_day=until_day,
        first_account=first,
        last_account=last,
        chunk_accounts=chunk_accounts or CHUNK_ACCOUNTS,
        client_id=write.caller.client_id,
        actor=write.caller.actor,
        recorded_at=write.now,
    )
    rows.add_assessment(write.session, provider_id, made)
    told = {"until_day": until_day, "chunks": made.chunks}
    subject = f"late fees {number}"
    audit(write.session, write.caller, "late_fees.assess", subject, "", told, write.now)
    return made


def check_day(until_day: int, today: int) -> None:
    """Raises LateFeeDayInvalid for a day that has not come: nobody knows yet who pays."""
    if not 1 <= until_day <= today:
        raise LateFeeDayInvalid(
            "until_day", f"{iso(until_day)} is after today, {iso(today)}, or no day at all."
        )


def progress(reader: Reader, provider_id: int, assessment_id: int) -> Progress:
    """How far an assessment is. Raises AssessmentUnknown."""
    found = rows.assessment(reader, provider_id, assessment_id)
    if found is None:
        raise AssessmentUnknown(assessment_id)
    return Progress(found, tuple(rows.chunks(reader, provider_id, assessment_id)))


def drive(store: Store, caller: Caller, assessment_id: int, clock: Clock) -> Iterator[Progress]:
    """Does what is left of an assessment; how far it is, before and after each chunk.

    Raises AssessmentUnknown, AssessmentOvertaken, ReferenceRateMissing, LateFeeRuleUnfit, and what
    the store raises.
    """
    with store.read() as reader:
        found = progress(reader, provider_acting(caller), assessment_id)
    yield found
    done = {chunk.chunk for chunk in found.chunks}
    for number in range(1, found.assessment.chunks + 1):
        if number not in done:
            act = partial(_chunk, caller, found.assessment, number, clock)
            chunk = again(store, act)
            found = replace(found, chunks=(*found.chunks, chunk))
            yield found


def _chunk(
    caller: Caller, assessment: Assessment, number: int, clock: Clock, session: Session
) -> Chunk:
    return assess_chunk(session, caller, assessment, number, clock())
