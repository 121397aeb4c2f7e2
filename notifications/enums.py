"""What people are told about, and by which way."""

from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The event kinds somebody is told about. The labels are the headlines."""

    ASSIGNED = "lead.assigned", _("A new lead for you")
    POOLED = "handoff.pooled", _("Nobody is free for this lead")
    WARNED = "sla.warned", _("A promise falls due soon")
    BREACHED = "sla.breached", _("A promise was not kept in time")


class Channel(models.TextChoices):
    APP = "app", _("In the app")
    EMAIL = "email", _("E-mail")


class Look(NamedTuple):
    icon: str
    colour: str
    level: str


LOOKS: dict[str, Look] = {
    Kind.ASSIGNED: Look("user-check", "indigo", "success"),
    Kind.POOLED: Look("hourglass", "orange", "warning"),
    Kind.WARNED: Look("alarm-clock", "yellow", "warning"),
    Kind.BREACHED: Look("alarm-clock-off", "red", "error"),
}
