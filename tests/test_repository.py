"""Facts about the repository itself: what its documents, locks and folders promise, and who may import whom."""

from __future__ import annotations

import ast
import hashlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app import VERSION
from app.addresses import IN_PAGES
from app.catalogue import entries
from app.rooms import RoomLimits
from app.runs import Limits
from app.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
WITH_A_BROKER = ("BROKER_URL", "BROKER_MIB", "METRICS_PORT")
"""Settings of runs on many machines, which one container alone has no use for."""
LOCKS = ("base", "broker", "test", "bench", "audit")
PYTHON = sorted(path for folder in ("app", "engine", "scripts", "benchmarks", "tests") for path in (ROOT / folder).rglob("*.py"))
SOURCES = [path for folder in ("app", "engine") for path in sorted((ROOT / folder).rglob("*.py"))]
TOPICS = ROOT / "app" / "topics"
SETTINGS = (*fields(Settings), *fields(Limits), *fields(RoomLimits))


def pyproject() -> dict[str, list[Requirement]]:
    """Group -> its requirements; those of the program itself are "base"."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = {"base": said["project"]["dependencies"], **said["project"]["optional-dependencies"], **said["dependency-groups"]}
    return {group: [Requirement(line) for line in lines] for group, lines in groups.items()}


def locked(name: str) -> dict[str, set[str]]:
    """Package -> the versions that the lock gives it, one or more by Python version."""
    pins: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==([^\s;]+)", lock_text(name), re.MULTILINE):
        pins.setdefault(canonicalize_name(package), set()).add(version)
    return pins


def lock_text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


# Sources


def takes_the_locales_encoding(call: ast.Call) -> bool:
    """Whether a call reads or writes text and leaves it to the locale in which encoding: `read_text()`, `run(text=True)`."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    words = {word.arg for word in call.keywords}
    return (name in {"read_text", "write_text"} or (name in {"run", "Popen"} and "text" in words)) and "encoding" not in words


def test_no_text_is_read_or_written_in_the_encoding_of_the_locale() -> None:
    trees = {relative(path): ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in PYTHON}
    calls = ((name, node) for name, nodes in trees.items() for node in nodes if isinstance(node, ast.Call))
    assert [f"{name}:{call.lineno}" for name, call in calls if takes_the_locales_encoding(call)] == []


# Addresses, which the path under which the site stands (BASE_PATH) must reach


ATTRIBUTE = re.compile(r"""\s[\w:-]+\s*=\s*["']?(?=/[\w?#{])""")
"""Before a value that is an address of the site, in quotes or not."""
IN_A_SCRIPT = re.compile(r"""(?<!\bat\()["'`]/[\w?#$]""")
JINJA = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)


def test_every_address_in_a_template_stands_where_it_is_seen() -> None:
    found = []
    for path in ROOT.glob("templates/**/*.html"):
        text = JINJA.sub("", path.read_text(encoding="utf-8"))
        found += [(path.name, said[0]) for said in ATTRIBUTE.finditer(text) if not IN_PAGES.match(text, said.start())]
    assert found == [], "give it double quotes and an attribute that app.addresses.IN_PAGES knows"


def test_scripts_ask_for_an_address_and_do_not_write_one() -> None:
    scripts = ROOT.glob("static/js/**/*.js")
    found = [(path.name, said) for path in scripts for said in IN_A_SCRIPT.findall(path.read_text(encoding="utf-8"))]
    assert found == [], 'take it from the page, or from `at("/…")` of address.js'


# Documents


def test_every_dependency_has_a_line_that_says_why() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^- \*\*([\w.-]+)\*\*: \S", text, re.MULTILINE))
    assert {each.name for group in pyproject().values() for each in group} == explained


def test_the_environment_table_says_what_the_code_does() -> None:
    defaults = {field.name.upper(): f"`{field.default}`" for field in SETTINGS}
    defaults["BASE_PATH"] = "nothing: the root of the host"
    defaults["BROKER_URL"] = "nothing: runs are computed here"
    defaults["WORKERS"] = "one a core, at most 8"
    del defaults["LIMITS"], defaults["ROOM_LIMITS"]
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| .+ \|$", text, re.MULTILINE)) == defaults


