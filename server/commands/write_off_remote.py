"""CollectionService's write-offs as `billcore collect write-off` calls it. Amounts: minor units."""

from collections.abc import Sequence
from functools import partial

from billcore.server.commands.console import say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import Remote
from billcore.v1 import write_offs_pb2 as pb
from billcore.v1.collection_service_pb2_grpc import CollectionServiceStub


class WriteOffs:
    """CollectionService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, CollectionServiceStub)

    def propose(
        self, number: str, code: str, items: Sequence[int], reason: str, given: str
    ) -> None:
        """Proposes a write-off and tells it."""
        request = pb.ProposeWriteOffRequest(
            request_id=request_named(given),
            number=number,
            item_ids=items,
            reason_code=code,
            reason=reason,
        )
        with self._stub() as stub:
            _tell(stub.ProposeWriteOff(request, **self._remote.call).write_off)

    def approve(self, number: str, write_off: int, reason: str, given: str) -> None:
        """Approves a write-off and tells it."""
        name = request_named(given)
        request = pb.ApproveWriteOffRequest(
            request_id=name, number=number, write_off_no=write_off, reason=reason
        )
        with self._stub() as stub:
            _tell(stub.ApproveWriteOff(request, **self._remote.call).write_off)

    def end(self, number: str, write_off: int, reason: str, given: str) -> None:
        """Ends a write-off and tells it."""
        name = request_named(given)
        request = pb.EndWriteOffRequest(
            request_id=name, number=number, write_off_no=write_off, reason=reason
        )
        with self._stub() as stub:
            _tell(stub.EndWriteOff(request, **self._remote.call).write_off)

    def show(self, number: str) -> None:
        """Tells every write-off."""
        with self._stub() as stub:
            request = pb.ListWriteOffsRequest(number=number)
            for one in stub.ListWriteOffs(request, **self._remote.call).write_offs:
                _tell(one)

    def recover(self) -> None:
        """Recovers what can be, and tells how much."""
        with self._stub() as stub:
            request = pb.RecoverWriteOffsRequest()
            told = stub.RecoverWriteOffs(request, metadata=self._remote.metadata)
        say(f"{told.recoveries} recoveries of {told.amount}")


def _tell(told: pb.WriteOff) -> None:
    state = pb.WriteOffStepKind.Name(told.state).removeprefix("WRITE_OFF_STEP_KIND_").lower()
    say(
        f"Write-off {told.write_off_no}, {told.reason_code}: {state}, {told.total} "
        f"{told.currency}, {told.recovered} recovered"
    )
