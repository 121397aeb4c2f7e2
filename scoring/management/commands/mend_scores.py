"""`manage.py mend_scores [lead ...]`: scores that are not what the log says are derived anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from scoring.checks import wrong_books
from scoring.mending import mend


class Command(BaseCommand):
    help = "Derives scores anew from the log: of the leads named, or of all that check_invariants finds wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lead", nargs="*", type=int, help="numbers of leads; none: all that are wrong")

    def handle(self, *_args: Any, **options: Any) -> None:
        at = timezone.now()
        named, done = set(options["lead"]), set[int]()
        while wrong := (named or {lead_id for lead_id, _wrong in wrong_books(at=at)}) - done:
            changed = mend(wrong, at=at)
            done |= wrong
            self.stdout.write(f"{len(wrong)} leads derived anew, {changed} scores changed.")
