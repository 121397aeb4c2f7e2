"""Prints the path of a Chromium that starts, after installing one where there is none.

Looks at LEADFLOW_CHROMIUM, the system's browsers and Playwright's own; installs with apt as root, else
through Playwright. Progress goes to stderr, the path alone to stdout.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def candidates() -> Iterator[str]:
    yield from filter(None, [os.environ.get("LEADFLOW_CHROMIUM"), *map(shutil.which, NAMES)])
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def starts(path: str) -> bool:
    if not Path(path).exists():
        return False
    done = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=30)
    return done.returncode == 0  # Ubuntu's /usr/bin/chromium may be a note that asks for snap


def find() -> str | None:
    return next(filter(starts, candidates()), None)


def install() -> Iterator[bool]:
    """Tries one way after the other; yields after each."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        run("apt-get", "update", "-qq")
        yield run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    dependencies = ["--with-deps"] if os.geteuid() == 0 else []
    yield run(sys.executable, "-m", "playwright", "install", *dependencies, "chromium")


def run(*command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, stdout=sys.stderr, check=False, env=environment).returncode == 0


def main() -> int:
    path = find()
    if path is None:
        print("Cài Chromium cho kiểm thử trình duyệt…  (installing Chromium)", file=sys.stderr)
        path = next((found for _ in install() if (found := find())), None)
    if path is None:
        print("No Chromium could be installed; set LEADFLOW_CHROMIUM to a browser's path.", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
