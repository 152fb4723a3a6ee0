"""Rules of late fees in policies: every key known, every wrong one told with its place."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.late_fees import Bears, FeeKind, LateFeePolicy, LateFeeRule, Mode
from billcore.core.accounts.late_fees_read import late_fees_of, rule_of
from billcore.core.accounts.policies import parse_policies

BANDS = {"name": "r", "kind": "bands", "bands": [{"until": 30}, {"divisor": 300}]}


def rules(*given):
    return late_fees_of({"rules": list(given)}).rules


def test_defaults_and_given_values_read_back():
    """The canonical text of a rule has the keys of its kind, and means the same."""
    assert parse_policies("").late_fees == LateFeePolicy()
    (rule,) = rules({"name": "r", "kind": "daily", "per_million": 500, "mode": "down"})
    assert (rule.items, rule.payment_day) == ((Bears.BILL, Bears.OPENING), True)
    assert (rule.past_year, rule.mode, rule.unit) == (500, Mode.DOWN, 1)
    assert rule_of(rule.text) == rule
    assert "bands" not in json.loads(rule.text)
    assert set(json.loads(rule.text)) >= {"from_day", "until_day", "grace_days", "year_rule"}
    text = json.dumps({"late_fees": {"rules": [BANDS]}})
    assert parse_policies(parse_policies(text).text) == parse_policies(text)


@pytest.mark.parametrize(
    ("given", "place", "words"),
    [
        ([], "", "object"),
        ({"rule": []}, ".rule", "rules"),
        ({"rules": {}}, ".rules", "list of at most"),
        ({"rules": [3]}, ".rules[0]", "object"),
        ({"rules": [{"kind": "none"}]}, ".rules[0].name", "no name"),
        ({"rules": [{"name": "R", "kind": "none"}]}, ".rules[0].name", "no name"),
        ({"rules": [{"name": "r"}]}, ".rules[0].kind", "percent"),
        ({"rules": [{"name": "r", "kind": "none"}] * 2}, ".rules[1].name", "before it"),
        ({"rules": [{"name": "r", "kind": "none", "minimum": 1}]}, ".rules[0].minimum", "items"),
        ({"rules": [{"name": "r", "kind": "none", "from_day": "2026-13-01"}]},
         ".rules[0].from_day", "2026-01-31"),
        ({"rules": [{"name": "r", "kind": "none", "from_day": 20260101}]},
         ".rules[0].from_day", "no day"),
        ({"rules": [{"name": "r", "kind": "none", "from_day": "2026-01-02",
                     "until_day": "2026-01-01"}]}, ".rules[0].until_day", "before"),
        ({"rules": [{"name": "r", "kind": "none", "items": []}]}, ".rules[0].items", "1 to"),
        ({"rules": [{"name": "r", "kind": "none", "items": ["fee"]}]},
         ".rules[0].items[0]", "opening"),
        ({"rules": [{"name": "r", "kind": "none", "when": {"attribute": "a"}}]},
         ".rules[0].when.words", "no words without"),
        ({"rules": [{"name": "r", "kind": "none", "when": {"words": ["a"]}}]},
         ".rules[0].when.words", "no words without"),
        ({"rules": [{"name": "r", "kind": "none", "when": {"services": ["a", "a"]}}]},
         ".rules[0].when.services[1]", "twice"),
        ({"rules": [{"name": "r", "kind": "daily", "per_million": -1}]},
         ".rules[0].per_million", "0..100000000"),
        ({"rules": [{"name": "r", "kind": "daily", "year_rule": "never"}]},
         ".rules[0].year_rule", "all_days"),
        ({"rules": [{"name": "r", "kind": "daily", "payment_day": 1}]},
         ".rules[0].payment_day", "true"),
        ({"rules": [{"name": "r", "kind": "daily", "mode": "up_down"}]},
         ".rules[0].mode", "half_even"),
        ({"rules": [{"name": "r", "kind": "daily", "unit": 0}]}, ".rules[0].unit", "1.."),
        ({"rules": [{"name": "r", "kind": "interest", "basis": "364"}]},
         ".rules[0].basis", "360"),
        ({"rules": [{"name": "r", "kind": "interest", "rate": {"percent": 3}}]},
         ".rules[0].rate.percent", "cap_per_million"),
        ({"rules": [{"name": "r", "kind": "interest", "rate": {"series": "Key rate"}}]},
         ".rules[0].rate.series", "no name"),
        ({"rules": [{"name": "r", "kind": "interest",
                     "rate": {"series": "key", "per_million": 3}}]},
         ".rules[0].rate.per_million", "plus_per_million"),
        ({"rules": [{"name": "r", "kind": "bands"}]}, ".rules[0].bands", "at least one"),
        ({"rules": [{"name": "r", "kind": "bands", "bands": []}]}, ".rules[0].bands", "1 to 20"),
        ({"rules": [{"name": "r", "kind": "bands", "bands": [{"until": 30}]}]},
         ".rules[0].bands[0].until", "no end"),
        ({"rules": [{"name": "r", "kind": "bands",
                     "bands": [{"until": 30}, {"until": 30}, {}]}]},
         ".rules[0].bands[1].until", "grow"),
        ({"rules": [{"name": "r", "kind": "bands", "bands": [{"divisor": -1}]}]},
         ".rules[0].bands[0].divisor", "0..1000000"),
        ({"rules": [{"name": "r", "kind": "percent", "every": "days"}]},
         ".rules[0].step_days", "at least 1"),
        ({"rules": [{"name": "r", "kind": "percent", "step_days": 3}]},
         ".rules[0].step_days", "steps of days"),
        ({"rules": [{"name": "r", "kind": "percent", "compound": True}]},
         ".rules[0].compound", "fees"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(given, place, words):
    """The field, and what is allowed."""
    with pytest.raises(PolicyInvalid) as refused:
        late_fees_of(given)
    assert refused.value.fields["field"] == f"policies.late_fees{place}"
    assert words in refused.value.message


def test_the_rules_of_the_page_are_rules():
    """docs/late-fees.md, its blocks and what it quotes; every key of a rule is in its tables."""
    page = (Path(__file__).parents[2] / "docs" / "late-fees.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^    .*\n)+", page, re.MULTILINE)
    quoted = re.findall(r"`(\{.*?\})`", page)
    found = [rules(*json.loads(f"[{text}]")) for text in (*blocks, *quoted)]
    assert [rule.kind for some in found for rule in some] == [
        "bands", "daily", "daily", "interest", "percent",
    ]  # fmt: skip
    for key in (one.name for one in fields(LateFeeRule)):
        assert f"`{key}" in page, key


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(kind=st.sampled_from(FeeKind), key=st.sampled_from(
    ["from_day", "when", "items", "unit", "mode", "rate", "basis", "bands", "every", "grace_days"]
), value=json_values)  # fmt: skip
def test_whatever_is_given_is_refused_or_read(kind, key, value):
    """No value of a key crashes the reader."""
    given = {"name": "r", "kind": kind.value, key: value}
    if kind is FeeKind.BANDS:
        given = {**BANDS, key: value}
    try:
        (rule,) = rules(given)
    except PolicyInvalid:
        return
    assert rule_of(rule.text) == rule
