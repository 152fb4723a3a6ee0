"""Ed25519 keys of a file: read, rotated, refused with their line; what is signed, byte for byte."""

import pytest

from billcore.core.errors import SettingsInvalid
from billcore.core.events.signed import signed_bytes
from billcore.core.signatures import parse_keys, spelled, verifies
from billcore.core.store.events import Event

# RFC 8032, section 7.1, test 3: secret key, public key, message, signature.
SECRET = "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"
PUBLIC = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"
MESSAGE = bytes.fromhex("af82")
SIGNATURE = (
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
)
OTHER = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"


def test_signatures_are_those_of_the_standard():
    """The keys and the signature of a published example; another message or key does not fit."""
    signer = parse_keys(f"2026 {SECRET}", "signing_keys")
    (key,) = signer.verifiers()
    assert (key.key_id, key.key.hex(), key.signs) == ("2026", PUBLIC, True)
    assert signer.sign(MESSAGE).hex() == SIGNATURE
    assert verifies(key.key, MESSAGE, bytes.fromhex(SIGNATURE))
    assert not verifies(key.key, b"other", bytes.fromhex(SIGNATURE))
    assert not verifies(parse_keys(f"x {OTHER}", "s").public["x"], MESSAGE, signer.sign(MESSAGE))
    assert not verifies(b"short", MESSAGE, signer.sign(MESSAGE))


def test_the_last_secret_key_signs_and_the_others_are_told():
    """Rotation: a retired key is known by its public half alone."""
    text = f"# of the old server\nold public {PUBLIC}\n\nfirst {OTHER}\nnow {SECRET} # since May\n"
    signer = parse_keys(text, "signing_keys")
    assert [(key.key_id, key.signs) for key in signer.verifiers()] == [
        ("old", False),
        ("first", False),
        ("now", True),
    ]
    assert signer.public["old"] == signer.public["now"]
    retired = parse_keys(f"old public {PUBLIC}", "signing_keys")
    assert (retired.key_id, retired.sign(b"x"), len(retired.verifiers())) == ("", b"", 1)
    assert parse_keys("", "signing_keys").verifiers() == []
    assert SECRET not in repr(signer)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"a {SECRET[:-1]}", "line 1 "),
        (f"a {SECRET}0", "line 1 "),
        (f"ok {OTHER}\n{SECRET}", "line 2 "),
        (f"ok {OTHER}\nok {SECRET}", "line 2: 'ok' is there already"),
        (f"a private {SECRET}", "line 1 "),
    ],
)
def test_a_wrong_line_is_named_and_not_shown(text, line):
    with pytest.raises(SettingsInvalid, match=line) as found:
        parse_keys(text, "signing_keys")
    assert SECRET[:20] not in found.value.message


def test_what_is_signed_is_written_down():
    """Netstrings, lengths in bytes: no two contents share their bytes."""
    event = Event(77, "payment.posted", "account 5", '{"a":"آب"}', 0, 9)
    assert signed_bytes(3, event, "2026-01-02T03:04:05.000006Z") == (
        b"17:billcore.event.v1,1:3,1:9,2:77,14:payment.posted,9:account 5,"
        b'27:2026-01-02T03:04:05.000006Z,12:{"a":"\xd8\xa2\xd8\xa8"},'
    )
    assert spelled("p", ["ab", ""]) != spelled("p", ["a", "b"])
