"""Reports on a real server, by calls and by commands, over a company whose books are drawn."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import grpc
import pyarrow.csv
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from benchmarks import analytics_peer, analytics_world
from benchmarks.analytics_peer import Days
from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.collections.analytics import cut_offs
from billcore.server import cli, pages
from billcore.v1 import report_service_pb2 as pb
from billcore.v1.report_service_pb2_grpc import ReportServiceStub
from tests.api import stored
from tests.api.client import Client, refusal
from tests.stores import migrated

ACCOUNTS = 200
DAY = "2017-05-17"
DAYS = Days(analytics_world.LAST_DAY - 15, analytics_world.LAST_DAY - 75)
MONTHS = ("2017-01", "2017-02", "2017-03")
CLASS = ("--by", "class", "--class-attribute", "customer_class")


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """(URL of a store, keys by role)."""
    url = stored.url(tmp_path_factory.mktemp("reports"))
    store = migrated(url)
    caller, _ = analytics_world.founded(store, ACCOUNTS)
    with store.write() as session:
        keys = {
            role: clients.create(
                session, Caller(0, HOUSE, frozenset()), role.value, caller.provider_id, (role,), 0
            ).key
            for role in (Role.VIEWER, Role.APPROVER, Role.CLERK)
        }
    store.close()
    return url, keys


@pytest.fixture(scope="module")
def app(company):
    server = stored.server_at(company[0])
    yield server
    server.drain()


@pytest.fixture(scope="module")
def call(app, company):
    """Calls a method as a viewer, or in another role."""
    made = {role: Client(app.port, key) for role, key in company[1].items()}
    stubs = {role: ReportServiceStub(client.channel) for role, client in made.items()}

    def called(request, role=Role.VIEWER, timeout=None):
        name = type(request).__name__.removesuffix("Request")
        return getattr(stubs[role], name)(request, timeout=timeout)

    yield called
    for client in made.values():
        client.channel.close()


@pytest.fixture
def run(app, company):
    """Runs `billcore report …` against the server; what it prints, the spaces as one."""

    def called(*command, role=Role.VIEWER):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}", "BILLCORE_KEY": company[1][role],
            "COLUMNS": "200",
        }  # fmt: skip
        result = CliRunner().invoke(cli.app, ["report", *command], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        return " ".join(result.output.split())

    return called


def refused(act):
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return refusal(caught.value)


def asked(*sections, **more):
    return pb.GetReportRequest(
        sections=sections, day=DAY, from_month=MONTHS[0], until_month=MONTHS[-1],
        from_day="2017-03-18", **more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole(call):
    by = (pb.REPORT_DIMENSION_AREA, pb.REPORT_DIMENSION_CLASS, pb.REPORT_DIMENSION_CHANNEL)
    return call(asked(by=by, class_attribute="customer_class"))


def test_one_call_tells_everything_by_area_class_and_channel(whole):
    """As DuckDB does, of the same documents."""
    tables = analytics_world.exported(analytics_world.chunks(ACCOUNTS))
    with analytics_peer.connected(tables) as connection:
        wanted = analytics_peer.told(connection, DAYS)
    assert {
        (MONTHS.index(one.month), one.area, one.account_class): (
            one.bills, one.settled, one.billed, one.received, one.written_off, one.credited,
            one.open,
        )
        for one in whole.collection
    } == wanted["collection"]  # fmt: skip
    assert {
        (MONTHS.index(one.month), one.area, one.account_class, one.channel): (one.received,)
        for one in whole.collection_by_channel
    } == wanted["channels"]
    ages = {0: 0, 1: 1, 31: 2, 61: 3, 91: 4, 181: 5, 366: 6, -1: 7}
    assert {
        (ages[one.from_days], one.area, one.account_class): (one.accounts, one.items, one.amount)
        for one in whole.ageing
    } == wanted["ageing"]
    assert {
        (one.channel, one.area, one.account_class): (one.payments, one.amount)
        for one in whole.receipts
    } == wanted["receipts"]
    bands = ["", "watch", "warning", "alarm"]
    assert {
        (bands.index(one.band), one.area, one.account_class): (one.accounts, one.arrears)
        for one in whole.warnings
    } == wanted["warnings"]
    assert (whole.day, whole.currency, whole.digits) == (DAY, "VND", 0)


def test_the_same_again_tells_the_same(call, whole):
    """And a report that nothing is asked by is the sum of all groups."""
    by = (pb.REPORT_DIMENSION_AREA, pb.REPORT_DIMENSION_CLASS, pb.REPORT_DIMENSION_CHANNEL)
    again = asked(by=by, class_attribute="customer_class", known_at=whole.known_at)
    assert call(again) == whole
    sums = call(asked(pb.REPORT_SECTION_COLLECTION, pb.REPORT_SECTION_RECEIPTS))
    assert [one.month for one in sums.collection] == [*MONTHS]
    assert sum(one.billed for one in sums.collection) == sum(o.billed for o in whole.collection)
    (receipts,) = sums.receipts
    assert receipts.share_of_payments == receipts.share_of_amount == 1_000_000
    assert receipts.amount == sum(one.amount for one in whole.receipts)
    assert not sums.ageing
    assert not sums.warnings


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (pb.GetReportRequest(day="2017-02-30"), "day"),
        (pb.GetReportRequest(day="0001-02-03"), "day"),
        (pb.GetReportRequest(day="9999-12-31"), "day"),
        (pb.GetReportRequest(day="1901-01-01", from_day="1899-01-01"), "from_day"),
        (pb.GetReportRequest(from_month="March"), "from_month"),
        (pb.GetReportRequest(by=[77]), "by"),
        (pb.GetReportRequest(sections=[0]), "sections"),
        (pb.GetReportRequest(area_length=3), "area_length"),
        (pb.GetReportRequest(by=[2]), "class_attribute"),
        (pb.GetReportRequest(by=[2], class_attribute="households"), "class_attribute"),
        (pb.GetReportRequest(known_at=-1), "known_at"),
        (pb.ListWarningsRequest(least=-1), "least"),
        (pb.ListWarningsRequest(page_token="xx"), "page_token"),
        (
            pb.ListWarningsRequest(page_token=pages.token("warning", f"1/2/3/4/{'9' * 5_000}")),
            "page_token",
        ),
        (pb.ListCutOffsRequest(page_token=pages.token("cut_off", "1/2/3")), "page_token"),
        (pb.GetWarningRequest(), "by"),
        (pb.GetCutOffRequest(month="2017-01", day=""), "day"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_field(call, wrong, field):
    found = refused(lambda: call(wrong))
    assert found.code is grpc.StatusCode.INVALID_ARGUMENT
    assert found.facts["field"] == field


def test_the_worklist_has_pages_of_one_moment(call, whole):
    """By score, then by account; every account once; reasons sum to the score."""
    found, token = [], ""
    request = pb.ListWarningsRequest(day=DAY, known_at=whole.known_at, page_size=7)
    while True:
        page = call(request)
        found += page.warnings
        assert (page.day, page.known_at) == (DAY, whole.known_at)
        token = page.next_page_token
        if not token:
            break
        request = pb.ListWarningsRequest(page_size=7, page_token=token)
    assert len(found) == sum(one.accounts for one in whole.warnings)
    keys = [(-one.score, one.account_id) for one in found]
    assert keys == sorted(keys)
    assert len({one.account_id for one in found}) == len(found)
    assert all(one.score == sum(reason.points for reason in one.reasons) for one in found)
    one = call(pb.GetWarningRequest(number=found[0].number, day=DAY)).warning
    assert one == found[0]


def test_a_cut_off_is_fixed_by_an_approver_and_never_again(call):
    request = pb.FixCutOffRequest(request_id="c1", month="2017-02", day=DAY, area_length=2)
    found = refused(lambda: call(request))
    assert found.code is grpc.StatusCode.PERMISSION_DENIED
    made = call(request, Role.APPROVER).cut_off
    assert made.complete
    assert call(request, Role.APPROVER).cut_off == made
    live = call(asked(pb.REPORT_SECTION_COLLECTION, by=[pb.REPORT_DIMENSION_AREA])).collection
    assert [*made.figures] == [one for one in live if one.month == "2017-02"]
    assert call(pb.GetCutOffRequest(month="2017-02", day=DAY)).cut_off == made
    other = pb.FixCutOffRequest(request_id="c2", month="2017-02", day=DAY)
    found = refused(lambda: call(other, Role.APPROVER))
    assert (found.code, found.reason) == (grpc.StatusCode.ALREADY_EXISTS, "CUT_OFF_FIXED")
    unknown = refused(lambda: call(pb.GetCutOffRequest(month="2017-01", day=DAY)))
    assert (unknown.code, unknown.reason) == (grpc.StatusCode.NOT_FOUND, "CUT_OFF_UNKNOWN")
    for number, month in enumerate(MONTHS):
        more = pb.FixCutOffRequest(request_id=f"m{number}", month=month, day="2017-04-30")
        call(more, Role.APPROVER)
    first = call(pb.ListCutOffsRequest(page_size=3))
    rest = call(pb.ListCutOffsRequest(page_size=3, page_token=first.next_page_token))
    assert [(one.month, one.day) for page in (first, rest) for one in page.cut_offs] == [
        ("2017-03", "2017-04-30"), ("2017-02", DAY), ("2017-02", "2017-04-30"),
        ("2017-01", "2017-04-30"),
    ]  # fmt: skip
    assert not rest.next_page_token


def test_reports_that_wait_for_their_turn_never_hold_all_threads(call, monkeypatch):
    """While one cut-off is computed, one worklist waits; one more of each is refused at once."""
    computing, going_on = Event(), Event()
    complete = cut_offs.complete

    def slow(*given):
        computing.set()
        assert going_on.wait(60)
        return complete(*given)

    monkeypatch.setattr(cut_offs, "complete", slow)
    fix = pb.FixCutOffRequest(request_id="slow", month="2017-03", day="2017-05-01")
    with ThreadPoolExecutor(2) as pool:
        fixing = pool.submit(call, fix, Role.APPROVER)
        try:
            assert computing.wait(60)
            with pytest.raises(grpc.RpcError, match="DEADLINE_EXCEEDED"):
                call(pb.ListWarningsRequest(day=DAY, least=77), timeout=2)
            more = ((pb.ListWarningsRequest(day=DAY, least=78), Role.VIEWER), (fix, Role.APPROVER))
            for request, role in more:
                found = refused(lambda: call(request, role, timeout=20))  # noqa: B023
                assert found.reason == "STREAMS_EXHAUSTED"
        finally:
            going_on.set()
        assert fixing.result().cut_off.complete


# -- by commands


def test_collection_is_told_as_table_csv_parquet_and_chart(run, whole, tmp_path):
    files = {name: tmp_path / f"figures.{name}" for name in ("csv", "parquet", "svg", "png")}
    months = ("--day", DAY, "--from-month", MONTHS[0], "--until-month", MONTHS[-1])
    saved = ("--csv", str(files["csv"]), "--parquet", str(files["parquet"]))
    told = run("collection", *months, *CLASS, *saved, "--chart", str(files["svg"]))
    assert "month account class bills settled billed" in told
    assert "area" not in told
    table = pyarrow.parquet.read_table(files["parquet"])
    assert table.schema.metadata[b"billcore.digits"] == b"0"
    assert sum(table["billed"].to_pylist()) == sum(one.billed for one in whole.collection)
    assert pyarrow.csv.read_csv(files["csv"])["billed"].to_pylist() == table["billed"].to_pylist()
    run("collection", *months, "--by", "channel", "--chart", str(files["png"]))
    assert files["png"].read_bytes().startswith(b"\x89PNG")
    drawn = files["svg"].read_text("utf-8")
    assert drawn.startswith("<?xml")
    run("collection", *months, *CLASS, "--chart", str(files["svg"]))
    assert files["svg"].read_text("utf-8") == drawn  # the same figures are the same file
    assert {one.suffix for one in tmp_path.iterdir()} == {".csv", ".parquet", ".svg", ".png"}


def test_other_sections_are_told(run, whole, tmp_path):
    day = ("--day", DAY)
    told = run("receipts", *day, "--from", "2017-03-18", "--chart", str(tmp_path / "r.svg"))
    amount = sum(one.amount for one in whole.receipts)
    assert "pos_fixed pos pos_fixed" in told
    assert f"payments of {amount:,} VND" in told
    told = run("ageing", *day, "--age", "30", "--age", "60", "--chart", str(tmp_path / "a.svg"))
    assert "up to 30" in told
    assert "61 and more" in told
    assert "credit" in told
    assert "watch" in run("warnings", *day, *CLASS, "--chart", str(tmp_path / "w.svg"))
    listed = run("worklist", *day, "--most", "3", "--csv", str(tmp_path / "w.csv"))
    assert "days_in_arrears" in listed
    number = pyarrow.csv.read_csv(tmp_path / "w.csv")["account"].to_pylist()[0]
    assert "(at least" in run("warning", number, *day)
    fixed = run("cut-off", "fix", "2017-01", "2017-03-31", role=Role.APPROVER)
    assert "% collected" in fixed
    assert fixed == run("cut-off", "show", "2017-01", "2017-03-31")
    assert "2017-01 by 2017-03-31: complete" in run("cut-off", "list")


def test_a_chart_of_another_form_is_refused_before_anything_is_asked(run, tmp_path):
    with pytest.raises(Exception, match=r"\.svg"):
        run("ageing", "--chart", str(tmp_path / "chart.pdf"))
