"""What the calls on assignment rules, absences and fairness take and answer."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers as s

from accounts.enums import Side
from accounts.models import Team, User
from api.v1.agreement_shapes import Colleague, SalesTeam
from api.v1.bodies import Body
from api.v1.schemas import Page
from api.v1.sent import Shape
from api.v1.shapes import person_json
from leads.assigning.fairness import Fairness, RepShare
from leads.assigning.rules import Miss
from leads.assigning.trial import Bar, Trial
from leads.models import Absence, AssignmentRule, Speciality

WORDS = ("sources", "campaigns", "cities", "products", "languages")
MOST_WORDS = 200
LARGEST_SCORE = 100_000


def words() -> s.ListField:
    return s.ListField(
        child=s.CharField(max_length=120), required=False, max_length=MOST_WORDS, help_text="Empty means any"
    )


def score() -> s.IntegerField:
    return s.IntegerField(required=False, allow_null=True, min_value=0, max_value=LARGEST_SCORE)


class EditRuleBody(Body):
    """Only what is given changes. A rule leads to a team or to a person."""

    name = s.CharField(max_length=120, required=False)
    active = s.BooleanField(required=False)
    sources = words()
    campaigns = words()
    cities = words()
    products = words()
    languages = words()
    score_min = score()
    score_max = score()
    team = s.PrimaryKeyRelatedField(
        queryset=Team.objects.filter(side=Side.SALES), required=False, allow_null=True, help_text="A sales team's id"
    )
    person = s.PrimaryKeyRelatedField(
        queryset=User.objects.sellers(), required=False, allow_null=True, help_text="A seller's id"
    )


class NewRuleBody(EditRuleBody):
    name = s.CharField(max_length=120)


class MoveBody(Body):
    way = s.ChoiceField(choices=["up", "down"])


class AbsenceBody(Body):
    user = s.IntegerField(min_value=1, max_value=2**63 - 1)
    first = s.DateField()
    last = s.DateField()
    reason = s.CharField(required=False, allow_blank=True, default="", max_length=120)


class SkillsBody(Body):
    """All of it; what is not given is empty."""

    products = words()
    cities = words()
    languages = words()


class LeavingBody(Body):
    to = s.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, allow_null=True, default=None, help_text="null: by the rules"
    )


class SellerShape(Shape):
    id = s.IntegerField()
    name = s.CharField()
    team = SalesTeam(allow_null=True)
    on_duty = s.BooleanField()
    capacity = s.IntegerField(help_text="Open hand-offs at the same time")
    weight = s.IntegerField(help_text="The share in the rotation")
    products = s.ListField(child=s.CharField(), help_text="Empty means any")
    cities = s.ListField(child=s.CharField())
    languages = s.ListField(child=s.CharField())


class SellerPage(Page):
    results = SellerShape(many=True)


class HandedOverShape(Shape):
    given = s.IntegerField()
    waiting = s.IntegerField(help_text="Nobody is free: they wait in the pool")


class AssignmentRuleShape(Shape):
    id = s.IntegerField()
    position = s.IntegerField()
    name = s.CharField()
    active = s.BooleanField()
    sources = s.ListField(child=s.CharField())
    campaigns = s.ListField(child=s.CharField())
    cities = s.ListField(child=s.CharField())
    products = s.ListField(child=s.CharField())
    languages = s.ListField(child=s.CharField())
    score_min = s.IntegerField(allow_null=True)
    score_max = s.IntegerField(allow_null=True)
    team = SalesTeam(allow_null=True)
    person = Colleague(allow_null=True)


class AssignmentRulePage(Page):
    results = AssignmentRuleShape(many=True)


class RuleOrder(Shape):
    rules = s.ListField(child=s.IntegerField(), help_text="Ids in their new order")


class AbsenceShape(Shape):
    id = s.IntegerField()
    user = Colleague()
    first = s.DateField()
    last = s.DateField(help_text="Included")
    reason = s.CharField(allow_blank=True)


class AbsencePage(Page):
    results = AbsenceShape(many=True)


class TriedRuleShape(Shape):
    id = s.IntegerField()
    name = s.CharField()
    miss = s.ChoiceField(choices=[one.value for one in Miss], allow_null=True, help_text="null: it fits")


class TriedRepShape(Shape):
    user = Colleague()
    open_handoffs = s.IntegerField()
    capacity = s.IntegerField()
    bar = s.ChoiceField(choices=[one.value for one in Bar], allow_null=True, help_text="Why not; null: could have it")
    turn = s.IntegerField(allow_null=True)


class TrialShape(Shape):
    chosen = Colleague(allow_null=True, help_text="null: it would wait in the pool")
    keeps = s.BooleanField(help_text="Whoever has it now keeps it")
    rule = s.IntegerField(allow_null=True, help_text="The rule that decides; null: everybody takes turns")
    rules = TriedRuleShape(many=True)
    reps = TriedRepShape(many=True)


class RepShareShape(Shape):
    user = Colleague()
    by_turn = s.IntegerField()
    taken = s.IntegerField(help_text="Out of the pool")
    given = s.IntegerField(help_text="By hand")
    total = s.IntegerField()
    per_weight = s.FloatField()
    declined = s.IntegerField()
    recalled = s.IntegerField()
    open_handoffs = s.IntegerField()


class FairnessShape(Shape):
    total = s.IntegerField()
    spread = s.FloatField(allow_null=True, help_text="Most minus fewest by turn, per share; null below two reps")
    pool = s.IntegerField(help_text="Waiting now")
    reps = RepShareShape(many=True)

    def get_fields(self) -> Any:
        """`from` is no name that Python takes as an attribute."""
        return {"from": s.DateField(), "to": s.DateField(), **super().get_fields()}


def rule_json(rule: AssignmentRule) -> dict[str, Any]:
    names = ("position", "name", "active", *WORDS, "score_min", "score_max")
    return {
        "id": rule.pk,
        **{name: getattr(rule, name) for name in names},
        "team": {"id": rule.team.pk, "name": rule.team.name} if rule.team else None,
        "person": person_json(rule.person),
    }


def rules_json(rows: Sequence[AssignmentRule]) -> list[dict[str, Any]]:
    return [rule_json(row) for row in rows]


def absence_json(row: Absence) -> dict[str, Any]:
    return {
        "id": row.pk,
        "user": person_json(row.user),
        **{name: getattr(row, name) for name in ("first", "last", "reason")},
    }


def absences_json(rows: Sequence[Absence]) -> list[dict[str, Any]]:
    return [absence_json(row) for row in rows]


def trial_json(trial: Trial) -> dict[str, Any]:
    return {
        "chosen": person_json(trial.chosen),
        "keeps": trial.keeps,
        "rule": trial.rule.pk if trial.rule else None,
        "rules": [{"id": one.rule.pk, "name": one.rule.name, "miss": one.miss} for one in trial.rules],
        "reps": [
            {
                "user": person_json(one.user),
                "open_handoffs": one.open_handoffs,
                "capacity": one.user.capacity,
                "bar": one.bar,
                "turn": one.turn,
            }
            for one in trial.reps
        ],
    }


def fairness_json(found: Fairness) -> dict[str, Any]:
    return {
        "total": found.total,
        "spread": found.spread(),
        "pool": found.pool,
        "reps": [_share(one) for one in found.reps],
    }


def _share(one: RepShare) -> dict[str, Any]:
    names = ("by_turn", "taken", "given", "total", "per_weight", "declined", "recalled", "open_handoffs")
    return {"user": person_json(one.user), **{name: getattr(one, name) for name in names}}


def seller_json(rep: User, skills: Speciality | None) -> dict[str, Any]:
    """Without skills somebody is given anything."""
    return {
        "id": rep.pk,
        "name": rep.full_name,
        "team": {"id": rep.team.pk, "name": rep.team.name} if rep.team else None,
        **{name: getattr(rep, name) for name in ("on_duty", "capacity", "weight")},
        **{name: getattr(skills, name) if skills else [] for name in ("products", "cities", "languages")},
    }
