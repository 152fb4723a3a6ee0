"""DirectDebitService and `billcore debit` on a real server: a debit from mandate to refund."""

import json
import shlex
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sepaxml.validation import try_valid_xml
from typer.testing import CliRunner

from billcore.core.collections.direct_debit.formats import PAIRS
from billcore.core.collections.direct_debit.states import DebitState as State
from billcore.server import cli
from billcore.server.refusals import ServerRefused
from billcore.v1 import autopay_service_pb2 as autopay
from billcore.v1 import channel_service_pb2 as channels
from billcore.v1 import direct_debit_service_pb2 as pb
from tests import debit_world
from tests.api import stored, town_of_payers
from tests.api.client import Client, refused
from tests.api.town_of_payers import DEBT, balance, verified
from tests.debit_world import IBANS, camt054, pain002

NUMBERS = count(1)

TERMS = debit_world.TERMS | {"notice_days": 0, "retry_notice_days": 0, "lead_days": 0}
"""Debits of today can be planned and sealed today: the server's clock is the real one."""

FEE = 350


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def request_id() -> str:
    return f"d{next(NUMBERS)}"


@pytest.fixture(scope="module")
def app(folder, keys):
    """A server with a store; north keeps its books in euros."""
    server = stored.server(folder)
    with server.store.write() as session:
        session.run("UPDATE provider SET currency = 'EUR'")
    yield server
    server.drain()


@pytest.fixture(scope="module")
def town(app, keys):
    found = {name: Client(app.port, keys[name]) for name in ("north", "south", "viewer", "clerk")}
    north = found["north"]
    town_of_payers.furnish(north)
    with app.store.write() as session:
        policies = f'{{"reversal_fees": {{"returned": {FEE}}}}}'
        session.run("UPDATE provider SET policies = :policies", policies=policies)
    given = channels.Channel(channel="debit", kind="CHANNEL_KIND_DIRECT_DEBIT", name="Bank")
    north.channels.CreateChannel(
        channels.CreateChannelRequest(request_id=request_id(), channel=given)
    )
    town_of_payers.channel(north, "kiosk")
    found["kiosk"] = Client(app.port, town_of_payers.client_of(north, "kiosk", "kiosk"))
    terms = pb.DebitTerms(channel="debit", terms=json.dumps(TERMS))
    made = north.debits.SetDebitTerms(
        pb.SetDebitTermsRequest(request_id=request_id(), terms=terms)
    ).terms
    assert made.revision == 1
    assert json.loads(made.terms)["refund_days"] == {"core": 56, "b2b": 0, "domestic": 0}
    yield found
    for client in found.values():
        client.channel.close()


@pytest.fixture
def north(town):
    return town["north"]


@pytest.fixture
def run(app, keys, town):
    """Runs `billcore debit …` for north; what it prints, its spaces as one."""

    def called(*command, key="north"):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys[key],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, ["debit", *map(str, command)], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        return " ".join(result.output.split())

    return called


def mandate(**more) -> pb.Mandate:
    debtor = more.pop("debtor", pb.Debtor(name="Maryam Karimi", iban=IBANS[0]))
    values = {"channel": "debit", "scheme": "DEBIT_SCHEME_CORE", "signed_day": "2026-01-15"}
    return pb.Mandate(**values | more, debtor=debtor)


def create(client, number="A1", **more) -> pb.CreateMandateResponse:
    return client.debits.CreateMandate(
        pb.CreateMandateRequest(request_id=request_id(), number=number, mandate=mandate(**more))
    )


def payer(client, number: str) -> pb.Mandate:
    """The active mandate of an account that is paid automatically."""
    made = create(client, number).mandate
    agreed = autopay.Autopay(channel="debit", remind_days=3)
    client.autopay.SetAutopay(
        autopay.SetAutopayRequest(request_id=request_id(), number=number, autopay=agreed)
    )
    go = pb.ActivateMandateRequest(request_id=request_id(), mandate=made.umr, version=1)
    return client.debits.ActivateMandate(go).mandate


def results(client, content: str, name="results.xml", **more):
    def parts():
        header = {"name": name, "channel": "debit"} | more
        yield pb.ImportDebitResultsRequest(header=pb.DebitResultHeader(**header))
        sent = content.encode()
        for start in range(0, len(sent), 100):
            yield pb.ImportDebitResultsRequest(part=sent[start : start + 100])

    return client.debits.ImportDebitResults(parts(), timeout=30)


