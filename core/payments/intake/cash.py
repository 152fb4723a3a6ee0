"""Payments that agents take: admitted within their limits, then put into their floats.

Channels of other kinds cost nothing here.
"""

from collections.abc import Mapping

import numpy as np

from billcore.core.accounts.checks import Bools, Ints, ints
from billcore.core.payments.agents import floats
from billcore.core.payments.agents.floats import Cash, Movement
from billcore.core.payments.channels import CASH_KINDS
from billcore.core.payments.intake.form import Refusals
from billcore.core.payments.intake.place import OpenChannel, Place
from billcore.core.payments.orders import Orders
from billcore.core.store import agents as rows
from billcore.core.store import payments as payment_rows
from billcore.core.store.agents import AgentRow
from billcore.core.store.payments import OrderRow, ReversalRow
from billcore.core.store.port import Column, Session

Held = dict[int, AgentRow]
"""The agents that a transaction holds, by number of channel."""


def admit(
    session: Session,
    provider_id: int,
    channels: Mapping[int, OpenChannel],
    orders: Orders,
    first: Bools,
    refusals: Refusals,
    now: int,
) -> Held:
    """Holds the agents that new payments are told to, and refuses what goes beyond their limits.

    first: the rows that may be new. OUT: refusals. Payments that were told before count for none.
    """
    held: Held = {}
    for channel in floats.agents_of(channels):
        wanted = np.flatnonzero(first & (orders.channel_no == channel.channel_no)).tolist()
        if not wanted:
            continue
        agent = floats.hold(session, provider_id, channel, now)
        references = [orders.reference[row].as_py() for row in wanted]
        key = provider_id, channel.channel_no
        kept = payment_rows.of_references(session, *key, references)["reference"]
        known, holds = {one.as_py() for one in kept}, agent.held
        for row, reference in zip(wanted, references, strict=True):
            amount = int(orders.amount[row])
            if reference in known:
                continue
            why = None
            if not orders.taken[row]:
                why = floats.refusal(agent, channel, holds, amount)
            if why is None:
                holds += amount
            else:
                refusals.overrule(row, why.code, why)
        held[channel.channel_no] = agent
    return held


def took(
    session: Session,
    provider_id: int,
    channels: Mapping[int, OpenChannel],
    held: Held,
    columns: Mapping[str, Column],
    new: Ints,
    now: int,
) -> None:
    """Puts new payments into the floats of the agents that took them."""
    channel_no = ints(columns["channel_no"])
    for number, agent in held.items():
        chosen = new[channel_no[new] == number].tolist()
        if not chosen:
            continue
        moved = []
        for row in chosen:
            amount, day = int(ints(columns["amount"])[row]), int(ints(columns["day"])[row])
            reference = columns["reference"][row].as_py()
            moved.append(Movement(reference, amount, day, floats.commission(agent, amount)))
        client_id = int(ints(columns["client_id"])[chosen[0]])
        floats.move(
            session, provider_id, channels[number], agent, Cash.PAYMENT, moved, client_id, now
        )


def gave_back(session: Session, place: Place, order: OrderRow, row: ReversalRow) -> None:
    """Takes a reversed payment out of its agent's float, and the commission back."""
    channel = place.channel
    if channel.kind not in CASH_KINDS:
        return
    agent = floats.hold(session, place.provider_id, channel, row.recorded_at)
    key = place.provider_id, channel.channel_no, Cash.PAYMENT, order.reference
    earned = rows.commission(session, *key)
    moved = [Movement(row.reference, -order.amount, row.day, -earned)]
    told = row.client_id, row.recorded_at
    floats.move(session, place.provider_id, channel, agent, Cash.REVERSAL, moved, *told)
