"""Policies of a provider: every key known, every wrong one told with its place."""

import pytest

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.accounts.policies import Policies, parse_policies


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
