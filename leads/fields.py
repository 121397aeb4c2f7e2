"""Form fields for what people type in Vietnam: money with its dots, or 1,5 tỷ."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.figures import number
from core.text import clean

SCALES = {
    "": 1,
    "k": 10**3,
    "nghin": 10**3,
    "tr": 10**6,
    "trieu": 10**6,
    "m": 10**6,
    "ty": 10**9,
    "ti": 10**9,
    "b": 10**9,
}
TYPED = re.compile(r"([\d.,\s]*\d)\s*([a-z]*)")
GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+")
ACCENTS = str.maketrans({"ỷ": "y", "ỉ": "i", "ệ": "e", "ì": "i"})


def read_money(text: str) -> int | None:
    """Whole VND from "350.000.000", "350 tr", "1,5 tỷ" or "4.82B ₫"; None when it is no amount.

    Dots and commas in front of three digits group thousands; with a scale word a single one is a decimal mark.
    """
    bare = re.sub(r"₫|đ|vnd", "", text.lower().translate(ACCENTS)).strip()
    found = TYPED.fullmatch(bare)
    if not found or found[2] not in SCALES:
        return None
    figure = re.sub(r"\s", "", found[1])
    if GROUPED.fullmatch(figure) and not (found[2] and len(re.findall(r"[.,]", figure)) == 1):
        figure = re.sub(r"[.,]", "", figure)
    try:
        amount = Decimal(figure.replace(",", ".")) * SCALES[found[2]]
    except InvalidOperation:
        return None
    return int(amount) if amount == amount.to_integral_value() else None


class MoneyField(forms.CharField):
    """An amount in whole VND, of at most `max_value`; the page writes the dots while one types."""

    def __init__(self, *, max_value: int | None = None, **kwargs: Any) -> None:
        self.max_value = max_value
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "data-money": "", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        typed = clean(super().clean(value), 40)
        if not typed:
            return None
        amount = read_money(typed)
        if amount is None:
            raise forms.ValidationError(_("Write an amount in VND, such as 350.000.000 or 1,5 tỷ."), code="invalid")
        if self.max_value is not None and amount > self.max_value:
            raise forms.ValidationError(_("At most %(most)s ₫.") % {"most": number(self.max_value)}, code="max_value")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value
