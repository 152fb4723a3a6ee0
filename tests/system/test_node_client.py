"""A client in Node, made from the published protos alone, against a real server."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.api.documents import WATER
from tests.api.recording import served
from tests.api.test_interop import SERVICES

ROOT = Path(__file__).parents[2]
BESIDE = ROOT / "examples" / "node-portal" / "package.json"
SECONDS = 120

pytestmark = [pytest.mark.system, pytest.mark.node]


def test_a_client_in_node(tmp_path):
    """Unary calls and streams, 64-bit numbers, errors with their details; as the one in Python."""
    protos = tmp_path / "protos"
    shutil.copytree(
        ROOT / "proto", protos, ignore=lambda _, names: [n for n in names if "_pb2" in n]
    )
    program = Path(__file__).parent / "client.mjs"
    with served(tmp_path) as (port, key):
        run = subprocess.run(
            ["node", program, str(port), key, protos, WATER, BESIDE],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found.pop("checks") > 10
    assert found == {
        "services": len(SERVICES),
        "created": [True, False],
        "total": "3425",
        "totals": ["3425", "3425"],
        "providers": ["north", "south"],
        "findings": 0,
        "refused": "NOT_FOUND",
        "detailed": 1,
    }