def sealed(client, day: str) -> pb.DebitBatch:
    """The batch of what waits for a day, with the bank."""
    wanted = {"channel": "debit", "scheme": "DEBIT_SCHEME_CORE", "collection_day": day}
    client.debits.NotifyDebits(pb.NotifyDebitsRequest(channel="debit", day=day))
    done = client.debits.SealBatch(pb.SealBatchRequest(**wanted))
    assert done.left == 0
    request = pb.MarkBatchSentRequest(request_id=request_id(), batch_no=done.batch.batch_no)
    return client.debits.MarkBatchSent(request).batch


def debit(client, end_to_end_id: str) -> pb.GetDebitResponse:
    return client.debits.GetDebit(pb.GetDebitRequest(end_to_end_id=end_to_end_id))


def entry(of: pb.Debit, kind, code="") -> str:
    """An entry of today of a bank's notification."""

    class Row:
        end_to_end_id, amount = of.end_to_end_id, of.amount

    day = date.fromisoformat(today()).toordinal()
    return kind(Row, code, day) if code else kind(Row, 0, day)


def test_a_debit_from_mandate_to_refund(north):
    """Announced, sealed, rejected in part, collected, returned, tried again, refunded."""
    first, second = payer(north, "A1"), payer(north, "A2")
    assert (first.state, first.debtor.iban) == (pb.MANDATE_STATE_ACTIVE, "DE…3000")
    plan = pb.PlanDebitsRequest(channel="debit", scheme="DEBIT_SCHEME_CORE", collection_day=today())
    planned = north.debits.PlanDebits(plan)
    assert (planned.debits, planned.amount, planned.next_page_token) == (2, 2 * DEBT, "")
    assert north.debits.PlanDebits(plan).debits == 0
    batch = sealed(north, today())
    assert (batch.state, batch.debits) == (pb.DEBIT_BATCH_STATE_SENT, 2)
    request = pb.GetBatchFileRequest(batch_no=batch.batch_no)
    content = b"".join(one.part for one in north.debits.GetBatchFile(request))
    assert len(content) == batch.file_bytes
    try_valid_xml(content, "pain.008.001.08")
    assert first.umr.encode() in content
    one, two = north.debits.ListDebits(pb.ListDebitsRequest(batch_no=batch.batch_no)).debits

    status = pain002(batch.message_id, (two.end_to_end_id, "RJCT", "AC04"), group="PART")
    done = results(north, status)
    assert (done.result.accepted, done.result.rejected, done.repeated) == (1, 1, False)
    assert results(north, status).repeated
    found = north.debits.GetMandate(pb.GetMandateRequest(mandate=second.umr))
    assert found.mandate.state == pb.MANDATE_STATE_SUSPENDED
    assert [each.state for each in found.debits] == [State.REJECTED]
    assert "AC04" in found.versions[-1].reason

    done = results(north, camt054(entry(one, debit_world.credit)))
    assert done.result.collected == 1
    assert balance(north, "A1") == 0
    told = debit(north, one.end_to_end_id)
    assert told.debit.state == State.COLLECTED
    until = date.fromisoformat(today()) + timedelta(days=56)
    assert told.debit.contingent_until_day == until.isoformat()
    assert (bool(told.payment_id), told.reversal_id, told.currency) == (True, 0, "EUR")
    summary = north.debits.SummariseDebits(pb.SummariseDebitsRequest())
    assert summary.contingent == DEBT
    assert [(each.code, each.meaning) for each in summary.failures] == [("AC04", "account closed")]

    done = results(north, camt054(entry(one, debit_world.back, "AM04")))
    assert done.result.returned == 1
    assert balance(north, "A1") == DEBT + FEE
    told = debit(north, one.end_to_end_id)
    assert (told.debit.state, told.charged) == (State.RETURNED, FEE)
    (again,) = told.later
    assert (again.attempt, again.retry_of) == (2, one.debit_no)
    assert again.end_to_end_id != one.end_to_end_id
    assert again.collection_day > today()

    batch = sealed(north, again.collection_day)
    (three,) = north.debits.ListDebits(pb.ListDebitsRequest(batch_no=batch.batch_no)).debits
    assert three.amount == DEBT + FEE
    results(north, camt054(entry(three, debit_world.credit)))
    assert balance(north, "A1") == 0
    results(north, camt054(entry(three, debit_world.back, "MD06")))
    told = debit(north, three.end_to_end_id)
    assert told.debit.state == State.REFUNDED
    assert [State(each.state).name for each in told.steps] == [
        "DUE", "NOTIFIED", "BATCHED", "SUBMITTED", "COLLECTED", "REFUNDED",
    ]  # fmt: skip
    assert [each.end_to_end_id for each in told.earlier] == [one.end_to_end_id]
    assert balance(north, "A1") == DEBT + FEE
    agreement = north.autopay.GetAutopay(autopay.GetAutopayRequest(number="A1")).autopay
    assert not agreement.enabled
    assert verified(north) == {}


