import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.source import BASE, ROOMS, modules

PROJECT = tomllib.loads((BASE / "pyproject.toml").read_text(encoding="utf-8"))


def test_rooms_import_only_rooms_below_them():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], cwd=BASE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_rooms_contract_names_every_top_level_package():
    packages = {f.parent.name for f in BASE.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages == set(ROOMS) == set(PROJECT["tool"]["importlinter"]["root_packages"])


def test_core_has_no_concrete_models_and_stays_small():
    names = [name for name in modules() if name.startswith("core/") and name.count("/") == 1]
    assert "core/models.py" not in names
    assert not (BASE / "core" / "migrations").exists()


def test_no_module_has_a_bag_name():
    bags = {"services", "utils", "helpers", "common", "misc", "managers"}
    assert [name for name in modules() if bags & set(Path(name).with_suffix("").parts)] == []
