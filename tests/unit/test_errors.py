"""Errors: stable reasons, facts as text, words that teach."""

import json
import pickle

import pytest

from billcore.core import errors
from billcore.core.errors import BillcoreError, Finding

FINDING = Finding(
    path="versions[1].rate",
    line=12,
    column=7,
    file="r1.yaml",
    rule="decimal",
    message="'1e3' is not a plain decimal.",
)

EXAMPLES: tuple[tuple[BillcoreError, str], ...] = (
    (errors.TextInvalid("'x' is wrong.", text="x", rule="r", allowed=("a", "b")), "Allowed: a, b."),
    (errors.MoneyInvalid("'1e3' is not a decimal.", text="1e3", rule="decimal"), "not a decimal"),
    (errors.DateInvalid("1403-13-01 is no date.", text="1403-13-01", rule="date"), "no date"),
    (errors.PeriodInvalid("Too long.", rule="days_max", previous=1, this=500), "Too long."),
    (errors.TariffInvalid([FINDING]), "r1.yaml:12:7: versions[1].rate: '1e3' is not"),
    (errors.TariffUnknown("R1"), "No tariff 'R1' is known"),
    (errors.TariffVersionUnknown("R1", "3", ("1", "2")), "no version '3'. Allowed: 1, 2."),
    (errors.TariffConflict("R1", "version 3", "aa", "bb"), "under version 3: stored aa, given bb"),
    (errors.ColumnInvalid("kwh", "-1 is below 0.", rule="min", row=7), "Column 'kwh', row 7: -1"),
    (errors.ColumnMissing("kwh", ("kwh", "days")), "Required: kwh, days."),
    (errors.ColumnUnknown("kw", ("kwh", "days")), "Allowed: kwh, days."),
    (errors.BatchTooLarge("rate_batch_max", 1000, 1001), "1001 items, rate_batch_max allows 1000"),
    (errors.RequestInvalid("page_size", "0 is below 1."), "Field 'page_size': 0 is below 1."),
    (errors.SettingsInvalid("log_level", "loud?", ("info", "debug")), "Setting 'log_level': loud?"),
)


def every_error(kind: type[BillcoreError] = BillcoreError) -> list[type[BillcoreError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in every_error(child))]


def test_every_error_of_the_module_has_an_example() -> None:
    """The table above forgets no error."""
    named = {kind for kind in every_error() if kind.__module__ == errors.__name__}
    assert {type(error) for error, _ in EXAMPLES} == named - {BillcoreError}


def test_reasons_are_unique_and_stable_words() -> None:
    """No two errors share a reason, and each says what rule was broken."""
    kinds = every_error()
    assert len({kind.reason for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert kind.reason.replace("_", "").isalpha()
        assert kind.reason.isupper()
        assert kind.__doc__
        assert isinstance(kind.retryable, bool)


@pytest.mark.parametrize(
    ("error", "words"), EXAMPLES, ids=[type(error).__name__ for error, _ in EXAMPLES]
)
class TestEveryError:
    def test_teaches(self, error: BillcoreError, words: str) -> None:
        """The message names what broke; text and message are one."""
        assert words in error.message
        assert str(error) == error.message

    def test_is_json(self, error: BillcoreError, words: str) -> None:
        """An error survives JSON unchanged; its fields are text and never empty of facts."""
        answer = error.as_dict()
        assert json.loads(json.dumps(answer)) == answer
        assert answer["reason"] == error.reason
        assert error.fields
        assert all(isinstance(value, str) for value in error.fields.values())

    def test_travels_between_processes(self, error: BillcoreError, words: str) -> None:
        """A pickled error comes back as itself."""
        back = pickle.loads(pickle.dumps(error))
        assert type(back) is type(error)
        assert (back.as_dict(), str(back)) == (error.as_dict(), str(error))


def test_unknown_facts_are_left_out() -> None:
    """A column error without a row has no field row."""
    error = errors.ColumnInvalid("kwh", "is empty.", rule="length")
    assert error.fields == {"column": "kwh", "rule": "length"}
    assert error.message == "Column 'kwh': is empty."


def test_a_text_error_becomes_a_finding_at_a_place() -> None:
    """A loader adds the place; detail, rule and allowed values stay."""
    error = errors.MoneyInvalid("No.", text="x", rule="rounding_mode", allowed=("up", "down"))
    finding = error.finding("total.round", 9, 3, "r1.yaml")
    assert str(finding) == "r1.yaml:9:3: total.round: No. Allowed: up, down. [rounding_mode]"
    assert finding.rule == "rounding_mode"


def test_an_endless_text_is_quoted_in_part() -> None:
    """What came in does not decide how large an error is."""
    error = errors.MoneyInvalid("Too long.", text="9" * 10_000, rule="digits_max")
    assert error.fields["text"] == "9" * errors.TEXT_MAX


def test_long_lists_are_cut_in_the_message_only() -> None:
    """Thirteen findings: twelve are spelled out, all thirteen are carried."""
    error = errors.TariffInvalid([FINDING] * 13)
    assert error.message.endswith("and 1 more")
    assert len(error.findings) == 13
    assert error.fields == {"findings": "13"}
    assert "l and 1 more" in errors.ColumnUnknown("x", "abcdefghijklm").message


def test_a_refusal_needs_a_finding() -> None:
    """TariffInvalid without findings is a bug of the caller."""
    with pytest.raises(ValueError, match="teaches nobody"):
        errors.TariffInvalid([])
