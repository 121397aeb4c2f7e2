"""Shared by all tests. Django is set up here, once the servers it is to find are running."""

import django

from tests import servers

servers.start()
django.setup()
