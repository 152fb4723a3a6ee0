"""`billcore pay` against a real server: taken, asked for, taken back, moved, imported."""

import re
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from billcore.core.errors import RequestInvalid
from billcore.core.payments.codes import TargetKind
from billcore.core.payments.reversals import ReversalKind
from billcore.server import cli
from billcore.server.commands import pay
from billcore.server.refusals import ServerRefused
from tests.api import town_of_payers
from tests.api.client import Client
from tests.api.town_of_payers import balance


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def north(app, keys):
    client = Client(app.port, keys["north"])
    town_of_payers.furnish(client)
    fee = '{"amount_min": 100, "convenience_fee": {"fixed": 50}}'
    for code, policies in (("kiosk", fee), ("bank", ""), ("shut", "")):
        town_of_payers.channel(client, code, policies)
    town_of_payers.terminal(client, "kiosk", "K1")
    town_of_payers.enable(client, "shut", False)
    keys["kiosk"] = town_of_payers.client_of(client, "kiosk", "kiosk")
    yield client
    client.channel.close()


@pytest.fixture
def run(app, keys, north):
    """Runs a command against the server; what it prints."""

    def called(*command, key="north", status=0):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys[key],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, ["pay", *map(str, command)], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.output

    return called


def test_words_are_core_s():
    """Kinds of targets and reversals have the words of core."""
    assert [word.name for word in pay.TargetWord] == [kind.name for kind in TargetKind if kind]
    assert [word.name for word in pay.ReversalWord] == [kind.name for kind in ReversalKind]


def test_what_there_is_to_pay(run):
    told = run("fetch", "kiosk", "A4")
    assert "Account A4, M*** K***, Lane *: ok, 500.00 USD to pay, from 1.00 USD" in told
    assert "fee 0.50 USD" in told
    (line,) = [one for one in told.splitlines() if "opening" in one]
    assert line.split() == ["opening", "2020-02-01", "2020-02-01", "500.00", "500.00"]
    with pytest.raises(ServerRefused, match="NOT_FOUND"):
        run("fetch", "kiosk", "nobody")


def test_a_payment_through_its_life(run, north):
    """Posted, told again, asked for, taken back with a fee."""
    owed = balance(north, "A1")
    order = ("post", "kiosk", "c1", "A1", "--amount=12050", "--terminal=K1", "--fee=50",
             "--currency=USD", "--period=2020-02")  # fmt: skip
    told = run(*order)
    assert re.search(r"Payment \d+ \(kiosk c1\): posted to account \d+, 120.50 USD, of 20", told)
    assert run(*order) == told.rstrip() + " (as told before)\n"
    assert balance(north, "A1") == owed - 12_050
    assert run("status", "kiosk", "c1").splitlines() == ["c1: posted", told.rstrip()]
    with pytest.raises(ServerRefused, match=r"ALREADY_EXISTS.*amount was 12050, now 1205"):
        run(*order[:4], "--amount=1205", *order[5:])
    undo = ("reverse", "kiosk", "c1", "--kind=dishonoured", "--reason=no cover", "--as=u1")
    told = run(*undo)
    assert "(u1): dishonoured, 120.50 USD, fee 7.50 USD, of 20" in told
    assert run(*undo) == told.rstrip() + " (as told before)\n"
    assert balance(north, "A1") == owed + 750
    assert run("status", "kiosk", "c1").splitlines()[0] == "c1: reversed"
    assert run("status", "kiosk", "never") == "never: unknown\n"


def test_payments_are_listed(run):
    """Those of a span, with their sum; a reversed one is told so."""
    when = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    paid = f"--paid-at={when.isoformat()}"
    run("post", "kiosk", "l1", "A2", "--amount=700", "--terminal=K1", paid)
    run("post", "kiosk", "l2", "A2", "--amount=300", "--terminal=K1", paid)
    run("reverse", "kiosk", "l2", "--kind=cancelled", "--reason=twice", "--as=l2x")
    span = f"--from={when.isoformat()}", f"--until={(when + timedelta(seconds=1)).isoformat()}"
    rows = [line.split() for line in run("list", "kiosk", *span).splitlines()]
    assert rows[0] == ["reference", "day", "account", "state", "amount"]
    assert [(row[0], *row[3:]) for row in rows[1:3]] == [
        ("l1", "posted", "7.00"),
        ("l2", "reversed", "3.00"),
    ]
    assert rows[3] == ["2", "payments", "10.00", "USD"]
    with pytest.raises(RequestInvalid, match="write 2024-03-01T12:30:05"):
        run("list", "kiosk", "--from=monday", span[1])


