"""`billcore run` and `billcore provider` against a real server."""

import pytest
from typer.testing import CliRunner

from benchmarks.store_world import TARIFF
from billcore.core.errors import RequestInvalid
from billcore.server import cli
from billcore.server.commands import run_watch
from billcore.server.refusals import ServerRefused
from billcore.v1 import runs_pb2 as pb
from tests.api import run_world as at


@pytest.fixture
def runs(tmp_path):
    """A server over the company, two of whose accounts were not read in March."""
    company = at.settled(f"sqlite:///{tmp_path / 'billcore.db'}", without=(2, 11))
    with at.served(company) as found:
        yield found


@pytest.fixture
def run(runs):
    """Runs a command against the server: what it prints; its exit status is checked."""

    def called(*command, status=0, key="all"):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{runs.app.port}",
            "BILLCORE_KEY": runs.company.keys[key],
            "COLUMNS": "250",
        }
        words = [str(word) for word in command]
        result = CliRunner().invoke(cli.app, words, env=environment, catch_exceptions=True)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.output

    return called


DAYS = (f"--until={at.iso(2, 5)}", f"--from={at.iso(2, -5)}", f"--issued={at.iso(2, 6)}")
MORE = (*DAYS, f"--stragglers={at.iso(2, 15)}", "--chunk=8")


def test_a_month_end_by_hand(runs, run):
    """From the plan to the publication; two accounts cannot be billed, one is held for a while."""
    told = run("run", "create", *MORE, "--estimate")
    assert "Run 1 is planned" in told
    assert f"stragglers until {at.iso(2, 15)}, then estimated" in told
    assert "chunks of 8" in told
    told = run("run", "start", 1, "--watch", status=1)  # accounts were refused
    assert "outsorted" in told
    assert "5/5" in told
    assert "NO_READING" in told
    told = run("run", "holds", 1)
    assert "A00000002" in told
    assert "refused" in told
    run("run", "hold", 1, "A00000003", "--reason=look at it")
    assert "look at it" in run("run", "holds", 1, "--outcome=held")
    run("run", "release", 1, "A00000003", "--reason=seen")
    assert "A00000003" not in run("run", "holds", 1, "--rule=BY_HAND", "--outcome=held")
    run("run", "hold", 1, "A00000004", "--reason=again")
    assert "is approved" in run("run", "approve", 1, "--reason=all seen")
    told = run("run", "freeze", 1, "--watch")
    assert "frozen" in told
    assert "37" in told
    run("run", "release", 1, "A00000004", "--reason=fine")
    told = run("run", "supplement", 1, f"--until={at.iso(2, 10)}", "--watch", status=1)
    assert "freeze, pass 1" in told
    assert "is published" in run("run", "publish", 1)
    told = run("run", "show", 1)
    assert "all seen" in told
    assert runs.get(1).passes[0].digest in told
    assert "published" in run("run", "list")
    told = run("run", "reverse", 1, f"--day={at.iso(2, 20)}", "--reason=wrong", "--watch")
    assert "reversed" in told


def test_what_is_begun_is_told(runs, run):
    """Without --watch the command ends at once."""
    run("run", "create", *MORE, "--straight")
    assert "freeze is begun: `billcore run watch 1`" in run("run", "start", 1)
    run("run", "watch", 1, status=1)
    assert runs.get(1).state == pb.RUN_STATE_FROZEN


def test_a_simulation_with_a_proposed_tariff(run, tmp_path):
    file = tmp_path / "dearer.yaml"
    file.write_text(TARIFF.read_text().replace("5973", "6973"))
    assert "Run 1 (simulated) is planned" in run("run", "simulate", *MORE, "--tariff", file)
    assert "rated with proposed: vn-hanoi-water" in run("run", "start", 1, "--watch", status=1)
    assert "simulated" in run("run", "list", "--most=1")


def test_a_request_is_sent_again(run):
    """The same id answers the same and makes nothing new."""
    first = run("run", "create", *MORE, "--request-id=once")
    assert run("run", "create", *MORE, "--request-id=once") == first
    assert "is cancelled" in run("run", "cancel", 1, "--reason=tried")
    assert run("run", "list").count("cancelled") == 1


def test_what_is_refused(run, tmp_path):
    with pytest.raises(ServerRefused, match="NOT_FOUND"):
        run("run", "show", 7)
    with pytest.raises(ServerRefused, match=r"order\.last_day"):
        run("run", "create", "--until=tomorrow")
    run("run", "create", *MORE)
    with pytest.raises(ServerRefused, match="FAILED_PRECONDITION"):
        run("run", "resume", 1)
    with pytest.raises(ServerRefused, match="PERMISSION_DENIED"):
        run("run", "approve", 1, key="biller")
    with pytest.raises(RequestInvalid, match="released"):
        run("run", "holds", 1, "--outcome=lost")
    with pytest.raises(RequestInvalid, match="tariff"):
        run("run", "simulate", *MORE, "--tariff", tmp_path / "none.yaml")


def test_a_run_that_nobody_drives_is_not_watched_for_ever(monkeypatch, capsys):
    monkeypatch.setattr(run_watch, "PATIENCE_SECONDS", 0.0)
    still = pb.WatchRunResponse(progress=pb.RunProgress(phase=1, chunks=3, accounts=9))
    assert run_watch.follow(iter([still] * 5)) is None
    assert "billcore run resume" in capsys.readouterr().err


def test_a_run_that_stopped_says_why(runs, run, monkeypatch):
    """Status 1; `resume` goes on."""
    from billcore.core.billing.runs.drive import WorkersLost
    from billcore.server import running

    def failing(*_):
        raise WorkersLost(5)

    run("run", "create", *MORE)
    with monkeypatch.context() as patch:
        patch.setattr(running, "drive", failing)
        assert "WORKERS_LOST" in run("run", "start", 1, "--watch", status=1)
    assert "WORKERS_LOST" in run("run", "show", 1)
    assert "outsorted" in run("run", "resume", 1, "--watch", status=1)


def test_a_provider_is_made(run, tmp_path):
    """By a key of the house; the same again, by its request id, is the same."""
    policies = tmp_path / "policies.json"
    policies.write_text('{"due_days": 30}')
    command = (
        "provider", "create", "saba", "--name=Saba", "--time-zone=Asia/Tehran", "--currency=IRR",
        "--language=fa", "--calendar=jalali", f"--policies={policies}", "--request-id=p",
    )  # fmt: skip
    told = run(*command, key="house")
    assert "saba, Saba, IRR, jalali, Asia/Tehran" in told
    assert run(*command, key="house") == told
    with pytest.raises(ServerRefused, match="ALREADY_EXISTS"):
        run(*command[:-1], key="house")
    with pytest.raises(ServerRefused, match="PERMISSION_DENIED"):
        run(*command, key="biller")
    with pytest.raises(RequestInvalid, match="policies"):
        run(*command[:-2], f"--policies={tmp_path / 'none'}", key="house")
