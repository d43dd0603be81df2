"""Imports point down: whoever stands on a floor knows only the floors beneath."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
# From the ground up; rooms on one floor do not know each other.
FLOORS = [
    {"emotions", "language"},
    {"reading"},
    {"learning"},
    {"published"},
    {"ser", "fer", "words", "music"},
    {"diary"},
    {"demo"},
    {"door"},
    {"parts"},
    {"pages"},
    {"ui"},
    {"app"},
]
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
FILES = [
    file for room in FLOOR_OF for file in [*(PROJECT / room).rglob("*.py"), PROJECT / f"{room}.py"] if file.exists()
]


def imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_imports_point_down(file: Path) -> None:
    room = file.relative_to(PROJECT).parts[0].removesuffix(".py")
    others = {name for name in imported(file) & FLOOR_OF.keys() if name != room}
    assert all(FLOOR_OF[other] < FLOOR_OF[room] for other in others), others


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_only_what_is_drawn_knows_streamlit(file: Path) -> None:
    room = file.relative_to(PROJECT).parts[0].removesuffix(".py")
    if room not in ("parts", "pages", "ui", "app"):
        assert "streamlit" not in imported(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_timm_and_torchvision_come_through_the_one_module_that_cures_them(file: Path) -> None:
    if file != PROJECT / "learning" / "vision.py":
        assert not imported(file) & {"timm", "torchvision"}
