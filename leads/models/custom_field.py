from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import FieldKind


class CustomField(models.Model):
    """A field an administrator adds to leads; its values stand in `Lead.custom` under `key`.

    Key and kind never change: what senders and old values mean by it stays true. A field nobody needs any more is
    retired, and its values stay readable.
    """

    key = models.CharField(
        _("key"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"\A[a-z][a-z0-9_]*\Z", _("Use small letters, digits and underscores only."))],
    )
    label = models.CharField(_("label"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=FieldKind)
    choices = ArrayField(models.CharField(max_length=80), verbose_name=_("choices"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("custom field")
        ordering = ("position", "label", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[FieldKind.CHOICE, FieldKind.CHOICES], choices__len__gt=0)
                | ~Q(kind__in=[FieldKind.CHOICE, FieldKind.CHOICES]) & Q(choices=[]),
                name="custom_field_choices",
            )
        ]

    def __str__(self) -> str:
        return self.label
