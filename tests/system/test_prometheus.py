"""Debian's Prometheus on a live server: its tools take the page, the rules and every expression."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from billcore.server.app import App
from billcore.v1 import account_service_pb2, tariff_service_pb2
from tests.api import stored
from tests.api.client import Client, refused
from tests.api.documents import WATER
from tests.unit.test_ops import ASKED, RULES, VARIABLES

pytestmark = [pytest.mark.system, pytest.mark.prometheus]

ROOT = Path(__file__).parents[2]
OPS = ROOT / "ops" / "prometheus"
PROGRAMS = Path(os.environ.get("PROMETHEUS_BINDIR", ROOT / "build/prometheus/usr/bin"))
"""Where scripts/test_system.sh unpacks them."""

START_SECONDS = 60


def program(name: str) -> str:
    found = shutil.which(name, path=f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    assert found, f"no {name}: make test-system unpacks it"
    return found


def promtool(*command: str, given: str = "") -> str:
    done = subprocess.run(
        [program("promtool"), *command], input=given, text=True, capture_output=True, cwd=OPS
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[App]:
    """A server with a store that has answered, refused and turned away calls."""
    folder = tmp_path_factory.mktemp("store")
    keys = stored.fill(folder)
    server = stored.server(folder)
    client = Client(server.port, keys["house"])
    client.publish(WATER)
    client.tariffs.ListTariffs(tariff_service_pb2.ListTariffsRequest())
    with refused("NOT_FOUND"):
        Client(server.port, keys["north"]).accounts.GetAccount(
            account_service_pb2.GetAccountRequest(account_id=1)
        )
    with refused("UNAUTHENTICATED"):
        Client(server.port).tariffs.ListTariffs(tariff_service_pb2.ListTariffsRequest())
    time.sleep(1.5)  # a round of what it looks at by itself
    yield server
    client.channel.close()
    server.drain()


@pytest.fixture(scope="module")
def prometheus(app, tmp_path_factory) -> Iterator[str]:
    """The address of a Prometheus that scrapes the server every second."""
    folder = tmp_path_factory.mktemp("prometheus")
    config = yaml.safe_load((OPS / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    config["rule_files"] = [str(OPS / name) for name in config["rule_files"]]
    (scrape,) = config["scrape_configs"]
    scrape["static_configs"] = [{"targets": [f"127.0.0.1:{app.metrics_port}"]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    process = subprocess.Popen(
        [
            program("prometheus"),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={address}",
            "--log.level=warn",
        ],
        cwd=folder,
    )
    try:
        scraped(address)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def asked(address: str, path: str, **values: str) -> dict:
    url = f"http://{address}/api/v1/{path}?{urllib.parse.urlencode(values)}"
    with urllib.request.urlopen(url) as answer:
        found = json.load(answer)
    assert found["status"] == "success", found
    return found["data"]


def scraped(address: str) -> None:
    """Waits until the server was scraped three times."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            found = asked(address, "query", query="count_over_time(up[1m])")["result"]
        except OSError:
            found = []
        if found and int(found[0]["value"][1]) >= 3:
            return
        time.sleep(0.2)
    raise AssertionError("Prometheus did not scrape the server")


def test_its_tools_take_everything(app):
    with urllib.request.urlopen(f"http://127.0.0.1:{app.metrics_port}/metrics") as page:
        text = page.read().decode()
    assert promtool("check", "metrics", given=text) == ""
    assert f"{len(RULES)} rules found" in promtool("check", "rules", "alerts.yml")
    assert "SUCCESS" in promtool("check", "config", "prometheus.yml")
    assert "SUCCESS" in promtool("test", "rules", "alerts_test.yml")


def test_every_expression_of_the_dashboard_is_answered(prometheus):
    """None is refused; those that every server can answer have a value."""
    values = {name: text.replace("5m", "30s") for name, text in VARIABLES.items()}
    empty = set()
    for expression in ASKED:
        for name, value in values.items():
            expression = expression.replace(name, value)
        if not asked(prometheus, "query", query=expression)["result"]:
            empty.add(expression)
    calm = re.compile(
        "breaks|break_amount|suspense|run_|_failed|_refused|_failures|_faults|debits|dunning"
        "|processes|process_restarts|instalment|late_fees|field|report_seconds|cases_moved|case_|tls|contingent"
    )
    assert [one for one in empty if not calm.search(one)] == []
    assert len(empty) < len(ASKED) / 2


def test_every_rule_is_evaluated(prometheus):
    """Loaded, without an error; nothing is wrong with this server."""
    groups = asked(prometheus, "rules")["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert {rule["name"] for rule in rules} == {rule["alert"] for rule in RULES}
    assert {rule["health"] for rule in rules} == {"ok"}
    assert {rule["lastError"] for rule in rules if "lastError" in rule} == set()
    firing = {rule["name"] for rule in rules if rule["state"] != "inactive"}
    assert firing <= {"BillcoreDiskFull"}
    (up,) = asked(prometheus, "query", query='up{job="billcore"}')["result"]
    assert up["value"][1] == "1"
