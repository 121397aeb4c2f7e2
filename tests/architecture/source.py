"""The project's own source, as the architecture tests read it."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
ROOMS = ("core", "accounts", "leads", "scoring", "sla", "notifications", "reports", "api", "leadflow")


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the rooms by its path, migrations left out."""
    files = (file for room in ROOMS for file in sorted((BASE / room).rglob("*.py")))
    return {
        str(file.relative_to(BASE)): ast.parse(file.read_text(encoding="utf-8"))
        for file in files
        if "migrations" not in file.parts
    }


@cache
def templates() -> dict[str, str]:
    return {
        str(f.relative_to(BASE)): f.read_text(encoding="utf-8") for f in sorted((BASE / "templates").rglob("*.html"))
    }


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name, node


def committed() -> list[Path]:
    """Every file under version control or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=BASE, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [BASE / name for name in listed.stdout.splitlines() if (BASE / name).is_file()]
