"""Check digits and keys of vouchers."""

import random

import pytest

from billcore.core.errors import SettingsInvalid
from billcore.core.payments.vouchers import digits, secret
from billcore.core.payments.vouchers.errors import VoucherFieldInvalid, VoucherKeyMissing


def test_the_published_example():
    """Damm's: 572 has the check digit 4."""
    assert digits.check_digit("572") == "4"
    assert digits.is_checked("5724")


def test_every_wrong_digit_and_every_swap_of_neighbours_is_caught():
    chosen = random.Random(5)
    for _ in range(200):
        text = secret.new_secret()
        for at in range(len(text)):
            for other in set("0123456789") - {text[at]}:
                assert not digits.is_checked(text[:at] + other + text[at + 1 :])
        at = chosen.randrange(len(text) - 1)
        if text[at] != text[at + 1]:
            swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
            assert not digits.is_checked(swapped)


def test_serials_are_read_as_they_are_written():
    assert secret.voucher_no(secret.serial(42), "serial") == 42
    assert len(secret.serial(42)) == 13


@pytest.mark.parametrize("text", ["", "12", "00000000000x1", "0000000000430", "٠٠٠٠٠٠٠٠٠٠٠٤٢"])
def test_what_is_no_serial_is_refused(text):
    with pytest.raises(VoucherFieldInvalid):
        secret.voucher_no(text, "serial")


GOOD = "2025 " + "ab" * 32


def test_keys_are_read_and_the_last_is_the_current_one():
    keys = secret.parse_keys(f"# of the card office\n{GOOD}\n\n2026  {'cd' * 40} # newer\n")
    assert (keys.current, keys.key("2025"), len(keys.key("2026"))) == ("2026", b"\xab" * 32, 40)
    assert "abab" not in repr(keys)
    with pytest.raises(VoucherKeyMissing):
        keys.key("2024")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{GOOD}\nnonsense", "line 2"),
        ("2025 " + "ab" * 31, "line 1"),
        ("2025 " + "ab" * 32 + "a", "line 1"),
        (f"{GOOD}\n# x\n{GOOD}", "line 3"),
    ],
)
def test_a_wrong_line_is_named_and_not_repeated(text, line):
    with pytest.raises(SettingsInvalid) as refused:
        secret.parse_keys(text)
    assert line in refused.value.message
    assert "abab" not in refused.value.message
