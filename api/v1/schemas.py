"""What is answered, for the OpenAPI document only: nothing is rendered by these classes."""

# mypy: disable-error-code="assignment"
# Fields named "source", "label" or "errors" hide attributes of the framework's classes, which nothing here uses.

from typing import Any

from rest_framework import serializers as s

from api.v1.sent import Anything, QualificationIn, Shape
from leads.enums import (
    AppointmentOutcome,
    CallOutcome,
    Direction,
    DuplicateReason,
    HandoffKind,
    Outcome,
    Reason,
    Stage,
    Status,
)


class Problem(Shape):
    field = s.CharField(allow_blank=True)
    code = s.CharField()
    message = s.CharField()


class ProblemDocument(Shape):
    """RFC 9457. `errors` names the fields; some codes add more (`legal`: the moves open now)."""

    type = s.CharField()
    title = s.CharField()
    status = s.IntegerField()
    detail = s.CharField()
    code = s.CharField()
    errors = Problem(many=True)


class Person(Shape):
    id = s.IntegerField()
    name = s.CharField()


class CurrentHandoff(Shape):
    id = s.IntegerField()
    outcome = s.ChoiceField(choices=Outcome.choices)
    offered_at = s.DateTimeField()
    first_touch_due_at = s.DateTimeField(allow_null=True)


class Sla(Shape):
    state = s.ChoiceField(choices=["ok", "warning", "breached"])
    due_at = s.DateTimeField()


class Lead(Shape):
    id = s.IntegerField()
    name = s.CharField()
    phone = s.CharField(allow_null=True, help_text="E.164")
    email = s.CharField(allow_null=True)
    company = s.CharField()
    title = s.CharField()
    company_size = s.IntegerField(allow_null=True)
    city = s.CharField()
    product = s.CharField()
    source = s.CharField()
    campaign = s.CharField()
    external_id = s.CharField()
    status = s.ChoiceField(choices=Status.choices)
    status_label = s.CharField()
    stage = s.ChoiceField(choices=Stage.choices)
    score = s.IntegerField()
    fit = s.IntegerField()
    engagement = s.IntegerField()
    grade = s.CharField()
    owner = Person(allow_null=True)
    handoff = CurrentHandoff(allow_null=True)
    sla = Sla(allow_null=True)
    tags = s.ListField(child=s.CharField())
    custom = Anything()
    created_at = s.DateTimeField()
    updated_at = s.DateTimeField()
    last_activity_at = s.DateTimeField(allow_null=True)
    url = s.URLField(help_text="The lead's page, for people")


class LeadEdited(Lead):
    warnings = s.ListField(child=s.CharField(), help_text="Such as custom_unknown:<key>: kept, but no such field")


class Acknowledged(Shape):
    """Kept. `queued`: it could not be worked on yet and will be; `matched`: a lead you may not see."""

    outcome = s.ChoiceField(choices=["created", "matched", "queued"])
    matched_by = s.ChoiceField(choices=["external_id", "phone", "email"], allow_blank=True)
    warnings = s.ListField(child=s.CharField())


class Queued(Acknowledged):
    submission = s.IntegerField()


class LeadTaken(Lead, Acknowledged):
    pass


class LeadResult(Shape):
    index = s.IntegerField()
    outcome = s.ChoiceField(choices=["created", "matched", "rejected", "queued"])
    id = s.IntegerField(allow_null=True)
    matched_by = s.CharField(allow_blank=True)
    warnings = s.ListField(child=s.CharField())
    errors = Problem(many=True)


class LeadResults(Shape):
    created = s.IntegerField()
    matched = s.IntegerField()
    rejected = s.IntegerField()
    queued = s.IntegerField()
    results = LeadResult(many=True)


class Sighting(Shape):
    outcome = s.ChoiceField(choices=["recorded", "known", "rejected"])
    id = s.IntegerField(allow_null=True, help_text="The event")
    lead = s.IntegerField(allow_null=True)


class SightingResult(Sighting):
    index = s.IntegerField()
    errors = Problem(many=True)


class SightingResults(Shape):
    recorded = s.IntegerField()
    known = s.IntegerField()
    rejected = s.IntegerField()
    results = SightingResult(many=True)


class Call(Shape):
    id = s.IntegerField()
    lead = s.IntegerField()
    handoff = s.IntegerField(allow_null=True)
    attempt = s.IntegerField()
    direction = s.ChoiceField(choices=Direction.choices)
    outcome = s.ChoiceField(choices=CallOutcome.choices)
    occurred_at = s.DateTimeField()
    duration_seconds = s.IntegerField()
    note = s.CharField()
    callback_at = s.DateTimeField(allow_null=True)
    recording_url = s.CharField()


class Appointment(Shape):
    id = s.IntegerField()
    lead = s.IntegerField()
    owner = s.IntegerField()
    starts_at = s.DateTimeField()
    minutes = s.IntegerField()
    place = s.CharField()
    link = s.CharField()
    note = s.CharField()
    outcome = s.ChoiceField(choices=AppointmentOutcome.choices)


class Note(Shape):
    id = s.IntegerField()
    lead = s.IntegerField()
    text = s.CharField()
    mentioned = s.ListField(child=s.IntegerField(), help_text="Ids of the people who are told")
    created_at = s.DateTimeField()


class Tags(Shape):
    tags = s.ListField(child=s.CharField())


class Qualification(QualificationIn):
    handoff = s.IntegerField()
    bant = s.IntegerField(help_text="0-100")
    missing = s.ListField(child=s.CharField(), help_text="What is still missing to accept")
    saved_at = s.DateTimeField(allow_null=True)


