"""BillingService's calls on runs. Each handler: convert, call, convert, return.

What begins something is handed to the keeper behind the commit, for a repeated request too: the
first answer may have been lost with the server that gave it.
"""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import grpc

from billcore.core.billing.runs import beginnings, holds, runs
from billcore.core.billing.runs.left_out import left_out
from billcore.core.billing.runs.plan import planned
from billcore.core.billing.runs.runs import View, view
from billcore.core.store import runs as rows
from billcore.core.store.port import Reader
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.gate import Gate
from billcore.server.messages import account as account_messages
from billcore.server.messages import run as messages
from billcore.server.refusals import ServerDraining
from billcore.server.running import Driving, Keeper
from billcore.server.streams import WATCH_RUN
from billcore.v1 import runs_pb2 as pb

Context = grpc.ServicerContext


WATCH_SECONDS = 0.5
"""From one message of a watched run to the next."""

RUNS = "runs"
RUN_MAX = 2**31 - 1

HANDED_OVER = Driving(driven=True)
KEPT = Driving(driven=False)


class RunCalls:
    """The runs of the caller's provider over gRPC.

    leaving: set when the server drains; streams then end at once, their callers go elsewhere.
    """

    def __init__(self, backend: Backend, keeper: Keeper, gate: Gate, leaving: Event) -> None:
        self._backend = backend
        self._keeper = keeper
        self._gate = gate
        self._leaving = leaving

    # -- asked

    def GetRun(self, request: pb.GetRunRequest, context: Context) -> pb.GetRunResponse:
        return pb.GetRunResponse(run=self._told(request.run_id))

    def ListRuns(self, request: pb.ListRunsRequest, context: Context) -> pb.ListRunsResponse:
        size, before = pages.page_size(request), pages.after_number(request, RUNS)
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            number = provider.provider_id
            found = rows.listed(reader, number, before or RUN_MAX, size + 1)
            states = rows.states(reader, number)
            known = messages.names(reader, provider)
        page, token = account_messages.cut(found, size, RUNS, "run_id")
        items = [messages.summary(one, states[one.run_id], known) for one in page]
        return pb.ListRunsResponse(runs=items, next_page_token=token)

    def ListRunExceptions(
        self, request: pb.ListRunExceptionsRequest, context: Context
    ) -> pb.ListRunExceptionsResponse:
        wanted, size = messages.outcome(request.outcome), pages.page_size(request)
        of = f"exceptions/{request.run_id}/{request.outcome}/{request.rule}"
        after = pages.after_number(request, of)
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            page = left_out(
                reader, provider.provider_id, request.run_id, wanted, request.rule, after, size
            )
            items = messages.exceptions(reader, page.items)
        return pb.ListRunExceptionsResponse(
            exceptions=items,
            next_page_token=pages.token(of, str(page.after)) if page.after else "",
            **asked.currency(provider),
        )

    def WatchRun(
        self, request: pb.WatchRunRequest, context: Context
    ) -> Iterator[pb.WatchRunResponse]:
        while context.is_active():
            self._check(context)
            found, driving = self._found(request.run_id)
            told = messages.watched(found, driving, self._backend.now())
            if found.under_way is None or told.HasField("fault"):
                told.run.CopyFrom(self._told(request.run_id))
                yield told
                return
            yield told
            self._leaving.wait(WATCH_SECONDS)

    # -- made and begun

    def CreateRun(self, request: pb.CreateRunRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CreateRunResponse:
            provider = asked.provider(write.session)
            moment = asked.moment(write.session, write.now)
            wanted = messages.wanted(request, moment, self._keeper.executors.chunk_accounts)
            order = planned(write.session, provider, write.caller, wanted)
            run_id = runs.create(write, order, wanted.simulated)
            return pb.CreateRunResponse(run=_run(write, run_id, KEPT))

        return self._backend.once(request, context, act)

    def StartRun(self, request: pb.StartRunRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.StartRunResponse:
            beginnings.start(write, request.run_id)
            return pb.StartRunResponse(run=_run(write, request.run_id, HANDED_OVER))

        return self._begun(request, context, act)

    def FreezeRun(self, request: pb.FreezeRunRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.FreezeRunResponse:
            beginnings.freeze(write, request.run_id)
            return pb.FreezeRunResponse(run=_run(write, request.run_id, HANDED_OVER))

        return self._begun(request, context, act)

    def SupplementRun(self, request: pb.SupplementRunRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SupplementRunResponse:
            until = request.until_day
            day = account_messages.day(until, "until_day") if until else 0
            beginnings.supplement(write, request.run_id, day)
            return pb.SupplementRunResponse(run=_run(write, request.run_id, HANDED_OVER))

        return self._begun(request, context, act)

    def ReverseRun(self, request: pb.ReverseRunRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ReverseRunResponse:
            provider = asked.provider(write.session)
            moment = asked.moment(write.session, write.now)
            day = account_messages.day(request.day, "day") if request.day else 0
            reason = account_messages.reason(request)
            beginnings.reverse(write, provider, request.run_id, day, moment.today, reason)
            return pb.ReverseRunResponse(run=_run(write, request.run_id, HANDED_OVER))

        return self._begun(request, context, act)

    def ResumeRun(self, request: pb.ResumeRunRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ResumeRunResponse:
            beginnings.resume(write, request.run_id)
            return pb.ResumeRunResponse(run=_run(write, request.run_id, HANDED_OVER))

        return self._begun(request, context, act)

    # -- decided

    def ReleaseBill(self, request: pb.ReleaseBillRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ReleaseBillResponse:
            account_id = asked.account(write.session, request).account_id
            holds.release(write, request.run_id, account_id, account_messages.reason(request))
            return pb.ReleaseBillResponse(account_id=account_id)

        return self._backend.once(request, context, act)

    def HoldBill(self, request: pb.HoldBillRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.HoldBillResponse:
            account_id = asked.account(write.session, request).account_id
            holds.hold(write, request.run_id, account_id, account_messages.reason(request))
            return pb.HoldBillResponse(account_id=account_id)

        return self._backend.once(request, context, act)

    def ApproveRun(self, request: pb.ApproveRunRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ApproveRunResponse:
            runs.approve(write, request.run_id, account_messages.reason(request))
            return pb.ApproveRunResponse(run=_run(write, request.run_id, KEPT))

        return self._backend.once(request, context, act)

    def PublishRun(self, request: pb.PublishRunRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.PublishRunResponse:
            runs.publish(write, request.run_id)
            return pb.PublishRunResponse(run=_run(write, request.run_id, KEPT))

        return self._backend.once(request, context, act)

    def CancelRun(self, request: pb.CancelRunRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CancelRunResponse:
            runs.cancel(write, request.run_id, account_messages.reason(request))
            return pb.CancelRunResponse(run=_run(write, request.run_id, KEPT))

        return self._backend.once(request, context, act)

    # -- shared

    def _begun(self, request: Any, context: Context, act: Callable[[Write], Any]) -> bytes:
        """As Backend.once; then the run is driven."""
        executor = self._keeper.executors.chosen(request.executor)
        answer = self._backend.once(request, context, act)
        self._keeper.take(CALLER.get().provider_id, request.run_id, executor)
        return answer

    def _found(self, run_id: int) -> tuple[View, Driving]:
        """A run, and what this server does about it: asked first, so that no end is missed."""
        provider_id = CALLER.get().provider_id
        driving = self._keeper.driving(provider_id, run_id)
        with self._backend.store.read() as reader:
            return view(reader, provider_id, run_id), driving

    def _told(self, run_id: int) -> pb.Run:
        found, driving = self._found(run_id)
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            return messages.run(reader, provider, found, driving, self._backend.now())

    def _check(self, context: Context) -> None:
        """A stream outlives neither its key nor the server."""
        if self._leaving.is_set():
            raise ServerDraining
        self._gate.caller(WATCH_RUN, dict(context.invocation_metadata()))


def _run(write: Write, run_id: int, driving: Driving) -> pb.Run:
    """A run as a transaction leaves it."""
    reader: Reader = write.session
    provider = asked.provider(reader)
    found = view(reader, provider.provider_id, run_id)
    return messages.run(reader, provider, found, driving, write.now)
