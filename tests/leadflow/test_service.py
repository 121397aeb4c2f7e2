"""How one process is started, waited for and stopped, tried with the smallest of programs."""

import os
import signal
import sys

import pytest

from leadflow.up import service as up
from leadflow.up.service import Service, ServiceError
from tests.waiting import alive, eventually

WAIT = "import signal; signal.pause()"
DEAF = "import signal; [signal.signal(s, signal.SIG_IGN) for s in (2, 15)]; open('deaf', 'w'); signal.pause()"


def program(folder, code=WAIT, **options):
    return Service(
        **{"name": "program", "command": (sys.executable, "-c", code), "folder": folder, "patience": 0.3, **options}
    )


def parent_ends(tmp_path, death_signal):
    """Lets a process start the service and exit at once; returns the PID of the service."""
    script = (
        "import sys; from pathlib import Path; from leadflow.up.service import *\n"
        f"s = Service(name='program', command=(sys.executable, '-c', {DEAF!r}), folder=Path({str(tmp_path)!r}),"
        f" log=Path('/dev/null'), death_signal={death_signal})\n"
        "p = start(s)\n"
        f"while not Path({str(tmp_path / 'deaf')!r}).exists(): pass\n"
        "print(p.pid)"
    )
    starter = up.subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return int(starter.stdout)


def test_start_gives_environment_folder_and_log(tmp_path):
    log = tmp_path / "log"
    code = "import os; print(os.environ['COLOUR'], os.getcwd())"
    process = up.start(program(tmp_path, code, log=log, environment={"COLOUR": "green"}))
    assert process.wait(10) == 0
    assert log.read_text() == f"green {tmp_path}\n"


def test_start_appends_to_the_log(tmp_path):
    log = tmp_path / "log"
    log.write_text("before\n")
    up.start(program(tmp_path, "print('after')", log=log)).wait(10)
    assert log.read_text() == "before\nafter\n"


def test_start_makes_files_private(tmp_path):
    up.start(program(tmp_path, "open('file', 'w')")).wait(10)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_start_prepares_first(tmp_path):
    seen = []
    up.start(program(tmp_path, prepare=lambda: seen.append("prepared"))).kill()
    assert seen == ["prepared"]


def test_start_waits_for_an_earlier_copy_and_its_children(tmp_path):
    code = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'],"
    log = tmp_path / "log"
    first = up.start(program(tmp_path, code + " close_fds=False).pid, flush=True)", log=log))
    assert first.wait(10) == 0
    with pytest.raises(ServiceError, match="an earlier program still runs"):
        up.start(program(tmp_path))
    os.kill(int(log.read_text()), signal.SIGKILL)
    second = up.start(program(tmp_path))
    assert second.poll() is None
    up.kill(second)


def test_wait_gone_returns_when_nobody_holds_the_lock(tmp_path):
    up.wait_gone("program", tmp_path)


def test_wait_ready_returns_when_the_service_answers(tmp_path):
    service = program(tmp_path, "open('ready', 'w'); " + WAIT, is_ready=(tmp_path / "ready").exists)
    with up.running(service) as process:
        assert process.poll() is None
    assert process.returncode == -signal.SIGTERM


def test_wait_ready_raises_when_the_service_dies(tmp_path):
    service = program(tmp_path, "raise SystemExit(3)", is_ready=lambda: False)
    with pytest.raises(ServiceError, match="program ended with code 3; see above"):
        up.wait_ready(service, up.start(service))


def test_wait_ready_raises_when_the_service_stays_silent(tmp_path):
    service = program(tmp_path, is_ready=lambda: False, log=tmp_path / "log")
    process = up.start(service)
    with pytest.raises(ServiceError, match=r"program does not answer after 0 s; see .*log"):
        up.wait_ready(service, process, seconds=0.1)
    up.kill(process)


def test_stop_uses_the_services_own_signal(tmp_path):
    service = program(tmp_path, stop_signal=signal.SIGUSR1)
    process = up.start(service)
    up.stop((service, process))
    assert process.returncode == -signal.SIGUSR1


def test_stop_kills_what_does_not_listen(tmp_path):
    service = program(tmp_path, DEAF)
    process = up.start(service)
    assert eventually((tmp_path / "deaf").exists)
    up.stop((service, process))
    assert process.returncode == -signal.SIGKILL


def test_stop_leaves_the_dead_alone(tmp_path):
    service = program(tmp_path, "pass")
    process = up.start(service)
    process.wait(10)
    up.stop((service, process))
    up.kill(process)
    assert process.returncode == 0


def test_service_dies_with_its_starter(tmp_path):
    pid = parent_ends(tmp_path, "signal.SIGKILL")
    assert eventually(lambda: not alive(pid))


def test_service_gets_the_death_signal_it_asked_for(tmp_path):
    pid = parent_ends(tmp_path, "signal.SIGTERM")
    assert alive(pid)  # it ignores SIGTERM
    os.kill(pid, signal.SIGKILL)


def test_leash_does_not_start_for_a_dead_starter(tmp_path):
    command = [sys.executable, "-I", "-S", str(up.LEASH), "9", "1", "-", "touch", str(tmp_path / "file")]
    done = up.subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, (tmp_path / "file").exists()) == (1, "the starter is gone\n", False)


def test_wheel_folder_names_what_is_missing():
    with pytest.raises(ServiceError, match="no_such_wheel is not installed; run `make setup`"):
        up.wheel_folder("no_such_wheel")
