from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a key may do. `admin` implies all the others."""

    LEADS_WRITE = "leads:write", _("Send and work leads")
    LEADS_READ = "leads:read", _("Read leads")
    EVENTS_WRITE = "events:write", _("Send behaviour")
    REPORTS_READ = "reports:read", _("Read reports")
    ADMIN = "admin", _("Everything")
