"""How each key of the domain looks everywhere: its words, its colour (a Tabler colour name) and its icon."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Look(NamedTuple):
    """Words, colour and icon of one key. Colour never stands alone: the words or the icon say the same."""

    label: str | Promise
    colour: str
    icon: str


UNKNOWN = Look("", "secondary", "circle")

STATUSES: dict[str, Look] = {
    "new": Look(_("New"), "blue", "sparkles"),
    "researched": Look(_("Researched"), "cyan", "search-check"),
    "unreachable": Look(_("Unreachable"), "secondary", "phone-off"),
    "wrong_target": Look(_("Wrong target"), "dark", "circle-slash"),
    "potential": Look(_("Potential"), "yellow", "trending-up"),
    "hot": Look(_("Hot"), "orange", "flame"),
    "won": Look(_("Won"), "green", "trophy"),
}
MAIN_CHAIN = ("new", "researched", "potential", "hot", "won")
SIDE_EXITS = ("unreachable", "wrong_target")

STAGES: dict[str, Look] = {
    "contact": Look(_("Contact"), "secondary", "user"),
    "prospect": Look(_("Prospect"), "azure", "eye"),
    "lead": Look(_("Lead"), "blue", "user-check"),
    "mql": Look(_("MQL"), "indigo", "target"),
    "pql": Look(_("PQL"), "purple", "package-check"),
    "sql": Look(_("SQL"), "teal", "badge-check"),
    "customer": Look(_("Customer"), "green", "handshake"),
    "disqualified": Look(_("Disqualified"), "dark", "ban"),
}

OUTCOMES: dict[str, Look] = {
    "open": Look(_("Waiting for a decision"), "blue", "hourglass"),
    "accepted": Look(_("Accepted"), "green", "check"),
    "recycled": Look(_("Recycled"), "yellow", "recycle"),
    "discarded": Look(_("Discarded"), "dark", "trash-2"),
    "withdrawn": Look(_("Withdrawn"), "secondary", "undo-2"),
}

SLA_STATES: dict[str, Look] = {
    "ok": Look(_("On time"), "green", "clock"),
    "warning": Look(_("Due soon"), "yellow", "alarm-clock"),
    "breached": Look(_("Overdue"), "red", "alarm-clock-off"),
    "met": Look(_("Kept"), "green", "check"),
    "paused": Look(_("Paused"), "secondary", "pause"),
}

GRADES = {"A": "green", "B": "blue", "C": "secondary"}
LEVELS: dict[str, Look] = {
    "success": Look(_("Done"), "green", "circle-check"),
    "info": Look(_("For your information"), "blue", "info"),
    "warning": Look(_("Watch out"), "yellow", "triangle-alert"),
    "error": Look(_("That did not work"), "red", "circle-x"),
}
AVATAR_COLOURS = ("blue", "azure", "indigo", "purple", "pink", "red", "orange", "green", "teal", "cyan")


def page_words() -> dict[str, str]:
    """What the page's scripts say by themselves, in the active language."""
    return {
        "offline": gettext("The server did not answer. Nothing you typed is lost: try again."),
        "refused": gettext("This was not saved. Nothing you typed is lost."),
        "session": gettext("Your login has lapsed. Log in in a new tab, then send again: nothing is lost."),
        "login": gettext("Log in"),
        "copied": gettext("Copied: {text}"),
        "undo": gettext("Undo"),
        "open": gettext("Have a look"),
        "kept": gettext("What you had typed here is back."),
        "empty": gettext("No figures in this period yet"),
    }