def test_a_payment_is_explained(run, north):
    """A4 owes 500.00 and pays 510.00."""
    run("post", "kiosk", "x1", "A4", "--amount=51000", "--terminal=K1", "--fee=50")
    first, where, rule, step, left = run("explain", "kiosk", "x1").splitlines()
    assert first == "x1: posted, and 0.50 USD to the channel on top"
    assert re.fullmatch(r"Payment \d+: 510.00 USD was credited to account 'A4'.", where)
    assert rule.startswith("  Account A4, 510.00 USD: Strategy oldest_first: ")
    assert step.startswith("    1. When it came, it paid 500.00 USD of the 500.00 USD open of the ")
    assert left == "    10.00 USD is credit of account 'A4', for what comes next."
    run("reverse", "kiosk", "x1", "--kind=dishonoured", "--reason=no cover", "--as=x2")
    told = run("explain", "kiosk", "x1").splitlines()
    assert told[0].startswith("x1: reversed")
    assert "It was taken back on" in told[3]
    assert told[-1].startswith("Reversal ")
    assert "dishonoured, 510.00 USD, fee 7.50 USD" in told[-1]


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (("explain", "kiosk", "x"), "NOT_FOUND"),
        (("post", "kiosk", "x", "A1", "--amount=99"), "OUT_OF_RANGE"),
        (("post", "shut", "x", "A1", "--amount=100"), "FAILED_PRECONDITION"),
        (("post", "kiosk", "x", "A1", "--amount=100", "--currency=EUR"), "currency"),
        (("post", "kiosk", "x", "7", "--kind=bill", "--amount=100"), "NOT_FOUND"),
        (("post", "kiosk", "x", "A1", "--amount=100", "--service=gas"), "no service of this"),
        (("post", "kiosk", "x", "A1", "--amount=100", "--period=May"), "period:YYYY-MM"),
        (("confirm", "kiosk", "x"), "NOT_FOUND"),
        (("release", "kiosk", "x"), "NOT_FOUND"),
        (("reverse", "kiosk", "x", "--kind=returned", "--reason=r"), "NOT_FOUND"),
        (("transfer", "7", "A1", "--reason=r"), "NOT_FOUND"),
    ],
)
def test_what_the_server_refuses(run, command, wrong):
    with pytest.raises(ServerRefused, match=wrong):
        run(*command)


@pytest.mark.parametrize(
    "command",
    [
        ("post", "kiosk", "x", "A1", "--amount=100", "--paid-at=yesterday"),
        ("post", "kiosk", "x", "A1", "--amount=100", "--paid-at=2024-01-01T10:00"),
        ("post", "kiosk", "x", "A1", "--amount=100", "--bill=5", "--service=water"),
        ("post", "kiosk", "x", "A1", "--amount=100", "--bill=5", "--period=2024-03"),
        ("split", "kiosk", "x", "--part=A1"),
        ("split", "kiosk", "x", "--part=A1=1.5"),
        ("split", "kiosk", "x", "--part=north:=5"),
    ],
)
def test_what_is_wrong_is_told_before_it_is_sent(run, command):
    with pytest.raises(RequestInvalid):
        run(*command)


def test_the_time_of_a_payment():
    assert pay.moment("1970-01-01T03:30:00.5+03:30") == 500_000
    assert pay.moment("") == 0
    assert pay.part("a:b:c=7") == ("a:b", "c", 7)


def test_in_two_phases(run, north):
    owed = balance(north, "A2")
    reserve = ("reserve", "kiosk", "c2", "A2", "--amount=900", "--seconds=600")
    told = run(*reserve)
    assert "9.00 USD, until 20" in told
    assert "(as told before)" in run(*reserve)
    assert run("status", "kiosk", "c2").splitlines() == ["c2: reserved", told.rstrip()]
    assert "posted to account" in run("confirm", "kiosk", "c2")
    assert "(as told before)" in run("confirm", "kiosk", "c2")
    assert balance(north, "A2") == owed - 900
    run("reserve", "kiosk", "c3", "A2", "--amount=900")
    assert run("release", "kiosk", "c3") == "Reservation c3: released\n"
    assert run("release", "kiosk", "c3") == "Reservation c3: released (as told before)\n"


def test_one_act_pays_several_accounts(run, north):
    owed = [balance(north, f"A{n}") for n in (1, 2)]
    act = ("split", "kiosk", "c4", "--part=A1=100", "--part=north:A2=250")
    told = run(*act)
    assert [line.split("USD")[0].split()[-1] for line in told.splitlines()] == ["1.00", "2.50"]
    assert run(*act).count("(as told before)") == 2
    assert [balance(north, f"A{n}") for n in (1, 2)] == [owed[0] - 100, owed[1] - 250]
    assert run("status", "kiosk", "c4").splitlines() == ["c4: posted", *told.splitlines()]


