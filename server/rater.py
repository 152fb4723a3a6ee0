"""Rating as the edge asks for it: plans looked up once a stream, batches rated, figures counted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from billcore.core.errors import ColumnUnknown
from billcore.core.rating import rate as rating
from billcore.core.rating.bills import RatedBill, rate_bill
from billcore.core.rating.rate import Changes, RatedColumns, Segments
from billcore.core.tariff.bill import Bill, BillFailed
from billcore.core.tariff.catalog import Published
from billcore.core.tariff.status import Status
from billcore.server.backend import Visible
from billcore.server.telemetry import Metrics
from billcore.server.wire import Ints


@dataclass(frozen=True, slots=True)
class Plans:
    """What a stream is rated by: published versions, and the names of what is answered."""

    published: tuple[Published, ...]
    lines: tuple[str, ...]
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Columns of bills as core takes them; plan: for each its place in the stream's plans."""

    rows: int
    plan: NDArray[np.int32] | None
    columns: dict[str, Ints]
    changes: Changes | None
    segments: Segments | None


class Rater:
    """Bills by the tariffs that the caller sees; counts what became of them."""

    def __init__(self, catalog: Visible, metrics: Metrics, threads: int) -> None:
        self._catalog = catalog
        self._metrics = metrics
        self._threads = threads

    def plan(self, key: tuple[str, int, str]) -> Published:
        return self._catalog.get(*key)

    def plans(
        self, keys: Sequence[tuple[str, int, str]], columns: Sequence[str], *, lines: bool
    ) -> Plans:
        """The plans of a stream. Raises ColumnUnknown for a column that none of them reads."""
        published = tuple(self._catalog.get(*key) for key in keys)
        tariffs = [p.tariff for p in published]
        known = {name for tariff in tariffs for name in rating.column_names(tariff)}
        for name in columns:
            if name not in known:
                raise ColumnUnknown(name, sorted(known))
        if not lines:
            return Plans(published, (), ())
        return Plans(
            published,
            tuple(dict.fromkeys(n for t in tariffs for n in rating.line_names(t))),
            tuple(dict.fromkeys(n for t in tariffs for n in rating.state_names(t))),
        )

    def bill(self, published: Published, bill: Bill) -> RatedBill:
        try:
            rated = rate_bill(published.tariff, bill)
        except BillFailed as failed:
            self._metrics.bills_failed(failed.status, 1)
            raise
        self._metrics.bill_rated()
        return rated

    def batch(self, plans: Plans, batch: Batch) -> RatedColumns:
        rated = self._rated(plans, batch)
        counts = np.bincount(rated.status, minlength=1)
        failed = {Status(n): int(c) for n, c in enumerate(counts) if n and c}
        self._metrics.batch_rated(batch.rows, failed)
        return rated

    def _rated(self, plans: Plans, batch: Batch) -> RatedColumns:
        tariffs = [p.tariff for p in plans.published]
        lines = bool(plans.lines)
        if batch.plan is not None:
            return rating.rate_plans(
                tariffs, batch.plan, batch.columns, lines=lines, threads=self._threads
            )
        return rating.rate(
            tariffs[0],
            batch.columns,
            lines=lines,
            threads=self._threads,
            changes=batch.changes,
            segments=batch.segments,
        )
