"""Who is meant: the lead, and those that were merged into it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.errors import Conflict, NotFound
from core.text import fold
from leads.finding import best
from leads.models import Lead, Standing
from leads.phones import parse_phone
from leads.queries import lead_rows
from leads.standing import lock

FOUND = 12
GONE = gettext_lazy("This person has been erased: there is nobody to work on any more.")


def refuse_erased(erased_at: datetime | None) -> None:
    """Raises Conflict for an act on a person who has been erased."""
    if erased_at:
        raise Conflict(GONE, code="erased")


def erased_among(lead_ids: Iterable[int]) -> set[int]:
    """Those of them who have been erased. The others are locked: nobody erases them before the caller is done."""
    with lock(lead_ids) as rows:
        return set(Lead.objects.filter(pk__in=rows, erased_at__isnull=False).values_list("pk", flat=True))


def meant(lead_id: int) -> list[Lead]:
    """The person's lead first, then all that have become part of it. Raises NotFound."""
    found = list(Lead.objects.filter(Q(pk=lead_id, merged_into=None) | Q(merged_into=lead_id)).order_by("pk"))
    found.sort(key=lambda lead: lead.pk != lead_id)
    if not found or found[0].pk != lead_id:
        raise NotFound
    return found


def look_up(query: str, *, user: User) -> list[Standing]:
    """By number, phone, e-mail or name; who only a merged lead knows by them is found under the lead it is part of."""
    words = query.strip()
    if not words:
        return []
    rows = lead_rows(user).filter(lead__erased_at=None)
    known = {row.pk: row for row in [*_numbered(rows, words), *best(rows, words)]}
    before = _merged(words)
    known |= {row.pk: row for row in rows.filter(lead__in=before)}
    return list(known.values())[:FOUND]


def _numbered(rows: QuerySet[Standing], words: str) -> list[Standing]:
    number = words.removeprefix("#")
    return list(rows.filter(lead=int(number))) if number.isdecimal() and len(number) < 16 else []


def _merged(words: str) -> list[int]:
    """Index: lead_merged_phone, lead_merged_email."""
    phone = parse_phone(words).e164
    said = Q(email=fold(words)) | (Q(phone=phone) if phone else Q(pk__in=[]))
    into = Lead.objects.filter(said, merged_into__isnull=False).values_list("merged_into", flat=True)[:FOUND]
    return [lead_id for lead_id in into if lead_id]
