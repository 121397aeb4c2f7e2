from datetime import date, timedelta

import pytest

from accounts.enums import Role
from core.errors import Conflict, Invalid, NotFound, Refused
from leads import tasks
from leads.assigning.editing import add_absence, move_rule, remove_absence, remove_rule, set_speciality
from leads.assigning.fairness import fairness
from leads.assigning.handback import decline, recall_untouched
from leads.assigning.leaving import hand_over_all
from leads.assigning.rules import Miss, Profile, fitting, miss, suits
from leads.assigning.trial import Bar, try_lead
from leads.assignment import assign_by_rules, drain_pool, reassign
from leads.calls import log_call
from leads.checks import violations
from leads.models import Absence, AssignmentRule, Event, Handback, Handoff, Lead, Policy, Speciality, Standing
from leads.standing import lock
from tests.factories import NOW, accept, make_handoff, make_lead, make_team, make_user
from tests.leads.rules import rule

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
HANOI = Profile(source="facebook", campaign="tet", city="Hà Nội", product="Pro", language="vi", score=80)


def kinds(handoff):
    return list(
        Event.objects.filter(lead=handoff.lead_id, kind__startswith="handoff")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


# --- rules -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, None),
        ({"active": False}, Miss.OFF),
        ({"sources": ["Facebook", "zalo"]}, None),
        ({"sources": ["zalo"]}, Miss.SOURCE),
        ({"campaigns": ["he"]}, Miss.CAMPAIGN),
        ({"cities": ["ha noi"]}, None),
        ({"cities": ["Đà Nẵng"]}, Miss.CITY),
        ({"products": ["Basic"]}, Miss.PRODUCT),
        ({"languages": ["en"]}, Miss.LANGUAGE),
        ({"score_min": 80, "score_max": 80}, None),
        ({"score_min": 81}, Miss.SCORE),
        ({"score_max": 79}, Miss.SCORE),
    ],
)
def test_rule_fits_or_says_the_first_condition_that_does_not(fields, expected):
    assert miss(AssignmentRule(team_id=1, **fields), HANOI) == expected


def test_fitting_rules_are_persons_up_to_the_first_team():
    person, team, later = AssignmentRule(person_id=1), AssignmentRule(team_id=1), AssignmentRule(team_id=2)
    other = AssignmentRule(team_id=3, cities=["Huế"])
    assert fitting([other, person, team, later], HANOI) == [person, team]


@pytest.mark.parametrize(
    ("fields", "fits"),
    [({}, True), ({"products": ["pro"]}, True), ({"products": ["basic"]}, False), ({"cities": ["Huế"]}, False)],
)
def test_speciality_suits(fields, fits):
    assert suits(Speciality(**fields), HANOI) is fits
    assert suits(None, HANOI) is True
    assert suits(Speciality(**fields), Profile()) is True  # what nobody knows hinders nobody


def test_lead_goes_to_the_team_of_the_first_rule_that_fits():
    north, south = make_user(), make_user()
    rule(cities=["Hà Nội"], team=north.team)
    rule(team=south.team)
    assert make_handoff(city="hà nội").owner == north
    assert [make_handoff(city="Huế").owner for _n in range(2)] == [south, south]


def test_person_of_a_rule_is_passed_over_when_not_free():
    star, other = make_user(capacity=1), make_user()
    rule(score_min=0, person=star)
    rule(team=other.team)
    assert [make_handoff().owner for _n in range(2)] == [star, other]


def test_person_rule_alone_leaves_the_rest_to_everybody():
    star = make_user(capacity=1)
    rule(person=star)
    make_handoff()
    other = make_user()
    assert make_handoff().owner == other


def test_nobody_free_in_the_team_is_the_pool_of_the_team():
    team = make_team()
    make_user()
    rule(team=team)
    handoff = make_handoff()
    assert (handoff.owner, Handoff.objects.get().team, Standing.objects.get().team) == (None, team, team)
    rep = make_user(team=team)
    assert drain_pool(at=NOW) == 1
    assert Handoff.objects.get().owner == rep
    assert list(violations(at=NOW)) == []


def test_teams_take_turns_among_themselves():
    team = make_team()
    reps = [make_user(team=team) for _n in range(3)]
    make_user()
    rule(team=team)
    owners = [make_handoff().owner_id for _n in range(9)]
    assert sorted(owners.count(rep.pk) for rep in reps) == [3, 3, 3]


