"""One worker process for slices of long jobs: `python -m bench.slices`, until no job is left."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadflow.settings")
django.setup()

from django.utils import timezone  # noqa: E402 - after the set-up

from scoring import slices  # noqa: E402
from scoring.tasks import DOES, ENDS  # noqa: E402

if __name__ == "__main__":
    while slices.work(DOES, ENDS, clock=timezone.now):
        pass
