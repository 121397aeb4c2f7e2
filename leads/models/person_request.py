from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leads.enums import ErasureGround, Objected, RequestChannel, RequestKind, RequestState


class PersonRequest(models.Model):
    """What a person asks of whoever keeps their data, until when by law, and what came of it.

    `asked_by` is empty when the person asked for themselves. An erasure empties all words typed here; `held` is its
    proof, how many rows of each kind there were. It is closed once the files are gone too; `closed_by` is set before.
    """

    told_as = _("Your requests")

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("what is asked for"), max_length=7, choices=RequestKind)
    ground = models.CharField(_("why"), max_length=10, choices=ErasureGround, blank=True, default="")
    objects_to = ArrayField(
        models.CharField(max_length=11, choices=Objected), verbose_name=_("objects to"), default=list, blank=True
    )
    channel = models.CharField(_("how it came"), max_length=6, choices=RequestChannel, default=RequestChannel.OTHER)
    asked_by = models.CharField(_("who asked"), max_length=120, blank=True, default="")
    asked_on = models.DateField(_("asked on"))
    note = models.TextField(_("note"), blank=True, default="")
    due_on = models.DateField(_("due by law"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("registered"))
    state = models.CharField(_("state"), max_length=7, choices=RequestState, default=RequestState.OPEN)
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    held = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("request of a person")
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "kind"], condition=Q(state=RequestState.OPEN), name="request_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, closed_at=None)
                | ~Q(state=RequestState.OPEN) & Q(closed_at__isnull=False, closed_by__isnull=False),
                name="request_closed_has_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.REFUSED) | ~Q(reason=""), name="request_refused_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(kind=RequestKind.DELETE) & ~Q(ground="") | ~Q(kind=RequestKind.DELETE) & Q(ground=""),
                name="request_erasure_has_ground",
            ),
            models.CheckConstraint(
                condition=Q(kind=RequestKind.OBJECT) & ~Q(objects_to=[])
                | ~Q(kind=RequestKind.OBJECT) & Q(objects_to=[]),
                name="request_objects_to_something",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="request_newest"),
            models.Index(fields=["due_on"], condition=Q(state=RequestState.OPEN), name="request_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of lead {self.lead_id}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("person_request", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN

    @property
    def is_erasing(self) -> bool:
        """Whether the rows are erased and the files are still being removed."""
        return self.is_open and self.closed_by_id is not None

    @property
    def objections(self) -> list[str]:
        """What the person wants no more, in words."""
        return [str(Objected(one).label) for one in self.objects_to]


class Objection(models.Model):
    """Something a person wants no more: heeded from `at` on, until the person takes it back."""

    told_as = _("What you object to")

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+", db_index=False)
    to = models.CharField(_("objects to"), max_length=11, choices=Objected)
    request = models.ForeignKey(PersonRequest, on_delete=models.CASCADE, related_name="objections_made")
    at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("objection")
        constraints = [models.UniqueConstraint(fields=["lead", "to"], name="objection_once")]

    def __str__(self) -> str:
        return f"lead {self.lead_id} objects to {self.to}"

    @property
    def words(self) -> str:
        """What it is, where nothing else says so."""
        return _("Objects to: %(what)s") % {"what": self.get_to_display()}
