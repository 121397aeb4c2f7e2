"""A refusal changes nothing: the whole database before and after, compared."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

LEFT_OUT = {"django_session", "api_apikey"}  # when a session or key was last seen is no change


def fingerprint() -> dict[str, tuple[int, str]]:
    """Rows and a digest of their content, per table."""
    tables = sorted({m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.managed})
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            if table not in LEFT_OUT:
                cursor.execute(
                    f"SELECT count(*), COALESCE(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
                )
                found[table] = cursor.fetchone()
    return found


@contextmanager
def unchanged() -> Iterator[None]:
    before = fingerprint()
    yield
    after = fingerprint()
    changed = sorted(table for table, found in after.items() if before[table] != found)
    assert changed == [], changed
