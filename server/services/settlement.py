"""The calls of ReconciliationService about settlements and banks."""

import grpc

from billcore.core.accounts.acting import provider_acting
from billcore.core.payments.channels import check_channel
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.computing import day_of
from billcore.core.reconciliation.missing import sweep
from billcore.core.reconciliation.settlement import enquiries
from billcore.core.store import settlements as rows
from billcore.server import pages
from billcore.server.asked import channel_codes
from billcore.server.backend import CALLER, Backend
from billcore.server.messages import account as fields
from billcore.server.messages import settlement as messages
from billcore.v1 import reconciliation_service_pb2 as pb

Context = grpc.ServicerContext


class SettlementCalls:
    """What channels pay at once, what banks tell, how far payments are."""

    _backend: Backend

    def ListSettlements(
        self, request: pb.ListSettlementsRequest, context: Context
    ) -> pb.ListSettlementsResponse:
        since = fields.day(request.since, "since") if request.since else 0
        with self._backend.store.read() as reader:
            of = day_of(reader, CALLER.get(), request.channel, 0)
            name = f"settlement/{of.key[1]}"
            after, size = pages.after_number(request, name), pages.page_size(request)
            wanted = since, after, size + 1, BreakKind.MATCHED
            found = rows.listed(reader, of.key, *wanted, open_=request.open)
            codes = channel_codes(reader)
        page, token = fields.cut(found, size, name, "settlement_id")
        told = [messages.settlement(one, codes) for one in page]
        return pb.ListSettlementsResponse(settlements=told, next_page_token=token)

    def ListBankEntries(
        self, request: pb.ListBankEntriesRequest, context: Context
    ) -> pb.ListBankEntriesResponse:
        search = messages.search(request)
        with self._backend.store.read() as reader:
            of = day_of(reader, CALLER.get(), request.channel, 0)
            name = f"bank/{of.key[1]}"
            after, size = pages.after_number(request, name), pages.page_size(request)
            found = enquiries.bank_entries(reader, of, search)
        behind = [one for one in found if one.number > after][: size + 1]
        page, token = fields.cut(behind, size, name, "number")
        told = [messages.bank_entry(one) for one in page]
        return pb.ListBankEntriesResponse(entries=told, next_page_token=token)

    def TracePayment(
        self, request: pb.TracePaymentRequest, context: Context
    ) -> pb.TracePaymentResponse:
        with self._backend.store.read() as reader:
            of = day_of(reader, CALLER.get(), request.channel, 0)
            found = enquiries.trace(reader, of, request.reference)
            return messages.trace(found, channel_codes(reader))

    def SweepReports(
        self, request: pb.SweepReportsRequest, context: Context
    ) -> pb.SweepReportsResponse:
        check_channel(CALLER.get(), "")
        provider_id = provider_acting(CALLER.get())
        found = sweep(self._backend.store, provider_id, self._backend.now())
        return pb.SweepReportsResponse(missing=map(messages.missing, found))
