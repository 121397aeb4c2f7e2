"""Where a figure opens: the rows it counts, under the same filters."""

from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote_plus

from django.urls import reverse

from reports.address import TEXTS, as_param
from reports.scope import Scope


def query(scope: Scope, **more: Any) -> dict[str, str]:
    """The scope as the reports' own query string says it; `more` wins."""
    return _given(_said(scope, **more))


def overview(scope: Scope, **more: Any) -> str:
    return _url("overview", _said(scope, **more))


def page(scope: Scope, key: str, **more: Any) -> str:
    """One of the report pages, under the same filters."""
    return f"{reverse('report', args=[key])}?{encode(query(scope, **more))}"


def measured(scope: Scope, key: str, *, first: date | None = None, last: date | None = None, **only: Any) -> str:
    """The rows behind a measure, in the days given (else the period), narrowed further by some of the dimensions.

    The leads received are those of the lead list, but for those without a source (and the like): it has no such filter.
    """
    if key == "leads" and "" not in {*_chosen(scope).values(), *only.values()}:
        return created(scope, first=first, last=last, **only)
    days = {"period": "custom", "from": first, "to": last} if first and last else {}
    return listed(scope, key, **days, **only)


def listed(scope: Scope, key: str, **only: Any) -> str:
    """The rows behind a measure one by one, with the hand-off each speaks of."""
    if only.keys() & _of_scope(scope).keys():
        return _url("overview_rows", {"of": key, **_said(scope, **only)})
    if "link" not in scope.memo:  # the part all links of a page have in common is written once
        scope.memo["link"] = encode(_given(_of_scope(scope)))
    more = _said_as(only)
    return f"{_path('overview_rows')}?of={key}&{scope.memo['link']}{'&' if more else ''}{more}"


def created(scope: Scope, *, first: date | None = None, last: date | None = None, **more: Any) -> str:
    """The lead list: leads created in those days (else the period), narrowed by its own filters in `more`."""
    after, until = first or scope.period.first, last or scope.period.last
    days = {"created_after": after, "created_before": until + timedelta(days=1)}
    return _url("lead_list", {**days, **_chosen(scope), **more})


def standing(scope: Scope, **more: Any) -> str:
    """The lead list as things stand now, whenever the leads came."""
    return _url("lead_list", {**_chosen(scope), **more})


def encode(params: dict[str, str]) -> str:
    return "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in params.items()])


_quoted = lru_cache(maxsize=4096)(quote_plus)


def _chosen(scope: Scope) -> dict[str, int | str]:
    if "chosen" not in scope.memo:
        scope.memo["chosen"] = scope.chosen
    found: dict[str, int | str] = scope.memo["chosen"]
    return found


def _said(scope: Scope, **more: Any) -> dict[str, Any]:
    return _of_scope(scope) | more


def _of_scope(scope: Scope) -> dict[str, Any]:
    period = scope.period
    days = {"from": period.first, "to": period.last} if period.key == "custom" else {}
    return {"period": period.key, **days, **_chosen(scope)}


def _url(name: str, params: dict[str, Any]) -> str:
    return f"{_path(name)}?{_said_as(params)}"


def _said_as(params: dict[str, Any]) -> str:
    return "&".join([said for name, value in params.items() if (said := _pair(name, value))])


@lru_cache(maxsize=4096, typed=True)  # the links of a page say the same few days, people and words hundreds of times
def _pair(name: str, value: Any) -> str:
    return encode(_given({name: value}))


@cache
def _path(name: str) -> str:
    """Looked up once: a page has hundreds of links."""
    return reverse(name)


def _given(params: dict[str, Any]) -> dict[str, str]:
    said = {key: as_param(value) if key in TEXTS else str(value) for key, value in params.items() if value is not None}
    return {key: value for key, value in said.items() if value}
