"""Shifts of agents: opened, cash handed over and counted, closed with what is short or over.

In between an agent hands over some of its cash; the shift is closed by counting all of it, which is
handed over, and what lacks or is too much is posted to `short_over`. So a closed shift leaves
nothing in the float, and the float is always what its open shift has taken.
"""

from typing import NamedTuple

import numpy as np

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.ledger import journal
from billcore.core.ledger.account_entries import AMOUNT_MAX
from billcore.core.ledger.kinds import AGENTS
from billcore.core.ledger.turns import turn_to_post
from billcore.core.payments.agents import agents, floats
from billcore.core.payments.agents.errors import (
    AgentFieldInvalid,
    AgentShiftUnfit,
    AgentShiftUnknown,
)
from billcore.core.payments.agents.floats import Cash, Movement
from billcore.core.payments.intake.place import OpenChannel
from billcore.core.store import agents as rows
from billcore.core.store.agents import AgentRow, CashSum, ShiftRow
from billcore.core.store.port import Reader


class Report(NamedTuple):
    """A shift and what moved the float in it, by kind."""

    shift: ShiftRow
    sums: dict[Cash, CashSum]


def open_shift(write: Write, code: str) -> ShiftRow:
    """Opens the next shift. Raises AgentUnknown, AgentShiftUnfit."""
    provider_id, channel, agent = _held(write, code)
    if agent.is_open:
        raise AgentShiftUnfit(
            f"Shift {agent.shift_no} of the agent {code} is open: close it first.",
            shift_no=agent.shift_no,
        )
    opened = ShiftRow(agent.shift_no, write.now, write.caller.client_id, 0, 0, 0, 0)
    rows.add_shift(write.session, provider_id, channel.channel_no, opened)
    rows.turn(write.session, provider_id, channel.channel_no, agent.shift_no, 1)
    told = {"shift_no": agent.shift_no, "held": agent.held}
    tell(write, provider_id, "agent.shift_opened", agents.subject(channel), told)
    return opened


def see_open(write: Write, code: str) -> None:
    """Opens the next shift unless one is open. Raises AgentUnknown."""
    if not _held(write, code)[2].is_open:
        open_shift(write, code)


def hand_over(write: Write, code: str, amount: int, today: int, source: str) -> AgentRow:
    """An agent hands over some of its cash, counted: the agent after that.

    amount: minor units, at most what it holds; source: unique per provider. Raises AgentUnknown,
    AgentShiftUnfit, AgentFieldInvalid.
    """
    provider_id, channel, agent = _held(write, code)
    _check_open(agent, code)
    if not 1 <= amount <= agent.held:
        raise AgentFieldInvalid("amount", f"{amount} is not from 1 to {agent.held}, its float.")
    _hand(write, channel, agent, amount, 0, today, source)
    told = {"amount": amount, "shift_no": agent.shift_no}
    tell(write, provider_id, "agent.handed_over", agents.subject(channel), told)
    return agent._replace(held=agent.held - amount)


def close_shift(write: Write, code: str, counted: int, today: int, source: str) -> Report:
    """Closes the shift with all cash counted and handed over.

    counted: minor units, 0 or more; source: unique per provider. Raises AgentUnknown,
    AgentShiftUnfit, AgentFieldInvalid.
    """
    provider_id, channel, agent = _held(write, code)
    _check_open(agent, code)
    if not 0 <= counted <= AMOUNT_MAX:
        raise AgentFieldInvalid("counted", f"{counted} is not from 0 to {AMOUNT_MAX}.")
    over = counted - agent.held
    _hand(write, channel, agent, counted, over, today, source)
    shift = rows.shift(write.session, provider_id, channel.channel_no, agent.shift_no)
    assert shift is not None  # an open shift has a row
    closed = shift._replace(
        closed_at=write.now,
        closed_by=write.caller.client_id,
        expected=agent.held,
        counted=counted,
    )
    rows.close_shift(write.session, provider_id, channel.channel_no, closed)
    rows.turn(write.session, provider_id, channel.channel_no, agent.shift_no + 1, 0)
    told = {"shift_no": agent.shift_no, "counted": counted, "over": over}
    tell(write, provider_id, "agent.shift_closed", agents.subject(channel), told)
    return report(write.session, provider_id, channel, agent.shift_no)


def hand_in(
    write: Write, code: str, expected: int, counted: int, today: int, source: str
) -> AgentRow:
    """An agent hands over what should be `expected` and is counted; the shift goes on with what
    else it holds. Raises AgentUnknown, AgentShiftUnfit, AgentFieldInvalid."""
    provider_id, channel, agent = _held(write, code)
    _check_open(agent, code)
    if not 0 <= counted <= AMOUNT_MAX:
        raise AgentFieldInvalid("counted", f"{counted} is not from 0 to {AMOUNT_MAX}.")
    over = counted - expected
    _hand(write, channel, agent, counted, over, today, source)
    told = {"amount": counted, "over": over, "shift_no": agent.shift_no}
    tell(write, provider_id, "agent.handed_over", agents.subject(channel), told)
    return agent._replace(held=agent.held - expected)


def report(reader: Reader, provider_id: int, channel: OpenChannel, shift_no: int) -> Report:
    """A shift of an agent. Raises AgentShiftUnknown."""
    shift = rows.shift(reader, provider_id, channel.channel_no, shift_no)
    if shift is None:
        raise AgentShiftUnknown(channel.channel, shift_no)
    sums = rows.sums(reader, provider_id, channel.channel_no, shift_no)
    return Report(shift, {Cash(one.kind): one for one in sums})


def _held(write: Write, code: str) -> tuple[int, OpenChannel, AgentRow]:
    provider_id = provider_acting(write.caller)
    channel = agents.channel_of(write.session, provider_id, code)
    rows.held_agent(write.session, provider_id, channel.channel_no)
    return provider_id, channel, agents.agent_of(write.session, provider_id, channel)


def _check_open(agent: AgentRow, code: str) -> None:
    if not agent.is_open:
        raise AgentShiftUnfit(f"No shift of the agent {code} is open: open one.", shift_no=0)


def _hand(
    write: Write,
    channel: OpenChannel,
    agent: AgentRow,
    counted: int,
    over: int,
    today: int,
    source: str,
) -> None:
    """Takes what was counted out of the float, and what is over into it (below 0: short)."""
    provider_id, client_id = provider_acting(write.caller), write.caller.client_id
    nobody = np.zeros(0, dtype=np.int64)
    now = turn_to_post(write.session, provider_id, nobody, write.now)
    for kind, amount in ((Cash.HAND_OVER, -counted), (Cash.SHORT_OVER, over)):
        if amount:
            moved = [Movement(source, amount, today)]
            at = write.session, provider_id, channel, agent
            floats.move(*at, kind, moved, client_id, now)
    amounts = {
        f"cash_in_transit:{channel.channel}": counted,
        f"short_over:{channel.channel}": -over,
        channel.ledger: over - counted,
    }
    entry = journal.Entry(
        provider_id=provider_id,
        source=source,
        day=today,
        kind=AGENTS,
        amounts={code: amount for code, amount in amounts.items() if amount},
        client_id=client_id,
        recorded_at=now,
    )
    if entry.amounts:
        journal.post(write.session, entry)
