"""Runs inside a product under test, with its settings: one JSON line [function, arguments] in, one JSON line out."""

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadflow.settings")
django.setup()

from django.db import connection  # noqa: E402 - after the set-up
from django.db.models import Q  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.enums import Role  # noqa: E402
from accounts.models import User  # noqa: E402
from leadflow.demo import cast  # noqa: E402
from leadflow.demo.story import Story  # noqa: E402
from leads.assignment import reassign  # noqa: E402
from leads.importing import starting  # noqa: E402
from leads.models import Import  # noqa: E402
from notifications.quiet import hush  # noqa: E402
from reports.invariants import violations  # noqa: E402
from reports.sql import snapshot  # noqa: E402
from scoring.decay import sweep_decay  # noqa: E402
from sla.sweep import sweep as sweep_clocks  # noqa: E402
from tests.factories import make_mql, make_team, make_user  # noqa: E402


def hire_reps(count: int) -> list[int]:
    """Reps of one team with room for every lead of the test."""
    team = make_team("Kinh doanh")
    return [make_user(Role.REP, team=team, capacity=30_000).pk for _n in range(count)]


def furnish(leads: int) -> None:
    """The people of the demo at work, on as many leads as asked for instead of thousands."""
    cast.hire()
    Story(until=timezone.now(), sweeps=(sweep_decay, sweep_clocks), leads=leads).play()
    hush(before=timezone.now())


def give_lead(email: str, lead_name: str) -> int:
    """A lead just handed over to this person, whatever became of the others."""
    at = timezone.now()
    lead = make_mql(at=at, name=lead_name)
    reassign([lead.pk], to=User.objects.get(email=email), by=None, at=at)
    return lead.pk


def keep_on_duty(email: str) -> None:
    """Only this person gets new leads from now on, and has room for them."""
    User.objects.update(on_duty=Q(email=email))
    User.objects.filter(email=email).update(capacity=1000)


def check_file(lines: list[str]) -> int:
    """Uploads a CSV of these lines and has the worker check it; returns the import's number."""
    by, at = make_user(Role.MARKETER), timezone.now()
    found = starting.upload("khach_hang.csv", ["\n".join(lines).encode()], by=by, at=at)
    mapping, options = starting.guessed(found, found.kind)
    starting.match_columns(found, kind=found.kind, mapping=mapping, options=options, by=by, at=at)
    return found.pk


def start_import(number: int) -> None:
    found = Import.objects.select_related("by").get(pk=number)
    starting.start(found, by=found.by, at=timezone.now())


def take_import_back(number: int) -> None:
    found = Import.objects.select_related("by").get(pk=number)
    starting.take_back(found, by=found.by, at=timezone.now())


def broken_invariants() -> list[str]:
    with snapshot():
        return list(violations(at=timezone.now()))


def serve() -> None:
    for line in sys.stdin:
        name, arguments = json.loads(line)
        answer: Any = globals()[name](**arguments)
        connection.close()  # the server may be killed before the next question
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
