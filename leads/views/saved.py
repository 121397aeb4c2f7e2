"""Saved views: their counts, keeping one, changing and deleting one's own."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, person
from leads.models import SavedView
from leads.saved_views import own_view, save_view, shares_of, shown_views, view_query, with_counts
from leads.view_forms import ViewForm
from leads.views.answers import ask


@allow("leads.view")
@require_safe
@never_cache
def view_counts(request: HttpRequest) -> HttpResponse:
    """The tabs above the list with how many leads each shows."""
    user = person(request)
    shown = with_counts(shown_views(user, request.GET), user=user, at=timezone.now())
    return render(request, "leads/_views.html", {"views": shown, "query": request.GET.urlencode(), "counted": True})


@allow("leads.view")
@require_http_methods(["GET", "POST"])
def view_new(request: HttpRequest) -> HttpResponse:
    """Keeps the list as the address `?…` shows it."""
    return _edit(request, None, view_query(request.GET), url=f"{reverse('view_new')}?{request.GET.urlencode()}")


@allow("leads.view")
@require_http_methods(["GET", "POST"])
def view_edit(request: HttpRequest, view_id: int) -> HttpResponse:
    """Renames or shares a view; with `?…` it takes over the filters, order and columns of that address."""
    view = own_view(person(request), view_id)
    url = f"{reverse('view_edit', args=[view.pk])}?{request.GET.urlencode()}"
    return _edit(request, view, view_query(request.GET) or view.query, url=url)


@allow("leads.view")
@require_POST
def view_delete(request: HttpRequest, view_id: int) -> HttpResponse:
    own_view(person(request), view_id).delete()
    return redirect("lead_list")


def _edit(request: HttpRequest, view: SavedView | None, query: str, *, url: str) -> HttpResponse:
    user, kept = person(request), list[SavedView]()
    data = request.POST if request.method == "POST" else None
    form = ViewForm(data, shares=shares_of(user), view=view)
    if data is not None and form.attempt(
        lambda given: kept.append(save_view(by=user, at=timezone.now(), query=query, view=view, **given))
    ):
        return redirect(f"{reverse('lead_list')}?{kept[0].query}")
    context = {
        "title": _("Change this view") if view else _("Keep this list as a view"),
        "icon": "bookmark",
        "form": form,
        "view": view,
        "changes": view is not None and query != view.query,
        "url": url,
        "back": f"{reverse('lead_list')}?{QueryDict(query).urlencode()}",
    }
    return ask(request, "leads/_view_form.html", context, status=422 if data is not None else 200)
