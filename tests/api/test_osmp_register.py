"""`billcore adapter osmp` by the command line: its registers, and how it refuses to start."""

import re
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from billcore.core.client_errors import KeyMissing
from billcore.core.errors import SettingsInvalid
from billcore.server import cli
from billcore.server.adapters.osmp import register
from billcore.server.refusals import ServerRefused
from billcore.v1 import ledger_service_pb2 as ledger
from billcore.v1 import payment_service_pb2 as pb
from tests.api import stored, town_of_payers
from tests.api.client import Client
from tests.api.kiosks import Adapter, written
from tests.api.town_of_payers import batch, header, order, post_all

MOSCOW = timedelta(hours=3)
DAY = (datetime.now(UTC) + MOSCOW).date() - timedelta(days=3)
"""The day of the registers, in Moscow."""


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def keys(folder):
    return stored.fill(folder)


@pytest.fixture
def app(folder, keys):
    server = stored.server(folder)
    yield server
    server.drain()


@pytest.fixture
def north(app, keys):
    client = Client(app.port, keys["north"])
    town_of_payers.furnish(client)
    for code in ("kiosk", "bank"):
        town_of_payers.channel(client, code)
        keys[code] = town_of_payers.client_of(client, code, code)
    yield client
    client.channel.close()


@pytest.fixture
def settings(app, tmp_path):
    """A file of settings of this server."""

    def made(**more):
        given = {"time_zone": "Europe/Moscow"} | more
        return written(tmp_path, f"127.0.0.1:{app.port}", **given)

    return made


@pytest.fixture
def run(settings, keys, tmp_path):
    """Writes a register; what the command prints."""

    def called(day=DAY, key="kiosk", **more):
        place = tmp_path / "registers"
        place.mkdir(exist_ok=True)
        command = ["adapter", "osmp", f"--config={settings(**more)}", "register", f"--day={day}"]
        result = CliRunner().invoke(
            cli.app, [*command, f"--output={place}"], env={"BILLCORE_KEY": keys[key]}
        )
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return called


def micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def moscow(text: str, days: int = 0) -> int:
    """A time of the day in Moscow."""
    when = datetime.fromisoformat(f"{DAY + timedelta(days=days)}T{text}+03:00")
    return micros(when)


def name(days: int = 0) -> str:
    return f"OSMP_kiosk_{DAY + timedelta(days=days):%Y%m%d}1.csv"


def test_a_register_has_the_payments_of_a_day(run, north, tmp_path):
    """In the order of their times in Moscow, with a total; no other day's, channel's, or undone."""
    call = north.payments
    nobody = {"target": town_of_payers.target("nobody"), "money_taken": True}
    for reference, paid_at, more in (
        ("5", moscow("23:59:59"), {}),
        ("3", moscow("12:30:05"), {"amount": 1_250}),
        ("20", moscow("00:00:00"), {"target": town_of_payers.target("A2")}),
        ("1", moscow("12:30:05"), {"amount": 7}),
        ("6", moscow("00:00:00", 1), {}),
        ("7", moscow("23:59:59", -1), {}),
        ("8", moscow("10:00:00"), {"channel": "bank"}),
        ("9", moscow("11:00:00"), {}),
        ("10", moscow("11:30:00"), {}),
        ("11", moscow("13:00:00"), nobody),
    ):
        call.PostPayment(order(reference, paid_at=paid_at, **more))
    for reference, kind in (("9", "CANCELLED"), ("10", "CHARGEBACK")):
        call.ReversePayment(
            pb.ReversePaymentRequest(
                channel="kiosk", reference=f"u{reference}", payment_reference=reference,
                kind=f"REVERSAL_KIND_{kind}", reason="r",
            )
        )  # fmt: skip
    told = run()
    file = tmp_path / "registers" / name()
    assert told == f"{file}: 6 payments, 52.57 USD.\n"
    lines = [
        ("20", "00:00:00", "A2", "10.00"), ("10", "11:30:00", "A1", "10.00"),
        ("1", "12:30:05", "A1", "0.07"), ("3", "12:30:05", "A1", "12.50"),
        ("11", "13:00:00", "nobody", "10.00"), ("5", "23:59:59", "A1", "10.00"),
    ]  # fmt: skip
    rows = [f"{txn}\t{DAY}\t{time}\t{account}\t{amount}" for txn, time, account, amount in lines]
    assert file.read_bytes().decode() == "\n".join([*rows, "Total:\t6\t52.57"]) + "\n"


