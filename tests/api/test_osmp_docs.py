"""docs/kiosks.md: its tour is walked, its tables are the adapter's."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from billcore.server.adapters.osmp.metrics import Metrics
from billcore.server.adapters.osmp.settings import Settings
from billcore.v1 import account_service_pb2 as accounts
from tests.api import stored, town_of_payers
from tests.api.client import Client
from tests.api.kiosks import Adapter
from tests.api.test_osmp import now

PAGE = (Path(__file__).parents[2] / "docs" / "kiosks.md").read_text(encoding="utf-8")


@pytest.fixture
def kiosk(tmp_path):
    """An adapter before a server in which account 1421 owes 362.34."""
    keys = stored.fill(tmp_path)
    app = stored.server(tmp_path)
    north = Client(app.port, keys["north"])
    town_of_payers.furnish(north)
    owner = north.accounts.ListCustomers(accounts.ListCustomersRequest()).customers[0]
    town_of_payers.open_account(north, "1421", owner.customer_id, 36_234)
    town_of_payers.channel(north, "kiosk")
    adapter = Adapter(f"127.0.0.1:{app.port}", keys["north"])
    yield adapter
    adapter.end()
    north.channel.close()
    app.drain()


def steps() -> list[tuple[str, str]]:
    """(command, what it prints) of the tour."""
    (tour,) = re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    pairs = [step.split("\n", 1) for step in tour.split("$ ")[1:]]
    return [(command, printed.rstrip("\n")) for command, printed in pairs]


def test_the_tour(kiosk):
    """Every answer is as the page has it; the date is today's, since old payments are refused."""
    today = now()
    walked = steps()
    assert len(walked) == 9
    for command, printed in walked:
        dated = re.sub(r"txn_date=\d{14}", f"txn_date={today}", command)
        path = re.search(r"http://127\.0\.0\.1:8090([^' ]*)", dated)[1]
        body = re.search(r"-d '(.*?)'", dated)
        found = kiosk.post(body[1], path) if body else kiosk.get(path)
        assert found.body.decode().rstrip("\n") == printed, command


def test_every_setting_has_its_row():
    rows = re.findall(r"^\| `(\w+)` \| `([^`]*)` \| (.+) \|$", PAGE, re.MULTILINE)
    assert rows == [
        (name, shown(field.default), field.description)
        for name, field in Settings.model_fields.items()
    ]


def shown(default: object) -> str:
    match default:
        case tuple():
            return ", ".join(default)
        case BaseModel():
            return ", ".join(default.model_dump().values())
        case _ if default in (None, {}, PydanticUndefined):
            return ""
    return str(default)


def test_every_metric_is_named():
    names = {one.name for one in Metrics().registry.collect() if one.name.startswith("billcore_")}
    found = set(re.findall(r"`(billcore_\w+)`", PAGE))
    assert {name.removesuffix("_total") for name in found} == names
