"""Everything LeadFlow knows in one file and back: the database (pg_dump) and the uploaded files, as tar.gz."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.db import connection

from accounts.models import User
from leadflow.up.postgres import BINARIES

FORMAT = 1
ABOUT, DUMP, FILES = "about.json", "database.sql", "media"
EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"


class BackupError(Exception):
    """What went wrong, in words for the administrator; nothing has been changed."""


def write_backup(path: Path, *, at: datetime) -> int:
    """Writes one consistent picture of the database and the files to `path`, which appears only once it is whole.

    Runs beside the working product. Returns its size in bytes. Raises BackupError.
    """
    unfinished = path.with_name(path.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            dump = Path(folder) / DUMP
            # Only a superuser may create that extension anew, and it holds nothing of ours.
            _run("pg_dump", "--format=plain", "--no-owner", "--no-acl", "--exclude-extension=pg_stat_statements",
                 f"--file={dump}")  # fmt: skip
            with tarfile.open(unfinished, "w:gz", compresslevel=3) as archive:
                about = json.dumps({"format": FORMAT, "made_at": at.isoformat()}).encode()
                entry = tarfile.TarInfo(ABOUT)
                entry.size = len(about)
                archive.addfile(entry, BytesIO(about))
                archive.add(dump, DUMP)
                if Path(settings.MEDIA_ROOT).exists():
                    archive.add(settings.MEDIA_ROOT, FILES)
        unfinished.chmod(0o600)  # it holds personal data
        unfinished.rename(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return path.stat().st_size


def read_backup(path: Path, *, overwrite: bool) -> datetime:
    """Puts database and files back as they were; the database in one transaction, all or nothing.

    Returns when the backup was made (aware). Raises BackupError where the file is not a backup, or where people
    work in this database already and `overwrite` is not given.
    """
    with tempfile.TemporaryDirectory() as folder:
        made_at = _unpack(path, Path(folder))
        if not overwrite and _in_use():
            raise BackupError("This database is in use. Restore into an empty one, or say --overwrite to replace it.")
        connection.close()
        _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
             f"--command={EMPTY}", f"--file={Path(folder) / DUMP}")  # fmt: skip
        _put_files(Path(folder) / FILES)
    return made_at


def _unpack(path: Path, folder: Path) -> datetime:
    try:
        with tarfile.open(path) as archive:
            archive.extractall(folder, filter="data")
        about = json.loads((folder / ABOUT).read_text())
        made_at = datetime.fromisoformat(about["made_at"])
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise BackupError(f"{path} is not a backup of LeadFlow.") from error
    if about["format"] != FORMAT:
        raise BackupError(f"{path} was made by a newer LeadFlow.")
    return made_at


def _in_use() -> bool:
    """Whether anybody's account is in this database; one without our tables is empty."""
    return User._meta.db_table in connection.introspection.table_names() and User.objects.exists()


def _put_files(stored: Path) -> None:
    for file in stored.rglob("*"):
        target = Path(settings.MEDIA_ROOT) / file.relative_to(stored)
        if file.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(file, target)


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs on our database; the password goes by the environment, unseen by `ps`."""
    database = settings.DATABASES["default"]
    given = {
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
    }
    environment = {**os.environ, **{name: str(value) for name, value in given.items() if value}}
    command = [str(BINARIES / program), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()}")
