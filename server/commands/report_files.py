"""Figures as a table in the terminal, as CSV and Parquet, as a chart.

Money is minor units in Parquet, as the metadata say, and decimals of the currency elsewhere; shares
are per million in files and percent on screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.table import Table

from billcore.core.errors import SettingsInvalid
from billcore.core.money import scaled_text
from billcore.core.tariff.ir import Mode, divide
from billcore.server.commands import written
from billcore.server.commands.amounts import shown
from billcore.server.commands.console import out, say

if TYPE_CHECKING:
    import pyarrow as pa

CHARTS = (".svg", ".png")


class Kind(Enum):
    """What a column holds."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    SHARE = "share"


Value = str | int


@dataclass(frozen=True, slots=True)
class Bars:
    """What a chart shows: a bar a row, labelled by `labels`, of the columns `parts` end to end;
    note: a column that is written behind the bar, or ''."""

    title: str
    labels: Sequence[str]
    parts: Sequence[str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """A table of figures. columns: what each holds, by name; digits: of the currency."""

    columns: dict[str, Kind]
    rows: Sequence[Sequence[Value]]
    currency: str
    digits: int

    def without_blank(self) -> "Figures":
        """Without columns of text that are empty in every row: what nobody asked for."""
        kept = [
            at
            for at, kind in enumerate(self.columns.values())
            if kind is not Kind.TEXT or any(row[at] for row in self.rows)
        ]
        names = list(self.columns.items())
        columns = dict(names[at] for at in kept)
        rows = [[row[at] for at in kept] for row in self.rows]
        return Figures(columns, rows, self.currency, self.digits)

    def column(self, name: str) -> list[Value]:
        """The values of a column."""
        at = list(self.columns).index(name)
        return [row[at] for row in self.rows]

    def text(self, value: Value, kind: Kind) -> str:
        """A value as people read it."""
        match kind:
            case Kind.MONEY:
                return shown(int(value), self.digits)
            case Kind.SHARE:
                return percent(int(value))
            case Kind.COUNT:
                return f"{value:,}"
        return str(value)

    def table(self, *, minor: bool) -> "pa.Table":
        """As Arrow. minor: money in minor units, with metadata that say so; else decimals."""
        import pyarrow as pa

        from billcore.server.tables import decimals

        made = {}
        for name, kind in self.columns.items():
            values = self.column(name)
            if kind is Kind.TEXT:
                made[name] = pa.array(values, pa.string())
            elif kind is Kind.MONEY and not minor:
                made[name] = decimals(np.array(values, dtype=np.int64), self.digits)
            else:
                made[name] = pa.array(values, pa.int64())
        told = {"billcore.currency": self.currency, "billcore.digits": str(self.digits)}
        return pa.table(made, metadata=told if minor else None)


@dataclass(frozen=True, slots=True)
class Files:
    """Where figures go beside the terminal. Raises SettingsInvalid for a chart of another form."""

    csv: Path | None = None
    parquet: Path | None = None
    chart: Path | None = None

    def __post_init__(self) -> None:
        if self.chart is not None and self.chart.suffix.lower() not in CHARTS:
            raise SettingsInvalid("chart", f"{self.chart.name!r} has no form.", CHARTS)

    def write(self, figures: Figures, bars: Bars | None = None) -> None:
        """Writes what was asked for; the table to the terminal."""
        told = figures.without_blank()
        _print(told)
        if self.csv is not None:
            written.csv(told.table(minor=False), self.csv)
            say(f"{self.csv}: {len(told.rows)} rows")
        if self.parquet is not None:
            written.parquet(told.table(minor=True), self.parquet)
            say(f"{self.parquet}: {len(told.rows)} rows")
        if self.chart is not None and bars is not None:
            _draw(told, bars, self.chart)
            say(str(self.chart))


def percent(per_million: int) -> str:
    """A share as percent of two decimals, half up: 845,272 is 84.53 %."""
    return f"{scaled_text(divide(per_million, 100, Mode.HALF_UP), 2)} %"


def _print(figures: Figures) -> None:
    table = Table(box=None)
    for name, kind in figures.columns.items():
        justify = "left" if kind is Kind.TEXT else "right"
        table.add_column(name.replace("_", " "), justify=justify)  # type: ignore[arg-type]
    kinds = list(figures.columns.values())
    for row in figures.rows:
        told = [figures.text(value, kind) for value, kind in zip(row, kinds, strict=True)]
        table.add_row(*told)
    out.print(table)


def _draw(figures: Figures, bars: Bars, file: Path) -> None:
    """Draws a chart. Raises SettingsInvalid where the library is not installed."""
    try:
        from billcore.server.commands.report_charts import draw
    except ModuleNotFoundError as error:
        why = f"{error.name} is not installed: pip install 'billcore[charts]'."
        raise SettingsInvalid("chart", why) from None
    with written.whole(file) as part:
        draw(figures, bars, part, file.suffix.lower().removeprefix("."))
