"""CollectionService's calls on plans of instalments. Handlers: convert, call, convert, return."""

from collections import Counter

import grpc

from billcore.core.collections.instalments import plans
from billcore.core.collections.instalments.reading import plan_of, plans_of
from billcore.core.collections.instalments.states import PlanState
from billcore.core.collections.instalments.sweeping import sweep_plans
from billcore.core.store.instalments import PlanRow
from billcore.core.store.port import Reader
from billcore.server import asked
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import instalments as messages
from billcore.server.telemetry import Metrics
from billcore.v1 import instalments_pb2 as pb

Context = grpc.ServicerContext


class InstalmentCalls:
    """The plans of the caller's provider over gRPC."""

    _backend: Backend
    _metrics: Metrics

    def ProposeInstalments(self, request: pb.ProposeInstalmentsRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ProposeInstalmentsResponse:
            account_id = asked.account(write.session, request).account_id
            terms = messages.terms(request, asked.moment(write.session, write.now))
            provider, why = asked.provider(write.session), asked.reason(request)
            row = plans.propose(write, provider, account_id, list(request.item_ids), terms, why)
            return pb.ProposeInstalmentsResponse(plan=_told(write.session, row))

        return self._backend.once(request, context, act)

    def ApproveInstalments(self, request: pb.ApproveInstalmentsRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ApproveInstalmentsResponse:
            account_id = asked.account(write.session, request).account_id
            provider, why = asked.provider(write.session), asked.reason(request)
            row = plans.approve(write, provider, account_id, request.plan_no, why)
            return pb.ApproveInstalmentsResponse(plan=_told(write.session, row))

        return self._backend.once(request, context, act)

    def EndInstalments(self, request: pb.EndInstalmentsRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.EndInstalmentsResponse:
            account_id = asked.account(write.session, request).account_id
            row = plans.end(write, account_id, request.plan_no, asked.reason(request))
            return pb.EndInstalmentsResponse(plan=_told(write.session, row))

        return self._backend.once(request, context, act)

    def ListInstalmentPlans(
        self, request: pb.ListInstalmentPlansRequest, context: Context
    ) -> pb.ListInstalmentPlansResponse:
        with self._backend.store.read() as reader:
            account_id, provider = asked.account(reader, request).account_id, asked.provider(reader)
            found = plans_of(reader, account_id)
        return pb.ListInstalmentPlansResponse(plans=[messages.plan(one, provider) for one in found])

    def SweepInstalments(
        self, request: pb.SweepInstalmentsRequest, context: Context
    ) -> pb.SweepInstalmentsResponse:
        swept = sweep_plans(self._backend.store, CALLER.get(), self._backend.now)
        done = Counter(state for _, _, state in swept)
        for state, count in done.items():
            self._metrics.plans_moved(state.word, count)
        return pb.SweepInstalmentsResponse(
            completed=done[PlanState.COMPLETED],
            defaulted=done[PlanState.DEFAULTED],
            reopened=done[PlanState.ACTIVE],
        )


def _told(reader: Reader, row: PlanRow) -> pb.InstalmentPlan:
    return messages.plan(plan_of(reader, row), asked.provider(reader))
