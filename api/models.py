from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from api.enums import Scope


class ApiKey(models.Model):
    """An integration's key. Only the SHA-256 of its 256 random bits is kept: there is no password to guess."""

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("scopes"))
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    is_authenticated = True  # what the framework asks of whoever signs a request

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("API key")
        constraints = [models.CheckConstraint(condition=~Q(scopes=[]), name="api_key_has_scope")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def state(self, *, at: datetime) -> str:
        """`active`, `expired` or `revoked` at that moment."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= at else "active"


class IdempotencyRecord(models.Model):
    """The first answer to a request that carried an Idempotency-Key.

    Written in the transaction of the act itself, so a record that others can see is always finished.
    """

    client = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, help_text="SHA-256 of address and content.")
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"{self.client}: {self.status}"
