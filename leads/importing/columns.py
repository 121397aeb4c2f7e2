"""What a column of a file may mean, and how its heading gives that away. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.text import fold
from leads.custom import PREFIX
from leads.enums import ImportKind
from leads.importing.cells import contact_in
from leads.importing.headings import HEADINGS

BOTH = (ImportKind.LEADS, ImportKind.HISTORY)
PAST = (ImportKind.HISTORY,)
COST = (ImportKind.SPEND,)
EVERY = tuple(ImportKind)
WHENS = frozenset({"occurred_at", "created_at", "mql_at", "decided_at", "won_at", "day"})


@dataclass(frozen=True)
class Target:
    """Something a column can be. Of two columns for one target the first counts."""

    name: str
    label: str | Promise
    kinds: tuple[ImportKind, ...]

    def means(self, said: str) -> bool:
        return said in HEADINGS[self.name]


TARGETS: tuple[Target, ...] = (
    Target("name", _("Name"), BOTH),
    Target("family_name", _("Family name"), BOTH),
    Target("given_name", _("Given name"), BOTH),
    Target("phone", _("Phone"), BOTH),
    Target("email", _("E-mail"), BOTH),
    Target("company", _("Company"), BOTH),
    Target("title", _("Title"), BOTH),
    Target("company_size", _("Company size"), BOTH),
    Target("city", _("City"), BOTH),
    Target("product", _("Product"), BOTH),
    Target("source", _("Source"), EVERY),
    Target("campaign", _("Campaign"), EVERY),
    Target("external_id", _("Id in the other system"), BOTH),
    Target("note", _("Note"), BOTH),
    Target("tags", _("Tags (several with ;)"), BOTH),
    Target("occurred_at", _("Asked when"), (ImportKind.LEADS,)),
    Target("created_at", _("First contact when"), PAST),
    Target("mql_at", _("Became MQL when"), PAST),
    Target("owner", _("Who had it (e-mail or name)"), PAST),
    Target("outcome", _("What came of it"), PAST),
    Target("reason", _("Why not"), PAST),
    Target("decided_at", _("Decided when"), PAST),
    Target("won_at", _("Won when"), PAST),
    Target("amount", _("Amount in VND"), (ImportKind.HISTORY, ImportKind.SPEND)),
    Target("day", _("Day"), COST),
    Target("utm_medium", _("UTM medium"), BOTH),
    Target("utm_term", _("UTM term"), BOTH),
    Target("utm_content", _("UTM content"), BOTH),
)
BY_NAME = {target.name: target for target in TARGETS}
Mapped = Mapping[int, str]  # column to target


def heading(text: str) -> str:
    """A heading as HEADINGS spells it: folded, letters and digits only."""
    return re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()


def shape_of(header: Sequence[str]) -> str:
    """The same for files with the same headings in the same order."""
    return sha256("\x1f".join(heading(name) for name in header).encode()).hexdigest()


def targets_for(kind: str) -> list[Target]:
    return [target for target in TARGETS if kind in target.kinds]


def guess(header: Sequence[str], kind: str, custom: Iterable[tuple[str, str]] = ()) -> dict[int, str]:
    """The target of each column that says what it is. `custom` are the keys and labels of the fields of this house."""
    found: dict[int, str] = {}
    own = {heading(word): f"{PREFIX}{key}" for key, label in custom for word in (key, label)}
    for column, name in enumerate(header):
        said = heading(name)
        target = own.get(said) if kind != ImportKind.SPEND else None
        target = target or next((t.name for t in targets_for(kind) if t.means(said)), None)
        if target and target not in found.values():
            found[column] = target
    return found


def guess_by_cells(found: Mapped, rows: Sequence[Sequence[str]]) -> dict[int, str]:
    """The same with phone and e-mail where no heading said so: the first column most of whose cells are such."""
    told = dict(found)
    for target in ("phone", "email"):
        free = (column for column in range(len(rows[0]) if rows else 0) if column not in told)
        alike = (column for column in free if _share(rows, column, target) > 0.5)
        if target not in told.values() and (column := next(alike, None)) is not None:
            told[column] = target
    return told


def _share(rows: Sequence[Sequence[str]], column: int, target: str) -> float:
    cells = [row[column] for row in rows if row[column]]
    return sum(contact_in(cell) == target for cell in cells) / len(cells) if cells else 0.0


def guess_kind(header: Sequence[str]) -> ImportKind:
    """Spend has days and amounts and nobody to call; history says when something was won, decided or handed over."""
    said = {heading(name) for name in header}

    def has(*names: str) -> bool:
        return any(BY_NAME[name].means(word) for name in names for word in said)

    if has("day") and has("amount") and not has("phone", "email", "external_id", "name"):
        return ImportKind.SPEND
    return ImportKind.HISTORY if has("won_at", "mql_at", "decided_at", "outcome") else ImportKind.LEADS
