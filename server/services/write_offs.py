"""CollectionService's calls on write-offs. Each handler: convert, call, convert, return."""

from typing import Any

import grpc

from billcore.core.collections.write_offs import write_offs
from billcore.core.collections.write_offs.reading import StepKind, WriteOff, of_accounts
from billcore.core.store.port import Reader
from billcore.server import asked
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as fields
from billcore.v1 import write_offs_pb2 as pb

Context = grpc.ServicerContext


class WriteOffCalls:
    """The write-offs of the caller's provider over gRPC."""

    _backend: Backend

    def ProposeWriteOff(self, request: pb.ProposeWriteOffRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ProposeWriteOffResponse:
            account_id = asked.account(write.session, request).account_id
            items, code, why = list(request.item_ids), request.reason_code, asked.reason(request)
            made = write_offs.propose(write, account_id, items, code, why)
            return pb.ProposeWriteOffResponse(write_off=_told(write.session, made))

        return self._backend.once(request, context, act)

    def ApproveWriteOff(self, request: pb.ApproveWriteOffRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.ApproveWriteOffResponse:
            account_id = asked.account(write.session, request).account_id
            provider, why = asked.provider(write.session), asked.reason(request)
            made = write_offs.approve(write, provider, account_id, request.write_off_no, why)
            return pb.ApproveWriteOffResponse(write_off=_told(write.session, made))

        return self._backend.once(request, context, act)

    def EndWriteOff(self, request: pb.EndWriteOffRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.EndWriteOffResponse:
            account_id = asked.account(write.session, request).account_id
            made = write_offs.end(write, account_id, request.write_off_no, asked.reason(request))
            return pb.EndWriteOffResponse(write_off=_told(write.session, made))

        return self._backend.once(request, context, act)

    def ListWriteOffs(
        self, request: pb.ListWriteOffsRequest, context: Context
    ) -> pb.ListWriteOffsResponse:
        with self._backend.store.read() as reader:
            account_id = asked.account(reader, request).account_id
            found = of_accounts(reader, account_id, account_id)
            told = [_told(reader, one) for one in found]
        return pb.ListWriteOffsResponse(write_offs=told)

    def RecoverWriteOffs(
        self, request: pb.RecoverWriteOffsRequest, context: Context
    ) -> pb.RecoverWriteOffsResponse:
        backend = self._backend
        done = [*write_offs.recover(backend.store, CALLER.get(), backend.now)]
        return pb.RecoverWriteOffsResponse(
            recoveries=sum(one.kind == StepKind.RECOVERED for one in done),
            amount=sum(one.amount for one in done),
        )


def _told(reader: Reader, found: WriteOff) -> pb.WriteOff:
    state: Any = int(found.state)
    steps = []
    for one in found.steps:
        kind: Any = one.kind
        steps.append(
            pb.WriteOffStep(
                kind=kind,
                day=fields.iso(one.day),
                amount=one.amount,
                account_entry_id=one.account_entry_id,
                actor=one.actor,
                reason=one.reason,
                recorded_at=one.recorded_at,
            )
        )
    return pb.WriteOff(
        account_id=found.row.account_id,
        write_off_no=found.row.write_off_no,
        state=state,
        total=found.row.total,
        recovered=found.recovered,
        reason_code=found.row.reason_code,
        items=[pb.WriteOffItem(item_id=one.item_id, amount=one.amount) for one in found.items],
        steps=steps,
        **asked.currency(asked.provider(reader)),
    )
