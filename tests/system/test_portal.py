"""The portal of examples/ in headless Chromium, against a real server: read, paid, nothing forged.

Set PORTAL_SHOTS to a folder to keep the screenshots, in which somebody should look now and then.
"""

import http.client
import importlib.util
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pypdfium2
import pytest

from billcore.server.demo.process import connected
from billcore.v1 import enquiry_service_pb2 as enquiries
from billcore.v1 import ledger_service_pb2 as ledger
from billcore.v1 import notifications_pb2 as notifications
from billcore.v1.account_service_pb2_grpc import AccountServiceStub
from billcore.v1.enquiry_service_pb2_grpc import EnquiryServiceStub
from billcore.v1.ledger_service_pb2_grpc import LedgerServiceStub

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "examples" / "node-portal"
LIBRARY = PORTAL / "node_modules" / "playwright-core" / "index.mjs"
SECONDS = 180

SCRIPT = "<img src=x onerror=alert(1)>"
"""The reference of an entry: a page that did not escape it would show a picture."""

SCREENS = (
    "dashboard",
    "bills",
    "payments",
    "consumption",
    "statement",
    "address",
    "settings",
    "pay",
)

RECEIPT_KEYS = "K26 " + " ".join(("1b" * 32, "2c" * 32))
"""A line of the file of keys of receipts: nothing is proved by it."""

pytestmark = [pytest.mark.system, pytest.mark.browser]


