"""EnquiryService: what an account owes and why. Each handler: convert, call, convert, return."""

import grpc

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.errors import AccountUnknown
from billcore.core.billing.items import account_items
from billcore.core.enquiries.account_bills import account_bills
from billcore.core.enquiries.consumption import consumption, last_months
from billcore.core.enquiries.dashboard import dashboard
from billcore.core.enquiries.masked import masked
from billcore.core.enquiries.summary import summary
from billcore.core.ledger import balances
from billcore.core.store import account_payments, meters
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Backend
from billcore.server.look_ups import LookUps
from billcore.server.messages import account as account_messages
from billcore.server.messages import account_bills as bill_messages
from billcore.server.messages import consumption as consumption_messages
from billcore.server.messages import dashboard as dashboard_messages
from billcore.server.messages import enquiry as messages
from billcore.server.messages import look_up as look_up_messages
from billcore.server.services.account import names
from billcore.v1 import enquiry_service_pb2 as pb
from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceServicer

LAST = 2**63 - 1
"""Behind every bill."""

Context = grpc.ServicerContext


class EnquiryService(EnquiryServiceServicer):
    """The accounts of the caller's provider, as people ask about them, over gRPC."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._look_ups = LookUps()

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

    def GetDashboard(
        self, request: pb.GetDashboardRequest, context: Context
    ) -> pb.GetDashboardResponse:
        with self._backend.store.read() as reader:
            account, provider = asked.account(reader, request), asked.provider(reader)
            today = asked.moment(reader, self._backend.now()).today
            found = dashboard(reader, CALLER.get(), provider, account, today)
            known, places = names(reader), meters.places(reader, account.account_id)
        told = messages.summary(found.summary, provider, known, places)
        return dashboard_messages.dashboard(found, told)

    def ListAccountPayments(
        self, request: pb.ListAccountPaymentsRequest, context: Context
    ) -> pb.ListAccountPaymentsResponse:
        with self._backend.store.read() as reader:
            account_id, provider = asked.account(reader, request).account_id, asked.provider(reader)
            of, size = f"account payments/{account_id}", pages.page_size(request)
            behind = dashboard_messages.behind(request, of)
            found = account_payments.newest(reader, account_id, behind, size + 1)
        more = dashboard_messages.page_token(of, found[size - 1]) if len(found) > size else ""
        return pb.ListAccountPaymentsResponse(
            payments=dashboard_messages.payments(found[:size]),
            next_page_token=more,
            **asked.currency(provider),
        )

    def GetConsumption(
        self, request: pb.GetConsumptionRequest, context: Context
    ) -> pb.GetConsumptionResponse:
        with self._backend.store.read() as reader:
            account, provider = asked.account(reader, request), asked.provider(reader)
            today = asked.moment(reader, self._backend.now()).today
            last = last_months(reader, provider, account.account_id, today)
            months = consumption_messages.months(request, last)
            found = consumption(reader, provider, account.account_id, months)
        return consumption_messages.consumption(account, provider, months, found)

    def LookUpAccount(
        self, request: pb.LookUpAccountRequest, context: Context
    ) -> pb.LookUpAccountResponse:
        caller, now = CALLER.get(), self._backend.now()
        look_up_messages.check(request)
        self._look_ups.admit(caller, request.visitor, request.number, now)
        with self._backend.store.read() as reader:
            provider, today = asked.provider(reader), asked.moment(reader, now).today
            try:
                account = things.by_number(reader, provider.provider_id, ACCOUNTS, request.number)
            except AccountUnknown:
                self._look_ups.unknown(caller, request.visitor, now)
                raise
            found = masked(reader, provider, account, today)
        return look_up_messages.look_up(found, provider)

    def ListAccountBills(
        self, request: pb.ListAccountBillsRequest, context: Context
    ) -> pb.ListAccountBillsResponse:
        with self._backend.store.read() as reader:
            account, provider = asked.account(reader, request), asked.provider(reader)
            today = asked.moment(reader, self._backend.now()).today
            of = f"account bills/{account.account_id}"
            size = min(request.page_size or bill_messages.PAGE_SIZE, bill_messages.PAGE_SIZE_MAX)
            before = pages.after_number(request, of) or LAST
            pages.page_size(request)
            found = account_bills(reader, CALLER.get(), provider, account, before, size + 1, today)
        page, token = found[:size], ""
        if len(found) > size:
            token = pages.token(of, str(page[-1].bill.header.bill_id))
        languages = bill_messages.languages(request, account, provider)
        return pb.ListAccountBillsResponse(
            bills=bill_messages.bills(page, provider, languages),
            next_page_token=token,
            language=languages[0],
        )
