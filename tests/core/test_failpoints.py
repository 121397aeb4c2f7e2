import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core import failpoints
from leadflow import places

PASS = "from core.failpoints import reach; reach('committed'); reach('committed'); print('alive')"


def run(folder: Path, *, test_build: str = "1") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LEADFLOW_TEST": test_build, "LEADFLOW_FAILPOINTS": str(folder)}
    command = [sys.executable, "-c", PASS]
    return subprocess.run(command, env=environment, cwd=places.BASE, capture_output=True, text=True, check=False)


def test_armed_failpoint_kills_the_first_that_passes_and_no_other(tmp_path: Path):
    failpoints.arm("committed", folder=tmp_path)
    done = [run(tmp_path) for _n in range(2)]
    assert [(d.returncode, d.stdout) for d in done] == [(-signal.SIGKILL, ""), (0, "alive\n")]


def test_other_failpoint_kills_nobody(tmp_path: Path):
    failpoints.arm("before_commit", folder=tmp_path)
    assert run(tmp_path).stdout == "alive\n"
    assert (tmp_path / "before_commit").exists()


def test_failpoint_means_nothing_outside_test_builds(tmp_path: Path):
    failpoints.arm("committed", folder=tmp_path)
    assert run(tmp_path, test_build="").stdout == "alive\n"


def test_unknown_failpoint_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="no such failpoint: lunch"):
        failpoints.arm("lunch", folder=tmp_path)


def test_every_failpoint_is_passed_somewhere():
    rooms = ("api", "leads", "scoring", "sla", "reports", "notifications")
    code = "".join(f.read_text(encoding="utf-8") for room in rooms for f in (places.BASE / room).rglob("*.py"))
    assert {name for name in failpoints.NAMES if f'failpoints.reach("{name}")' not in code} == set()
