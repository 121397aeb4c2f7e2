import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction

from leads.thresholds import Thresholds, in_force
from scoring.management import publish_first_model
from scoring.models import LedgerEntry, Rule, ScoringModel
from scoring.published import published, thresholds_of
from tests.factories import NOW, make_lead
from tests.scoring.makers import change_model, set_rules

pytestmark = pytest.mark.django_db


def test_default_thresholds_are_those_of_the_domain():
    assert published().thresholds == Thresholds(prospect=10, lead=50, mql=75, sql_ready=100)
    assert (in_force().thresholds, in_force().version) == (published().thresholds, 1)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"offers": 3}, (10, 30, 55, 80)),
        ({"lead": 40}, (10, 40, 65, 90)),
        ({"mql": 90}, (10, 50, 90, 115)),
        ({"prospect": 0, "sql_ready": 0}, (0, 50, 75, 0)),
        ({"prospect": 5, "lead": 6, "mql": 7, "sql_ready": 8}, (5, 6, 7, 8)),
    ],
)
def test_thresholds_are_derived_unless_typed(fields, expected):
    found = thresholds_of(ScoringModel(**fields))
    assert (found.prospect, found.lead, found.mql, found.sql_ready) == expected


def test_model_is_read_once(django_assert_num_queries):
    published()
    with django_assert_num_queries(1):
        published()


def test_any_change_is_seen_at_once():
    before = published()
    rule = Rule.objects.get(event_kind="form.contact")
    rule.points = 51
    rule.save()
    assert published().behaviour("form.contact")[0].points == 51
    change_model(cumulative=False)
    assert (published().cumulative, before.cumulative) == (False, True)


def test_inactive_rules_are_left_out():
    set_rules({"event_kind": "x.y", "points": 5}, {"event_kind": "x.z", "points": 5, "is_active": False})
    assert [rule.event_kind for rule in published().rules] == ["x.y"]


def test_steps_are_put_in_order():
    change_model(steps=[{"days": 60, "points": 2}, {"days": 20, "points": 1}])
    assert published().steps == ((20, 1), (60, 2))


def test_without_a_published_model_nobody_guesses():
    ScoringModel.objects.update(state="retired")
    with pytest.raises(ObjectDoesNotExist):
        published()


def test_only_one_model_is_in_force():
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoringModel.objects.create(version=2, name="x", state="published", published_at=NOW)


def test_published_model_says_since_when():
    with pytest.raises(IntegrityError), transaction.atomic():
        change_model(published_at=None)


def test_first_model_is_published_where_there_is_none_and_only_there():
    Rule.objects.all().delete()
    ScoringModel.objects.all().delete()
    publish_first_model(apps)
    publish_first_model(apps)
    assert (ScoringModel.objects.count(), Rule.objects.count()) == (1, 15)


def test_first_model_waits_for_its_tables():
    class Before:
        all_models = {"scoring": {}}

    publish_first_model(Before())
    assert ScoringModel.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"event_kind": ""}, {"kind": "profile", "event_kind": "x.y"}, {"event_kind": "x.y", "repeat": "property"}],
)
def test_rule_that_looks_at_nothing_is_refused(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        set_rules({"points": 1, **wrong})


@pytest.mark.parametrize("wrong", [{"delta": 0}, {"kind": "decay"}, {"step": 30, "spell": NOW}])
def test_ledger_refuses_rows_that_say_nothing(wrong):
    make_lead(event={"kind": "form.contact"})
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.update(**wrong)


def test_rows_read_well():
    make_lead(event={"kind": "form.contact"})
    row = LedgerEntry.objects.get()
    assert str(row) == f"{row.lead_id}: +50 award"
    assert str(row.rule) == "Gửi biểu mẫu liên hệ"
    assert str(ScoringModel.objects.get()) == "Khung 100 điểm v1"
