"""Notes on a lead. Who is mentioned with @ is told, if they may see the lead."""

import re
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid
from core.text import clean, fold
from leads.events import Fact, record
from leads.kinds import NOTE_ADDED
from leads.models import Event, Standing
from leads.standing import lock

LONGEST_NOTE = 5000


def add_note(lead_id: int, *, by: User | None, at: datetime, text: str) -> Event:
    """Writes the note down for everybody who sees the lead. Raises Invalid when there is nothing in it."""
    words = clean(text, LONGEST_NOTE, lines=True)
    if not words:
        raise Invalid(_("Write something first."), code="required", field="text")
    mentioned = [user for user in mentions(words, people()) if _sees(user, lead_id)]
    with lock([lead_id]) as rows:
        properties = {
            "note": words,
            "mentioned": [user.pk for user in mentioned],
            "names": [user.full_name for user in mentioned],
        }
        event = record([Fact(lead_id, NOTE_ADDED, at, by.pk if by else None, properties=properties)], at=at, rows=rows)
    return event[0]


def people() -> list[User]:
    """Whom one can mention: everybody who works here. One query."""
    return list(User.objects.here().order_by("full_name", "pk"))


def mentions(text: str, known: list[User]) -> list[User]:
    """Those named in the text as @Full Name (accents and case do not matter) or @e-mail; each once, in list order.

    The longest name wins: "@Trần Huy Nam" does not mention "Trần Huy" too.
    """
    rest = fold(text)
    found: set[int] = set()
    names = [(fold(user.full_name), user) for user in known] + [(fold(user.email), user) for user in known]
    for name, user in sorted(names, key=lambda pair: -len(pair[0])):
        pattern = re.compile(rf"(?<!\w)@{re.escape(name)}(?![\w])") if name else None
        if pattern and pattern.search(rest):
            found.add(user.pk)
            rest = pattern.sub(" ", rest)
    return [user for user in known if user.pk in found]


def _sees(user: User, lead_id: int) -> bool:
    return Standing.objects.visible_to(user).filter(pk=lead_id).exists()
