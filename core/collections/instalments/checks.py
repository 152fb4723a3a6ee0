"""The invariant of plans: what they cover is paid in parts, and all of it is in the books."""

from collections.abc import Iterator
from itertools import pairwise

from billcore.core.collections.instalments.plans import posted
from billcore.core.collections.instalments.states import FOLLOWING, GIVEN_UP, OPEN, PlanState
from billcore.core.findings import MOST, Broken, broken
from billcore.core.ids import id_range
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import instalments as rows
from billcore.core.store.port import Reader


def instalments_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Items and instalments of a plan sum to its total; its states follow the table; an account
    has one open plan at most; an approved plan has its entries, one that was given up has them all
    taken back, another none; and what was posted as instalments is a plan's."""
    span = id_range(provider_id)
    for account, plan in rows.wrong_totals(reader, *span, MOST):
        yield broken(
            "What the plan covers, or its instalments, do not sum to its total.",
            account_id=account,
            plan_no=plan,
        )
    entries, undone = {}, set()
    for account, entry, amount, day, undoes in rows.posted(reader, *span, EntryKind.INSTALMENT):
        if undoes:
            undone.add((account, undoes))
        else:
            entries[account, entry] = amount, day
    known, opened = set(), set()
    for one in rows.plans(reader, *span):
        where = {"account_id": one.account_id, "plan_no": one.plan_no}
        states = [PlanState(step.state) for step in rows.steps(reader, one.account_id, one.plan_no)]
        if states[0] is not PlanState.PROPOSED or any(
            after not in FOLLOWING[before] for before, after in pairwise(states)
        ):
            yield broken("The states of the plan do not follow the table.", **where)
        if one.state in OPEN:
            if one.account_id in opened:
                yield broken("The account has another plan that is open.", **where)
            opened.add(one.account_id)
        back = one.state in GIVEN_UP
        for made in posted(reader, one):
            key = one.account_id, made.account_entry_id
            known.add(key)
            if entries.get(key) != (made.amount, made.day) or (key in undone) != back:
                message = "An entry of the plan is not as it was posted, or taken back wrongly."
                yield broken(message, **where, account_entry_id=made.account_entry_id)
    for account, entry in sorted(entries.keys() - known)[:MOST]:
        yield broken(
            "The entry of an instalment is of no plan.",
            account_id=account,
            account_entry_id=entry,
        )
