"""EnquiryService for portals on a real server, over the printed bills of account 1421."""

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from typer.testing import CliRunner

from billcore.core.errors import RequestInvalid
from billcore.server import cli
from billcore.server.refusals import ServerRefused
from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import autopay_service_pb2 as autopay
from billcore.v1 import case_service_pb2 as cases
from billcore.v1 import channel_service_pb2 as channels
from billcore.v1 import collection_service_pb2 as collection
from billcore.v1 import enquiry_service_pb2 as pb
from billcore.v1 import ledger_service_pb2 as ledger
from billcore.v1 import meter_service_pb2 as meters
from billcore.v1 import notifications_pb2 as notifications
from tests import seed
from tests.api import waterworks
from tests.api.client import Client, refused
from tests.api.waterworks import iso

TOTALS = [printed.total for printed in seed.PRINTED]
PAID = [1_000, 2_000, 3_000, 4_000, 5_000, 6_000]


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def works(app, keys):
    """The water company with the printed bills, the last one and 17 rials from before open."""
    house = Client(app.port, keys["house"])
    waterworks.founded(house)
    house.channel.close()
    client = Client(app.port, keys["house"], x_billcore_provider=waterworks.CODE)
    yield waterworks.billed(waterworks.furnished(waterworks.Waterworks(client)))
    client.channel.close()


@pytest.fixture
def client(works):
    return works.client


