"""The command line: the same import without a browser."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from leads.models import Handoff, Import, Lead, Standing
from tests.leads.importing.files import as_csv

pytestmark = pytest.mark.django_db
ROWS = [["Tên", "SĐT", "Ngày chốt", "Giá trị"], ["An", "0912345678", "01/02/2026", "5 tr"], ["B", "", "", ""]]


def put(tmp_path: Path, rows: Any = ROWS, name: str = "crm.csv") -> str:
    path = tmp_path / name
    path.write_bytes(as_csv(rows))
    return str(path)


def mapping(tmp_path: Path, **said: Any) -> str:
    path = tmp_path / "m.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    return str(path)


def test_a_file_comes_in_as_guessed(tmp_path, capsys):
    call_command("import_leads", put(tmp_path))
    said = capsys.readouterr()
    assert said.out.splitlines()[:2] == [
        "1 would be created, 0 would be matched, 1 would be rejected, 0 would be warned".replace("would be ", ""),
        "1 created, 0 matched, 1 rejected, 0 warned",
    ]
    assert said.out.splitlines()[2].startswith("line 3: ")
    assert "2 / 2" in said.err
    assert (Handoff.objects.get().revenue, Lead.objects.get().name) == (5_000_000, "An")


def test_a_dry_run_writes_nothing(tmp_path, capsys):
    call_command("import_leads", put(tmp_path), "--dry-run")
    assert capsys.readouterr().out.startswith("1 would be created, 0 would be matched, 1 would be rejected")
    assert (Lead.objects.count(), Import.objects.count()) == (0, 0)


def test_the_mapping_says_what_columns_are(tmp_path, capsys):
    said = mapping(
        tmp_path,
        kind="leads",
        columns={"tên": "company", "SĐT": "phone"},
        options={"source": "hội chợ", "tag": "2026", "action": "form.contact"},
    )
    call_command("import_leads", put(tmp_path), "--mapping", said)
    lead = Lead.objects.get()
    assert (lead.company, lead.source, lead.tags) == ("An", "hội chợ", ["2026"])
    assert Standing.objects.get().score == 50
    assert "1 created" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"columns": {"Nothing": "name"}}, "no such column"),
        ({"columns": {"SĐT": "won_at"}, "kind": "leads"}, "không chọn được"),
        ({"columns": []}, "not a mapping"),
        ({"options": {"by": "me"}}, "not a mapping"),
    ],
)
def test_a_mapping_that_cannot_be(tmp_path, said, words):
    with pytest.raises(CommandError, match=words):
        call_command("import_leads", put(tmp_path), "--mapping", mapping(tmp_path, **said))
    assert Import.objects.filter(phase="checking").count() == Lead.objects.count() == 0


def test_files_that_cannot_be_read(tmp_path):
    broken = tmp_path / "m.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match="not a mapping"):
        call_command("import_leads", put(tmp_path), "--mapping", str(broken))
    with pytest.raises(CommandError, match="nowhere"):
        call_command("import_leads", str(tmp_path / "nowhere.csv"))
    empty = tmp_path / "e.csv"
    empty.write_bytes(b"")
    with pytest.raises(CommandError, match="trống"):
        call_command("import_leads", str(empty))
