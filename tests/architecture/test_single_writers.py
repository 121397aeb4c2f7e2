"""One writer per truth (STYLE): read off the syntax trees and the SQL constants."""

import ast
import re

import pytest

from leads.models import Standing
from tests.architecture.source import modules

STANDING = {f.attname for f in Standing._meta.concrete_fields} - {
    "lead_id",
    "source",
    "campaign",
    "created_at",
    "owner_id",
    "team_id",
    "score",
    "handoff_id",
    "outcome",
    "won_amount",
    "wake_on",
}  # fmt: skip - these names also live on other models
WRITES = {"create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "update", "delete"}


def _root(node: ast.expr) -> str:
    """The first name of a chain: Event in Event.objects.filter(...).update()."""
    while True:
        if isinstance(node, ast.Attribute):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return node.id if isinstance(node, ast.Name) else ""


def _writers_of(model: str) -> set[str]:
    return {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
        and _root(node.func) == model
    }


def _sql_writers(table: str) -> set[str]:
    statement = re.compile(rf"(INSERT INTO|UPDATE|DELETE FROM)\s+{table}\b")
    return {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and statement.search(node.value)
    }


@pytest.mark.parametrize(
    ("model", "table", "writers", "sql"),
    [
        ("Event", "leads_event", set(), {"leads/sql.py", "leads/erasure/sql.py"}),
        ("Standing", "leads_standing", set(), {"leads/standing.py"}),
        ("LedgerEntry", "scoring_ledgerentry", {"scoring/ledger.py"}, {"scoring/sql.py"}),
        ("Submission", "leads_submission", set(), {"leads/sql.py", "leads/erasure/sql.py"}),
        ("Notice", "accounts_notice", set(), {"accounts/sql.py"}),
    ],
)
def test_table_has_one_writer(model: str, table: str, writers: set[str], sql: set[str]):
    assert _writers_of(model) <= writers
    assert _sql_writers(table) <= sql


def test_standing_columns_are_set_only_in_standing():
    setters = {
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        if name not in {"leads/standing.py", "scoring/engine.py", "scoring/lockstep.py"}  # these are pure, no rows
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in STANDING
    }
    assert setters == set()


def test_statuses_move_only_in_lifecycle():
    callers = {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "set_status"
    }
    assert callers == {"leads/lifecycle.py"}


def test_clock_is_read_only_at_the_edges():
    """Views, tasks and commands read the clock; everything else is told the time."""
    edge = re.compile(
        r"/(views|tasks|commands|management|templatetags|v1)|views\.py|tasks\.py|middleware\.py|context\.py|"
        r"leadflow/|heartbeat|authentication|stream|hearing|hub|idempotency|limits|formats"
    )
    readers = {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in {("timezone", "now"), ("datetime", "now"), ("time", "time")}
        and not edge.search(name)
    }
    assert readers == set()
