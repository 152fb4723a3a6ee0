"""Requests, answers and settings of the kiosks' protocol, in tables."""

import xml.etree.ElementTree as ElementTree
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.client_errors import KeyMissing
from billcore.core.errors import SettingsInvalid
from billcore.core.payments.codes import Code
from billcore.server.adapters.osmp import answers, register
from billcore.server.adapters.osmp import form as forms
from billcore.server.adapters.osmp import settings as settings_of
from billcore.server.adapters.osmp.answers import Answer
from billcore.server.adapters.osmp.form import Unfit

NEEDED = {"channel": "kiosk", "currency": "RUB", "time_zone": "Europe/Moscow"}


def settings(**more: object):
    return settings_of.load(None, **NEEDED | more)


def micros(text: str) -> int:
    since = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return int(since.total_seconds()) * 10**6


# -- parameters


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        ((b"a=1&b=2", b""), {"a": "1", "b": "2"}),
        ((b"", b"a=1&b=2"), {"a": "1", "b": "2"}),
        ((b"a=1", b"b=2"), {"a": "1", "b": "2"}),
        ((b"a=", b""), {"a": ""}),
        ((b"", b""), {}),
        ((b"a=%D0%9A+%26%3C", b""), {"a": "К &<"}),
        ((b"a=1;b=2", b""), {"a": "1;b=2"}),
    ],
)
def test_parameters(sources, found):
    assert forms.parameters(*sources, most=8) == found


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ((b"a=1&a=1", b""), "a is given twice"),
        ((b"a=1", b"a=2"), "a is given twice"),
        ((b"%3Cb%3E=1&%3Cb%3E=1", b""), "a parameter is given twice"),
        ((b"a=%D0", b""), "UTF-8"),
        ((b"a=%CA%E8", b""), "UTF-8"),  # windows-1251
        ((b"a=\xd0\x9a", b""), "UTF-8"),
        ((b"&".join(b"a%d=1" % n for n in range(9)), b""), "more than 8"),
        ((b"a1=1&a2=1&a3=1&a4=1&a5=1", b"b1=1&b2=1&b3=1&b4=1"), "more than 8"),
    ],
)
def test_parameters_that_are_refused(sources, said):
    with pytest.raises(Unfit, match=said) as caught:
        forms.parameters(*sources, most=8)
    assert caught.value.code is Code.INVALID


@pytest.mark.parametrize(
    ("currency", "text", "amount"),
    [
        ("RUB", "200.00", 20_000),
        ("RUB", "200", 20_000),
        ("RUB", "200.5", 20_050),
        ("RUB", "0.01", 1),
        ("RUB", "0.00", 0),
        ("RUB", "999999999999999.99", 99_999_999_999_999_999),
        ("RUB", "200.010", 20_001),
        ("IRR", "362000.00", 362_000),  # no decimals
        ("VND", "5000", 5_000),
        ("KWD", "1.25", 1_250),  # three decimals
        ("KWD", "1.255", 1_255),
        ("RUB", "0.29", 29),  # 0.29 * 100 is 28.999999999999996 in binary
        ("RUB", "1.005", None),
        ("IRR", "362000.50", None),
        ("KWD", "1.2555", None),
        ("RUB", "", None),
        ("RUB", "1,00", None),
        ("RUB", "-1.00", None),
        ("RUB", "+1.00", None),
        ("RUB", "1e3", None),
        ("RUB", " 1.00", None),
        ("RUB", "1.", None),
        ("RUB", ".5", None),
        ("RUB", "1.00.00", None),
        ("RUB", "1_000.00", None),
        ("RUB", "١٠٠.00", None),
        ("RUB", "1" * 16, None),
        ("RUB", "0x10", None),
        ("RUB", "nan", None),
    ],
)
def test_sums(currency, text, amount):
    """Decimals with a point, exactly, in the minor units of the currency."""
    if amount is None:
        with pytest.raises(Unfit, match="sum") as caught:
            forms.amount({"sum": text}, settings(currency=currency))
        assert caught.value.code is Code.INVALID
    else:
        assert forms.amount({"sum": text}, settings(currency=currency)) == amount


@given(amount=st.integers(0, 10**15 - 1), currency=st.sampled_from(["RUB", "IRR", "KWD"]))
def test_a_sum_that_is_written_is_read_again(amount, currency):
    of = settings(currency=currency)
    written = answers.money(amount, of.digits)
    assert len(written.partition(".")[2]) == max(2, of.digits)
    assert forms.amount({"sum": written}, of) == amount


