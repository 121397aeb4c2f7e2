import pytest

from core.errors import Conflict, Invalid, NotFound
from scoring.differences import Change, compare
from scoring.drafts import (
    create_draft,
    drop_draft,
    drop_rule,
    edit_draft,
    edit_settings,
    replace_rules,
    save_rule,
)
from scoring.enums import ModelState
from scoring.models import Rule, ScoringModel
from scoring.published import published
from tests.factories import NOW, make_user
from tests.scoring.studio import make_draft, put_in_force

pytestmark = pytest.mark.django_db
CLICK = {"label_vi": "Bấm quảng cáo", "event_kind": "ad.clicked", "points": 4}


def test_a_draft_does_not_touch_what_is_in_force():
    before = published()
    draft = make_draft()
    save_rule(draft, CLICK)
    edit_settings(draft, {"mql": 60})
    assert published() == before
    assert ScoringModel.objects.get(state=ModelState.PUBLISHED).version == 1


def test_a_draft_needs_a_name_and_may_come_from_any_version():
    with pytest.raises(Invalid):
        create_draft(name="  ", by=None, at=NOW)
    first = make_draft()
    save_rule(first, CLICK)
    second = create_draft(name="Hai", by=make_user(), at=NOW, based_on=first)
    assert (second.version, second.based_on, second.rules.filter(event_kind="ad.clicked").count()) == (3, first, 1)


def test_every_edit_makes_a_new_revision():
    draft = make_draft()
    rule = save_rule(draft, CLICK)
    save_rule(draft, {"points": 5}, code=rule.code)
    edit_settings(draft, {"offers": 6})
    drop_rule(draft, code=rule.code)
    draft.refresh_from_db()
    assert draft.revision == 5


def test_a_rule_is_cleaned_and_put_last():
    rule = save_rule(make_draft(), {**CLICK, "conditions": [{"field": " page ", "op": "contains", "value": [" giá "]}]})
    assert (rule.label_vi, rule.label_en, rule.position) == ("Bấm quảng cáo", "Bấm quảng cáo", 15)
    assert rule.conditions == [{"field": "page", "op": "contains", "value": ["giá"]}]


def test_a_profile_rule_forgets_what_only_behaviour_has():
    given = {
        "label_vi": "Hà Nội", "kind": "profile", "event_kind": "x", "points": 3, "repeat": "every",
        "product_qualifying": True, "conditions": [{"field": "city", "op": "equals", "value": "Hà Nội"}],
    }  # fmt: skip
    rule = save_rule(make_draft(), given)
    assert (rule.event_kind, rule.repeat, rule.product_qualifying) == ("", "once", False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": 0}, "points"),
        ({"points": 1001}, "points"),
        ({"points": True}, "points"),
        ({"points": "5"}, "points"),
        ({"event_kind": ""}, "event_kind"),
        ({"kind": "profile"}, "conditions"),
        ({"kind": "other"}, "kind"),
        ({"repeat": "property"}, "repeat_property"),
        ({"label_vi": " "}, "label_vi"),
        ({"cap_per_day": 0}, "cap_per_day"),
        ({"cap_per_day": -1}, "cap_per_day"),
        ({"secret": 1}, "secret"),
        ({"conditions": "x"}, "conditions"),
        ({"conditions": [1]}, "conditions"),
        ({"conditions": [{"field": "", "op": "equals", "value": "x"}]}, "conditions"),
        ({"conditions": [{"field": "a", "op": "like", "value": "x"}]}, "conditions"),
        ({"conditions": [{"field": "a", "op": "greater", "value": "x"}]}, "conditions"),
        ({"conditions": [{"field": "a", "op": "greater", "value": True}]}, "conditions"),
        ({"conditions": [{"field": "a", "op": "less", "value": float("inf")}]}, "conditions"),
        ({"conditions": [{"field": "title", "op": "level", "value": "boss"}]}, "conditions"),
        ({"conditions": [{"field": "a", "op": "one_of", "value": []}]}, "conditions"),
        ({"conditions": [{"field": "a", "op": "equals", "value": " "}]}, "conditions"),
        ({"conditions": [{"field": "a", "op": "equals", "value": {"x": 1}}]}, "conditions"),
        ({"conditions": [{"field": "a", "op": "equals", "value": "x"}] * 9}, "conditions"),
    ],
)
def test_rules_that_can_not_be(change, field):
    draft = make_draft()
    with pytest.raises(Invalid) as refused:
        save_rule(draft, {**CLICK, **change})
    assert refused.value.field == field
    assert draft.rules.count() == 15


def test_conditions_keep_numbers_yes_and_known():
    given = [
        {"field": "a", "op": "equals", "value": 3},
        {"field": "b", "op": "equals", "value": True},
        {"field": "c", "op": "equals", "value": 2.5},
        {"field": "d", "op": "given"},
        {"field": "e", "op": "less", "value": 7},
        {"field": "title", "op": "level", "value": "director"},
    ]
    rule = save_rule(make_draft(), {**CLICK, "conditions": given})
    assert rule.conditions == [*given[:3], {"field": "d", "op": "given", "value": True}, *given[4:]]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"offers": -1}, "offers"),
        ({"mql": 40, "lead": 50}, "mql"),
        ({"prospect": 60, "lead": 50}, "lead"),
        ({"sql_ready": 10, "mql": 20}, "sql_ready"),
        ({"fit_a": 5, "fit_b": 10}, "fit_b"),
        ({"engagement_1": 5}, "engagement_2"),
        ({"decay": "sometimes"}, "decay"),
        ({"steps": []}, "steps"),
        ({"steps": "x"}, "steps"),
        ({"steps": [{"days": 0, "points": 5}]}, "steps"),
        ({"steps": [{"days": 10, "points": 0}]}, "steps"),
        ({"steps": [{"days": 10, "points": 5}, {"days": 10, "points": 6}]}, "steps"),
        ({"steps": [{"days": 10}]}, "steps"),
        ({"state": "published"}, "state"),
    ],
)
def test_settings_that_can_not_be(change, field):
    draft = make_draft()
    with pytest.raises(Invalid) as refused:
        edit_settings(draft, change)
    assert refused.value.field == field
    draft.refresh_from_db()
    assert draft.revision == 1


