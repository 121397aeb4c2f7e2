"""Editing a draft. Every edit makes a new revision, so that what was signed is exactly what is published."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Invalid, NotFound
from core.text import clean
from scoring.enums import Decay, ModelState, RuleKind
from scoring.models import Rule, ScoringModel
from scoring.sentences import checked_conditions

MOST_RULES = 200
MOST_POINTS = 1000
SETTINGS = (
    "name", "offers", "prospect", "lead", "mql", "sql_ready", "decay", "cumulative", "steps", "expiry_days",
    "pause_when_accepted", "fit_a", "fit_b", "engagement_1", "engagement_2",
)  # fmt: skip
RULE_FIELDS = (
    "label_vi", "label_en", "kind", "event_kind", "conditions", "points", "repeat", "repeat_property", "cap_per_day",
    "cap_per_lead", "mode", "category", "product_qualifying", "expiry_days", "is_active",
)  # fmt: skip


@transaction.atomic
def create_draft(*, name: str, by: User | None, at: datetime, based_on: ScoringModel | None = None) -> ScoringModel:
    """A new draft with everything of `based_on` (the published model unless another is named). Raises Invalid."""
    if not (called := clean(name, 120)):
        raise Invalid(_("Give the draft a name."), code="required", field="name")
    origin = based_on or ScoringModel.objects.get(state=ModelState.PUBLISHED)
    # The version is the next free one: two drafts at the same moment wait for each other here.
    list(ScoringModel.objects.select_for_update().filter(state=ModelState.PUBLISHED))
    draft = ScoringModel.objects.create(
        **{**{field: getattr(origin, field) for field in SETTINGS}, "name": called},
        version=next_version(),
        based_on=origin,
        created_by=by,
        created_at=at,
    )
    copy_rules(origin, draft)
    return draft


def next_version() -> int:
    return int(ScoringModel.objects.aggregate(highest=Max("version"))["highest"] or 0) + 1


def copy_rules(origin: ScoringModel, to: ScoringModel) -> None:
    """The same rules with the same codes, in the same order."""
    names = ("code", "position", *RULE_FIELDS)
    Rule.objects.bulk_create(
        [Rule(model=to, **{name: getattr(rule, name) for name in names}) for rule in origin.rules.all()]
    )


def locked_draft(model: ScoringModel) -> ScoringModel:
    """The draft as it is now, locked. Raises Conflict when it is none (any more)."""
    draft = ScoringModel.objects.select_for_update().get(pk=model.pk)
    if not draft.is_draft:
        message = _("Only a draft can be changed. Make a new draft from this version.")
        raise Conflict(message, code="not_a_draft")
    return draft


@transaction.atomic
def edit_settings(model: ScoringModel, changes: Mapping[str, Any], *, seen: str = "") -> ScoringModel:
    """Name, thresholds, decay, grade bounds, the SQL rule. Raises Invalid for what can't be, Conflict for no draft.

    `seen`: the mark of the settings that the editor looked at; Conflict when they are others by now.
    """
    draft = locked_draft(model)
    _check_seen(seen, settings_mark(draft))
    for name, value in changes.items():
        if name not in SETTINGS:
            raise Invalid(_("There is no such setting."), code="unknown_field", field=name)
        setattr(draft, name, _checked_setting(name, value))
    _check(draft, exclude=["version", "based_on", "created_by"])
    check_order(draft)
    draft.revision += 1
    draft.save()
    return draft


def _checked_setting(name: str, value: Any) -> Any:
    if name == "steps":
        return checked_steps(value)
    return clean(value, 120) if name == "name" and isinstance(value, str) else value


@transaction.atomic
def edit_draft(
    model: ScoringModel, changes: Mapping[str, Any], *, rules: Sequence[Mapping[str, Any]] | None = None
) -> None:
    """Settings and rules together: all of it, or nothing."""
    if changes:
        edit_settings(model, changes)
    if rules is not None:
        replace_rules(model, rules)


@transaction.atomic
def save_rule(model: ScoringModel, given: Mapping[str, Any], *, code: str = "", seen: str = "") -> Rule:
    """A new rule, or the one with this code as `given` has it. Raises Invalid, NotFound, Conflict.

    `seen`: the mark of the rule that the editor looked at; Conflict when it is another by now.
    """
    draft = locked_draft(model)
    rule = draft.rules.filter(code=code).first() if code else _new_rule(draft)
    if rule is None:
        raise NotFound
    if code:
        _check_seen(seen, rule_mark(rule))
    for name, value in given.items():
        if name not in RULE_FIELDS:
            raise Invalid(_("A rule has no such field."), code="unknown_field", field=name)
        setattr(rule, name, value)
    check_rule(rule)
    rule.save()
    _edited(draft)
    return rule


@transaction.atomic
def drop_rule(model: ScoringModel, *, code: str) -> None:
    """Takes a rule out of the draft; earlier versions keep theirs."""
    draft = locked_draft(model)
    if not draft.rules.filter(code=code).delete()[0]:
        raise NotFound
    _edited(draft)


@transaction.atomic
def replace_rules(model: ScoringModel, given: Sequence[Mapping[str, Any]]) -> None:
    """Makes the draft's rules exactly these, in this order; one that names a `code` of the draft stays that rule."""
    draft = locked_draft(model)
    codes = [str(one["code"]) for one in given if one.get("code")]
    if len(codes) != len(set(codes)):
        raise Invalid(_("Two rules have the same code."), code="doubled", field="rules")
    known = set(draft.rules.values_list("code", flat=True))
    draft.rules.exclude(code__in=codes).delete()
    for position, one in enumerate(given):
        fields = {name: value for name, value in one.items() if name != "code"}
        code = str(one.get("code") or "")
        rule = save_rule(draft, fields, code=code if code in known else "")
        Rule.objects.filter(pk=rule.pk).update(position=position, **({"code": code[:20]} if code else {}))


