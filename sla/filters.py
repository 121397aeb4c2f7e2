"""What the lists of the agreement can be narrowed down to; all of it stands in the address."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import SELLERS, Side
from accounts.models import Team, User
from core.list_filters import ListFilter, choice_field, search_field
from core.text import fold
from leads.search import search_condition
from sla.enums import DisputeState, PauseReason, Promise
from sla.models import Agreement, AuditedCall, Clock, Dispute, Feedback

HANDED_IN = {
    "waiting": Q(given_at=None),
    "late": Q(breached_at__isnull=False),
    "given": Q(given_at__isnull=False, answered_at=None),
    "answered": Q(answered_at__isnull=False),
}
SCORED = {"waiting": Q(right=None), "wrong": Q(right=False), "right": Q(right=True)}
DISPUTED = {"open": Q(disputes__state="open"), "any": Q(disputes__isnull=False), "none": Q(disputes=None)}


def _team() -> "forms.ModelChoiceField[Team]":
    teams = Team.objects.filter(side=Side.SALES)
    return forms.ModelChoiceField(label=_("Team"), queryset=teams, required=False, empty_label=_("All teams"))


class TeamFilter(ListFilter):
    """A list in which a seller sees one team's rows alone, and so is not asked for a team."""

    def __init__(self, given: Mapping[str, Any], *, user: User) -> None:
        super().__init__(given)
        if user.is_seller:
            self.fields.pop("team", None)


class FeedbackFilter(TeamFilter):
    q = search_field(_("Words of the feedback"))
    team = _team()
    state = choice_field(
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


class BreachFilter(TeamFilter):
    q = search_field(_("Name, phone, company"))
    promise = choice_field(_("Promise"), _("Every promise"), dict(Promise.choices))
    team = _team()
    dispute = choice_field(
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


class PausedFilter(TeamFilter):
    q = search_field(_("Name, phone, company"))
    reason = choice_field(_("Reason"), _("Every reason"), dict(PauseReason.choices))
    team = _team()

    def among(self, rows: "QuerySet[Clock]") -> "QuerySet[Clock]":
        given = {"pause_reason": self.said.get("reason"), "team": self.said.get("team")}
        found = rows.filter(**{name: value for name, value in given.items() if value})
        return found.filter(search_condition(self.said["q"])) if "q" in self.said else found


class DisputeFilter(ListFilter):
    q = search_field(_("Name, phone, company"))
    state = choice_field(_("State"), _("Any state"), dict(DisputeState.choices))
    about = choice_field(
        _("About"), _("Promises and judgements"), {"clock": _("A broken promise"), "verdict": _("A judgement")}
    )

    def among(self, rows: "QuerySet[Dispute]") -> "QuerySet[Dispute]":
        found = rows.filter(state=self.said["state"]) if "state" in self.said else rows
        if "about" in self.said:
            found = found.filter(**{f"{self.said['about']}__isnull": False})
        return found.filter(search_condition(self.said["q"], "clock__lead__")) if "q" in self.said else found


class AuditFilter(TeamFilter):
    q = search_field(_("Name, phone, company"))
    rep = forms.ModelChoiceField(
        label=_("Sales rep"),
        queryset=User.objects.filter(role__in=SELLERS).order_by("full_name"),
        required=False,
        empty_label=_("Every rep"),
    )
    state = choice_field(
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


class VersionFilter(ListFilter):
    v = search_field(_("Number, note, who signed"))

    def among(self, rows: Sequence[Agreement]) -> list[Agreement]:
        """Those that say the word; all versions are at hand anyway."""
        words = fold(self.said.get("v", ""))
        return [row for row in rows if words in _of_version(row)]


def _of_version(row: Agreement) -> str:
    signers = (row.signed_by_marketing, row.signed_by_sales)
    return fold(" ".join([str(row.version), row.note, *(one.full_name for one in signers if one)]))
