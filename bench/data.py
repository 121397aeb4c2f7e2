"""`make bench-data`: a million leads with ten million events under var/bench, made once and kept."""

import shutil
import sys

from bench import ground

LEADS = 1_000_000


def main(leads: int = LEADS) -> None:
    if ground.READY.exists():
        sys.stdout.write("the data is there already; remove var/bench to make it anew\n")
        return
    shutil.rmtree(ground.KEPT, ignore_errors=True)
    ground.KEPT.mkdir(parents=True)
    with ground.servers(ground.KEPT):
        ground.run("-m", "bench.seed", str(leads))
    ground.READY.touch()


if __name__ == "__main__":
    main()
