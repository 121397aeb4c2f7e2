"""Renders a piece of template and reads it as a person would: its words, and the attributes of its tags."""

import re
from html.parser import HTMLParser

from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


class Page:
    def __init__(self, html):
        self.html = html
        self._reader = _Reader()
        self._reader.feed(html)

    @property
    def words(self):
        return re.sub(r"[ \n\t]+", " ", " ".join(self._reader.texts)).strip()

    def all(self, tag, **wanted):
        """The attributes of every such tag that has all `wanted` (css="x": the class contains x)."""
        css = wanted.pop("css", None)
        wanted = {key.replace("_", "-"): value for key, value in wanted.items()}
        return [
            attrs
            for name, attrs in self._reader.tags
            if name == tag
            and all(attrs.get(key) == value for key, value in wanted.items())
            and (css is None or css in attrs.get("class", "").split())
        ]

    def one(self, tag, **wanted):
        (found,) = self.all(tag, **wanted)
        return found


def show(source, *, language="vi", address="/", **context):
    """The piece as the given language renders it, at the given address."""
    request = RequestFactory().get(address)
    with translation.override(language):
        return Page(Template(source).render(Context({"request": request, "csrf_token": "token", **context})))
