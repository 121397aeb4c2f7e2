"""The filters of the lead list as its address spells them. Read kindly: a bad value is left out, and said."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import Invalid
from leads.custom import as_words
from leads.custom_fields import fields_in_use
from leads.custom_filters import BOUNDS, CUSTOM
from leads.enums import FieldKind, Outcome, Stage, Status
from leads.filter_forms import Chip
from leads.filters import GRADES, NAMES, NOBODY, SEVERAL, filter_standings, of_standing
from leads.models import CustomField, Standing
from leads.queries import Choices, owners_to_choose, sources_to_choose, teams_to_choose
from leads.values import joined, several

ME = "me"
LISTED = ("q", *(name for name in NAMES if name != "q"))
LABELS: Mapping[str, Promise] = {
    "q": _("Search"),
    "status": _("Status"),
    "stage": _("Stage"),
    "owner": _("Owner"),
    "team": _("Team"),
    "source": _("Source"),
    "campaign": _("Campaign"),
    "product": _("Product of interest"),
    "city": _("City"),
    "tag": _("Tag"),
    "sla": _("SLA"),
    "outcome": _("Hand-off"),
    "grade": _("Grade"),
    "has_open_handoff": _("Open hand-off"),
    "score_min": _("Score from"),
    "score_max": _("Score to"),
    "quiet_days": _("Quiet for days"),
    "created_after": _("Created from"),
    "created_before": _("Created before"),
    "mql_after": _("MQL from"),
    "mql_before": _("MQL before"),
    "active_after": _("Last seen from"),
    "active_before": _("Last seen before"),
}
SLA: tuple[tuple[str, Promise], ...] = (("ok", _("On time")), ("warning", _("Due soon")), ("breached", _("Overdue")))
YES_NO: tuple[tuple[str, Promise], ...] = (("true", _("Yes")), ("false", _("No")))
FIRST: Mapping[str, Promise] = {
    "status": _("Any status"),
    "stage": _("Any stage"),
    "owner": _("Any owner"),
    "source": _("Any source"),
    "sla": _("Any SLA state"),
}
BOUND_WORDS = {"": "{}", "from": _("from {}"), "to": _("to {}")}
AGES = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Quick:
    """A filter with one value, right on the page. `choices` are (value, words)."""

    name: str
    label: str | Promise
    first: str | Promise
    choices: Choices
    value: str


@dataclass(frozen=True)
class Group:
    """A filter with several values, in the dialog. `choices` are (value, words, chosen)."""

    name: str
    label: str | Promise
    choices: list[tuple[str, str, bool]]

    @property
    def chosen(self) -> int:
        return sum(chosen for _value, _words, chosen in self.choices)


@dataclass(frozen=True)
class Plain:
    """A filter with one value, in the dialog. `kind` is the input's: number, date, yes_no."""

    name: str
    label: str | Promise
    kind: str
    value: str
    choices: Choices


@dataclass(frozen=True)
class Own:
    """A filter by one of the administrator's own fields."""

    field: CustomField
    choices: list[tuple[str, str, bool]]
    value: str
    first: str
    last: str


