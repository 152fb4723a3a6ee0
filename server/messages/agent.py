"""Agents and their shifts as messages, and back."""

from collections.abc import Iterable

from billcore.core.payments.agents.agents import Terms
from billcore.core.store.agents import AgentRow, CashSum, ShiftRow
from billcore.v1 import agent_service_pb2 as pb


def terms(given: pb.Agent) -> Terms:
    """What is agreed with an agent."""
    return Terms(given.name, given.float_limit, given.commission_fixed, given.commission_per_10000)


def agent(found: AgentRow, channel: str) -> pb.Agent:
    """channel: its code."""
    fields = found._asdict() | {"channel": channel, "is_open": bool(found.is_open)}
    del fields["channel_no"]
    return pb.Agent(**fields)


def shift(found: ShiftRow) -> pb.Shift:
    return pb.Shift(**found._asdict())


def sums(found: Iterable[CashSum]) -> list[pb.CashSum]:
    return [pb.CashSum(**one._asdict()) for one in found]
