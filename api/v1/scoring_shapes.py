"""What the calls on scoring models take and answer."""

from typing import Any

from rest_framework import serializers as s

from api.v1.bodies import Body
from api.v1.schemas import Page
from api.v1.sent import Shape
from scoring import reading
from scoring.agreement import signatures
from scoring.conditions import OPERATORS
from scoring.drafts import RULE_FIELDS, SETTINGS
from scoring.enums import Adopted, Category, Decay, Handovers, JobState, Mode, ModelState, Repeat, RuleKind
from scoring.findings import findings
from scoring.models import Backtest, Publication, Rule, ScoringModel
from scoring.published import thresholds_of

LARGEST = 100_000


class ConditionShape(Body):
    field = s.CharField(max_length=120)
    op = s.ChoiceField(choices=list(OPERATORS))
    value = s.JSONField(required=False, help_text="A text, number or yes/no, or a list of them")


class StepShape(Body):
    days = s.IntegerField(min_value=1, max_value=730)
    points = s.IntegerField(min_value=1, max_value=1000)


class RuleBody(Body):
    code = s.SlugField(max_length=20, required=False, help_text="Kept from version to version; left out: a new rule")
    label_vi = s.CharField(max_length=120)
    label_en = s.CharField(max_length=120, required=False, allow_blank=True)
    kind = s.ChoiceField(choices=RuleKind.choices, required=False)
    event_kind = s.CharField(max_length=60, required=False, allow_blank=True)
    conditions = ConditionShape(many=True, required=False)
    points = s.IntegerField(min_value=-1000, max_value=1000)
    repeat = s.ChoiceField(choices=Repeat.choices, required=False)
    repeat_property = s.CharField(max_length=120, required=False, allow_blank=True)
    cap_per_day = s.IntegerField(min_value=1, max_value=1000, required=False, allow_null=True)
    cap_per_lead = s.IntegerField(min_value=1, max_value=1000, required=False, allow_null=True)
    mode = s.ChoiceField(choices=Mode.choices, required=False)
    category = s.ChoiceField(choices=Category.choices, required=False)
    product_qualifying = s.BooleanField(required=False)
    expiry_days = s.IntegerField(min_value=0, max_value=730, required=False, allow_null=True)
    is_active = s.BooleanField(required=False)


class DraftBody(Body):
    name = s.CharField(max_length=120)
    based_on = s.IntegerField(
        required=False, min_value=1, max_value=2**31, help_text="A version; else the one in force"
    )


class ModelBody(Body):
    """Only what is given changes; `rules`, when given, are all the rules there will be."""

    name = s.CharField(max_length=120, required=False)
    offers = s.IntegerField(min_value=1, max_value=100, required=False)
    prospect = s.IntegerField(min_value=1, max_value=LARGEST, required=False, allow_null=True)
    lead = s.IntegerField(min_value=1, max_value=LARGEST, required=False, allow_null=True)
    mql = s.IntegerField(min_value=1, max_value=LARGEST, required=False, allow_null=True)
    sql_ready = s.IntegerField(min_value=1, max_value=LARGEST, required=False, allow_null=True)
    decay = s.ChoiceField(choices=Decay.choices, required=False)
    cumulative = s.BooleanField(required=False)
    steps = StepShape(many=True, required=False)
    expiry_days = s.IntegerField(min_value=1, max_value=730, required=False)
    pause_when_accepted = s.BooleanField(required=False)
    fit_a = s.IntegerField(min_value=0, max_value=32_000, required=False)
    fit_b = s.IntegerField(min_value=0, max_value=32_000, required=False)
    engagement_1 = s.IntegerField(min_value=0, max_value=32_000, required=False)
    engagement_2 = s.IntegerField(min_value=0, max_value=32_000, required=False)
    rules = RuleBody(many=True, required=False)


class BacktestBody(Body):
    months = s.IntegerField(min_value=1, max_value=36, default=12)


class AdoptBody(Body):
    what = s.ChoiceField(choices=Adopted.choices, help_text="line: the one for the points as they are")


class SignBody(Body):
    revision = s.IntegerField(required=False, min_value=1, max_value=2**31, help_text="Refused when it is another now")


class PublishBody(Body):
    handovers = s.ChoiceField(choices=Handovers.choices, default=Handovers.LATER)


class RollbackBody(Body):
    reason = s.CharField(max_length=500)


class AdjustBody(Body):
    points = s.IntegerField(min_value=-1000, max_value=1000)
    reason = s.CharField(max_length=500)


class RuleShape(RuleBody):
    pass


class ThresholdShape(Shape):
    prospect = s.IntegerField()
    lead = s.IntegerField()
    mql = s.IntegerField()
    sql_ready = s.IntegerField()


class SignatureShape(Shape):
    side = s.CharField()
    by = s.CharField()
    at = s.DateTimeField()


class FindingShape(Shape):
    level = s.ChoiceField(choices=["error", "warning", "note"])
    code = s.CharField()
    text = s.CharField()
    rules = s.ListField(child=s.CharField())


