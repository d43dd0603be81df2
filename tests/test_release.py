"""The version, the changelog and the workflow files agree."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from types import ModuleType
from typing import Any

import pytest
import yaml
from packaging.version import Version

from tests.imports import PROJECT, PYPROJECT
from version import VERSION
from web import serve

CHANGELOG = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
WORKFLOWS = {file.name: file.read_text(encoding="utf-8") for file in (PROJECT / ".github" / "workflows").iterdir()}
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


def jobs(name: str) -> dict[str, Any]:
    return yaml.safe_load(WORKFLOWS[name])["jobs"]


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in jobs(name).values() for step in job.get("steps", [])]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_by_commit(name: str) -> None:
    used = re.findall(r"uses: (.+)", WORKFLOWS[name])
    assert used
    for action in used:
        assert re.fullmatch(r"\./\.github/workflows/\w+\.yaml|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
    commits = re.findall(r"uses: ([\w./-]+)@(\w+)", "\n".join(WORKFLOWS.values()))
    assert len(set(commits)) == len({action for action, _ in commits}), "one version of each"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_may_do_no_more_than_it_must(name: str) -> None:
    workflow = yaml.safe_load(WORKFLOWS[name])
    assert workflow["permissions"] in ({}, {"contents": "read"})
    assert "pull_request_target" not in WORKFLOWS[name]
    allowed = {"contents": "read"}
    if name == "release.yaml":
        allowed |= {"packages": "write", "id-token": "write"}
    for job in workflow["jobs"].values():
        assert set(job.get("permissions", {}).items()) <= set(allowed.items())
        assert "uses" in job or job["timeout-minutes"]
    for step in steps(name):
        assert "${{" not in step.get("run", ""), "what somebody else wrote would run as a command"
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_pushes_run_what_ci_runs() -> None:
    runs = [step.get("run", "") for step in steps("test.yaml")]
    assert "bash .ci/run" in runs
    assert "make audit" in runs
    required = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    assert len(re.findall(r"^torch(vision)?==", required, re.MULTILINE)) == 2, "the workflow installs these two first"


def test_a_release_is_tested_then_built_then_signed() -> None:
    release = jobs("release.yaml")
    assert release["test"]["uses"] == "./.github/workflows/test.yaml"
    assert release["image"]["needs"] == "test"
    build = next(step for step in steps("release.yaml") if step.get("id") == "build")["with"]
    assert build["platforms"] == "linux/amd64,linux/arm64"
    assert (build["push"], build["sbom"], build["provenance"]) == (True, True, "mode=max")
    last = steps("release.yaml")[-1]
    assert last["run"].startswith("cosign sign --yes")
    assert last["env"]["IMAGE"].endswith("@${{ steps.build.outputs.digest }}"), "a digest, not a tag that may move"
    document = (PROJECT / "docs" / "releasing.md").read_text(encoding="utf-8")
    assert "/.github/workflows/release.yaml@refs/tags/v" in document


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not installed")
def test_actionlint_itself_accepts_them() -> None:
    subprocess.run(["actionlint"], cwd=PROJECT, check=True)


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", PROJECT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_audit_asks_about_every_package_but_haru(audit: ModuleType) -> None:
    packages = dict(package.split("==") for package in audit.installed())
    assert {"streamlit", "torch", "cryptography"} <= set(packages)
    assert "haru" not in packages
    assert not any("+" in version for version in packages.values())


def test_an_audit_says_what_it_knows_and_what_it_does_not(
    audit: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = [{"name": f"package{number}", "version": "1.0", "vulns": []} for number in range(30)]
    skipped = {"name": "own", "skip_reason": "Dependency not found on PyPI"}
    assert audit.verdict([*clean, skipped]) == 0
    assert "No known vulnerability in 30 packages; not in the database: own." in capsys.readouterr().out
    found = {"name": "jinja2", "version": "3.0.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3.1.6"]}]}
    assert audit.verdict([*clean, found]) == 1
    assert "jinja2 3.0.0: PYSEC-1, mended in 3.1.6" in capsys.readouterr().out
    assert audit.verdict([skipped, skipped, *clean]) == 3, "pip-audit itself would call that no vulnerability"
    assert audit.verdict(None) == 3
    monkeypatch.setattr(audit, "COMMAND", ["sh", "-c", "echo no network >&2; exit 1"])
    assert audit.verdict(audit.look_up(["jinja2==3.0.0"])) == 3
    told = capsys.readouterr()
    assert told.out.count("Not checked") == 3
    assert "no network" in told.err
