"""The corrections of BillingService. Each handler: convert, call, convert, return."""

import grpc

from billcore.core.billing.corrections.cancelling import cancel_bill, cancel_bills
from billcore.core.billing.corrections.family import family
from billcore.core.billing.corrections.rerating import Rerated, rebill, rerate
from billcore.core.billing.corrections.undoing import undo
from billcore.core.billing.corrections.wanted import Wanted
from billcore.core.billing.stored import stored_bill
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider
from billcore.server import asked
from billcore.server.backend import Backend, Write
from billcore.server.messages import account as account_messages
from billcore.server.messages import billing as billing_messages
from billcore.server.messages import corrections as messages
from billcore.v1 import billing_service_pb2 as pb
from billcore.v1 import corrections_pb2

Context = grpc.ServicerContext


class Corrections:
    """What BillingService does to bills that were issued."""

    _backend: Backend

    def CancelBill(self, request: corrections_pb2.CancelBillRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.CancelBillResponse:
            provider = asked.provider(write.session)
            done = cancel_bill(write, provider, request.bill_id, _wanted(write, request))
            (credit,) = done.credits.values()
            shown = _shown(write.session, provider, credit)
            return pb.CancelBillResponse(correction_id=done.correction_id, credit=shown)

        return self._backend.once(request, context, act)

    def CancelBills(self, request: corrections_pb2.CancelBillsRequest, context: Context) -> bytes:
        def act(write: Write) -> corrections_pb2.CancelBillsResponse:
            provider = asked.provider(write.session)
            done = cancel_bills(write, provider, request.bill_ids, _wanted(write, request))
            return messages.cancelled(request.bill_ids, done, provider)

        return self._backend.once(request, context, act)

    def RebillBill(self, request: corrections_pb2.RebillBillRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.RebillBillResponse:
            provider = asked.provider(write.session)
            done = rebill(write, provider, request.bill_id, _wanted(write, request))
            return _rebilled(write.session, provider, request.bill_id, done)

        return self._backend.once(request, context, act)

    def RerateAccount(
        self, request: corrections_pb2.RerateAccountRequest, context: Context
    ) -> bytes:
        def act(write: Write) -> corrections_pb2.RerateAccountResponse:
            account_id = asked.account(write.session, request).account_id
            provider = asked.provider(write.session)
            done = rerate(
                write,
                provider,
                account_id,
                account_messages.day(request.from_day, "from_day"),
                _wanted(write, request),
                request.re_estimate,
            )
            return messages.rerated(done, provider)

        return self._backend.once(request, context, act)

    def UndoCorrection(
        self, request: corrections_pb2.UndoCorrectionRequest, context: Context
    ) -> bytes:
        def act(write: Write) -> corrections_pb2.UndoCorrectionResponse:
            provider = asked.provider(write.session)
            done = undo(write, provider, request.correction_id, _wanted(write, request))
            return messages.undone(done, provider)

        return self._backend.once(request, context, act)

    def GetBillFamily(
        self, request: corrections_pb2.GetBillFamilyRequest, context: Context
    ) -> pb.GetBillFamilyResponse:
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            found = family(reader, provider.provider_id, request.bill_id)
        return messages.family(found, provider)


def _wanted(write: Write, request: messages.Request) -> Wanted:
    moment = asked.moment(write.session, write.now)
    return messages.wanted(request, moment, asked.source(write, request))


def _shown(reader: Reader, provider: Provider, bill_id: int) -> pb.IssuedBill:
    return billing_messages.bill(stored_bill(reader, provider.provider_id, bill_id), provider)


def _rebilled(
    reader: Reader, provider: Provider, bill_id: int, done: Rerated
) -> pb.RebillBillResponse:
    if not done.changes:
        return pb.RebillBillResponse(bill=_shown(reader, provider, bill_id))
    (change,) = done.changes
    return pb.RebillBillResponse(
        correction_id=done.correction_id,
        credit=_shown(reader, provider, change.credit_id),
        bill=_shown(reader, provider, change.rebill_id),
    )
