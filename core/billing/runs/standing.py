"""How all runs stand, of every provider: for figures that somebody watches."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from billcore.core.billing.runs.left_out import Outcome
from billcore.core.billing.runs.progress import Progress, progress
from billcore.core.billing.runs.runs import view
from billcore.core.billing.runs.states import OPEN, State
from billcore.core.store import runs as rows
from billcore.core.store import watched
from billcore.core.store.port import Reader

OUTCOMES = {rows.REFUSED: Outcome.REFUSED, rows.HELD: Outcome.HELD}


@dataclass(frozen=True, slots=True)
class Standing:
    """states: runs in each state, simulations left out. exceptions: accounts that runs left out
    which have issued nothing yet, by what became of them and the rule."""

    states: dict[State, int]
    exceptions: dict[tuple[Outcome, str], int]


def standing(reader: Reader) -> Standing:
    """How all runs of all providers stand."""
    states = dict.fromkeys(State, 0)
    exceptions: Counter[tuple[Outcome, str]] = Counter()
    for run in watched.run_states(reader):
        states[State(run.state)] += 1
        if run.state in OPEN:
            for outcome, rule, count in rows.rules(reader, run.provider_id, run.run_id):
                exceptions[OUTCOMES[outcome], rule] += count
    return Standing(states, dict(exceptions))


def progress_of(
    reader: Reader, runs: Iterable[tuple[int, int]], now: int
) -> list[tuple[int, Progress]]:
    """How far runs, each by its provider and number, are in the pass that is under way, with the
    provider; those of which none is are left out."""
    found = []
    for provider_id, run_id in runs:
        run = view(reader, provider_id, run_id)
        if (one := run.under_way) is not None:
            found.append((provider_id, progress(run, one, now)))
    return found
