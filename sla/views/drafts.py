"""The next version of the agreement: opened, edited, compared, signed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, may, person
from core.errors import NotFound
from sla import drafting
from sla.agreements import draft, versions
from sla.drafting import SIGNERS
from sla.forms.agreement import DraftForm, RevisionForm
from sla.models import Agreement, AgreementEntry
from sla.promises import definitions, lines
from sla.terms import differences


@require_POST
@allow("agreement.edit")
def open_draft(request: HttpRequest) -> HttpResponse:
    drafting.open_draft(by=person(request), at=timezone.now())
    return redirect("agreement_draft")


@require_http_methods(["GET", "POST"])
@allow("agreement.edit")
def edit_draft(request: HttpRequest) -> HttpResponse:
    at, now = timezone.now(), _draft()
    signed = now.signed_by_marketing_id or now.signed_by_sales_id
    form = DraftForm(request.POST or None, instance=now, today=timezone.localdate(at))
    saved: list[Agreement] = []
    if request.method == "POST" and form.attempt(
        lambda given: saved.append(
            drafting.edit_draft(terms=form.terms, revision=given["revision"], by=person(request), at=at)
        )
    ):
        void = signed and not (saved[0].signed_by_marketing_id or saved[0].signed_by_sales_id)
        messages.success(request, _("Draft saved. Earlier signatures on it are void.") if void else _("Draft saved."))
        return redirect("agreement_version", saved[0].version)
    return render(request, "sla/draft.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@allow("agreement.sign")
def sign_draft(request: HttpRequest) -> HttpResponse:
    signed = drafting.sign_draft(revision=_revision(request), by=person(request), at=timezone.now())
    messages.success(request, _("Signed. The other side has to sign too.") if signed.is_draft else _("Agreed."))
    return redirect("agreement_version", signed.version)


@require_POST
@allow("agreement.edit")
def drop_draft(request: HttpRequest) -> HttpResponse:
    drafting.drop_draft(revision=_revision(request), by=person(request), at=timezone.now())
    messages.success(request, _("Draft dropped."))
    return redirect("agreement")


@require_safe
@allow("agreement.view")
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version: its terms, what it changed, who signed it, and its log."""
    people = ("signed_by_marketing", "signed_by_sales")
    shown = Agreement.objects.filter(version=number).select_related(*people).first()
    if shown is None:
        raise NotFound
    before = next((known for known in reversed(versions()) if known.version < number), None)
    user = person(request)
    context = {
        "agreement": shown,
        "promises": lines(shown),
        "definitions": definitions(shown),
        "before": before,
        "differences": differences(before, shown) if before else [],
        "log": AgreementEntry.objects.filter(version=number).select_related("by"),
        "may_edit": shown.is_draft and may(user, "agreement.edit"),
        "may_sign": shown.is_draft and user.role in SIGNERS and not drafting.signed_for(shown, user),
    }
    return render(request, "sla/version.html", context)


def _draft() -> Agreement:
    found = draft()
    if found is None:
        raise NotFound(_("There is no draft."))
    return found


def _revision(request: HttpRequest) -> int:
    form = RevisionForm(request.POST)
    if not form.is_valid():
        raise NotFound
    revision: int = form.cleaned_data["revision"]
    return revision
