from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from scoring.management import publish_first_model


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = _("Scoring")

    def ready(self) -> None:
        post_migrate.connect(publish_first_model, sender=self)
        import_module("scoring.receivers")
        import_module("scoring.telling")  # kinds of background work, known to the bell by name