@pytest.fixture
def run(app, keys, works):
    """Runs a command for the company; what it prints, in one line."""

    def called(*command):
        environment = {"BILLCORE_ADDRESS": f"127.0.0.1:{app.port}", "BILLCORE_KEY": keys["house"]}
        given = [*map(str, command), f"--provider={waterworks.CODE}"]
        result = CliRunner().invoke(cli.app, given, env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        return " ".join(result.output.split())

    return called


def dashboard(client, number="1421"):
    return client.enquiries.GetDashboard(pb.GetDashboardRequest(number=number))


def consumption(client, **asked):
    return client.enquiries.GetConsumption(pb.GetConsumptionRequest(number="1421", **asked))


# -- the dashboard


def test_the_printed_dashboard(works, client):
    """Subscription, geographic code, last reading and average, 17 and 362,327 make 362,344."""
    found = dashboard(client)
    told = found.summary
    assert told == client.enquiries.GetAccountSummary(pb.GetAccountSummaryRequest(number="1421"))
    assert (told.number, told.geographic_code, told.balance) == ("1421", "1900420071", 362_344)
    assert [(item.amount, item.open) for item in found.open_items] == [
        (TOTALS[3], 17),
        (362_327, 362_327),
    ]
    assert found.payable == 362_344
    (supply,) = told.supplies
    assert supply.tariff_labels["fa"] == "آب مهراب ماهان"
    (reading,) = supply.readings
    assert (reading.day, reading.value) == (iso(seed.PRINTED[-1].day), "220")
    assert not (found.payments)
    assert not (found.cases)
    assert not (found.holds)
    assert not (found.HasField("autopay"))


def test_an_account_without_anything(works, client):
    works.open_account("1422")
    found = dashboard(client, "1422")
    assert (found.payable, found.summary.balance) == (0, 0)
    assert not (found.open_items)
    assert not (found.payments)
    assert not (found.summary.HasField("last_bill"))
    assert found.summary.supplies[0].tariff_id == "ir-mehrab-water"


def test_what_goes_on_is_on_the_dashboard(works, client):
    """Payments, automatic payment, a case and the late fees that it holds, of this account only."""
    account_id = works.open_account("1423")
    day = iso(seed.FIRST[0], later=9)
    debt = works.post(account_id, ledger.ENTRY_KIND_ADJUSTMENT, 90_000, day, "owed")
    paid = [
        works.post(
            account_id, ledger.ENTRY_KIND_PAYMENT, -amount, iso(seed.FIRST[0], later=n), f"{n}"
        )
        for n, amount in enumerate(PAID, start=10)
    ]
    undo = ledger.ReverseAccountEntryRequest(
        request_id="undo", account_id=account_id, account_entry_id=paid[-1].account_entry_id,
        reason="bounced", day=iso(seed.FIRST[0], later=30),
    )  # fmt: skip
    undone = client.ledger.ReverseAccountEntry(undo).entry
    given = channels.Channel(channel="wallet", kind="CHANNEL_KIND_WALLET", name="wallet")
    client.channels.CreateChannel(channels.CreateChannelRequest(request_id="c", channel=given))
    terms = autopay.Autopay(channel="wallet", remind_days=3)
    client.autopay.SetAutopay(
        autopay.SetAutopayRequest(request_id="a", account_id=account_id, autopay=terms)
    )
    case = client.cases.RegisterCase(
        cases.RegisterCaseRequest(
            request_id="case", kind="CASE_KIND_DOUBLE_PAYMENT", account_id=account_id, channel="web"
        )
    ).case
    client.collection.HoldLateFees(
        collection.HoldLateFeesRequest(
            request_id="hold",
            account_id=account_id,
            item_id=debt.account_entry_id,
            source="a complaint",
            reason="disputed",
            from_day=day,
        )
    )
    found = dashboard(client, "1423")
    assert [one.amount for one in found.payments] == PAID[:0:-1]
    assert found.payments[0].reversed_by == undone.account_entry_id
    assert found.payments[0].reversed_day == iso(seed.FIRST[0], later=30)
    assert [one.reversed_by for one in found.payments[1:]] == [0] * 4
    assert (found.payable, found.autopay.channel) == (90_000 - sum(PAID[:-1]), "wallet")
    assert [one.case_no for one in found.cases] == [case.case_no]
    assert found.cases[0].state == case.state
    item_id = debt.account_entry_id
    assert {(one.source, one.item_id) for one in found.holds} == {
        ("a complaint", item_id),
        (f"case {case.case_no}/1", item_id),
    }
    client.cases.WithdrawCase(
        cases.WithdrawCaseRequest(request_id="w", case_no=case.case_no, reason="found it")
    )
    client.autopay.EndAutopay(
        autopay.EndAutopayRequest(request_id="e", account_id=account_id, revision=1)
    )
    found = dashboard(client, "1423")
    assert not (found.cases)
    assert not (found.HasField("autopay"))
    assert not dashboard(client).holds


def test_payments_page_by_page(works, client, run):
    """The newest first, each once, whatever is added meanwhile; another list's token is refused."""
    account_id = works.open_account("1424")
    for n, amount in enumerate(PAID, start=10):
        day = iso(seed.FIRST[0], later=10 + n // 2)  # several on a day
        works.post(account_id, ledger.ENTRY_KIND_PAYMENT, -amount, day, f"by hand {n}")
    request = pb.ListAccountPaymentsRequest(account_id=account_id, page_size=2)
    found = []
    while True:
        page = client.enquiries.ListAccountPayments(request)
        found += [one.amount for one in page.payments]
        works.post(account_id, ledger.ENTRY_KIND_PAYMENT, -7, iso(seed.FIRST[0], later=99), "new")
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert found == PAID[::-1]
    other = pb.ListAccountPaymentsRequest(number="1421", page_token=request.page_token)
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        client.enquiries.ListAccountPayments(other)
    assert "by hand 12 3,000" in run("ask", "payments", "1424")


def test_another_provider_s_account_is_unknown(app, keys):
    north = Client(app.port, keys["north"])
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
        dashboard(north)
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
        consumption(north)
    north.channel.close()
    clerk = Client(app.port, keys["clerk"])
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        dashboard(clerk)
    clerk.channel.close()


# -- how people want to be told


def test_notifications_over_grpc_and_on_the_command_line(works, client, run):
    told = dashboard(client).notifications
    assert (told.channel, told.version) == (notifications.NOTIFICATION_CHANNEL_NONE, 0)
    assert run("notify", "show", "1421") == "Account 1421: by none; version 0"
    with pytest.raises(ServerRefused, match="phone"):
        run("notify", "set", "1421", "--by=sms", "--of=bill-issued")
    account = client.accounts.GetAccount(accounts.GetAccountRequest(number="1421")).account
    account.phone = "+98 912 000 1421"
    client.accounts.UpdateAccount(
        accounts.UpdateAccountRequest(
            request_id="phone", account=account, update_mask=FieldMask(paths=["phone"])
        )
    )
    wanted = ("notify", "set", "1421", "--by=sms", "--of=bill-issued", "--of=bill-due")
    said = run(*wanted, "--language=fa", "--request-id=once")
    assert said == "Account 1421: by sms in fa of bill-issued, bill-due; version 1"
    assert run(*wanted, "--language=fa", "--request-id=once") == said
    with pytest.raises(ServerRefused, match="ABORTED"):
        run(*wanted)
    with pytest.raises(RequestInvalid, match="bill-issued"):
        run("notify", "set", "1421", "--by=sms", "--of=weather")
    told = dashboard(client).notifications
    assert (told.channel, told.language, list(told.events)) == (
        notifications.NOTIFICATION_CHANNEL_SMS, "fa",
        [notifications.NOTIFICATION_EVENT_BILL_ISSUED, notifications.NOTIFICATION_EVENT_BILL_DUE],
    )  # fmt: skip
    before = notifications.GetNotificationPreferencesRequest(
        number="1421", known_at=told.recorded_at - 1
    )
    assert client.accounts.GetNotificationPreferences(before).preferences.version == 0


# -- bills

TABLE = [
    # previous and this dial, days, m3, average, water, standing, service, levy, VAT, total
    ("175", "220", 58, "45", "23.276", 193_500, 46_400, 92_510, 9_972, 19_945, 362_327),
    ("140", "175", 127, "35", "8.268", 150_500, 101_600, 202_565, 13_640, 27_280, 495_585),
    ("130", "140", 341, "10", "0.880", 40_311, 255_333, 553_283, 25_468, 50_936, 925_331),
    ("120", "130", 138, "10", "2.174", 36_000, 92_000, 230_000, 10_740, 21_480, 390_220),
    ("98", "120", 253, "22", "2.609", 79_200, 168_667, 421_667, 20_086, 40_172, 729_792),
]
"""As printed on the dashboard of the water company, the newest first."""


def row_of(bill):
    (span,) = bill.spans
    (usage,) = span.usages
    (opening,), (closing,) = usage.opening, usage.closing
    lines = [line.amount for line in span.lines if line.counts and line.amount]
    return (
        opening.value, closing.value, span.days, usage.usage, usage.average_use, *lines,
        bill.header.total,
    )  # fmt: skip


def test_the_printed_table_of_bills(works, client, run):
    request = pb.ListAccountBillsRequest(number="1421")
    found = client.enquiries.ListAccountBills(request)
    assert [row_of(bill) for bill in found.bills] == TABLE
    assert [bill.header for bill in found.bills] == [bill.header for bill in works.bills[::-1]]
    assert [bill.open for bill in found.bills] == [362_327, 17, 0, 0, 0]
    span = found.bills[0].spans[0]
    assert (found.language, span.tariff, span.lines[0].label) == ("fa", "آب مهراب ماهان", "آب‌بها")
    english = client.enquiries.ListAccountBills(
        pb.ListAccountBillsRequest(number="1421", language="en")
    ).bills[0]
    assert english.spans[0].lines[0].label == "Water"
    told = run("ask", "bills", "1421", "--language=en")
    assert "Mehrab Mahan water 58 45 m3 175-220 Water 193,500 Standing charge 46,400" in told


def test_bills_page_by_page(works, client):
    request = pb.ListAccountBillsRequest(number="1421", page_size=2)
    found = []
    while True:
        page = client.enquiries.ListAccountBills(request)
        found += [bill.header.bill_id for bill in page.bills]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert found == [bill.header.bill_id for bill in works.bills[::-1]]
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        client.enquiries.ListAccountBills(pb.ListAccountBillsRequest(number="1421", page_size=-1))
    works.open_account("1426")
    empty = client.enquiries.ListAccountBills(pb.ListAccountBillsRequest(number="1426"))
    assert not empty.bills


# -- consumption


def test_a_year_by_month_and_by_norm(works, client, run):
    without = consumption(client)
    assert (without.first_month, without.last_month) == ("1396-08", "1397-07")
    assert not any(month.HasField("by_norm") for month in without.series[0].months)
    provider = client.accounts.GetProvider(accounts.GetProviderRequest()).provider
    provider.policies = seed.POLICIES[:-1] + ', "norms": [{"quantity": "m3", "per_month": "6"}]}'
    client.accounts.UpdateProvider(
        accounts.UpdateProviderRequest(
            request_id="norms", provider=provider, update_mask=FieldMask(paths=["policies"])
        )
    )
    found = consumption(client)
    (series,) = found.series
    assert [month.month for month in series.months[-2:]] == ["1397-06", "1397-07"]
    # 45 m3 in 58 days, 30 of them in the last month. The norm of the bill is 6 * (28/31 + 1) m3:
    # 49,102 + 46,400 + 92,510, with 3 % and 6 % of that 204,933, of which 30 days of 58.
    last = series.months[-1]
    assert (last.days, last.usage, last.amount) == (30, "23.276", 187_411)
    assert (last.by_norm.usage, last.by_norm.saved_usage) == ("6", "-17.276")
    assert (last.by_norm.amount, last.by_norm.saving) == (106_000, 106_000 - 187_411)
    for month, before in zip(series.months, without.series[0].months, strict=True):
        month.ClearField("by_norm")
        assert month == before
    told = run("ask", "consumption", "1421", "--from=1397-07")
    assert "water: m3, m3 month days used charged norm by norm saved saving" in told
    assert "1397-07 30 23.276 187,411 6 " in told


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"first_month": "2018-07"}, "first_month"),  # no month of this calendar
        ({"last_month": "1397-13"}, "last_month"),
        ({"last_month": "July"}, "last_month"),
        ({"first_month": "1397-08"}, "first_month"),  # after the last
        ({"first_month": "1394-07", "last_month": "1397-07"}, "first_month"),  # 37 months
    ],
)
def test_months_that_cannot_be(works, client, asked, field):
    with refused("INVALID_ARGUMENT") as found:
        consumption(client, **asked)
    assert found[0].facts["field"] == field


