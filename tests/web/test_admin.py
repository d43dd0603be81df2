"""The `haru-admin` command: what it understands, `--json`, and exit codes."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import settings
from diary import errors
from version import VERSION
from web import admin
from web.admin_commands import command
from web.admin_commands.command import CommandError, ExitCode, Outcome

CALLED = argparse.Namespace(json=True)


@pytest.mark.parametrize("arguments", [[], ["speech"], ["no-such-command"], ["backup", "a", "b"]])
def test_a_command_that_is_not_understood_changes_nothing(arguments: list[str], capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as ended:
        admin.main(arguments)
    assert ended.value.code == ExitCode.MISUSED
    assert "usage: haru-admin" in capsys.readouterr().err


def test_json_is_the_only_thing_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    def talkative(_: argparse.Namespace) -> Outcome:
        print("on the way")
        return Outcome({"count": 2}, "Two.", "But one was left.", ExitCode.FOUND)

    assert command.execute(talkative, CALLED) == 3
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"count": 2, "error": "But one was left."}
    assert printed.err == "on the way\nBut one was left.\n"
    assert command.execute(talkative, argparse.Namespace(json=False)) == 3
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("on the way\nTwo.\n", "But one was left.\n")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CommandError("No."), 1),
        (CommandError("Stopped half-way.", ExitCode.STOPPED), 130),
        (errors.DiskFull(), 1),
        (settings.SettingError("HARU_DATA must be a folder."), 2),
        (KeyboardInterrupt(), 130),
    ],
)
def test_a_command_that_fails_says_why(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    def failing(_: argparse.Namespace) -> Outcome:
        raise error

    assert command.execute(failing, CALLED) == code
    printed = capsys.readouterr()
    assert json.loads(printed.out)["error"] == printed.err.strip()
    assert printed.err.strip().endswith(".")


def test_every_command_takes_json_and_has_a_help_text() -> None:
    (commands,) = (action for action in admin.parser()._actions if isinstance(action, argparse._SubParsersAction))
    assert {"backup", "speech", "write-down", "import-health"} <= set(commands.choices)
    assert len(commands._choices_actions) == len(commands.choices)
    for name, made in commands.choices.items():
        assert "--json" in made.format_help(), name
        assert made.description, name


def test_a_wrong_data_folder_is_a_sentence(tmp_path: Path) -> None:
    """In a process of its own, as an operator starts it."""
    done = subprocess.run(
        [sys.executable, "-m", "web.admin", "backup", str(tmp_path / "copy.db")],
        cwd=settings.PROJECT,
        env={"HARU_DATA": str(tmp_path / "gone")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "no database" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["web.admin", "users"], ["web.admin", "users", "--json"], ["web.command", "month", "--help"]]
)
def test_output_that_nobody_reads_to_its_end_is_no_failure(arguments: list[str], data_folder: Path) -> None:
    """As in `haru-admin users | head -1`, in a process of its own: Python writes what is left when it ends."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", *arguments], cwd=settings.PROJECT, stdout=writer, stderr=subprocess.PIPE, text=True
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_json_before_or_behind_the_command(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--json", "users"], ["users", "--json"]):
        assert admin.main(arguments) == 0
        assert json.loads(capsys.readouterr().out) == {"users": []}


def test_the_versions_of_haru_and_of_its_weights(capsys: pytest.CaptureFixture[str]) -> None:
    assert admin.main(["--version"]) == 0
    first, *weights = capsys.readouterr().out.splitlines()
    assert first == f"Haru {VERSION}"
    assert admin.main(["--version", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["version"] == VERSION
    assert {one["file"] for one in found["weights"]} >= {"words/words.safetensors", "stt/model.bin"}
    assert all(one["version"] for one in found["weights"])
    assert len(weights) == len(found["weights"])
