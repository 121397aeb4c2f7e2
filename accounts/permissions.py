"""What each role may do: the whole table on one page, and the mark every view must carry.

Seeing rows is the other half: `visible_to(user)` on the querysets; what is not visible is a 404.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.enums import EVERYBODY, MANAGERS, MARKETING, SALES, Role
from accounts.models import User

LEADERS = MANAGERS | {Role.TEAM_LEAD}

PERMISSIONS: dict[str, frozenset[Role]] = {
    "leads.view": EVERYBODY,
    "leads.create": EVERYBODY,
    "leads.edit": EVERYBODY,
    "leads.import": MARKETING | MANAGERS,  # and take it back
    "leads.merge": LEADERS | MARKETING,  # and dismiss, and undo
    "leads.work": SALES,  # call, qualify, decide, move status
    "leads.assign": LEADERS,
    "assignment.edit": frozenset({Role.SALES_MANAGER, Role.ADMIN}),
    "leads.export": LEADERS | MARKETING,
    "leads.share": LEADERS | MARKETING,  # a saved view for everybody
    "jobs.view": EVERYBODY,
    "people.requests": frozenset({Role.ADMIN}),  # what persons ask about their own data, and the data to hand over
    "people.erase": frozenset({Role.ADMIN}),  # a person's own data, on their request
    "exports.audit": MANAGERS,  # who took which leads away
    "leads.reopen": MANAGERS,  # won -> hot, wrong_target -> new
    "handoffs.view": EVERYBODY,
    "queue.view": SALES,
    "calendar.view": SALES,
    "board.view": EVERYBODY,
    "mql.view": MARKETING | {Role.SALES_MANAGER},
    "scoring.view": EVERYBODY,
    "scoring.draft": MARKETING,
    "scoring.sign": frozenset({Role.MARKETING_MANAGER, Role.SALES_MANAGER}),
    "scoring.publish": MANAGERS,
    "scoring.adjust": LEADERS | MARKETING,  # points by hand, with a reason
    "agreement.view": EVERYBODY,
    "agreement.edit": MANAGERS,
    "agreement.sign": frozenset({Role.MARKETING_MANAGER, Role.SALES_MANAGER}),
    "feedback.answer": MARKETING,
    "disputes.decide": MANAGERS,
    "bonus.manage": MANAGERS,
    "reports.view": LEADERS | MARKETING,
    "reports.own": EVERYBODY,  # a rep: the own figures, and the team's ranking as the administrator allows
    "reports.plan": MANAGERS,  # targets
    "reports.manage": MANAGERS,  # screens, benchmarks, what reps see
    "spend.edit": MARKETING,
    "notifications.view": EVERYBODY,
    "help.view": EVERYBODY,
    "profile.edit": EVERYBODY,
    "people.manage": frozenset({Role.ADMIN}),
    "fields.manage": frozenset({Role.ADMIN}),
    "work.manage": frozenset({Role.ADMIN}),
    "keys.manage": frozenset({Role.ADMIN}),
    "system.view": frozenset({Role.ADMIN}),
}

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def may(user: User | Any, permission: str) -> bool:
    """Whether this person's role allows it. An unknown permission is a programming error, not a no."""
    roles = PERMISSIONS[permission]
    return bool(getattr(user, "is_active", False)) and getattr(user, "role", None) in roles


def person(request: HttpRequest) -> User:
    """Who asks, in a view that `allow` guards."""
    assert isinstance(request.user, User)  # noqa: S101 - the type of a logged-in user
    return request.user


def allow(permission: str) -> Callable[[View[P]], View[P]]:
    """Marks a page view as open to those whom `permission` allows; others log in or see 403."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(_wanted(request))
            if not may(request.user, permission):
                return render(request, "403.html", status=403)
            return view(request, *args, **kwargs)

        checked.permission = permission  # type: ignore[attr-defined]
        return checked

    assert permission in PERMISSIONS, permission  # noqa: S101 - a typo must fail at import
    return decorate


def _wanted(request: HttpRequest) -> str:
    """Where to go on after the log-in: what was asked for, or the page whose form was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    return urlunsplit(("", "", page.path, page.query, "")) if page.netloc == request.get_host() else "/"


def public(view: View[P]) -> View[P]:
    """Marks a view as open to everybody (health, login)."""
    view.permission = None  # type: ignore[attr-defined]
    return view
