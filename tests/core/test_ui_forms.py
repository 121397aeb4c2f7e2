import json
from datetime import UTC, datetime

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation

from core import figures, ui_words
from tests.core.page import show

AT = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)


class CallForm(forms.Form):
    name = forms.CharField(label="Tên", help_text="Như trên danh thiếp.")
    outcome = forms.ChoiceField(label="Kết quả", choices=[("a", "Gặp"), ("b", "Bận")], widget=forms.RadioSelect)
    source = forms.ChoiceField(label="Nguồn", choices=[("z", "Zalo")], required=False)
    agreed = forms.BooleanField(label="Đồng ý", required=False)
    file = forms.FileField(label="Tệp", required=False)


def test_field_ties_label_help_and_control():
    page = show("{% field form.name icon='user' %}", form=CallForm())
    assert page.words == "Tên Như trên danh thiếp."
    assert page.one("label")["for"] == "id_name"
    assert page.one("input")["class"] == "form-control"
    assert page.one("input")["aria-describedby"] == page.one("div", css="form-hint")["id"]


def test_field_shows_its_error_beside_it():
    page = show("{% field form.name 'Họ tên' helped=False %}", form=CallForm({}))
    assert page.words == "Họ tên Trường này là bắt buộc."
    assert page.one("input")["class"] == "form-control is-invalid"
    assert page.one("input")["aria-invalid"] == "true"
    assert page.one("div", css="invalid-feedback")["id"] == "id_name_error"


@pytest.mark.parametrize(
    ("name", "tag", "css"),
    [("source", "select", "form-select"), ("agreed", "input", "form-check-input"), ("file", "input", "form-control")],
)
def test_field_dresses_each_control(name, tag, css):
    page = show("{% field bound %}", bound=CallForm()[name])
    assert page.one(tag)["class"] == css


def test_field_of_choices_is_a_named_group():
    page = show("{% field form.outcome inline=True %}", form=CallForm({"name": "x", "outcome": "?"}))
    assert [i["class"] for i in page.all("input")] == ["form-check-input is-invalid"] * 2
    assert page.words.startswith("Kết quả Gặp Bận") is True
    assert page.one("fieldset")["aria-describedby"] == "id_outcome_error"


def test_form_errors_are_announced():
    form = CallForm({})
    form.add_error(None, "Lead đã chuyển cho người khác.")
    page = show('{% include "components/form_errors.html" %}', form=form)
    assert page.words == "Lead đã chuyển cho người khác."
    assert page.one("div", role="alert")["class"] == "alert alert-danger"


def test_dialog_is_native_and_named():
    page = show('{% dialog "won" "Chốt" size="sm" icon="trophy" auto=True %}Số tiền{% enddialog %}')
    assert page.one("dialog") == {
        "class": "dialog dialog-sm", "id": "won", "aria-labelledby": "won-title", "data-auto": None,
    }  # fmt: skip
    assert page.words == "Chốt Số tiền"


def test_confirm_posts_with_its_token():
    page = show(
        '{% confirm "del" "Xoá?" "/del/" text="Không lấy lại được." action="Xoá" danger=True name="id" value="3" %}'
    )
    assert page.one("form") == {"method": "post", "action": "/del/"}
    assert [(i["name"], i["value"]) for i in page.all("input")] == [("csrfmiddlewaretoken", "token"), ("id", "3")]
    assert page.words == "Xoá? Không lấy lại được. Thôi Xoá"


def test_confirm_has_words_of_its_own():
    assert show('{% confirm "go" "Tiếp tục?" "/go/" icon="send" %}').words == "Tiếp tục? Thôi Đồng ý"
    assert show('{% confirm "go" "Tiếp tục?" "/go/" %}').words == "Tiếp tục? Thôi Đồng ý"


# --- talking to the person ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "words", "role"),
    [
        ("success", "Xong : Đã lưu.", "status"),
        ("error", "Chưa thực hiện được : Đã lưu.", "alert"),
        ("odd", "Thông tin : Đã lưu.", "status"),
    ],
)
def test_toast_says_how_serious_it_is(level, words, role):
    with translation.override("vi"):
        html = render_to_string("components/toast.html", {"level": level, "text": "Đã lưu."})
    page = show("{{ html|safe }}", html=html)
    assert page.words == words.replace(" :", ":")
    assert page.all("div")[0]["role"] == role
    assert ("data-stay" in page.all("div")[0]) is (level == "error")


def test_page_words_are_json_for_the_scripts():
    page = show("{% page_words %}")
    assert page.one("script") == {"id": "words", "type": "application/json"}
    assert json.loads(page.words)["left"] == "còn {span}"
    assert set(json.loads(page.words)) == {*figures.unit_words(), *figures.relative_words(), *ui_words.page_words()}


@pytest.mark.parametrize("code", [400, 403, 404, 500])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_error_pages_need_nothing_to_show(code, language):
    with translation.override(language):
        page = show("{{ html|safe }}", html=render_to_string(f"{code}.html"))
    assert page.one("p", css="error-code") == {"class": "error-code"}
    assert page.one("html")["lang"] == language


def test_own_scripts_and_styles_exist():
    page = show("{{ html|safe }}", html=render_to_string("base.html"))
    links = [s["src"] for s in page.all("script") if "src" in s] + [link["href"] for link in page.all("link")]
    own = [link.removeprefix("/static/") for link in links if "leadflow/" in link]
    assert [name for name in own if finders.find(name) is None] == []
    assert len(own) == len(set(own))
