"""Files: kept by what they are, not by what they are called."""

import io
import re
import zipfile

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid, NotFound
from leads.files import LARGEST, attach, detach, kind_of
from leads.models import Attachment, Event
from tests.factories import NOW, make_lead, make_user

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def office(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"%PDF-1.7 ...", "a.pdf", "pdf"),
        (PNG, "A.PNG", "png"),
        (b"\xff\xd8\xff\xe0", "a.jpeg", "jpg"),
        (b"GIF89a", "a.gif", "gif"),
        (b"RIFF\0\0\0\0WEBP", "a.webp", "webp"),
        (b"RIFF\0\0\0\0WAVE", "a.wav", "wav"),
        (b"\0\0\0\x20ftypM4A ", "a.m4a", "m4a"),
        (b"ID3\x03", "a.mp3", "mp3"),
        (office("word/document.xml"), "a.docx", "docx"),
        (office("xl/workbook.xml"), "a.xlsx", "xlsx"),
        (office("ppt/p.xml"), "a.pptx", "pptx"),
        ("Báo giá".encode(), "a.txt", "txt"),
        (b"a;b\n1;2", "a.csv", "txt"),
        (("Đ" * 5000).encode(), "a.txt", "txt"),
        (PNG, "a.pdf", None),
        (b"%PDF-1.7", "a.exe", None),
        (b"%PDF-1.7", "a", None),
        (b"MZ\x90\x00\x03", "a.exe", None),
        (b"<html><script>", "a.txt", None),
        (b"\xef\xbb\xbf  <svg onload=1>", "a.txt", None),
        (b"\xff\xfe\x00", "a.txt", None),
        (b"a\x00b", "a.txt", None),
        (b"   ", "a.txt", None),
        (b"RIFF\0\0\0\0AVI ", "a.wav", None),
        (b"\0\0\0\x20ftypisom", "a.m4a", None),
        (office("word/document.xml", "word/vbaProject.bin"), "a.docx", None),
        (office("anything.txt"), "a.docx", None),
        (b"PK\x03\x04 broken", "a.docx", None),
    ],
)
def test_kind_is_what_the_content_proves_and_the_name_admits(content, name, kind):
    assert kind_of(io.BytesIO(content), name) == kind


@given(st.binary(max_size=200), st.sampled_from(["a.html", "a.svg", "a.js", "a.exe", "a.zip", "a"]))
def test_nothing_a_browser_runs_is_ever_kept(content, name):
    assert kind_of(io.BytesIO(content), name) is None


@pytest.fixture
def kept(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_lead(), make_user()


@pytest.mark.django_db
def test_file_is_kept_under_a_random_name_and_recorded(kept):
    lead, user = kept
    made = attach(lead.pk, by=user, at=NOW, file=ContentFile(PNG, name="..\\..\\Ảnh mặt bằng.png"))
    assert (made.name, made.kind, made.size) == ("Ảnh mặt bằng.png", "image/png", len(PNG))
    assert re.fullmatch(r"leads/\d{4}/\d\d/[0-9a-f]{48}\.png", made.stored.name)
    assert made.stored.open("rb").read() == PNG
    assert Event.objects.get(kind="file.added").properties == {"file": made.pk, "name": made.name, "size": made.size}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "code"),
    [(b"", "a.pdf", "too_large"), (b"x" * (LARGEST + 1), "a.txt", "too_large"), (b"MZ", "a.exe", "unknown_kind")],
)
def test_what_can_not_be_kept_is_refused(kept, content, name, code):
    lead, user = kept
    with pytest.raises(Invalid) as refused:
        attach(lead.pk, by=user, at=NOW, file=ContentFile(content, name=name))
    assert refused.value.code == code
    assert Attachment.objects.count() == 0


@pytest.mark.django_db
def test_a_lead_keeps_only_so_many(kept, monkeypatch):
    lead, user = kept
    monkeypatch.setattr("leads.files.MOST_FILES", 1)
    attach(lead.pk, by=user, at=NOW, file=ContentFile(PNG, name="a.png"))
    with pytest.raises(Invalid) as refused:
        attach(lead.pk, by=user, at=NOW, file=ContentFile(PNG, name="b.png"))
    assert refused.value.code == "too_many"


@pytest.mark.django_db
def test_file_is_taken_away_for_good(kept, django_capture_on_commit_callbacks):
    lead, user = kept
    made = attach(lead.pk, by=user, at=NOW, file=ContentFile(PNG, name="a.png"))
    storage, name, pk = made.stored.storage, made.stored.name, made.pk
    with django_capture_on_commit_callbacks(execute=True):
        detach(made, by=user, at=NOW)
    assert (storage.exists(name), Attachment.objects.count()) == (False, 0)
    assert Event.objects.get(kind="file.removed").properties["name"] == "a.png"
    with pytest.raises(NotFound):
        detach(Attachment(pk=pk, lead=lead, name="a.png", size=1), by=user, at=NOW)
