"""`make bench`: a fresh product with 100,000 leads; `--size 1m`: the million of `make bench-data`."""

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path

from bench import ground

SMALL = 100_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", choices=("100k", "1m"), default="100k")
    parser.add_argument("--only", default="", help="only the works whose name begins so; nothing is kept then")
    parser.add_argument("--leads", type=int, default=SMALL, help="fewer leads, for a quick look")
    given = parser.parse_args()
    with _folder(given.size) as var, ground.servers(var):
        if given.size == "100k":
            ground.run("-m", "bench.seed", str(given.leads))
        with ground.web(var) as (product, bare):
            only = [f"--only={given.only}"] if given.only else []
            ground.run("-m", "bench.measure", str(product), str(bare), *only)


@contextlib.contextmanager
def _folder(size: str) -> Iterator[Path]:
    if size == "1m":
        if not ground.READY.exists():
            raise SystemExit("there is no data yet: make bench-data")
        yield ground.KEPT
    else:
        with ground.temporary_folder() as var:
            yield var


if __name__ == "__main__":
    main()