def test_36_months_can_be(works, client):
    assert consumption(client, first_month="1394-08", last_month="1397-07").series


def test_the_dashboard_on_the_command_line(works, run):
    told = run("ask", "dashboard", "1421")
    assert "Account 1421 of Customer 1421, IRR to pay 362,344" in told
    assert "water at P1421: m3 220 m3 on 2018-10-22, 5.133 in 30 days" in told
    assert "regular 2018-11-06 362,327 362,327" in told


# -- looked up by anybody


@pytest.fixture(scope="module")
def anybody(app, works):
    """A client of the company that may look accounts up, and nothing else."""
    made = works.client.admin.CreateClient(
        admin.CreateClientRequest(
            request_id="anybody", name="page", provider=waterworks.CODE,
            roles=["CLIENT_ROLE_VISITOR"],
        )
    )  # fmt: skip
    found = Client(app.port, made.key)
    yield found
    found.channel.close()


def look_up(client, number="1421", visitor="me"):
    request = pb.LookUpAccountRequest(number=number, visitor=visitor)
    return client.enquiries.LookUpAccount(request)


def test_the_printed_payment_screen_masked(works, anybody):
    """Previous debt 17, current debt 362,327, in all 362,344; nobody's name, no readings."""
    assert look_up(anybody) == pb.LookUpAccountResponse(
        number="1421", masked_name="C*** 1***", masked_address="Lane *", currency="IRR", digits=0,
        previous=17, last_bill=362_327, balance=362_344, payable=362_344,
        due_day=works.bills[3].header.due_day,
    )  # fmt: skip
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        dashboard(anybody)


