"""Where a figure opens: the rows it counts, under the same filters."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from reports.scope import Scope


def query(scope: Scope, **more: Any) -> dict[str, str]:
    """The scope as the reports' own query string says it; `more` wins."""
    period = scope.period
    days = {"from": period.first, "to": period.last} if period.key == "custom" else {}
    return _given({"period": period.key, **days, **_people(scope), **more})


def overview(scope: Scope, **more: Any) -> str:
    return _url("overview", query(scope, **more))


def measured(scope: Scope, key: str, *, first: date | None = None, last: date | None = None, **only: Any) -> str:
    """The rows behind a measure, in the days given (else the period), narrowed to an `owner`, `team` or `source`."""
    if key == "leads":
        return created(scope, first=first, last=last, **only)
    days = {"period": "custom", "from": first, "to": last} if first and last else {}
    return _url("overview_rows", {"of": key, **query(scope, **days, **only)})


def created(scope: Scope, *, first: date | None = None, last: date | None = None, **more: Any) -> str:
    """The lead list: leads created in those days (else the period), narrowed by its own filters in `more`."""
    after, until = first or scope.period.first, last or scope.period.last
    days = {"created_after": after, "created_before": until + timedelta(days=1)}
    return _url("lead_list", {**days, **_people(scope), **more})


def standing(scope: Scope, **more: Any) -> str:
    """The lead list as things stand now, whenever the leads came."""
    return _url("lead_list", {**_people(scope), **more})


def encode(params: dict[str, str]) -> str:
    return urlencode(params)


def _people(scope: Scope) -> dict[str, Any]:
    return {"team": scope.team, "owner": scope.owner, "source": scope.source}


def _url(name: str, params: dict[str, Any]) -> str:
    return f"{reverse(name)}?{encode(_given(params))}"


def _given(params: dict[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in params.items() if value not in {None, ""}}
