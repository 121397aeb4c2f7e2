"""Where uploaded files lie until their lines are staged: outside the web root, under a name nobody chose."""

import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Invalid
from leads.models import Import

FOLDER = "imports"


def keep(pieces: Iterable[bytes]) -> str:
    """Writes the file down piece by piece; returns its name in the folder."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = secrets.token_hex(16)
    with (folder / name).open("wb") as file:
        for piece in pieces:
            file.write(piece)
    return name


def path_of(found: Import) -> Path:
    """Where the file lies. Raises Invalid when it is gone."""
    path = Path(settings.MEDIA_ROOT) / FOLDER / found.path
    if not found.path or not path.is_file():
        raise Invalid(_("The file is gone. Please upload it again."), code="file_gone", field="file")
    return path


def forget(name: str) -> None:
    """Deletes the file, if it is there."""
    if name:
        (Path(settings.MEDIA_ROOT) / FOLDER / name).unlink(missing_ok=True)
