"""Cycles: which agreements are read and billed together, and how often."""

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.checks import Number, Rule, Text, one_row, read
from billcore.core.accounts.errors import AlreadyTaken
from billcore.core.store import providers as rows
from billcore.core.store.providers import Cycle

RULES: tuple[Rule, ...] = (Text("cycle", least=1, most=40), Number("months", 1, 24))


def create_cycle(write: Write, cycle: str, months: int) -> Cycle:
    """Adds a cycle; months: from one bill to the next. Raises FieldRefused, AlreadyTaken."""
    provider_id = provider_acting(write.caller)
    _, checks = read("cycles", RULES, one_row({"cycle": cycle, "months": months}))
    checks.raise_first()
    made = Cycle(rows.draw(write.session, provider_id, "cycle", 1), cycle, months)
    if not rows.add_cycle(write.session, provider_id, made):
        raise AlreadyTaken("cycle", f"the cycle {cycle!r} is there already.")
    tell(write, provider_id, "cycle.created", f"cycle {made.cycle_no}", {"cycle": cycle})
    return made
