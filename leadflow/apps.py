"""The top room as an app: it has commands and tasks, and makes Celery's settings known to every process."""

import gc

from django.apps import AppConfig

from leadflow import celery


class LeadFlowConfig(AppConfig):
    name = "leadflow"
    celery_app = celery.app

    def ready(self) -> None:
        """A batch makes thousands of rows and drops them again: looking for cycles after every 700 costs a fifth."""
        gc.set_threshold(50_000, 20, 50)