def test_registers_are_the_ledger_s(run, north, keys, app, tmp_path):
    """Registers have what a kiosk was answered, and come to what its channel owes."""
    kiosk = Adapter(f"127.0.0.1:{app.port}", keys["kiosk"], time_zone="Europe/Moscow")
    paid = {}
    for number in range(1, 25):
        when = datetime.fromisoformat(f"{DAY}T00:00:00") + timedelta(hours=5 * (number % 7))
        amount = f"{number}.{number:02}"
        given = {"txn_id": number, "account": f"A{1 + number % 4}", "sum": amount}
        found = kiosk.ask("pay", **given, txn_date=f"{when:%Y%m%d%H%M%S}")
        assert found.result == "0"
        paid[str(number)] = (f"{when.date()}", f"{when.time()}", given["account"], amount)
    assert kiosk.ask("cancel", txn_id=1, cancel_txn_id=7).result == "0"
    del paid["7"]
    kiosk.end()
    rows, total = {}, 0
    for days in range(3):
        run(DAY + timedelta(days=days))
        text = (tmp_path / "registers" / name(days)).read_text(encoding="utf-8")
        *lines, last = [line.split("\t") for line in text.splitlines()]
        cents = [int(line[4].replace(".", "")) for line in lines]
        assert last == ["Total:", str(len(lines)), f"{sum(cents) // 100}.{sum(cents) % 100:02}"]
        rows |= {line[0]: tuple(line[1:]) for line in lines}
        total += sum(cents)
    assert rows == paid
    trial = north.ledger.GetTrialBalance(ledger.GetTrialBalanceRequest())
    (owed,) = [one.balance for one in trial.balances if one.code == "channel_clearing:kiosk"]
    assert total == owed
    assert town_of_payers.verified(north) == {}


def test_a_register_is_made_again_the_same(run, north, tmp_path):
    """More payments than a page; what had the name is replaced, and nothing else is left."""
    count = 2_345
    names = [str(10**9 + n * 7919 % 10_007) for n in range(count)]
    times = [moscow("08:00:00") + n % 50 * 1_000_000 for n in range(count)]
    post_all(
        north, header(), batch(names, ["A1"] * count, list(range(1, count + 1)), paid_at=times)
    )
    told = run()
    file = tmp_path / "registers" / name()
    first = file.read_bytes()
    assert run() == told
    assert file.read_bytes() == first
    *lines, last = first.decode().splitlines()
    assert (len(lines), last) == (count, f"Total:\t{count}\t{count * (count + 1) // 2 / 100:.2f}")
    assert lines == sorted(lines, key=lambda line: (line.split("\t")[2], line))
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_a_day_without_payments(run, north, tmp_path):
    run()
    assert (tmp_path / "registers" / name()).read_text(encoding="utf-8") == "Total:\t0\t0.00\n"


