"""BillingService: bills made and read back. Each handler: convert, call, convert, return.

Its calls on runs are in `run`, but for the export of their bills.
"""

from collections.abc import Iterator

import grpc

from billcore.core.billing.fates import Fates
from billcore.core.billing.runs.export import export
from billcore.core.billing.single import bill_one, simulate_one
from billcore.core.billing.stored import stored_bill
from billcore.core.store import bills as rows
from billcore.core.store import corrections
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Write
from billcore.server.messages import account as account_messages
from billcore.server.messages import billing as messages
from billcore.server.messages import export as export_messages
from billcore.server.services.corrections import Corrections
from billcore.server.services.one_off import OneOffCalls
from billcore.server.services.run import RunCalls
from billcore.server.services.run_compare import CompareCalls
from billcore.v1 import billing_service_pb2 as pb
from billcore.v1 import export_pb2
from billcore.v1.billing_service_pb2_grpc import BillingServiceServicer

Context = grpc.ServicerContext


class BillingService(RunCalls, CompareCalls, Corrections, OneOffCalls, BillingServiceServicer):
    """The bills of the caller's provider over gRPC."""

    def BillAccount(self, request: pb.BillAccountRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.BillAccountResponse:
            account = asked.account(write.session, request.order, "order.by")
            wanted = messages.asked(request.order, account, asked.moment(write.session, write.now))
            provider, source = asked.provider(write.session), asked.source(write, request)
            made = bill_one(write, provider, wanted, source)
            return pb.BillAccountResponse(bill=messages.bill(made, provider))

        return self._backend.once(request, context, act)

    def SimulateBill(
        self, request: pb.SimulateBillRequest, context: Context
    ) -> pb.SimulateBillResponse:
        now = self._backend.now()
        with self._backend.store.read() as reader:
            account = asked.account(reader, request.order, "order.by")
            wanted = messages.asked(request.order, account, asked.moment(reader, now))
            provider = asked.provider(reader)
            made = simulate_one(reader, provider, wanted, now)
        return pb.SimulateBillResponse(bill=messages.bill(made, provider))

    def GetBill(self, request: pb.GetBillRequest, context: Context) -> pb.GetBillResponse:
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            found = stored_bill(reader, provider.provider_id, request.bill_id)
        return pb.GetBillResponse(bill=messages.bill(found, provider))

    def ListBills(self, request: pb.ListBillsRequest, context: Context) -> pb.ListBillsResponse:
        with self._backend.store.read() as reader:
            account_id = asked.account(reader, request).account_id
            of, size = f"bill/{account_id}", pages.page_size(request)
            after = pages.after_number(request, of)
            found = rows.headers(reader, account_id, after, size + 1)
            provider = asked.provider(reader)
            fates = Fates(corrections.of_account(reader, account_id))
        page, token = account_messages.cut(found, size, of, "bill_id")
        items = [messages.header(one, provider, fates.of(one.bill_id)) for one in page]
        return pb.ListBillsResponse(bills=items, next_page_token=token)

    def ExplainBill(
        self, request: pb.BillingServiceExplainBillRequest, context: Context
    ) -> pb.BillingServiceExplainBillResponse:
        with self._backend.store.read() as reader:
            found = stored_bill(reader, CALLER.get().provider_id, request.bill_id)
        spans = [messages.explained(span, request.language) for span in found.spans]
        return pb.BillingServiceExplainBillResponse(
            spans=spans, takes_back=found.fate.takes_back if found.is_credit else 0
        )

    def ExportRun(
        self, request: export_pb2.ExportRunRequest, context: Context
    ) -> Iterator[export_pb2.ExportRunResponse]:
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
        found = export(self._backend.store, provider, request.run_id)
        yield from export_messages.messages(found)
