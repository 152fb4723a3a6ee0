"""CollectionService's calls on dunning. Each handler: convert, call, convert, return."""

import grpc
import numpy as np

from billcore.core.collections.dunning import pauses, policies, sweeping, waiving
from billcore.core.collections.dunning.explaining import explain
from billcore.core.collections.dunning.looking import Moment
from billcore.core.collections.dunning.policy import Signal
from billcore.core.store import dunning as rows
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as fields
from billcore.server.messages import dunning as messages
from billcore.server.telemetry import Metrics
from billcore.v1 import dunning_pb2 as pb

Context = grpc.ServicerContext

ACTION_MAX = 2**31 - 1


class DunningCalls:
    """The dunning of the caller's provider over gRPC."""

    _backend: Backend
    _metrics: Metrics

    # -- policies

    def SetDunningPolicy(self, request: pb.SetDunningPolicyRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SetDunningPolicyResponse:
            given, why = request.policy, fields.reason(request)
            made = policies.set_policy(write, given.name, given.definition, given.revision, why)
            return pb.SetDunningPolicyResponse(policy=messages.policy(made))

        return self._backend.once(request, context, act)

    def ListDunningPolicies(
        self, request: pb.ListDunningPoliciesRequest, context: Context
    ) -> pb.ListDunningPoliciesResponse:
        with self._backend.store.read() as reader:
            found = policies.policies(reader, CALLER.get().provider_id)
        return pb.ListDunningPoliciesResponse(policies=[messages.policy(one) for one in found])

    # -- what is done

    def SweepDunning(
        self, request: pb.SweepDunningRequest, context: Context
    ) -> pb.SweepDunningResponse:
        after, caller = pages.after_number(request, messages.SWEEP), CALLER.get()
        backend = self._backend
        with backend.store.read() as reader:
            today = asked.moment(reader, backend.now()).today
        done = next(sweeping.sweep(backend.store, caller, backend.now, after), None)
        if done is None:
            return pb.SweepDunningResponse(day=fields.iso(today))
        for signal in Signal:
            self._metrics.dunned(signal.word, done.count(signal))
        return pb.SweepDunningResponse(
            day=fields.iso(today),
            accounts=done.accounts,
            counts=messages.counts(done.actions),
            next_page_token=pages.token(messages.SWEEP, str(done.last)) if done.more else "",
        )

    def ExplainDunning(
        self, request: pb.ExplainDunningRequest, context: Context
    ) -> pb.ExplainDunningResponse:
        with self._backend.store.read() as reader:
            account_id, provider = asked.account(reader, request).account_id, asked.provider(reader)
            moment = asked.moment(reader, self._backend.now())
            day = moment.day(request.day, "day")
            found = explain(reader, provider, account_id, Moment(day, moment.now))
        return messages.explained(found, provider, day)

    def ListDunningActions(
        self, request: pb.ListDunningActionsRequest, context: Context
    ) -> pb.ListDunningActionsResponse:
        size = pages.page_size(request)
        with self._backend.store.read() as reader:
            account_id, provider = asked.account(reader, request).account_id, asked.provider(reader)
            of = f"{messages.ACTIONS}/{account_id}"
            before = pages.after_number(request, of) or ACTION_MAX
            found = rows.actions(reader, account_id, before, size + 1)
        page, token = fields.cut(found, size, of, "action_no")
        return pb.ListDunningActionsResponse(
            actions=[messages.action(one) for one in page],
            next_page_token=token,
            **asked.currency(provider),
        )

    def WaiveDunningCharge(self, request: pb.WaiveDunningChargeRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.WaiveDunningChargeResponse:
            account_id = asked.account(write.session, request).account_id
            day = asked.moment(write.session, write.now).day(request.day, "day")
            source, why = asked.source(write, request), asked.reason(request)
            entry = request.account_entry_id
            of, undoing = waiving.waive(write, account_id, entry, day, why, source)
            return pb.WaiveDunningChargeResponse(
                action=messages.action(of), account_entry_id=undoing
            )

        return self._backend.once(request, context, act)

    # -- pauses

    def PauseDunning(self, request: pb.PauseDunningRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.PauseDunningResponse:
            account_id = asked.account(write.session, request).account_id
            first = asked.moment(write.session, write.now).day(request.from_day, "from_day")
            last = fields.day(request.until_day, "until_day") if request.until_day else 0
            code, source, why = request.reason_code, request.source, asked.reason(request)
            kept = pauses.pause(write, account_id, code, first, last, source, why)
            return pb.PauseDunningResponse(pause=messages.pause(kept))

        return self._backend.once(request, context, act)

    def ResumeDunning(self, request: pb.ResumeDunningRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ResumeDunningResponse:
            account_id = asked.account(write.session, request).account_id
            today = asked.moment(write.session, write.now).today
            last = fields.day(request.until_day, "until_day") if request.until_day else today - 1
            why = asked.reason(request)
            kept = pauses.resume(write, account_id, request.source, last, why)
            return pb.ResumeDunningResponse(pause=messages.pause(kept))

        return self._backend.once(request, context, act)

    def ListDunningPauses(
        self, request: pb.ListDunningPausesRequest, context: Context
    ) -> pb.ListDunningPausesResponse:
        with self._backend.store.read() as reader:
            account_id = asked.account(reader, request).account_id
            found = rows.pauses(reader, np.array([account_id]))
        return pb.ListDunningPausesResponse(pauses=[messages.pause(one) for one in found])
