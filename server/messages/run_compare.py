"""Compared runs as messages."""

from collections.abc import Mapping

from billcore.core.billing.runs.compare.comparison import MOVERS, Comparison, Wanted
from billcore.core.billing.runs.compare.sides import Side
from billcore.core.billing.runs.compare.sums import Alone, Groups, Moves, Pair
from billcore.core.rating.batch import Ints
from billcore.core.store.providers import Provider
from billcore.server.asked import currency
from billcore.v1 import compare_pb2 as pb


def wanted(request: pb.CompareRunsRequest) -> Wanted:
    """What a request wants to know."""
    movers = request.movers if request.HasField("movers") else MOVERS
    return Wanted(request.attribute, request.area_length, movers)


def compared(found: Comparison, provider: Provider) -> pb.CompareRunsResponse:
    numbers = found.numbers
    return pb.CompareRunsResponse(
        run=_run(found.one),
        other_run=_run(found.other),
        whole=_pair(found.whole),
        tariffs=_groups(found.tariffs),
        classes=_groups(found.classes),
        areas=_groups(found.areas),
        rises=_moves(found.rises.moves, numbers),
        falls=_moves(found.falls.moves, numbers),
        only_run=_alone(found.only_one, numbers, is_other=False),
        only_other_run=_alone(found.only_other, numbers, is_other=True),
        **currency(provider),
    )


def _run(side: Side) -> pb.ComparedRun:
    run = side.run
    return pb.ComparedRun(run_id=run.run_id, issued=side.issued, simulated=run.simulated)


def _pair(pair: Pair) -> pb.Compared:
    return pb.Compared(
        bills=pair.one.bills,
        other_bills=pair.other.bills,
        total=pair.one.total,
        other_total=pair.other.total,
        difference=pair.difference,
        per_mille=pair.per_mille,
    )


def _groups(groups: Groups) -> list[pb.ComparedGroup]:
    return [pb.ComparedGroup(name=name, compared=_pair(pair)) for name, pair in groups.sorted]


def _moves(moves: Moves, numbers: Mapping[int, str]) -> list[pb.ComparedAccount]:
    return [
        pb.ComparedAccount(
            account_id=account,
            number=numbers[account],
            total=total,
            other_total=other,
            difference=other - total,
        )
        for account, total, other in zip(
            *_lists(moves.account_id, moves.one, moves.other), strict=True
        )
    ]


def _alone(alone: Alone, numbers: Mapping[int, str], is_other: bool) -> pb.ComparedAlone:
    nothing = alone.total * 0
    one, other = (nothing, alone.total) if is_other else (alone.total, nothing)
    first = _moves(Moves(alone.account_id, one, other), numbers)
    return pb.ComparedAlone(accounts=alone.sum.bills, total=alone.sum.total, first=first)


def _lists(*columns: Ints) -> list[list[int]]:
    return [column.tolist() for column in columns]
