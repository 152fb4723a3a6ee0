"""CollectionService's deposits as `billcore collect deposit` calls it. Amounts are minor units."""

from functools import partial

from billcore.server.commands.console import say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import Remote
from billcore.v1 import deposits_pb2 as pb
from billcore.v1.collection_service_pb2_grpc import CollectionServiceStub

PREFIX = "DEPOSIT_MOVE_KIND_"


class Deposits:
    """CollectionService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, CollectionServiceStub)

    def ask(self, number: str, amount: int, due: str, reason: str, given: str) -> None:
        """Asks for a deposit and tells it."""
        request = pb.AskDepositRequest(
            request_id=request_named(given),
            number=number,
            amount=amount,
            due_day=due,
            reason=reason,
        )
        with self._stub() as stub:
            _tell(stub.AskDeposit(request, **self._remote.call).deposit)

    def move(
        self, kind: str, number: str, deposit: int, amount: int, reason: str, given: str
    ) -> None:
        """Moves money of a deposit and tells it."""
        request = pb.MoveDepositRequest(
            request_id=request_named(given),
            number=number,
            deposit_no=deposit,
            kind=f"{PREFIX}{kind}",
            amount=amount,
            reason=reason,
        )
        with self._stub() as stub:
            _tell(stub.MoveDeposit(request, **self._remote.call).deposit)

    def interest(self, number: str, deposit: int, until: str, given: str) -> None:
        """Credits interest and tells the deposit."""
        name = request_named(given)
        request = pb.CreditDepositInterestRequest(
            request_id=name, number=number, deposit_no=deposit, until_day=until
        )
        with self._stub() as stub:
            told = stub.CreditDepositInterest(request, **self._remote.call)
        say(f"It bears {told.exact} in all")
        _tell(told.deposit)

    def show(self, number: str) -> None:
        """Tells every deposit."""
        with self._stub() as stub:
            request = pb.ListDepositsRequest(number=number)
            for one in stub.ListDeposits(request, **self._remote.call).deposits:
                _tell(one)


def _tell(told: pb.Deposit) -> None:
    say(
        f"Deposit {told.deposit_no} of {told.amount} {told.currency}, due {told.due_day}: paid "
        f"{told.paid}, held {told.held}, interest {told.interest}"
    )
    for one in told.moves:
        kind = pb.DepositMoveKind.Name(one.kind).removeprefix(PREFIX).lower()
        say(f"    {one.day} {kind}: {one.amount}")