def test_skills_decide_inside_the_group_and_cost_nobody_the_turn():
    team = make_team()
    hue, all_round = make_user(team=team), make_user(team=team)
    set_speciality(hue, words={"cities": ["Huế"]})
    assert [make_handoff(city="Hà Nội").owner for _n in range(3)] == [all_round] * 3
    assert make_handoff(city="Huế").owner == hue
    set_speciality(hue, words={})
    assert Speciality.objects.count() == 0


def test_weights_hold_inside_a_team_of_a_rule():
    team = make_team()
    double, single = make_user(team=team, weight=2), make_user(team=team)
    rule(team=team)
    owners = [make_handoff().owner_id for _n in range(9)]
    assert (owners.count(double.pk), owners.count(single.pk)) == (6, 3)


def test_absent_reps_get_nothing_on_those_days():
    rep = make_user()
    absence = add_absence(rep, first=date(2026, 11, 23), last=date(2026, 11, 23), reason="Ốm")
    assert make_handoff().owner is None
    assert make_handoff(at=NOW + timedelta(days=1)).owner == rep
    remove_absence(absence)
    assert (make_handoff().owner, Absence.objects.count()) == (rep, 0)


def test_absence_in_the_wrong_order_or_of_a_marketer_is_refused():
    with pytest.raises(Invalid):
        add_absence(make_user(), first=date(2026, 11, 23), last=date(2026, 11, 22))
    with pytest.raises(Invalid):
        add_absence(make_user(Role.MARKETER), first=date(2026, 11, 23), last=date(2026, 11, 23))


def test_rules_are_moved_and_removed():
    first, second = rule(name="a", team=make_team()), rule(name="b", team=make_team())
    move_rule(second.pk, up=True)
    move_rule(second.pk, up=True)
    assert [r.name for r in AssignmentRule.objects.all()] == ["b", "a"]
    move_rule(second.pk, up=False)
    assert [r.name for r in AssignmentRule.objects.all()] == ["a", "b"]
    remove_rule(first.pk)
    for act in (lambda: remove_rule(first.pk), lambda: move_rule(first.pk, up=True)):
        with pytest.raises(NotFound):
            act()


# --- handing back ----------------------------------------------------------------------------------


def test_declining_gives_the_lead_to_somebody_else_with_the_reason():
    first, second = make_user(), make_user()
    handoff = make_handoff()
    by, other = (first, second) if handoff.owner == first else (second, first)
    decline(handoff.lead_id, by=by, at=NOW, reason=" Người nhà của tôi ")
    handoff.refresh_from_db()
    assert (handoff.owner, kinds(handoff)[-1]) == (other, "handoff.declined")
    assert Handback.objects.get().reason == "Người nhà của tôi"
    assigned = Event.objects.filter(kind="lead.assigned").latest("pk")
    assert (assigned.properties["why"], assigned.properties["previous"]) == ("declined", by.pk)


def test_declined_lead_waits_in_the_pool_rather_than_come_back():
    rep = make_user()
    handoff = make_handoff()
    decline(handoff.lead_id, by=rep, at=NOW, reason="Không hợp")
    assert (drain_pool(at=NOW), Handoff.objects.get().owner) == (0, None)
    reassign([handoff.lead_id], to=rep, by=None, at=NOW)
    with pytest.raises(Conflict):
        decline(handoff.lead_id, by=rep, at=NOW, reason="Lần nữa")


def test_declining_needs_a_reason_the_owner_and_an_untouched_open_handoff():
    rep = make_user()
    handoff = make_handoff()
    with pytest.raises(Invalid):
        decline(handoff.lead_id, by=rep, at=NOW, reason="  ")
    with pytest.raises(Refused):
        decline(handoff.lead_id, by=make_user(), at=NOW, reason="x")
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="no_answer")
    with pytest.raises(Conflict):
        decline(handoff.lead_id, by=rep, at=NOW, reason="x")
    with pytest.raises(Conflict):
        decline(make_lead().pk, by=rep, at=NOW, reason="x")


