from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from core import ui_words
from core.templatetags.ui import icon
from leads.enums import Outcome, Stage, Status
from tests.core.page import show

AT = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)


# --- badges ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "enum"),
    [(ui_words.STATUSES, Status), (ui_words.STAGES, Stage), (ui_words.OUTCOMES, Outcome)],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_looks_say_the_same_words_as_the_domain(table, enum, language):
    with translation.override(language):
        assert {key: str(look.label) for key, look in table.items()} == {k: str(v) for k, v in enum.choices}


@pytest.mark.parametrize("status", ui_words.STATUSES)
def test_status_badge_has_words_colour_and_icon(status):
    look = ui_words.STATUSES[status]
    page = show("{% status_badge status %}", status=status)
    with translation.override("vi"):
        assert page.words == str(look.label)
    assert page.one("span")["class"] == f"badge bg-{look.colour}-lt"
    assert len(page.all("svg", aria_hidden="true")) == 1


def test_status_badge_speaks_english():
    assert show('{% status_badge "hot" %}', language="en").words == "Hot"


def test_badges_of_stage_and_outcome():
    assert show('{% stage_badge "customer" %}').words == "Khách hàng"
    assert show('{% outcome_badge "accepted" %}').words == "Đã nhận"


def test_badge_takes_a_label_of_its_own_and_an_unknown_key():
    assert show('{% status_badge "new" "Mới tinh" %}').words == "Mới tinh"
    assert show('{% status_badge "odd" %}').words == "odd"


def test_plain_badge_has_a_title():
    page = show('{% badge "Nháp" "yellow" title="Chưa công bố" %}')
    assert page.one("span") == {"class": "badge bg-yellow-lt", "title": "Chưa công bố"}


@pytest.mark.parametrize(("grade", "colour"), [("A1", "green"), ("B3", "blue"), ("C2", "secondary")])
def test_grade_badge_explains_itself(grade, colour):
    page = show("{% grade_badge grade %}", grade=grade)
    assert page.words == f"Hạng {grade}"
    assert page.all("span")[0] == {
        "class": f"badge badge-grade bg-{colour}-lt", "title": f"Phù hợp {grade[0]}, quan tâm {grade[1]}",
    }  # fmt: skip


def test_grade_badge_without_a_grade():
    assert show('{% grade_badge "" %}').words == "Hạng –"


@pytest.mark.parametrize(
    ("score", "share", "colour"),
    [(10, "10", "secondary"), (50, "50", "blue"), (75, "75", "indigo"), (100, "100", "green"), (140, "100", "green")],
)
def test_score_ring_closes_at_a_hundred(score, share, colour):
    page = show("{% score_ring score 'A1' 'lg' %}", score=score)
    arc = page.one("circle", css="score-ring-arc")
    assert (arc["stroke-dasharray"], arc["class"]) == (f"{share} 100", f"score-ring-arc text-{colour}")
    assert page.words == f"{score} A1"


def test_score_ring_of_nothing_has_no_arc():
    page = show("{% score_ring 0 %}")
    assert len(page.all("circle")) == 1
    assert page.all("span")[0]["title"] == "Điểm 0"


def test_sla_badge_counts_down():
    due = (timezone.now() + timedelta(minutes=14, seconds=30)).replace(microsecond=0)
    page = show('{% sla_badge "ok" due warn "Chạm lần đầu" %}', due=due, warn=due - timedelta(minutes=7))
    badge = page.all("span")[0]
    assert badge["class"] == "badge sla sla-ok"
    assert datetime.fromisoformat(badge["data-due"]) == due
    assert datetime.fromisoformat(badge["data-warn"]) == due - timedelta(minutes=7)
    assert page.words == "Còn hạn: Sắp đến hạn: Quá hạn: còn 14 phút"


def test_sla_badge_says_how_late():
    page = show('{% sla_badge "breached" due %}', due=timezone.now() - timedelta(hours=2, minutes=1))
    assert page.words.endswith("quá 2 giờ 1 phút") is True


