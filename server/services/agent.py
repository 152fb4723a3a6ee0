"""AgentService: agents, shifts, cash. Each handler: convert, call, convert, return."""

import grpc

from billcore.core.collections.field import hand_ins
from billcore.core.payments.agents import agents, shifts
from billcore.core.payments.channels import check_channel
from billcore.core.store import agents as rows
from billcore.core.store import channels as channel_rows
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as fields
from billcore.server.messages import agent as messages
from billcore.v1 import agent_service_pb2 as pb
from billcore.v1.agent_service_pb2_grpc import AgentServiceServicer

Context = grpc.ServicerContext


class AgentService(AgentServiceServicer):
    """The agents of the caller's provider over gRPC."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def CreateAgent(self, request: pb.CreateAgentRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateAgentResponse:
            given = request.agent
            made = agents.create_agent(write, given.channel, messages.terms(given))
            return pb.CreateAgentResponse(agent=messages.agent(made, given.channel))

        return self._backend.once(request, context, act)

    def UpdateAgent(self, request: pb.UpdateAgentRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.UpdateAgentResponse:
            given, why = request.agent, fields.reason(request)
            terms = messages.terms(given)
            changed = agents.change_agent(write, given.channel, terms, given.revision, why)
            return pb.UpdateAgentResponse(agent=messages.agent(changed, given.channel))

        return self._backend.once(request, context, act)

    def GetAgent(self, request: pb.GetAgentRequest, context: Context) -> pb.GetAgentResponse:
        check_channel(CALLER.get(), request.channel)
        provider_id = CALLER.get().provider_id
        with self._backend.store.read() as reader:
            channel = agents.channel_of(reader, provider_id, request.channel)
            found = agents.agent_of(reader, provider_id, channel)
        return pb.GetAgentResponse(agent=messages.agent(found, request.channel))

    def ListAgents(self, request: pb.ListAgentsRequest, context: Context) -> pb.ListAgentsResponse:
        after, size = pages.after_number(request, "agent"), pages.page_size(request)
        provider_id = CALLER.get().provider_id
        with self._backend.store.read() as reader:
            found = rows.agents(reader, provider_id, after, size + 1)
            page, token = fields.cut(found, size, "agent", "channel_no")
            named = [(one, channel_rows.find(reader, provider_id, one.channel_no)) for one in page]
        told = [messages.agent(one, channel.channel) for one, channel in named if channel]
        return pb.ListAgentsResponse(agents=told, next_page_token=token)

    def OpenShift(self, request: pb.OpenShiftRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.OpenShiftResponse:
            check_channel(write.caller, request.channel)
            return pb.OpenShiftResponse(
                shift=messages.shift(shifts.open_shift(write, request.channel))
            )

        return self._backend.once(request, context, act)

    def HandOverCash(self, request: pb.HandOverCashRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.HandOverCashResponse:
            today = asked.moment(write.session, write.now).today
            source = asked.source(write, request)
            hand_ins.check_no_hand_in(write, request.channel)
            left = shifts.hand_over(write, request.channel, request.amount, today, source)
            return pb.HandOverCashResponse(agent=messages.agent(left, request.channel))

        return self._backend.once(request, context, act)

    def CloseShift(self, request: pb.CloseShiftRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CloseShiftResponse:
            today = asked.moment(write.session, write.now).today
            source = asked.source(write, request)
            hand_ins.check_no_hand_in(write, request.channel)
            done = shifts.close_shift(write, request.channel, request.counted, today, source)
            sums = messages.sums(done.sums.values())
            return pb.CloseShiftResponse(shift=messages.shift(done.shift), sums=sums)

        return self._backend.once(request, context, act)

    def GetShift(self, request: pb.GetShiftRequest, context: Context) -> pb.GetShiftResponse:
        check_channel(CALLER.get(), request.channel)
        provider_id = CALLER.get().provider_id
        with self._backend.store.read() as reader:
            channel = agents.channel_of(reader, provider_id, request.channel)
            found = shifts.report(reader, provider_id, channel, request.shift_no)
        sums = messages.sums(found.sums.values())
        return pb.GetShiftResponse(shift=messages.shift(found.shift), sums=sums)

    def ListShifts(self, request: pb.ListShiftsRequest, context: Context) -> pb.ListShiftsResponse:
        check_channel(CALLER.get(), request.channel)
        provider_id = CALLER.get().provider_id
        with self._backend.store.read() as reader:
            channel = agents.channel_of(reader, provider_id, request.channel)
            of = f"shift/{channel.channel_no}"
            after, size = pages.after_number(request, of), pages.page_size(request)
            found = rows.shifts(reader, provider_id, channel.channel_no, after, size + 1)
        page, token = fields.cut(found, size, of, "shift_no")
        told = [messages.shift(one) for one in page]
        return pb.ListShiftsResponse(shifts=told, next_page_token=token)
