"""Writes everything into one file, beside the running product."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from leadflow.backup import BackupError, write_backup


class Command(BaseCommand):
    help = "Write the database and the uploaded files into one file; it appears only once it is whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            size = write_backup(options["path"].absolute(), at=timezone.now())
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{options['path']}: {size:,} bytes. It holds personal data: keep it where only you can read."
        )