@pytest.mark.parametrize(("state", "words"), [("met", "Đúng hạn: Đúng hạn"), ("paused", "Tạm dừng: Tạm dừng")])
def test_sla_badge_that_is_over_stands_still(state, words):
    page = show("{% sla_badge state due label='Chạm lần đầu' %}", state=state, due=AT)
    assert page.words == words
    assert {"data-due", "data-warn"} & set(page.all("span")[0]) == set()
    assert page.all("span")[0]["title"] == "Chạm lần đầu"


def test_avatar_names_its_person():
    page = show('{% avatar "Nguyễn Thị Ánh Ngọc" %}')
    assert page.words == "NN"
    assert page.one("span")["aria-label"] == "Nguyễn Thị Ánh Ngọc"


def test_avatar_keeps_its_colour():
    first, second = (show('{% avatar "Lê Thu Hà" "md" %}').one("span")["class"] for _ in range(2))
    assert first == second
    assert first.startswith("avatar avatar-md rounded-circle bg-") is True


def test_avatar_of_nobody():
    assert show('{% avatar "" with_name=True %}').words == "? Chưa ai nhận"
    assert show('{% avatar "" %}').one("span")["aria-label"] == "Chưa ai nhận"


def test_icon_is_decoration_unless_it_has_a_label():
    assert icon("phone").count('aria-hidden="true"') == 1
    page = show('{% icon "phone" 16 label=name %}', name='Gọi "ngay" <b>')
    assert page.one("svg")["aria-label"] == 'Gọi "ngay" <b>'
    assert page.one("svg")["width"] == "16"
    assert page.all("b") == []


# --- parts of a page --------------------------------------------------------------------------------


def test_kpi_says_everything():
    page = show(
        '{% kpi "MQL" "128" trend="+12 %" good=False sub="so với tháng trước" target="100" href="/leads/" '
        'how="Đếm bàn giao." icon="target" spark=spark id="mql" %}',
        spark=[1, 2, 3],
    )
    assert page.words == ("MQL Cách tính Đếm bàn giao. 128 +12 % (kém hơn) so với tháng trước Mục tiêu 100")
    assert page.one("a") == {"class": "kpi-value", "href": "/leads/"}
    assert page.one("polyline")["points"] == "0.0,26.0 48.0,14.0 96.0,2.0"
    assert page.one("button")["aria-label"] == "Cách tính “MQL”"
    assert page.one("section")["id"] == "mql"


@pytest.mark.parametrize(
    ("good", "css", "words"),
    [
        ("True", "green", "MQL 1 +1 (tốt hơn)"),
        ("False", "red", "MQL 1 +1 (kém hơn)"),
        ("None", "secondary", "MQL 1 +1"),
    ],
)
def test_kpi_trend_is_told_in_words_too(good, css, words):
    page = show('{% kpi "MQL" "1" trend="+1" good=' + good + " %}")
    assert page.words == words
    assert len(page.all("span", css=f"bg-{css}-lt")) == 1


def test_empty_says_what_to_do_first():
    page = show('{% empty_state "Chưa có lead" "Thêm một lead." href="/new/" action="Thêm" %}')
    assert page.words == "Chưa có lead Thêm một lead. Thêm"
    assert page.one("a")["href"] == "/new/"
    assert show('{% empty_state "Trống" %}').all("a") == []


def _page(rows, *, before=None, after=None):
    return SimpleNamespace(rows=rows, previous=before, next=after)


def test_pager_keeps_the_filters_of_the_address():
    page = show(
        "{% pager page total=3214 more=True %}", address="/?status=hot&cursor=old", page=_page([1, 2], after="n")
    )
    assert page.words == "2 trên khoảng 3.214 Trước Sau"
    assert [(a["rel"], a["href"]) for a in page.all("a")] == [("next", "?status=hot&cursor=n")]


def test_pager_of_the_last_page():
    page = show("{% pager page %}", page=_page([1], before="p"))
    assert page.words == "1 dòng trên trang này Trước Sau"
    assert [(a["rel"], a["href"]) for a in page.all("a")] == [("prev", "?cursor=p")]


def test_pager_of_a_single_page_has_no_links():
    assert show("{% pager page total=1 %}", page=_page([1])).words == "1 trên 1"


