"""Documents of the water company of the printed bills, over gRPC and by commands."""

from dataclasses import replace

import pypdfium2
import pytest
from typer.testing import CliRunner

from billcore.core.billing.errors import BillUnknown
from billcore.core.documents import verification
from billcore.core.documents.wording import MARKS
from billcore.server import cli
from billcore.server.refusals import ServerRefused
from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import channel_service_pb2 as channels
from billcore.v1 import document_service_pb2 as pb
from billcore.v1 import payment_service_pb2 as payments
from tests import runs_world as at
from tests import seed
from tests.api import stored, waterworks
from tests.api.client import Client, refused

LAST = seed.PRINTED[-1]
POLICIES = """{"taxes": ["levy", "vat"],
 "plausibility": {"low_percent": 0, "high_percent": 1000},
 "payable": {"unit": 1000, "mode": "floor"},
 "payment_ids": {"company": 317, "service": 1},
 "documents": {"local_digits": true, "receipt_charges": true, "qr": {"scheme": "ids"},
   "seller": {"name": "آب مهرآب ماهان", "phone": "034-3123"}}}"""


@pytest.fixture(scope="module")
def app(folder, keys):
    """A server with a store and a key of receipts."""
    (folder / "receipts").write_text(f"K26 {'0a' * 32} {'0b' * 32}")
    server = stored.server(folder, receipt_keys=folder / "receipts")
    yield server
    server.drain()


@pytest.fixture(scope="module")
def works(app, keys):
    """The company with its five bills, the fourth one and those before it settled."""
    house = Client(app.port, keys["house"])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(seed, "POLICIES", POLICIES)
        waterworks.founded(house)
    house.channel.close()
    client = Client(app.port, keys["house"], x_billcore_provider=waterworks.CODE)
    found = waterworks.billed(waterworks.furnished(waterworks.Waterworks(client)))
    yield found
    client.channel.close()


