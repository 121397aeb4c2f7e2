from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.enums import Role
from core.errors import Invalid
from leads.behaviour import behave
from leads.decisions import decide
from leads.enums import Status
from leads.filters import CONDITIONS, filter_standings, moment, several
from leads.models import Handoff, Lead, Standing
from leads.moves import move_status
from tests.factories import NOW, accept, arrive, make_handoff, make_lead, make_team, make_user

pytestmark = pytest.mark.django_db
PLUS7 = "2026-11-23T10:00:00+07:00"


def found(**params: str) -> list[int]:
    return list(filter_standings(Standing.objects.order_by("pk"), params, at=NOW).values_list("pk", flat=True))


def stand(lead: Lead, **values: object) -> int:
    """Puts a lead where a filter is to find it."""
    Standing.objects.filter(pk=lead.pk).update(**values)
    return lead.pk


def test_filter_standings_without_parameters_leaves_all():
    ids = [make_lead().pk, make_lead().pk]
    assert found() == ids
    assert found(status="", q=" ", page_size="5", nonsense="x") == ids


def test_filter_standings_by_status_takes_several():
    new, researched, wrong = make_lead(), make_lead(), make_lead()
    user = make_user()
    move_status(researched.pk, Status.RESEARCHED, by=user, at=NOW)
    move_status(wrong.pk, Status.WRONG_TARGET, by=user, at=NOW, reason="out_of_target")
    assert found(status="new") == [new.pk]
    assert found(status="new, researched") == [new.pk, researched.pk]
    assert found(stage="disqualified") == [wrong.pk]


def test_filter_standings_by_owner_and_team():
    rep = make_user(team=make_team())
    own, free = make_lead(by=rep), make_lead()
    assert found(owner=str(rep.pk)) == [own.pk]
    assert found(owner="none") == [free.pk]
    assert found(owner=f"none,{rep.pk}") == [own.pk, free.pk]
    assert found(team=str(rep.team_id)) == [own.pk]
    assert found(team="none") == [free.pk]
    assert found(owner="9223372036854775807") == []


def test_filter_standings_by_source_and_campaign():
    facebook = make_lead(source="facebook", campaign="Tết")
    google = make_lead(source="google")
    assert found(source="facebook") == [facebook.pk]
    assert found(source="facebook,google") == [facebook.pk, google.pk]
    assert found(campaign="Tết") == [facebook.pk]


def test_filter_standings_by_score_and_grade():
    low = stand(make_lead(), score=10, engagement=10, fit=0, grade="C3")
    high = stand(make_lead(), score=80, engagement=80, fit=0, grade="A1")
    assert found(score_min="80") == [high]
    assert found(score_max="79") == [low]
    assert found(score_min="10", score_max="80") == [low, high]
    assert found(grade="A1,B2") == [high]


def test_filter_standings_by_creation_is_half_open():
    first, second = make_lead(at=NOW - timedelta(days=1)), make_lead(at=NOW)
    assert found(created_after=PLUS7) == [second.pk]
    assert found(created_before=PLUS7) == [first.pk]
    assert found(created_after="2026-11-22T10:00:00+07:00", created_before=PLUS7) == [first.pk]


def test_filter_standings_takes_a_day_at_midnight_company_time():
    early = make_lead(at=datetime(2026, 11, 22, 16, 59, tzinfo=UTC))
    late = make_lead(at=datetime(2026, 11, 22, 17, 0, tzinfo=UTC))
    assert found(created_after="2026-11-23") == [late.pk]
    assert found(created_before="2026-11-23") == [early.pk]


def test_filter_standings_by_mql_date():
    never, then = make_lead(), make_lead()
    stand(then, mql_at=NOW)
    assert found(mql_after="2026-11-01") == [then.pk]
    assert found(mql_before="2026-11-01") == []
    assert found() == [never.pk, then.pk]


def test_filter_standings_by_open_handoff():
    lead = make_lead()
    assert found(has_open_handoff="false") == [lead.pk]
    assert found(has_open_handoff="True") == []


def test_filter_standings_by_what_came_of_the_hand_off():
    never, waiting, taken, back = (make_lead() for _number in range(4))
    for lead in (waiting, taken, back):
        make_handoff(lead=lead)
    accept(Handoff.objects.get(lead=taken), by=make_user())
    decide(back.pk, by=make_user(), at=NOW, outcome="recycle", reason="no_need")
    assert (found(outcome="none"), found(outcome="open")) == ([never.pk], [waiting.pk])
    assert (found(outcome="accepted"), found(outcome="recycled")) == ([taken.pk], [back.pk])
    assert found(outcome="none,open") == [never.pk, waiting.pk]
    assert found(outcome="none,recycled") == [never.pk, back.pk]
    assert found(outcome="open,accepted") == [waiting.pk, taken.pk]


