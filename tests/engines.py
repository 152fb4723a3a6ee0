"""Both engines on the same bills: what the kernel gives against the exact reference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billcore.core.rating.bills import rate_bills
from billcore.core.rating.rate import RatedColumns
from billcore.core.rating_kernel import Level, Path
from billcore.core.tariff.bill import Bill, BillFailed
from billcore.core.tariff.reference import evaluation
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff


@dataclass(frozen=True)
class Expected:
    """A bill by the reference: its status, and all output columns where it is OK."""

    status: Status
    columns: dict[str, int]


def expected(tariff: Tariff, bill: Bill) -> Expected:
    """What the reference says of a bill."""
    try:
        rated = evaluation.rate(tariff.document, tariff.analysis, bill)
    except BillFailed as failed:
        return Expected(failed.status, {})
    columns = {name: line.posted for name, line in rated.lines.items()}
    columns |= {"rounding": rated.rounding_posted, "total": rated.total_posted}
    if tariff.document.total.carry is not None:
        columns |= {"carried_in": rated.carried_in, "carried_out": rated.carried_out}
    for name, value in rated.state.items():
        columns[f"state:{name}"] = int(value * 10 ** tariff.document.states[name].decimals)
    return Expected(Status.OK, columns)


def row(rated: RatedColumns, i: int) -> Expected:
    """What the kernel said of the i-th bill, tiers of lines left out."""
    columns = {name: int(column[i]) for name, column in rated.lines.items() if "[" not in name}
    columns |= {f"state:{name}": int(column[i]) for name, column in rated.state.items()}
    return Expected(Status(int(rated.status[i])), columns | {"total": int(rated.total[i])})


def differences(
    tariff: Tariff, bills: Sequence[Bill], *, level: Level | None = None, path: Path = Path.AUTO
) -> Iterator[str]:
    """Bills that the kernel rates otherwise than the reference.

    A bill that fails for several reasons may name another first: then only that it fails counts.
    """
    rated = rate_bills(tariff, bills, level=level, path=path)
    for i, bill in enumerate(bills):
        want, have = expected(tariff, bill), row(rated, i)
        if want.status is not Status.OK and have.status is not Status.OK:
            if any(have.columns.values()):
                yield f"{tariff.id}: a failed bill has amounts: {have}"
            continue
        if want != have:
            yield f"{tariff.id}: {bill}\n  reference {want}\n  kernel    {have}"
