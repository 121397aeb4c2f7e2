"""The lead list: filters, order, columns and page live in the address; its dialogs; the palette's quick search."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import allow, may, person
from leads.columns import DEFAULT, Column, chosen, columns, tables_of
from leads.finding import best, meant
from leads.lead_filter import LeadFilter
from leads.listing import listing, order_of
from leads.models import ListChoice
from leads.offers import words_in_use
from leads.queries import lead_rows
from leads.saved_views import shown_views
from leads.values import several
from leads.views.answers import ask, by_htmx

SIZE = 50
CAN = {"create": "leads.create", "assign": "leads.assign", "work": "leads.work", "export": "leads.export"}


@allow("leads.view")
@require_safe
def lead_list(request: HttpRequest) -> HttpResponse:
    """Htmx gets the table alone."""
    user, now, known = person(request), timezone.now(), columns()
    wanted = LeadFilter(request.GET, user=user)
    order = order_of(request.GET.get("sort", ""), known, query=wanted.query)
    shown = shown_columns(request.GET, known, user=user)
    found = listing(
        wanted.narrow(lead_rows(user), at=now),
        wanted.passed(lead_rows(user), at=now),
        order,
        known,
        join=tables_of(shown),
        query=wanted.query,
        size=SIZE,
        cursor=request.GET.get("cursor", ""),
    )
    context = {
        "filter": wanted,
        "found": found,
        "columns": shown,
        "query": request.GET.urlencode(),
        "can": {name: may(user, permission) for name, permission in CAN.items()},
    }
    if wanted.query and not found.page.rows:
        context["instead"] = _instead(request, wanted)
    if by_htmx(request):
        return render(request, "leads/_list.html", context)
    return render(request, "leads/list.html", {**context, "views": shown_views(user, request.GET)})


def _instead(request: HttpRequest, wanted: LeadFilter) -> dict[str, object]:
    """Where a search finds nothing: what was perhaps meant, each a link, and whether other filters stand in the way."""
    data, user = request.GET.copy(), person(request)
    for name in ("q", "cursor"):
        data.pop(name, None)
    others = LeadFilter(data, user=user)
    words = meant(others.narrow(lead_rows(user), at=timezone.now()), wanted.query)
    asked = data.urlencode()
    return {
        "meant": [(text, "&".join(filter(None, (urlencode({"q": text}), asked)))) for text in words],
        "narrowed": bool(others.params),
        "everywhere": urlencode({"q": wanted.query}),
    }


def shown_columns(data: QueryDict, known: Mapping[str, Column], *, user: User) -> list[Column]:
    """The columns of the address, or else the person's own choice, or else the usual ones."""
    return chosen(several(data.get("columns", "")) or remembered(user), known)


def remembered(user: User) -> list[str]:
    choice = ListChoice.objects.filter(user=user).first()
    return choice.columns if choice else list(DEFAULT)


@allow("leads.view")
@require_safe
def lead_filters(request: HttpRequest) -> HttpResponse:
    """Every filter there is, set as the address says."""
    wanted = LeadFilter(request.GET, user=person(request))
    kept = [(name, request.GET[name]) for name in ("q", "sort", "columns") if request.GET.get(name)]
    context = {
        "title": _("Filter leads"),
        "icon": "sliders-horizontal",
        "filter": wanted,
        "groups": wanted.groups(words_in_use()),
        "own": wanted.own(),
        "kept": kept,
        "back": back_to_list(request),
    }
    return ask(request, "leads/_filter_form.html", context)


@allow("leads.view")
@require_http_methods(["GET", "POST"])
def lead_columns(request: HttpRequest) -> HttpResponse:
    """Chooses columns and their order, and remembers them for this person."""
    user, known = person(request), columns()
    now = shown_columns(request.GET, known, user=user)
    if request.method == "POST":
        keys = [column.key for column in chosen(request.POST.getlist("column"), known)]
        ListChoice.objects.update_or_create(user=user, defaults={"columns": keys})
        return redirect(back_to_list(request, without=("columns", "cursor")))
    others = [column for column in known.values() if column not in now]
    context = {
        "title": _("Columns"),
        "icon": "columns-3",
        "now": now,
        "others": others,
        "default": DEFAULT,
        "url": f"{reverse('lead_columns')}?{request.GET.urlencode()}",
        "back": back_to_list(request),
    }
    return ask(request, "leads/_columns_form.html", context)


def back_to_list(request: HttpRequest, *, without: tuple[str, ...] = ()) -> str:
    """The list as this address asks for it."""
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return f"{reverse('lead_list')}?{query.urlencode()}" if query else reverse("lead_list")


@allow("leads.view")
@require_safe
def lead_palette(request: HttpRequest) -> HttpResponse:
    """The best few leads for what is typed into the palette."""
    query = request.GET.get("q", "").strip()
    return render(request, "leads/_palette.html", {"rows": best(lead_rows(person(request)), query)})
