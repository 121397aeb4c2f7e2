from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.models import User
from core.errors import Invalid, NotFound
from core.text import clean
from leads.models import Lead, Standing
from reports.address import as_param, group_by, period, read, text_of
from reports.kpis import kpis
from reports.periods import Group
from reports.sources import sources
from tests.factories import NOW, make_handoff, make_team, make_user
from tests.reports.history import counted

pytestmark = pytest.mark.django_db


def test_default_is_the_last_thirty_days_of_everybody():
    scope = read({}, user=make_user(Role.SALES_MANAGER), at=NOW)
    assert (scope.period.key, scope.team, scope.owner, scope.source) == ("30d", None, None, None)
    assert scope.everywhere()


def test_days_alone_mean_those_days():
    found = period({"from": "2026-11-02", "to": "2026-11-08"}, at=NOW)
    assert (found.key, found.first, found.last) == ("custom", date(2026, 11, 2), date(2026, 11, 8))


def test_a_first_day_alone_runs_until_today_and_a_last_day_alone_is_that_day():
    assert (period({"from": "2026-11-20"}, at=NOW).last) == date(2026, 11, 23)
    assert (period({"to": "2026-11-20"}, at=NOW).first) == date(2026, 11, 20)


def test_a_name_wins_over_days_left_in_the_form():
    assert period({"period": "7d", "from": "2026-01-01", "to": "2026-01-02"}, at=NOW).key == "7d"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"period": "fortnight"}, "period"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-11-08", "to": "2026-11-02"}, "from"),
        ({"from": "1999-11-08", "to": "2026-11-02"}, "from"),
        ({"team": "x"}, "team"),
        ({"team": "-1"}, "team"),
        ({"team": "٣"}, "team"),
        ({"owner": "9" * 30}, "owner"),
        ({"owner": "9999999999999999999"}, "owner"),
    ],
)
def test_a_value_that_cannot_be_names_its_field(params, field):
    with pytest.raises(Invalid) as refused:
        read(params, user=None, at=NOW)
    assert refused.value.field == field


@pytest.mark.parametrize("params", [{"team": "999999"}, {"owner": "999999"}])
def test_what_does_not_exist_is_not_found(params):
    with pytest.raises(NotFound):
        read(params, user=make_user(Role.ADMIN), at=NOW)


def test_an_integration_reads_everything():
    team = make_team()
    rep = make_user(team=team)
    scope = read({"team": str(team.pk), "owner": str(rep.pk), "source": "  Zalo OA "}, user=None, at=NOW)
    assert (scope.team, scope.owner, scope.source) == (team.pk, rep.pk, "Zalo OA")


def test_who_sells_nothing_owns_nothing():
    marketer = make_user(Role.MARKETER)
    with pytest.raises(NotFound):
        read({"owner": str(marketer.pk)}, user=None, at=NOW)


def test_a_team_lead_reads_the_own_team_whatever_is_asked():
    lead = make_user(Role.TEAM_LEAD)
    rep = make_user(team=lead.team)
    assert read({}, user=lead, at=NOW).team == lead.team_id
    assert read({"team": str(lead.team_id), "owner": str(rep.pk)}, user=lead, at=NOW).owner == rep.pk


@pytest.mark.parametrize("name", ["team", "owner"])
def test_a_team_lead_finds_nothing_of_others(name):
    other = make_user()
    value = other.team_id if name == "team" else other.pk
    with pytest.raises(NotFound):
        read({name: str(value)}, user=make_user(Role.TEAM_LEAD), at=NOW)


LATER = [{"role": Role.SALES_MANAGER}, {"is_active": False}, {"team": None, "role": Role.ADMIN}, {"team": "other"}]


@pytest.mark.parametrize("change", LATER)
def test_who_rose_left_or_changed_team_keeps_a_past(client, change):
    lead = make_user(Role.TEAM_LEAD, on_duty=False)
    rep = make_user(team=lead.team, full_name="Cũ Nhân Viên")
    make_handoff(at=NOW)
    change = {**change, "team": make_team()} if change.get("team") == "other" else change
    User.objects.filter(pk=rep.pk).update(**change)
    for user in (None, make_user(Role.ADMIN), lead):
        assert read({"owner": str(rep.pk)}, user=user, at=NOW).owner == rep.pk
    client.force_login(lead)
    page = client.get(reverse("overview"), {"owner": rep.pk}).content.decode()
    assert f'<option value="{rep.pk}" selected>Cũ Nhân Viên</option>' in page


def test_grouping_is_read_strictly():
    assert (group_by({}), group_by({"group_by": "week"})) == (None, Group.WEEK)
    with pytest.raises(Invalid) as refused:
        group_by({"group_by": "year"})
    assert refused.value.field == "group_by"


@pytest.mark.parametrize(
    ("value", "means"),
    [
        ("Google", "Google"),
        ("Báo, Tạp chí", "Báo, Tạp chí"),
        ('"Báo, Tạp chí"', "Báo, Tạp chí"),
        ('""', ""),
        ("", None),
        ("   ", None),
    ],
)
def test_a_text_is_read_as_it_was_written(value, means):
    assert text_of(value) == means


@given(st.text("aĐ,\" 'ễ%&=", max_size=30).map(str.strip))
def test_what_a_link_writes_the_filter_reads(value):
    assert text_of(as_param(value)) == clean(value, 120)


def test_a_source_with_a_comma_opens_the_leads_it_counts(client, history):
    Standing.objects.filter(lead=history.leads["sixth"]).update(source="Báo, Tạp chí")
    client.force_login(make_user(Role.SALES_MANAGER))
    row = next(r for r in sources(history.scope()).rows if r.values["source"] == "Báo, Tạp chí")
    assert counted(client.get(row.hrefs["leads"]).context) == row.values["leads"] == 1


def test_a_rep_reads_the_own_figures_alone(db):
    rep = make_user(Role.REP)
    assert read({}, user=rep, at=NOW).owner == rep.pk
    assert read({"team": str(rep.team_id)}, user=rep, at=NOW).owner == rep.pk
    for asked in ({"owner": str(make_user().pk)}, {"team": "999"}):
        with pytest.raises(NotFound):
            read(asked, user=rep, at=NOW)


def test_every_dimension_narrows(history):
    Lead.objects.filter(pk=history.leads["first"].pk).update(city="Huế", product="CRM")
    for asked in ({"city": "Huế"}, {"product": "CRM"}, {"city": "Huế", "product": "CRM", "source": "Facebook"}):
        params = {"from": "2026-11-02", "to": "2026-11-08", **asked}
        found = {f.kpi.key: f.value for f in kpis(read(params, user=None, at=NOW))}
        assert (found["leads"], found["mql"], found["mql_to_sql"], found["sla_kept"]) == (1, 1, 1.0, 1.0)
