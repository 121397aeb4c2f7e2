"""What the calls on the agreement, its clocks, verdicts and disputes take and answer."""

# mypy: disable-error-code="assignment"
# A field named "source" hides an attribute of the framework's classes, which nothing here uses.

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from rest_framework import serializers as s

from api.v1.bodies import Body, ModelBody
from api.v1.schemas import Page
from api.v1.sent import Shape
from api.v1.shapes import person_json
from sla.agreements import versions
from sla.enums import AgreementState, Answers, DisputeState, PauseReason, Promise, Segment, State, StopReason
from sla.models import Agreement, Clock, Dispute, Verdict
from sla.promises import definitions, lines
from sla.responsibility import Group, Outlook, Responsibility
from sla.terms import TERMS, WRITTEN, Difference, differences
from sla.verdicts import Code, Judgement

LONGEST = 2000


class DraftBody(ModelBody):
    """Only what is given changes; the signatures given so far are void."""

    revision = s.IntegerField(min_value=1, help_text="The revision that was read: somebody else's edit is a conflict")

    class Meta:
        model = Agreement
        fields = ("revision", *WRITTEN)


class RevisionBody(Body):
    revision = s.IntegerField(min_value=1)


class PauseBody(Body):
    reason = s.ChoiceField(choices=PauseReason.choices)


class DisputeBody(Body):
    reason = s.CharField(max_length=LONGEST)


class RulingBody(Body):
    right = s.BooleanField(help_text="Whether the dispute is right")
    note = s.CharField(max_length=LONGEST)


class Colleague(Shape):
    id = s.IntegerField()
    name = s.CharField()


class Signed(Shape):
    side = s.ChoiceField(choices=["marketing", "sales"])
    by = Colleague()
    at = s.DateTimeField()


class PromiseLine(Shape):
    who = s.CharField()
    what = s.CharField()
    value = s.CharField()


class Changed(Shape):
    term = s.CharField()
    before = s.CharField()
    after = s.CharField()


class AgreementShape(Shape):
    version = s.IntegerField()
    state = s.ChoiceField(choices=AgreementState.choices)
    revision = s.IntegerField()
    in_force_from = s.DateField(allow_null=True)
    note = s.CharField(allow_blank=True)
    terms = s.DictField(help_text="Every term by its name; shares are percentages")
    promises = PromiseLine(many=True, help_text="The same in words, definitions first")
    signatures = Signed(many=True)
    differences = Changed(many=True, help_text="From the version before")


class DifferencesShape(Shape):
    """`from` is no name that Python takes as an attribute."""

    version = s.IntegerField()
    differences = Changed(many=True)

    def get_fields(self) -> Any:
        return {"from": s.IntegerField(), **super().get_fields()}


class AgreementPage(Page):
    results = AgreementShape(many=True)


class LeadName(Shape):
    id = s.IntegerField()
    name = s.CharField()


class SalesTeam(Shape):
    id = s.IntegerField()
    name = s.CharField()


class DisputeLine(Shape):
    id = s.IntegerField()
    state = s.ChoiceField(choices=DisputeState.choices)
    reason = s.CharField()
    raised_by = Colleague()
    raised_at = s.DateTimeField()
    decided_by = Colleague(allow_null=True)
    decided_at = s.DateTimeField(allow_null=True)
    note = s.CharField(allow_blank=True)
    clock = s.IntegerField(allow_null=True)
    verdict = s.IntegerField(allow_null=True)


class DisputePage(Page):
    results = DisputeLine(many=True)