@pytest.mark.parametrize(
    ("zone", "text", "utc"),
    [
        ("Europe/Moscow", "20240301123005", "2024-03-01T09:30:05+00:00"),
        ("Europe/Moscow", "20240101000000", "2023-12-31T21:00:00+00:00"),
        ("Europe/Moscow", "20240229235959", "2024-02-29T20:59:59+00:00"),
        ("Asia/Tehran", "20240301123005", "2024-03-01T09:00:05+00:00"),
        ("Europe/Berlin", "20241027023000", "2024-10-27T00:30:00+00:00"),  # shown twice
        ("Europe/Berlin", "20240331023000", "2024-03-31T01:30:00+00:00"),  # left out
        ("UTC", "20230229000000", None),
        ("UTC", "20241301000000", None),
        ("UTC", "20240101240000", None),
        ("UTC", "2024010100000", None),
        ("UTC", "202401010000000", None),
        ("UTC", "2024-01-01T00:00", None),
        ("UTC", "19691231235959", None),
        ("UTC", "00000101000000", None),
        ("UTC", "٢٠٢٤٠١٠١٠٠٠٠٠٠", None),
        ("UTC", "", None),
    ],
)
def test_dates(zone, text, utc):
    """By the clocks of the payment system; the same text is always the same moment."""
    of = settings(time_zone=zone)
    if utc is None:
        with pytest.raises(Unfit, match="txn_date"):
            forms.paid_at({"txn_date": text}, of)
    else:
        assert forms.paid_at({"txn_date": text}, of) == micros(utc)


@pytest.mark.parametrize(
    ("pattern", "account", "good"),
    [
        (r"\S+", "A1", True),
        (r"\S+", "A 1", False),
        (r"\S+", "", False),
        (r".*", "", False),
        (r"[0-9]{6}", "123456", True),
        (r"[0-9]{6}", "1234567", False),  # all of it
        (r"[0-9]{6}", "12345", False),
        (r".*", "x" * 200, True),
        (r".*", "x" * 201, False),
        (r"[\s\S]*", "a\x00b", False),
        (r"[\s\S]*", "a\tb", False),
    ],
)
def test_accounts(pattern, account, good):
    of = settings(account_pattern=pattern)
    if good:
        forms.check_account(account, of)
    else:
        with pytest.raises(Unfit) as caught:
            forms.check_account(account, of)
        assert caught.value.code is Code.ACCOUNT_FORMAT


@pytest.mark.parametrize(
    ("rule", "table", "given", "terminal"),
    [
        ("", {}, "4151200", ""),
        ("{trm_id}", {}, "4151200", "4151200"),
        ("T-{trm_id}", {}, "4151200", "T-4151200"),
        ("till", {}, "4151200", "till"),
        ("T-{trm_id}", {}, "", ""),
        ("{trm_id}", {"4151200": "main"}, "4151200", "main"),
        ("", {"4151200": "main"}, "4151201", ""),
        ("", {"": "some"}, "", "some"),
        ("{trm_id}", {}, "{0.__class__}", "{0.__class__}"),
    ],
)
def test_terminals(rule, table, given, terminal):
    of = settings(terminal=rule, terminals=table)
    assert forms.terminal({"trm_id": given}, of) == terminal


@pytest.mark.parametrize("given", ["x" * 41, "a\nb"])
def test_terminals_that_are_refused(given):
    with pytest.raises(Unfit, match="trm_id"):
        forms.terminal({"trm_id": given}, settings(terminal="{trm_id}"))


@pytest.mark.parametrize("text", ["", "0" * 21, "1a", "-1", "1.0", "١", " 1", "1\n"])
def test_numbers_of_payments_that_are_refused(text):
    with pytest.raises(Unfit, match="txn_id"):
        forms.txn_id({"txn_id": text})


@pytest.mark.parametrize(
    ("ccy", "good"), [("", True), ("RUB", True), ("rub", True), ("643", True), ("USD", False)]
)
def test_currencies(ccy, good):
    """By letters; numbers are not compared."""
    if good:
        forms.check_currency({"ccy": ccy}, settings())
    else:
        with pytest.raises(Unfit, match="RUB"):
            forms.check_currency({"ccy": ccy}, settings())


# -- answers


def test_an_answer_in_full():
    answer = Answer(
        Code.OK, txn_id="1", cancel_txn_id="2", prv_txn="3", amount=20_000,
        fields=(("Имя", "М*** К***"), ("Due", "120.00")),
    )  # fmt: skip
    assert answers.encoded(answer, 2).decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        "<response><osmp_txn_id>1</osmp_txn_id><cancel_txn_id>2</cancel_txn_id>"
        "<prv_txn>3</prv_txn><sum>200.00</sum><result>0</result><comment>OK</comment>"
        '<fields><field1 name="Имя" type="disp">М*** К***</field1>'
        '<field2 name="Due" type="disp">120.00</field2></fields></response>'
    )


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_whatever_a_text_is_the_answer_is_xml(text):
    """What XML can hold comes back as it was, but for line ends; nothing becomes markup."""
    answer = Answer(Code.OK, comment=text, fields=((text, text),))
    root = ElementTree.fromstring(answers.encoded(answer, 2))
    field = root.find("fields/field1")
    assert [one.tag for one in root.iter()] == ["response", "result", "comment", "fields", "field1"]
    if all(" " <= one <= "\ud7ff" for one in text):
        assert (field.text or "", field.get("name")) == (text, text)


