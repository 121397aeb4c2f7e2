"""Teams and sources beside each other: the same verdicts as asked one by one, in as many queries for all."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from accounts.enums import Role
from leads.assignment import reassign
from leads.calls import log_call
from leads.decisions import decide
from sla import wording
from sla.beside import beside
from sla.feedback import ask_for_feedback
from sla.models import Agreement
from sla.responsibility import Asked, broken_behind, evidence, figures_of, responsibility
from sla.sweep import sweep
from sla.verdicts import Code, Figures, Finding, Judgement
from tests.factories import NOW, accept, make_handoff, make_team, make_user
from tests.pages import as_role

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOVEMBER = Asked(date(2026, 11, 1), date(2026, 11, 30), NOW + 9 * DAY)


@pytest.fixture
def teams():
    """Two teams with feedback owed; one lead won over, one invalid, one late and then handed to the other team."""
    north, south = make_team("Miền Bắc"), make_team("Miền Nam")
    rep = make_user(team=north)
    good, fake, late = (make_handoff(source=source) for source in ("Zalo", "Facebook", "Zalo"))
    other = make_user(team=south)
    log_call(good.lead_id, by=rep, at=NOW + HOUR, outcome="reached")
    accept(good, by=rep, at=NOW + HOUR)
    log_call(fake.lead_id, by=rep, at=NOW + HOUR, outcome="wrong_number")
    decide(fake.lead_id, by=rep, at=NOW + HOUR, outcome="discard", reason="wrong_contact")
    sweep(at=NOW + 4 * HOUR)
    reassign([late.lead_id], to=other, by=None, at=NOW + 5 * HOUR)
    ask_for_feedback(at=NOW)
    ask_for_feedback(at=NOW + 8 * DAY)
    sweep(at=NOW + 9 * DAY)
    return north, south


@pytest.mark.parametrize("by", ["team", "source"])
def test_beside_each_other_stands_what_each_alone_says(teams, by):
    groups = beside(NOVEMBER, by)
    assert [group.name for group in groups] == (["Miền Bắc", "Miền Nam"] if by == "team" else ["Zalo", "Facebook"])
    for group in groups:
        alone = responsibility(group.found.asked)
        assert (group.found.who, group.found.judgements) == (alone.who, alone.judgements)


def test_a_source_of_one_team_is_that_teams_alone(teams):
    south = replace(NOVEMBER, team=teams[1].pk)
    assert [(g.name, g.found.judgements) for g in beside(south, "source")] == [
        ("Zalo", responsibility(replace(south, source="Zalo")).judgements)
    ]


def test_more_teams_ask_no_more(teams, django_assert_num_queries):
    with django_assert_num_queries(6):
        beside(NOVEMBER, "team")
    for n in range(3):
        make_handoff(owner=make_user(team=make_team(f"Đội {n}")))
    with django_assert_num_queries(6):
        beside(NOVEMBER, "team")


def test_a_month_of_two_versions_has_a_line_for_each(teams):
    responsibility(NOVEMBER)
    Agreement.objects.create(version=2, state="agreed", in_force_from=date(2026, 11, 25), qualified_rate=99)
    (north, _south) = beside(NOVEMBER, "team")
    assert [one.agreement.version for one in north.found.judgements] == [1, 2]


def test_what_speaks_against_a_finding_is_as_many_as_its_evidence(teams):
    (judgement,) = responsibility(NOVEMBER).judgements
    found = {finding.code: wording.behind(judgement, finding) for finding in judgement.findings}
    assert (found[Code.VOLUME], found[Code.CLOSING]) == ("", "")
    for code in (Code.QUALIFIED, Code.INVALID):
        assert found[code].split()[0] == str(evidence(NOVEMBER, code).count()) == "1"
    for code in (Code.PROCESS, Code.LATE):
        assert found[code].split()[0] == str(sum(broken_behind(NOVEMBER, code)))
    assert broken_behind(NOVEMBER, Code.PROCESS) == (1, figures_of(NOVEMBER).feedback_broken)
    assert broken_behind(NOVEMBER, Code.INVALID) == (0, 0)


def test_a_promised_closing_rate_says_how_many_are_left():
    agreement = Agreement(version=1, won_rate=30)
    closing = Finding(Code.CLOSING, 0.2, 0.3, kept=False)
    judgement = Judgement(agreement, NOVEMBER.first, NOVEMBER.last, Figures(accepted=10, won=2), [closing])
    assert wording.behind(judgement, closing) == "8 trên 10 chưa chốt"


def test_the_page_puts_teams_or_sources_beside_each_other(teams):
    client, _user = as_role(Role.SALES_MANAGER)
    page = client.get("/responsibility/?month=2026-11")
    assert ([g.name for g in page.context["groups"]], page.context["by"]) == (["Miền Bắc", "Miền Nam"], "team")
    page = client.get("/responsibility/?month=2026-11&by=source")
    assert [g.name for g in page.context["groups"]] == ["Zalo", "Facebook"]
    assert "source=Facebook" in page.content.decode()
    assert client.get(f"/responsibility/?month=2026-11&team={teams[0].pk}").context["by"] == "source"
    assert "So sánh" not in client.get("/responsibility/?month=2026-11&source=Zalo").content.decode()
    rows = client.get("/responsibility/rows/process/?month=2026-11").content.decode()
    assert "1 cam kết bị trễ, trên 1 bàn giao." in rows
    assert "phản hồi hằng tuần bị trễ" in rows
    lead, _user = as_role(Role.TEAM_LEAD, team=teams[1])
    assert lead.get("/responsibility/?month=2026-11").context["by"] == "source"
    empty = client.get("/responsibility/?month=2020-01&by=source").content.decode()
    assert "Kỳ này chưa có bàn giao nào." in empty
