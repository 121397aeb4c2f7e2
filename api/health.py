"""For load balancers and launchers: is this process alive, and can the whole thing do its work?"""

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse

from accounts.permissions import public
from api.renderers import to_json
from core import heartbeat

NOT_READY = 503


@public
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """The process answers. Asks nobody else."""
    return _json({"status": "ok"}, 200)


@public
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """200 when the database answers and worker and beat gave a sign within 30 s, else 503; says which."""
    checks = {"database": _database(), "worker": heartbeat.alive("worker"), "beat": heartbeat.alive("beat")}
    ready = all(checks.values())
    return _json({"status": "ok" if ready else "not ready", **checks}, 200 if ready else NOT_READY)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True


def _json(data: dict[str, object], status: int) -> HttpResponse:
    return HttpResponse(
        to_json(data), status=status, content_type="application/json", headers={"Cache-Control": "no-store"}
    )
