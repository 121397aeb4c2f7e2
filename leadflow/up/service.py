"""One long-running process: how it is started, when it is ready, how it is stopped."""

import contextlib
import fcntl
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")
POLL = 0.02  # seconds between two looks at a process that is starting


class ServiceError(Exception):
    """A process did not start; the message names its log."""


def wheel_folder(package: str) -> Path:
    """Where an installed package lies, found without running any of its code: only binaries are wanted."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError(f"{package} is not installed; run `make setup`")
    return Path(spec.submodule_search_locations[0])


@dataclass(frozen=True, kw_only=True)
class Service:
    name: str
    command: tuple[str, ...]
    folder: Path  # where its lock file lives; two copies of a service never share one
    is_ready: Callable[[], bool] = lambda: True
    directory: Path | None = None  # where it is started
    log: Path | None = None  # None: it speaks on the launcher's terminal
    account: str = ""  # the user it runs as when the launcher is root
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL  # what it gets when the launcher dies without a word
    patience: float = 5.0  # seconds it gets to stop before it is killed
    is_ground: bool = False  # others rest on it: it is stopped last
    prepare: Callable[[], None] = lambda: None  # runs before every start, under the lock


def leash(sign: signal.Signals, account: str = "") -> tuple[str, ...]:
    """The beginning of a command line that ends the command by `sign` when this process is gone."""
    return (sys.executable, "-I", "-S", str(LEASH), str(int(sign)), str(os.getpid()), account or "-")


def start(service: Service) -> subprocess.Popen[bytes]:
    """Starts the process once no earlier copy of it is alive.

    Call it from the main thread: the process is ended by the kernel when the calling thread ends.
    """
    with locked(service.name, service.folder, patience=2 * service.patience) as lock:
        service.prepare()
        with (service.log or Path(os.devnull)).open("ab") as log:
            return subprocess.Popen(
                [*leash(service.death_signal, service.account), *service.command],
                cwd=service.directory or service.folder,
                stdin=subprocess.DEVNULL,
                stdout=log if service.log else None,
                stderr=log if service.log else None,
                env={**os.environ, **service.environment},
                pass_fds=[lock],
                start_new_session=True,  # Ctrl-C reaches the launcher alone, which stops things in order
            )


@contextlib.contextmanager
def locked(name: str, folder: Path, *, patience: float = 10.0) -> Iterator[int]:
    """Holds a service's lock file once it is free, for `patience` seconds at most.

    The process inherits it, and so do its children: it is free when the last of them is gone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / f"{name}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        until = time.monotonic() + patience
        while not _taken(lock):
            if time.monotonic() > until:
                raise ServiceError(f"an earlier {name} still runs on {folder}")
            time.sleep(POLL)
        yield lock
    finally:
        os.close(lock)


def wait_gone(name: str, folder: Path) -> None:
    """Returns when no process of an earlier copy is left."""
    with locked(name, folder):
        pass


def _taken(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_ready(service: Service, process: subprocess.Popen[bytes], *, seconds: float = 180) -> None:
    """Returns when the service answers; raises ServiceError when it dies or `seconds` have passed."""
    until = time.monotonic() + seconds
    while not service.is_ready():
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(POLL)
            raise ServiceError(f"{service.name} ended with code {code}; see {service.log or 'above'}")
        if time.monotonic() > until:
            raise ServiceError(f"{service.name} does not answer after {seconds:.0f} s; see {service.log or 'above'}")


def stop(*pairs: tuple[Service, subprocess.Popen[bytes]]) -> None:
    """Asks all of them to stop at once; kills with their children those that outstay their patience."""
    for service, process in pairs:
        if process.poll() is None:
            process.send_signal(service.stop_signal)
    asked = time.monotonic()
    for service, process in pairs:
        try:
            process.wait(max(0.0, asked + service.patience - time.monotonic()))
        except subprocess.TimeoutExpired:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Ends a process and its children now."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextlib.contextmanager
def running(service: Service) -> Iterator[subprocess.Popen[bytes]]:
    """The service, ready, for the time of the block."""
    process = start(service)
    try:
        wait_ready(service, process)
        yield process
    finally:
        stop((service, process))