def test_the_commands(run, north, tmp_path):
    """`billcore debit …`, from mandate to reversal."""
    told = run(
        "mandate", "create", "A3", "debit", "--name", "Maryam Karimi", "--signed", "2026-01-15",
        "--iban", "DE89 3704 0044 0532 0130 00", "--umr", "TOUR-3", "--amount-max", 9_000,
    )  # fmt: skip
    assert "TOUR-3" in told
    assert "draft, of DE…3000, at most 9000 a debit; version 1" in told
    assert "version 2" in run("mandate", "change", "TOUR-3", "--version", 1, "--amount-max", 8_000)
    assert "active" in run("mandate", "activate", "TOUR-3")
    assert "suspended" in run("mandate", "suspend", "TOUR-3", "--reason", "asked")
    assert "active" in run("mandate", "activate", "TOUR-3")
    agreed = autopay.Autopay(channel="debit", remind_days=3)
    north.autopay.SetAutopay(
        autopay.SetAutopayRequest(request_id=request_id(), number="A3", autopay=agreed)
    )
    assert "1 debits planned, 8000 minor units" in run("plan", "debit", "core", today())
    assert "1 debits announced, 0 withdrawn" in run("notify", "debit")
    told = run("seal", "debit", "core", today())
    assert "sealed, 1 debits, 8000" in told
    number = told.split()[1]
    assert "bytes in batch.xml" in run("file", number, tmp_path / "batch.xml")
    content = (tmp_path / "batch.xml").read_text()
    name = content.partition("<EndToEndId>")[2].partition("<")[0]
    assert "<MndtId>TOUR-3</MndtId>" in content
    assert "sent, 1 debits" in run("sent", number)
    of = pb.Debit(end_to_end_id=name, amount=8_000)
    notice = tmp_path / "notice.xml"
    notice.write_text(camt054(entry(of, debit_world.credit)))
    assert "(camt.054): 0 accepted, 0 rejected, 1 collected" in run("import", "debit", notice)
    assert ", again:" in run("import", "debit", notice)
    assert f"Debit {name}: collected, 8000 of account" in run("show", name)
    assert name in run("list", "--state", "collected")
    assert "contingent 8000" in run("list", "sum")
    assert "notice.xml camt.054" in run("list", "results")
    assert f"Batch {number}" in run("list", "batches")
    assert "reversed on" in run("reverse", name, "--reason", "by mistake")
    assert "0 mandates expired; debits: 0 final" in run("sweep")
    assert "version 5: active" in run("mandate", "show", "TOUR-3")
    assert "TOUR-3" in run("mandate", "list", "--state", "active")
    assert "bank-link billcore 0" in run("formats")
    assert '"notice_days":0' in run("terms", "debit")
    assert "cancelled" in run("mandate", "cancel", "TOUR-3", "--reason", "moved")
    assert verified(north) == {}
    with pytest.raises(ServerRefused, match="CANCELLED"):
        run("mandate", "activate", "TOUR-3")


TOUR = Path(__file__).parents[2] / "docs" / "direct-debit.md"


