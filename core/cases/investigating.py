"""How a case ends: judged from what is known, by nothing else.

What is found counts before what is said: money in suspense, then at another subscriber, then twice
at the own account, then for a past bill, then late. What is found nowhere may be on its way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from billcore.core.cases.facts import Fact, FactKind, Ids, Known, Line, Paid
from billcore.core.cases.kinds import CaseKind
from billcore.core.cases.states import CaseState


@dataclass(frozen=True, slots=True)
class Found:
    """How an investigation ends; outcome CHECKING: it waits. waits_until: an ordinal, 0: for none.

    payments: what a correction would move, in the order in which they were posted.
    """

    outcome: CaseState
    facts: tuple[Fact, ...]
    payments: tuple[Paid, ...] = ()
    waits_until: int = 0


def judge(kind: CaseKind, known: Known) -> Found:
    """The finding of a case of a kind."""
    live = sorted(
        (one for one in known.paid if not one.reversed and one.left > 0),
        key=lambda one: (one.recorded_at, one.payment_id),
    )
    suspended = [one for one in live if not one.account_id]
    other = [one for one in live if one.account_id not in (0, known.account_id)]
    own = [one for one in live if one.account_id == known.account_id]
    told = tuple(_ids_facts(known.ids))
    if suspended:
        return _found(CaseState.FOUND_SUSPENSE, suspended, told, FactKind.SUSPENSE)
    if other:
        return _found(CaseState.FOUND_OTHER_SUBSCRIBER, other, told)
    twice = kind is CaseKind.DOUBLE_PAYMENT
    second = _second([one for one in own if twice or not one.past])
    if second is not None:
        first = next(one for one in own if one is not second)
        facts = _payment(first, FactKind.PAYMENT), _payment(second, FactKind.SECOND_PAYMENT)
        return Found(CaseState.FOUND_DOUBLE, (*facts, *told), (second,))
    if own and not twice:
        past = [one for one in own if one.past]
        outcome = CaseState.FOUND_PAST_BILL if past else CaseState.FOUND_LATE
        return _found(outcome, past or own, told)
    return _missing(kind, known, (*_dead(known.paid), *map(_single, own), *told))


def _found(
    outcome: CaseState,
    payments: Sequence[Paid],
    told: tuple[Fact, ...],
    what: FactKind = FactKind.PAYMENT,
) -> Found:
    facts = tuple(_payment(one, what) for one in payments)
    return Found(outcome, (*facts, *told), tuple(payments))


def _second(own: Sequence[Paid]) -> Paid | None:
    """The later one of two payments of the same amount, for the same bill or by two traces."""
    for place, one in enumerate(own):
        for before in own[:place]:
            traces = one.matched == before.matched == "trace"
            if one.amount == before.amount and (traces or one.bill_id == before.bill_id != 0):
                return one
    return None


def _missing(kind: CaseKind, known: Known, told: tuple[Fact, ...]) -> Found:
    """Nothing of it is in the books."""
    ours = any(one.account_id for one in known.ids)
    if not ours and any(one.foreign for one in known.ids):
        return Found(CaseState.NOT_OURS, told)
    facts = (*told, *map(_line, known.lines))
    if known.lines:
        return Found(CaseState.CHECKING, facts, waits_until=max(known.transit_until, known.today))
    if known.transit_until and known.today <= known.transit_until:
        waits = Fact(FactKind.WAITS, day=known.transit_until)
        return Found(CaseState.CHECKING, (*facts, waits), waits_until=known.transit_until)
    told = facts or (Fact(FactKind.NOTHING),)
    if kind is CaseKind.DEBITED_NOT_RECEIVED:
        return Found(CaseState.SENT_TO_FINANCE, told)
    return Found(CaseState.NOT_FOUND, told)


def _dead(paid: Sequence[Paid]) -> Iterator[Fact]:
    """Payments that fit and of which nothing can be moved."""
    for one in paid:
        if one.reversed:
            yield _payment(one, FactKind.REVERSED)
        elif not one.left:
            yield _payment(one, FactKind.MOVED)


def _single(one: Paid) -> Fact:
    return _payment(one, FactKind.PAYMENT)


def _payment(one: Paid, what: FactKind) -> Fact:
    return Fact(
        what,
        channel=one.channel,
        reference=one.reference,
        payment_id=one.payment_id,
        account_id=one.account_id,
        number=one.number,
        amount=one.left if what is not FactKind.REVERSED and one.left else one.amount,
        day=one.day,
        paid_at=one.paid_at,
        bill_id=one.bill_id,
        matched=one.matched,
    )


def _line(one: Line) -> Fact:
    return Fact(
        FactKind.REPORT_LINE,
        channel=one.channel,
        reference=one.reference,
        amount=one.amount,
        day=one.day,
    )


def _ids_facts(every: Sequence[Ids]) -> Iterator[Fact]:
    for one in every:
        yield replace(_ids_fact(one), payer_code=one.payer_code, payment_code=one.payment_code)


def _ids_fact(one: Ids) -> Fact:
    if one.wrong:
        return Fact(FactKind.IDS_WRONG, text=one.wrong)
    if one.foreign:
        return Fact(FactKind.FOREIGN, text=one.owner or f"company {one.company}")
    if not one.account_id:
        return Fact(FactKind.IDS_NEVER_ISSUED)
    return Fact(
        FactKind.IDS_ISSUED,
        account_id=one.account_id,
        number=one.number,
        bill_id=one.bill_id,
        amount=one.amount,
    )