class ClockShape(Shape):
    id = s.IntegerField()
    promise = s.ChoiceField(choices=Promise.choices)
    promise_label = s.CharField()
    state = s.ChoiceField(choices=State.choices)
    lead = LeadName()
    handoff = s.IntegerField()
    agreement = s.IntegerField(help_text="The version it is measured by")
    minutes = s.IntegerField(help_text="Business minutes promised")
    days = s.IntegerField(help_text="Promised in days instead, or 0")
    started_at = s.DateTimeField()
    due_at = s.DateTimeField()
    stopped_at = s.DateTimeField(allow_null=True)
    stop_reason = s.ChoiceField(choices=StopReason.choices, allow_blank=True)
    paused_at = s.DateTimeField(allow_null=True)
    pause_reason = s.ChoiceField(choices=PauseReason.choices, allow_blank=True)
    owner = Colleague(allow_null=True)
    team = SalesTeam(allow_null=True)
    breached_at = s.DateTimeField(allow_null=True)
    breach_segment = s.ChoiceField(choices=Segment.choices, allow_blank=True)
    breach_owner = Colleague(allow_null=True)
    breach_team = SalesTeam(allow_null=True)


class BreachShape(ClockShape):
    disputes = DisputeLine(many=True)


class ClockPage(Page):
    results = ClockShape(many=True)


class BreachPage(Page):
    results = BreachShape(many=True)


class Found(Shape):
    code = s.ChoiceField(choices=[code.value for code in Code])
    side = s.ChoiceField(choices=["marketing", "sales"])
    actual = s.FloatField(allow_null=True, help_text="Shares of 1; `volume` is a count")
    promised = s.FloatField()
    kept = s.BooleanField(allow_null=True, help_text="null: nothing to judge yet")


class JudgementShape(Shape):
    version = s.IntegerField(help_text="The agreement in force then")
    first = s.DateField()
    last = s.DateField()
    who = s.ChoiceField(choices=Answers.choices)
    figures = s.DictField()
    findings = Found(many=True)


class OutlookShape(Shape):
    count = s.IntegerField()
    expected = s.FloatField(allow_null=True)
    promised = s.IntegerField()


class VerdictShape(Shape):
    id = s.IntegerField()
    month = s.DateField()
    team = s.IntegerField(allow_null=True)
    source = s.CharField(allow_blank=True)
    who = s.ChoiceField(choices=Answers.choices)
    closed_at = s.DateTimeField()
    findings = s.ListField(child=s.DictField())
    disputes = DisputeLine(many=True)


class VerdictPage(Page):
    results = VerdictShape(many=True)


class GroupShape(Shape):
    name = s.CharField()
    who = s.ChoiceField(choices=Answers.choices)
    judgements = JudgementShape(many=True)


class ResponsibilityShape(Shape):
    team = s.IntegerField(allow_null=True)
    source = s.CharField(allow_blank=True)
    campaign = s.CharField(allow_blank=True)
    who = s.ChoiceField(choices=Answers.choices)
    judgements = JudgementShape(many=True)
    outlook = OutlookShape(allow_null=True, help_text="While the month asked for runs")
    groups = GroupShape(many=True, help_text="With `group_by`, one verdict each")

    def get_fields(self) -> Any:
        """`from` is no name that Python takes as an attribute."""
        return {"from": s.DateField(), "to": s.DateField(), **super().get_fields()}


SIGNATURES = (
    ("marketing", "signed_by_marketing", "marketing_signed_at"),
    ("sales", "signed_by_sales", "sales_signed_at"),
)


def agreements_json(rows: Sequence[Agreement]) -> list[dict[str, Any]]:
    known = versions()
    return [agreement_json(row, before=_before(known, row)) for row in rows]


def agreement_json(agreement: Agreement, *, before: Agreement | None) -> dict[str, Any]:
    """One version with its terms, also in words of the active language."""
    said = [*definitions(agreement), *lines(agreement)]
    changed = differences(before, agreement) if before else []
    return {
        **{name: getattr(agreement, name) for name in ("version", "state", "revision", "in_force_from", "note")},
        "terms": {name: getattr(agreement, name) for name in TERMS},
        "promises": [{"who": str(one.by), "what": str(one.what), "value": str(one.value)} for one in said],
        "signatures": [
            {"side": side, "by": person_json(getattr(agreement, by)), "at": getattr(agreement, at)}
            for side, by, at in SIGNATURES
            if getattr(agreement, at)
        ],
        "differences": changes_json(changed),
    }


