"""Puts a backup back, then brings it up to this version."""

from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from leadflow.backup import BackupError, read_backup


class Command(BaseCommand):
    help = "Put a backup back into an empty database (or over this one with --overwrite), all or nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--overwrite", action="store_true", help="replace what is in the database now")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            made_at = read_backup(options["path"], overwrite=options["overwrite"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        cache.clear()
        call_command("prepare")
        self.stdout.write(f"Restored as of {made_at.isoformat(timespec='seconds')}. `check_invariants` proves it.")
