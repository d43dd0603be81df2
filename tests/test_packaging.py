"""pyproject.toml, the requirements files and the imports of the sources agree."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from email import message_from_string
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import settings
from tests.imports import PROJECT, PYPROJECT, imported_by, modules, modules_of_the_app, third_party
from web import serve

FILES = {"": "requirements.txt", **{extra: f"requirements-{extra}.txt" for extra in ("backup", "train", "dev")}}
UNIMPORTED = {
    "aiortc",
    "tensorboard",
    "ruff",
    "import-linter",
    "pyright",
    "pip-audit",
    "pytest-rerunfailures",
    "pytest-timeout",
    "pytest-xdist",
    "setuptools",
}
"""Needed without an import statement: app.py loads aiortc by name, torch imports tensorboard, make, pytest and
.ci/audit.py start the others."""
OPTIONAL = {
    "ser.hub": {"transformers"},
    "backups.s3": {"boto3", "botocore"},
    "backups.webdav": {"httpx", "webdav4"},
}
"""Only for own weights of a Hugging Face encoder (requirements-train.txt), and for copies of backups elsewhere
(requirements-backup.txt)."""


def required(*files: str) -> dict[str, Requirement]:
    lines = [line for file in files for line in (PROJECT / file).read_text(encoding="utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


cached_distributions = cache(packages_distributions)


def distributions(names: set[str]) -> set[str]:
    known = cached_distributions()
    return {canonicalize_name(known[name][0]) if name in known else f"nothing installed has {name}" for name in names}


def unnamed(sources: dict[str, Path], *files: str) -> dict[str, set[str]]:
    """The distributions that sources import and none of the requirements files names."""
    named = set(required(*files))
    missing = {
        name: distributions(third_party(imported_by(file), sys.stdlib_module_names)) - named
        for name, file in sources.items()
    }
    return {name: found for name, found in missing.items() if found}


@pytest.fixture(scope="module")
def metadata(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What pip reads of Haru: setuptools' own answer, made outside the working copy."""
    copy = tmp_path_factory.mktemp("haru")
    for name in ("pyproject.toml", "LICENSE", "version.py", *FILES.values()):
        shutil.copy(PROJECT / name, copy)
    command = "import sys; from setuptools import build_meta; print(build_meta.prepare_metadata_for_build_wheel('out'))"
    (copy / "out").mkdir()
    done = subprocess.run([sys.executable, "-c", command], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return copy / "out" / done.stdout.splitlines()[-1]


def test_pip_installs_what_the_requirements_files_name(metadata: Path) -> None:
    found: dict[str, set[str]] = {extra: set() for extra in FILES}
    read = message_from_string((metadata / "METADATA").read_text(encoding="utf-8"))
    for text in read.get_all("Requires-Dist"):
        requirement = Requirement(text)
        extra = next((name for name in FILES if name and f'extra == "{name}"' in text), "")
        found[extra].add(f"{canonicalize_name(requirement.name)}{requirement.specifier}")
    for extra, file in FILES.items():
        assert found[extra] == {f"{name}{given.specifier}" for name, given in required(file).items()}, file
        assert all(str(given.specifier).startswith("==") for given in required(file).values()), file


def test_every_command_starts_something(metadata: Path) -> None:
    entry_points = (metadata / "entry_points.txt").read_text(encoding="utf-8")
    assert set(PYPROJECT["project"]["scripts"]) == {"haru", "haru-demo", "haru-admin"}
    for name, target in PYPROJECT["project"]["scripts"].items():
        assert f"{name} = {target}" in entry_points
        module, function = target.split(":")
        assert callable(getattr(importlib.import_module(module), function)), name
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert makefile.count("$(INSTALL_HARU)") == 2, "make setup and make setup-dev bring the commands"


def test_every_module_of_the_app_is_in_the_package() -> None:
    setuptools = PYPROJECT["tool"]["setuptools"]
    packages = {pattern.removesuffix("*") for pattern in setuptools["packages"]["find"]["include"]}
    inside = {name.partition(".")[0] for name in modules_of_the_app()} | {"training"}
    assert set(setuptools["py-modules"]) | packages == inside
    folders = {file.parent for name, file in modules().items() if name.partition(".")[0] in packages}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_import_is_named_in_a_requirements_file() -> None:
    app = modules_of_the_app()
    training = {name: file for name, file in modules().items() if name.partition(".")[0] == "training"}
    other = {name: file for name, file in modules().items() if name not in app and name not in training}
    other |= {str(file): file for file in (PROJECT / "tests").rglob("*.py")}
    assert len(app) > 100
    assert len(training) > 30
    assert unnamed(app, "requirements.txt") == OPTIONAL
    assert unnamed(training, "requirements.txt", "requirements-train.txt") == {}
    assert unnamed(other, *FILES.values()) == {}


def test_nothing_is_required_that_nobody_imports() -> None:
    sources = [*modules().values(), *(PROJECT / "tests").rglob("*.py")]
    names = set().union(*(third_party(imported_by(file), sys.stdlib_module_names) for file in sources))
    assert set(required(*FILES.values())) - distributions(names) - UNIMPORTED == set()


def test_haru_becomes_streamlits_server(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, command: started.append(command))
    app = str(settings.PROJECT / "app.py")

    def arguments(address: str) -> list[str]:
        return [sys.executable, "-m", "streamlit", "run", app, "--server.port=8600", f"--server.address={address}"]

    serve.main(["--port", "8600"])
    assert started.pop() == arguments("127.0.0.1")
    monkeypatch.setenv("HARU_ADDRESS", "::")
    serve.main(["--port", "8600"])
    assert started.pop() == arguments("::")
    serve.main(["--port", "8600", "--address", "192.0.2.1"])
    assert started.pop() == arguments("192.0.2.1")
    monkeypatch.setenv("HARU_LANG", "fr")
    with pytest.raises(SystemExit) as ended:
        serve.main([])
    assert ended.value.code == 2
    assert "HARU_LANG" in capsys.readouterr().err
    assert started == []
