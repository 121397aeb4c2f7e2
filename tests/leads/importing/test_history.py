"""What came of leads long ago: counted by the reports, and nobody is woken."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from core.text import fold
from leads.checks import violations as leads_violations
from leads.enums import Outcome, Status
from leads.importing.history import path
from leads.importing.lines import OUTCOMES
from leads.importing.reporting import troubles
from leads.models import Event, Handoff, Import, Lead, Standing
from notifications.checks import violations as notifications_violations
from notifications.models import Delivery
from reports.cohorts import cohorts
from reports.periods import Group, custom
from reports.rollups import sweep
from reports.scope import Scope
from reports.sources import sources
from scoring.checks import violations as scoring_violations
from sla.checks import violations as sla_violations
from sla.models import Clock
from tests.factories import NOW, accept, make_handoff, make_lead, make_user
from tests.leads.importing.files import bring_in, match, take_back, upload

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
HEADER = ["Mã KH", "Ngày MQL", "Kết quả", "Lý do", "Ngày quyết định", "Ngày chốt", "Giá trị", "Phụ trách", "Nguồn"]


def sound(at=LATER):
    return [*leads_violations(at=at), *scoring_violations(at=at), *sla_violations(at=at)]


def row(key, mql="05/02/2026", **said):
    names = {"outcome": 2, "reason": 3, "decided": 4, "won": 5, "amount": 6, "owner": 7, "source": 8}
    cells = [key, mql, *[""] * 7]
    for name, value in said.items():
        cells[names[name]] = value
    return cells


def tell(*rows, **also) -> Import:
    return bring_in([HEADER, *rows], name="crm.csv", kind="history", **also)


def of(key):
    lead = Lead.objects.get(external_id=key)
    return lead.standing, Handoff.objects.filter(lead=lead).first()


@pytest.mark.parametrize(
    ("said", "outcome", "stage", "status"),
    [
        ({}, "withdrawn", "contact", "new"),
        ({"outcome": "Không rõ"}, "withdrawn", "contact", "new"),
        ({"outcome": "Đồng ý"}, "accepted", "sql", "potential"),
        ({"outcome": "trả lại", "reason": "no_budget"}, "recycled", "contact", "new"),
        ({"outcome": "Loại", "reason": "không hợp"}, "discarded", "disqualified", "wrong_target"),
        ({"won": "20/02/2026", "amount": "1,5 tỷ"}, "accepted", "customer", "won"),
    ],
)
def test_every_outcome_leaves_lead_and_handoff_where_they_ended(said, outcome, stage, status):
    found = tell(row("K1", **said))
    standing, handoff = of("K1")
    assert (found.created, handoff.outcome, standing.stage, standing.status) == (1, outcome, stage, status)
    assert (standing.created_at, handoff.offered_at) == (datetime(2026, 2, 4, 17, tzinfo=UTC),) * 2
    assert sound() == []


def test_reasons_are_codes_or_words():
    tell(row("K1", outcome="recycled", reason="Không có ngân sách"), row("K2", outcome="discarded", reason="bận"))
    coded, said = (of(key)[1] for key in ("K1", "K2"))
    assert (coded.reason, coded.note, said.reason, said.note) == ("other", "Không có ngân sách", "other", "bận") or (
        coded.reason,
        said.reason,
        said.note,
    ) == ("no_budget", "other", "bận")


def test_nobody_is_told_and_nothing_starts():
    make_user(full_name="Trần Huy")
    tell(row("K1", owner="Trần Huy"), row("K2", outcome="accepted", owner="Ai Đó"), row("K3", won="01/03/2026"))
    assert (Clock.objects.count(), Delivery.objects.count()) == (0, 0)
    assert list(notifications_violations(at=LATER)) == []
    assert of("K2")[1].owner is None
    assert Handoff.objects.filter(outcome="open").count() == 0


def test_the_owner_is_found_by_name_or_mail_and_an_unknown_one_is_said():
    rep, namesake = make_user(full_name="Trần Huy"), make_user(full_name="Lê Na")
    make_user(full_name="Lê Na")
    found = tell(
        row("K1", outcome="accepted", owner="tran huy"),
        row("K2", outcome="accepted", owner=namesake.email.upper()),
        row("K3", outcome="accepted", owner="Lê Na"),
    )
    assert [of(key)[0].owner for key in ("K1", "K2", "K3")] == [rep, namesake, None]
    assert "Lê Na" in found.lines.get(number=4).problems[0]["message"]


def test_a_second_file_says_what_came_of_the_first():
    first = tell(row("K1"), row("K2"))
    second = tell(row("K1", mql="", won="20/02/2026", amount="100.000"), at=LATER)
    standing, handoff = of("K1")
    assert (second.matched, second.created, Handoff.objects.count()) == (1, 0, 2)
    assert (standing.stage, handoff.revenue, handoff.offered_at.day) == ("customer", 100_000, 4)
    assert sound() == []
    undone = take_back(second, at=LATER)
    standing, handoff = of("K1")
    assert (undone.undo_result["restored"], standing.stage, handoff.outcome, handoff.won_at) == (
        1,
        "contact",
        "withdrawn",
        None,
    )
    assert sound() == []
    take_back(first, at=LATER)
    assert (Lead.objects.count(), Event.objects.count(), Handoff.objects.count()) == (0, 0, 0)


def test_a_deal_won_before_its_first_contact_is_kept_and_told():
    tell(row("K1", mql="05/02/2026"))
    found = tell(row("K1", mql="", won="01/02/2026", amount="5"))
    handoff = of("K1")[1]
    assert handoff.won_at < handoff.offered_at == handoff.decided_at
    assert (found.warned, "Chốt trước" in found.lines.get().problems[0]["message"]) == (1, True)
    assert sound() == []


def test_what_sales_has_is_not_written_over():
    make_user()
    handoff = make_handoff(source="crm", external_id="K1", phone="0912345678")
    accept(handoff)
    found = tell(row("K1", mql="", won="01/02/2026", amount="5"))
    handoff.refresh_from_db()
    assert (handoff.won_at, found.matched, found.warned) == (None, 1, 1)
    assert "Sales" in found.lines.get().problems[0]["message"]


def test_a_known_lead_without_a_handoff_gets_its_history():
    lead = make_lead(source="crm", external_id="K1", phone="0912345678")
    found = tell(row("K1", won="01/03/2026", amount="5"), at=LATER)
    assert (found.matched, of("K1")[0].stage) == (1, "customer")
    take_back(found, at=LATER + timedelta(minutes=1))
    assert (Handoff.objects.count(), Standing.objects.get(pk=lead.pk).stage) == (0, "contact")
    assert sound() == []


def test_lines_that_contradict_themselves_or_cannot_be_read_stay_out_with_a_reason():
    found = tell(
        row("K1", mql="32/13/2026"),
        row("K2", mql="05/02/2030"),
        row("K3", outcome="có lẽ"),
        row("K4", won="01/03/2026", outcome="Loại"),
        row("K5", won="01/03/2026", amount="nhiều"),
        row("K6", won="01/03/2026"),
        row("", mql="05/02/2026"),
    )
    words = [" ".join(p["message"] for p in line.problems) for line in found.lines.order_by("number")]
    said = (
        "không phải ngày",
        "tương lai",
        "không phải kết quả",
        "một trong hai",
        "không phải số tiền",
        "0 ₫",
        "ít nhất",
    )
    assert [want in got for want, got in zip(said, words, strict=True)] == [True] * 7
    assert (found.created, found.rejected, found.warned) == (1, 6, 1)


def test_days_that_contradict_each_other_are_told_and_nothing_is_hidden():
    header = ["Mã KH", "Ngày tạo", "Ngày MQL", "Ngày quyết định", "Kết quả"]
    days = ["K1", "10/02/2026", "05/02/2026", "04/02/2026", "Đã nhận"]
    found = bring_in([header, days, ["K2", "05/02/2026", "05/02/2026", "05/02/2026", "Đã nhận"]], kind="history")
    told = {line.number: [p["field"] for p in line.problems] for line in found.lines.all()}
    assert (told, found.created, found.warned, sound()) == ({2: ["mql_at", "decided_at"], 3: []}, 2, 1, [])


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome != Outcome.OPEN])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_outcomes_are_understood_by_the_words_the_pages_use(outcome, language):
    with translation.override(language):
        assert OUTCOMES[fold(str(outcome.label))] == OUTCOMES[outcome.value] == outcome


def test_reports_count_what_was_imported():
    rows = [row(f"K{n}", source="ads") for n in range(20)]
    tell(*rows)
    tell(*(row(f"K{n}", mql="", won="20/03/2026", amount="1 tr") for n in range(3)))
    sweep(at=LATER)
    scope = Scope(custom(datetime(2026, 1, 1, tzinfo=UTC).date(), timezone.localdate(NOW)), LATER)
    february = next(r.values for r in cohorts(scope, Group.MONTH).rows if r.values["from"].month == 2)
    assert (february["offered"], february["accepted"], february["won"], february["rate"]) == (20, 3, 3, 0.15)
    (source,) = sources(scope).rows
    assert (source.values["source"], source.values["won"], source.values["revenue"]) == ("ads", 3, 3_000_000)


def test_the_way_to_every_status_is_legal():
    assert path(Status.NEW, Status.WON) == ["researched", "potential", "hot", "won"]
    assert path(Status.WRONG_TARGET, Status.WON) == ["new", "researched", "potential", "hot", "won"]


def check(*rows, **also):
    return match(upload([HEADER, *rows], name="crm.csv"), kind="history", **also).check_result


def told_of(result):
    return [(line["number"], [t["field"] for t in line["troubles"]]) for line in result["troubles"]]


def test_the_check_names_the_lines_won_before_the_first_contact_an_earlier_file_told_of():
    tell(row("K1", mql="05/02/2026"), row("K2", mql="05/02/2026"))
    wins = [row("K1", mql="", won="04/02/2026", amount="1 tr"), row("K2", mql="", won="06/02/2026", amount="1 tr")]
    before = check(*wins)
    assert (told_of(before), before["warned"], before["matched"]) == ([(2, ["won_at"])], 1, 2)
    found = tell(*wins)
    kept = [p["message"] for p in found.lines.get(number=2).problems]
    assert (kept, found.warned) == ([t["message"] for t in before["troubles"][0]["troubles"]], 1)


def test_the_check_says_who_is_not_known_here_and_whom_sales_has_already():
    make_handoff(external_id="K1", source="crm")
    rows = [row("K1", outcome="Đồng ý"), row("K2", owner="Không Ai"), row("K3", owner=make_user("rep").email)]
    assert told_of(check(*rows)) == [(2, ["outcome"]), (3, ["owner"])]


def test_a_line_that_tells_of_the_win_in_the_same_file_is_warned_of_when_it_comes_in():
    found = tell(row("K1", mql="05/02/2026"), row("K1", mql="", won="04/02/2026", amount="1 tr"))
    problems = dict(found.lines.values_list("number", "problems"))
    assert ([p["field"] for p in problems[3]], problems[2], sound()) == (["won_at"], [], [])


def test_a_line_left_out_for_several_reasons_is_shown_once_with_all():
    found = tell(row("K1", mql="x", outcome="y", amount="z"), row("K2", mql="x"))
    told = [(line["number"], line["times"], [p["field"] for p in line["troubles"]]) for line in troubles(found)]
    assert told == [(2, 1, ["mql_at", "outcome", "amount"]), (3, 2, ["mql_at"])]


def test_lines_left_out_for_one_reason_are_told_together_whatever_words_they_quote():
    found = tell(*(row(f"K{n}", mql=f"ngày {n}") for n in range(40)), row("K99", won="01/03/2026", amount="nhiều"))
    told = [(line["number"], line["times"], line["troubles"][0]["field"]) for line in troubles(found)]
    assert told == [(42, 1, "amount"), (2, 40, "mql_at"), (3, 40, "mql_at"), (4, 40, "mql_at")]
