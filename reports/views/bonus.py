"""The bonus of a month as a file."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import allow
from core.errors import NotFound
from reports.bonus import bonus_table
from reports.export import FORMATS
from sla.forms.accounts import month_of
from sla.statements import month_of_bonus


@require_safe
@allow("bonus.manage")
def bonus_file(request: HttpRequest, ending: str) -> HttpResponse:
    """CSV or XLSX, for those who approve it."""
    if ending not in FORMATS:
        raise NotFound
    month = month_of(request.GET.get("month", ""), at=timezone.now())
    shape = FORMATS[ending]
    name = f"bonus-{month:%Y-%m}.{shape.ending}"
    return HttpResponse(
        shape.write(bonus_table(month, month_of_bonus(month))),
        content_type=shape.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
