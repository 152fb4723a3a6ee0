"""The late fees of a running server as `billcore late-fees` calls them."""

from collections.abc import Iterable
from functools import partial

from rich.table import Table

from billcore.server.commands.console import out, progress, say
from billcore.server.commands.options import request_named
from billcore.server.commands.remote import PAGE_SIZE, Remote, pages
from billcore.v1 import collection_service_pb2 as pb
from billcore.v1.collection_service_pb2_grpc import CollectionServiceStub


class LateFees:
    """CollectionService, called with a key, for a provider ('': the key's own)."""

    def __init__(self, address: str, key: str, provider: str) -> None:
        self._remote = Remote(address, key, provider)
        self._stub = partial(self._remote.service, CollectionServiceStub)

    def assess(self, until: str, number: str, chunk_accounts: int, given_id: str) -> None:
        """Assesses to the end, with a bar on a terminal; tells what it came to."""
        request = pb.AssessLateFeesRequest(
            request_id=request_named(given_id), until_day=until, chunk_accounts=chunk_accounts
        )
        if number:
            request.number = number
        told = pb.LateFeeAssessment()
        with self._stub() as stub, progress() as bar:
            task = bar.add_task("late fees", total=None)
            for answer in stub.AssessLateFees(request, metadata=self._remote.metadata):
                told = answer.assessment
                bar.update(task, total=told.chunks, completed=told.chunks_done)
        _tell_assessment(told)

    def assessments(self) -> None:
        """Tells every assessment."""
        request = pb.ListLateFeeAssessmentsRequest(page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListLateFeeAssessments, request, self._remote.call):
                for one in page.assessments:
                    _tell_assessment(one)

    def show(self, number: str, item_id: int) -> None:
        """Tells what an account was charged, each charge with its lines."""
        request = pb.GetLateFeesRequest(number=number, item_id=item_id)
        with self._stub() as stub:
            for page in pages(stub.GetLateFees, request, self._remote.call):
                for fee in page.fees:
                    _tell_fee(fee, page.currency)

    def preview(self, number: str, until: str) -> None:
        """Tells what an assessment would charge."""
        request = pb.PreviewLateFeesRequest(number=number, until_day=until)
        with self._stub() as stub:
            told = stub.PreviewLateFees(request, **self._remote.call)
        for item in told.items:
            say(
                f"{item.item_id} of {item.amount}, due {item.due_day or 'no more'}, open "
                f"{item.open}: fee {item.fee} ({item.exact}) by {item.rule or 'no rule'}, "
                f"change {item.change}"
            )
            _tell_lines(item.lines)
        say(f"{told.until_day}: {told.change} {told.currency} would be posted")

    def hold(
        self,
        number: str,
        item: int,
        amount: int,
        from_day: str,
        source: str,
        reason: str,
        given_id: str,
    ) -> None:
        """Holds and tells the hold."""
        request = pb.HoldLateFeesRequest(
            request_id=request_named(given_id),
            number=number,
            item_id=item,
            amount=amount,
            from_day=from_day,
            source=source,
            reason=reason,
        )
        with self._stub() as stub:
            _tell_hold(stub.HoldLateFees(request, **self._remote.call).hold)

    def release(
        self, number: str, source: str, until: str, annul: bool, reason: str, given_id: str
    ) -> None:
        """Releases and tells the hold."""
        request = pb.ReleaseLateFeesRequest(
            request_id=request_named(given_id),
            number=number,
            source=source,
            until_day=until,
            annul=annul,
            reason=reason,
        )
        with self._stub() as stub:
            _tell_hold(stub.ReleaseLateFees(request, **self._remote.call).hold)

    def holds(self, number: str) -> None:
        """Tells every hold of an account."""
        request = pb.ListLateFeeHoldsRequest(number=number)
        with self._stub() as stub:
            for one in stub.ListLateFeeHolds(request, **self._remote.call).holds:
                _tell_hold(one)

    def set_rate(
        self,
        series: str,
        from_day: str,
        per_million: int,
        source: str,
        source_day: str,
        reason: str,
        given_id: str,
    ) -> None:
        """Sets a rate and tells it."""
        rate = pb.ReferenceRate(
            series=series,
            from_day=from_day,
            per_million=per_million,
            source=source,
            source_day=source_day,
        )
        name = request_named(given_id)
        request = pb.SetReferenceRateRequest(request_id=name, rate=rate, reason=reason)
        with self._stub() as stub:
            told = stub.SetReferenceRate(request, **self._remote.call).rate
        say(f"{told.series} from {told.from_day}: {told.per_million}, version {told.version}")

    def rates(self) -> None:
        """Tells every rate."""
        table = Table("series", "from", "per million", "version", "source", "told", box=None)
        request = pb.ListReferenceRatesRequest(page_size=PAGE_SIZE)
        with self._stub() as stub:
            for page in pages(stub.ListReferenceRates, request, self._remote.call):
                for one in page.rates:
                    numbers = str(one.per_million), str(one.version)
                    table.add_row(one.series, one.from_day, *numbers, one.source, one.source_day)
        out.print(table)


def _tell_assessment(told: pb.LateFeeAssessment) -> None:
    say(
        f"Late fees {told.assessment_id} to {told.until_day}: {told.chunks_done} of {told.chunks} "
        f"chunks, {told.items} late items, {told.charges} charges of {told.charged}, "
        f"{told.credits} credits of {told.credited} {told.currency}"
    )


def _tell_fee(fee: pb.LateFee, currency: str) -> None:
    word = f"lowers {fee.credits}" if fee.credits else "charged"
    say(
        f"{fee.until_day}: {fee.amount} {currency} {word} for {fee.item_id}, due "
        f"{fee.due_day or 'no more'}: fee {fee.fee} ({fee.exact}), open {fee.debt}"
    )
    _tell_lines(fee.lines)


def _tell_lines(lines: Iterable[pb.LateFeeLine]) -> None:
    for one in lines:
        days = f"{one.steps} steps" if one.steps else f"{one.days} days"
        rate = f"{one.rate_per_million}/1000000"
        told = f", told {one.source_day}" if one.source_day else ""
        say(
            f"    {one.debt} x {one.factor} x {days} from {one.first_day} to {one.last_day} "
            f"(rate {rate}{told}) = {one.amount}"
        )


def _tell_hold(told: pb.LateFeeHold) -> None:
    until = told.until_day or "open"
    amount = told.amount or "all"
    say(f"Hold {told.source}: {amount} of {told.item_id}, {told.from_day} to {until}")
