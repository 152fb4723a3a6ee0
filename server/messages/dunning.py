"""Dunning as messages, and back."""

from collections.abc import Sequence
from typing import Any

from billcore.core.collections.dunning.explaining import ExplainedDunning, ExplainedItem
from billcore.core.collections.dunning.policies import NamedPolicy
from billcore.core.collections.dunning.policy import Signal
from billcore.core.store.dunning import ActionRow, PauseRow
from billcore.core.store.providers import Provider
from billcore.server.asked import currency
from billcore.server.messages import account as fields
from billcore.v1 import dunning_pb2 as pb

ACTIONS = "dunning_action"
SWEEP = "dunning_sweep"


def policy(found: NamedPolicy) -> pb.DunningPolicy:
    return pb.DunningPolicy(name=found.name, definition=found.policy.json, revision=found.revision)


def counts(actions: Sequence[ActionRow]) -> list[pb.DunningCount]:
    """What was done, by signal."""
    found = []
    for signal in Signal:
        own = [one for one in actions if one.signal == signal]
        if own:
            told: Any = int(signal)
            found.append(
                pb.DunningCount(
                    signal=told,
                    accounts=len(own),
                    debt=sum(one.debt for one in own),
                    charged=sum(one.charge for one in own),
                )
            )
    return found


def action(found: ActionRow) -> pb.DunningAction:
    told: Any = found.signal
    return pb.DunningAction(
        action_no=found.action_no,
        episode=found.episode,
        level=found.level,
        signal=told,
        day=fields.iso(found.day),
        debt=found.debt,
        overdue=found.overdue,
        oldest_due_day=_day(found.oldest_due_day),
        about_day=fields.iso(found.about_day),
        policy=found.policy,
        revision=found.revision,
        charge=found.charge,
        tax=found.tax,
        account_entry_id=found.account_entry_id,
        recorded_at=found.recorded_at,
    )


def pause(found: PauseRow) -> pb.DunningPause:
    return pb.DunningPause(
        account_id=found.account_id,
        source=found.source,
        reason_code=found.reason_code,
        from_day=fields.iso(found.from_day),
        until_day=fields.iso(found.until_day),
        reason=found.reason,
        version=found.version,
        recorded_at=found.recorded_at,
    )


def explained(found: ExplainedDunning, provider: Provider, day: int) -> pb.ExplainDunningResponse:
    seen, judgement = found.seen, found.judgement
    state = seen.state if seen.state and seen.state.level else None
    verdict: Any = int(judgement.verdict)
    return pb.ExplainDunningResponse(
        account_id=seen.account_id,
        day=fields.iso(day),
        verdict=verdict,
        not_before=_day(judgement.until),
        overdue=judgement.debt.overdue,
        debt=judgement.debt.debt,
        oldest_due_day=_day(judgement.debt.oldest),
        in_flight=seen.owed.in_flight,
        policy=policy(seen.policy) if seen.policy else None,
        episode=state.episode if state else 0,
        level=state.level if state else 0,
        next_level=judgement.level,
        pause=pause(seen.pause) if seen.pause else None,
        items=[_item(one) for one in found.items],
        **currency(provider),
    )


def _item(found: ExplainedItem) -> pb.DunningItem:
    told: Any = int(found.counts)
    return pb.DunningItem(
        item_id=found.item_id,
        due_day=fields.iso(found.due_day),
        open=found.open,
        held=found.held,
        debt=found.debt,
        state=told,
    )


def _day(ordinal: int) -> str:
    """0: there is none."""
    return fields.iso(ordinal) if ordinal else ""
