"""Which module imports which, read from the sources."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
ENTRY_POINTS = ("app", "ui", *(target.partition(":")[0] for target in PYPROJECT["project"]["scripts"].values()))
"""What Streamlit and the commands of pyproject.toml start; ui.py also names the files of pages/."""


@cache
def modules() -> dict[str, Path]:
    """Every module of the project by its dotted name, without the tests."""
    folders = [folder for folder in PROJECT.iterdir() if folder.is_dir() and folder.name[0] != "."]
    files = [*PROJECT.glob("*.py"), *(file for folder in folders for file in folder.rglob("*.py"))]
    return {_name(file): file for file in files if file.relative_to(PROJECT).parts[0] != "tests"}


@cache
def imported_by(file: Path) -> frozenset[str]:
    """The dotted names that a file imports, anywhere in it; `from a import b` counts as `a` and `a.b`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


@cache
def modules_of_the_app() -> dict[str, Path]:
    """The modules that the entry points reach."""
    pages = [name for name in modules() if name.startswith("pages.")]
    reached = _reached_from([*ENTRY_POINTS, *pages])
    return {name: modules()[name] for name in reached}


def third_party(names: Iterable[str], standard_library: frozenset[str]) -> set[str]:
    """The top-level names among these that belong neither to Python nor to the project."""
    own = {name.partition(".")[0] for name in modules()}
    return {name.partition(".")[0] for name in names} - own - standard_library - {"tests"}


def _reached_from(start: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name in reached or name not in modules():
            continue
        reached.add(name)
        parents = [name.rsplit(".", count)[0] for count in range(1, name.count(".") + 1)]
        waiting += [*imported_by(modules()[name]), *parents]
    return reached


def _name(file: Path) -> str:
    parts = file.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
