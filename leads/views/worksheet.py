"""The qualification worksheet as a page to print and as a workbook."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import allow
from leads.models import Policy
from leads.views.lead import found
from leads.worksheet import XLSX, Worksheet, as_xlsx, worksheet


@allow("leads.view")
@require_safe
def blank_worksheet(request: HttpRequest, ending: str = "") -> HttpResponse:
    return _shown(request, worksheet(None, None, minimum=Policy.current().bant_minimum), ending)


@allow("leads.view")
@require_safe
def lead_worksheet(request: HttpRequest, lead_id: int, ending: str = "") -> HttpResponse:
    """Filled with what is known of the lead and was saved on its current hand-off."""
    standing = found(request, lead_id)
    qualification = getattr(standing.handoff, "qualification", None)
    return _shown(request, worksheet(standing.lead, qualification, minimum=Policy.current().bant_minimum), ending)


def _shown(request: HttpRequest, sheet: Worksheet, ending: str) -> HttpResponse:
    if ending != "xlsx":
        return render(request, "leads/worksheet.html", {"sheet": sheet})
    name = f"bant-{sheet.lead.pk}" if sheet.lead else "bant"
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(as_xlsx(sheet), content_type=XLSX, headers=headers)
