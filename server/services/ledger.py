"""LedgerService: the provider's books. Each handler: convert, call, convert, return."""

import grpc

from billcore.core.ledger.by_hand import post_one, reverse_one
from billcore.core.store import ledger as rows
from billcore.server import asked, pages
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import account as account_messages
from billcore.server.messages import ledger as messages
from billcore.v1 import ledger_service_pb2 as pb
from billcore.v1.ledger_service_pb2_grpc import LedgerServiceServicer

Context = grpc.ServicerContext


class LedgerService(LedgerServiceServicer):
    """The account entries and the general ledger of the caller's provider over gRPC."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def PostAccountEntry(self, request: pb.PostAccountEntryRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.PostAccountEntryResponse:
            account_id = asked.account(write.session, request).account_id
            moment, reason = asked.moment(write.session, write.now), asked.reason(request)
            given = messages.given(request, account_id, moment)
            posted = post_one(write, given, reason, asked.source(write, request))
            return pb.PostAccountEntryResponse(entry=messages.account_entry(account_id, posted))

        return self._backend.once(request, context, act)

    def ReverseAccountEntry(
        self, request: pb.ReverseAccountEntryRequest, context: Context
    ) -> bytes:
        def act(write: Write) -> pb.ReverseAccountEntryResponse:
            account_id = asked.account(write.session, request).account_id
            day = asked.moment(write.session, write.now).day(request.day, "day")
            undoing = reverse_one(
                write,
                account_id,
                request.account_entry_id,
                day,
                asked.reason(request),
                asked.source(write, request),
            )
            entry = messages.account_entry(account_id, undoing)
            return pb.ReverseAccountEntryResponse(entry=entry)

        return self._backend.once(request, context, act)

    def GetTrialBalance(
        self, request: pb.GetTrialBalanceRequest, context: Context
    ) -> pb.GetTrialBalanceResponse:
        with self._backend.store.read() as reader:
            provider, moment = asked.provider(reader), asked.moment(reader, self._backend.now())
            day, known_at = moment.day(request.day, "day"), moment.known_at(request.known_at)
            found = rows.trial_balance(reader, provider.provider_id, day, known_at)
        return pb.GetTrialBalanceResponse(
            day=account_messages.iso(day),
            known_at=known_at,
            balances=messages.balances(found),
            **asked.currency(provider),
        )

    def ListEntries(
        self, request: pb.ListEntriesRequest, context: Context
    ) -> pb.ListEntriesResponse:
        place, size = messages.after(request), pages.page_size(request)
        last = account_messages.last_day(request.last_day, "last_day")
        with self._backend.store.read() as reader:
            found = rows.journal(reader, CALLER.get().provider_id, *place, last, size + 1)
        return messages.entries(found, size)
