"""The administrator's page of API keys."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import allow, person
from api.filters import KeyFilter
from api.forms import KeyForm
from api.keys import create_key, revoke_key
from api.models import ApiKey


@allow("keys.manage")
@require_GET
def api_keys(request: HttpRequest) -> HttpResponse:
    form = KeyFilter(request.GET)
    keys = form.among(ApiKey.objects.select_related("created_by"), at=timezone.now())
    return render(request, "api/keys.html", {"keys": keys, "form": form})


@allow("keys.manage")
@require_http_methods(["GET", "POST"])
@never_cache
def new_key(request: HttpRequest) -> HttpResponse:
    """The answer to the POST is the only page that ever shows the key."""
    form = KeyForm(request.POST or None, initial={"scopes": ["leads:write"], "days": 365})
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        key, plaintext = create_key(
            form.cleaned_data["name"],
            form.cleaned_data["scopes"],
            by=person(request),
            at=at,
            expires_at=form.expires_at(at=at),
        )
        return render(request, "api/key_created.html", {"key": key, "plaintext": plaintext}, status=201)
    return render(request, "api/key_new.html", {"form": form}, status=422 if request.method == "POST" else 200)


@allow("keys.manage")
@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=key_id)
    revoke_key(key, at=timezone.now())
    messages.success(request, _("%(name)s is revoked. Whoever used it gets no further.") % {"name": key.name})
    return redirect("api_keys")
