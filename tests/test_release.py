"""The version, the changelog and the workflow files agree."""

from __future__ import annotations

import re

import pytest
from packaging.version import Version

from tests.imports import PROJECT, PYPROJECT
from version import VERSION
from web import serve

CHANGELOG = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
RELEASES = re.findall(r"^## v?(\d+\.\d+\.\d+)", CHANGELOG, re.MULTILINE)


def test_the_newest_version_of_the_changelog_is_harus() -> None:
    assert RELEASES[0] == VERSION
    assert sorted(RELEASES, key=Version, reverse=True) == RELEASES


def test_the_changelog_has_only_the_usual_sections() -> None:
    allowed = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    for release in re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]:
        sections = re.findall(r"^### (.+)$", release, re.MULTILINE)
        assert len(sections) == len(set(sections)), "a section stands once in a version"
        assert set(sections) <= allowed


def test_the_version_stands_in_one_place() -> None:
    assert "version" in PYPROJECT["project"]["dynamic"]
    assert PYPROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "version.VERSION"}


def test_the_command_tells_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        serve.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"Haru {VERSION}\n"
