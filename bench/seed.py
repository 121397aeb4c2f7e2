"""Fills an empty product with invented lives by COPY: `python -m bench.seed LEADS`, on the servers of bench.ground."""

import io
import os
import random
import sys
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadflow.settings")
django.setup()

import orjson  # noqa: E402 - after the set-up
import psycopg2  # noqa: E402
from django.utils import timezone  # noqa: E402
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT  # noqa: E402
from psycopg2.extensions import cursor as Cursor  # noqa: E402, N812

from accounts.enums import Role  # noqa: E402
from accounts.models import Team, User  # noqa: E402
from bench.lives import FIRST_TOUCH, Life, Story, with_handoff  # noqa: E402
from leadflow import places  # noqa: E402
from leadflow.up.postgres import DATABASE, SUPERUSER  # noqa: E402
from scoring.engine import Entry  # noqa: E402
from scoring.published import published  # noqa: E402
from scoring.spec import ModelSpec  # noqa: E402
from sla.agreements import versions  # noqa: E402

REPS = 8
CAPACITY = 30_000  # room for whatever a run brings
SEED = 20_261_123
CHUNK = 10_000  # leads
AMOUNT = 50_000_000  # VND of a contract
REASON = {"recycled": "bad_timing", "discarded": "out_of_target"}

LEAD = (
    "id", "name", "phone", "email", "company", "title", "company_size", "city", "product", "source", "campaign",
    "external_id", "utm", "consent", "custom", "tags", "contactable", "search", "created_at", "updated_at",
)  # fmt: skip
STANDING = (
    "lead_id", "status", "status_since", "stage", "score", "fit", "engagement", "grade", "cooling", "owner_id",
    "team_id", "source", "campaign", "handoff_id", "handoff_open", "outcome", "cycle", "mql_at", "won_amount",
    "last_activity_at", "quiet_since", "next_decay_at", "created_at",
)  # fmt: skip
EVENT = ("id", "lead_id", "kind", "occurred_at", "recorded_at", "source", "properties")
LEDGER = ("lead_id", "model_version", "recorded_at", *Entry._fields)
HANDOFF = (
    "id", "lead_id", "cycle", "kind", "score", "model_version", "source", "campaign", "offered_at", "owner_id",
    "team_id", "assigned_at", "first_touch_at", "decided_at", "outcome", "reason", "note", "won_at", "revenue",
)  # fmt: skip
CLOCK = (
    "handoff_id", "lead_id", "promise", "agreement_id", "minutes", "started_at", "warn50_at", "warn80_at", "due_at",
    "calendar_version", "warned", "stopped_at", "stop_reason", "owner_id", "team_id", "breached_at",
    "breach_segment", "breach_owner_id", "breach_team_id", "days", "pause_reason", "paused_minutes", "escalated",
)  # fmt: skip
TABLES = {
    "leads_lead": LEAD, "leads_handoff": HANDOFF, "leads_standing": STANDING, "leads_event": EVENT,
    "scoring_ledgerentry": LEDGER, "sla_clock": CLOCK,
}  # fmt: skip