def test_filter_standings_by_sla_state_at_the_given_moment():
    hour = timedelta(hours=1)
    ok = stand(make_lead(), sla_due_at=NOW + 2 * hour, sla_warn_at=NOW + hour)
    warning = stand(make_lead(), sla_due_at=NOW + hour, sla_warn_at=NOW)
    breached = stand(make_lead(), sla_due_at=NOW, sla_warn_at=NOW - hour)
    make_lead()
    assert (found(sla="ok"), found(sla="warning"), found(sla="breached")) == ([ok], [warning], [breached])
    assert found(sla="warning,breached") == [warning, breached]


def test_filter_standings_by_tag():
    lead, other = make_lead(), make_lead()
    Lead.objects.filter(pk=lead.pk).update(tags=["vip", "tết"])
    Lead.objects.filter(pk=other.pk).update(tags=["khác"])
    assert found(tag="vip") == [lead.pk]
    assert found(tag="vip,khác") == [lead.pk, other.pk]
    assert found(tag="không có") == []


def test_filter_standings_searches_without_accents_in_any_spelling():
    lead = make_lead(name="Nguyễn Văn Đạt", phone="0168 234 5678", company="Hòa Bình")
    make_lead(name="Trần Huy", phone="0912345678")
    for query in ("nguyen van dat", "ĐẠT hoa", "0382345678", "+84 382 345", "0168 234 5678"):
        assert found(q=query) == [lead.pk]
    assert found(q="nguyen huy") == []


def test_filter_standings_search_takes_like_signs_literally():
    make_lead(name="Một")
    percent = make_lead(name="100% Hài")
    assert found(q="100%") == [percent.pk]
    assert found(q="_") == []


def test_filter_standings_search_can_use_the_trigram_index():
    arrive(name="Nguyễn Văn Đạt")
    rows = filter_standings(Standing.objects.select_related("lead"), {"q": "nguyen"}, at=NOW)
    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan", "indexonlyscan"):  # on three rows the planner needs a push
            cursor.execute(f"SET LOCAL enable_{way} = off")
    assert "lead_search" in Lead.objects.filter(standing__in=rows).explain()
    assert "UPPER(" not in str(rows.query)


BAD = {
    "status": ["hott", "new,x"], "stage": ["MQL"], "owner": ["me", "-1", "1.5", "9223372036854775808", "1,a"],
    "team": ["x"], "score_min": ["a", "-1", "2147483648", "1e3"], "score_max": ["٣"], "grade": ["D1", "A"],
    "created_after": ["yesterday", "2026-13-01", "0001-01-01T00:00:00+14:00"], "created_before": ["x"],
    "mql_after": ["2026-11-23T25:00"], "mql_before": ["\x00"], "has_open_handoff": ["maybe"], "sla": ["late"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_filter_standings_refuses_what_a_filter_can_not_be(name, value):
    with pytest.raises(Invalid) as refused:
        found(**{name: value})
    assert refused.value.field == name


@pytest.mark.parametrize("name", [*CONDITIONS, "sla"])
@pytest.mark.parametrize("value", ["\x00", "'", "%", "ん" * 5000, ",,,", "-", "1" * 400])
def test_filter_standings_answers_or_refuses_any_text(name, value):
    try:
        found(**{name: value})
    except Invalid as refused:
        assert refused.field == name  # noqa: PT017 - some filters take any text


def test_filter_standings_keeps_what_the_person_may_see():
    rep = make_user(Role.REP)
    make_lead(name="An")
    own = make_lead(name="An", by=rep)
    rows = filter_standings(Standing.objects.visible_to(rep), {"q": "an"}, at=NOW)
    assert [row.pk for row in rows] == [own.pk]


def test_moment_reads_a_plus_sign_that_became_a_space():
    assert moment("at", "2026-11-23T10:00:00 07:00") == NOW


def test_several_drops_blanks():
    assert several(" a, ,b,") == ["a", "b"]


def test_last_seen_before_a_day_finds_who_was_there_then_and_not_since():
    early, late = make_lead(at=NOW - timedelta(days=40)), make_lead(at=NOW - timedelta(days=40))
    behave([{"id": late.pk, "kind": "page.viewed", "occurred_at": NOW.isoformat()}], at=NOW)
    make_lead(at=NOW)
    found = filter_standings(Standing.objects.all(), {"active_before": f"{NOW - timedelta(days=30):%Y-%m-%d}"}, at=NOW)
    assert [row.pk for row in found] == [early.pk]
