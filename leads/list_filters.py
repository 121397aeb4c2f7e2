"""What the lists around the leads can be narrowed down to; leads and hand-offs have filters of their own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.due import DueState
from core.list_filters import ListFilter, choice_field, search_field
from leads.enums import (
    DuplicateReason,
    FieldKind,
    ImportKind,
    ImportPhase,
    JobPhase,
    RequestKind,
    RequestState,
)
from leads.jobs import WORKS
from leads.models import CustomField, Duplicate, Import, Job, PersonRequest
from leads.requests.falling_due import near, over
from leads.search import search_condition

PHASES: dict[str, Q] = {
    JobPhase.WAITING: Q(state=DueState.PENDING, started_at=None),
    JobPhase.RUNNING: Q(state=DueState.PENDING, started_at__isnull=False),
    JobPhase.DONE: Q(state=DueState.DONE, cancelled=False),
    JobPhase.CANCELLED: Q(cancelled=True),
    JobPhase.FAILED: Q(state=DueState.DEAD),
}
USED = {"used": Q(is_active=True), "retired": Q(is_active=False)}


def _kinds() -> dict[str, list[str]]:
    """The kinds of work under each label: every undo is called so."""
    found: dict[str, list[str]] = {}
    for name, work in sorted(WORKS.items()):
        found.setdefault(str(work.label), []).append(name)
    return found


class DuplicateFilter(ListFilter):
    q = search_field(_("Name, phone, company"))
    reason = choice_field(_("Reason"), _("Any reason"), dict(DuplicateReason.choices))

    def among(self, rows: "QuerySet[Duplicate]") -> "QuerySet[Duplicate]":
        """Pairs one side of which is found by the words."""
        if reason := self.said.get("reason"):
            rows = rows.filter(reason=reason)
        if words := self.said.get("q"):
            rows = rows.filter(search_condition(words, "one__") | search_condition(words, "other__"))
        return rows


class ImportFilter(ListFilter):
    q = search_field(_("Name of the file"))
    kind = choice_field(_("What it holds"), _("Leads and spend"), dict(ImportKind.choices))
    phase = choice_field(_("State"), _("Any state"), dict(ImportPhase.choices))

    def among(self, rows: "QuerySet[Import]") -> "QuerySet[Import]":
        rows = rows.filter(**{name: self.said[name] for name in ("kind", "phase") if name in self.said})
        return rows.filter(name__icontains=self.said["q"]) if "q" in self.said else rows


class JobFilter(ListFilter):
    q = search_field(_("Words of its title"))
    kind = choice_field(_("Work"), _("Any work"), {})
    phase = choice_field(_("State"), _("Any state"), dict(JobPhase.choices))

    def __init__(self, given: Mapping[str, Any]) -> None:
        super().__init__(given)
        kinds = sorted((names[0], label) for label, names in _kinds().items())
        self.fields["kind"].choices = [("", _("Any work")), *kinds]  # type: ignore[attr-defined]

    def among(self, rows: "QuerySet[Job]") -> "QuerySet[Job]":
        rows = rows.filter(self.narrow(PHASES, "phase"))
        if kind := self.said.get("kind"):
            rows = rows.filter(kind__in=_kinds()[str(WORKS[kind].label)])
        return rows.filter(title__icontains=self.said["q"]) if "q" in self.said else rows


class FieldFilter(ListFilter):
    q = search_field(_("Name, key or choice"))
    kind = choice_field(_("What it holds"), _("Anything"), dict(FieldKind.choices))
    state = choice_field(_("State"), _("Any state"), {"used": _("In use"), "retired": _("Retired")})

    def among(self, rows: "QuerySet[CustomField]") -> list[CustomField]:
        """A house has few enough fields to search their words here."""
        rows = rows.filter(self.narrow(USED, "state"))
        if kind := self.said.get("kind"):
            rows = rows.filter(kind=kind)
        return [one for one in rows if self.says(" ".join([one.label, one.key, *one.choices]))]


class ExportFilter(ListFilter):
    by = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.order_by("full_name"), required=False, empty_label=_("Everybody")
    )
    phase = choice_field(_("State"), _("Any state"), dict(JobPhase.choices))

    def among(self, rows: "QuerySet[Job]") -> "QuerySet[Job]":
        rows = rows.filter(self.narrow(PHASES, "phase"))
        return rows.filter(by=self.said["by"]) if "by" in self.said else rows


class RequestFilter(ListFilter):
    q = search_field(_("Name, phone or number of the lead"))
    kind = choice_field(_("What is asked for"), _("Any request"), dict(RequestKind.choices))
    state = choice_field(_("State"), _("Any state"), dict(RequestState.choices))
    due = choice_field(_("Due by law"), _("Any day"), {"over": _("Overdue"), "soon": _("Within 3 days")})

    def among(self, rows: "QuerySet[PersonRequest]", *, at: datetime) -> "QuerySet[PersonRequest]":
        """An erased person is found by the number alone."""
        rows = rows.filter(**{name: self.said[name] for name in ("kind", "state") if name in self.said})
        rows = rows.filter(self.narrow({"over": over(at=at), "soon": near(at=at)}, "due"))
        if words := self.said.get("q", "").strip():
            number = words.removeprefix("#")
            known = Q(lead=int(number)) if number.isdecimal() and len(number) < 16 else Q()
            rows = rows.filter(known | search_condition(words) if known else search_condition(words))
        return rows
