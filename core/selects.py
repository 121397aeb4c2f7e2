"""Selects drawn in one go rather than by a template for each of their options, of which a filter bar has hundreds."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe


def options(choices: Iterable[tuple[Any, Any]], chosen: str) -> SafeString:
    """The options of a select from (value, words)."""
    drawn = (
        f'<option value="{escape(value)}"{" selected" if str(value) == chosen else ""}>{escape(words)}</option>'
        for value, words in choices
    )
    return mark_safe("".join(drawn))  # noqa: S308 - values and words are escaped above


class PlainSelect(forms.Select):
    def render(
        self,
        name: str,
        value: Any,
        attrs: Mapping[str, Any] | None = None,
        renderer: BaseRenderer | None = None,  # noqa: ARG002 - its draughtsman is not asked
    ) -> SafeString:
        """One value is chosen, or none; choices have no groups."""
        drawn = options(self.choices, "" if value is None else str(value))
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, dict(attrs or {}))), drawn
        )
