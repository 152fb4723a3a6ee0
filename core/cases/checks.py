"""The invariant of cases: their events follow the table, what they posted is there, what founds
them founds them alone, and what they held is let go when they end."""

from collections.abc import Iterator

from billcore.core.cases.states import CaseState, may_follow
from billcore.core.findings import MOST, Broken, broken
from billcore.core.store import case_checks as rows
from billcore.core.store.port import OPEN_DAY, Reader


def cases_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """A case is where its last event says, and its events follow the table; corrections have their
    entries, bills and what undid them; a claim is evidence of its one case, and evidence has its
    claim; late fees are held by open cases alone."""
    yield from _events(reader, provider_id)
    yield from _posted(reader, provider_id)
    yield from _claims(reader, provider_id)
    for (case_no,) in rows.standing_holds(reader, provider_id, OPEN_DAY, MOST):
        yield broken("Late fees are held beyond the case, or its round.", case_no=case_no)


def _events(reader: Reader, provider_id: int) -> Iterator[Broken]:
    for case_no, state, events, there, last in rows.wrong_events(reader, provider_id, MOST):
        yield broken(
            f"The case has {events!s} events and the state {state!s}; there are {there!s}, and "
            f"the last one says {last!s}.",
            case_no=case_no,
        )
    for case_no, event_no in rows.broken_chains(reader, provider_id, MOST):
        yield broken(
            "The event does not begin where the one before ended.",
            case_no=case_no,
            event_no=event_no,
        )
    known = {int(state) for state in CaseState}
    for step in rows.steps(reader, provider_id):
        if set(step) <= known and may_follow(*map(CaseState, step)):
            continue
        yield broken(
            f"The state {step[1]} does not follow {step[0]}.",
            case_no=rows.case_of_step(reader, provider_id, step),
        )


def _posted(reader: Reader, provider_id: int) -> Iterator[Broken]:
    for case_no, number in rows.lost_posted(reader, provider_id, MOST):
        yield broken(
            "The correction has not its entries of its amount, or not its bills.",
            case_no=case_no,
            correction_no=number,
        )
    for case_no, number in rows.wrong_undone(reader, provider_id, MOST):
        yield broken(
            "The correction is called undone, and nothing undoes it.",
            case_no=case_no,
            correction_no=number,
        )


def _claims(reader: Reader, provider_id: int) -> Iterator[Broken]:
    for case_no, payer, payment, trace in rows.stray_claims(reader, provider_id, MOST):
        yield broken(
            f"No evidence of the case claims {payer!s}/{payment!s}/{trace!s}.", case_no=case_no
        )
    for case_no, number in rows.lost_claims(reader, provider_id, MOST):
        yield broken(
            "What the evidence claims does not found its case.",
            case_no=case_no,
            evidence_no=number,
        )
