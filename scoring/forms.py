"""What people type in the studio. A form hands it to an act; what the act refuses is said beside the field."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from core.typed import NameField, WholeField
from leads.custom import PREFIX
from leads.custom_fields import fields_in_use
from leads.forms import ActForm
from leads.kinds import CATALOGUE
from scoring.drafts import RULE_FIELDS, SETTINGS
from scoring.enums import Category, Decay, Handovers, Mode, Repeat, RuleKind
from scoring.models import Rule, ScoringModel
from scoring.sentences import as_text, as_value
from scoring.titles import RANKS
from scoring.words import field_name, level_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CONDITIONS = 4  # rows on the form: those that are there, and at least one empty
STEPS = 4
MOST_POINTS = 1000
FIRST_DAY = date(2000, 1, 1)  # no lead did anything before
OPERATOR_WORDS = [
    ("", "–"),
    ("equals", _("is")),
    ("one_of", _("is one of")),
    ("contains", _("has the words")),
    ("not_contains", _("does not have the words")),
    ("starts_with", _("begins with")),
    ("greater", _("is more than")),
    ("less", _("is less than")),
    ("level", _("is a title of this level or above")),
    ("given", _("is known")),
]
PROFILE_FIELDS = ("title", "company_size", "city", "company", "product", "source")


class NameForm(ActForm):
    """A new draft."""

    name = NameField(label=_("Name of the draft"), max_length=120)


class SettingsForm(ActForm):
    """Thresholds, decay, grades and what makes an SQL. An empty threshold follows from the others."""

    name = NameField(label=_("Name of the draft"), max_length=120)
    offers = WholeField(label=_("Free offers"), min_value=1, max_value=100)
    prospect = WholeField(label=_("Prospect from"), min_value=1, max_value=10_000, required=False)
    lead = WholeField(label=_("Lead from"), min_value=1, max_value=10_000, required=False)
    mql = WholeField(label=_("MQL from the score of"), min_value=1, max_value=10_000, required=False)
    sql_ready = WholeField(label=_("Sales first from"), min_value=1, max_value=10_000, required=False)
    decay = forms.ChoiceField(label=_("How points go away"), choices=Decay.choices)
    cumulative = forms.BooleanField(label=_("Each step takes its own points (else: in all)"), required=False)
    expiry_days = WholeField(
        label=_("Awards lapse after days"),
        min_value=1,
        max_value=730,
        help_text=_("60 is usual; 30 for a short sales cycle, 90 for a long one."),
    )
    pause_when_accepted = forms.BooleanField(label=_("No decay while Sales works the lead"), required=False)
    fit_a = WholeField(label=_("Fit A from"), min_value=0, max_value=10_000)
    fit_b = WholeField(label=_("Fit B from"), min_value=0, max_value=10_000)
    engagement_1 = WholeField(label=_("Engagement 1 from"), min_value=0, max_value=10_000)
    engagement_2 = WholeField(label=_("Engagement 2 from"), min_value=0, max_value=10_000)

    def __init__(self, data: Any = None, *, model: ScoringModel) -> None:
        given = {name: getattr(model, name) for name in SETTINGS if name != "steps"}
        for number, step in enumerate(model.steps):
            given |= {f"days_{number}": step["days"], f"points_{number}": step["points"]}
        super().__init__(data, initial=given)
        self.rows = max(STEPS, len(model.steps) + 1)
        for number in range(self.rows):
            for name, words, most in (("days", _("Days"), 730), ("points", _("Points"), MOST_POINTS)):
                self.fields[f"{name}_{number}"] = WholeField(label=words, required=False, min_value=1, max_value=most)

    @property
    def steps(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"days_{n}"], self[f"points_{n}"]) for n in range(self.rows)]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        pairs = [(given.pop(f"days_{n}", None), given.pop(f"points_{n}", None)) for n in range(self.rows)]
        if any((days is None) != (points is None) for days, points in pairs):
            self.add_error(None, _("Each step of silence needs both days and points."))
        given["steps"] = [{"days": days, "points": points} for days, points in pairs if days and points]
        return given


class RuleForm(ActForm):
    """One rule. Only what its kind needs is shown; conditions are rows of field, comparison and value."""

    label_vi = forms.CharField(label=_("Name in Vietnamese"), max_length=120)
    label_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    kind = forms.ChoiceField(
        label=_("The rule looks at"),
        choices=[(RuleKind.BEHAVIOUR, _("something the lead does")), (RuleKind.PROFILE, _("who the lead is"))],
    )
    event_kind = forms.CharField(label=_("Event"), max_length=60, required=False, widget=forms.TextInput())
    points = WholeField(
        label=_("Points"),
        min_value=-MOST_POINTS,
        max_value=MOST_POINTS,
        help_text=_("Below 0 takes points away."),
    )
    mode = forms.ChoiceField(label=_("Effect"), choices=Mode.choices)
    category = forms.ChoiceField(label=_("Counts as"), choices=Category.choices)
    repeat = forms.ChoiceField(label=_("How often"), choices=Repeat.choices, initial=Repeat.EVERY)
    repeat_property = forms.CharField(
        label=_("Once per value of"),
        max_length=120,
        required=False,
        help_text=_("A property of the event, such as webinar; several names with commas: the first that is given."),
    )
    cap_per_day = WholeField(label=_("At most per day"), min_value=1, max_value=1000, required=False)
    cap_per_lead = WholeField(label=_("At most per lead"), min_value=1, max_value=1000, required=False)
    expiry_days = WholeField(
        label=_("Lapses after days"),
        min_value=0,
        max_value=730,
        required=False,
        help_text=_("Empty: as the model says. 0: never."),
    )
    product_qualifying = forms.BooleanField(
        label=_("Product event: makes a PQL at any score"),
        required=False,
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, data: Any = None, *, rule: Rule | None = None) -> None:
        stored = rule.conditions if rule else []
        given: dict[str, Any] = {name: getattr(rule, name) for name in RULE_FIELDS} if rule else {}
        for number, one in enumerate(stored):
            given |= {
                f"field_{number}": one["field"],
                f"op_{number}": one["op"],
                f"value_{number}": as_text(one["value"]),
            }
        super().__init__(data, initial=given)
        self.rows = max(CONDITIONS, len(stored) + 1)
        for number in range(self.rows):
            self.fields |= {
                f"field_{number}": _typed(_("Field"), max_length=120, list="condition-fields"),
                f"op_{number}": forms.ChoiceField(label=_("Comparison"), choices=OPERATOR_WORDS, required=False),
                f"value_{number}": _typed(_("Value"), max_length=4000),
            }
        self.fields["event_kind"].widget.attrs["list"] = "event-kinds"

    @property
    def conditions(self) -> list[tuple[forms.BoundField, ...]]:
        return [(self[f"field_{n}"], self[f"op_{n}"], self[f"value_{n}"]) for n in range(self.rows)]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The events a rule can wait for; any other may be typed."""
        return [(kind.name, str(kind.label)) for kind in CATALOGUE.values() if kind.group == "behaviour"]

    @property
    def known_fields(self) -> list[tuple[str, str]]:
        """What a condition can look at; any property of an event may be typed."""
        custom = [(f"{PREFIX}{key}", field.label) for key, field in fields_in_use().items()]
        return [(name, field_name(name)) for name in (*PROFILE_FIELDS, "page")] + custom

    @property
    def levels(self) -> list[tuple[str, str]]:
        return [(rank, level_name(rank)) for rank in RANKS]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        rows = [
            {name: given.pop(f"{name}_{n}", "") or "" for name in ("field", "op", "value")} for n in range(self.rows)
        ]
        given["conditions"] = [_condition(row) for row in rows if row["field"] or row["value"]]
        return given


