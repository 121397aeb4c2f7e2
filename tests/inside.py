"""Runs inside a product under test, with its settings: one JSON line [function, arguments] in, one JSON line out."""

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadflow.settings")
django.setup()

from django.db import connection  # noqa: E402 - after the set-up
from django.utils import timezone  # noqa: E402

from accounts.enums import Role  # noqa: E402
from leadflow.demo import cast  # noqa: E402
from reports.invariants import violations  # noqa: E402
from reports.sql import snapshot  # noqa: E402
from tests.factories import make_team, make_user  # noqa: E402


def hire_reps(count: int) -> list[int]:
    """Reps of one team with room for every lead of the test."""
    team = make_team("Kinh doanh")
    return [make_user(Role.REP, team=team, capacity=30_000).pk for _n in range(count)]


def hire_cast() -> None:
    """The people of the demo, without its leads."""
    cast.hire()


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
