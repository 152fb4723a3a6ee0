"""Policies of a provider: every key known, every wrong one told with its place."""

import dataclasses
import json
import re
from pathlib import Path

import pytest

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.policies import Outsorting, Policies, parse_policies
from billcore.core.billing.runs.outsort.rules import RULES

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def test_defaults_and_given_values_read_back():
    """The canonical text has every key and means the same."""
    assert parse_policies("") == parse_policies("{}") == Policies()
    given = parse_policies(
        '{"reading_window": {"first_day": 25, "last_day": 3, "customer_readings": true},'
        ' "estimation": ["similar"], "due_days": 0}'
    )
    assert (given.reading_window.first_day, given.estimation, given.due_days) == (
        25,
        ("similar",),
        0,
    )
    assert parse_policies(given.text) == given
    assert parse_policies(given.text).text == given.text


def test_reasons_of_corrections_are_the_provider_s():
    """A list of its own replaces the default; a code stands in it once."""
    assert "METER_READING" in Policies().correction_reasons
    assert Policies().evidence_required
    given = parse_policies('{"correction_reasons": ["B", "A", "B"], "evidence_required": false}')
    assert (given.correction_reasons, given.evidence_required) == (("B", "A"), False)
    assert parse_policies(given.text) == given


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[]", "policies", "object"),
        ("{", "policies", "no JSON"),
        ('{"due": 1}', "policies.due", "due_days"),
        ('{"due_days": 366}', "policies.due_days", "0..365"),
        ('{"due_days": true}', "policies.due_days", "0..365"),
        ('{"due_days": 1.5}', "policies", "1.5"),
        ('{"due_days": NaN}', "policies.due_days", "0..365"),
        ('{"due_days": 1, "due_days": 2}', "policies…due_days", "twice"),
        ('{"plausibility": {"low": 1}}', "policies.plausibility.low", "low_percent"),
        ('{"plausibility": 3}', "policies.plausibility", "object"),
        ('{"reading_window": {"customer_readings": 1}}',
         "policies.reading_window.customer_readings", "true"),
        ('{"outsorting": {"above_average": 300}}',
         "policies.outsorting.above_average", "above_average_percent"),
        ('{"outsorting": {"above": -1}}', "policies.outsorting.above", "0..100000000000000000"),
        ('{"outsorting": {"above": 100000000000000001}}', "policies.outsorting.above", "0..1"),
        ('{"outsorting": {"average_bills": 0}}', "policies.outsorting.average_bills", "1..24"),
        ('{"outsorting": {"average_bills": 25}}', "policies.outsorting.average_bills", "1..24"),
        ('{"outsorting": {"above_average_percent": 100001}}',
         "policies.outsorting.above_average_percent", "0..100000"),
        ('{"outsorting": {"above_average_percent": 1.5}}', "policies", "1.5"),
        ('{"outsorting": {"usage_above_percent": -1}}',
         "policies.outsorting.usage_above_percent", "0..100000"),
        ('{"outsorting": {"estimates": true}}', "policies.outsorting.estimates", "0..24"),
        ('{"outsorting": {"estimates": 25}}', "policies.outsorting.estimates", "0..24"),
        ('{"outsorting": {"zero": 0}}', "policies.outsorting.zero", "true"),
        ('{"outsorting": {"new_customer": "yes"}}', "policies.outsorting.new_customer", "true"),
        ('{"outsorting": {"tariff_changed": null}}', "policies.outsorting.tariff_changed", "true"),
        ('{"outsorting": {"zero": true, "zero": true}}', "policies…zero", "twice"),
        ('{"outsorting": []}', "policies.outsorting", "object"),
        ('{"estimation": ["guess"]}', "policies.estimation", "last_year"),
        ('{"estimation": [["x"]]}', "policies.estimation", "last_year"),
        ('{"estimation": "recent"}', "policies.estimation", "list"),
        ('{"estimation": ["recent", "recent"]}', "policies.estimation", "once"),
        ('{"correction_reasons": []}', "policies.correction_reasons", "1 to 100"),
        ('{"correction_reasons": "OTHER"}', "policies.correction_reasons", "list"),
        ('{"correction_reasons": ["other"]}', "policies.correction_reasons", "METER_READING"),
        ('{"evidence_required": 0}', "policies.evidence_required", "true"),
        ("[" * 100_000, "policies", "characters"),
        ("[" * 20_000, "policies", ""),
        ('{"due_days": ' + "9" * 5_000 + "}", "policies", "digits"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text, place, words):
    """Unknown keys are answered with the allowed ones."""
    with pytest.raises(PolicyInvalid) as caught:
        parse_policies(text)
    assert caught.value.fields["field"] == place
    assert words in caught.value.message