class HandoffLead(Shape):
    id = s.IntegerField()
    name = s.CharField()


class Handoff(Shape):
    id = s.IntegerField()
    lead = HandoffLead()
    cycle = s.IntegerField()
    kind = s.ChoiceField(choices=HandoffKind.choices)
    score = s.IntegerField()
    model_version = s.IntegerField()
    source = s.CharField()
    campaign = s.CharField()
    owner = Person(allow_null=True)
    offered_at = s.DateTimeField()
    assigned_at = s.DateTimeField(allow_null=True)
    first_touch_due_at = s.DateTimeField(allow_null=True)
    first_touch_at = s.DateTimeField(allow_null=True)
    decided_at = s.DateTimeField(allow_null=True)
    outcome = s.ChoiceField(choices=Outcome.choices)
    reason = s.ChoiceField(choices=Reason.choices, allow_blank=True)
    reason_label = s.CharField()
    note = s.CharField()
    won_at = s.DateTimeField(allow_null=True)
    revenue = s.IntegerField(allow_null=True, help_text="VND")


class Event(Shape):
    id = s.IntegerField()
    kind = s.CharField()
    label = s.CharField()
    occurred_at = s.DateTimeField()
    recorded_at = s.DateTimeField()
    actor = Person(allow_null=True)
    source = s.CharField()
    external_id = s.CharField(allow_null=True)
    properties = Anything()


class TeamName(Shape):
    id = s.IntegerField()
    name = s.CharField()


class Whoami(Shape):
    kind = s.ChoiceField(choices=["key", "user"])
    id = s.IntegerField()
    name = s.CharField()
    email = s.CharField(allow_null=True)
    role = s.CharField(allow_null=True)
    team = TeamName(allow_null=True)
    scopes = s.ListField(child=s.CharField())
    permissions = s.ListField(child=s.CharField())
    expires_at = s.DateTimeField(allow_null=True)


class Page(Shape):
    next = s.URLField(allow_null=True)
    previous = s.URLField(allow_null=True)


class LeadPage(Page):
    results = Lead(many=True)


class HandoffPage(Page):
    results = Handoff(many=True)


class EventPage(Page):
    results = Event(many=True)


class ScoreEntry(Shape):
    kind = s.CharField(help_text="award, expiry, decay, profile, recycle, ...")
    rule = s.CharField()
    points = s.IntegerField()
    effective_at = s.DateTimeField()
    event = s.IntegerField(allow_null=True)
    event_label = s.CharField()
    reason = s.CharField()
    category = s.CharField()


class ScoreToCome(Shape):
    at = s.DateTimeField()
    points = s.IntegerField()
    why = s.CharField()


class Score(Shape):
    score = s.IntegerField()
    fit = s.IntegerField()
    engagement = s.IntegerField()
    grade = s.CharField()
    model_version = s.IntegerField()
    entries = ScoreEntry(many=True)
    upcoming = ScoreToCome(many=True)


class KpiRow(Shape):
    key = s.CharField()
    label = s.CharField()
    value = s.FloatField(allow_null=True, help_text="Shares of 1, whole VND, elapsed seconds")
    before = s.FloatField(allow_null=True)
    target = s.FloatField(allow_null=True)
    unit = s.ChoiceField(choices=["number", "percent", "money", "duration"])
    view = s.CharField()
    still_open = s.FloatField(allow_null=True)
    how = s.CharField()


class FunnelRow(Shape):
    step = s.CharField()
    label = s.CharField()
    count = s.IntegerField(allow_null=True)
    rate = s.FloatField(allow_null=True)
    of_all = s.FloatField(allow_null=True)
    median_seconds = s.FloatField(allow_null=True)


class SeriesRow(Shape):
    leads = s.IntegerField(allow_null=True)
    offered = s.IntegerField(allow_null=True)

    def get_fields(self) -> Any:
        """`from` is no name that Python takes as an attribute."""
        return {"from": s.DateField(), "to": s.DateField(), **super().get_fields()}


class ReportOf(Shape):
    report = s.CharField()
    title = s.CharField()
    note = s.CharField(help_text="How the figures are placed in time")
    series = SeriesRow(many=True, required=False)

    def get_fields(self) -> Any:
        """See SeriesRow."""
        return {**super().get_fields(), "from": s.DateField(), "to": s.DateField()}


class KpiReport(ReportOf):
    results = KpiRow(many=True)


class TableReport(ReportOf):
    results = s.ListField(child=s.DictField(), help_text="A row by column: shares of 1, seconds, whole VND")


class FunnelReport(ReportOf):
    results = FunnelRow(many=True)


class DuplicateLead(s.Serializer[Any]):
    id = s.IntegerField()
    name = s.CharField(allow_blank=True)
    phone = s.CharField(allow_null=True)
    email = s.CharField(allow_null=True)
    company = s.CharField(allow_blank=True)


class DuplicateOfLead(s.Serializer[Any]):
    lead = DuplicateLead()
    reason = s.ChoiceField(choices=DuplicateReason.choices)
    reason_label = s.CharField()
    confidence = s.IntegerField(help_text="1 to 100")
    found_at = s.DateTimeField()


class DuplicatesOfLead(s.Serializer[Any]):
    results = DuplicateOfLead(many=True)


class Merged(s.Serializer[Any]):
    merge = s.IntegerField(help_text="For the undo")
    lead = Lead()


class MergeUndone(s.Serializer[Any]):
    merge = s.IntegerField()
    leads = s.ListField(child=s.IntegerField(), help_text="Both leads")
