import pytest

from accounts.enums import Role
from leads.custom_fields import define_field
from scoring.conditions import Condition
from scoring.drafts import edit_settings, replace_rules, save_rule
from scoring.findings import contradict, findings, retired
from scoring.models import ScoringModel
from tests.factories import NOW
from tests.pages import as_role
from tests.scoring.studio import make_draft, put_in_force

pytestmark = pytest.mark.django_db


def one(field: str, op: str, value) -> Condition:
    return Condition(field, op, value)


@pytest.mark.parametrize(
    ("conditions", "never"),
    [
        ([], False),
        ([one("a", "equals", "x")], False),
        ([one("a", "equals", "x"), one("b", "equals", "y")], False),
        ([one("a", "equals", "x"), one("a", "equals", "y")], True),
        ([one("a", "equals", "x"), one("a", "one_of", ["x", "y"])], False),
        ([one("a", "one_of", ["x"]), one("a", "one_of", ["y"])], True),
        ([one("a", "one_of", ["x", "y"]), one("a", "one_of", ["y"])], False),
        ([one("a", "greater", 10), one("a", "less", 5)], True),
        ([one("a", "less", 5), one("a", "greater", 5)], True),
        ([one("a", "greater", 5), one("a", "less", 10)], False),
        ([one("a", "contains", "giá"), one("a", "not_contains", ["gia"])], True),
        ([one("a", "contains", ["giá", "phí"]), one("a", "not_contains", "giá")], False),
        ([one("a", "equals", 3), one("a", "greater", 5)], True),
        ([one("title", "level", "director"), one("title", "contains", "CEO")], False),
        ([one("a", "one_of", "x"), one("a", "equals", "y")], True),
    ],
)
def test_contradictions(conditions, never):
    assert contradict(conditions) is never


def draft_with(*rules: dict, **settings) -> ScoringModel:
    draft = make_draft()
    replace_rules(draft, [{"label_vi": f"quy tắc {n}", **rule} for n, rule in enumerate(rules)])
    if settings:
        edit_settings(draft, settings)
    draft.refresh_from_db()
    return draft


def found(*rules: dict, **settings) -> list[tuple[str, str]]:
    return [(f.level, f.code) for f in findings(draft_with(*rules, **settings))]


VIEW = {"event_kind": "page.viewed", "points": 3}


def test_the_first_model_has_nothing_wrong_with_it():
    assert findings(ScoringModel.objects.get(version=1)) == []


def test_rules_that_can_never_fire():
    conditions = [{"field": "page", "op": "equals", "value": value} for value in ("/a", "/b")]
    assert found({**VIEW, "conditions": conditions}) == [("error", "never_fires")]
    assert found({**VIEW, "points": -5, "mode": "raise_to"}, VIEW)[0] == ("error", "never_fires")
    assert found({**VIEW, "event_kind": "page.veiwed"}) == [("warning", "unknown_event")]


def test_a_rule_that_looks_at_a_field_nobody_fills_in():
    field = define_field(label="Ngành nghề", kind="text")
    asks = {**VIEW, "conditions": [{"field": f"custom.{field.key}", "op": "given", "value": True}]}
    assert found(asks) == []
    field.is_active = False
    field.save()
    draft = draft_with(asks, {**VIEW, "conditions": [{"field": "custom.never", "op": "given", "value": True}]})
    said = [(f.level, f.code, f.text) for f in retired(draft)]
    assert [one[:2] for one in said] == [("warning", "retired_field")] * 2
    assert ["“Ngành nghề”" in text for _level, _code, text in said] == [True, False]
    client, _user = as_role(Role.MARKETER)
    put_in_force(draft, at=NOW)
    assert said[0][2] in client.get(f"/scoring/models/{draft.version}/").content.decode()


def test_rules_that_count_the_same_event():
    pricing = {"conditions": [{"field": "page", "op": "contains", "value": "giá"}]}
    other = {"conditions": [{"field": "page", "op": "not_contains", "value": "giá"}]}
    assert found(VIEW, VIEW) == [("warning", "same_event")]
    assert found(VIEW, {**VIEW, **pricing}) == [("note", "same_event")]
    assert found({**VIEW, **other}, {**VIEW, **pricing}) == []
    assert found(VIEW, {"event_kind": "email.opened", "points": 1}) == []


def test_settings_of_a_rule_that_do_nothing():
    assert found({**VIEW, "cap_per_day": 5, "cap_per_lead": 3}, VIEW | {"event_kind": "form.demo"}) == [
        ("note", "idle_cap")
    ]
    assert found({**VIEW, "expiry_days": 20}) == [("warning", "idle_expiry")]
    assert found({**VIEW, "expiry_days": 20}, decay="both") == []
    looks = {"field": "page", "op": "given"}
    assert found({"event_kind": "form.demo", "points": 3, "conditions": [looks]}, VIEW) == [("note", "page_of_other")]


def test_a_line_nobody_can_reach():
    once = {"event_kind": "form.demo", "points": 20, "repeat": "once"}
    assert found(once) == [("error", "line_out_of_reach")]
    assert found({**once, "points": 80}) == []
    assert found({**once, "points": 80, "mode": "raise_to"}) == []
    assert found({**VIEW, "cap_per_lead": 3}) == [("error", "line_out_of_reach")]
    assert found(once, mql=20, lead=10) == []


def test_findings_name_their_rules_and_the_gravest_comes_first():
    draft = draft_with(VIEW, VIEW)
    save_rule(draft, {**VIEW, "label_vi": "hỏng", "points": -1, "mode": "raise_to"})
    rows = findings(draft)
    assert [row.level for row in rows] == ["error", "warning", "warning", "warning"]
    assert rows[0].text == "“hỏng” không bao giờ xảy ra: không ai được nâng điểm lên 0 hay thấp hơn."
    assert len(rows[1].rules) == 2
