"""EnquiryService: what an account owes and why. Each handler: convert, call, convert, return."""

import grpc

from billcore.core.billing.items import account_items
from billcore.core.enquiries.summary import summary
from billcore.core.ledger import balances
from billcore.core.store import meters
from billcore.server import asked
from billcore.server.backend import CALLER, Backend
from billcore.server.messages import account as account_messages
from billcore.server.messages import enquiry as messages
from billcore.server.services.account import names
from billcore.v1 import enquiry_service_pb2 as pb
from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceServicer

Context = grpc.ServicerContext


class EnquiryService(EnquiryServiceServicer):
    """The accounts of the caller's provider, as people ask about them, over gRPC."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def GetBalance(self, request: pb.GetBalanceRequest, context: Context) -> pb.GetBalanceResponse:
        with self._backend.store.read() as reader:
            account_id = asked.account(reader, request).account_id
            provider, moment = asked.provider(reader), asked.moment(reader, self._backend.now())
            day, known_at = moment.day(request.day, "day"), moment.known_at(request.known_at)
            balance = balances.balance(reader, account_id, day, known_at)
        return pb.GetBalanceResponse(
            account_id=account_id,
            day=account_messages.iso(day),
            known_at=known_at,
            balance=balance,
            **asked.currency(provider),
        )

    def GetStatement(
        self, request: pb.GetStatementRequest, context: Context
    ) -> pb.GetStatementResponse:
        with self._backend.store.read() as reader:
            account = asked.account(reader, request)
            provider, moment = asked.provider(reader), asked.moment(reader, self._backend.now())
            first, last = messages.days(request, moment)
            known_at = moment.known_at(request.known_at)
            every = account_items(reader, account.account_id, last, known_at)
        told, items = balances.statement_of(every.documents, first, last), every.open()
        messages.check_length(told, items)
        return pb.GetStatementResponse(
            account_id=account.account_id,
            number=account.number,
            first_day=request.first_day,
            last_day=account_messages.iso(last),
            known_at=known_at,
            opening=told.opening,
            closing=told.closing,
            documents=messages.documents(told),
            open_items=messages.items(items),
            **asked.currency(provider),
        )

    def GetAccountSummary(
        self, request: pb.GetAccountSummaryRequest, context: Context
    ) -> pb.GetAccountSummaryResponse:
        with self._backend.store.read() as reader:
            account = asked.account(reader, request)
            today = asked.moment(reader, self._backend.now()).today
            found = summary(reader, CALLER.get(), account, today)
            provider, places = asked.provider(reader), meters.places(reader, account.account_id)
            known = names(reader)
        return messages.summary(found, provider, known, places)
