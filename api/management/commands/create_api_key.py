from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from api.enums import Scope
from api.keys import create_key
from core.errors import Invalid


class Command(BaseCommand):
    """For scripts: `KEY=$(manage.py create_api_key web --scope leads:write | tail -1)`."""

    help = "Makes an API key and prints it alone on the last line. It is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="who will use it")
        parser.add_argument("--scope", action="append", dest="scopes", choices=Scope.values, required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            _key, plaintext = create_key(options["name"], options["scopes"], by=None, at=timezone.now())
        except Invalid as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(plaintext)
