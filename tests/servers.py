"""A real PostgreSQL and a real Valkey for the tests, in a fresh folder away from var/.

The first process of a run (the controller under xdist) starts PostgreSQL once; every process that runs
tests starts a Valkey of its own, because its channels are not separated by database numbers. DATABASE_URL
and REDIS_URL, where given, are used instead. Must run before Django reads its settings.
"""

import atexit
import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from leadflow import places
from leadflow.up import postgres, valkey
from leadflow.up.service import running

cleanup = contextlib.ExitStack()


def start() -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    os.environ["LEADFLOW_TEST"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "leadflow.settings"
    if worker is None:
        home = Path(tempfile.mkdtemp(prefix="leadflow-test-"))
        cleanup.callback(shutil.rmtree, home, ignore_errors=True)
        os.environ["LEADFLOW_VAR"] = str(home)
        if "DATABASE_URL" not in os.environ:
            _start_postgres(home)
    else:
        os.environ["LEADFLOW_VAR"] = str(Path(os.environ["LEADFLOW_VAR"]) / worker)
    if "REDIS_URL" not in os.environ:
        cleanup.enter_context(running(valkey.service(places.var_folder(), places.valkey_socket())))
    atexit.register(cleanup.close)


def _start_postgres(home: Path) -> None:
    sockets = places.socket_folder()
    cleanup.enter_context(running(postgres.service(home, sockets, durable=False)))
    postgres.create_database(sockets)
    os.environ["DATABASE_URL"] = places.database_url()