class Book:
    """The rows of many lives, numbered, until they are copied."""

    def __init__(self, model: ModelSpec, *, agreement: int, team: int) -> None:
        self.model, self.agreement, self.team = model, agreement, team
        self.leads = self.events = self.handoffs = 0
        self.rows = {table: io.StringIO() for table in TABLES}

    def add(self, life: Life) -> None:
        self.leads += 1
        first_event, first_handoff = self.events + 1, self.handoffs + 1
        self._lead(life)
        self._standing(life)
        for kind, at, properties in life.events:
            self.events += 1
            named = orjson.dumps(with_handoff(properties, self.handoffs + len(life.handoffs))).decode()
            self._write("leads_event", (self.events, self.leads, kind, at, at, "", named))
        for entry in life.entries:
            row = entry if entry.event_id is None else entry._replace(event_id=first_event + entry.event_id)
            self._write("scoring_ledgerentry", (self.leads, self.model.version, row.effective_at, *row))
        self._handoffs(life, first_handoff)

    def _lead(self, life: Life) -> None:
        p, at = life.profile, life.created_at
        row = (*(p.get(name, "") for name in LEAD[1:11]), "", "{}", "{}", "{}", "{}", "t", p["search"], at, at)
        self._write("leads_lead", (self.leads, *row))

    def _standing(self, life: Life) -> None:
        s, last = life.state, life.handoffs[-1] if life.handoffs else None
        owner = last.owner if last and last.outcome != "recycled" else None
        grade = self.model.grade(fit=s.fit, engagement=s.engagement)
        self._write("leads_standing", (
            self.leads, life.status, last.decided_at if last else life.created_at, life.stage, s.score, s.fit,
            s.engagement, grade, life.stage == "sql" and s.score < 75, owner, self.team if owner else None,
            life.profile["source"], life.profile["campaign"], self.handoffs + len(life.handoffs) if last else None,
            False, last.outcome if last else "", last.cycle if last else 0, last.offered_at if last else None,
            AMOUNT if life.status == "won" else None, s.last_action, s.quiet_since, life.next_decay_at,
            life.created_at,
        ))  # fmt: skip

    def _handoffs(self, life: Life, first: int) -> None:
        for number, h in enumerate(life.handoffs, first):
            self.handoffs = number
            amount = AMOUNT if h.won_at else None
            self._write("leads_handoff", (
                number, self.leads, h.cycle, "mql", h.score, self.model.version, life.profile["source"],
                life.profile["campaign"], h.offered_at, h.owner, self.team, h.offered_at, h.touched_at, h.decided_at,
                h.outcome, REASON.get(h.outcome, ""), "", h.won_at, amount,
            ))  # fmt: skip
            due = h.offered_at + FIRST_TOUCH
            breach = (due, "rep", h.owner, self.team) if h.touched_at > due else (None, "", None, None)
            self._write("sla_clock", (
                number, self.leads, "first_touch", self.agreement, 240, h.offered_at,
                h.offered_at + FIRST_TOUCH * 0.5, h.offered_at + FIRST_TOUCH * 0.8, due, 0, 0, h.touched_at,
                "touched", h.owner, self.team, *breach, 0, "", 0, 0,
            ))  # fmt: skip

    def _write(self, table: str, values: Iterable[Any]) -> None:
        self.rows[table].write("\t".join(map(as_field, values)) + "\n")


def as_field(value: Any) -> str:
    """One value of COPY's text format."""
    if value is None:
        return r"\N"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).replace("\\", "\\\\")


def hire() -> list[User]:
    """A sales team with room, and the manager whose pages are measured."""
    team = Team.objects.create(name="Kinh doanh")
    reps = [_person(f"rep{n}", Role.REP, team) for n in range(REPS)]
    _person("manager", Role.SALES_MANAGER, None)
    return reps


def _person(name: str, role: Role, team: Team | None) -> User:
    return User.objects.create_user(
        f"{name}@leadflow.example", full_name=f"Người {name}", role=role, team=team, capacity=CAPACITY
    )


def fill(leads: int, *, at: datetime) -> int:
    """Copies that many lives that end at `at`. Returns how many events they have.

    The owner of the server does it, because foreign keys are not asked row by row: the rows are right.
    """
    model, reps = published(), hire()
    story = Story(random.Random(SEED), model, owners=[rep.pk for rep in reps], until=at)
    book = Book(model, agreement=versions()[0].pk, team=reps[0].team_id or 0)
    connection = psycopg2.connect(host=str(places.socket_folder()), user=SUPERUSER, dbname=DATABASE)
    with connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for number in range(leads):
            book.add(story.play(number))
            if book.leads % CHUNK == 0:
                _copy(book, cursor)
        _copy(book, cursor)
        cursor.execute(TOLD, [at])
        for table in ("leads_lead", "leads_event", "leads_handoff"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
    connection.close()
    return book.events


def _copy(book: Book, cursor: Cursor) -> None:
    for table, columns in TABLES.items():
        rows = book.rows[table]
        rows.seek(0)
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", rows)
        book.rows[table] = io.StringIO()


# Everybody has been told of the leads they got, long ago.
TOLD = """
INSERT INTO notifications_delivery (
    event_id, lead_id, recipient_id, channel, kind, created_at, read_at, state, due_at, attempts, last_error)
SELECT id, lead_id, (properties->>'owner')::bigint, 'app', kind, occurred_at, %s, 'done', occurred_at, 0, ''
FROM leads_event WHERE kind = 'lead.assigned'
"""


def main() -> None:
    leads, started = int(sys.argv[1]), time.perf_counter()
    events = fill(leads, at=timezone.now())
    sys.stdout.write(f"{leads:,} leads, {events:,} events in {time.perf_counter() - started:.0f} s\n")


if __name__ == "__main__":
    main()