def test_steps_are_put_in_order_and_may_be_none_where_silence_takes_nothing():
    draft = make_draft()
    edit_settings(draft, {"steps": [{"days": 60, "points": 9}, {"days": 20, "points": 3}]})
    draft.refresh_from_db()
    assert [step["days"] for step in draft.steps] == [20, 60]
    assert edit_settings(draft, {"steps": [], "decay": "none"}).steps == []


def test_only_drafts_are_edited():
    model = ScoringModel.objects.get(version=1)
    for edit in (
        lambda: edit_settings(model, {"mql": 60}),
        lambda: save_rule(model, CLICK),
        lambda: drop_rule(model, code="x"),
        lambda: drop_draft(model),
    ):
        with pytest.raises(Conflict) as refused:
            edit()
        assert refused.value.code == "not_a_draft"


def test_rules_that_are_not_there():
    draft = make_draft()
    with pytest.raises(NotFound):
        save_rule(draft, CLICK, code="nothing")
    with pytest.raises(NotFound):
        drop_rule(draft, code="nothing")


def test_a_model_holds_so_many_rules_and_no_more(monkeypatch):
    monkeypatch.setattr("scoring.drafts.MOST_RULES", 16)
    draft = make_draft()
    save_rule(draft, CLICK)
    with pytest.raises(Invalid) as refused:
        save_rule(draft, CLICK)
    assert refused.value.code == "too_many"


def test_rules_are_replaced_together_and_keep_their_codes():
    draft = make_draft()
    kept = draft.rules.get(event_kind="form.contact")
    replace_rules(draft, [{**CLICK, "code": "moi-1"}, {"code": kept.code, "points": 33}, CLICK])
    rows = list(draft.rules.values_list("position", "points"))
    assert rows == [(0, 4), (1, 33), (2, 4)]
    assert list(draft.rules.values_list("code", flat=True))[:2] == ["moi-1", kept.code]
    with pytest.raises(Invalid):
        replace_rules(draft, [{**CLICK, "code": "a"}, {**CLICK, "code": "a"}])


def test_settings_and_rules_together_or_not_at_all():
    draft = make_draft()
    with pytest.raises(Invalid):
        edit_draft(draft, {"mql": 90}, rules=[{**CLICK, "points": 0}])
    draft.refresh_from_db()
    assert (draft.mql, draft.rules.count()) == (None, 15)
    edit_draft(draft, {}, rules=[CLICK])
    edit_draft(draft, {"mql": 90})
    draft.refresh_from_db()
    assert (draft.mql, draft.rules.count()) == (90, 1)


def test_a_draft_thrown_away_takes_its_rules_with_it():
    draft = make_draft()
    drop_draft(draft)
    assert (ScoringModel.objects.count(), Rule.objects.count()) == (1, 15)


def test_difference_names_what_is_new_gone_and_changed():
    draft = make_draft()
    save_rule(draft, CLICK)
    drop_rule(draft, code=draft.rules.get(event_kind="form.demo").code)
    contact = draft.rules.get(event_kind="form.contact")
    save_rule(
        draft,
        {"points": 40, "is_active": False, "conditions": [{"field": "form", "op": "equals", "value": "A"}]},
        code=contact.code,
    )
    edit_settings(draft, {"offers": 4, "cumulative": False, "steps": [{"days": 45, "points": 20}]})
    draft.refresh_from_db()
    found = compare(ScoringModel.objects.get(version=1), draft)
    assert not found.empty
    assert {change.what: (change.before, change.after) for change in found.settings} == {
        "số ưu đãi miễn phí": ("5", "4"),
        "ngưỡng lead": ("50", "40"),
        "ngưỡng MQL": ("75", "65"),
        "ngưỡng Sales ưu tiên": ("100", "90"),
        "mỗi mốc trừ điểm riêng": ("Có", "Không"),
        "các mốc im lặng": ("30 ngày: −15, 60 ngày: −30, 90 ngày: −50", "45 ngày: −20"),
    }
    assert [(one.kind, one.rule.event_kind) for one in found.rules] == [
        ("added", "ad.clicked"), ("changed", "form.contact"), ("dropped", "form.demo"),
    ]  # fmt: skip
    changed = next(one for one in found.rules if one.kind == "changed")
    assert Change("Điều kiện", "–", "form là A") in changed.changes
    assert [(change.before, change.after) for change in changed.changes if change.before == "50"] == [("50", "40")]


def test_a_copy_differs_in_nothing():
    draft = make_draft()
    assert compare(ScoringModel.objects.get(version=1), draft).empty
    put_in_force(draft, at=NOW)
    assert compare(ScoringModel.objects.get(version=1), ScoringModel.objects.get(version=2)).empty
