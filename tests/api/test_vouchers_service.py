"""Vouchers on a real server, by calls and by commands."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from billcore.core.errors import SettingsInvalid
from billcore.core.payments.vouchers import digits
from billcore.core.payments.vouchers import secret as secret_of
from billcore.server import cli
from billcore.server.refusals import ServerRefused
from billcore.v1 import account_service_pb2, admin_service_pb2, channel_service_pb2
from billcore.v1 import voucher_service_pb2 as pb
from tests.api import stored
from tests.api.client import Client, refused


@pytest.fixture(scope="module")
def app(folder, keys):
    """A server with a store, a key for vouchers, an account N1, channels bank and cards."""
    (folder / "keys").write_text("2026 " + "5a" * 32)
    server = stored.server(folder, voucher_keys=folder / "keys")
    client = Client(server.port, keys["north"])
    for code, kind in (("bank", "BANK_COUNTER"), ("cards", "VOUCHER")):
        given = channel_service_pb2.Channel(channel=code, kind=f"CHANNEL_KIND_{kind}", name=code)
        client.channels.CreateChannel(
            channel_service_pb2.CreateChannelRequest(request_id=code, channel=given)
        )
    customer = account_service_pb2.Customer(number="C1", kind="person", name="Customer")
    owner = client.accounts.CreateCustomer(
        account_service_pb2.CreateCustomerRequest(request_id="C1", customer=customer)
    ).customer
    account = account_service_pb2.Account(
        number="N1", customer_id=owner.customer_id, opened_day="2020-01-01"
    )
    client.accounts.CreateAccount(
        account_service_pb2.CreateAccountRequest(request_id="N1", account=account)
    )
    client.channel.close()
    yield server
    server.drain()


@pytest.fixture
def call(app, keys):
    opened = []

    def client(name="north"):
        opened.append(Client(app.port, keys[name]))
        return opened[-1]

    yield client
    for one in opened:
        one.channel.close()


@pytest.fixture
def run(app, keys):
    """Runs a command against the server; what it prints."""

    def called(*command, **more):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys["north"],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, ["voucher", *command], env=environment, **more)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return called


def made(client, request_id, vouchers=3, **more):
    """The batch, and (serial, secret) of what was told of it."""
    request = pb.MakeVouchersRequest(
        request_id=request_id, vouchers=vouchers, face_value=500, **more
    )
    first, *rest = client.vouchers.MakeVouchers(request)
    told = [
        pair for one in rest for pair in zip(one.secrets.serials, one.secrets.secrets, strict=True)
    ]
    return first.batch, told


def sold(client, batch, name):
    range_ = pb.VoucherRange(batch_no=batch.batch_no)
    client.vouchers.ShipVouchers(pb.ShipVouchersRequest(request_id=name, range=range_))
    request = pb.SellVouchersRequest(channel="bank", reference=name, range=range_)
    return client.vouchers.SellVouchers(request).sale


def redemption(serial, secret, reference, **more):
    values = {"channel": "cards", "number": "N1"} | more
    return pb.RedeemVoucherRequest(reference=reference, serial=serial, secret=secret, **values)


def wrong(secret):
    text = str((int(secret[:-1]) + 1) % 10**16).zfill(16)
    return text + digits.check_digit(text)


def verified(client):
    told = client.admin.Verify(admin_service_pb2.VerifyRequest())
    return [str(one.verdict) for one in told if one.verdict.findings]


def test_secrets_are_told_once_and_are_nowhere(call, folder):
    """More than one message of them; not in the answer that is kept, not in the store's files."""
    client = call()
    batch, told = made(client, "once", 5_000, valid_until="2099-12-31", grace_days=10)
    assert len(told) == batch.vouchers == 5_000
    assert (told[0][0], told[-1][0]) == (batch.first_serial, batch.last_serial)
    again, secrets = made(client, "once", 5_000, valid_until="2099-12-31", grace_days=10)
    assert (again, secrets) == (batch, [])
    with refused("ALREADY_EXISTS", "REQUEST_CONFLICT"):
        made(client, "once", 4)
    stored_bytes = b"".join(path.read_bytes() for path in Path(folder).glob("billcore.db*"))
    assert not any(secret.encode() in stored_bytes for _, secret in told[:200])


