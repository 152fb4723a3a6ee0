"""Sums by key, and what is looked at before accounts are lost: policy and page."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.accounts.early_warning import BANDS, RULES, EarlyWarning, Feature
from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.policies import parse_policies
from billcore.core.collections.analytics import scoring
from billcore.core.collections.analytics.collection import per_million
from billcore.core.collections.analytics.sums import Sums
from billcore.server.commands.report_files import Bars, Figures, Files, Kind, percent

PAGE = Path(__file__).parents[2] / "docs" / "reports.md"
KEY = st.integers(0, 3) | st.integers(0, 70_000)
AMOUNT = st.integers(-(2**63) + 1, 2**63 - 1)


@given(st.lists(st.lists(st.tuples(KEY, KEY, AMOUNT), max_size=12), max_size=4))
def test_sums_are_exact_however_large(parts):
    """Beyond 64 bits too, of few keys and of many that lie far apart."""
    sums, wanted = Sums(2), {}
    for part in parts:
        columns = [np.array(column, dtype=np.int64) for column in zip(*part, strict=True)] or [
            np.zeros(0, dtype=np.int64)
        ] * 3
        sums.add(columns[:2], [columns[2], np.ones_like(columns[2])])
        for one, two, amount in part:
            kept = wanted.setdefault((one, two), [0, 0])
            kept[0] += amount
            kept[1] += 1
    assert list(sums) == sorted(wanted.items())


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(113_094, 133_796, "84.53 %"), (1, 8, "12.50 %"), (0, 0, "0.00 %"), (2, 3, "66.67 %")],
)
def test_a_share_is_rounded_half_up_once_and_shown_in_percent(part, whole, shown):
    assert percent(per_million(part, whole)) == shown


# -- the policy


def policy(**keys):
    return parse_policies(json.dumps({"early_warning": keys}))


def test_what_is_left_out_is_what_is_shipped():
    assert parse_policies("").early_warning == EarlyWarning(RULES, BANDS)
    given = parse_policies("").text
    assert parse_policies(given).text == given


def test_rules_are_kept_by_feature_and_by_what_they_ask():
    rules = [
        {"feature": "returned_payments", "at_least": 1, "points": 5},
        {"feature": "arrears", "at_least": 900, "points": 7},
        {"feature": "arrears", "at_least": 100, "points": 3},
    ]
    found = policy(rules=rules, bands=[]).early_warning
    assert [(one.feature.value, one.at_least) for one in found.rules] == [
        ("arrears", 100), ("arrears", 900), ("returned_payments", 1),
    ]  # fmt: skip
    values = {feature: np.zeros(4, dtype=np.int64) for feature in Feature}
    values[Feature.ARREARS] = np.array([99, 100, 899, 900])
    assert scoring.scores(values, found).tolist() == [0, 3, 3, 7]
    assert scoring.bands(np.array([0, 99]), found).tolist() == [0, 0]


RULE = {"feature": "arrears", "at_least": 1, "points": 1}


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"rules": {}}, "rules"),
        ({"rules": [RULE] * 101}, "rules"),
        ({"rules": [RULE | {"feature": "mood"}]}, "rules[0].feature"),
        ({"rules": [RULE | {"at_least": 0}]}, "rules[0].at_least"),
        ({"rules": [RULE | {"points": 0}]}, "rules[0].points"),
        ({"rules": [{"feature": "arrears", "points": 1}]}, "rules[0].at_least"),
        ({"rules": [RULE | {"more": 1}]}, "rules[0].more"),
        ({"rules": [RULE, RULE]}, "rules[1].at_least"),
        ({"bands": [{"band": "Watch", "at_least": 1}]}, "bands[0].band"),
        ({"bands": [{"band": "a", "at_least": 5}, {"band": "b", "at_least": 5}]}, "bands[1].at"),
        ({"bands": [{"band": "a", "at_least": 5}, {"band": "a", "at_least": 6}]}, "bands[1].band"),
        ({"last_bills": 0}, "last_bills"),
        ({"growth_days": 3_651}, "growth_days"),
        ({"returned_days": "9"}, "returned_days"),
        ({"colour": 1}, "colour"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(wrong, place):
    with pytest.raises(PolicyInvalid, match=re.escape(f"policies.early_warning.{place}")):
        policy(**wrong)


def test_the_page_has_every_feature_and_its_example_is_a_policy():
    """docs/reports.md: a row for each feature, in order; the JSON is read."""
    text = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ", text.partition("## Early warning")[2], re.MULTILINE)
    assert rows == [feature.value for feature in Feature]
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert parse_policies(example).early_warning.bands[-1].band == "alarm"


# -- charts


def test_a_chart_says_how_many_rows_it_leaves_out(tmp_path, capsys):
    rows = [[f"row {n}", 100 - n] for n in range(80)]
    figures = Figures({"name": Kind.TEXT, "amount": Kind.MONEY}, rows, "EUR", 2)
    Files(chart=tmp_path / "bars.svg").write(figures, Bars("Bars", ("name",), ("amount",)))
    drawn = (tmp_path / "bars.svg").read_text("utf-8")
    assert "the first 60 of 80 rows" in drawn
    assert "row 59" in drawn
    assert "row 60" not in drawn
