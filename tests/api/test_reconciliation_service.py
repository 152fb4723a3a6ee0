"""Reconciliation over gRPC: files in parts, days from matching to closing, who may do what."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count

import grpc
import pytest
from typer.testing import CliRunner

from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.computing import BreakState, DayState, Decision
from billcore.core.reconciliation.keeping import FileState
from billcore.core.reconciliation.settlement.enquiries import Stage
from billcore.server import cli
from billcore.server.refusals import ServerRefused
from billcore.v1 import channel_service_pb2 as channel_pb2
from billcore.v1 import reconciliation_service_pb2 as pb
from tests.api import stored, town_of_payers
from tests.api.client import Client, refused
from tests.api.town_of_payers import DEBT, balance
from tests.bank_files import MT940, camt053
from tests.recon_world import ACCOUNT, Credit, statement_of

NUMBERS = count(1)
UTC_DAYS = '{"time_zone": "UTC"}'


@pytest.fixture(scope="module")
def app(folder, keys):
    """A server with a store; replaces the one without."""
    server = stored.server(folder)
    yield server
    server.drain()


@pytest.fixture(scope="module")
def town(app, keys):
    """Clients by the names of their keys; `kiosk` posts for the kiosk of north alone."""
    found = {name: Client(app.port, keys[name]) for name in ("house", "north", "south", "viewer")}
    for name in ("north", "south"):
        town_of_payers.furnish(found[name])
    for code in ("kiosk", "bank"):
        town_of_payers.channel(found["north"], code)
    found["kiosk"] = Client(app.port, town_of_payers.client_of(found["north"], "kiosk", "kiosk"))
    for code in ("kiosk", "bank"):
        given = pb.ChannelTerms(channel=code, terms=UTC_DAYS)
        request = pb.SetTermsRequest(request_id=f"terms {code}", terms=given)
        found["north"].reconciliation.SetTerms(request)
    yield found
    for client in found.values():
        client.channel.close()


@pytest.fixture
def north(town):
    return town["north"].reconciliation


def yesterday() -> str:
    return (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


def content(*lines) -> bytes:
    """A report of yesterday: reference, target, amount."""
    told = [f"{one},{yesterday()}T12:00:00,{target},{amount}" for one, target, amount in lines]
    return "\n".join(["reference,paid_at,target,amount", *told, ""]).encode()


def parts(kind, sent: bytes, **header):
    yield kind(header=pb.FileHeader(**header))
    for start in range(0, len(sent), 7):
        yield kind(part=sent[start : start + 7])


def report(client, *lines, name="", channel="kiosk", **more):
    name = name or f"report {next(NUMBERS)}"
    sent = parts(pb.ImportChannelReportRequest, content(*lines), name=name, channel=channel, **more)
    return client.ImportChannelReport(sent)


def test_a_day_from_report_to_closing(town, north):
    """Imported, matched, treated, decided, closed, opened again."""
    first = report(north, ("r1", "A1", "12.50"), ("r2", "nobody", "3.00"), name="a.csv")
    assert not first.repeated
    assert (first.file.lines, first.file.amount, first.file.channel) == (2, 1_550, "kiosk")
    assert (first.file.day, first.file.state) == (yesterday(), FileState.COMPLETE)
    assert report(north, ("r1", "A1", "12.50"), ("r2", "nobody", "3.00"), name="a.csv").repeated
    day = {"channel": "kiosk", "day": yesterday()}
    matched = north.MatchDay(pb.MatchDayRequest(**day)).day
    assert (matched.report_amount, matched.ledger_amount, matched.break_count) == (1_550, 0, 2)
    with refused("FAILED_PRECONDITION", "DAY_UNFIT"):
        north.CloseDay(pb.CloseDayRequest(**day))
    done = north.TreatDay(pb.TreatDayRequest(**day))
    assert (done.posted, done.reversed, done.refused_count) == (2, 0, 0)
    assert balance(town["north"], "A1") == DEBT - 1_250
    north.MatchDay(pb.MatchDayRequest(**day))
    closed = north.CloseDay(pb.CloseDayRequest(**day)).day
    assert (closed.state, closed.ledger_amount, closed.break_count) == (DayState.CLOSED, 1_550, 0)
    report(north, ("r1", "A1", "12.50"))
    with refused("FAILED_PRECONDITION", "DAY_UNFIT"):
        north.MatchDay(pb.MatchDayRequest(**day))
    again = pb.ReopenDayRequest(request_id="reopen", reason="a second report", **day)
    assert north.ReopenDay(again).day.state == DayState.OPEN
    north.MatchDay(pb.MatchDayRequest(**day))
    (found,) = north.ListBreaks(pb.ListBreaksRequest(**day)).breaks
    assert (found.kind, found.reference) == (BreakKind.DUPLICATE_IN_REPORT, "r1")
    assert (found.treatment, found.owner) == ("ignore", "payments")
    assert len(north.ListBreaks(pb.ListBreaksRequest(resolved=True, **day)).breaks) == 3
    decide = pb.DecideBreakRequest(
        request_id="accept", break_id=found.break_id, decision=int(Decision.ACCEPT),
        reason="sent twice", **day
    )  # fmt: skip
    assert north.DecideBreak(decide).decided.state == BreakState.ACCEPTED
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        north.DecideBreak(pb.DecideBreakRequest(request_id="none", reason="why", **day))
    (told,) = north.ListDays(pb.ListDaysRequest(channel="kiosk")).days
    assert (told.break_count, told.break_amount) == (1, -1_250)


def test_what_is_open_in_all(north):
    day = {"channel": "bank", "day": yesterday()}
    report(north, ("s1", "A2", "1.00"), ("s2", "A2", "2.00"), channel="bank")
    north.MatchDay(pb.MatchDayRequest(**day))
    groups = north.SummariseBreaks(pb.SummariseBreaksRequest()).groups
    (group,) = [one for one in groups if one.channel == "bank"]
    assert (group.kind, group.count, group.amount) == (BreakKind.LATE_ARRIVING, 2, -300)
    assert (group.owner, group.age_days) == ("payments", 0)


def test_pages(north):
    """Of files, days and breaks."""
    for number in range(3):
        report(north, (f"p{number}", "A1", "1.00"), channel="bank")
    day = {"channel": "bank", "day": yesterday()}
    north.MatchDay(pb.MatchDayRequest(**day))
    for call, request, items in (
        (north.ListFiles, pb.ListFilesRequest(channel="bank", page_size=2), "files"),
        (north.ListBreaks, pb.ListBreaksRequest(page_size=2, **day), "breaks"),
    ):
        whole = type(request)()
        whole.CopyFrom(request)
        whole.page_size = 0
        wanted = list(getattr(call(whole), items))
        found = []
        while True:
            page = call(request)
            found += getattr(page, items)
            if not page.next_page_token:
                break
            request.page_token = page.next_page_token
        assert found == wanted
        assert len(found) > 2


def test_a_broken_file_says_where(north):
    with refused("INVALID_ARGUMENT", "FILE_BROKEN") as told:
        report(north, ("b1", "A1", "1.234"), name="broken.csv")
    assert told[0].facts["line"] == "2"
    assert told[0].facts["field"] == "amount"
    with refused("ALREADY_EXISTS", "FILE_CONFLICT"):
        report(north, ("b2", "A1", "1.00"), name="a.csv")


def test_statements(north):
    sent = parts(pb.ImportStatementRequest, camt053().replace("EUR", "USD").encode(), name="s.xml")
    with refused("INVALID_ARGUMENT", "FILE_BROKEN") as told:
        north.ImportStatement(parts(pb.ImportStatementRequest, b"<!DOCTYPE a><a/>", name="bomb"))
    assert told[0].facts["field"] == "DOCTYPE"
    done = north.ImportStatement(sent)
    assert (done.file.format, done.file.lines, done.file.channel) == ("camt.053", 4, "")


def bank_day(back: int = 1) -> int:
    return (datetime.now(UTC) - timedelta(days=back)).date().toordinal()


@pytest.fixture(scope="module")
def main(town):
    """A bank account that the channel tills pays into."""
    client = town["north"]
    made = pb.ChannelTerms(channel="main", terms=json.dumps({"bank_account": ACCOUNT}))
    own = channel_pb2.Channel(
        channel="main", kind=channel_pb2.CHANNEL_KIND_BANK_ACCOUNT, name="Main"
    )
    client.channels.CreateChannel(channel_pb2.CreateChannelRequest(request_id="main", channel=own))
    with refused("FAILED_PRECONDITION", "BANK_ACCOUNT_UNSET"):
        client.reconciliation.MatchDay(pb.MatchDayRequest(channel="main", day=yesterday()))
    client.reconciliation.SetTerms(pb.SetTermsRequest(request_id="main", terms=made))
    town_of_payers.channel(client, "tills")
    terms = {"time_zone": "UTC", "bank_account": ACCOUNT, "bank_text": "TILLS"}
    terms |= {"settlement_days": 0}
    given = pb.ChannelTerms(channel="tills", terms=json.dumps(terms))
    client.reconciliation.SetTerms(pb.SetTermsRequest(request_id="tills", terms=given))
    return client.reconciliation


def test_a_day_that_the_bank_pays(main):
    """From the report to the bank's credits: settlements, suspense, how far a payment is."""
    day = {"channel": "tills", "day": yesterday()}
    report(main, ("t1", "A1", "12.00"), channel="tills")
    main.MatchDay(pb.MatchDayRequest(**day))
    main.TreatDay(pb.TreatDayRequest(**day))
    matched = main.MatchDay(pb.MatchDayRequest(**day)).day
    assert (matched.break_count, matched.rest) == (0, BreakKind.IN_TRANSIT)
    asked = pb.TracePaymentRequest(channel="tills", reference="t1")
    told = main.TracePayment(asked)
    assert (told.stage, told.day, told.kind) == (Stage.REPORTED, yesterday(), BreakKind.MATCHED)
    credits = (Credit(12, bank_day(), "TILLS 1"), Credit(3, bank_day(), "Ada", "REF-9"))
    sent = statement_of("n1", *credits).replace("IRR", "USD").encode()
    main.ImportStatement(parts(pb.ImportStatementRequest, sent, name="n1"))
    bank = {"channel": "main", "day": yesterday()}
    found = main.MatchDay(pb.MatchDayRequest(**bank)).day
    assert (found.ledger_amount, found.report_amount, found.break_amount) == (1_200, 1_500, -300)
    assert found.rest == 0
    assert main.TreatDay(pb.TreatDayRequest(**bank)).posted == 1
    assert main.MatchDay(pb.MatchDayRequest(**bank)).day.break_count == 0
    (one,) = main.ListSettlements(pb.ListSettlementsRequest(channel="tills")).settlements
    assert (one.channel, one.bank, one.gross, one.paid) == ("tills", "main", 1_200, 1_200)
    assert (one.kind, one.credit_day) == (BreakKind.MATCHED, yesterday())
    left = pb.ListSettlementsRequest(channel="tills", open=True)
    assert not main.ListSettlements(left).settlements
    told = main.TracePayment(asked)
    assert (told.stage, told.settlement) == (Stage.SETTLED, one)
    (told,) = main.ListDays(pb.ListDaysRequest(channel="tills")).days
    assert told.rest == BreakKind.MATCHED
    with refused("NOT_FOUND", "PAYMENT_UNKNOWN"):
        main.TracePayment(pb.TracePaymentRequest(channel="tills", reference="t2"))


