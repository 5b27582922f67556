"""`run.zip`: the code of one demo, the engine, and a `run.py` that makes the run again in an empty folder, with NumPy alone.

Of the site's own modules it holds those that the topic imports, found by reading the imports, so that a new topic asks for no
word here. Two of them need more than NumPy; their stand-ins take their places (`app.takeaway`).
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from app.catalogue import entries
from app.experiment import Experiment

ROOT = Path(__file__).resolve().parents[2]
STANDINS = {"app.params": "app.takeaway.params", "app.notation": "app.takeaway.notation"}
"""Module of the site -> the one whose text it has in an archive."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file: the same run is the same archive."""

SCRIPT = """\
# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy=={numpy}"]  # the server's: another may round otherwise. Add "matplotlib" for pictures of the charts
# ///
# {question}
# The run of {url}
# Unpack the whole archive into a folder and there: python run.py, or with its own environment: uv run run.py
import os

for library in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM"):
    os.environ.setdefault(f"{{library}}_NUM_THREADS", "1")  # sums in the server's order, before NumPy is loaded

from app.takeaway.replay import replay
from app.topics.{module} import topic

demo = topic.demo({demo!r})
replay(demo, demo.params({arguments}))
"""


def as_zip(experiment: Experiment) -> bytes:
    """The archive of an experiment; nothing is computed for it."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr(ZipInfo("run.py", EPOCH), script(experiment), ZIP_DEFLATED)
        for name, text in _files(_module_of(experiment)).items():
            archive.writestr(ZipInfo(name, EPOCH), text, ZIP_DEFLATED)
    return packed.getvalue()


def script(experiment: Experiment) -> str:
    """The text of `run.py`, in which every parameter is written out."""
    arguments = ", ".join(f"{name}={value!r}" for name, value in experiment.params.values().items())
    question = entries()[experiment.topic.slug].question
    said = {"question": question, "url": experiment.url(), "demo": experiment.demo.name, "numpy": np.__version__}
    return SCRIPT.format(arguments=arguments, module=_module_of(experiment), **said)


def _module_of(experiment: Experiment) -> str:
    return experiment.topic.slug.replace("-", "_")


@cache
def _files(topic: str) -> dict[str, bytes]:
    """Name in the archive -> text: the engine with its data whole, what the topic reaches of the site, and the licence."""
    reached: dict[str, Path] = {}
    for module in ("app.takeaway.replay", f"app.topics.{topic}"):
        _reach(module, reached)
    files = {_place(module): path.read_bytes() for module, path in reached.items()}
    engine = [path for path in (ROOT / "engine").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    files |= {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in engine}
    return dict(sorted(files.items())) | {"LICENSE": (ROOT / "LICENSE").read_bytes()}


def _reach(module: str, found: dict[str, Path]) -> None:
    """Adds a module of the site with all that it imports of it, and the packages that they lie in."""
    path = _source(STANDINS.get(module, module))
    if module in found or path is None:
        return
    found[module] = path
    parent = module.rpartition(".")[0]
    for name in ([parent] if parent else []) + list(_imported(path)):
        _reach(name, found)


def _source(module: str) -> Path | None:
    """The file of a module under app/; None where the name is another's, or no module's."""
    if module.partition(".")[0] != "app":
        return None
    place = ROOT / module.replace(".", "/")
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


def _place(module: str) -> str:
    """Where a module lies in the archive."""
    package = ROOT / module.replace(".", "/") / "__init__.py"
    return f"{module.replace('.', '/')}{'/__init__' if package.is_file() else ''}.py"


def _imported(path: Path) -> Iterator[str]:
    """The names that a module's imports may load: `from a import b` loads a, and a.b where that is a module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
