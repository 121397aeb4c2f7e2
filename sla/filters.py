"""What the lists of the agreement can be narrowed down to; all of it stands in the address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import SELLERS, Side
from accounts.models import Team, User
from leads.search import search_condition
from sla.enums import Promise
from sla.models import AuditedCall, Clock, Feedback

HANDED_IN = {
    "waiting": Q(given_at=None),
    "late": Q(breached_at__isnull=False),
    "given": Q(given_at__isnull=False, answered_at=None),
    "answered": Q(answered_at__isnull=False),
}
SCORED = {"waiting": Q(right=None), "wrong": Q(right=False), "right": Q(right=True)}
DISPUTED = {"open": Q(disputes__state="open"), "any": Q(disputes__isnull=False), "none": Q(disputes=None)}


def _search(placeholder: Any) -> forms.CharField:
    field = forms.CharField(label=_("Search"), required=False, max_length=200)
    field.widget = forms.TextInput(attrs={"type": "search", "placeholder": placeholder})
    return field


def _choice(label: Any, empty: Any, choices: Mapping[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices.items()])


def _team() -> "forms.ModelChoiceField[Team]":
    teams = Team.objects.filter(side=Side.SALES)
    return forms.ModelChoiceField(label=_("Team"), queryset=teams, required=False, empty_label=_("All teams"))


class ListFilter(forms.Form):
    """What can't be read narrows nothing down."""

    def __init__(self, given: Mapping[str, Any], *, user: User) -> None:
        super().__init__(given)
        if user.is_seller:  # sees one team's alone
            self.fields.pop("team", None)
        self.is_valid()
        self.said = {name: value for name, value in self.cleaned_data.items() if value}

    def narrow(self, condition: Mapping[str, Q], name: str) -> Q:
        return condition.get(self.said.get(name, ""), Q())


class FeedbackFilter(ListFilter):
    q = _search(_("Words of the feedback"))
    team = _team()
    state = _choice(
        _("State"),
        _("Any state"),
        {
            "waiting": _("Not given yet"),
            "late": _("Late"),
            "given": _("Waiting for Marketing"),
            "answered": _("Answered"),
        },
    )

    def among(self, rows: "QuerySet[Feedback]") -> "QuerySet[Feedback]":
        words, found = self.said.get("q", ""), rows.filter(self.narrow(HANDED_IN, "state"))
        if words:
            found = found.filter(Q(good__icontains=words) | Q(stop__icontains=words) | Q(answer__icontains=words))
        return found.filter(team=self.said["team"]) if "team" in self.said else found


class BreachFilter(ListFilter):
    q = _search(_("Name, phone, company"))
    promise = _choice(_("Promise"), _("Every promise"), dict(Promise.choices))
    team = _team()
    dispute = _choice(
        _("Dispute"),
        _("Disputed or not"),
        {"open": _("Waiting for a decision"), "any": _("Disputed"), "none": _("Not disputed")},
    )

    def among(self, rows: "QuerySet[Clock]") -> "QuerySet[Clock]":
        found = rows.filter(self.narrow(DISPUTED, "dispute"))
        if "promise" in self.said:
            found = found.filter(promise=self.said["promise"])
        if "team" in self.said:
            found = found.filter(breach_team=self.said["team"])
        return found.filter(search_condition(self.said["q"])) if "q" in self.said else found


class AuditFilter(ListFilter):
    q = _search(_("Name, phone, company"))
    rep = forms.ModelChoiceField(
        label=_("Sales rep"),
        queryset=User.objects.filter(role__in=SELLERS).order_by("full_name"),
        required=False,
        empty_label=_("Every rep"),
    )
    state = _choice(
        _("State"),
        _("To review"),
        {"wrong": _("Logged wrongly"), "right": _("Logged right"), "all": _("All drawn calls")},
    )

    def __init__(self, given: Mapping[str, Any], *, user: User) -> None:
        super().__init__(given, user=user)
        if user.is_seller:
            self.fields["rep"].queryset = User.objects.sellers().filter(team=user.team_id)  # type: ignore[attr-defined]

    def among(self, rows: "QuerySet[AuditedCall]") -> "QuerySet[AuditedCall]":
        state = self.said.get("state", "waiting")
        found = rows.filter(SCORED.get(state, Q()))
        if "rep" in self.said:
            found = found.filter(rep=self.said["rep"])
        return found.filter(search_condition(self.said["q"], "call__lead__")) if "q" in self.said else found