def test_what_the_bank_told_is_searched(main):
    days = {"channel": "main", "from_day": yesterday(), "until_day": yesterday()}

    def found(**wanted):
        told = main.ListBankEntries(pb.ListBankEntriesRequest(**days, **wanted)).entries
        return [one.amount for one in told]

    assert found() == [1_200, 300]
    assert found(text="ref-9") == found(unknown=True) == found(most=300) == [300]
    assert found(least=301) == [1_200]
    assert found(returned=True) == []
    first = main.ListBankEntries(pb.ListBankEntriesRequest(page_size=1, **days))
    rest = pb.ListBankEntriesRequest(page_token=first.next_page_token, **days)
    (second,) = main.ListBankEntries(rest).entries
    assert (first.entries[0].amount, second.amount) == (1_200, 300)
    assert second.payment_id
    assert second.reference == "REF-9"
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        wrong = days | {"until_day": "2030-01-01"}
        main.ListBankEntries(pb.ListBankEntriesRequest(**wrong))


def test_a_stream_begins_with_its_header(north):
    for wrong in ([], [pb.ImportChannelReportRequest(part=b"x")]):
        with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
            north.ImportChannelReport(iter(wrong))


def test_terms_and_formats(north):
    told = north.GetTerms(pb.GetTermsRequest(channel="kiosk")).terms
    assert told.revision == 1
    assert '"time_zone":"UTC"' in told.terms
    wrong = pb.ChannelTerms(channel="kiosk", terms='{"x": 1}', revision=1)
    with refused("INVALID_ARGUMENT", "POLICY_INVALID"):
        north.SetTerms(pb.SetTermsRequest(request_id="wrong", terms=wrong))
    formats = {
        one.format: one for one in north.ListReportFormats(pb.ListReportFormatsRequest()).formats
    }
    assert set(formats) == {"csv", "osmp"}
    mine = formats["osmp"].definition.replace("format: osmp", "format: mine")
    given = pb.ReportFormat(definition=mine)
    kept = north.SetReportFormat(pb.SetReportFormatRequest(request_id="mine", format=given)).format
    assert (kept.format, kept.revision) == ("mine", 1)
    with refused("INVALID_ARGUMENT", "REPORT_FORMAT_INVALID"):
        wrong = pb.ReportFormat(definition="format: x")
        north.SetReportFormat(pb.SetReportFormatRequest(request_id="bad", format=wrong))


