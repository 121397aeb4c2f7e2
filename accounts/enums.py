"""Roles (DOMAIN 8) and the two sides of the house."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")


class Role(models.TextChoices):
    MARKETER = "marketer", _("Marketer")
    REP = "rep", _("Sales rep")
    TEAM_LEAD = "team_lead", _("Sales team lead")
    MARKETING_MANAGER = "marketing_manager", _("Marketing manager")
    SALES_MANAGER = "sales_manager", _("Sales manager")
    ADMIN = "admin", _("Administrator")


MANAGERS = frozenset({Role.MARKETING_MANAGER, Role.SALES_MANAGER, Role.ADMIN})
SALES = frozenset({Role.REP, Role.TEAM_LEAD, Role.SALES_MANAGER, Role.ADMIN})
SELLERS = frozenset({Role.REP, Role.TEAM_LEAD})
MARKETING = frozenset({Role.MARKETER, Role.MARKETING_MANAGER, Role.ADMIN})
EVERYBODY = frozenset(Role)
