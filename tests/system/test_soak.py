"""A minute of the soak: see tests/soak."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.system


def test_a_minute_of_everything_at_once():
    """In a process of its own, which may be ended without harm to other tests."""
    command = [sys.executable, "-m", "tests.soak", "--minutes", "1", "--accounts", "1000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the soak held" in done.stdout
    for event in ("workers killed", "servers killed", "databases killed", "databases restarted"):
        assert event in " ".join(done.stdout.split())