class TryForm(forms.Form):
    """Which lead to try: by number, name, phone or e-mail."""

    q = forms.CharField(label=_("Lead"), max_length=200, required=False)


class BacktestForm(ActForm):
    months = forms.TypedChoiceField(
        label=_("Over the last"),
        coerce=int,
        choices=[(3, _("3 months")), (6, _("6 months")), (12, _("12 months")), (24, _("24 months"))],
        initial=12,
    )


class PublishForm(ActForm):
    handovers = forms.ChoiceField(
        label=_("Leads that are over the line then, and that nobody has"),
        choices=Handovers.choices,
        widget=forms.RadioSelect,
        initial=Handovers.LATER,
    )


class ReasonForm(ActForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class DayForm(forms.Form):
    """A day of the past, or today."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any, *, latest: date) -> None:
        super().__init__(data)
        self.fields["on"].widget.attrs["max"] = latest.isoformat()
        self.fields["on"].validators += [MinValueValidator(FIRST_DAY), MaxValueValidator(latest)]


class AdjustForm(ActForm):
    """Points by hand."""

    points = WholeField(
        label=_("Points"),
        min_value=-MOST_POINTS,
        max_value=MOST_POINTS,
        help_text=_("For example 20, or −15 to take some away."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


def _typed(label: "StrOrPromise", *, max_length: int, **attrs: str) -> forms.CharField:
    """A cell of a row without a label above it: the empty cell says what belongs there."""
    widget = forms.TextInput(attrs={"placeholder": label, **attrs})
    return forms.CharField(label=label, max_length=max_length, required=False, widget=widget)


def _condition(row: Mapping[str, str]) -> dict[str, Any]:
    return {"field": row["field"], "op": row["op"], "value": as_value(row["op"], row["value"])}
