from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.querysets import LeadQuerySet


class Lead(models.Model):
    """Who the person is: wide, seldom changes. Where they stand is `Standing`."""

    told_as = _("Your profile")

    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=20, null=True, blank=True, help_text=_("E.164, e.g. +84912345678"))
    email = models.CharField(_("e-mail"), max_length=254, null=True, blank=True)
    company = models.CharField(_("company"), max_length=200, blank=True, default="")
    title = models.CharField(_("title"), max_length=120, blank=True, default="")
    company_size = models.PositiveIntegerField(_("company size"), null=True, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True, default="")
    product = models.CharField(_("product"), max_length=120, blank=True, default="")
    source = models.CharField(_("source"), max_length=120, blank=True, default="")
    campaign = models.CharField(_("campaign"), max_length=120, blank=True, default="")
    external_id = models.CharField(_("external id"), max_length=200, blank=True, default="")
    utm = models.JSONField(default=dict, blank=True)
    consent = models.JSONField(default=dict, blank=True)
    custom = models.JSONField(default=dict, blank=True)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    contactable = models.BooleanField(default=True)
    search = models.TextField(default="", blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)  # the person is no longer known here, the counts are

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        constraints = [
            # Identity is settled by the database, not by look-then-write (ARCHITECTURE 3).
            models.UniqueConstraint(fields=["phone"], condition=Q(merged_into=None), name="lead_phone_once"),
            models.UniqueConstraint(fields=["email"], condition=Q(merged_into=None), name="lead_email_once"),
            models.CheckConstraint(
                condition=Q(contactable=False) | Q(phone__isnull=False) | Q(email__isnull=False),
                name="lead_contactable_has_contact",
            ),
            models.CheckConstraint(condition=~Q(phone="") & ~Q(email=""), name="lead_missing_contact_is_null"),
        ]
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="lead_search"),
            GinIndex(fields=["tags"], name="lead_tags"),
            GinIndex(fields=["custom"], opclasses=["jsonb_path_ops"], name="lead_custom"),
            models.Index(fields=["campaign"], condition=~Q(campaign=""), name="lead_campaign"),
            models.Index(fields=["product"], condition=~Q(product=""), name="lead_product"),
            models.Index(fields=["city"], condition=~Q(city=""), name="lead_city"),
            # Who writes as a merged lead is the one it was merged into.
            models.Index(fields=["phone"], condition=Q(merged_into__isnull=False), name="lead_merged_phone"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="lead_merged_into"),
            models.Index(fields=["email"], condition=Q(merged_into__isnull=False), name="lead_merged_email"),
        ]

    def __str__(self) -> str:
        if self.erased_at:
            return str(_("Erased person #%(number)s") % {"number": self.pk})
        return self.name or self.email or self.phone or self.external_id or f"#{self.pk}"

    @property
    def is_nameless(self) -> bool:
        """Whether there is only a sender's key, which nobody reads as a name."""
        return not self.erased_at and not (self.name or self.email or self.phone)


class Identity(models.Model):
    """A sender's own id of a lead. One lead may be known to many senders."""

    told_as = _("Numbers other systems know you by")

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="identities")
    source = models.CharField(max_length=120)
    external_id = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="identity_once")]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"
