"""`manage.py check_invariants`: one line per violation on standard output; the exit code is 1 if there is any."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.invariants import violations
from reports.sql import snapshot


class Command(BaseCommand):
    help = "Proves what must always be true of this database. Prints one line per violation; exit code 1 if any."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = 0
        with snapshot():
            for line in violations(at=timezone.now()):
                self.stdout.write(line)
                found += 1
        if found:
            sys.exit(1)
        self.stderr.write("No violations.")