def test_money_in_suspense_is_listed_and_moved(run, north):
    told = run("post", "bank", "c5", "nobody", "--amount=700", "--taken")
    payment = re.match(r"Payment (\d+) .*suspended, account not found", told)[1]
    (line,) = [one for one in run("suspense").splitlines() if payment in one]
    for word in ("bank", "c5", "nobody", "account not found", "7.00"):
        assert word in line
    move = ("transfer", payment, "A3", "--amount=300", "--reason=found", "--request-id=t1")
    told = run(*move)
    assert told == f"Payment {payment}: 3.00 USD moved to A3, 4.00 USD open\n"
    assert "(as told before)" in run(*move)
    run("transfer", payment, "A3", "--reason=found")
    assert payment not in run("suspense")
    assert payment in run("suspense", "--settled")
    lines = run("status", "bank", "c5").splitlines()
    assert lines[0] == "c5: transferred"
    assert sum("moved to account" in line for line in lines) == 2


# -- imported


FILE = """channel,reference,target,amount,paid_at,fee
kiosk,i1,A1,120.50,2024-02-01T10:00:00Z,0.50
kiosk,i2,A2,1,,
bank,i3,nobody,7.5,,
kiosk,i4,A2,1.005,,
shut,i5,A2,1,,
"""


@pytest.fixture
def file(tmp_path):
    found = tmp_path / "bank.csv"
    today = town_of_payers.today()
    found.write_text(FILE.replace("2024-02-01", today).replace("T10:00:00Z", "T00:00:00Z"))
    return found


def test_a_file_is_posted_once(run, north, file, tmp_path):
    """Rows that are wrong are listed, the file again changes nothing, nor does another one."""
    owed = [balance(north, f"A{n}") for n in (1, 2)]
    refused = tmp_path / "refused.csv"
    told = run("import", file, f"--refused={refused}", status=1)
    assert f"{file}: row 4: amount: '1.005' is not an amount of USD" in told
    assert f"{file}: row 5: channel: the channel 'shut' is disabled. [CHANNEL_DISABLED]" in told
    assert "3 rows accepted, 2 refused." in told
    assert len(refused.read_text().splitlines()) == 3
    assert [balance(north, f"A{n}") for n in (1, 2)] == [owed[0] - 12_050, owed[1] - 100]
    assert run("status", "bank", "i3").startswith("i3: suspended")
    assert "is loaded already" in run("import", file, status=1)
    other = tmp_path / "other.csv"
    other.write_text("channel,reference,target,amount\nkiosk,i2,A2,1.00\nkiosk,i2,A2,2.00\n")
    told = run("import", other, status=1)
    assert "row 2: reference: Payment 'i2' of this channel is another one" in told
    assert "1 rows accepted, 1 refused." in told
    assert balance(north, "A2") == owed[1] - 100


def test_a_file_is_tried(run, north, file, tmp_path):
    owed = balance(north, "A1")
    table = {"channel": ["bank"], "reference": ["d1"], "target": ["A1"], "amount": ["5"],
             "money_taken": [False], "value_day": [town_of_payers.today()]}  # fmt: skip
    found = tmp_path / "bank.parquet"
    pa.parquet.write_table(pa.table(table), found)
    assert "1 rows would be accepted" in run("import", found, "--dry-run")
    assert balance(north, "A1") == owed
    assert "1 rows accepted" in run("import", found, "--chunk-rows=1")
    assert balance(north, "A1") == owed - 500


def test_cashiers_of_a_channel_import_its_files_alone(run, north, tmp_path):
    """They need no other role, and see and load nothing else."""
    found = tmp_path / "kiosk.csv"
    found.write_text("channel,reference,target,amount\nkiosk,k1,A1,1\nbank,k2,A1,1\n")
    told = run("import", found, key="kiosk", status=1)
    assert "row 2: channel: this client posts for the channel 'kiosk' alone" in told
    assert "[CHANNEL_FORBIDDEN]" in told
    with pytest.raises(ServerRefused, match="PERMISSION_DENIED"):
        run("import", found, key="clerk")
    points = tmp_path / "points.csv"
    points.write_text("number,service\nP1,water\n")
    environment = {"BILLCORE_KEY": "", "COLUMNS": "200"}
    result = CliRunner().invoke(cli.app, ["load", "payments", str(found)], env=environment)
    assert "cashier" in str(result.exception)


def test_the_books_hold(north, run):
    run("suspense")
    assert town_of_payers.verified(north) == {}
