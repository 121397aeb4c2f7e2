import re
import subprocess

import pytest

from leadflow.places import BASE

BINDING = ("run", "test", "test-fast", "check", "bench", "bench-data", "faults", "demo-reset", "setup", "help")
TEXT = (BASE / "Makefile").read_text()
TARGETS = re.findall(r"^([a-z-]+):", TEXT, re.MULTILINE)


def make(*arguments):
    return subprocess.run(["make", "-C", str(BASE), *arguments], capture_output=True, text=True, check=False)


def test_help_lists_every_target():
    listed = re.findall(r"^  make ([a-z-]+) +\S", make().stdout, re.MULTILINE)
    assert sorted(listed) == sorted(TARGETS)


@pytest.mark.parametrize("target", BINDING)
def test_the_promised_targets_exist(target):
    assert target in TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_can_be_planned(target):
    done = make("--dry-run", target)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_build_server_runs_the_suite():
    file = BASE / ".ci" / "run"
    assert file.stat().st_mode & 0o111
    assert file.read_text().rstrip().endswith("exec make test")


@pytest.mark.parametrize("name", ["base", "dev"])
def test_requirements_are_pinned_hashed_and_name_no_address(name):
    text = (BASE / "requirements" / f"{name}.txt").read_text()
    pins = re.findall(r"^[a-z0-9][^ ]*==[^ ]+ .*\\$", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))
    assert "--hash=sha256:" in text
    assert "://" not in text
    assert "index" not in re.sub(r"#.*", "", text)


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_requirement_says_why(name):
    lines = (BASE / "requirements" / f"{name}.in").read_text().splitlines()
    silent = [line for line in lines if not re.match(r"#|-r |\S+\s+# \w+", line)]
    assert silent == []
