"""`python -m benchmarks`: prints one table, writes bench.json. With names of modules, only those: `python -m benchmarks engine`.

Each module of this package that has a function `rows()` is a part of it.
"""

from __future__ import annotations

import json
import os
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # before NumPy starts its BLAS

OUTPUT = Path("bench.json")
FIRST = ("engine", "lstm", "cnn", "gan", "transformer", "topics", "sweep", "promises")
"""In the order of the table; what else there is comes after, by name."""


def main(chosen: list[str]) -> None:
    """Measures, prints as it goes, and writes the file at the end."""
    found = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if not module.name.startswith("_")]
    ordered = [*(name for name in FIRST if name in found), *(name for name in sorted(found) if name not in FIRST)]
    table = []
    print(f"{'work':14} {'peer':14} {'ratio':>8} {'ours':>10} {'theirs':>10} unit")
    for name in ordered:
        if chosen and name not in chosen:
            continue
        rows = getattr(import_module(f"benchmarks.{name}"), "rows", None)
        for row in rows() if rows is not None else ():
            table.append(row._asdict())
            print(f"{row.work:14} {row.peer:14} {row.ratio:7.2f}x {row.ours:10.2f} {row.theirs:10.2f} {row.unit}", flush=True)
    OUTPUT.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


main(sys.argv[1:])
