"""Brings the database up to date before anything serves from it: migrations and, if asked, demo data."""

import time
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

ATTEMPTS = 10
PAUSE = 2.0  # seconds


class Command(BaseCommand):
    help = "Apply migrations, waiting politely for locks that running pages hold; seed demo data with --demo."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="seed the demo data unless it is there")

    def handle(self, *_args: Any, **options: Any) -> None:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                call_command("migrate", interactive=False, verbosity=0)
                break
            except OperationalError:
                if attempt == ATTEMPTS:
                    raise
                connection.close()
                time.sleep(PAUSE)
        if options["demo"]:
            call_command("demo", stdout=StringIO())  # the launcher lists the logins when they work
