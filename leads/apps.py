from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = _("Leads")

    def ready(self) -> None:
        for works in ("bulk.acts", "bulk.undo", "erasure.work", "exporting", "importing.work", "requests.bundling"):
            import_module(f"leads.{works}")  # kinds of background work, known to the worker by name
