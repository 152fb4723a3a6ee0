"""Codes and signatures of receipts: right ones are known, and no other."""

import hashlib
import hmac

import pytest

from billcore.core.documents import codes2d, verification
from billcore.core.documents.verification import Key, Record, parse_receipt_keys
from billcore.core.errors import SettingsInvalid

SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
KEY = Key(b"s" * 32, SEED)
RECORD = Record("K26", 1, 128, 1_540_197_300, 268_435_457, 362_344, "IRR", "0A1B2C3D")
"""The seed and public key of test 1 of RFC 8032, 7.1."""


def test_the_record_is_one_line_of_letters_that_qr_codes_hold_two_in_eleven_bits():
    assert RECORD.text == "R1/K26/1/128/1540197300/268435457/362344/IRR/0A1B2C3D"
    signed = verification.signed(KEY, RECORD)
    assert set(signed) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert len(codes2d.matrix(signed)) == 45  # version 7: it fits paper of 58 mm


def test_the_code_is_forty_bits_of_the_hash():
    """Computed here by the words of the definition: five bytes, eight letters, modulo 37."""
    number = int.from_bytes(hmac.new(b"s" * 32, RECORD.text.encode(), hashlib.sha256).digest()[:5])
    letters = ""
    rest = number
    for _ in range(8):
        rest, digit = divmod(rest, 32)
        letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[digit] + letters
    check = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"[number % 37]
    assert verification.code(KEY, RECORD) == f"{letters[:4]}-{letters[4:]}-{check}"


@pytest.mark.parametrize("change", [
    {"key_id": "K27"}, {"provider_id": 2}, {"number": 129}, {"seconds": 1}, {"account_id": 7},
    {"amount": 362_345}, {"currency": "VND"}, {"content": "0A1B2C3E"},
])  # fmt: skip
def test_a_code_and_a_signature_are_those_of_one_record(change):
    other = RECORD._replace(**change)
    code, signed = verification.code(KEY, RECORD), verification.signed(KEY, RECORD)
    record, signature = verification.read_signed(signed)
    assert record == RECORD
    assert verification.is_code(KEY, RECORD, code)
    assert verification.is_signed(PUBLIC, RECORD, signature)
    assert not verification.is_code(KEY, other, code)
    assert not verification.is_signed(PUBLIC, other, signature)
    assert not verification.is_code(Key(b"t" * 32, SEED), RECORD, code)
    assert KEY.public == PUBLIC


def test_a_code_is_read_as_people_type_it():
    code = verification.code(KEY, RECORD)
    assert verification.read_code(code.lower().replace("-", " ")) == code
    typed = code.replace("0", "O").replace("1", "l")
    assert verification.read_code(typed) == code
    letter = "7" if code[0] != "7" else "8"
    assert verification.read_code(letter + code[1:]) == ""  # one wrong letter is always seen
    for wrong in ("", code[:-1], code + "0", "!" + code[1:]):
        assert verification.read_code(wrong) == ""
        assert not verification.is_code(KEY, RECORD, wrong)


@pytest.mark.parametrize(
    "text", ["", "R1", "R1/K26/1", "R2" + "/1" * 9, "R1/K26/1/128/x/1/1/IRR/0A1B2C3D/A"]
)
def test_what_is_no_signed_text_is_told_so(text):
    assert verification.read_signed(text) is None


def test_keys_are_lines_and_the_last_is_for_new_receipts():
    keys = parse_receipt_keys(
        f"# of 2025\nK25 {'0a' * 32} {'0b' * 32}\n\nK26 {'0c' * 32} {'0D' * 32} # new\n"
    )
    assert (list(keys.keys), keys.current) == (["K25", "K26"], "K26")
    assert keys.keys["K26"] == Key(b"\x0c" * 32, b"\x0d" * 32)
    assert "0c" not in repr(keys)
    assert parse_receipt_keys("").current == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [("K25 abc", "line 1"), (f"\nk25 {'0a' * 32} {'0b' * 32}", "line 2"),
     (f"K25 {'0a' * 32} {'0b' * 32}\nK25 {'0c' * 32} {'0d' * 32}", "line 2")],
)  # fmt: skip
def test_a_wrong_line_is_named_and_never_shown(text, line):
    with pytest.raises(SettingsInvalid) as refused:
        parse_receipt_keys(text)
    assert line in refused.value.message
    assert "0a0a" not in refused.value.message


def test_texts_of_equal_letters_have_equal_content():
    assert verification.content("e\u0301", 1) == verification.content("é", 1)
    assert verification.content("a", "bc") != verification.content("ab", "c")
