"""What the acts take, field by field. Leads and events need no serializer: intake and behaviour read them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from leads.decisions import OUTCOMES
from leads.enquiry import read_time
from leads.enums import CallOutcome, Direction, Reason, Status
from leads.merging.joining import FIELDS

LONGEST_NOTE = 5000


class Body(serializers.Serializer[Any]):
    """An object with these fields and no others: a misspelt name must not pass for "not given"."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := [name for name in data if name not in self.fields]):
            message = _("There is no such field here.")
            raise serializers.ValidationError({str(n): [message] for n in unknown}, code="unknown_field")
        return super().to_internal_value(data)


class ModelBody(Body, serializers.ModelSerializer[Any]):
    """Fields that are columns, with the column's own limits; none has to be given."""

    def get_extra_kwargs(self) -> dict[str, Any]:
        return {name: {"required": False} for name in self.Meta.fields} | super().get_extra_kwargs()


class Moment(serializers.DateTimeField):
    """ISO 8601; without offset it counts as UTC. Years 1990 to 2200."""

    def to_internal_value(self, value: Any) -> datetime:
        moment = read_time(value) if isinstance(value, str) else None
        if moment is None:
            self.fail("invalid", format="2026-11-23T09:30:00+07:00")
        return moment


class StatusBody(Body):
    to = serializers.ChoiceField(choices=Status.choices)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)
    amount = serializers.IntegerField(required=False, allow_null=True, help_text="Contract in VND, for `won`.")


class CallBody(Body):
    outcome = serializers.ChoiceField(choices=CallOutcome.choices)
    duration_seconds = serializers.IntegerField(required=False)
    occurred_at = Moment(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)
    callback_at = Moment(required=False, allow_null=True, help_text="For `callback`.")
    direction = serializers.ChoiceField(choices=Direction.choices, required=False)
    recording_url = serializers.CharField(required=False, allow_blank=True, max_length=500)


class AppointmentBody(Body):
    starts_at = Moment()
    minutes = serializers.IntegerField(required=False, min_value=5, max_value=24 * 60)
    place = serializers.CharField(required=False, allow_blank=True, max_length=200)
    link = serializers.CharField(required=False, allow_blank=True, max_length=500)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)
    by_lead = serializers.BooleanField(required=False, help_text="The lead booked it: also a `meeting.booked`.")


class NoteBody(Body):
    text = serializers.CharField(max_length=LONGEST_NOTE, help_text="`@Full Name` or `@e-mail` tells a colleague.")


class TagsBody(Body):
    add = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=30)
    remove = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=30)


class DecisionBody(Body):
    outcome = serializers.ChoiceField(choices=list(OUTCOMES))
    reason = serializers.ChoiceField(choices=Reason.choices, required=False, allow_blank=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)
    wake_on = serializers.DateField(required=False, allow_null=True, help_text="For `recycle`.")


class AssignBody(Body):
    owner = serializers.IntegerField(required=False, help_text="A user's id; without it the rules choose.")


class MergeBody(Body):
    other = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="The lead that is taken up")
    take = serializers.ListField(
        child=serializers.ChoiceField(choices=FIELDS),
        required=False,
        default=list,
        help_text="Fields whose value is taken from the other lead",
    )
