from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import AppointmentOutcome
from leads.querysets import AppointmentQuerySet

LONGEST = 24 * 60


class Appointment(models.Model):
    """A time agreed with a lead: where or by which link, and what came of it. Durations in minutes."""

    told_as = _("Appointments")

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="appointments", db_index=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("with"), db_index=False
    )
    starts_at = models.DateTimeField(_("time"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=60, validators=[MinValueValidator(5), MaxValueValidator(LONGEST)]
    )
    place = models.CharField(_("place"), max_length=200, blank=True, default="")
    link = models.URLField(_("online link"), max_length=500, blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")
    outcome = models.CharField(
        _("outcome"), max_length=9, choices=AppointmentOutcome, default=AppointmentOutcome.PLANNED
    )
    result = models.TextField(_("what came of it"), blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=LONGEST), name="appointment_length")
        ]
        indexes = [
            models.Index(fields=["owner", "starts_at"], name="appointment_by_owner"),
            models.Index(fields=["lead", "-starts_at"], name="appointment_by_lead"),
            models.Index(fields=["starts_at"], name="appointment_by_time"),
        ]

    def __str__(self) -> str:
        return f"appointment with {self.lead_id} at {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_planned(self) -> bool:
        return self.outcome == AppointmentOutcome.PLANNED


class CalendarFeed(models.Model):
    """A person's calendar address. Only the SHA-256 of its token is kept: a new address ends the old one."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="calendar_feed"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"
