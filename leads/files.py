"""Files kept with a lead: what they are is told from their content, never from their name."""

import secrets
import zipfile
from datetime import datetime
from pathlib import PurePath
from typing import IO

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid, NotFound
from core.text import clean
from leads.events import Fact, record
from leads.kinds import FILE_ADDED, FILE_REMOVED
from leads.models import Attachment
from leads.standing import lock

LARGEST = 10 * 1024 * 1024  # bytes
MOST_FILES = 50  # per lead
HEAD = 4096
OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "txt": "text/plain",
}
MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
)
ENDINGS = {"jpg": {"jpg", "jpeg"}, "txt": {"txt", "csv", "md"}}


def attach(lead_id: int, *, by: User | None, at: datetime, file: File, name: str = "") -> Attachment:  # type: ignore[type-arg]
    """Keeps the file with the lead under a random name. Raises Invalid: too large, too many, or of no known kind."""
    shown = PurePath(clean(name or file.name or "", 200).replace("\\", "/")).name or _("file")
    if not 0 < (file.size or 0) <= LARGEST:
        message = _("A file has between 1 byte and %(most)s MB.") % {"most": LARGEST // 1024 // 1024}
        raise Invalid(message, code="too_large", field="file")
    kind = kind_of(file, shown)
    if kind is None:
        listed = ", ".join(sorted(KINDS))
        message = _("This is none of the kinds that can be kept (%(kinds)s), or its name says something else.")
        raise Invalid(message % {"kinds": listed}, code="unknown_kind", field="file")
    with lock([lead_id]) as rows:
        if Attachment.objects.filter(lead=lead_id).count() >= MOST_FILES:
            raise Invalid(
                _("A lead keeps at most %(most)s files.") % {"most": MOST_FILES}, code="too_many", field="file"
            )
        made = Attachment(lead_id=lead_id, name=shown, kind=KINDS[kind], size=file.size or 0, by=by, at=at)
        file.seek(0)
        made.stored.save(f"{secrets.token_hex(24)}.{kind}", ContentFile(file.read()), save=False)
        made.save()
        properties = {"file": made.pk, "name": shown, "size": made.size}
        record([Fact(lead_id, FILE_ADDED, at, by.pk if by else None, properties=properties)], at=at, rows=rows)
    return made


def detach(attachment: Attachment, *, by: User | None, at: datetime) -> None:
    """Takes the file away for good; that it was there stays in the log. Raises NotFound for a file already gone."""
    with lock([attachment.lead_id]) as rows:
        if not Attachment.objects.filter(pk=attachment.pk).delete()[0]:
            raise NotFound
        properties = {"name": attachment.name, "size": attachment.size}
        fact = Fact(attachment.lead_id, FILE_REMOVED, at, by.pk if by else None, properties=properties)
        record([fact], at=at, rows=rows)
    transaction.on_commit(lambda: attachment.stored.delete(save=False))


def kind_of(file: IO[bytes] | File, name: str) -> str | None:  # type: ignore[type-arg]
    """The kind its content proves, when the ending of the name agrees; None otherwise. Pure but for reading."""
    file.seek(0)
    head = file.read(HEAD)
    kind = next((kind for magic, kind in MAGIC if head.startswith(magic)), None) or _container(head, file)
    if kind is None and _is_text(head):
        kind = "txt"
    ending = PurePath(name).suffix.lower().removeprefix(".")
    return kind if kind and ending in ENDINGS.get(kind, {kind}) else None


def _container(head: bytes, file: IO[bytes] | File) -> str | None:  # type: ignore[type-arg]
    if head[:4] == b"RIFF":
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:11] == b"M4A" else None
    if head.startswith(b"PK\x03\x04"):
        return _office(file)
    return None


def _office(file: IO[bytes] | File) -> str | None:  # type: ignore[type-arg]
    """Word, Excel or PowerPoint without macros, by what the archive lists; nothing is unpacked."""
    file.seek(0)
    try:
        names = zipfile.ZipFile(file).namelist()
    except (zipfile.BadZipFile, ValueError, RuntimeError):
        return None
    if any(PurePath(name).name == "vbaProject.bin" for name in names):
        return None
    return next((kind for part, kind in OFFICE.items() if any(name.startswith(part) for name in names)), None)


def _is_text(head: bytes) -> bool:
    """Plain text in UTF-8, and nothing a browser would take for a page."""
    try:
        text = head.decode() if len(head) < HEAD else head[:-4].decode(errors="ignore")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and "\x00" not in text and not text.lstrip("\ufeff \r\n\t").startswith("<")
