"""CollectionService's plans as `billcore collect plan` calls it. Amounts are minor units."""

from collections.abc import Sequence
from functools import partial

from billcore.server.commands.console import say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import Remote
from billcore.v1 import instalments_pb2 as pb
from billcore.v1.collection_service_pb2_grpc import CollectionServiceStub


class Plans:
    """CollectionService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, CollectionServiceStub)

    def propose(
        self,
        number: str,
        count: int,
        first: str,
        every_days: int,
        items: Sequence[int],
        reason: str,
        given: str,
    ) -> None:
        """Proposes a plan and tells it."""
        request = pb.ProposeInstalmentsRequest(
            request_id=request_named(given),
            number=number,
            item_ids=items,
            instalment_count=count,
            first_due_day=first,
            every_days=every_days,
            reason=reason,
        )
        with self._stub() as stub:
            _tell(stub.ProposeInstalments(request, **self._remote.call).plan)

    def approve(self, number: str, plan: int, reason: str, given: str) -> None:
        """Approves a plan and tells it."""
        name = request_named(given)
        request = pb.ApproveInstalmentsRequest(
            request_id=name, number=number, plan_no=plan, reason=reason
        )
        with self._stub() as stub:
            _tell(stub.ApproveInstalments(request, **self._remote.call).plan)

    def end(self, number: str, plan: int, reason: str, given: str) -> None:
        """Ends a plan and tells it."""
        name = request_named(given)
        request = pb.EndInstalmentsRequest(
            request_id=name, number=number, plan_no=plan, reason=reason
        )
        with self._stub() as stub:
            _tell(stub.EndInstalments(request, **self._remote.call).plan)

    def show(self, number: str) -> None:
        """Tells every plan."""
        request = pb.ListInstalmentPlansRequest(number=number)
        with self._stub() as stub:
            for one in stub.ListInstalmentPlans(request, **self._remote.call).plans:
                _tell(one)

    def sweep(self) -> None:
        """Sweeps all plans and tells what became of them."""
        with self._stub() as stub:
            request = pb.SweepInstalmentsRequest()
            told = stub.SweepInstalments(request, metadata=self._remote.metadata)
        say(f"{told.completed} completed, {told.defaulted} given up, {told.reopened} reopened")


def _tell(told: pb.InstalmentPlan) -> None:
    state = pb.InstalmentPlanState.Name(told.state).removeprefix("INSTALMENT_PLAN_STATE_").lower()
    say(f"Plan {told.plan_no}: {state}, {told.total} {told.currency}, {told.open} open")
    for one in told.instalments:
        say(f"    {one.instalment_no} due {one.due_day}: {one.amount}, {one.open} open")