def test_what_is_asked_for_is_rounded_as_the_provider_says(works, client, anybody):
    provider = client.accounts.GetProvider(accounts.GetProviderRequest()).provider
    provider.policies = seed.POLICIES[:-1] + ', "payable": {"unit": 1000}}'
    request = accounts.UpdateProviderRequest(
        request_id="thousands", provider=provider, update_mask=FieldMask(paths=["policies"])
    )
    client.accounts.UpdateProvider(request)
    assert (look_up(anybody).payable, look_up(anybody).balance) == (362_000, 362_344)
    assert dashboard(client).payable == 362_000


def test_a_credit_is_asked_for_nothing(works, client, anybody):
    account_id = works.open_account("1425")
    assert look_up(anybody, "1425").payable == 0
    works.post(account_id, ledger.ENTRY_KIND_PAYMENT, -500, iso(seed.FIRST[0]), "ahead")
    found = look_up(anybody, "1425")
    assert (found.previous, found.last_bill, found.payable, found.due_day) == (-500, 0, 0, "")


def test_who_tries_numbers_is_stopped_with_the_time_to_wait(anybody):
    for _ in range(4):
        with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
            look_up(anybody, "999999", "thief")
    with refused("RESOURCE_EXHAUSTED", "LOOK_UPS_EXHAUSTED") as found:
        look_up(anybody, "1421", "thief")
    assert found[0].retryable
    assert found[0].facts == {"limit": "visitor", "seconds": "30"}
    assert look_up(anybody, "1421", "somebody else")


