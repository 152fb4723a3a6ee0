"""Policies of a channel: every key known, every wrong one told with its place; the fee, exact."""

import dataclasses
import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.accounts.errors import PolicyInvalid
from billcore.core.errors import MoneyInvalid
from billcore.core.payments.channel_policies import (
    AMOUNT_MAX,
    ChannelPolicies,
    ConvenienceFee,
    parse_channel_policies,
)

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


def test_defaults_and_given_values_read_back():
    """The canonical text has every key and means the same."""
    assert parse_channel_policies("") == parse_channel_policies("{}") == ChannelPolicies()
    given = parse_channel_policies(
        '{"money_taken": true, "amount_max": 9, "convenience_fee": {"fixed": 3}}'
    )
    assert (given.money_taken, given.amount_max, given.convenience_fee.fixed) == (True, 9, 3)
    assert (given.reservation_seconds, given.reversal_days) == (900, 30)
    assert (given.late_days, given.future_seconds) == (60, 300)
    assert parse_channel_policies(given.text) == given
    assert json.loads(given.text)["convenience_fee"] == {
        "fixed": 3, "least": 0, "most": 0, "per_10000": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("[]", "policies", "object"),
        ("{", "policies", "no JSON"),
        ('{"due_days": 1}', "policies.due_days", "reversal_days"),
        ('{"amount_min": -1}', "policies.amount_min", "0..100000000000000000"),
        ('{"amount_min": 1.5}', "policies", "1.5"),
        ('{"amount_min": 5, "amount_max": 4}', "policies.amount_max", "below amount_min, 5"),
        ('{"terminal_required": 1}', "policies.terminal_required", "true"),
        ('{"money_taken": "yes"}', "policies.money_taken", "true"),
        ('{"reservation_seconds": 0}', "policies.reservation_seconds", "1..2592000"),
        ('{"reversal_days": 3651}', "policies.reversal_days", "0..3650"),
        ('{"late_days": true}', "policies.late_days", "0..3650"),
        ('{"future_seconds": 86401}', "policies.future_seconds", "0..86400"),
        ('{"convenience_fee": 3}', "policies.convenience_fee", "object"),
        ('{"convenience_fee": {"percent": 3}}', "policies.convenience_fee.percent", "per_10000"),
        ('{"convenience_fee": {"per_10000": 10001}}',
         "policies.convenience_fee.per_10000", "0..10000"),
        ('{"convenience_fee": {"least": 3, "most": 2}}',
         "policies.convenience_fee.most", "below convenience_fee.least, 3"),
        ('{"late_days": 1, "late_days": 2}', "policies…late_days", "twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text, place, words):
    """Unknown keys are answered with the allowed ones."""
    with pytest.raises(PolicyInvalid) as caught:
        parse_channel_policies(text)
    assert caught.value.fields["field"] == place
    assert words in caught.value.message


FEES = (
    # fixed per_10000  least  most    amount   fee
    (0, 0, 0, 0, 1_000_000, 0),
    (2_000, 0, 0, 0, 1, 2_000),
    (0, 150, 0, 0, 362_000, 5_430),  # 1.5 %
    (0, 50, 0, 0, 99, 0),  # 0.495
    (0, 50, 0, 0, 100, 1),  # 0.5, half up
    (0, 50, 0, 0, 299, 1),  # 1.495
    (0, 50, 0, 0, 300, 2),  # 1.5
    (10, 100, 0, 0, 1_050, 21),  # 10 + 10.5
    (0, 100, 500, 0, 1_000, 500),
    (0, 100, 0, 700, 100_000, 700),
    (0, 100, 500, 500, 1_000_000, 500),
    (0, 0, 500, 0, 0, 500),
)


@pytest.mark.parametrize(("fixed", "per_10000", "least", "most", "amount", "fee"), FEES)
def test_the_fee_is_rounded_once_then_bounded(fixed, per_10000, least, most, amount, fee):
    """Fixed part and rate together, half up to the minor unit, within least and most."""
    assert ConvenienceFee(fixed, per_10000, least, most).fee(amount) == fee


@given(
    st.integers(0, AMOUNT_MAX),
    st.integers(0, 10_000),
    st.integers(0, AMOUNT_MAX),
    st.integers(0, AMOUNT_MAX),
    st.integers(0, 10**17),
)
def test_the_fee_is_exact(fixed, per_10000, least, more, amount):
    """Against fractions, at any size; a larger payment never asks a smaller fee."""
    most = min(least + more, AMOUNT_MAX)
    policy = ConvenienceFee(fixed, per_10000, least, most)
    exact = fixed + Fraction(amount * per_10000, 10_000)
    wanted = max(int(exact + Fraction(1, 2)), least)  # never negative, so int is the floor
    assert policy.fee(amount) == (min(wanted, most) if most else wanted)
    assert policy.fee(amount) <= policy.fee(amount + 1)


def test_a_fee_beyond_the_largest_amount_is_refused():
    """An int64 of minor units holds every fee that is told."""
    with pytest.raises(MoneyInvalid):
        ConvenienceFee(fixed=AMOUNT_MAX, per_10000=10_000).fee(2**63 - 1)


def test_every_policy_of_a_channel_is_documented():
    """docs/operations.md has a row for each with limits and default."""
    text = OPERATIONS.read_text("utf-8")
    found = re.findall(
        r"^\| `((?:convenience_fee\.)?\w+)` \| ([^|`]+) \| `(\w+)` \| .+ \|$",
        text.partition("### Policies of a channel")[2].partition("\n## ")[0],
        re.MULTILINE,
    )
    rows = {key: (allowed, default) for key, allowed, default in found}
    kinds = (("", ChannelPolicies), ("convenience_fee.", ConvenienceFee))
    assert rows == {
        prefix + field.name: (
            "{}..{}".format(*kind.LIMITS[field.name])
            if field.name in kind.LIMITS
            else "true, false",
            json.dumps(field.default),
        )
        for prefix, kind in kinds
        for field in dataclasses.fields(kind)
        if field.name != "convenience_fee"
    }
