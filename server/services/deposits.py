"""CollectionService's calls on deposits. Each handler: convert, call, convert, return."""

import grpc

from billcore.core.accounts.policies import parse_policies
from billcore.core.calendar import Calendar
from billcore.core.collections.deposits import deposits
from billcore.core.collections.deposits.holding import MoveKind, bears, deposits_of
from billcore.core.collections.late_fees.reference import series_of
from billcore.core.ledger.balances import NOW
from billcore.server import asked
from billcore.server.backend import Backend, Write
from billcore.server.messages import account as fields
from billcore.server.messages import deposits as messages
from billcore.v1 import deposits_pb2 as pb

Context = grpc.ServicerContext


class DepositCalls:
    """The deposits of the caller's provider over gRPC."""

    _backend: Backend

    def AskDeposit(self, request: pb.AskDepositRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.AskDepositResponse:
            account_id = asked.account(write.session, request).account_id
            day = fields.day(request.due_day, "due_day") if request.due_day else 0
            made = deposits.ask(write, account_id, request.amount, day, asked.reason(request))
            provider = asked.provider(write.session)
            return pb.AskDepositResponse(deposit=messages.deposit(made, provider))

        return self._backend.once(request, context, act)

    def MoveDeposit(self, request: pb.MoveDepositRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.MoveDepositResponse:
            account_id, kind = (
                asked.account(write.session, request).account_id,
                messages.kind(request),
            )
            number, amount, why = request.deposit_no, request.amount, asked.reason(request)
            match kind:
                case MoveKind.SET_OFF:
                    made = deposits.set_off(write, account_id, number, amount, why)
                case MoveKind.REFUNDED:
                    made = deposits.refund(write, account_id, number, amount, why)
                case _:
                    made = deposits.cancel(write, account_id, number, why)
            provider = asked.provider(write.session)
            return pb.MoveDepositResponse(deposit=messages.deposit(made, provider))

        return self._backend.once(request, context, act)

    def CreditDepositInterest(
        self, request: pb.CreditDepositInterestRequest, context: Context
    ) -> bytes:
        def act(write: Write) -> pb.CreditDepositInterestResponse:
            account_id = asked.account(write.session, request).account_id
            day = asked.moment(write.session, write.now).day(request.until_day, "until_day")
            provider, number = asked.provider(write.session), request.deposit_no
            made = deposits.credit_interest(write, provider, account_id, number, day)
            rule = parse_policies(provider.policies).deposits.rule
            series = series_of(write.session, provider.provider_id, NOW)
            exact = bears(made, rule, series, Calendar(provider.calendar), day).exact
            told = messages.deposit(made, provider)
            return pb.CreditDepositInterestResponse(deposit=told, exact=str(exact))

        return self._backend.once(request, context, act)

    def ListDeposits(
        self, request: pb.ListDepositsRequest, context: Context
    ) -> pb.ListDepositsResponse:
        with self._backend.store.read() as reader:
            account_id, provider = asked.account(reader, request).account_id, asked.provider(reader)
            found = deposits_of(reader, account_id)
        return pb.ListDepositsResponse(deposits=[messages.deposit(one, provider) for one in found])