@pytest.fixture
def run(app, keys):
    """Runs a command against the server; what it prints."""

    def called(*command, status=0):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys["house"],
            "COLUMNS": "200",
        }
        provider = f"--provider={waterworks.CODE}"
        result = CliRunner().invoke(cli.app, ["doc", *command, provider], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.stdout

    return called


def rendered(works, form, language="", **which):
    wanted = pb.DocumentWanted(**which)
    request = pb.RenderDocumentRequest(
        document=wanted, format=f"DOCUMENT_FORMAT_{form}", language=language
    )
    return works.client.documents.RenderDocument(request)


def last_bill(works):
    return works.bills[-1].header.bill_id


def test_a_bill_says_what_was_printed(works):
    """The newest printed bill, to the rial: lines, taxes, dials, days, what was owed before."""
    request = pb.GetDocumentRequest(document=pb.DocumentWanted(bill_id=last_bill(works)))
    told = works.client.documents.GetDocument(request).bill
    (supply,) = told.supplies
    assert {line.name: line.amount for line in supply.charges} == {
        "water": 193_500, "subscription": 46_400, "services": 92_510, "levy": 9_972, "vat": 19_945,
    }  # fmt: skip
    assert [line.is_tax for line in supply.charges] == [False] * 3 + [True] * 2
    assert (told.opening, told.total, told.closing) == (17, 362_327, 362_344)
    assert (told.taxes, told.payable) == (9_972 + 19_945, 362_000)
    assert (supply.days, supply.service, supply.this_day) == (58, "water", "2018-10-22")
    (dial,) = supply.dials
    assert (dial.previous, dial.current, dial.used, dial.unit) == ("175", "220", "45", "m3")
    assert (told.seller.name, told.payer.number) == ("آب مهرآب ماهان", "1421")
    codes = told.codes
    assert codes.amount == 362_000
    assert codes.qr == codes.payer_code.zfill(13) + codes.payment_code.zfill(13)


def test_a_bill_as_text_is_in_the_words_and_digits_of_its_customer(works):
    answer = rendered(works, "TEXT_58", bill_id=last_bill(works))
    text = answer.content.decode().translate(MARKS)
    assert answer.language == "fa"
    assert answer.media_type == "text/plain; charset=utf-8"
    for told in ("۳۶۲٬۳۴۴", "۳۶۲٬۰۰۰ ریال", "۱۳۹۷/۰۷/۳۰", "آب‌بها", "بدهی قبلی"):
        assert told in text, text
    english = rendered(works, "TEXT_80", "en-GB", bill_id=last_bill(works)).content.decode()
    assert "Previous reading" in english


def test_the_same_bill_is_the_same_bytes(works):
    first = rendered(works, "PDF", bill_id=last_bill(works)).content
    assert rendered(works, "PDF", bill_id=last_bill(works)).content == first
    assert len(pypdfium2.PdfDocument(first)) == 1


def test_printers_get_pictures_of_persian_and_characters_of_english(works):
    picture = rendered(works, "ESCPOS_58", bill_id=last_bill(works)).content
    assert b"\x1dv0\x00" + (384 // 8).to_bytes(2, "little") in picture
    wide = rendered(works, "ESCPOS_80", bill_id=last_bill(works)).content
    assert b"\x1dv0\x00" + (576 // 8).to_bytes(2, "little") in wide


def test_a_notice_asks_for_what_is_owed_now_and_is_no_receipt(works):
    wanted = pb.NoticeWanted(bill_id=last_bill(works), collector_name="علی", collector_phone="0912")
    request = pb.GetDocumentRequest(document=pb.DocumentWanted(notice=wanted))
    told = works.client.documents.GetDocument(request).notice
    assert (told.balance, told.payable, told.bill.closing) == (362_344, 362_000, 362_344)
    text = rendered(works, "TEXT_80", notice=wanted).content.decode()
    assert text.count("این برگه رسید پرداخت نیست") == 2
    assert "علی" in text


def test_a_statement_is_that_of_the_ledger(works):
    wanted = pb.StatementWanted(account_id=works.account_id)
    request = pb.GetDocumentRequest(document=pb.DocumentWanted(statement=wanted))
    told = works.client.documents.GetDocument(request).statement
    ledger = works.statement(works.account_id)
    assert [(one.amount, one.balance) for one in told.entries] == [
        (one.amount, one.balance) for one in ledger.documents
    ]
    assert told.closing == ledger.closing == 362_344
    text = rendered(works, "TEXT_58", "ru", statement=wanted).content.decode()
    assert "Выписка по лицевому счёту".upper().split()[0] in text


@pytest.mark.parametrize(
    ("document", "form", "field"),
    [
        (pb.DocumentWanted(), "PDF", "document"),
        (pb.DocumentWanted(bill_id=1), "UNSPECIFIED", "format"),
        (pb.DocumentWanted(notice=pb.NoticeWanted(bill_id=1, collector_name="x" * 101)), "PDF",
         "document.notice.collector_name"),
        (pb.DocumentWanted(statement=pb.StatementWanted(number="1421", first_day="x")), "PDF",
         "first_day"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told_with_its_field(works, document, form, field):
    request = pb.RenderDocumentRequest(document=document, format=f"DOCUMENT_FORMAT_{form}")
    with refused("INVALID_ARGUMENT") as found:
        works.client.documents.RenderDocument(request)
    assert list(found[0].fields) == [field]


def test_another_s_bill_is_unknown(works, app, keys):
    north = Client(app.port, keys["north"])
    request = pb.GetDocumentRequest(document=pb.DocumentWanted(bill_id=last_bill(works)))
    with refused("NOT_FOUND", BillUnknown.reason):
        north.documents.GetDocument(request)
    north.channel.close()


def test_commands_show_and_print(works, run, tmp_path):
    bill = str(last_bill(works))
    assert "193,500" in run("show", bill, "--language=en")
    run("print", bill, "--format=pdf", f"--output={tmp_path / 'bill.pdf'}")
    assert (tmp_path / "bill.pdf").read_bytes().startswith(b"%PDF-")
    notice = run("print", bill, "--collector=Ali/0912", "--format=text58", "--language=en")
    assert notice.count("NOT A RECEIPT") == 2
    assert "0912" in notice
    assert "Closing balance" in run("statement", "1421", "--language=en")
    with pytest.raises(ServerRefused, match="no bill"):
        run("show", "7")


ACCOUNTS = 12


@pytest.fixture(scope="module")
def month(app):
    """A frozen run of a small company."""
    world = at.settle(app.store, ACCOUNTS)
    run_id = at.create(world, at.order(world))
    at.rated(world, run_id)
    at.approved(world, run_id)
    at.frozen(world, run_id)
    return run_id


def test_a_run_is_rendered_to_a_folder_and_gone_on_with(month, app, keys, tmp_path):
    """Each bill has a file; a second time only what lacks is rendered, and nothing else touched."""

    def render(*more):
        environment = {"BILLCORE_ADDRESS": f"127.0.0.1:{app.port}", "BILLCORE_KEY": keys["house"]}
        command = ["doc", "render", f"--run={month}", "--output", str(tmp_path / "out"),
                   "--provider=hanoi", *more]  # fmt: skip
        result = CliRunner().invoke(cli.app, command, env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        return " ".join(result.output.split())

    assert f"{ACCOUNTS} documents of run {month}; 0 were there." in render("--format=text58")
    files = sorted((tmp_path / "out").iterdir())
    assert len(files) == ACCOUNTS
    first = {file: file.read_bytes() for file in files}
    assert all(content.strip() for content in first.values())
    files[3].unlink()
    files[4].write_text("kept")
    assert f"1 documents of run {month}; {ACCOUNTS - 1} were there." in render("--format=text58")
    assert files[3].read_bytes() == first[files[3]]
    assert files[4].read_text() == "kept"
    assert f"{ACCOUNTS} documents" in render("--format=pdf", "--jobs=4")
    assert len(list((tmp_path / "out").glob("*.pdf"))) == ACCOUNTS
    assert not list((tmp_path / "out").glob(".*"))


# -- receipts


@pytest.fixture(scope="module")
def paid(works):
    """A channel, and a payment of the last bill through it."""
    call = works.client
    channel = channels.Channel(channel="bank", kind="CHANNEL_KIND_BANK_COUNTER", name="Bank 7")
    call.channels.CreateChannel(channels.CreateChannelRequest(request_id="b", channel=channel))
    target = payments.Target(kind="TARGET_KIND_ACCOUNT", text="1421")
    payment = payments.PostPaymentRequest(
        channel="bank", reference="0045", target=target, amount=362_000, money_taken=True
    )
    call.payments.PostPayment(payment)
    return works


def issued(works, request_id, **more):
    request = pb.IssueReceiptRequest(
        **{"request_id": request_id, "channel": "bank", "reference": "0045"} | more
    )
    return works.client.documents.IssueReceipt(request)


def receipt(works, copy_no=0):
    wanted = pb.DocumentWanted(receipt=pb.ReceiptWanted(number=1, copy_no=copy_no))
    return works.client.documents.GetDocument(pb.GetDocumentRequest(document=wanted)).receipt


def test_a_receipt_is_issued_printed_copied_and_proved(paid, run):
    made = issued(paid, "one", recipient="Maryam")
    assert (made.number, made.copy_no, made.amount) == (1, 0, 362_000)
    assert issued(paid, "one", recipient="Maryam") == made  # the request, sent again
    told = receipt(paid)
    assert (told.balance, told.channel, told.copy_no) == (344, "Bank 7", 0)
    assert [(part.kind, part.amount) for part in told.pays] == [
        ("regular", 17), ("regular", 361_983),
    ]  # fmt: skip
    assert [(bill.bill_id, bill.net + bill.taxes) for bill in told.bills] == [
        (part.document_id, bill.total) for part, bill in zip(told.pays, told.bills, strict=True)
    ]
    assert not any(supply.dials for bill in told.bills for supply in bill.supplies)
    assert issued(paid, "two").copy_no == 1
    wanted = pb.ReceiptWanted(number=1, copy_no=1)
    text = rendered(paid, "TEXT_58", "en", receipt=wanted).content.decode()
    assert "COPY 1" in text
    assert "Three hundred and sixty-two thousand rials" in " ".join(text.split())
    assert rendered(paid, "ESCPOS_58", receipt=wanted).content
    verify = paid.client.documents.VerifyReceipt
    code = pb.ReceiptCode(number=1, code=told.code)
    found = verify(pb.VerifyReceiptRequest(code=code))
    assert (found.genuine, found.amount, found.currency, found.copies) == (True, 362_000, "IRR", 1)
    assert verify(pb.VerifyReceiptRequest(signed=told.signed)).number == 1
    wrong = pb.ReceiptCode(number=1, code="0000-0000-0")
    assert verify(pb.VerifyReceiptRequest(code=wrong)) == pb.VerifyReceiptResponse()
    (key,) = paid.client.documents.GetReceiptKeys(pb.GetReceiptKeysRequest()).keys
    record, signature = verification.read_signed(told.signed)
    assert verification.is_signed(key.public_key, record, signature)


def test_commands_issue_and_verify_receipts(paid, run):
    issued(paid, "one", recipient="Maryam")
    text = run("receipt", "bank", "0045", "--language=ru", "--recipient=A")
    assert "КОПИЯ" in text
    code = receipt(paid).code
    assert "Genuine: receipt 1, 362,000 IRR" in run("verify", "1", code)
    assert "not a receipt" in run("verify", "1", "0000-0000-0", status=1)
    assert "Genuine" in run("verify", receipt(paid).signed)


def test_receipts_are_refused_with_their_reason(paid):
    with refused("NOT_FOUND", "PAYMENT_UNKNOWN"):
        issued(paid, "x1", reference="none")
    with refused("INVALID_ARGUMENT") as found:
        issued(paid, "x2", recipient="x" * 101)
    assert list(found[0].fields) == ["recipient"]
    with refused("NOT_FOUND", "RECEIPT_UNKNOWN"):
        receipt(paid, copy_no=99)
    with refused("INVALID_ARGUMENT"):
        paid.client.documents.VerifyReceipt(pb.VerifyReceiptRequest())


def test_a_channel_s_cashier_hands_out_its_own_receipts_only(paid, app):
    """Neither other channels' receipts nor documents that tell who lives where."""
    request = admin.CreateClientRequest(
        request_id="kiosk", name="kiosk", provider=waterworks.CODE, roles=["CLIENT_ROLE_CASHIER"],
        channel="bank",
    )  # fmt: skip
    made = paid.client.admin.CreateClient(request)
    bank = replace(paid, client=Client(app.port, made.key))
    number = issued(bank, "mine").number
    assert rendered(bank, "TEXT_58", "en", receipt=pb.ReceiptWanted(number=number)).content
    bill_id = receipt(paid).bills[0].bill_id
    for other in ({"bill_id": bill_id}, {"notice": pb.NoticeWanted(bill_id=bill_id)}):
        with refused("PERMISSION_DENIED", "ROLE_MISSING"):
            rendered(bank, "TEXT_58", "en", **other)
    with refused("PERMISSION_DENIED", "CHANNEL_FORBIDDEN"):
        issued(bank, "others", channel="counter")
    bank.client.channel.close()
