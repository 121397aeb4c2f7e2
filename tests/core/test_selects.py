from django.utils.translation import gettext_lazy

from core.selects import PlainSelect, options

EVIL = '<script>alert("1")</script>'


def test_a_select_marks_what_is_chosen():
    select = PlainSelect(choices=[("", "All"), ("a", "A"), (3, "C")])
    assert select.render("source", 3, attrs={"class": "form-select"}) == (
        '<select name="source" class="form-select"><option value="">All</option><option value="a">A</option>'
        '<option value="3" selected>C</option></select>'
    )
    assert '<option value="" selected>' in select.render("source", None)


def test_what_people_typed_is_only_text():
    select = PlainSelect(choices=[("", "All"), (EVIL, EVIL)], attrs={"title": EVIL})
    drawn = select.render(EVIL, EVIL, attrs={"class": "form-select"})
    assert ("<script" in drawn, drawn.count("&lt;script")) == (False, 4)


def test_options_speak_the_language_of_the_page():
    assert options([(1000, gettext_lazy("Status"))], "1000") == '<option value="1000" selected>Trạng thái</option>'


def test_nothing_to_choose_is_nothing():
    assert options([], "") == ""
