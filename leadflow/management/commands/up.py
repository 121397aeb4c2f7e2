"""Starts LeadFlow: embedded servers, database, demo data, web, worker, beat, all under one launcher."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Start LeadFlow on this machine and keep it running until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--no-demo", action="store_true", help="leave the database empty")

    def handle(self, *_args: Any, **options: Any) -> None:
        # This process becomes the launcher, which needs no Django.
        seed = "plain" if options["no_demo"] else "demo"
        os.execv(sys.executable, [sys.executable, "-m", "leadflow.up", str(options["port"]), seed])