class ModelShape(Shape):
    id = s.IntegerField()
    version = s.IntegerField()
    state = s.ChoiceField(choices=ModelState.choices)
    revision = s.IntegerField()
    based_on = s.IntegerField(allow_null=True, help_text="A version")
    published_at = s.DateTimeField(allow_null=True)
    name = s.CharField()
    offers = s.IntegerField()
    prospect = s.IntegerField(allow_null=True)
    lead = s.IntegerField(allow_null=True)
    mql = s.IntegerField(allow_null=True)
    sql_ready = s.IntegerField(allow_null=True)
    thresholds = ThresholdShape(help_text="With those that follow from the others")
    decay = s.CharField()
    cumulative = s.BooleanField()
    steps = StepShape(many=True)
    expiry_days = s.IntegerField()
    pause_when_accepted = s.BooleanField()
    fit_a = s.IntegerField()
    fit_b = s.IntegerField()
    engagement_1 = s.IntegerField()
    engagement_2 = s.IntegerField()
    rules = RuleShape(many=True)
    signatures = SignatureShape(many=True)
    findings = FindingShape(many=True)


class ModelPage(Page):
    results = ModelShape(many=True)


class JobShape(Shape):
    id = s.IntegerField()
    state = s.ChoiceField(choices=JobState.choices)
    done = s.IntegerField(help_text="Leads")
    total = s.IntegerField()


class PublicationShape(Shape):
    kind = s.CharField()
    version = s.IntegerField()
    replaced = s.IntegerField(help_text="A version")
    at = s.DateTimeField()
    rescoring = JobShape()


class BacktestShape(JobShape):
    version = s.IntegerField()
    revision = s.IntegerField()
    months = s.IntegerField()
    report = s.JSONField(allow_null=True, help_text="totals, months, thresholds and rules, once it is done")


def model_json(model: ScoringModel) -> dict[str, Any]:
    """One version with everything in it, and what looks wrong in a draft."""
    limits = thresholds_of(model)
    return {
        "id": model.pk,
        "version": model.version,
        "state": model.state,
        "revision": model.revision,
        "based_on": model.based_on.version if model.based_on else None,
        "published_at": model.published_at,
        **{name: getattr(model, name) for name in SETTINGS},
        "thresholds": {name: getattr(limits, name) for name in ("prospect", "lead", "mql", "sql_ready")},
        "rules": [rule_json(rule) for rule in model.rules.all()],
        "signatures": [{"side": one.side, "by": one.by.full_name, "at": one.at} for one in signatures(model).values()],
        "findings": [
            {"level": one.level, "code": one.code, "text": one.text, "rules": list(one.rules)}
            for one in (findings(model) if model.is_draft else [])
        ],
    }


def rule_json(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in ("code", *RULE_FIELDS)}


def publication_json(publication: Publication) -> dict[str, Any]:
    return {
        "kind": publication.kind,
        "version": publication.model.version,
        "replaced": publication.replaced.version,
        "at": publication.at,
        "rescoring": job_json(publication.rescoring),
    }


def job_json(job: Any) -> dict[str, Any]:
    return {"id": job.pk, "state": job.state, "done": job.done, "total": job.total}


def backtest_json(job: Backtest) -> dict[str, Any]:
    return {
        **job_json(job),
        "version": job.model.version,
        "revision": job.revision,
        "months": job.months,
        "report": _report(job) if job.state == JobState.DONE else None,
    }


def _report(job: Backtest) -> dict[str, Any]:
    rules = list(job.model.rules.filter(is_active=True))
    return {
        "totals": {side: _side(one) for side, one in reading.totals(job).items()},
        "months": [
            {"month": row.name, "draft": _side(row.draft), "published": _side(row.published)}
            for row in reading.months(job)
        ],
        "thresholds": [
            {"score": one.score, "leads": one.leads, "to_sql": one.to_sql, "to_won": one.to_won, "chosen": one.chosen}
            for one in reading.lines(job)
        ],
        "rules": [_evidence(one) for one in reading.evidence(job, rules)],
        "balanced": [_balanced(one) for one in reading.balanced(job)],
        "only_draft": job.report["differ"]["draft"],
        "only_published": job.report["differ"]["published"],
        "over_the_line_now": job.report["waiting"],
    }


def _side(side: reading.Side) -> dict[str, Any]:
    return {
        "handoffs": side.handoffs,
        "sql": side.sql,
        "won": side.won,
        "to_sql": side.to_sql,
        "to_won": side.to_won,
        "won_leads": side.won_leads,
        "caught": side.caught,
        "recall": side.recall,
        "per_rep_week": side.per_rep_week,
    }


def _balanced(one: reading.BalancedLine) -> dict[str, Any]:
    """The MQL line that would have made as many hand-offs as the model in force, counted on so many leads."""
    return {
        "adopt": one.adopts,
        "mql": one.mql,
        "now": one.now,
        "handoffs": one.handoffs,
        "in_force": one.in_force,
        "leads": one.leads,
    }


def _evidence(one: reading.Evidence) -> dict[str, Any]:
    lift = {"times": one.lift.times, "low": one.lift.low, "high": one.lift.high} if one.lift else None
    return {
        "code": one.rule.code,
        "times": one.times,
        "leads": one.leads,
        "to_sql": one.share,
        "lift": lift,
        "points": one.rule.points,
        "suggested": one.suggested,
        "silent": one.silent,
    }
