"""Runs as messages, and back.

Goals: a day or kind that its field cannot hold is refused with the field's path. Non-goals: rules
of runs, which core has.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.charges.due import Window
from billcore.core.billing.runs.left_out import LeftOut, Outcome
from billcore.core.billing.runs.order import RunOrder, parsed
from billcore.core.billing.runs.plan import Wanted
from billcore.core.billing.runs.progress import Progress, progress
from billcore.core.billing.runs.runs import View
from billcore.core.billing.runs.states import Phase, State
from billcore.core.ledger.kinds import BillKind
from billcore.core.store import accounts, providers
from billcore.core.store import runs as rows
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider
from billcore.server.asked import Moment, currency
from billcore.server.messages import account as account_messages
from billcore.server.running import Driving, Fault
from billcore.v1 import runs_pb2 as pb

KINDS = {
    pb.RUN_KIND_UNSPECIFIED: BillKind.REGULAR,
    pb.RUN_KIND_REGULAR: BillKind.REGULAR,
    pb.RUN_KIND_FINAL: BillKind.FINAL,
}

RULES = {rows.REFUSED: pb.RUN_OUTCOME_REFUSED, rows.HELD: pb.RUN_OUTCOME_HELD}


# -- requests


def wanted(request: pb.CreateRunRequest, moment: Moment, chunk_accounts: int) -> Wanted:
    """The run that a request asks for. chunk_accounts: where it says none. Raises FieldRefused."""
    order = request.order
    if order.kind not in KINDS:
        allowed = ["RUN_KIND_REGULAR", "RUN_KIND_FINAL"]
        raise FieldRefused("order.kind", f"{order.kind} is no kind of run.", allowed)
    last = account_messages.day(order.last_day, "order.last_day")
    first = account_messages.day(order.first_day or order.last_day, "order.first_day")
    straggler = order.straggler_day or order.last_day
    return Wanted(
        Window(first, last),
        moment.day(order.issued_day, "order.issued_day"),
        account_messages.day(straggler, "order.straggler_day"),
        KINDS[order.kind],
        order.cycle,
        order.first_account,
        order.last_account,
        order.chunk_accounts or chunk_accounts,
        order.straight if order.HasField("straight") else None,
        order.estimate,
        request.simulated,
        tuple(request.proposed),
    )


def outcome(number: int) -> Outcome | None:
    """Which outcome is asked for; None: every one. Raises FieldRefused."""
    if number not in pb.RunOutcome.values():
        names = [f"RUN_OUTCOME_{one.name}" for one in Outcome]
        raise FieldRefused("outcome", f"{number} is no outcome.", names)
    return Outcome(number) if number else None


# -- answers


class Names(NamedTuple):
    """What the numbers in orders stand for, and the provider that has them."""

    provider: Provider
    cycles: Mapping[int, str]
    tariffs: Mapping[int, str]


def names(reader: Reader, provider: Provider) -> Names:
    """The names of a provider."""
    number = provider.provider_id
    cycles = {one.cycle_no: one.cycle for one in providers.cycles(reader, number)}
    return Names(provider, cycles, {no: name for _, no, name in providers.tariffs(reader, number)})


def run(reader: Reader, provider: Provider, found: View, driving: Driving, now: int) -> pb.Run:
    """A run with all that is known of it."""
    known = names(reader, provider)
    proposed = {known.tariffs[number] for number in found.order.proposed}
    rules = rows.rules(reader, provider.provider_id, found.run_id)
    return pb.Run(
        run_id=found.run_id,
        simulated=found.simulated,
        state=_state(found.state),
        order=order(found.order, known),
        proposed=sorted(proposed),
        steps=[_step(one) for one in found.steps],
        passes=[_progress(found, one, now) for one in found.passes],
        rules=[_rule(*one) for one in rules],
        under_way=found.under_way is not None,
        driven=driving.driven,
        fault=fault(found, driving),
        **currency(provider),
    )


def watched(found: View, driving: Driving, now: int) -> pb.WatchRunResponse:
    """How far a run is."""
    last = _progress(found, found.passes[-1], now) if found.passes else None
    return pb.WatchRunResponse(
        state=_state(found.state),
        progress=last,
        driven=driving.driven,
        fault=fault(found, driving),
    )


def fault(found: View, driving: Driving) -> pb.RunFault | None:
    """Why the run stopped; None: it did not, or somebody has gone on since."""
    stopped: Fault | None = driving.fault
    if stopped is None or driving.driven or found.under_way is None:
        return None
    since = max(found.under_way.recorded_at, *(one.recorded_at for one in found.chunks), 0)
    if since > stopped.at:
        return None
    return pb.RunFault(reason=stopped.reason, message=stopped.message, at=stopped.at)


def order(found: RunOrder, known: Names) -> pb.RunOrder:
    return pb.RunOrder(
        first_account=found.first_account,
        last_account=found.last_account,
        cycle=known.cycles[found.cycle_no] if found.cycle_no else "",
        first_day=account_messages.iso(found.window.first_day),
        last_day=account_messages.iso(found.window.last_day),
        issued_day=account_messages.iso(found.issued_day),
        straggler_day=account_messages.iso(found.straggler_day),
        kind=f"RUN_KIND_{found.kind.name}",
        chunk_accounts=found.chunk_accounts,
        straight=found.straight,
        estimate=found.estimate,
    )


def summary(found: rows.Run, state: int, known: Names) -> pb.RunSummary:
    return pb.RunSummary(
        run_id=found.run_id,
        simulated=bool(found.simulated),
        state=_state(state),
        order=order(parsed(found.orders), known),
        client_id=found.client_id,
        recorded_at=found.recorded_at,
    )


def exceptions(reader: Reader, found: Sequence[LeftOut]) -> list[pb.RunException]:
    return [_exception(reader, one) for one in found]


def _exception(reader: Reader, found: LeftOut) -> pb.RunException:
    row, decision = found.row, found.decision
    account = accounts.account(reader, row.account_id)
    return pb.RunException(
        account_id=row.account_id,
        number=account.number if account else "",
        outcome=f"RUN_OUTCOME_{found.outcome.name}",
        rule=row.rule,
        message=row.message,
        agreement_no=row.agreement_no,
        total=row.total,
        pass_no=row.pass_no,
        reason=decision.reason if decision else "",
        actor=decision.actor if decision else "",
        decided_at=decision.recorded_at if decision else 0,
    )


def _state(number: int) -> str:
    return f"RUN_STATE_{State(number).name}"


def _step(found: rows.Step) -> pb.RunStep:
    return pb.RunStep(
        state=_state(found.state),
        client_id=found.client_id,
        actor=found.actor,
        reason=found.reason,
        recorded_at=found.recorded_at,
    )


def _rule(number: int, rule: str, count: int) -> pb.RunRule:
    return pb.RunRule(outcome=RULES[number], rule=rule, accounts=count)


def _progress(found: View, begun: rows.Pass, now: int) -> pb.RunProgress:
    told: Progress = progress(found, begun, now)
    return pb.RunProgress(
        phase=f"RUN_PHASE_{Phase(told.phase).name}",
        pass_no=told.pass_no,
        until_day=account_messages.iso(begun.until_day),
        actor=begun.actor,
        reason=begun.reason,
        done=told.ended,
        chunks=told.chunks,
        chunks_done=told.chunks_done,
        accounts=told.accounts,
        accounts_done=told.accounts_done,
        bills=told.bills,
        held=told.held,
        refused=told.refused,
        total=told.total,
        digest=told.digest.hex(),
        begun_at=told.begun_at,
        microseconds=told.micros,
        accounts_per_second=told.accounts_per_second,
        left_microseconds=told.left_micros,
    )