@pytest.mark.parametrize("place", [0, 1], ids=["least", "most"])
def test_outsorting_reads_back_at_its_limits(place):
    """Every number at either end of what is allowed, every flag of either value."""
    given = {
        field.name: Outsorting.LIMITS[field.name][place]
        if field.name in Outsorting.LIMITS
        else bool(place)
        for field in dataclasses.fields(Outsorting)
    }
    found = parse_policies(json.dumps({"outsorting": given}))
    assert dataclasses.asdict(found.outsorting) == given
    assert parse_policies(found.text) == found


def test_every_key_of_outsorting_is_documented():
    """docs/operations.md has a row for each with limits and default, and each rule in its place."""
    row = r"^\| `(\w+)` \| (?:`([A-Z_]+)`)? ?\| ([^|`]+) \| `(\w+)` \| .+ \|$"
    found = re.findall(row, OPERATIONS.read_text("utf-8"), re.MULTILINE)
    limits = {key: "{}..{}".format(*span) for key, span in Outsorting.LIMITS.items()}
    assert {key: (allowed, default) for key, _, allowed, default in found} == {
        field.name: (limits.get(field.name, "true, false"), json.dumps(field.default))
        for field in dataclasses.fields(Outsorting)
    }
    assert [rule for _, rule, _, _ in found if rule] == list(RULES)


# -- norms

NORMS = [
    {"tariff": "ru-zhku", "quantity": "cold_m3", "parameter": "cold_norm", "times": ["persons"]},
    {"quantity": "cold_m3", "parameter": "norm", "by": "supply"},
    {"quantity": "kwh", "per_month": "120.5"},
    {"quantity": "m3", "input": "norm_m3"},
]


def test_norms_read_back():
    given = parse_policies(json.dumps({"norms": NORMS}))
    assert [norm.as_dict() for norm in given.norms] == NORMS
    assert parse_policies(given.text) == given
    assert parse_policies(given.text).text == given.text


@pytest.mark.parametrize(
    ("norm", "place", "words"),
    [
        ("m3", "", "object"),
        ({"per_month": "1"}, ".quantity", "missing"),
        ({"quantity": "m3"}, "", "per_month, parameter, input"),
        ({"quantity": "m3", "per_month": "1", "input": "a"}, "", "one way"),
        ({"quantity": "m3", "per_month": "1", "by": "a"}, ".by", "parameter"),
        ({"quantity": "m3", "per_month": 1}, ".per_month", "decimal"),
        ({"quantity": "m3", "per_month": "1,5"}, ".per_month", "plain decimal"),
        ({"quantity": "m3", "per_month": "-1"}, ".per_month", "below 0"),
        ({"quantity": "m 3", "per_month": "1"}, ".quantity", "name"),
        ({"quantity": "m3", "parameter": ""}, ".parameter", "name"),
        ({"quantity": "m3", "per_month": "1", "tariff": "?"}, ".tariff", "id of a tariff"),
        ({"quantity": "m3", "per_month": "1", "times": "a"}, ".times", "list"),
        ({"quantity": "m3", "per_month": "1", "times": ["a", "a"]}, ".times", "once"),
        ({"quantity": "m3", "per_month": "1", "times": [["a"]]}, ".times", "name of an input"),
        ({"quantity": "m3", "per_month": "1", "times": list("abcdefghijk")}, ".times", "10"),
        ({"quantity": "m3", "per_month": "1", "monthly": "1"}, ".monthly", "per_month"),
    ],
)
def test_what_is_wrong_with_a_norm_is_told_with_its_place(norm, place, words):
    with pytest.raises(PolicyInvalid) as caught:
        parse_policies(json.dumps({"norms": [norm]}))
    assert caught.value.fields["field"] == f"policies.norms[0]{place}"
    assert words in caught.value.message


def test_a_quantity_has_one_norm():
    twice = [{"quantity": "m3", "per_month": "1"}, {"quantity": "m3", "input": "norm"}]
    with pytest.raises(PolicyInvalid, match=r"norms\[1\].*norm above"):
        parse_policies(json.dumps({"norms": twice}))
    with pytest.raises(PolicyInvalid, match="at most 100"):
        parse_policies(json.dumps({"norms": twice[:1] * 101}))
