import os
import signal
import sys
import time

import pytest

from leadflow.up.keeper import FIRST_PAUSE, STABLE, Keeper, Stopped, stop_on_signals
from leadflow.up.service import Service, ServiceError
from tests.waiting import eventually

WAIT = "import signal; open('starts', 'a').write('x'); signal.pause()"
DIE = "open('starts', 'a').write('x')"


@pytest.fixture
def keeper():
    keeper = Keeper()
    yield keeper
    keeper.stop()


@pytest.fixture
def signals():
    names = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(name) for name in names]
    stop_on_signals()
    yield
    for name, handler in zip(names, before, strict=True):
        signal.signal(name, handler)


def program(folder, code=WAIT, name="program", **options):
    return Service(name=name, command=(sys.executable, "-c", code), folder=folder, patience=1, **options)


def starts(folder):
    file = folder / "starts"
    return len(file.read_text()) if file.exists() else 0


def kept(keeper):
    return keeper._kept[0]


def look_until(keeper, holds):
    def look():
        keeper.look()
        return holds()

    return eventually(look)


def test_a_dead_service_is_started_again(tmp_path, keeper, capsys):
    keeper.add(program(tmp_path))
    kept(keeper).process.kill()
    assert look_until(keeper, lambda: kept(keeper).due)
    assert look_until(keeper, lambda: kept(keeper).due is None)
    assert kept(keeper).process.poll() is None
    assert "program đã dừng (mã -9)" in capsys.readouterr().out


def test_a_service_that_keeps_dying_is_started_less_often(tmp_path, keeper):
    keeper.add(program(tmp_path, DIE))
    assert look_until(keeper, lambda: starts(tmp_path) == 2 and kept(keeper).due)
    assert kept(keeper).pause == 4 * FIRST_PAUSE


def test_a_service_that_lived_long_is_started_again_soon(tmp_path, keeper):
    keeper.add(program(tmp_path, DIE))
    kept(keeper).since, kept(keeper).pause = time.monotonic() - STABLE - 1, 8.0
    assert look_until(keeper, lambda: kept(keeper).due)
    assert kept(keeper).pause == 2 * FIRST_PAUSE


def test_a_restart_that_fails_is_tried_again_later(tmp_path, keeper, capsys):
    broken = []

    def prepare():
        if broken:
            raise ServiceError("no room")

    keeper.add(program(tmp_path, DIE, prepare=prepare))
    broken.append(True)
    assert look_until(keeper, lambda: (kept(keeper).due or 0) > time.monotonic() + 5)
    assert "Không khởi động được: no room" in capsys.readouterr().out


def test_keep_wakes_up_when_a_service_dies_and_stops_on_a_signal(tmp_path, keeper, signals):
    """The service dies at once; its second life ends the keeping by sending us SIGTERM."""
    code = f"import os; os.kill({os.getpid()}, 15) if os.path.exists('starts') else {DIE}"
    keeper.add(program(tmp_path, code))
    began = time.monotonic()
    with pytest.raises(Stopped):
        keeper.keep()
    assert time.monotonic() - began < 5
    assert starts(tmp_path) == 1
    assert signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL


def test_only_the_first_signal_counts(signals):
    with pytest.raises(Stopped):
        os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)


def test_wait_ready_waits_for_each(tmp_path, keeper):
    asked = []
    keeper.add(program(tmp_path, name="one", is_ready=lambda: not asked.append("one")))
    keeper.add(program(tmp_path, name="two", is_ready=lambda: not asked.append("two")))
    keeper.wait_ready()
    assert asked == ["one", "two"]


def test_stop_stops_the_ground_last(tmp_path):
    keeper = Keeper()
    note = "import signal, sys; signal.signal(15, lambda *_: (open('order', 'a').write('{0} '), sys.exit())); "
    keeper.add(program(tmp_path, note.format("ground") + WAIT, name="ground", is_ground=True))
    keeper.add(program(tmp_path, note.format("program") + WAIT, name="program"))
    assert eventually(lambda: starts(tmp_path) == 2)
    keeper.stop()
    assert (tmp_path / "order").read_text() == "program ground "
