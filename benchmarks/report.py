"""The report: `report.md`, plots, and `report.json`, a list of goals that later suites join.

Goals: each suite owns its files and its goals (`suite/...`), so running one suite
leaves the others' results as they were. Non-goals: history.
"""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from benchmarks.timing import cores

Better = Literal["higher", "lower"]
FOLDER = Path(__file__).parent / "report"
VERDICTS = {True: "holds", False: "MISSED", None: "not judged"}


@dataclass(frozen=True, slots=True)
class Goal:
    """`holds` is None where this machine or this size of run cannot judge."""

    goal: str
    value: float | None
    target: float
    better: Better
    holds: bool | None
    machine: str
    date: str


@dataclass(frozen=True, slots=True)
class Table:
    """Figures under headings; `bars` (label to value, in the unit of the title) or `curves` (label
    to points) become a plot."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    bars: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        words = "".join(c if c.isalnum() else " " for c in self.title.lower()).split()
        return "-".join(words)

    def markdown(self) -> str:
        head = f"### {self.title}\n\n" + _row(self.headings) + _row(["---"] * len(self.headings))
        return (
            head + "".join(_row(r) for r in self.rows) + (f"\n{self.note}\n" if self.note else "")
        )


@dataclass(frozen=True, slots=True)
class Section:
    """What one suite reports."""

    suite: str
    tables: Sequence[Table]
    goals: Sequence[Goal]
    remarks: Sequence[str] = ()


def goal(
    name: str, value: float | None, target: float, better: Better, can_judge: bool = True
) -> Goal:
    """A goal named `suite/what`, judged if there is a value and this run may judge it."""
    holds: bool | None = None
    if can_judge and value is not None:
        holds = value >= target if better == "higher" else value <= target
    shown = None if value is None else round(value, 4)
    return Goal(name, shown, target, better, holds, machine(), date.today().isoformat())


def machine() -> str:
    """The processor and its number of cores, as the operating system names them."""
    return f"{_processor()}, {cores()} cores, Python {platform.python_version()}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def write(section: Section, folder: Path = FOLDER) -> None:
    """Replace the suite's goals, tables and plots; rebuild `report.md` from all suites."""
    folder.mkdir(parents=True, exist_ok=True)
    goals = merge_goals(folder / "report.json", section)
    plots = write_plots(section, folder)
    (folder / f"{section.suite}.md").write_text(_section_markdown(section, plots))
    (folder / "report.md").write_text(_report_markdown(goals, folder))


def merge_goals(path: Path, section: Section) -> list[Goal]:
    """The goals on file with those of the section's suite replaced; written back."""
    known = [Goal(**entry) for entry in json.loads(path.read_text())] if path.exists() else []
    others = [g for g in known if not g.goal.startswith(f"{section.suite}/")]
    goals = sorted([*others, *section.goals], key=lambda g: g.goal.partition("/")[0])
    path.write_text(json.dumps([asdict(g) for g in goals], indent=1) + "\n")
    return goals


def _report_markdown(goals: Sequence[Goal], folder: Path) -> str:
    """The goals of all suites, then each suite's own page."""
    pages = sorted(p for p in folder.glob("*.md") if p.name != "report.md")
    head = "# Benchmark report\n\nWritten by `python -m benchmarks`; how: `docs/benchmarks.md`.\n\n"
    return head + goals_table(goals).markdown() + "".join("\n" + p.read_text() for p in pages)


def goals_table(goals: Sequence[Goal]) -> Table:
    rows = [
        [g.goal, "–" if g.value is None else f"{g.value:g}", _target(g), VERDICTS[g.holds], g.date]
        for g in goals
    ]
    return Table("Goals", ("goal", "value", "target", "verdict", "date"), rows)


def _target(g: Goal) -> str:
    return f"{'≥' if g.better == 'higher' else '≤'} {g.target:g}"


def _section_markdown(section: Section, plots: Mapping[str, str]) -> str:
    text = [f"## {section.suite}\n\n{machine()}; {date.today().isoformat()}.\n"]
    text += [f"\n{remark}\n" for remark in section.remarks]
    for table in section.tables:
        plot = plots.get(table.slug)
        text.append("\n" + table.markdown() + (f"\n![{table.title}]({plot})\n" if plot else ""))
    return "".join(text)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def write_plots(section: Section, folder: Path) -> dict[str, str]:
    """One PNG per table that has bars or curves; {table slug: file name}. Needs matplotlib."""
    for old in folder.glob(f"{section.suite}--*.png"):
        old.unlink()
    plotted = [t for t in section.tables if t.bars or t.curves]
    named = {t.slug: f"{section.suite}--{t.slug}.png" for t in plotted}
    for table in plotted:
        (_bars if table.bars else _curves)(table, folder / named[table.slug])
    return named


def _bars(table: Table, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    labels, values = list(table.bars), list(table.bars.values())
    figure, axes = pyplot.subplots(figsize=(9, 1.0 + 0.34 * len(labels)))
    axes.barh(labels, values, color="#4477aa")
    axes.invert_yaxis()
    if max(values) > 20 * min(values):
        axes.set_xscale("log")
    for at, value in enumerate(values):
        axes.text(value, at, f" {value:.3g}", va="center", fontsize=8)
    axes.set_title(table.title, fontsize=10)
    axes.margins(x=0.12)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def _curves(table: Table, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(9, 5))
    for label, points in table.curves.items():
        axes.plot(*zip((0, 0), *points, strict=True), marker=".", label=label)
    axes.legend()
    axes.grid(alpha=0.3)
    axes.set_title(table.title, fontsize=10)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