class LeadFilter:
    """What the address asks for: `params` as `filter_standings` takes them, `errors` by parameter for the rest."""

    def __init__(self, data: QueryDict, *, user: User, listed: dict[str, Choices] | None = None) -> None:
        """`listed`: what several filters of one person share, so that each list is asked for once."""
        self.user, self.errors, self._listed = user, dict[str, str](), {} if listed is None else listed
        self.asked = asked(data)
        self.params = {name: value for name, value in self.asked.items() if self._is_good(name, value)}

    def _is_good(self, name: str, value: str) -> bool:
        try:
            filter_standings(Standing.objects.none(), self._resolved({name: value}), at=AGES)
        except Invalid as refusal:
            self.errors[name] = str(refusal)
        return name not in self.errors

    def _resolved(self, params: Mapping[str, str]) -> dict[str, str]:
        """`owner=me` is whoever looks: a shared link shows everybody their own."""
        mine = {ME: str(self.user.pk)}
        owner = {"owner": joined(mine.get(one, one) for one in several(params["owner"]))} if "owner" in params else {}
        return {**params, **owner}

    @property
    def resolved(self) -> dict[str, str]:
        return self._resolved(self.params)

    def narrow(self, rows: QuerySet[Standing], *, at: datetime) -> QuerySet[Standing]:
        return filter_standings(rows, self.resolved, at=at)

    def passed(self, rows: QuerySet[Standing], *, at: datetime) -> QuerySet[Standing] | None:
        """What a walk passes on its way: rows narrowed by all but what has to be looked up in the lead itself.

        None where there is nothing to look up.
        """
        own = of_standing(self.resolved)
        return filter_standings(rows, own, at=at) if len(own) < len(self.params) else None

    @property
    def query(self) -> str:
        """What is searched for."""
        return self.params.get("q", "")

    def choices(self, name: str) -> Choices:
        """(value, words) of a filter with a list, as the address spells them; none for the others."""
        if name not in self._listed:
            self._listed[name] = LISTS[name](self.user) if name in LISTS else []
        return self._listed[name]

    @property
    def quick(self) -> list[Quick]:
        """The filters of the bar. Several values that a link brings are, together, one more choice."""
        return [
            Quick(name, LABELS[name], first, self._with_given(name), self.params.get(name, ""))
            for name, first in FIRST.items()
        ]

    def _with_given(self, name: str) -> Choices:
        choices, given = self.choices(name), self.params.get(name, "")
        return choices if not given or given in dict(choices) else [*choices, (given, self._words(name))]

    @property
    def chips(self) -> list[Chip]:
        own = fields_in_use() if any(name.startswith(CUSTOM) for name in self.params) else {}
        return [
            self._own_chip(name, own) if name.startswith(CUSTOM) else Chip(name, LABELS[name], self._words(name))
            for name in self.params
        ]

    def _own_chip(self, name: str, own: Mapping[str, CustomField]) -> Chip:
        key, _dot, bound = name.removeprefix(CUSTOM).partition(".")
        value = self.params[name]
        words = as_words(own[key], value == "true" if own[key].kind == FieldKind.BOOLEAN else value)
        return Chip(name, own[key].label, str(BOUND_WORDS[bound]).format(words))

    def _words(self, name: str) -> str:
        value = self.params[name]
        if name not in SEVERAL and name != "has_open_handoff":
            return value
        words = {one: text for spelled, text in self.choices(name) for one in several(spelled)}
        return ", ".join(words.get(one, one) for one in several(value))

    @property
    def beside(self) -> list[tuple[str, str]]:
        """The filters that have no control on the page itself; they travel along."""
        return [(name, value) for name, value in self.params.items() if name not in {*FIRST, "q"}]

    @property
    def plain(self) -> list[Plain]:
        names = [name for name in LABELS if name not in SEVERAL and name != "q"]
        return [Plain(name, LABELS[name], _kind(name), self.params.get(name, ""), self.choices(name)) for name in names]

    def groups(self, lists: Mapping[str, list[str]]) -> list[Group]:
        """The filters of the dialog; `lists` are the campaigns, products, cities and tags in use."""
        words = {name: _spelled((v, v) for v in values) for name, values in lists.items()}
        return [
            Group(name, LABELS[name], self._ticked(name, words[name] if name in words else self.choices(name)))
            for name in SEVERAL
        ]

    def own(self) -> list[Own]:
        """The filters by the administrator's fields."""
        return [self._own(field) for field in fields_in_use().values()]

    def _own(self, field: CustomField) -> Own:
        name = f"{CUSTOM}{field.key}"
        given = {bound: self.params.get(f"{name}.{bound}", "") for bound in BOUNDS}
        choices = self._ticked(name, _spelled((choice, choice) for choice in field.choices))
        return Own(field, choices, self.params.get(name, ""), given["from"], given["to"])

    def _ticked(self, name: str, choices: Choices) -> list[tuple[str, str, bool]]:
        """The choices with what is chosen; what the address asks for is offered even when nobody has it (any more)."""
        given = several(self.params.get(name, ""))
        known = {one for value, _words in choices for one in several(value)}
        missing = [(joined([one]), one) for one in given if one not in known]
        return [(value, words, bool(set(several(value)) & set(given))) for value, words in [*missing, *choices]]


def _spelled(choices: Iterable[tuple[str, str]]) -> Choices:
    return [(joined([value]), words) for value, words in choices]


def _worded(choices: Iterable[tuple[str, str | Promise]]) -> Choices:
    return [(value, str(words)) for value, words in choices]


# What each filter offers to this person; those that ask the database are only asked where they are shown.
LISTS: Mapping[str, Callable[[User], Choices]] = {
    "status": lambda _user: _worded(Status.choices),
    "stage": lambda _user: _worded(Stage.choices),
    "sla": lambda _user: _worded(SLA),
    "grade": lambda _user: [(grade, grade) for grade in sorted(GRADES)],
    "outcome": lambda _user: _worded([(NOBODY, _("Never handed over")), *Outcome.choices]),
    "has_open_handoff": lambda _user: _worded(YES_NO),
    "owner": lambda user: [*_worded([(ME, _("Me")), (NOBODY, _("Nobody yet"))]), *owners_to_choose(user)],
    "team": lambda user: [*_worded([(NOBODY, _("No team"))]), *teams_to_choose(user)],
    "source": lambda _user: _spelled(sources_to_choose()),
}


def asked(data: QueryDict) -> dict[str, str]:
    """The filters in an address, in a fixed order; a repeated parameter is a list of values."""
    own = sorted(name for name in data if name.startswith(CUSTOM))
    found = {name: _text(data, name) for name in [*LISTED, *own]}
    return {name: value for name, value in found.items() if value}


def _text(data: QueryDict, name: str) -> str:
    values = [value.strip() for value in data.getlist(name) if value.strip()]
    listed = name in SEVERAL or name.startswith(CUSTOM)
    return ",".join(values) if listed else (values or [""])[-1]


def _kind(name: str) -> str:
    if name == "has_open_handoff":
        return "yes_no"
    return "date" if name.endswith(("_after", "_before")) else "number"