@transaction.atomic
def drop_draft(model: ScoringModel) -> None:
    """Throws a draft away, with its trials and signatures."""
    locked_draft(model).delete()


def checked_steps(value: Any) -> list[dict[str, int]]:
    """Steps of silence in rising order. Raises Invalid unless each has whole days and points, no day twice."""
    steps = value if isinstance(value, list) else [None]
    plain = [s for s in steps if isinstance(s, Mapping) and {"days", "points"} == set(s)]
    usable = [s for s in plain if all(type(s[name]) is int for name in s) and 0 < s["days"] <= 730]
    usable = [s for s in usable if 0 < s["points"] <= MOST_POINTS]
    if len(usable) != len(steps) or len({s["days"] for s in usable}) != len(steps) or len(steps) > 12:
        message = _("Each step has days (1 to 730) and points (1 to 1,000), no day twice.")
        raise Invalid(message, code="invalid", field="steps")
    return sorted(({"days": s["days"], "points": s["points"]} for s in usable), key=lambda s: s["days"])


def check_order(model: ScoringModel) -> None:
    """Raises Invalid unless thresholds and bounds rise."""
    from_low = [
        ("lead", model.prospect, model.lead), ("mql", model.lead, model.mql), ("sql_ready", model.mql, model.sql_ready),
        ("fit_b", model.fit_b, model.fit_a), ("engagement_2", model.engagement_2, model.engagement_1),
    ]  # fmt: skip
    for field, low, high in from_low:
        if low is not None and high is not None and low > high:
            message = _("The thresholds must rise: prospect, lead, MQL, Sales first; grade A above B, 1 above 2.")
            raise Invalid(message, code="order", field=field)
    if model.decay in {Decay.INACTIVITY, Decay.BOTH} and not model.steps:
        raise Invalid(_("Say after how many days of silence points go."), code="required", field="steps")


def check_rule(rule: Rule) -> None:
    """Raises Invalid for a rule that can't be stored or makes no sense by itself."""
    rule.label_vi, rule.label_en = clean(rule.label_vi, 120), clean(rule.label_en, 120)
    rule.label_vi, rule.label_en = rule.label_vi or rule.label_en, rule.label_en or rule.label_vi
    rule.conditions = checked_conditions(rule.conditions)
    if type(rule.points) is not int or rule.points == 0 or abs(rule.points) > MOST_POINTS:
        raise Invalid(_("Points are a whole number up to 1,000, and not 0."), code="invalid", field="points")
    if rule.kind == RuleKind.PROFILE:
        rule.event_kind = rule.repeat_property = ""
        rule.repeat, rule.product_qualifying = "once", False
        if not rule.conditions:
            raise Invalid(_("Say what must be true of the person."), code="required", field="conditions")
    elif not rule.event_kind:
        raise Invalid(_("Say which event the rule waits for."), code="required", field="event_kind")
    if rule.repeat == "property" and not rule.repeat_property:
        raise Invalid(_("Say which property counts once per value."), code="required", field="repeat_property")
    _check(rule, exclude=["model", "code"])


def _new_rule(draft: ScoringModel) -> Rule:
    if draft.rules.count() >= MOST_RULES:
        raise Invalid(_("A model holds at most %(most)s rules.") % {"most": MOST_RULES}, code="too_many", field="rules")
    last = draft.rules.aggregate(last=Max("position"))["last"]
    return Rule(model=draft, position=0 if last is None else last + 1)


def rule_mark(rule: Rule) -> str:
    """Changes when anything in the rule does."""
    return _mark(rule, RULE_FIELDS)


def settings_mark(model: ScoringModel) -> str:
    """Changes when any setting does; rules have their own."""
    return _mark(model, SETTINGS)


def _mark(row: Rule | ScoringModel, names: Sequence[str]) -> str:
    told = orjson.dumps([getattr(row, name) for name in names], default=str)
    return sha256(told).hexdigest()[:20]


def _check_seen(seen: str, now: str) -> None:
    if seen and seen != now:
        message = _(
            "Somebody has changed this meanwhile. Look at it in another tab; saving again puts yours in its place."
        )
        raise Conflict(message, code="changed_meanwhile")


def _edited(draft: ScoringModel) -> None:
    ScoringModel.objects.filter(pk=draft.pk).update(revision=F("revision") + 1)


def _check(row: Rule | ScoringModel, *, exclude: Sequence[str]) -> None:
    """The model's own field checks, as our errors."""
    try:
        row.clean_fields(exclude=set(exclude))
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise Invalid(problems[0], code="invalid", field=field) from error