def changes_json(changed: Iterable[Difference]) -> list[dict[str, str]]:
    return [{"term": str(one.label), "before": one.before, "after": one.after} for one in changed]


def _before(known: Sequence[Agreement], agreement: Agreement) -> Agreement | None:
    return next((one for one in reversed(known) if one.version < agreement.version), None)


PLAIN = (
    "promise", "minutes", "days", "started_at", "due_at", "stopped_at", "stop_reason", "paused_at", "pause_reason",
    "breached_at", "breach_segment",
)  # fmt: skip


def clocks_json(at: datetime) -> Callable[[Sequence[Clock]], list[dict[str, Any]]]:
    return lambda rows: [clock_json(row, at=at) for row in rows]


def clock_json(clock: Clock, *, at: datetime) -> dict[str, Any]:
    return {
        "id": clock.pk,
        **{name: getattr(clock, name) for name in PLAIN},
        "promise_label": clock.get_promise_display(),
        "state": clock.state(at=at),
        "lead": {"id": clock.lead_id, "name": str(clock.lead)},
        "handoff": clock.handoff_id,
        "agreement": clock.agreement.version,
        "owner": person_json(clock.owner),
        "team": _team(clock.team),
        "breach_owner": person_json(clock.breach_owner),
        "breach_team": _team(clock.breach_team),
    }


def breaches_json(at: datetime) -> Callable[[Sequence[Clock]], list[dict[str, Any]]]:
    """Rows whose disputes have been read."""
    return lambda rows: [
        {**clock_json(row, at=at), "disputes": [dispute_json(one) for one in row.disputes.all()]} for row in rows
    ]


def dispute_json(dispute: Dispute) -> dict[str, Any]:
    names = ("state", "reason", "raised_at", "decided_at", "note")
    return {
        "id": dispute.pk,
        **{name: getattr(dispute, name) for name in names},
        "raised_by": person_json(dispute.raised_by),
        "decided_by": person_json(dispute.decided_by),
        "clock": dispute.clock_id,
        "verdict": dispute.verdict_id,
    }


def responsibility_json(found: Responsibility, outlook: Outlook | None) -> dict[str, Any]:
    asked = found.asked
    ahead = outlook and {"count": outlook.count, "expected": outlook.expected, "promised": outlook.promised}
    return {
        "from": asked.first,
        "to": asked.last,
        "team": asked.team,
        "source": asked.source,
        "campaign": asked.campaign,
        "who": found.who,
        "judgements": [_judgement(one) for one in found.judgements],
        "outlook": ahead,
    }


def group_json(group: Group) -> dict[str, Any]:
    judgements = [_judgement(one) for one in group.found.judgements]
    return {"name": group.name, "who": group.found.who, "judgements": judgements}


FIGURES = (
    "offered", "judged", "qualified", "invalid", "accepted", "won", "kept", "broken",
    "feedback_kept", "feedback_broken",
)  # fmt: skip


def _judgement(one: Judgement) -> dict[str, Any]:
    return {
        "version": one.agreement.version,
        "first": one.first,
        "last": one.last,
        "who": one.who,
        "figures": {name: getattr(one.figures, name) for name in FIGURES},
        "findings": [
            {
                "code": finding.code,
                "side": "marketing" if finding.of_marketing else "sales",
                "actual": finding.actual,
                "promised": finding.promised,
                "kept": finding.kept,
            }
            for finding in one.findings
        ],
    }


def verdicts_json(rows: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Rows whose disputes have been read."""
    return [
        {
            "id": row.pk,
            "month": row.month,
            "team": row.team_id,
            "source": row.source,
            "who": row.who,
            "closed_at": row.closed_at,
            "findings": row.findings,
            "disputes": [dispute_json(one) for one in row.disputes.all()],
        }
        for row in rows
    ]


def _team(team: Any) -> dict[str, Any] | None:
    return {"id": team.pk, "name": team.name} if team else None
