"""Bills that a run holds, and what people decide about them: hold, release, each with a reason."""

from billcore.core.accounts.acting import Write
from billcore.core.billing.runs import states
from billcore.core.billing.runs.errors import HoldUnknown, ReasonMissing
from billcore.core.billing.runs.runs import view
from billcore.core.billing.runs.states import ISSUED, Phase, State
from billcore.core.events.audit import audit
from billcore.core.store import runs as rows
from billcore.core.store.port import Reader

LOOKED_AT = (State.OUTSORTED, State.APPROVED)
"""While a run is so, any of its bills can be held."""


def release(write: Write, run_id: int, account_id: int, reason: str) -> None:
    """Lets a held bill go on: with the others, or after freezing in the next pass.

    Raises RunUnknown, RunStateUnfit, HoldUnknown, ReasonMissing.
    """
    _decide(write, run_id, account_id, reason, held=False)


def hold(write: Write, run_id: int, account_id: int, reason: str) -> None:
    """Keeps a bill back that has not been issued. Raises as `release` does."""
    _decide(write, run_id, account_id, reason, held=True)


def held(reader: Reader, provider_id: int, run_id: int, account_id: int) -> bool:
    """Whether the run holds the account's bill now."""
    decided = rows.decisions(reader, provider_id, run_id, (account_id, account_id))
    if decided:
        return bool(decided[-1].held)
    at = account_id - 1, account_id
    return any(e.outcome == rows.HELD for e in rows.exceptions(reader, provider_id, run_id, at, 1))


def _decide(write: Write, run_id: int, account_id: int, reason: str, held: bool) -> None:
    session, caller = write.session, write.caller
    run = caller.provider_id, run_id
    act = "hold" if held else "release"
    if not reason.strip():
        raise ReasonMissing
    states.turn(session, *run, alone=True)
    found = view(session, *run)
    wanted = LOOKED_AT if held else (*LOOKED_AT, *ISSUED)
    states.expect(session, *run, f"{act} a bill of", wanted)
    first, last = found.order.first_account, found.order.last_account
    if not first <= account_id <= last:
        raise HoldUnknown(run_id, account_id, "it is not among the run's accounts.")
    if held and any(
        chunk.phase == Phase.FREEZE and chunk.first_account <= account_id <= chunk.last_account
        for chunk in found.chunks
    ):
        raise HoldUnknown(run_id, account_id, "its chunk is frozen already: cancel the bill.")
    if _is_held(write, run_id, account_id) == held:
        raise HoldUnknown(
            run_id, account_id, "its bill is held already." if held else "its bill is not held."
        )
    number = len(rows.decisions(session, *run, (account_id, account_id))) + 1
    decision = rows.Decision(
        account_id, number, int(held), reason, caller.client_id, caller.actor, write.now
    )
    rows.add_decision(session, *run, decision)
    detail = {"account_id": account_id}
    audit(session, caller, f"run.bill.{act}", f"run {run_id}", reason, detail, write.now)


def _is_held(write: Write, run_id: int, account_id: int) -> bool:
    return held(write.session, write.caller.provider_id, run_id, account_id)
