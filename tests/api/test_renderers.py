from datetime import UTC, datetime

from django.utils import translation
from django.utils.translation import gettext_lazy

from api.renderers import OrjsonRenderer, to_json


def test_to_json_writes_times_with_their_offset():
    assert to_json({"at": datetime(2026, 11, 23, 3, 0, tzinfo=UTC)}) == b'{"at":"2026-11-23T03:00:00+00:00"}'


def test_to_json_says_lazy_words_in_the_language_of_the_moment():
    word = gettext_lazy("Not found")
    with translation.override("vi"):
        assert to_json([word]).decode() == '["Không tìm thấy"]'
    with translation.override("en"):
        assert to_json([word]) == b'["Not found"]'


def test_renderer_renders_nothing_for_nothing():
    assert (OrjsonRenderer().render(None), OrjsonRenderer().render([1])) == (b"", b"[1]")
