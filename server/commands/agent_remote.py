"""The agents of a running server as `billcore agent` calls them."""

from collections.abc import Iterable
from functools import partial

from rich.table import Table

from billcore.server.commands.console import out, say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.v1 import agent_service_pb2 as pb
from billcore.v1.agent_service_pb2_grpc import AgentServiceStub

Terms = tuple[str, int, int, int]
"""Name, limit of the float, commission: fixed, and of each 10,000."""


class Agents:
    """AgentService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, AgentServiceStub)

    def create(self, code: str, terms: Terms, given_id: str) -> None:
        """Makes an agent and tells it."""
        agent = _agent(code, terms)
        request = pb.CreateAgentRequest(request_id=request_named(given_id), agent=agent)
        with self._stub() as stub:
            _tell(stub.CreateAgent(request, **self._remote.call).agent)

    def update(self, code: str, terms: Terms, revision: int, reason: str, given_id: str) -> None:
        """Changes an agent and tells it."""
        agent = _agent(code, terms, revision)
        name = request_named(given_id)
        request = pb.UpdateAgentRequest(request_id=name, agent=agent, reason=reason)
        with self._stub() as stub:
            _tell(stub.UpdateAgent(request, **self._remote.call).agent)

    def show(self, code: str) -> None:
        """Tells an agent."""
        with self._stub() as stub:
            request = pb.GetAgentRequest(channel=code)
            _tell(stub.GetAgent(request, **self._remote.call).agent)

    def agents(self) -> None:
        """Tells every agent."""
        table = Table("agent", "name", "holds", "limit", "shift", "open", box=None)
        request = pb.ListAgentsRequest(page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListAgents, request, self._remote.call):
                for one in page.agents:
                    money = str(one.held), str(one.float_limit)
                    is_open = "yes" if one.is_open else "no"
                    table.add_row(one.channel, one.name, *money, str(one.shift_no), is_open)
        out.print(table)

    def open(self, code: str, given_id: str) -> None:
        """Opens a shift and tells it."""
        request = pb.OpenShiftRequest(request_id=request_named(given_id), channel=code)
        with self._stub() as stub:
            _tell_shift(stub.OpenShift(request, **self._remote.call).shift, ())

    def hand_over(self, code: str, amount: int, given_id: str) -> None:
        """Hands cash over and tells the agent."""
        name = request_named(given_id)
        request = pb.HandOverCashRequest(request_id=name, channel=code, amount=amount)
        with self._stub() as stub:
            _tell(stub.HandOverCash(request, **self._remote.call).agent)

    def close(self, code: str, counted: int, given_id: str) -> None:
        """Closes a shift and tells its report."""
        name = request_named(given_id)
        request = pb.CloseShiftRequest(request_id=name, channel=code, counted=counted)
        with self._stub() as stub:
            told = stub.CloseShift(request, **self._remote.call)
        _tell_shift(told.shift, told.sums)

    def shift(self, code: str, number: int) -> None:
        """Tells the report of a shift."""
        request = pb.GetShiftRequest(channel=code, shift_no=number)
        with self._stub() as stub:
            told = stub.GetShift(request, **self._remote.call)
        _tell_shift(told.shift, told.sums)

    def shifts(self, code: str) -> None:
        """Tells every shift of an agent."""
        request = pb.ListShiftsRequest(channel=code, page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListShifts, request, self._remote.call):
                for one in page.shifts:
                    _tell_shift(one, ())


def _agent(code: str, terms: Terms, revision: int = 0) -> pb.Agent:
    name, limit, fixed, share = terms
    return pb.Agent(
        channel=code,
        name=name,
        float_limit=limit,
        commission_fixed=fixed,
        commission_per_10000=share,
        revision=revision,
    )


def _tell(told: pb.Agent) -> None:
    shift = f"shift {told.shift_no} {'is open' if told.is_open else 'is next'}"
    say(
        f"Agent {told.channel}: {told.name}, holds {told.held} of {told.float_limit}, {shift}, "
        f"earns {told.commission_fixed} + {told.commission_per_10000}/10000, "
        f"revision {told.revision}"
    )


def _tell_shift(told: pb.Shift, sums: Iterable[pb.CashSum]) -> None:
    if told.closed_at:
        say(f"Shift {told.shift_no}: closed, {told.counted} counted of {told.expected}")
    else:
        say(f"Shift {told.shift_no}: open")
    for one in sums:
        word = pb.CashKind.Name(one.kind).removeprefix("CASH_KIND_").lower().replace("_", " ")
        say(f"{word}: {one.amount} in {one.times}, commission {one.commission}")
