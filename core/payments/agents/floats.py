"""The cash float of agents: what comes in, what the limit refuses, what they earn.

The ledger account of an agent's channel is `cash_float:<channel>`, so a payment there is posted
like any other; beside it stands a row of the float's sub-ledger. The rule of the limit: a payment
whose money is not taken yet is refused when no shift is open, or when the agent would hold more
than its limit. Money that was taken is always posted; an agent that holds more than its limit is
locked thereby: it takes nothing more until it hands over. Whoever moves a float holds its agent's
row first, before any account: so two that move it wait for each other and never in a circle.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa

from billcore.core.events.outbox import record
from billcore.core.ledger import journal
from billcore.core.ledger.kinds import AGENTS
from billcore.core.payments.agents.errors import AgentLimit, AgentShut
from billcore.core.payments.channel_policies import ConvenienceFee
from billcore.core.payments.channels import CASH_KINDS
from billcore.core.payments.intake.place import OpenChannel
from billcore.core.store import agents as rows
from billcore.core.store.agents import AgentRow
from billcore.core.store.port import Session

LOCKED = "agent.locked"


class Cash(IntEnum):
    """What moves a float; the numbers are stored."""

    PAYMENT = 1
    REVERSAL = 2
    SALE = 3  # of vouchers
    HAND_OVER = 4
    SHORT_OVER = 5


@dataclass(frozen=True, slots=True)
class Movement:
    """Of a float. amount: what it is more by; commission: what the agent earns; day: effective."""

    reference: str
    amount: int
    day: int
    commission: int = 0


def agents_of(channels: Mapping[int, OpenChannel]) -> Iterator[OpenChannel]:
    """The channels of agents among these, in the order in which they are held."""
    for number in sorted(channels):
        if channels[number].kind in CASH_KINDS:
            yield channels[number]


def hold(session: Session, provider_id: int, channel: OpenChannel, now: int) -> AgentRow:
    """The agent of a channel, held until the transaction ends.

    Of a channel without an agent: one that may hold nothing, so that money which was taken there
    is somebody's.
    """
    found = rows.held_agent(session, provider_id, channel.channel_no)
    return found or nobody(channel, now)


def nobody(channel: OpenChannel, now: int) -> AgentRow:
    """The agent of a channel for which none was created; its revision is 0."""
    return AgentRow(channel.channel_no, channel.channel, 0, 0, 0, 0, 1, 0, 0, now)


def refusal(
    agent: AgentRow, channel: OpenChannel, held: int, amount: int
) -> AgentShut | AgentLimit | None:
    """Why an agent that holds so much may not take an amount, or None."""
    if not agent.is_open:
        return AgentShut(
            f"No shift of the agent {channel.channel} is open: open one.", channel=channel.channel
        )
    if held + amount > agent.float_limit:
        return AgentLimit(
            f"The agent {channel.channel} holds {held} and may hold {agent.float_limit}; {amount} "
            "is too much before it hands over.",
            channel=channel.channel,
            held=held,
            limit=agent.float_limit,
            amount=amount,
        )
    return None


def commission(agent: AgentRow, amount: int) -> int:
    """What an agent earns by a payment, half up to the minor unit."""
    return ConvenienceFee(agent.commission_fixed, agent.commission_per_10000).fee(amount)


def move(
    session: Session,
    provider_id: int,
    channel: OpenChannel,
    agent: AgentRow,
    kind: Cash,
    moved: Sequence[Movement],
    client_id: int,
    now: int,
) -> None:
    """Writes movements of a held agent's float, which others post, and posts its commissions."""
    if not agent.revision:  # perhaps there is no row of it yet
        rows.add(session, provider_id, agent._replace(held=0))
    count = len(moved)
    rows.add_cash(
        session,
        {
            "provider_id": np.full(count, provider_id),
            "channel_no": np.full(count, channel.channel_no),
            "shift_no": np.full(count, agent.shift_no),
            "kind": np.full(count, kind.value),
            "reference": pa.array([one.reference for one in moved], pa.string()),
            "amount": np.array([one.amount for one in moved], dtype=np.int64),
            "commission": np.array([one.commission for one in moved], dtype=np.int64),
            "recorded_at": np.full(count, now),
        },
    )
    total = sum(one.amount for one in moved)
    rows.take(session, provider_id, channel.channel_no, total)
    _earn(session, provider_id, channel, kind, moved, client_id, now)
    if agent.held <= agent.float_limit < agent.held + total:
        told = {"held": agent.held + total, "limit": agent.float_limit}
        record(session, provider_id, LOCKED, f"agent {channel.channel_no}", told, now)


def _earn(
    session: Session,
    provider_id: int,
    channel: OpenChannel,
    kind: Cash,
    moved: Sequence[Movement],
    client_id: int,
    now: int,
) -> None:
    earned: dict[int, int] = {}
    for one in moved:
        earned[one.day] = earned.get(one.day, 0) + one.commission
    entries = [
        journal.Entry(
            provider_id=provider_id,
            source=f"commission/{channel.channel_no}/{kind}/{moved[0].reference}/{day}",
            day=day,
            kind=AGENTS,
            amounts={
                f"channel_fees:{channel.channel}": amount,
                f"agent_payable:{channel.channel}": -amount,
            },
            client_id=client_id,
            recorded_at=now,
        )
        for day, amount in earned.items()
        if amount
    ]
    if entries:
        journal.post_all(session, entries)