def test_compose_hands_every_variable_on() -> None:
    block = (ROOT / "compose.yaml").read_text(encoding="utf-8").partition("environment:\n")[2].partition("read_only:")[0]
    assert set(re.findall(r"^ +- ([A-Z_]+)$", block, re.MULTILINE)) == {field.name.upper() for field in SETTINGS} - {
        "HOST",
        "PORT",
        "LIMITS",
        "ROOM_LIMITS",
        *WITH_A_BROKER,
    }


def test_compose_for_many_hands_on_what_web_servers_and_workers_read() -> None:
    text = (ROOT / "compose.scale.yaml").read_text(encoding="utf-8")
    said = set(re.findall(r"^ +([A-Z_]+):", text, re.MULTILINE))
    assert {field.name.upper() for field in SETTINGS} - {"HOST", "PORT", "LIMITS", "ROOM_LIMITS"} <= said


def test_the_default_neither_installs_nor_imports_the_brokers_client() -> None:
    assert "nats" not in lock_text("base")
    said = "import sys, app.__main__; assert 'nats' not in sys.modules"
    subprocess.run([sys.executable, "-c", said], cwd=ROOT, check=True)


@pytest.mark.parametrize("path", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=relative)
def test_links_in_documents_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_version_is_that_of_pyproject() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == VERSION


# Locks and vendored files


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_hashes_and_no_addresses(name: str) -> None:
    text = lock_text(name)
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=sha256:)", text, re.MULTILINE)
    pins = re.split(r"^(?=\S+==)", text, flags=re.MULTILINE)[1:]
    assert pins
    assert all("--hash=sha256:" in pin for pin in pins)


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_is_as_new_as_pyproject(name: str) -> None:
    pins = locked(name)
    for wanted in pyproject()[name] + (pyproject()["base"] if name in {"broker", "test"} else []):
        versions = pins.get(canonicalize_name(wanted.name), set())
        assert versions, f"{wanted}: run `make lock`"
        assert all(wanted.specifier.contains(version) for version in versions), f"{wanted} and {versions}: run `make lock`"


@pytest.mark.parametrize("name", LOCKS[1:])
def test_locks_agree_where_they_overlap(name: str) -> None:
    base, other = locked("base"), locked(name)
    assert {package: base[package] for package in base.keys() & other.keys()} == {
        package: other[package] for package in base.keys() & other.keys()
    }


def test_the_peer_without_hashes_is_the_one_pyproject_names() -> None:
    pinned = [line for line in lock_text("bench-torch").splitlines() if not line.startswith("#")]
    assert pinned == [str(each) for each in pyproject()["bench-torch"]]