def demo_books():
    """The example's script as a module."""
    spec = importlib.util.spec_from_file_location("demo_books", PORTAL / "demo_books.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@contextmanager
def portal(address: str, **keys: str) -> Iterator[str]:
    """The portal in a process of its own; its URL."""
    env = os.environ | {"BILLCORE_ADDRESS": address, "PORT": "0"} | keys
    process = subprocess.Popen(
        ["node", "server.js"],
        cwd=PORTAL,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().partition(" ")[2].strip().rstrip("/")
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What the browser saw, what was answered to what no browser sends, and what the account owed
    before and after."""
    folder = tmp_path_factory.mktemp("portal")
    url = f"sqlite:///{folder / 'portal.db'}"
    made = demo_books().make(url)
    office = made.office
    keys = {
        "BILLCORE_KEY": made.portal,
        "BILLCORE_CLERK_KEY": made.clerk,
        "BILLCORE_HOUSE_KEY": made.house,
    }
    shots = [os.environ["PORTAL_SHOTS"]] if "PORTAL_SHOTS" in os.environ else []
    with receipt_keys(folder), connected(f"--store={url}") as server:
        post(server.channel, office)
        before = balance(server.channel, office)
        with portal(f"127.0.0.1:{server.port}", **keys) as address:
            done = subprocess.run(
                ["node", Path(__file__).parent / "portal.mjs", address, folder, LIBRARY, *shots],
                capture_output=True,
                text=True,
                timeout=SECONDS,
                check=False,
            )
            odd = asked(address, "//"), asked(address, "/language?to=en", "//evil.example/")
        assert done.returncode == 0, done.stderr
        after = balance(server.channel, office)
        wanted = preferences(server.channel, office)
    found = {"before": before, "after": after, "preferences": wanted, "folder": folder, "odd": odd}
    return json.loads(done.stdout) | found


def asked(address: str, path: str, referer: str = "/") -> tuple[int, str | None]:
    """Status and Location of a path as it stands; referer: the page of the portal that asks."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=SECONDS)
    try:
        connection.request("GET", path, headers={"referer": address + referer})
        answer = connection.getresponse()
        return answer.status, answer.headers["location"]
    finally:
        connection.close()


@contextmanager
def receipt_keys(folder: Path) -> Iterator[None]:
    """Servers that are started meanwhile issue receipts."""
    (folder / "receipt.keys").write_text(RECEIPT_KEYS)
    with pytest.MonkeyPatch.context() as env:
        env.setenv("BILLCORE_RECEIPT_KEYS", str(folder / "receipt.keys"))
        yield


def post(channel: grpc.Channel, key: str) -> None:
    """An entry whose reference is HTML."""
    LedgerServiceStub(channel).PostAccountEntry(
        ledger.PostAccountEntryRequest(
            request_id="html",
            number="1421",
            kind=ledger.ENTRY_KIND_ADJUSTMENT,
            amount=-300_000,
            reference=SCRIPT,
            reason="as agreed",
        ),
        metadata=[("authorization", f"Bearer {key}")],
    )


def balance(channel: grpc.Channel, key: str) -> int:
    request = enquiries.GetBalanceRequest(number="1421")
    metadata = [("authorization", f"Bearer {key}")]
    return EnquiryServiceStub(channel).GetBalance(request, metadata=metadata).balance


def preferences(channel: grpc.Channel, key: str) -> notifications.NotificationPreferences:
    request = notifications.GetNotificationPreferencesRequest(number="1421")
    metadata = [("authorization", f"Bearer {key}")]
    return (
        AccountServiceStub(channel)
        .GetNotificationPreferences(request, metadata=metadata)
        .preferences
    )


def text_of(file: Path) -> str:
    """The words of a PDF."""
    document = pypdfium2.PdfDocument(file)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_nobody_sees_anything_without_a_password(seen):
    """Strangers come to the login; a session is another one before and after; it ends for good."""
    assert (seen["stranger"], seen["wrong"], seen["wrongTold"]) == ("/login", 401, 1)
    assert seen["renewed"]
    assert seen["cookie"] == {"httpOnly": True, "sameSite": "Strict"}
    assert (seen["loggedOut"], seen["old"]) == ("/login", "/login")


@pytest.mark.parametrize(("language", "direction"), [("fa", "rtl"), ("ru", "ltr"), ("en", "ltr")])
def test_every_screen_is_there_in_every_language(seen, language, direction):
    """In its direction, and as wide as a phone."""
    found = [seen["screens"][f"{language}-{screen}"] for screen in SCREENS]
    assert {(one["lang"], one["dir"], one["overflow"]) for one in found} == {
        (language, direction, 0)
    }
    assert len({one["title"] for one in found}) == len(SCREENS)
    figure = {"fa": "۶۲٬۳۴۴ ریال", "ru": "62 344 риал", "en": "62,344 rials"}[language]
    assert plain(found[0]["figures"][0]) == figure


def plain(text: str) -> str:
    """Without marks of direction, with plain spaces."""
    return " ".join(text.replace("\u2066", "").replace("\u2069", "").split())


def test_bills_are_as_printed(seen):
    """Five, the newest first; its lines and what is owed with it; the same as PDF."""
    assert [row[2] for row in seen["bills"]] == [f"{m3} m³" for m3 in (45, 35, 10, 10, 22)]
    assert [row[5] for row in seen["bills"]] == ["62,344 rials", *["0 rials"] * 4]
    assert [row[4] for row in seen["bills"]] == [
        f"{total:,} rials" for total in (362_327, 495_585, 925_331, 390_220, 729_792)
    ]
    amounts = [row[-1] for row in seen["bill"]]
    assert amounts[:2] == ["58", "45"]
    assert amounts[-3:] == ["362,327 rials", "17 rials", "362,344 rials"]
    lines = [int(text.removesuffix(" rials").replace(",", "")) for text in amounts[2:-3]]
    assert lines == [193_500, 46_400, 92_510, 9_972, 19_945]
    assert (seen["foreign"], seen["foreignFiles"]) == (404, [404, 404])
    assert seen["billFile"]["name"].startswith('attachment; filename="bill-')
    assert "362,344" in text_of(seen["folder"] / "bill.pdf")


def test_the_charts_are_drawn_from_the_months(seen):
    """Used and charged beside the norm, a bar a month; the saving is the sum of the months'."""
    used, charged = seen["charts"]
    assert used["values"] == "0.9 0.9 0.9 0.9 0.9 0.9 8.5 8.5 8.5 8.5 22.6 23.3".split()
    assert set(charged["values"]) == {""}
    months = [[figure(cell) for cell in row[1:]] for row in reversed(seen["months"])]
    for chart, column in ((used, 1), (charged, 3)):
        bars, norms = chart["bars"], [chart["zero"] - y for y in chart["norms"]]
        scale = bars[-1] / months[-1][column]
        assert bars == pytest.approx([month[column] * scale for month in months], abs=0.05)
        assert norms == pytest.approx([month[column + 1] * scale for month in months], abs=0.05)
    inside = 488_445  # 180 of the 341 days of 925,331
    assert sum(month[3] for month in months) == 362_327 + 495_585 + inside
    assert all(month[5] == month[4] - month[3] for month in months)
    assert plain(seen["saved"][1]) == f"{sum(month[5] for month in months):,.0f} rials"


def figure(text: str) -> float:
    """The number of a cell."""
    return float(text.split()[0].replace(",", "").replace("\u2212", "-"))


def test_an_address_is_one_view_over_its_providers(seen):
    """Each company's account; what is paid here is the reader's own alone."""
    cards = [[plain(text) for text in card] for card in seen["address"]]
    assert [card[:2] for card in cards] == [["Mehrab Mahan", "1421"], ["Gilan Gas", "88017"]]
    assert cards[0][2:5] == ["Water", "62,344 rials", "62,344 rials"]
    assert cards[1][2] == "1,845,300 rials"
    assert plain(seen["addressSum"][0]) == "1,907,000 rials"  # each as its company rounds it
    assert seen["payHere"] == 1


def test_how_people_are_told_is_shown_and_changed(seen):
    """A channel wants events; a form that somebody else's change has overtaken changes nothing."""
    assert seen["silent"] == ["NONE"]
    assert "events" in seen["ofNothing"][0]
    assert (seen["told"], seen["staleSettings"]) == (["Saved."], 409)
    assert seen["wanted"] == ["SMS", "BILL_ISSUED", "PAYMENT_RECEIVED"]
    now = seen["preferences"]
    assert (now.channel, now.language, now.version) == (
        notifications.NOTIFICATION_CHANNEL_SMS,
        "fa",
        1,
    )
    assert list(now.events) == [
        notifications.NOTIFICATION_EVENT_BILL_ISSUED,
        notifications.NOTIFICATION_EVENT_PAYMENT_RECEIVED,
    ]


def test_a_statement_ends_with_what_is_owed_and_shows_texts_as_texts(seen):
    assert any(SCRIPT in row[1] for row in seen["statement"])
    assert seen["injected"] == 0
    assert seen["statement"][-1][-1] == "62,344 rials"


def test_what_is_paid_is_posted_once(seen):
    """In Persian digits; the form sent again posts nothing; without its token nothing is taken."""
    assert (seen["before"], seen["after"]) == (62_344, 0)
    assert seen["asked"] == "62000"  # whole thousands, as the company's policy says
    assert (seen["forged"], len(seen["refused"])) == (403, 1)
    assert plain(seen["paid"][0]) == "62,344 rials"
    assert seen["again"] == 200
    assert plain(seen["left"][0]) == "0 rials"


def test_what_was_paid_here_has_a_receipt(seen):
    """The same original however often; payments that came another way are shown without."""
    assert seen["receipt"] == seen["receiptAgain"]
    assert (seen["receipt"]["status"], seen["receipt"]["type"]) == (200, "application/pdf")
    told = text_of(seen["folder"] / "receipt.pdf")
    assert "62,344" in told
    assert "COPY" not in told.upper()
    assert [row[2] for row in seen["payments"]] == [
        f"{paid:,} rials" for paid in (62_344, 495_585, 925_331, 390_220, 729_792)
    ]
    assert seen["receipts"] == 1


def test_odd_addresses_neither_end_the_portal_nor_lead_out_of_it(seen):
    """`//` is no address; a page of ours whose path begins so is not another host."""
    assert seen["odd"] == ((400, None), (303, "/evil.example/"))


def test_pages_run_no_scripts_and_have_no_faults(seen):
    assert seen["faults"] == []
