"""`manage.py import_leads FILE [--mapping M.json] [--dry-run]`: a file of leads, history or spend, without a browser.

The mapping is JSON, every part of it optional: {"kind": "history", "columns": {"Heading": "won_at"},
"options": {"source": "fair", "campaign": "", "tag": "", "system": "crm", "action": "", "month_first": false}}.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from core.errors import DomainError
from leads.importing import starting, work
from leads.importing.columns import heading
from leads.jobs import Steps
from leads.models import Import

PIECE = 1024 * 1024
OPTIONS = {"source", "campaign", "tag", "system", "action", "month_first"}


class Command(BaseCommand):
    help = "Brings in a CSV or XLSX file of leads, history or spend; with --dry-run only says what would happen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, help="JSON: kind, columns by heading, options")
        parser.add_argument("--dry-run", action="store_true", help="check every line, write no lead")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._bring_in(options["file"], _asked(options["mapping"]), dry_run=options["dry_run"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def _bring_in(self, path: Path, asked: dict[str, Any], *, dry_run: bool) -> None:
        with path.open("rb") as file:
            found = starting.upload(path.name, iter(lambda: file.read(PIECE), b""), by=None, at=timezone.now())
        kind = asked.get("kind") or found.kind
        mapping, options = starting.guessed(found, kind)
        mapping = _columns(found, asked["columns"]) if "columns" in asked else mapping
        options = {**options, **asked.get("options", {})}
        try:
            starting.match_columns(found, kind=kind, mapping=mapping, options=options, by=None, at=timezone.now())
        except DomainError:
            starting.throw_away(found)
            raise
        self._go(found, work.check)
        found.refresh_from_db()
        self._say("would be " if dry_run else "", found.check_result)
        if dry_run:
            starting.throw_away(found)
            return
        starting.start(found, by=None, at=timezone.now())
        self._go(found, work.run)
        found.refresh_from_db()
        counts = {name: getattr(found, name) for name in ("created", "matched", "rejected", "warned")}
        self._say("", counts)
        for line in found.lines.exclude(problems=[]).order_by("number").iterator(chunk_size=2000):
            said = "; ".join(problem["message"] for problem in line.problems)
            self.stdout.write(f"line {line.number}: {said}")

    def _go(self, found: Import, steps: Callable[..., Steps]) -> None:
        """Each step in a transaction of its own, as a worker would."""
        running = steps(found, {}, timezone.now)
        going = True
        while going:
            with transaction.atomic():
                step = next(running, None)
            going = step is not None
            if step and step.total:
                self.stderr.write(f"{step.done + step.refused} / {step.total}")

    def _say(self, mood: str, counts: dict[str, Any]) -> None:
        told = (f"{counts[name]} {mood}{name}" for name in ("created", "matched", "rejected", "warned"))
        self.stdout.write(", ".join(told))


def _asked(path: Path | None) -> dict[str, Any]:
    """The mapping file. Raises CommandError for one that is none."""
    if path is None:
        return {}
    try:
        asked = orjson.loads(path.read_bytes())
        columns, options = asked.get("columns", {}), asked.get("options", {})
        sound = isinstance(columns, dict) and isinstance(options, dict) and set(options) <= OPTIONS
    except (orjson.JSONDecodeError, AttributeError):
        sound = False
    if not sound:
        raise CommandError(f"{path}: not a mapping; see manage.py help import_leads")
    return dict(asked)


def _columns(found: Import, asked: dict[str, str]) -> dict[str, str]:
    """Headings to column numbers. Raises CommandError for a heading the file has not."""
    places = {heading(name): column for column, name in enumerate(found.header)}
    if unknown := [name for name in asked if heading(name) not in places]:
        raise CommandError(f"no such column: {', '.join(unknown)}")
    return {str(places[heading(name)]): target for name, target in asked.items()}
