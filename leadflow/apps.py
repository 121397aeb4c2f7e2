"""The top room as an app: it has commands and tasks, and makes Celery's settings known to every process."""

from django.apps import AppConfig

from leadflow import celery


class LeadFlowConfig(AppConfig):
    name = "leadflow"
    celery_app = celery.app
