"""The words of scoring (DOMAIN 2). Labels are translated; values are stored and stable."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ModelState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class Decay(models.TextChoices):
    """How points go away."""

    INACTIVITY = "inactivity", _("After silence")
    EXPIRY = "expiry", _("Each award lapses")
    BOTH = "both", _("Both")
    NONE = "none", _("Never")


class RuleKind(models.TextChoices):
    BEHAVIOUR = "behaviour", _("Behaviour")
    PROFILE = "profile", _("Profile")


class Repeat(models.TextChoices):
    ONCE = "once", _("Once per lead")
    PROPERTY = "property", _("Once per value")
    EVERY = "every", _("Every time")


class Mode(models.TextChoices):
    ADD = "add", _("Adds points")
    RAISE_TO = "raise_to", _("Raises the score to")


class Category(models.TextChoices):
    ENGAGEMENT = "engagement", _("Engagement")
    FIT = "fit", _("Fit")


class EntryKind(models.TextChoices):
    """Why a score changed."""

    AWARD = "award", _("Action")
    PROFILE = "profile", _("Profile")
    DECAY = "decay", _("Silence")
    EXPIRY = "expiry", _("Lapsed")
    RECYCLE = "recycle", _("Given back")
    MERGE = "merge", _("Merged")
    MANUAL = "manual", _("Changed by hand")
    RESCORE = "rescore", _("New scoring model")


class PublishedAs(models.TextChoices):
    PUBLISH = "publish", _("Published")
    ROLLBACK = "rollback", _("Rolled back")


class Handovers(models.TextChoices):
    """What becomes of leads that a newly published model finds over the line."""

    LATER = "from_now_on", _("From now on: with their next action")
    NOW = "now", _("Hand over now")


class Unsuggested(models.TextChoices):
    """Why the past suggests no points for a rule."""

    FEW_LEADS = "few_leads", _("too few leads to compare")
    NEARLY_ALL = "nearly_all", _("it fires for nearly everybody, so it tells nobody apart")
    LIFTS = "lifts", _("it lifts the score to a mark, which is no weight")
    NOT_LEARNED = "not_learned", _("too few leads in all, or the calculation did not work")


class Adopted(models.TextChoices):
    """What of a trial's suggestions goes into the draft."""

    BOTH = "both", _("Points and line")
    POINTS = "points", _("Points only")
    LINE = "line", _("Line only")


class JobState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