@pytest.mark.parametrize(("number", "visitor", "field"), [
    ("", "me", "number"), ("1" * 41, "me", "number"), ("1421", "v" * 101, "visitor"),
])  # fmt: skip
def test_no_number_no_visitor(anybody, number, visitor, field):
    with refused("INVALID_ARGUMENT", "FIELD_REFUSED") as found:
        look_up(anybody, number, visitor)
    assert found[0].facts["field"] == field


def test_looked_up_on_the_command_line(works, run):
    told = run("ask", "look-up", "1421")
    assert told.startswith("Account 1421 of C*** 1***, Lane *")
    assert "IRR, due 2018-09-09: last bill 362,327, before 17" in told


# -- a meter of a house


def test_a_shared_meter_is_split_over_its_flats_and_beside_their_norms(works, client):
    """100 m3 over shares of 2, 1 and 3 sixths: bills, table and chart sum to the meter, and the
    norms of the flats are their own."""
    provider = client.accounts.GetProvider(accounts.GetProviderRequest()).provider
    provider.policies = seed.POLICIES[:-1] + ', "norms": [{"quantity": "m3", "per_month": "12"}]}'
    client.accounts.UpdateProvider(
        accounts.UpdateProviderRequest(
            request_id="flats", provider=provider, update_mask=FieldMask(paths=["policies"])
        )
    )
    first, day = iso(seed.FIRST[0]), iso("1395-03-31")
    register = meters.Register(register_no=1, quantity="m3", unit="m3", digits=5)
    meter_id = client.meters.CreateMeter(
        meters.CreateMeterRequest(request_id="house", serial="H1", registers=[register])
    ).meter_id
    flats, before = [works.open_account(f"F{n}") for n in (1, 2, 3)], 0
    for account_id, share in zip(flats, (2, 1, 3), strict=True):
        client.meters.InstallMeter(
            meters.InstallMeterRequest(
                request_id=f"flat {account_id}",
                meter_id=meter_id,
                account_id=account_id,
                agreement_no=1,
                day=first,
                share_before=before,
                share=share,
                share_of=6,
                opening=[meters.Dial(register_no=1, value="500")],
            )
        )
        before += share
    works.read(meter_id, day, 600)
    bills = [works.bill(account_id, day) for account_id in flats]
    tables = [
        client.enquiries.ListAccountBills(pb.ListAccountBillsRequest(account_id=one)).bills[0]
        for one in flats
    ]
    used = [table.spans[0].usages[0] for table in tables]
    assert [int(one.usage) for one in used] == [33, 17, 50]
    assert {(one.opening[0].value, one.closing[0].value) for one in used} == {("500", "600")}
    charts = [
        client.enquiries.GetConsumption(pb.GetConsumptionRequest(account_id=one)).series[0]
        for one in flats
    ]
    thousandths = [sum(scaled(month.usage) for month in chart.months) for chart in charts]
    assert thousandths == [33_000, 17_000, 50_000]
    for chart, bill in zip(charts, bills, strict=True):
        assert sum(month.amount for month in chart.months) == bill.header.total
        # (1395-01-29, 1395-03-31]: 2 of 31 days, then two whole months of 31 days, 12 m3 each
        assert [month.by_norm.usage for month in chart.months] == ["0.774", "12", "12"]
        saved = sum(scaled(month.by_norm.saved_usage) for month in chart.months)
        money = sum(month.by_norm.saving for month in chart.months)
        assert abs(money - saved * 3_600 * 109 // 100_000) <= 2  # every flat's water, levy and VAT


def scaled(text):
    """A decimal text of at most three decimals in thousandths."""
    whole, _, rest = text.partition(".")
    magnitude = int(whole.lstrip("-")) * 1_000 + int(rest.ljust(3, "0"))
    return -magnitude if whole.startswith("-") else magnitude
