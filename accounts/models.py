from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.enums import MANAGERS, SELLERS, Role, Side
from accounts.querysets import UserManager


class Team(models.Model):
    """A group of people on one side of the house. Hand-offs go to sales teams."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    side = models.CharField(_("side"), max_length=10, choices=Side, default=Side.SALES)
    in_hours_only = models.BooleanField(
        _("assign in working hours only"),
        default=False,
        help_text=_("Off: a lead of the night has its owner in the morning."),
    )

    class Meta:
        ordering = ["side", "name"]
        verbose_name = _("team")

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person who logs in by e-mail. Nobody is deleted: who leaves becomes inactive and never gets a lead again."""

    email = models.EmailField(_("e-mail"), max_length=254)
    full_name = models.CharField(_("full name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.REP)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    is_active = models.BooleanField(_("works here"), default=True)
    on_duty = models.BooleanField(_("on duty"), default=True)
    capacity = models.PositiveSmallIntegerField(
        _("capacity"),
        default=30,
        validators=[MaxValueValidator(1000)],
        help_text=_("Open hand-offs at the same time."),
    )
    weight = models.PositiveSmallIntegerField(
        _("share"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("A rep with share 2 gets twice as many leads as one with share 1."),
    )
    language = models.CharField(
        _("language"), max_length=2, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()

    class Meta:
        ordering = ["full_name", "pk"]
        verbose_name = _("user")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("This e-mail address is taken."),
            ),
            models.CheckConstraint(condition=Q(weight__gte=1), name="user_weight_positive"),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.REP, Role.TEAM_LEAD]) | Q(team__isnull=False),
                name="user_seller_has_team",
                violation_error_message=_("A sales rep or team lead needs a team."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_seller(self) -> bool:
        """Whether leads can be handed to this person."""
        return self.role in SELLERS

    @property
    def is_manager(self) -> bool:
        return self.role in MANAGERS

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN


class WorkSpan(models.Model):
    """Office hours on one weekday (0 = Monday), local time. A weekday may have several spans."""

    weekday = models.PositiveSmallIntegerField(_("weekday"), validators=[MaxValueValidator(6)])
    start = models.TimeField(_("from"))
    end = models.TimeField(_("to"))

    class Meta:
        ordering = ["weekday", "start"]
        constraints = [
            models.UniqueConstraint(fields=["weekday", "start"], name="work_span_once"),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="work_span_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.start:%H:%M}-{self.end:%H:%M}"


class SpecialDay(models.Model):
    """A day unlike its weekday: the company's own closure, or a make-up working day. Wins over public holidays."""

    day = models.DateField(_("day"), primary_key=True)
    name = models.CharField(_("name"), max_length=120)
    working = models.BooleanField(_("working day"), default=False)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"


class Notice(models.Model):
    """Something people have to know that is about no lead: the agreement, a week, a bonus. Once per kind and key.

    `path` is the page it opens. Append-only; written by accounts/notices.py.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    path = models.CharField(max_length=200)
    properties = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="notice_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