def test_a_voucher_s_life(call):
    client = call()
    batch, told = made(client, "life")
    sale = sold(client, batch, "life")
    assert (sale.amount, sale.first_serial) == (1_500, batch.first_serial)
    serial, secret = told[1]
    request = redemption(f"{serial[:4]} {serial[4:]}", secret, "r-life")
    paid = client.vouchers.RedeemVoucher(request)
    assert (paid.amount, bool(paid.payment_id)) == (500, True)
    answer, again = client.vouchers.RedeemVoucher.with_call(request)
    assert answer == paid
    assert ("x-billcore-replayed", "1") in again.trailing_metadata()
    found = client.vouchers.GetVoucher(pb.GetVoucherRequest(serial=serial)).voucher
    assert (found.state, found.payment_id) == (pb.VOUCHER_STATE_REDEEMED, paid.payment_id)
    assert found.sale == sale
    report = client.vouchers.GetVoucherBatch(pb.GetVoucherBatchRequest(batch_no=batch.batch_no))
    assert {one.state: one.vouchers for one in report.counts} == {
        pb.VOUCHER_STATE_SOLD: 2,
        pb.VOUCHER_STATE_REDEEMED: 1,
    }
    assert (report.liable, report.forfeited) == (1_000, 0)
    with refused("FAILED_PRECONDITION", "VOUCHER_STATE_UNFIT"):
        client.vouchers.RedeemVoucher(redemption(serial, secret, "r-life-2"))
    assert verified(client) == []


def test_refusals(call):
    client = call()
    batch, told = made(client, "refusals", 8)
    sold(client, batch, "refusals")
    serial, secret = told[0]
    with refused("INVALID_ARGUMENT", "CHANNEL_MISFIT"):
        client.vouchers.RedeemVoucher(redemption(serial, secret, "x", channel="bank"))
    with refused("INVALID_ARGUMENT", "VOUCHER_FIELD_INVALID") as found:
        client.vouchers.RedeemVoucher(redemption(serial, secret[:-1], "x"))
    assert "secret" in found[0].fields
    with refused("NOT_FOUND", "ACCOUNT_NOT_FOUND"):
        client.vouchers.RedeemVoucher(redemption(serial, secret, "x", number="N9"))
    with refused("NOT_FOUND", "VOUCHER_UNKNOWN"):
        client.vouchers.GetVoucher(pb.GetVoucherRequest(serial=secret_of.serial(99_999)))
    with refused("INVALID_ARGUMENT", "VOUCHER_FIELD_INVALID"):
        client.vouchers.ShipVouchers(pb.ShipVouchersRequest(request_id="none"))
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        call("viewer").vouchers.RedeemVoucher(redemption(serial, secret, "x"))
    with refused("NOT_FOUND", "VOUCHER_BATCH_UNKNOWN"):
        call("south").vouchers.GetVoucherBatch(pb.GetVoucherBatchRequest(batch_no=1))


def test_commands(run, tmp_path):
    """From the batch to the report; the file of secrets is its owner's and is not written over."""
    file = tmp_path / "secrets.csv"
    said = run("make", "2", "700", "--out", str(file), "--request-id", "by command")
    number = re.search(r"Batch (\d+): 2 vouchers of 700", said)[1]
    assert file.stat().st_mode & 0o777 == 0o600
    rows = [line.split(",") for line in file.read_text().splitlines()]
    assert not any(secret in said for _, secret in rows)
    again = run("make", "2", "700", "--out", str(tmp_path / "b"), "--request-id", "by command")
    assert "told once" in again
    assert run("ship", "--batch", number) == "2 shipped\n"
    assert "1400" in run("sell", "bank", "cli", "--batch", number)
    serial, secret = rows[0]
    assert "700 to the account N1" in run(
        "redeem", "cards", "cli", serial, "N1", input=f"{secret}\n"
    )
    assert "redeemed, 700" in run("show", serial)
    assert run("block", "--first", rows[1][0], "--reason", "lost") == "1 blocked\n"
    assert run("block", "--undo", "--batch", number, "--reason", "found") == "1 unblocked\n"
    assert run("expire") == "0 expired, 0 forfeited\n"
    assert "700 owed, 0 forfeited" in run("report", number)
    assert number in run("list")
    with pytest.raises(Exception, match="File exists"):
        run("make", "2", "700", "--out", str(file))
    with pytest.raises(ServerRefused, match="passed"):
        run("make", "2", "700", "--out", str(tmp_path / "c"), "--valid-until", "2020-01-01")
    assert not (tmp_path / "c").exists()


def test_wrong_secrets_lock_and_are_counted(call, app):
    """The last test here: it locks the account."""
    client = call()
    batch, told = made(client, "guessed", 1)
    sold(client, batch, "guessed")
    serial, secret = told[0]
    for n in range(5):
        with refused("PERMISSION_DENIED", "VOUCHER_REFUSED"):
            client.vouchers.RedeemVoucher(redemption(serial, wrong(secret), f"g{n}"))
    with refused("RESOURCE_EXHAUSTED", "VOUCHER_LOCKED") as found:
        client.vouchers.RedeemVoucher(redemption(serial, secret, "right"))
    assert found[0].facts["what"] == "account"
    value = app.metrics.registry.get_sample_value("billcore_voucher_secrets_refused_total")
    assert value == 5
    assert verified(client) == []


def test_keys_that_cannot_be_read_stop_the_start(folder, keys, tmp_path):
    with pytest.raises(SettingsInvalid, match="voucher_keys"):
        stored.server(folder, voucher_keys=tmp_path / "none")
