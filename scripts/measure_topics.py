"""Makes the runs that the numbers in prose come from, and writes each topic's `measured.json`. Arguments: slugs, all for none.

    OPENBLAS_NUM_THREADS=1 python scripts/measure_topics.py learning-rate

Ten runs (seeds 0 to 9) for each setting that a topic's template or claims ask for: see `app/facts.py`.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the workers, and before NumPy is imported
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import orjson

from app.facts import SEEDS, package_of, wanted
from app.frames import read
from app.produce import events
from app.topics import topics


def measured_in(slug: str, demo: str, values: dict[str, Any]) -> dict[str, float | None]:
    """All numbers of one run, as its last message says them."""
    *_, (_, last) = events(slug, demo, values)
    said: dict[str, float | None] = read(last)[1]["measured"]
    return said


def rows_of(slug: str, name: str, pool: ProcessPoolExecutor) -> list[dict[str, Any]]:
    """The settings of one demo, each with what ten runs measured."""
    demo, rows = topics()[slug].demo(name), []
    for values, measures in wanted(slug, demo):
        runs = [pool.submit(measured_in, slug, name, {**values, "seed": seed}) for seed in SEEDS]
        ten = [run.result() for run in runs]
        missing = sorted(measure for measure in measures if any(measure not in one for one in ten))
        if missing:
            raise SystemExit(f"{slug}/{name} at {values}: no run measures {missing}; it measures {sorted(ten[0])}")
        rows.append({"values": values, "measured": {measure: [one[measure] for one in ten] for measure in sorted(measures)}})
    return rows


def main(slugs: list[str]) -> None:
    """Writes the table of each topic."""
    with ProcessPoolExecutor(max_workers=int(os.environ.get("JOBS", "2"))) as pool:
        for slug in slugs or list(topics()):
            said = {demo.name: rows_of(slug, demo.name, pool) for demo in topics()[slug].demos}
            text = orjson.dumps(said, option=orjson.OPT_INDENT_2)
            (package_of(slug) / "measured.json").write_bytes(text + b"\n")
            print(slug, {name: len(rows) for name, rows in said.items()})


if __name__ == "__main__":
    main(sys.argv[1:])