@pytest.mark.usefixtures("main")
def test_the_commands(app, keys, tmp_path):
    """A day by `billcore recon`, from the file to closing."""

    def run(*command, status=0):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys["north"],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, ["recon", *command], env=environment)
        if isinstance(result.exception, ServerRefused):
            return str(result.exception)
        assert result.exit_code == status, (result.output, result.exception)
        return result.output

    before = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    file = tmp_path / "three.csv"
    file.write_bytes(content(("c1", "A3", "5.00"), ("c2", "nobody", "1.00")))
    terms = tmp_path / "terms.json"
    terms.write_text(UTC_DAYS)
    assert "revision 2" in run("terms", "kiosk", str(terms), "--revision", "1")
    assert '"cut_off_minute":0' in run("terms", "kiosk")
    assert "osmp" in run("formats")
    told = run("import", "kiosk", str(file), "--day", before)
    assert "2 lines of 600: imported" in told
    assert "nothing changed" in run("import", "kiosk", str(file), "--day", before)
    assert "three.csv" in run("files", "kiosk")
    assert "2, which differ by -600" in run("match", "kiosk", before)
    listed = run("breaks", "kiosk", before)
    assert "late arriving" in listed
    assert "post" in listed
    assert "late arriving" in run("breaks")
    assert "Posted 2, reversed 0, adjusted 0, left 0" in run("treat", "kiosk", before)
    assert "closed" in run("close", "kiosk", before)
    assert "DAY_UNFIT" in run("match", "kiosk", before) or "closed" in run("match", "kiosk", before)
    assert "open" in run("reopen", "kiosk", before, "--reason", "to look again")
    file.write_bytes(content(("c1", "A3", "5.00")))
    run("import", "kiosk", str(file), "--day", before, "--name", "again.csv")
    run("match", "kiosk", before)
    number = run("breaks", "kiosk", before).split("\n")[1].split()[0]
    assert "accepted" in run("decide", "kiosk", before, number, "--reason", "sent twice")
    assert before in run("show", "kiosk")
    statement = tmp_path / "s.sta"
    statement.write_text(MT940.replace("EUR", "USD"))
    assert "3 lines of 25240" in run("statement", str(statement))
    run("breaks", "kiosk", status=2)
    assert "matched" in run("settlements", "tills")
    assert "settlement" in run("settlements", "tills", "--open")
    assert "REF-9" in run("bank", "main", yesterday(), "--unknown")
    assert "settled" in run("trace", "tills", "t1")


def test_who_may(town):
    """A client of a channel calls for that channel; another provider has nothing of it."""
    kiosk, south, viewer = (town[name].reconciliation for name in ("kiosk", "south", "viewer"))
    with refused("PERMISSION_DENIED", "CHANNEL_FORBIDDEN"):
        report(kiosk, ("k1", "A1", "1.00"), channel="bank")
    for call, request in (
        (kiosk.ListFiles, pb.ListFilesRequest()),
        (kiosk.SummariseBreaks, pb.SummariseBreaksRequest()),
        (kiosk.ListDays, pb.ListDaysRequest(channel="bank")),
    ):
        with pytest.raises(grpc.RpcError) as error:
            call(request)
        assert error.value.code() == grpc.StatusCode.PERMISSION_DENIED
    assert not south.ListFiles(pb.ListFilesRequest()).files
    with refused("NOT_FOUND", "CHANNEL_UNKNOWN"):
        south.ListDays(pb.ListDaysRequest(channel="kiosk"))
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        viewer.MatchDay(pb.MatchDayRequest(channel="kiosk", day=yesterday()))
