from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SlaConfig(AppConfig):
    name = "sla"
    verbose_name = _("SLA agreement")

    def ready(self) -> None:
        # Listening to the log needs the models, which exist from here on.
        import_module("sla.receivers")
