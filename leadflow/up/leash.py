"""Runs a command on a leash: the kernel signals it when its starter dies, however the starter dies.

    python leash.py SIGNAL STARTER_PID ACCOUNT COMMAND...

ACCOUNT is a user name to become first, or "-". The command replaces this process, so its PID is the
one the starter knows. A small program rather than a preexec hook: Python code run between fork and
exec may deadlock when the starter has threads. Standard library only, started with `python -I -S`.
"""

import ctypes
import os
import pwd
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


def become(account: str, program: str) -> None:
    """Drops root for `account`; where folders are closed to it (a clone in /root), it may pass them still."""
    entry = pwd.getpwnam(account)
    keeps = hasattr(libc, "prctl") and libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0
    os.initgroups(account, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    if keeps and not (os.access(program, os.X_OK) and os.access(Path.cwd(), os.X_OK)):
        _keep_passing_closed_folders()


def _keep_passing_closed_folders() -> None:
    bit = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    words = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    if libc.capset(ctypes.byref(header), ctypes.byref(words)) == 0:
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def follow(starter: int, sign: int) -> None:
    """Asks the kernel for `sign` when the starter dies; leaves at once if it is dead already. Linux only."""
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, sign, 0, 0, 0)
    if os.getppid() != starter:
        sys.exit("the starter is gone")


def main(sign: str, starter: str, account: str, *command: str) -> None:
    if account != "-":
        become(account, command[0])
    follow(int(starter), int(sign))  # after the change of user, which would clear it
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.umask(0o077)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
