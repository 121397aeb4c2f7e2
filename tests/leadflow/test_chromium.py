"""How `make test` finds a browser; small scripts stand in for browsers that start and that do not."""

import os

import pytest

from scripts import chromium


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """Makes an executable that ends with a given code, named by LEADFLOW_CHROMIUM."""

    def make(code):
        file = tmp_path / f"browser{code}"
        file.write_text(f"#!/bin/sh\nexit {code}\n")
        file.chmod(0o755)
        monkeypatch.setenv("LEADFLOW_CHROMIUM", str(file))
        return str(file)

    return make


def test_the_named_browser_comes_first_and_its_path_is_all_that_is_printed(browser, capsys):
    path = browser(0)
    assert chromium.main() == 0
    assert capsys.readouterr() == (f"{path}\n", "")


def test_a_browser_that_does_not_start_is_passed_over(browser):
    path = browser(1)
    assert chromium.starts(path) is False
    assert chromium.find() != path


def test_a_missing_browser_does_not_start(tmp_path):
    assert chromium.starts(str(tmp_path / "none")) is False


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """No browser anywhere, and a record of what would be run instead of running it."""
    ran = []
    monkeypatch.setattr(chromium, "candidates", lambda: iter([str(tmp_path / "new")]))
    monkeypatch.setattr(chromium, "run", lambda *command: ran.append(command))
    return ran


def test_root_tries_apt_and_then_playwright(bare_machine, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(chromium.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert chromium.main() == 1
    assert [command[0] for command in bare_machine[:2]] == ["apt-get", "apt-get"]
    assert bare_machine[2][1:] == ("-m", "playwright", "install", "--with-deps", "chromium")
    assert "set LEADFLOW_CHROMIUM" in capsys.readouterr().err


def test_others_ask_playwright_alone(bare_machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert chromium.main() == 1
    assert [command[1:] for command in bare_machine] == [("-m", "playwright", "install", "chromium")]


def test_nothing_more_is_installed_once_a_browser_starts(browser, monkeypatch, capsys):
    path = browser(0)
    found = [None, path]
    ran = []
    monkeypatch.setattr(chromium, "find", lambda: found.pop(0))
    monkeypatch.setattr(chromium, "run", lambda *command: ran.append(command))
    assert chromium.main() == 0
    assert capsys.readouterr().out == f"{path}\n"
    assert len(ran) <= 2
