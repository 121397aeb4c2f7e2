"""Who answers for a span, read now: as JSON, by group, or as a file."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api.v1 import agreement_docs as docs
from api.v1 import agreement_shapes as shapes
from api.v1.base import answer
from api.v1.reports import Report, as_file
from core.errors import Invalid
from reports.address import read as read_scope
from reports.responsibility import responsibility_table
from sla.responsibility import GROUPS, Asked, Group, grouped, outlook, responsibility


class Responsibility(Report):
    """The verdict on a period; closed months stand in Verdicts as they were closed."""

    @docs.read_responsibility
    def get(self, request: Request) -> HttpResponse:
        at = timezone.now()
        scope = read_scope(request.query_params.dict(), user=self.caller.by, at=at)
        first, last = scope.period.first, scope.period.last
        asked = Asked(first, last, at, scope.team, scope.source or "", scope.campaign or "")
        groups = _groups(request, asked)
        if self.ending:
            found = groups or [Group("", responsibility(asked))]
            return as_file(responsibility_table(found), scope, self.ending)
        runs = asked.whole and asked.first <= timezone.localdate(at) <= asked.last
        return answer(
            shapes.responsibility_json(responsibility(asked), outlook(at=at) if runs else None)
            | {"groups": [shapes.group_json(group) for group in groups]}
        )


def _groups(request: Request, asked: Asked) -> list[Group]:
    """One verdict for each team, source, campaign or month. Raises Invalid."""
    by = request.query_params.get("group_by") or ""
    if by and by not in GROUPS:
        message = _("Choose from: %(choices)s.") % {"choices": ", ".join(GROUPS)}
        raise Invalid(message, code="invalid_choice", field="group_by")
    return grouped(asked, by) if by else []
