import re
from datetime import date, datetime, time

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from core.form_controls import Controls

EVIL = '"><script>alert(1)</script>'
CHOICES = [("", "All"), ("a", "A & B"), (3, EVIL), ("Group", [("x", "X"), (EVIL, "Y")])]


class Everything(forms.Form):
    text = forms.CharField(help_text="why", max_length=20)
    e_mail = forms.EmailField(required=False)
    address = forms.URLField(required=False, assume_scheme="https")
    secret = forms.CharField(widget=forms.PasswordInput, required=False)
    hidden = forms.CharField(widget=forms.HiddenInput)
    many = forms.IntegerField(min_value=0)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date", "data-x": EVIL}, format="%Y-%m-%d"))
    moment = forms.DateTimeField()
    clock = forms.TimeField()
    agreed = forms.BooleanField()
    note = forms.CharField(widget=forms.Textarea(attrs={"autofocus": True, "data-none": False}))
    one = forms.ChoiceField(choices=CHOICES)
    some = forms.MultipleChoiceField(choices=CHOICES)
    radio = forms.ChoiceField(choices=CHOICES[:2], widget=forms.RadioSelect)
    file = forms.FileField()


FILLED = {
    "text": EVIL, "e_mail": "an@example.com", "address": "https://example.com/?a=1&b=2", "secret": "x",
    "hidden": EVIL, "many": 1234, "day": date(2026, 11, 23), "moment": datetime(2026, 11, 23, 9, 30),  # noqa: DTZ001
    "clock": time(9, 30), "agreed": True, "note": f"two\nlines {EVIL}", "one": 3, "some": ["a", EVIL], "radio": "a",
}  # fmt: skip


@pytest.mark.parametrize("name", Everything.base_fields)
@pytest.mark.parametrize("initial", [{}, FILLED])
def test_controls_are_drawn_as_django_draws_them(name, initial):
    drawn = [str(Everything(initial=initial, renderer=made())[name]) for made in (Controls, TemplatesSetting)]
    ours, djangos = (re.sub(r">\s+<", "><", text) for text in drawn)
    assert ours == djangos


def test_what_was_sent_is_shown_again_as_text():
    form = Everything(FILLED | {"one": EVIL}, renderer=Controls())
    assert "<script" not in "".join(str(form[name]) for name in form.fields)
