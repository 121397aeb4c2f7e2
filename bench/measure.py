"""Measures and prints the table: `python -m bench.measure PORT BARE_PORT`, on the servers of bench.ground."""

import argparse
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadflow.settings")
django.setup()

from django.db import connection  # noqa: E402 - after the set-up
from django.utils import timezone  # noqa: E402

from bench import counting, duty, floors, intake, live, pages, studio, sweeps  # noqa: E402
from bench.table import Figure, as_markdown, as_text, keep  # noqa: E402
from leadflow.places import BASE  # noqa: E402
from leads.models import Event, Lead  # noqa: E402

KEPT_IN = BASE / "docs" / "performance.md"
Works = Mapping[str, Callable[[], Iterator[Figure]]]


def works(product: int, bare: int) -> Works:
    """In this order: the sweeps come last, because they move time on."""
    senders = intake.Senders()
    return {
        "counting": lambda: counting.counting(at=timezone.now()),
        "pages": lambda: pages.pages(product, at=timezone.now()),
        "live": lambda: live.live(product),
        "single": lambda: intake.single(product, bare, senders),
        "bulk": lambda: intake.bulk(product, senders),
        "events": lambda: intake.events(product, senders),
        "assigning": lambda: sweeps.assigning(at=timezone.now()),
        "duty": lambda: duty.coming_and_going(at=timezone.now()),
        "studio": lambda: studio.studio(at=timezone.now()),
        "decay": sweeps.decay,
        "sla": lambda: sweeps.agreement(at=timezone.now()),
    }


def conditions() -> str:
    """Date and machine, without its name."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{timezone.localdate()}, {os.cpu_count()} cores, {memory:.0f} GB, load before the run"
        f" {os.getloadavg()[1]:.1f}, Python {platform.python_version()}, Django {django.get_version()},"
        f" PostgreSQL {version}; {Lead.objects.count():,} leads, {Event.objects.count():,} events"
    )


def measure(chosen: Works) -> Iterator[Figure]:
    for work in chosen.values():
        for figure in work():
            print(as_text([figure]).splitlines()[-1], flush=True)
            yield figure
    floors.drop_copies()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("product", type=int)
    parser.add_argument("bare", type=int)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    known, about = works(given.product, given.bare), conditions()
    figures = list(measure({name: work for name, work in known.items() if name.startswith(given.only)}))
    print(f"\n{about}\n\n{as_text(figures)}")
    if not given.only:
        keep(f"{about}\n\n{as_markdown(figures)}", Path(KEPT_IN))


if __name__ == "__main__":
    main()