def test_payments_that_come_in_while_a_register_is_listed(run, north, tmp_path, monkeypatch):
    """Are in it: a list that passed them is made again, and one that never ends is given up."""
    late = iter(range(100, 103))

    class Stub(register.PaymentServiceStub):
        def __init__(self, channel):
            super().__init__(channel)
            self.listed, self.ListPayments = self.ListPayments, self.list_and_add

        def list_and_add(self, request, **call):
            page = self.listed(request, **call)
            if page.next_page_token and (number := next(late, None)) is not None:
                paid_at = moscow("00:00:00") + number  # yesterday, in the provider's zone
                north.payments.PostPayment(order(str(number), paid_at=paid_at))
            return page

    for number in range(1, 6):
        north.payments.PostPayment(order(str(number), paid_at=moscow("12:00:00")))
    monkeypatch.setattr(register, "PAGE_SIZE", 2)
    monkeypatch.setattr(register, "PaymentServiceStub", Stub)
    run()
    lines = (tmp_path / "registers" / name()).read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[0] for line in lines] == [
        "100", "101", "102", "1", "2", "3", "4", "5", "Total:",
    ]  # fmt: skip
    late = iter(range(103, 10_000))
    with pytest.raises(ServerRefused, match=r"ABORTED.*try again later"):
        run()


def test_registers_that_are_refused(run, north, keys, tmp_path):
    run()
    before = (tmp_path / "registers" / name()).read_bytes()
    with pytest.raises(ServerRefused, match="PERMISSION_DENIED"):
        run(key="bank")
    with pytest.raises(SettingsInvalid, match="USD"):
        run(currency="EUR")
    (tmp_path / "registers" / "taken").mkdir()
    with pytest.raises(SettingsInvalid, match="cannot be written"):
        run(register_name="taken")
    assert (tmp_path / "registers" / name()).read_bytes() == before
    assert len(list((tmp_path / "registers").iterdir())) == 2


def test_the_config_may_stand_behind_the_command(settings, keys, north, tmp_path):
    command = ["adapter", "osmp", "register", f"--config={settings()}", f"--day={DAY}"]
    result = CliRunner().invoke(
        cli.app, [*command, "-o", str(tmp_path)], env={"BILLCORE_KEY": keys["kiosk"]}
    )
    assert (result.exit_code, (tmp_path / name()).exists()) == (0, True), result.output


# -- started


@pytest.mark.parametrize("command", [("--help",), ("register", "--help")])
def test_help_needs_no_settings(command):
    result = CliRunner().invoke(cli.app, ["adapter", "osmp", *command])
    assert result.exit_code == 0
    assert "--config" in result.output


@pytest.mark.parametrize(
    ("options", "kind", "said"),
    [
        ((), SettingsInvalid, "channel, currency, time_zone"),
        (("--config=/nowhere.toml",), SettingsInvalid, "config"),
        (("--channel=k", "--currency=XX", "--time-zone=UTC"), SettingsInvalid, "XX"),
        (("--channel=k", "--currency=USD", "--time-zone=UTC"), KeyMissing, "key"),
        (
            ("--channel=k", "--currency=USD", "--time-zone=UTC", "--key-file=/nowhere"),
            SettingsInvalid,
            "key_file",
        ),
    ],
)
def test_what_is_missing_is_said_before_anything_starts(options, kind, said):
    result = CliRunner().invoke(cli.app, ["adapter", "osmp", *options], env={"BILLCORE_KEY": None})
    assert isinstance(result.exception, kind)
    assert said in result.exception.message


@pytest.mark.parametrize("taken", ["port", "metrics_port"])
def test_a_port_that_is_taken(taken):
    """Is named, and nothing else is left open."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        with pytest.raises(SettingsInvalid, match=f"{taken}.*{number}"):
            Adapter("127.0.0.1:1", "k", **{taken: number})


def test_without_the_extra_the_command_says_what_to_install():
    """The other commands, and the registers, need none of it."""
    lines = [
        "import sys",
        "sys.modules['uvicorn'] = None",
        "from billcore.server.cli import main",
        "sys.argv = ['billcore', 'adapter', 'osmp', '--channel=k', '--currency=USD', "
        "'--time-zone=UTC']",
        "main()",
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        capture_output=True,
        text=True,
        env={"BILLCORE_KEY": "k"},
        timeout=120,
    )
    assert done.returncode == 2
    assert re.search(r"uvicorn is not installed: pip install 'billcore\[adapters\]'", done.stderr)
