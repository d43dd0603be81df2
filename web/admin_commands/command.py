"""What the commands of `haru-admin` share: exit codes, `--json`, the outcome of a command, and a question to ask."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext, redirect_stdout
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import settings
from diary import errors
from language import say
from web import standard_output


class ExitCode(IntEnum):
    """The exit status of `haru-admin`; docs/hosting.md has the same table."""

    DONE = 0
    NOT_DONE = 1
    """A sentence on standard error says why."""
    MISUSED = 2
    """The command line or a setting is wrong; argparse uses the same number."""
    FOUND = 3
    """`check` found something that needs the operator."""
    STOPPED = 130
    """Ctrl+C, as shells number it."""


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    """What `--json` prints: one object."""
    text: str = ""
    """What it prints otherwise."""
    problem: str = ""
    """Printed on standard error, and as `error` in the JSON."""
    code: ExitCode = ExitCode.DONE


class CommandError(Exception):
    """Why a command stops, as a sentence for the person at the terminal."""

    def __init__(self, problem: str, code: ExitCode = ExitCode.NOT_DONE) -> None:
        super().__init__(problem)
        self.code = code


Run = Callable[[argparse.Namespace], Outcome]


def add(commands: Any, name: str, run: Run, *, help: str, description: str = "") -> argparse.ArgumentParser:
    """Adds a command to those of `haru-admin`; returns its parser for further arguments."""
    parser = commands.add_parser(name, help=help, description=description or f"{help[0].upper()}{help[1:]}.")
    # Without a default of its own: it would undo a --json before the command.
    parser.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print one JSON object, and all else on standard error",
    )
    parser.set_defaults(run=run)
    return parser


def execute(run: Run, chosen: argparse.Namespace) -> int:
    """Runs a command and prints its outcome; returns the exit status."""
    # With --json, what a command or a library prints on its way must not mix with the object.
    with redirect_stdout(sys.stderr) if chosen.json else nullcontext():
        outcome = _outcome(run, chosen)
    if chosen.json:
        standard_output.write(json.dumps({**outcome.facts, **({"error": outcome.problem} if outcome.problem else {})}))
    elif outcome.text:
        standard_output.write(outcome.text)
    if outcome.problem:
        print(outcome.problem, file=sys.stderr)
    return outcome.code


def _outcome(run: Run, chosen: argparse.Namespace) -> Outcome:
    try:
        return run(chosen)
    except CommandError as error:
        return Outcome(problem=str(error), code=error.code)
    except errors.DiaryError as error:
        return Outcome(problem=sentence(error), code=ExitCode.NOT_DONE)
    except settings.SettingError as error:
        return Outcome(problem=str(error), code=ExitCode.MISUSED)
    except KeyboardInterrupt:
        return Outcome(problem="Stopped.", code=ExitCode.STOPPED)


def sentence(error: errors.DiaryError) -> str:
    return say("en", f"error.{error.code}", **error.facts)


def agrees(question: str) -> bool:
    """Asks on the terminal; anything but a yes counts as no, and so does no terminal."""
    try:
        return input(f"{question} [y/N] ").strip().casefold() in ("y", "yes")
    except EOFError:
        return False
