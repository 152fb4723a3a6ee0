"""The runs of a running server as `billcore run` calls them."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import typer

from billcore.core.errors import RequestInvalid
from billcore.core.tariff.catalog import read_document
from billcore.server.commands import run_shown as shown
from billcore.server.commands.console import FAILED, out
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import Remote, pages
from billcore.server.commands.run_watch import follow
from billcore.server.pages import PAGE_SIZE_MAX
from billcore.v1 import runs_pb2 as pb
from billcore.v1.billing_service_pb2_grpc import BillingServiceStub

OUTCOME = "RUN_OUTCOME_"


class Runs:
    """BillingService's runs, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, BillingServiceStub)

    def create(self, order: Mapping[str, Any], straight: bool | None, request_id: str) -> None:
        """Plans a run and tells it."""
        wanted = pb.RunOrder(**order)
        if straight is not None:
            wanted.straight = straight
        self._created(pb.CreateRunRequest(order=wanted), request_id)

    def simulate(self, order: Mapping[str, Any], tariffs: Sequence[Path], request_id: str) -> None:
        """Plans a simulation and tells it."""
        documents = [_document(file) for file in tariffs]
        wanted = pb.RunOrder(**order)
        request = pb.CreateRunRequest(order=wanted, simulated=True, proposed=documents)
        self._created(request, request_id)

    def begin(
        self, method: str, run_id: int, watched: bool, request_id: str, **more: object
    ) -> None:
        """Begins something; follows it to the end if that is wanted."""
        with self._stub() as stub:
            made: pb.Run = self._written(stub, method, run_id, request_id, more).run
            if not watched:
                shown.begun(made)
                return
        self.watch(run_id)

    def move(self, method: str, run_id: int, request_id: str, **more: object) -> None:
        """Takes a step that is done at once, and tells the run's state."""
        with self._stub() as stub:
            made: pb.Run = self._written(stub, method, run_id, request_id, more).run
        shown.moved(made)

    def decide(self, method: str, run_id: int, account: str, reason: str, request_id: str) -> None:
        """Holds or releases the bill of an account."""
        fields = {"number": account, "reason": reason}
        with self._stub() as stub:
            self._written(stub, method, run_id, request_id, fields)
        word = "released" if method == "ReleaseBill" else "held"
        out.print(f"Run {run_id}: the bill of account {account} is {word}.", markup=False)

    def watch(self, run_id: int) -> None:
        """Follows a run; ends with status 1 if it stopped, or its last pass refused accounts."""
        with self._stub() as stub:
            answers = stub.WatchRun(
                pb.WatchRunRequest(run_id=run_id), metadata=self._remote.metadata
            )
            ended = follow(answers)
        if ended is None:
            raise typer.Exit(FAILED)
        shown.run(ended)
        if ended.under_way or (ended.passes and ended.passes[-1].refused):
            raise typer.Exit(FAILED)

    def list(self, most: int) -> None:
        """Lists the newest runs."""
        with self._stub() as stub:
            answer = stub.ListRuns(pb.ListRunsRequest(page_size=most), **self._remote.call)
        shown.runs(answer.runs)

    def show(self, run_id: int) -> None:
        """Shows a run."""
        with self._stub() as stub:
            answer = stub.GetRun(pb.GetRunRequest(run_id=run_id), **self._remote.call)
        shown.run(answer.run)

    def holds(self, run_id: int, outcome: str, rule: str, most: int) -> None:
        """Lists what the run left out, at most so many."""
        request = pb.ListRunExceptionsRequest(
            run_id=run_id, outcome=_outcome(outcome), rule=rule, page_size=PAGE_SIZE_MAX
        )
        found: list[pb.RunException] = []
        with self._stub() as stub:
            for page in pages(stub.ListRunExceptions, request, self._remote.call):
                found += page.exceptions
                if len(found) > most:
                    break
        shown.exceptions(found[:most], page.digits, more=len(found) > most)

    def _created(self, request: pb.CreateRunRequest, request_id: str) -> None:
        request.request_id = request_named(request_id)
        with self._stub() as stub:
            made = stub.CreateRun(request, **self._remote.call).run
        shown.created(made)

    def _written(
        self,
        stub: BillingServiceStub,
        method: str,
        run_id: int,
        request_id: str,
        more: Mapping[str, Any],
    ) -> Any:
        """The answer of a write."""
        kind = getattr(pb, f"{method}Request")
        request = kind(run_id=run_id, request_id=request_named(request_id), **more)
        return getattr(stub, method)(request, **self._remote.call)


def _document(file: Path) -> str:
    try:
        return read_document(file)
    except OSError as error:
        raise RequestInvalid("tariff", f"{file}: {error.strerror}.") from None


def _outcome(word: str) -> str:
    names = [name.removeprefix(OUTCOME).lower() for name in pb.RunOutcome.DESCRIPTOR.values_by_name]
    if word and word not in names[1:]:
        raise RequestInvalid("outcome", f"{word[:40]!r} is no outcome.", names[1:])
    return f"{OUTCOME}{(word or names[0]).upper()}"
