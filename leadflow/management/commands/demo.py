"""Fills an empty LeadFlow with six believable months, once."""

import random
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from leadflow.demo.books import keep_books
from leadflow.demo.cast import PASSWORD, PEOPLE, hire
from leadflow.demo.desks import lay_out
from leadflow.demo.lives import LEADS
from leadflow.demo.rules import lay_down
from leadflow.demo.story import SEED, Story
from leadflow.demo.weeks import keep_weeks
from leads.models import Lead
from notifications.quiet import hush
from scoring.decay import sweep_decay
from sla.sweep import sweep as sweep_clocks

FRESH = timedelta(hours=6)  # what happened since then is still news to the people of the demo


class Command(BaseCommand):
    help = "Seed the demo once; --reset wipes everything and seeds it anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="wipe all data first (refused where real people work)")
        parser.add_argument("--leads", type=int, default=LEADS)

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["reset"]:
            wipe()
        if User.objects.exists() or Lead.objects.exists():
            self.stdout.write("The database is in use: no demo data added. `demo --reset` starts over.")
            return
        hire()
        now = timezone.now()
        Story(until=now, sweeps=(sweep_decay, sweep_clocks, keep_weeks), leads=options["leads"]).play()
        with transaction.atomic():
            rng = random.Random(SEED)  # noqa: S311 - a story, not a secret
            lay_out(rng, until=now)
            keep_books(rng, until=now)
            lay_down(at=now)
        hush(before=now, unread_since=now - FRESH)
        for email, name, _role, _team in PEOPLE:
            self.stdout.write(f"{email}  {PASSWORD}  {name}")


def wipe() -> None:
    """Empties the database and builds it anew. Raises CommandError where anybody but the demo's people works."""
    strangers = User.objects.exclude(email__in=[person[0] for person in PEOPLE])
    if stranger := strangers.first():
        raise CommandError(f"{stranger.email} is not of the demo: nothing was wiped.")
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    call_command("migrate", interactive=False, verbosity=0)
