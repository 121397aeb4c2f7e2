"""The fields an administrator adds to leads."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import allow
from leads.custom_fields import change_field, define_field
from leads.list_filters import FieldFilter
from leads.models import CustomField
from leads.profile_forms import CustomFieldForm


@allow("fields.manage")
@require_safe
def custom_fields(request: HttpRequest) -> HttpResponse:
    """Those in use first, retired ones after."""
    fields = CustomField.objects.order_by("-is_active", "position", "label", "pk")
    form = FieldFilter(request.GET)
    return render(request, "leads/fields.html", {"fields": form.among(fields), "form": form})


@allow("fields.manage")
@require_http_methods(["GET", "POST"])
def custom_field_create(request: HttpRequest) -> HttpResponse:
    form = CustomFieldForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.attempt(lambda _given: define_field(**form.given)):
        messages.success(request, _("Field added: leads can say it from now on."))
        return redirect("custom_fields")
    return _page(request, form, None)


@allow("fields.manage")
@require_http_methods(["GET", "POST"])
def custom_field(request: HttpRequest, field_id: int) -> HttpResponse:
    known = get_object_or_404(CustomField, pk=field_id)
    form = CustomFieldForm(request.POST if request.method == "POST" else None, known=known)
    if form.is_bound and form.attempt(lambda _given: change_field(known, **form.given)):
        messages.success(request, _("Saved: %(name)s.") % {"name": known.label})
        return redirect("custom_fields")
    return _page(request, form, known)


def _page(request: HttpRequest, form: CustomFieldForm, known: CustomField | None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "leads/field.html", {"form": form, "known": known}, status=status)