def test_the_page_s_tour(app, keys, town, tmp_path, monkeypatch):
    """Every command of docs/direct-debit.md, in its order, for a provider that begins with it."""
    town_of_payers.furnish(town["south"])
    monkeypatch.chdir(tmp_path)
    Path("terms.json").write_text(json.dumps(TERMS))
    block = TOUR.read_text(encoding="utf-8").partition("```sh\n")[2].partition("```")[0]
    text = block.replace("\\\n", " ").replace("2026-12-07", today()).replace("BC1-", "BC2-")
    told = []
    for line in filter(None, text.splitlines()):
        command = shlex.split(line, comments=True)
        assert command[0] == "billcore"
        if "status.xml" in command:
            Path("status.xml").write_text(pain002("BC2-B1", group="ACCP"))
        elif "notice.xml" in command:
            notice = entry(pb.Debit(end_to_end_id="BC2-D1", amount=9_000), debit_world.credit)
            Path("notice.xml").write_text(camt054(notice))
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys["south"],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, command[1:], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        told.append(" ".join(result.output.split()))
    assert len(told) == 17
    found = "\n".join(told)
    for words in (
        "1 debits planned, 9000 minor units",
        "1 debits announced, 0 withdrawn",
        f"Batch 1 (BC2-B1, core of {today()}): sealed, 1 debits, 9000",
        "1 accepted, 0 rejected",
        "1 collected",
        "contingent 9000",
        "Debit BC2-D1: reversed",
    ):
        assert words in found
    assert verified(town["south"]) == {}


def test_a_format_of_ones_own_is_kept(run, tmp_path):
    text = PAIRS.shipped()["bank-link"].text
    file = tmp_path / "own.yaml"
    file.write_text(text.replace("format: bank-link", "format: city-bank"))
    assert "city-bank, revision 1" in run("formats", file)
    assert "city-bank the provider 1" in run("formats")
    file.write_text(text.replace("width: 20", "width: 0"))
    with pytest.raises(ServerRefused, match="OUT_OF_RANGE"):
        run("formats", file, "--revision", 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"umr": "not good"}, "umr"),
        ({"signed_day": "2026-13-01"}, "mandate.signed_day"),
        ({"scheme": "DEBIT_SCHEME_UNSPECIFIED"}, "scheme"),
        ({"debtor": pb.Debtor(name="Ada", iban="DE00")}, "debtor.iban"),
    ],
)
def test_a_wrong_mandate_is_refused_with_its_field(north, given, field):
    with pytest.raises(Exception) as error:  # noqa: PT011 - looked into below
        create(north, **given)
    assert error.value.code().name == "INVALID_ARGUMENT"
    assert field in str(error.value.trailing_metadata())


def test_broken_files_are_refused_over_the_wire(north):
    for content in ("", "<x/>", pain002("BC1-B99", group="ACCP"), camt054() + "x"):
        with refused("INVALID_ARGUMENT", "FILE_BROKEN"):
            results(north, content)
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        north.debits.ImportDebitResults(iter([pb.ImportDebitResultsRequest(part=b"x")]))


def test_what_is_not_there(north):
    for call, request, reason in (
        (north.debits.GetMandate, pb.GetMandateRequest(mandate="#99"), "MANDATE_UNKNOWN"),
        (north.debits.GetDebit, pb.GetDebitRequest(end_to_end_id="x"), "DEBIT_UNKNOWN"),
        (
            north.debits.MarkBatchSent,
            pb.MarkBatchSentRequest(request_id=request_id(), batch_no=99),
            "DEBIT_BATCH_UNKNOWN",
        ),
    ):
        with refused("NOT_FOUND", reason):
            call(request)
    with refused("NOT_FOUND", "DEBIT_BATCH_UNKNOWN"):
        list(north.debits.GetBatchFile(pb.GetBatchFileRequest(batch_no=99)))


def test_who_may(town):
    """Roles; a client of one channel sees nothing of others; another provider nothing at all."""
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        create(town["viewer"])
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        list(town["clerk"].debits.GetBatchFile(pb.GetBatchFileRequest(batch_no=1)))
    with refused("PERMISSION_DENIED", "CHANNEL_FORBIDDEN"):
        results(town["kiosk"], camt054())
    south = town["south"].debits
    mine = south.ListMandates(pb.ListMandatesRequest()).mandates
    assert {one.umr for one in mine} <= {"TOUR-3"}
    with refused("NOT_FOUND", "DEBIT_UNKNOWN"):
        south.GetDebit(pb.GetDebitRequest(end_to_end_id="BC1-D1"))
    with refused("NOT_FOUND", "CHANNEL_UNKNOWN"):
        south.GetDebitTerms(pb.GetDebitTermsRequest(channel="kiosk"))
