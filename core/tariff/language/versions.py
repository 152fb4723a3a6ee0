"""What changes in time: the period's rules, the seasons, the versions of the parameters."""

from collections.abc import Sequence
from itertools import pairwise

from billcore.core.tariff.language.cells import read_cell
from billcore.core.tariff.language.document import Change, PeriodSpec, Season, Version
from billcore.core.tariff.language.reading import LABELS, Reader
from billcore.core.tariff.language.source import Mapping

CHANGES = tuple(c.value for c in Change)
CUT_MAX = 12
DAYS_LIMIT = 4000
"""A document may not allow longer periods."""


def read_period(read: Reader, tree: Mapping) -> PeriodSpec:
    """The rules of a bill's period, or those of a document that states none."""
    node = read.mapping(tree.get("period"), "period")
    if node is None:
        return PeriodSpec()
    read.keys(node, ("change", "season_change", "cut", "named", "days_max"), "period")
    change = read.word(node.get("change"), "period.change", CHANGES)
    seasonal = read.word(node.get("season_change"), "period.season_change", CHANGES)
    named = read.text(node.get("named"), "period.named")
    if named and not read.name(named, node.keys["named"], "a part of the period"):
        named = None
    cut = node.get("cut")
    parts = read.integer(cut, "period.cut", 1, CUT_MAX) or 1
    if named and parts == 1:
        message = f"period.named goes with period.cut: say into how many parts, 2 to {CUT_MAX}."
        read.refuse(node.keys["named"], "PERIOD", message, ("cut: 2",))
    return PeriodSpec(
        change=Change(change or "split"),
        season_change=Change(seasonal or "split"),
        cut=parts,
        named=named,
        days_max=read.integer(node.get("days_max"), "period.days_max", 1, DAYS_LIMIT) or 400,
        place=cut.place if cut else None,
    )


def read_seasons(read: Reader, tree: Mapping) -> dict[str, Season]:
    """The seasons of a document by name."""
    named = read.named(tree, "seasons", "season", "a season")
    return {name: _season(read, name, node) for name, node in named}


def _season(read: Reader, name: str, node: Mapping) -> Season:
    what = f"season {name}"
    read.keys(node, ("from", "until", "rest"), what)
    if read.yes(node.get("rest"), f"{what}.rest"):
        if node.keys.keys() & {"from", "until"}:
            message = f"{what} is the rest of the year: it has no 'from' and no 'until'."
            read.refuse(node.place, "SEASONS", message)
        return Season(name, None, None, node.place)
    start = read.parsed(read.require(node, "from", what), f"{what}.from", read.month_day)
    end = read.parsed(read.require(node, "until", what), f"{what}.until", read.month_day)
    return Season(name, start, end, node.place)


def read_versions(read: Reader, tree: Mapping) -> tuple[Version, ...]:
    """The versions of a document, in order of their first days."""
    nodes = read.sequence(read.require(tree, "versions", "A tariff"), "versions")
    specs = read.mappings(nodes, "a version")
    found = tuple(version for node in specs if (version := _version(read, node)))
    if nodes is not None and not len(nodes):
        read.refuse(nodes.place, "NO_VERSION", "A tariff has at least one version.")
    _check_order(read, found)
    return found


def _version(read: Reader, node: Mapping) -> Version | None:
    start = read.date(read.require(node, "from", "A version"), "version from")
    end = read.date(node.get("until"), "version until")
    cells = {}
    for name, inner in node:
        if name in ("from", "until") or name in LABELS:
            continue
        if read.name(name, node.keys[name], "a parameter") and (
            cell := read_cell(read, inner, name)
        ):
            cells[name] = cell
    return None if start is None else Version(start, end, cells, node.place)


def _check_order(read: Reader, versions: Sequence[Version]) -> None:
    show = read.calendar.format
    for v in versions:
        if v.end is not None and v.end < v.start:
            message = f"This version ends {show(v.end)}, before it starts."
            read.refuse(v.place, "VERSION_ORDER", message)
    for before, after in pairwise(versions):
        if after.start <= before.start:
            starts = show(after.start), show(before.start)
            message = f"The version of {starts[0]} must come after that of {starts[1]}."
            read.refuse(after.place, "VERSION_ORDER", message)
        elif before.end is not None and after.start != before.end + 1:
            rule = "VERSION_GAP" if after.start > before.end else "VERSION_OVERLAP"
            ends, due = show(before.end), show(before.end + 1)
            message = f"The version before ends {ends}: this one must start {due}."
            read.refuse(after.place, rule, message)
