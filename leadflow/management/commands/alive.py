"""Exits with 0 when the worker or the beat gave a sign of life within 30 s; for health checks."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import heartbeat


class Command(BaseCommand):
    help = "Say whether the worker or the beat is alive."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", choices=["worker", "beat"])

    def handle(self, *_args: Any, **options: Any) -> None:
        if not heartbeat.alive(options["who"]):
            raise CommandError(f"no sign of life from {options['who']}")
        self.stdout.write(f"{options['who']} is alive")
