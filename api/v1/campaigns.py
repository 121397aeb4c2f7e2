"""Campaigns and the marketer who answers for each: what the marketers' figures are counted by."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework import serializers as s
from rest_framework.request import Request

from accounts.enums import MARKETING
from accounts.models import User
from api.callers import Need
from api.enums import Scope
from api.v1.agreement_shapes import Colleague
from api.v1.base import ApiView, answer, read
from api.v1.bodies import Body
from api.v1.docs import call
from api.v1.sent import Shape
from api.v1.shapes import person_json
from reports.campaigns import Named, named, set_owner


class CampaignShape(Shape):
    source = s.CharField(allow_blank=True)  # type: ignore[assignment]
    campaign = s.CharField()
    leads = s.IntegerField(help_text="Received in the last twelve months")
    owner = Colleague(allow_null=True, help_text="The marketer; null: nobody answers for it yet")


class CampaignList(Shape):
    results = CampaignShape(many=True)


class CampaignBody(Body):
    source = s.CharField(max_length=120, allow_blank=True)  # type: ignore[assignment]
    campaign = s.CharField(max_length=120)
    owner = s.PrimaryKeyRelatedField(
        queryset=User.objects.filter(role__in=MARKETING, is_active=True),
        allow_null=True,
        help_text="Somebody of Marketing; null: nobody",
    )


class Campaigns(ApiView):
    """Those without a marketer first. Who answers for one is set in person: all its leads count for them, past too."""

    needs = {"GET": Need(Scope.REPORTS_READ, "spend.edit"), "PUT": Need(Scope.ADMIN, "spend.edit")}

    @call("campaigns_list", "Campaigns of the last twelve months and whose they are", {200: CampaignList})
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002 - the framework's signature
        return answer(_listed())

    @call("campaigns_set_owner", "Say who answers for a campaign", {200: CampaignList}, body=CampaignBody)
    def put(self, request: Request) -> HttpResponse:
        by, given = self.caller.person, read(CampaignBody, request)
        set_owner(source=given["source"], name=given["campaign"], owner=given["owner"], by=by, at=timezone.now())
        return answer(_listed())


def _listed() -> dict[str, Any]:
    return {"results": [_shown(one) for one in named(at=timezone.now())]}


def _shown(one: Named) -> dict[str, Any]:
    return {"source": one.source, "campaign": one.name, "leads": one.leads, "owner": person_json(one.owner)}
