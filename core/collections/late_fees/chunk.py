"""A chunk of an assessment: a range of accounts and one transaction that also records it.

It computes what each item bears up to the day, from what is recorded, and posts the difference to
what was charged for the item before: a charge is an open item of its own, a credit lowers a fee.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import provider_acting
from billcore.core.accounts.days import iso
from billcore.core.accounts.late_fees import LateFeeRule
from billcore.core.accounts.policies import parse_policies
from billcore.core.caller import Caller
from billcore.core.collections.late_fees.charged import Changes, changes, charged_before
from billcore.core.collections.late_fees.choosing import NONE
from billcore.core.collections.late_fees.compute import Span, compute_by_policy
from billcore.core.collections.late_fees.errors import AssessmentOvertaken
from billcore.core.events.outbox import record
from billcore.core.ids import account_of_bill, computed_id
from billcore.core.ledger.account_entries import (
    ROWS_MAX,
    AccountEntries,
    Posting,
    post_account_entries,
)
from billcore.core.ledger.folding import ENTRY
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ledger.turns import turn_to_bill
from billcore.core.rating.batch import Ints
from billcore.core.store import late_fees as rows
from billcore.core.store import providers, reference_rates
from billcore.core.store.late_fees import Assessment, Chunk
from billcore.core.store.port import Session
from billcore.core.store.providers import Provider

ASSESSED = "late_fees.assessed"
"""The event of an assessment all of whose chunks are done."""


@dataclass(frozen=True, slots=True)
class _Work:
    """A chunk with what it is about. source: what it posts as; at: when it is recorded."""

    session: Session
    caller: Caller
    provider: Provider
    assessment: Assessment
    source: str
    at: int


def assess_chunk(
    session: Session, caller: Caller, assessment: Assessment, number: int, now: int
) -> Chunk:
    """Assesses a chunk, counted from 1, or says what became of it when it was done.

    The transaction of the session is the chunk's own. Raises AssessmentOvertaken,
    ReferenceRateMissing, LateFeeRuleUnfit: then nothing of it is kept.
    """
    provider_id, assessment_id = provider_acting(caller), assessment.assessment_id
    first, last = assessment.accounts(number)
    if not rows.claim(session, provider_id, assessment_id, Chunk(number, first, last), now):
        every = rows.chunks(session, provider_id, assessment_id)
        return next(chunk for chunk in every if chunk.chunk == number)
    at = _turn(session, provider_id, first, last, now)
    later = rows.last_day(session, provider_id, first, last)
    if later > assessment.until_day:
        raise AssessmentOvertaken(assessment.until_day, later)
    provider = providers.provider(session, provider_id)
    assert provider is not None
    source = f"late fees/{assessment_id}/{number}"
    work = _Work(session, caller, provider, assessment, source, at)
    span = Span(first, last, assessment.until_day, at - 1)
    found = compute_by_policy(session, provider, span)
    posted = changes(found, charged_before(session, first, last))
    _post(work, posted)
    charges, credited = posted.amount[posted.amount > 0], posted.amount[posted.amount < 0]
    chunk = Chunk(
        chunk=number,
        first_account=first,
        last_account=last,
        items=len(found.debts.items),
        charges=len(charges),
        charged=int(charges.sum()),
        credits=len(credited),
        credited=int(credited.sum()),
        known_at=span.known_at,
        recorded_at=at,
    )
    rows.finish(session, provider_id, assessment_id, chunk)
    _tell_end(work)
    return chunk


def _turn(session: Session, provider_id: int, first: int, last: int, now: int) -> int:
    """The time to record at: behind everything that the fees of these accounts depend on."""
    at = turn_to_bill(session, provider_id, first, last, now)
    told = reference_rates.last_recorded(session, provider_id)
    return max(at, told + 1, rows.last_hold(session, first, last) + 1)


def _post(work: _Work, posted: Changes) -> None:
    """Posts charges and credits, and keeps what each is for."""
    rules = parse_policies(work.provider.policies).late_fees.rules
    ids = _rule_ids(work, rules, set(posted.rule.tolist()) - {NONE})
    for begin in range(0, len(posted), ROWS_MAX):
        source = f"{work.source}/{begin}" if begin else work.source
        _post_some(work, posted.of(slice(begin, begin + ROWS_MAX)), ids, source)


def _post_some(work: _Work, posted: Changes, rule_ids: Ints, source: str) -> None:
    count, day = len(posted), work.assessment.until_day
    credited = posted.credits.tolist()
    entries = AccountEntries(
        account_id=posted.account_id,
        kind=np.full(count, int(EntryKind.LATE_FEE)),
        day=np.full(count, day),
        amount=posted.amount,
        reference=pa.array(_references(posted, iso(day)), pa.string()),
        reverses=np.zeros(count, dtype=np.int64),
        direction=pa.array([f"{ENTRY}{fee}" if fee else "" for fee in credited], pa.string()),
    )
    posting = Posting(work.provider.provider_id, source, work.caller.client_id, work.at)
    ids = post_account_entries(work.session, entries, posting)
    rows.add_fees(
        work.session,
        {
            "account_id": posted.account_id,
            "item_id": posted.item_id,
            "account_entry_id": ids,
            "assessment_id": np.full(count, work.assessment.assessment_id),
            "rule_id": rule_ids[posted.rule],
            "credits": posted.credits,
            "amount": posted.amount,
            "fee": posted.fee,
            "debt": posted.debt,
        },
    )


def _references(posted: Changes, day: str) -> Iterator[str]:
    """What lines of statements say: unique for an account within the chunk."""
    bill = account_of_bill(posted.item_id) == posted.account_id
    columns = (c.tolist() for c in (posted.item_id, bill, posted.credits))
    for number, is_bill, credited in zip(*columns, strict=True):
        item = f"{'bill' if is_bill else 'entry'} {number} to {day}"
        yield f"late fee lowered: {item}, entry {credited}" if credited else f"late fee: {item}"


def _rule_ids(work: _Work, rules: Sequence[LateFeeRule], used: set[int]) -> Ints:
    """The id of each rule by its place, behind them 0, which NONE finds; keeps the used ones."""
    provider_id = work.provider.provider_id
    ids = [computed_id("late fee rule", provider_id, rule.text) for rule in rules]
    if used:
        wanted = sorted(used)
        columns = {
            "provider_id": np.full(len(wanted), provider_id),
            "rule_id": np.array([ids[at] for at in wanted]),
            "rule": pa.array([rules[at].text for at in wanted], pa.string()),
            "recorded_at": np.full(len(wanted), work.at),
        }
        rows.add_rules(work.session, columns)
    return np.array([*ids, 0], dtype=np.int64)


def _tell_end(work: _Work) -> None:
    """Tells that an assessment is complete, with its sums."""
    provider_id, found = work.provider.provider_id, work.assessment
    done = rows.chunks(work.session, provider_id, found.assessment_id)
    if len(done) < found.chunks:
        return
    told = {
        "until_day": found.until_day,
        "charges": sum(chunk.charges for chunk in done),
        "charged": sum(chunk.charged for chunk in done),
        "credits": sum(chunk.credits for chunk in done),
        "credited": sum(chunk.credited for chunk in done),
    }
    subject = f"late fees {found.assessment_id}"
    record(work.session, provider_id, ASSESSED, subject, told, work.at)
