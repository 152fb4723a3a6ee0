"""AutopayService: automatic payment. Each handler: convert, call, convert, return."""

import grpc

from billcore.core.accounts.acting import provider_acting
from billcore.core.payments.autopay import agreed, reminders
from billcore.core.payments.channels import get_channel
from billcore.core.store import autopay as rows
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as fields
from billcore.server.messages import autopay as messages
from billcore.v1 import autopay_service_pb2 as pb
from billcore.v1.autopay_service_pb2_grpc import AutopayServiceServicer

Context = grpc.ServicerContext

REMIND = "autopay reminders"
"""The list of accounts that RemindAutopay goes through."""


class AutopayService(AutopayServiceServicer):
    """Automatic payment at the caller's provider over gRPC."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def SetAutopay(self, request: pb.SetAutopayRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.SetAutopayResponse:
            account_id = asked.account(write.session, request).account_id
            given, why = request.autopay, fields.reason(request)
            terms = messages.terms(given)
            made = agreed.set_autopay(write, account_id, terms, given.revision, why)
            return pb.SetAutopayResponse(autopay=messages.autopay(made, given.channel))

        return self._backend.once(request, context, act)

    def GetAutopay(self, request: pb.GetAutopayRequest, context: Context) -> pb.GetAutopayResponse:
        with self._backend.store.read() as reader:
            account_id = asked.account(reader, request).account_id
            found = agreed.agreed(reader, account_id)
            channel = agreed.channel_of(reader, found).channel
            told = [
                (row, get_channel(reader, CALLER.get().provider_id, row.channel_no).channel)
                for row in rows.reminders(reader, account_id)
            ]
            currency = asked.currency(asked.provider(reader))
        return pb.GetAutopayResponse(
            autopay=messages.autopay(found, channel), reminders=messages.reminders(told), **currency
        )

    def EndAutopay(self, request: pb.EndAutopayRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.EndAutopayResponse:
            account_id = asked.account(write.session, request).account_id
            why = fields.reason(request)
            ended = agreed.end_autopay(write, account_id, request.revision, why)
            channel = agreed.channel_of(write.session, ended).channel
            return pb.EndAutopayResponse(autopay=messages.autopay(ended, channel))

        return self._backend.once(request, context, act)

    def RemindAutopay(
        self, request: pb.RemindAutopayRequest, context: Context
    ) -> pb.RemindAutopayResponse:
        provider_id, now = provider_acting(CALLER.get()), self._backend.now()
        after = pages.after_number(request, REMIND)
        with self._backend.store.read() as reader:
            day = asked.moment(reader, now).day(request.day, "day")
        done = reminders.remind(self._backend.store, provider_id, day, after, now)
        return pb.RemindAutopayResponse(
            day=fields.iso(day),
            reminders=done.reminders,
            next_page_token=pages.token(REMIND, str(done.last)) if done.last else "",
        )
