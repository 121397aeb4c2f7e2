"""What leads, events and qualifications may carry, for the OpenAPI document only: the acts read them themselves."""

# mypy: disable-error-code="assignment"
# A field named "source" hides an attribute of the framework's classes, which nothing here uses.

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers as s

from leads.enums import Authority, Budget, Need, Timing

Shape = s.Serializer[Any]
ANYTHING = {"type": "object", "additionalProperties": True}


@extend_schema_field(ANYTHING)
class Anything(s.JSONField):
    """An object with any fields."""


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}], "nullable": True})
class HeadCount(s.JSONField):
    """120, "120", "100+" or "51-200"."""


class Utm(Shape):
    source = s.CharField(required=False)
    medium = s.CharField(required=False)
    campaign = s.CharField(required=False)
    term = s.CharField(required=False)
    content = s.CharField(required=False)


class Consent(Shape):
    purpose = s.CharField(required=False)
    text_version = s.CharField(required=False)
    given_at = s.CharField(required=False)


class Action(Shape):
    kind = s.RegexField(r"^[a-z0-9_]+(\.[a-z0-9_]+)*$", max_length=60, help_text="E.g. page.viewed")
    occurred_at = s.DateTimeField(required=False, allow_null=True)
    external_id = s.CharField(required=False, max_length=200, help_text="Your own id of the event")
    properties = Anything(required=False)


def text(longest: int) -> s.CharField:
    return s.CharField(required=False, allow_null=True, max_length=longest)


class LeadIn(Shape):
    name = text(200)
    phone = text(60)
    email = text(254)
    company = text(200)
    title = text(120)
    company_size = HeadCount(required=False)
    city = text(120)
    product = text(120)
    source = text(120)
    campaign = text(120)
    external_id = text(200)
    note = text(5000)
    utm = Utm(required=False, allow_null=True)
    consent = Consent(required=False, allow_null=True)
    custom = Anything(required=False, allow_null=True)
    event = Action(required=False, allow_null=True)


class LeadsIn(Shape):
    leads = s.ListField(child=LeadIn(), max_length=1000)


class ProfileIn(Shape):
    name = text(200)
    phone = text(60)
    email = text(254)
    company = text(200)
    title = text(120)
    company_size = s.IntegerField(required=False, allow_null=True, min_value=0, max_value=10_000_000)
    city = text(120)
    product = text(120)
    campaign = text(120)
    custom = Anything(required=False)


class EventIn(Action):
    source = s.CharField(required=False, max_length=120, help_text="Whose external ids these are")


class AddressedEventIn(EventIn):
    """The lead by `id`, `external_id` (with `source`), `email` or `phone`."""

    id = s.IntegerField(required=False)
    lead_external_id = s.CharField(required=False, max_length=200)
    email = s.CharField(required=False, max_length=254)
    phone = s.CharField(required=False, max_length=60)


class EventsIn(Shape):
    events = s.ListField(child=AddressedEventIn(), max_length=1000)


class QualificationIn(Shape):
    right_phone = s.BooleanField(required=False, allow_null=True)
    right_name = s.BooleanField(required=False, allow_null=True)
    right_need = s.BooleanField(required=False, allow_null=True)
    icp_fit = s.BooleanField(required=False, allow_null=True)
    agreed_to_talk = s.BooleanField(required=False, allow_null=True)
    budget = s.ChoiceField(choices=Budget.choices, required=False)
    budget_amount = s.IntegerField(required=False, allow_null=True, min_value=0, max_value=10**15, help_text="VND")
    authority = s.ChoiceField(choices=Authority.choices, required=False)
    need = s.ChoiceField(choices=Need.choices, required=False)
    timing = s.ChoiceField(choices=Timing.choices, required=False)
    budget_note = s.CharField(required=False, allow_blank=True, max_length=5000)
    authority_note = s.CharField(required=False, allow_blank=True, max_length=5000)
    need_note = s.CharField(required=False, allow_blank=True, max_length=5000)
    timing_note = s.CharField(required=False, allow_blank=True, max_length=5000)
