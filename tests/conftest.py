"""What every test shares: the report header, the order of the suites, and no quiet skips."""

import importlib
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

from billcore.core import rating_kernel

pytest_plugins = ["tests.postgres"]

# A program that a test starts must not run the handlers of gRPC's threads when it is forked off:
# they made it fail now and then. It is read when gRPC is imported.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "false"

# A console that is made while COLUMNS is set keeps that width for ever, whatever a test asks for.
for _name in ("COLUMNS", "LINES"):
    os.environ.pop(_name, None)
importlib.import_module("billcore.server.commands.console")

# Stores of tests live in memory where there is enough: on a disk, making them is half of the time.
_MEMORY = Path("/dev/shm")
_ROOM = shutil.disk_usage(_MEMORY).free if _MEMORY.is_dir() else 0
if os.environ.get("TMPDIR", "/tmp") == "/tmp" and _ROOM >= 4 << 30:
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None  # it is looked up again

TESTS = Path(__file__).parent
SUITES = [".", "unit", "golden", "property", "contract", "api", "faults"]  # fast ones first

# How long examples take to make says how busy the machine is.
UNTIMED = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("ci", derandomize=True, print_blob=True, **UNTIMED)
hypothesis.settings.register_profile("dev", **UNTIMED)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_report_header() -> list[str]:
    return [
        f"billcore: rating kernel compiled, dispatch levels {', '.join(rating_kernel.levels())}",
        f"billcore: hypothesis profile {hypothesis.settings.get_current_profile_name()}",
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: _suite(item.path))


def _suite(path: Path) -> int:
    parts = path.relative_to(TESTS).parts if path.is_relative_to(TESTS) else ()
    name = "." if len(parts) == 1 else "".join(parts[:1])
    return SUITES.index(name) if name in SUITES else len(SUITES)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test may not pass by not running: a skip is a failure, an expected failure is not."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped; a test may not pass by not running"
    return report