def test_untouched_leads_are_recalled_after_eight_business_hours():
    first, second = make_user(), make_user()
    handoff = make_handoff()
    by, other = (first, second) if handoff.owner == first else (second, first)
    noon = NOW + 8 * HOUR  # 18:00: five and a half business hours, closed at 17:30
    assert recall_untouched(at=noon) == 0
    due = NOW + timedelta(days=2) - timedelta(minutes=30)  # Wednesday 9:30; Tuesday is a public holiday
    assert recall_untouched(at=due - timedelta(minutes=1)) == 0
    assert recall_untouched(at=due) == 1
    assert recall_untouched(at=due) == 0
    handoff.refresh_from_db()
    assert (handoff.owner, Handback.objects.get().user) == (other, by)
    assert kinds(handoff)[-1] == "handoff.recalled"
    assert list(violations(at=due)) == []


def test_touched_leads_stay_and_the_setting_counts():
    rep = make_user()
    handoff = make_handoff()
    log_call(handoff.lead_id, by=rep, at=NOW, outcome="no_answer")
    make_handoff()
    Policy.objects.create(pk=1, recall_hours=1)
    assert recall_untouched(at=NOW + HOUR) == 1
    assert Handoff.objects.get(pk=handoff.pk).owner == rep


def test_after_two_recalls_the_manager_decides():
    for _n in range(4):
        make_user()
    handoff = make_handoff()
    wednesday, thursday = NOW + timedelta(days=2), NOW + timedelta(days=3)
    assert [recall_untouched(at=at) for at in (wednesday, thursday)] == [1, 1]
    handoff.refresh_from_db()
    assert (handoff.owner, kinds(handoff)[-3:]) == (None, ["handoff.recalled", "handoff.pooled", "handoff.held"])
    assert (drain_pool(at=thursday), Handback.objects.filter(kind="recalled").count()) == (0, 2)
    reassign([handoff.lead_id], to=make_user(), by=make_user(Role.SALES_MANAGER), at=thursday)
    assert Handoff.objects.get().owner is not None


def test_recall_task_finds_nothing_on_an_empty_floor():
    assert tasks.recall_untouched() == 0


# --- leaving ---------------------------------------------------------------------------------------


def test_all_leads_of_somebody_who_leaves_go_to_one_colleague():
    rep = make_user()
    accepted, waiting = make_handoff(), make_handoff()
    accept(accepted, by=rep)
    to, admin = make_user(), make_user(Role.ADMIN)
    assert hand_over_all(rep, to=to, by=admin, at=NOW).given == 2
    assert set(Standing.objects.values_list("owner", flat=True)) == {to.pk}
    assert Handoff.objects.get(pk=accepted.pk).owner == rep  # who won it stays
    assert Handoff.objects.get(pk=waiting.pk).owner == to
    rep.refresh_from_db()
    assert rep.on_duty is False


def test_leads_of_somebody_who_left_are_dealt_out_by_the_rules():
    rep = make_user()
    for _n in range(4):
        make_handoff()
    rep.is_active = False
    rep.save()
    team = make_team()
    others = [make_user(team=team, capacity=c) for c in (2, 1)]
    told = hand_over_all(rep, to=None, by=make_user(Role.ADMIN), at=NOW)
    assert (told.given, told.waiting) == (3, 1)
    assert [Handoff.objects.open().filter(owner=o).count() for o in others] == [2, 1]
    assert Handoff.objects.pool().count() == 1
    assert list(violations(at=NOW)) == []


@pytest.mark.parametrize("role", [Role.MARKETER, None])
def test_leads_are_handed_over_to_sellers_only(role):
    rep = make_user()
    to = make_user(role) if role else rep
    with pytest.raises(Invalid):
        hand_over_all(rep, to=to, by=make_user(Role.ADMIN), at=NOW)


# --- trial and fairness ----------------------------------------------------------------------------


