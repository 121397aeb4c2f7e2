"""The columns of the lead list: what each is called, where it is read, how it leaves in a file, how it sorts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model, TextChoices, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.sheets import Column as SheetColumn
from leads.custom_fields import fields_in_use
from leads.enums import FieldKind, Outcome, Stage, Status
from leads.models import CustomField

CUSTOM = "custom."
NEVER, FOREVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
MOST_COLUMNS = 30


@dataclass(frozen=True)
class Column:
    """`path` is read from Standing. `sorts` is what the list orders by ("" if it can't); `indexed`: at any size."""

    key: str
    label: str | Promise
    path: str
    kind: str = "text"
    sorts: str | Combinable = ""
    indexed: bool = False
    custom: CustomField | None = None
    export: Callable[[Any], Any] = lambda value: value

    @property
    def falls(self) -> bool:
        """Whether a click sorts from the largest down first: figures and what was, but not what is due."""
        return self.kind != "text" and self.key not in {"sla", "next_step"}

    def sheet(self) -> SheetColumn:
        return SheetColumn(str(self.label), self.kind)


def _words(choices: type[TextChoices]) -> Callable[[Any], str]:
    return lambda value: str(choices(value).label) if value else ""


def _moment(key: str, label: Promise, path: str, *, missing: datetime = NEVER) -> Column:
    return Column(key, label, path, "moment", sorts=Coalesce(path, Value(missing)))


def _text(key: str, label: Promise, path: str = "") -> Column:
    return Column(key, label, path or f"lead__{key}", sorts=path or f"lead__{key}")


FIXED: tuple[Column, ...] = (
    _text("name", _("Lead"), "lead__name"),
    Column("status", _("Status"), "status", sorts="status", export=_words(Status)),
    Column("stage", _("Stage"), "stage", sorts="stage", export=_words(Stage)),
    Column("score", _("Score"), "score", "number", sorts="score", indexed=True),
    Column("grade", _("Grade"), "grade", sorts="grade"),
    _moment("sla", _("SLA"), "sla_due_at", missing=FOREVER),
    Column("owner", _("Owner"), "owner__full_name", sorts=Coalesce("owner__full_name", Value(""))),
    Column("team", _("Team"), "team__name", sorts=Coalesce("team__name", Value(""))),
    _text("source", _("Source"), "source"),
    _text("campaign", _("Campaign"), "campaign"),
    Column("phone", _("Phone"), "lead__phone"),
    Column("email", _("E-mail"), "lead__email", sorts=Coalesce("lead__email", Value(""))),
    _text("company", _("Company")),
    _text("title", _("Job title")),
    Column("company_size", _("Number of staff"), "lead__company_size", "number",
           sorts=Coalesce("lead__company_size", Value(0))),
    _text("city", _("City")),
    _text("product", _("Product of interest")),
    Column("tags", _("Tags"), "lead__tags", export=lambda value: "; ".join(value or ())),
    Column("external_id", _("External id"), "lead__external_id"),
    Column("fit", _("Fit"), "fit", "number", sorts="fit"),
    Column("engagement", _("Engagement"), "engagement", "number", sorts="engagement"),
    Column("outcome", _("Hand-off"), "outcome", export=_words(Outcome)),
    _moment("mql_at", _("MQL since"), "mql_at"),
    Column("won_amount", _("Contract amount"), "won_amount", "money", sorts=Coalesce("won_amount", Value(0))),
    _moment("next_step", _("Next step due"), "next_step_at", missing=FOREVER),
    _moment("last_activity", _("Last seen"), "last_activity_at"),
    Column("created", _("Created"), "created_at", "moment", sorts="created_at", indexed=True),
)  # fmt: skip
BY_KEY: Mapping[str, Column] = {column.key: column for column in FIXED}
DEFAULT = ("name", "status", "stage", "score", "sla", "owner", "source", "last_activity", "created")


def columns() -> dict[str, Column]:
    """Every column by key: the fixed ones, then the administrator's own fields. One query."""
    return {**BY_KEY, **{column.key: column for column in map(_custom, fields_in_use().values())}}


def chosen(keys: Iterable[str], known: Mapping[str, Column]) -> list[Column]:
    """The columns of these keys, each once, at most 30; the name is always first. Unknown keys are left out."""
    wanted = dict.fromkeys(["name", *(key for key in keys if key in known)])
    return [known[key] for key in list(wanted)[:MOST_COLUMNS]]


def tables_of(shown: Iterable[Column]) -> list[str]:
    """What a list of these columns has to join: the lead itself always."""
    return list(dict.fromkeys(["lead", *(column.path.split("__")[0] for column in shown if "__" in column.path)]))


def value_of(row: Model, path: str) -> Any:
    """What a row of the list holds at a column's path."""
    value: Any = row
    for part in path.split("__"):
        value = getattr(value, part) if value is not None else None
    return value


def _custom(known: CustomField) -> Column:
    kinds = {FieldKind.NUMBER: "number"}
    kind = kinds.get(FieldKind(known.kind), "text")
    key = known.key
    return Column(
        f"{CUSTOM}{key}", known.label, "lead__custom", kind, custom=known, export=lambda all_: _plain(all_, key)
    )


def _plain(custom: Mapping[str, Any], key: str) -> Any:
    value = custom.get(key)
    return "; ".join(map(str, value)) if isinstance(value, list) else value
