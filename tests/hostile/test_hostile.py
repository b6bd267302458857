"""``scripts/soak hostile`` for half a minute: each kind of turn once, with a fixed seed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from dead_network import missing

pytestmark = [pytest.mark.clock, pytest.mark.faults, pytest.mark.timeout(400)]

SECONDS, SEED = 20, 1
TESTS = Path(__file__).parents[1]
ANYWHERE = {"mqtt", "http", "connections", "codes", "files", "clock", "broker"}
AS_ROOT = {"disks", "dns"}


def test_hostile_input_of_each_kind_ends_nothing_and_changes_no_total() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hostile", str(SECONDS), str(SEED)],
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        timeout=390,
    )
    told = done.stdout + done.stderr
    assert done.returncode in (0, 1), told
    summary = json.loads(done.stdout.splitlines()[-1])
    assert summary["wrong"] == [], told
    assert done.returncode == 0
    assert (summary["ended"], summary["missed_pings"], summary["totals_equal"]) == (0, 0, True)
    assert set(summary["turns"]) == ANYWHERE | AS_ROOT
    wanted = ANYWHERE | (set() if missing() else AS_ROOT)
    assert wanted <= {name for name, count in summary["turns"].items() if count}
    assert summary["totals"]["genuine"] > 0
    assert sum(summary["totals"]["counted"].values()) > 0