def test_chip_takes_only_its_value_out_of_the_address():
    page = show('{% chip "Trạng thái" "Nóng" param="status" only="hot" %}', address="/?status=hot&status=new&cursor=x")
    assert page.words == "Trạng thái Nóng"
    assert page.one("a") == {
        "class": "chip-close", "href": "?status=new", "aria-label": "Bỏ lọc Trạng thái: Nóng",
    }  # fmt: skip


def test_chip_takes_the_whole_filter_out():
    page = show('{% chip "Nguồn" "Zalo" param="source" icon="megaphone" %}', address="/?source=zalo&q=a")
    assert page.one("a")["href"] == "?q=a"


def test_page_header_shows_its_actions():
    page = show(
        '{% page_header "Lead" pretitle="Hôm nay" back="/" %}<a class="btn" href="/x/">Thêm</a>{% endpage_header %}'
    )
    assert page.words == "Quay lại Hôm nay Lead Thêm"
    assert len(page.all("div", css="page-actions")) == 1
    assert show('{% page_header "Lead" live=True %} {% endpage_header %}').all("div", css="page-actions") == []


def test_card_takes_captured_actions():
    page = show(
        '{% capture as acts %}<a href="/x/">Xem</a>{% endcapture %}'
        '{% card "Lead" sub="Hôm nay" actions=acts footer="Hết" id="c" %}Nội dung{% endcard %}'
    )
    assert page.words == "Lead Hôm nay Xem Nội dung Hết"
    assert page.one("section")["id"] == "c"
    assert len(page.all("div", css="card-body")) == 1


def test_card_for_a_table_has_no_padding():
    page = show("{% card flush=True %}x{% endcard %}")
    assert page.all("div") == []


def test_card_escapes_its_title():
    assert show("{% card title %}x{% endcard %}", title="<script>").all("script") == []


def test_data_table_can_be_reached_and_named():
    page = show('{% data_table "Lead" stack=True %}<tbody></tbody>{% enddata_table %}')
    assert page.one("div") == {
        "class": "table-responsive table-stack", "tabindex": "0", "role": "region", "aria-label": "Lead",
    }  # fmt: skip
    assert page.one("table")["data-rows"] is None
    assert page.words == "Lead"


def test_timeline_row_tells_what_who_when():
    page = show(
        '{% timeline_row "Gọi lần 1" at icon="phone" who="Huy" meta="2 phút" id="e1" %}Máy bận{% endtimeline_row %}',
        at=datetime(2020, 1, 2, tzinfo=UTC),
    )
    assert page.words == "Gọi lần 1 Huy 02/01/2020 Máy bận 2 phút"
    assert page.one("li")["id"] == "e1"


def test_stepper_offers_only_legal_moves():
    page = show(
        '{% stepper "researched" moves=moves refused=refused %}',
        moves={"potential": "/move/potential/", "wrong_target": "/move/wrong/"},
        refused={"hot": "Cần nhận bàn giao trước."},
    )
    assert page.words == "Mới Đã tìm hiểu Tiềm năng Nóng Chốt Không tiếp cận Sai đối tượng"
    assert [(a["href"], a["hx-get"]) for a in page.all("a", css="step-face")] == [
        ("/move/potential/", "/move/potential/"),
        ("/move/wrong/", "/move/wrong/"),
    ]
    assert [li["class"] for li in page.all("li")] == [
        "step step-done step-blue",
        "step step-current step-cyan",
        "step step-ahead step-yellow",
        "step step-ahead step-orange",
        "step step-ahead step-green",
        "step step-ahead step-secondary",
        "step step-ahead step-dark",
    ]
    assert [s["title"] for s in page.all("span", css="step-face") if "title" in s] == ["Cần nhận bàn giao trước."]


def test_stepper_beside_the_chain_marks_the_exit():
    page = show('{% stepper "unreachable" %}')
    assert [li["class"] for li in page.all("li", aria_current="step")] == ["step step-current step-secondary"]
    assert page.all("li", css="step-done") == []


def test_live_badge_waits_until_it_knows():
    page = show("{% live_badge %}")
    assert page.all("span")[0] == {"class": "live", "data-live": "waiting", "role": "status"}
    assert page.words == "Trực tiếp Đang kết nối… Mất kết nối – đang nối lại"
