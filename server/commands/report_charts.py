"""Charts of figures: horizontal bars, a row each, their parts end to end. Needs matplotlib.

Bars are as long as amounts are: an axis begins at 0, unless amounts are below it.
"""

from collections.abc import Sequence
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from billcore.server.commands.amounts import shown
from billcore.server.commands.report_files import Bars, Figures, Kind

COLOURS = ("#4477aa", "#66ccee", "#ccbb44", "#aa3377", "#ee6677", "#228833", "#bbbbbb")
"""A scheme that colour-blind people can tell apart."""

BARS_MAX = 60
"""A chart has at most so many bars, and says so; what is behind them is in the table."""

WIDTH, BAR, AROUND, DPI = 9, 34, 150, 110
"""Inches of a chart's width; hundredths of an inch of a bar and around all; dots of an inch."""


def draw(figures: Figures, bars: Bars, file: Path, form: str) -> None:
    """Writes a chart as svg or png."""
    matplotlib.rcParams["svg.hashsalt"] = "billcore"  # the same figures are the same file
    every = _labels(figures, bars.labels)
    labels = every[:BARS_MAX]
    canvas = Figure(figsize=(WIDTH, (AROUND + BAR * max(len(labels), 1)) / 100))
    axes = canvas.add_subplot()
    parts = [name for name in bars.parts if any(figures.column(name))] or bars.parts[:1]
    places = list(range(len(labels)))
    ahead, behind = [0] * len(labels), [0] * len(labels)
    for name, colour in zip(parts, COLOURS, strict=False):
        values = [int(value) for value in figures.column(name)][: len(labels)]
        starts = [ahead[at] if value >= 0 else behind[at] for at, value in enumerate(values)]
        axes.barh(places, values, left=starts, color=colour, label=name.replace("_", " "))
        for at, value in enumerate(values):
            (ahead if value >= 0 else behind)[at] += value
    _annotate(axes, figures, bars, ahead)
    axes.set_yticks(places, labels)
    axes.invert_yaxis()
    axes.margins(x=0.16)
    money = figures.columns[parts[0]] is Kind.MONEY
    digits = figures.digits if money else 0
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: shown(round(at), digits)))
    if money:
        axes.set_xlabel(figures.currency)
    if len(parts) > 1:
        axes.legend(fontsize=8, ncols=len(parts), loc="lower right", bbox_to_anchor=(1, 1))
    title = bars.title
    if len(every) > BARS_MAX:
        title += f": the first {BARS_MAX} of {len(every)} rows"
    title += "\n" if len(parts) > 1 else ""
    axes.set_title(title, fontsize=10, loc="left")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    canvas.tight_layout()
    stamp = {"Date": None} if form == "svg" else {"Software": None}
    canvas.savefig(file, format=form, dpi=DPI, metadata=stamp)


def _labels(figures: Figures, names: Sequence[str]) -> list[str]:
    """What each bar is called; columns that nobody asked for are not there."""
    known = [figures.column(name) for name in names if name in figures.columns]
    found = [
        " · ".join(str(value) for value in row if value != "") for row in zip(*known, strict=True)
    ]
    return found if known else ["all"] * len(figures.rows)


def _annotate(axes: object, figures: Figures, bars: Bars, ends: Sequence[int]) -> None:
    """Writes the note behind each bar."""
    if not bars.note:
        return
    kind = figures.columns[bars.note]
    for at, (end, value) in enumerate(zip(ends, figures.column(bars.note), strict=False)):
        text = f" {figures.text(value, kind)}"
        axes.text(end, at, text, va="center", fontsize=8)  # type: ignore[attr-defined]
