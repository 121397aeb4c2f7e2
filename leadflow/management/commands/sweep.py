"""Runs one due sweep now, in this process, exactly as the beat would have it run."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

SWEEPS = {
    "decay": "scoring.tasks.sweep_decay",
    "expiry": "scoring.tasks.sweep_decay",  # silence and lapsing go in one sweep
    "rollups": "reports.tasks.roll_up",
    "sla": "sla.tasks.sweep_clocks",
}


class Command(BaseCommand):
    help = "Run one due sweep now: " + ", ".join(SWEEPS)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=sorted(SWEEPS))

    def handle(self, *_args: Any, **options: Any) -> None:
        done = import_string(SWEEPS[options["what"]])()
        self.stdout.write(f"{options['what']}: {done if done is not None else 'done'}")