def test_sums_have_two_decimals_at_least():
    assert [answers.money(1234, digits) for digits in (0, 2, 3)] == ["1234.00", "12.34", "1.234"]
    assert answers.money(0, 2) == "0.00"


# -- settings


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"channel": ""}, "channel"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": "rub"}, "RUB"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"account": "text"}, "account"),
        ({"account_pattern": "("}, "regular expression"),
        ({"terminal": "{account}"}, "trm_id"),
        ({"terminal": "{trm_id"}, "braces"),
        ({"terminal": "{trm_id.__class__}"}, "trm_id"),
        ({"terminal": "{trm_id!r}"}, "trm_id"),
        ({"terminal": "{}"}, "trm_id"),
        ({"register_name": "a/b.csv"}, "folder"),
        ({"register_name": ".."}, "folder"),
        ({"register_name": "{time}"}, "day"),
        ({"sources": ["everybody"]}, "sources"),
        ({"answer_seconds": 60}, "answer_seconds"),
        ({"answer_seconds": 0}, "answer_seconds"),
        ({"port": 70_000}, "port"),
        ({"path": "osmp"}, "path"),
        ({"colour": "red"}, "colour"),
        ({"labels": {"names": "x"}}, "labels.names"),
    ],
)
def test_settings_that_are_refused(given, said):
    with pytest.raises(SettingsInvalid, match=said):
        settings(**given)


def test_a_setting_that_is_missing_is_named():
    with pytest.raises(SettingsInvalid, match="channel, currency, time_zone"):
        settings_of.load(None)


def test_the_command_line_is_above_the_file(tmp_path):
    file = tmp_path / "k.toml"
    file.write_text('channel = "a"\ncurrency = "RUB"\ntime_zone = "UTC"\nport = 1\n')
    found = settings_of.load(file, channel="b", port=None)
    assert (found.channel, found.port, found.currency) == ("b", 1, "RUB")
    with pytest.raises(SettingsInvalid, match="config"):
        settings_of.load(tmp_path / "none.toml")


def test_who_may_call_if_nobody_says_so():
    """Only the machine itself listens and may call."""
    found = settings()
    assert found.host == "127.0.0.1"
    assert [str(one) for one in found.sources] == ["127.0.0.0/8", "::1/128"]
    assert found.proxies == ()


def test_where_the_key_is(tmp_path, monkeypatch):
    monkeypatch.delenv("BILLCORE_KEY", raising=False)
    with pytest.raises(KeyMissing):
        settings_of.key(settings())
    monkeypatch.setenv("BILLCORE_KEY", "bck_env")
    assert settings_of.key(settings()) == "bck_env"
    file = tmp_path / "key"
    file.write_text("bck_file\n")
    named = settings(key_file=file)
    assert settings_of.key(named) == "bck_file"
    assert "bck_file" not in str(named.shown())
    file.write_text("\n")
    with pytest.raises(KeyMissing):
        settings_of.key(named)
    with pytest.raises(SettingsInvalid, match="key_file"):
        settings_of.key(settings(key_file=tmp_path / "none"))


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("OSMP_{channel}_{day}1.csv", "OSMP_kiosk_202402281.csv"),
        ("QIWI_4242_{next_day}1.csv", "QIWI_4242_202402291.csv"),
        ("same.txt", "same.txt"),
    ],
)
def test_names_of_registers(pattern, name):
    assert settings(register_name=pattern).register_of(date(2024, 2, 28)) == name


@pytest.mark.parametrize(
    ("zone", "day", "first", "end"),
    [
        ("Europe/Moscow", "2024-03-01", "2024-02-29T21:00:00+00:00", "2024-03-01T21:00:00+00:00"),
        ("Europe/Berlin", "2024-03-31", "2024-03-30T23:00:00+00:00", "2024-03-31T22:00:00+00:00"),
        ("Europe/Berlin", "2024-10-27", "2024-10-26T22:00:00+00:00", "2024-10-27T23:00:00+00:00"),
    ],
)
def test_days_of_registers(zone, day, first, end):
    """By the clocks of the payment system, 23 and 25 hours long where they change."""
    found = register.span(settings(time_zone=zone), date.fromisoformat(day))
    assert found == (micros(first), micros(end))
