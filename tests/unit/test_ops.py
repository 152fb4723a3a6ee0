"""The dashboard and the alerts of ops/: they ask for figures that there are, and lead somewhere."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from billcore.core.client_errors import KEY_CAUSES
from billcore.core.errors import BillcoreError
from billcore.core.reconciliation.breaks import AGES, BreakKind
from billcore.server.authorisation import ROLES
from billcore.server.codes import CODES
from billcore.server.processes import Figures
from billcore.server.telemetry import Metrics

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "ops/grafana/billcore.json").read_text(encoding="utf-8"))
ALERTS = yaml.safe_load((ROOT / "ops/prometheus/alerts.yml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")

RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
ASKED = [target["expr"] for panel in PANELS for target in panel["targets"]]
EXPRESSIONS = ASKED + [rule["expr"] for rule in RULES]

WORDS = {
    *"sum max min topk by on unless or and rate increase histogram_quantile".split(),
    *"predict_linear time offset le".split(),
}
"""The words of PromQL that are used."""

OF_SCRAPES = {"instance", "job"}
OF_PROCESSES = {
    "up": set[str](),
    "process_cpu_seconds_total": set[str](),
    "process_resident_memory_bytes": set[str](),
    "process_open_fds": set[str](),
}

VARIABLES = {"$instance": ".*", "$__rate_interval": "5m"}


def samples() -> dict[str, set[str]]:
    """The labels of each sample that a server tells."""
    found = dict(OF_PROCESSES)
    parts = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}
    collectors = {
        one
        for figures in (Metrics(), Figures())
        for one in figures.registry._names_to_collectors.values()
    }
    for collector in collectors:
        labels = set(getattr(collector, "_labelnames", ()))
        for metric in collector.describe() if hasattr(collector, "_type") else ():
            for part in parts[metric.type]:
                extra = {"le"} if part == "_bucket" else set()
                found[metric.name + part] = labels | extra
    return found


SAMPLES = samples()


def plain(expression: str) -> str:
    """As Prometheus gets it."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    assert "$" not in expression
    return expression


def names(expression: str) -> Iterator[str]:
    """Every name outside texts, selectors, spans and groupings."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\[[^]]*\]|\b(by|on) \([^)]*\)|\boffset \w+", "", bare)
    yield from re.findall(r"[a-zA-Z_]\w*", bare)


@pytest.mark.parametrize("expression", [*map(plain, EXPRESSIONS)])
def test_an_expression_asks_for_what_there_is(expression):
    """Its brackets match, its functions are known, each sample and each label of it is told."""
    bare = re.sub(r'"[^"]*"', "", expression)
    for opening, closing in ("()", "{}", "[]"):
        assert bare.count(opening) == bare.count(closing)
    asked = set(names(expression)) - WORDS
    assert asked
    assert asked <= set(SAMPLES)
    for sample, selector in re.findall(r"(\w+)\{([^}]*)\}", expression):
        labels = set(re.findall(r'(\w+)[=!]~?"', selector))
        assert labels <= SAMPLES[sample] | OF_SCRAPES
    told = set.union(*(SAMPLES[sample] for sample in asked)) | OF_SCRAPES
    for grouping in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression):
        assert set(grouping.split(", ")) <= told


def test_the_dashboard_shows_every_metric():
    """Nothing is measured that nobody sees."""
    shown = {name for expression in ASKED for name in names(plain(expression))}
    ours = {
        metric.name
        for figures in (Metrics(), Figures())
        for metric in figures.registry.collect()
        if metric.name.startswith("billcore_")
    }
    seen = {re.sub(r"_(total|bucket|count|sum)$", "", name) for name in shown} | shown
    assert ours - seen == set()


def test_the_dashboard_fits_its_screen():
    """Panels have their own numbers and places, inside 24 columns."""
    every = DASHBOARD["panels"]
    assert len({panel["id"] for panel in every}) == len(every)
    cells = [
        (x, y)
        for panel in every
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) == 23
    rows = [panel["title"] for panel in every if panel["type"] == "row"]
    assert rows[:4] == ["Calls", "Payments", "Runs", "Reconciliation and suspense"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_an_alert_leads_somewhere(rule):
    """A severity, a summary, and a runbook that is a heading of the page."""
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["description"]
    page, _, heading = rule["annotations"]["runbook_url"].partition("#")
    assert page == "docs/operations.md"
    assert heading == rule["alert"].lower()
    assert f"### {rule['alert']}\n" in PAGE


def test_every_runbook_has_its_alert():
    headings = set(re.findall(r"^### (Billcore\w+)$", PAGE, re.MULTILINE))
    assert headings == {rule["alert"] for rule in RULES}
    assert len(RULES) == len(headings)


def test_alerts_name_values_that_there_are():
    """Methods, reasons, kinds and buckets in selectors are ours, each of those they choose from."""
    known = {
        "method": {method.removeprefix("billcore.v1.") for method in ROLES},
        "reason": {kind.reason for kind in CODES if issubclass(kind, BillcoreError)}
        | set(KEY_CAUSES),
        "kind": {kind.name for kind in BreakKind},
        "age_days": {str(age) for age in AGES},
        "code": {code.name for code in CODES.values()},
        "job": {"billcore"},
    }
    asked = [
        (label, value)
        for rule in RULES
        for label, value in re.findall(r'(\w+)(?:=~?|!~)"([^"]*)"', rule["expr"])
    ]
    assert len(asked) > 8
    for label, value in asked:
        for one in value.split("|"):
            assert any(re.fullmatch(one, word) for word in known[label]), (label, one)