def test_trial_says_who_and_why_and_changes_nothing():
    team = make_team()
    reps = {name: make_user(team=team, full_name=name) for name in ("An", "Bình", "Chi", "Dung")}
    lead = make_handoff(city="Hà Nội").lead
    reassign([lead.pk], to=reps["An"], by=None, at=NOW)
    reps["An"].on_duty = False
    reps["An"].save()
    add_absence(reps["Bình"], first=date(2026, 11, 23), last=date(2026, 11, 23))
    set_speciality(reps["Chi"], words={"cities": ["Huế"]})
    rule(name="Miền Trung", cities=["Huế"], team=team)
    rule(name="Cả nước", team=team)
    before = Event.objects.count()
    trial = try_lead(Lead.objects.get(pk=lead.pk), at=NOW)
    assert (trial.chosen, trial.keeps, trial.rule.name) == (reps["Dung"], False, "Cả nước")
    assert [(t.rule.name, t.miss) for t in trial.rules] == [("Miền Trung", Miss.CITY), ("Cả nước", None)]
    assert {r.user.full_name: r.bar for r in trial.reps} == {
        "An": Bar.OFF_DUTY, "Bình": Bar.ABSENT, "Chi": Bar.SKILLS, "Dung": None,
    }  # fmt: skip
    assert Event.objects.count() == before
    assert assign_by_rules(lead.pk, by=None, at=NOW) is True
    assert Standing.objects.get(pk=lead.pk).owner == reps["Dung"]


def test_trial_keeps_the_lead_with_who_has_it():
    rep = make_user()
    trial = try_lead(make_handoff().lead, at=NOW)
    assert (trial.chosen, trial.keeps, trial.rule) == (rep, True, None)


def test_trial_of_a_full_closed_or_given_back_floor_finds_nobody():
    full = make_user(capacity=1)
    handoff = make_handoff()
    decline(handoff.lead_id, by=full, at=NOW, reason="x")
    night = make_user(team=make_team(in_hours_only=True))
    Handoff.objects.filter(pk=make_handoff().pk).update(owner=night, assigned_at=NOW)
    trial = try_lead(handoff.lead, at=NOW - timedelta(hours=10))
    assert (trial.chosen, {r.user: r.bar for r in trial.reps}) == (None, {full: Bar.GAVE_BACK, night: Bar.CLOSED})


def test_fairness_counts_turns_takings_declines_and_recalls():
    first, second = make_user(), make_user()
    handoffs = [make_handoff() for _n in range(4)]
    mine = next(h for h in handoffs if h.owner == first)
    decline(mine.lead_id, by=first, at=NOW, reason="Trùng")
    found = fairness(since=NOW, until=NOW + HOUR)
    counts = {rep.user: (rep.by_turn, rep.declined, rep.open_handoffs) for rep in found.reps}
    assert counts == {first: (2, 1, 1), second: (3, 0, 3)}
    assert (found.total, found.spread(), found.pool, [b.reason for b in found.reasons]) == (5, 1.0, 0, ["Trùng"])
    assert fairness(since=NOW, until=NOW + HOUR, team_id=first.team_id).spread() is None


@pytest.mark.parametrize(
    ("sql_rule", "score", "bant", "refused"),
    [
        ("bant", 0, "decision_maker", []),
        ("score", 99, "unknown", ["score"]),
        ("score", 100, "unknown", []),
        ("bant_and_score", 100, "unknown", ["bant"]),
    ],
)
def test_what_makes_an_sql_is_a_setting_of_the_agreement(sql_rule, score, bant, refused):
    Policy.objects.create(pk=1, sql_rule=sql_rule)
    handoff = make_handoff()
    with lock([handoff.lead_id]) as rows:
        rows.set_score(handoff.lead_id, score=score, fit=0, grade="C1")
    if not refused:
        assert accept(handoff, authority=bant).outcome == "accepted"
        return
    with pytest.raises(Invalid) as caught:
        accept(handoff, authority=bant)
    assert caught.value.extra["missing"] == refused


def test_nobody_is_away_twice_or_for_more_than_a_year():
    rep, first, last = make_user(full_name="Trần Huy"), date(2026, 11, 23), date(2026, 11, 27)
    add_absence(rep, first=first, last=last)
    for days in ((last, date(2026, 12, 1)), (date(2026, 11, 1), first), (first, first)):
        with pytest.raises(Conflict, match="Trần Huy đã có lịch vắng mặt từ 23/11/2026 đến 27/11/2026"):
            add_absence(rep, first=days[0], last=days[1])
    with pytest.raises(Invalid, match="một năm"):
        add_absence(rep, first=date(2027, 1, 1), last=date(2028, 1, 3))
    add_absence(rep, first=date(2026, 11, 28), last=date(2026, 11, 28))
    add_absence(make_user(), first=first, last=last)
    assert Absence.objects.count() == 3