@pytest.mark.parametrize("folder", ["static/vendor", "static/fonts"])
def test_vendored_files_are_what_they_were(folder: str) -> None:
    said = dict(line.split("  ")[::-1] for line in (ROOT / folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    files = [path for path in (ROOT / folder).iterdir() if path.name != "SHA256SUMS" and path.suffix not in {".br", ".gz"}]
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files} == said


# Code


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_a_file_is_a_chapter_and_no_book(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert ast.get_docstring(ast.parse(text)), "its first docstring says what it holds"


@pytest.mark.parametrize(
    ("pattern", "most"), [("static/css/*.css", 499), ("static/js/**/*.js", 250), ("templates/**/*.html", 250)]
)
def test_stylesheets_scripts_and_templates_stay_short(pattern: str, most: int) -> None:
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in ROOT.glob(pattern)}
    assert lengths
    assert {path: length for path, length in lengths.items() if length > most} == {}


FLOW = (
    "pieces",
    "graph",
    "ops",
    "gradients",
    "passes",
    "updates",
    "values",
    "seats",
    "buffers",
    "blocks",
    "calls",
    "builder",
    "plan",
    "session",
)
"""The engine's core in reading order: each module may import those before it, and of the rest of the engine nothing."""


def imports(path: Path) -> set[str]:
    """The modules a file imports, those that only the type checker sees too: a circle is a circle."""
    return set(_imports(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            yield from _from(child)
        yield from _imports(child)


def _from(node: ast.ImportFrom) -> Iterator[str]:
    """`from engine import ops` imports engine.ops, `from engine.graph import Node` imports engine.graph."""
    assert node.level == 0, "relative imports hide who imports whom"
    module = node.module or ""
    parts = [f"{module}.{alias.name}" for alias in node.names]
    modules = [part for part in parts if _is_module(part)]
    yield from modules
    if len(modules) < len(parts):
        yield module


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file()


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("path", sorted((ROOT / "engine").rglob("*.py")), ids=relative)
def test_the_engine_needs_numpy_and_nothing_else(path: Path) -> None:
    tops = {name.partition(".")[0] for name in imports(path)}
    assert tops <= {"engine", "numpy"} | sys.stdlib_module_names


@pytest.mark.parametrize("name", FLOW)
def test_the_core_of_the_engine_is_read_in_one_direction(name: str) -> None:
    allowed = FLOW[: FLOW.index(name)] + (("ops",) if name == "ops" else ())
    package = ROOT / "engine" / name
    files = package.glob("*.py") if package.is_dir() else [package.with_suffix(".py")]
    for path in files:
        inner = {found for found in imports(path) if within(found, "engine")}
        assert [found for found in inner if not any(within(found, f"engine.{one}") for one in allowed)] == [], relative(path)


def test_no_two_modules_of_the_engine_import_each_other() -> None:
    left = {module_name(path): imports(path) for path in (ROOT / "engine").rglob("*.py")}
    while free := {name for name, needs in left.items() if not needs & left.keys()}:
        left = {name: needs for name, needs in left.items() if name not in free}
    assert left == {}, "each of these stands on a circle or imports one that does"


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def of_topics() -> list[Path]:
    """The files of all topics; what starts with an underscore in their folder is shared code."""
    return [path for path in TOPICS.rglob("*.py") if not path.relative_to(TOPICS).parts[0].startswith("_")]


@pytest.mark.parametrize("path", of_topics(), ids=relative)
def test_a_topic_imports_the_engine_and_the_vocabulary_only(path: Path) -> None:
    own = f"app.topics.{path.relative_to(TOPICS).parts[0].removesuffix('.py')}"
    allowed = ("engine", "app.topic", "app.charts", "numpy", own)
    strangers = {found for found in imports(path) if not any(within(found, one) for one in allowed)}
    assert [found for found in strangers if found.partition(".")[0] not in sys.stdlib_module_names] == []


def test_what_finds_the_topics_knows_their_nouns_and_nothing_above_them() -> None:
    found = {path.name: {name for name in imports(path) if within(name, "app")} for path in TOPICS.glob("_*.py")}
    assert found == {"__init__.py": {"app.topic"}}


def shared() -> list[Path]:
    """Code, templates and scripts that belong to no topic."""
    files = [path for path in (ROOT / "app").rglob("*.py") if path.parent == TOPICS or TOPICS not in path.parents]
    files += [path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "topics"]
    files += [path for folder in ("static/js", "static/css", "scripts", "engine") for path in (ROOT / folder).rglob("*.*")]
    own = {TOPICS / f"{slug.replace('-', '_')}.py" for slug in entries()}
    return [path for path in files if path != ROOT / "app" / "catalogue.py" and path not in own]


@pytest.mark.parametrize(
    "path", [path for path in shared() if path.suffix in {".py", ".html", ".js", ".css", ".sh"}], ids=relative
)
def test_shared_files_know_no_topic_by_name(path: Path) -> None:
    modules = {module.stem for module in (ROOT / "engine").rglob("*.py")}  # one that is also called as a topic is may be named
    slugs = "|".join(re.escape(slug) for slug in entries() if slug not in modules)
    assert re.findall(rf"""["'/`]({slugs})["'/?`.]""", path.read_text(encoding="utf-8")) == []
