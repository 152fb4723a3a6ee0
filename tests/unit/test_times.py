"""Moments as texts: what is one, what is refused, and that they come back."""

import pytest

from billcore.core.errors import RequestInvalid
from billcore.server.times import moment, rfc3339


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("2026-11-22T03:30:00+03:30", 1_795_305_600_000_000),
        ("9998-12-31T23:59:59.999999Z", 253_370_764_799_999_999),
    ],
)
def test_a_moment(text, told):
    assert moment(text, "at") == told
    assert not text or moment(rfc3339(told), "at") == told


@pytest.mark.parametrize(
    "text",
    [
        "1970-01-01T00:00:00Z",  # 0 stands for none
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59-12:00",  # its day is beyond every calendar
        "2026-11-22T03:30:00",
        "tomorrow",
    ],
)
def test_what_is_no_moment(text):
    with pytest.raises(RequestInvalid, match="expires_at"):
        moment(text, "expires_at")
