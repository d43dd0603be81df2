"""The `haru-admin` command: what the person who runs Haru does on the command line.

haru-admin backup FILE              copies the live database, while the app runs
haru-admin speech NAME              fetches a larger model that writes recordings down (small, medium, large-v3-turbo)
haru-admin write-down --name NAME   writes down all kept recordings of a person, who types their password
haru-admin import-health --name NAME FILE
                                    imports a health export of any size for a person, who types their password
"""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import settings
from diary import database, errors
from web import import_health_command, write_down_command


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="haru-admin", description="Look after Haru's data on this machine.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    # Each of these adds one command, whose `run` does the work.
    _add_backup(commands)
    _add_speech(commands)
    write_down_command.add(commands)
    import_health_command.add(commands)
    chosen = parser.parse_args(arguments)
    return chosen.run(chosen)


def _add_backup(commands: Any) -> None:
    command = commands.add_parser("backup", help="copy the live database into FILE")
    command.add_argument("file", type=Path, metavar="FILE")
    command.set_defaults(run=_backup)


def _backup(chosen: argparse.Namespace) -> int:
    try:
        database.backup(chosen.file)
    except (OSError, errors.DatabaseError) as error:
        print(f"No backup was made: {error}", file=sys.stderr)
        return 1
    print(f"Backed up {database.path()} to {chosen.file}")
    return 0


def _add_speech(commands: Any) -> None:
    command = commands.add_parser(
        "speech",
        help="fetch a larger model that writes recordings down, from huggingface.co",
        description="Fetches Whisper once, into the data folder. HARU_SPEECH_MODEL=NAME then makes Haru use it.",
    )
    command.add_argument("name", choices=settings.SPEECH_MODELS, metavar="NAME", help=", ".join(settings.SPEECH_MODELS))
    command.set_defaults(run=_speech)


def _speech(chosen: argparse.Namespace) -> int:
    from stt import hub  # this loads torch, and a backup shall not wait for it

    name, folder = chosen.name, settings.speech_model_folder(chosen.name)
    try:
        if hub.is_here(name):
            print(f"The model {name} is already in {folder}.")
        else:
            with closing(_Progress()) as progress:
                hub.fetch(name, progress.show)
            print(f"The model {name} is in {folder}.")
    except hub.FetchError as error:
        print(f"The model {name} was not fetched: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"Stopped. The same command continues from {hub.unfinished_folder(name)}.", file=sys.stderr)
        return 130
    print(f"To use it, set HARU_SPEECH_MODEL={name} and start Haru again.")
    return 0


class _Progress:
    """One line on a terminal that is written again and again; elsewhere a line for every tenth."""

    def __init__(self) -> None:
        self._tenths = -1
        self._line_is_open = False

    def show(self, done: int, size: int) -> None:
        text = f"{done / 1e6:,.0f} of {size / 1e6:,.0f} MB ({done / size:.0%})"
        if sys.stderr.isatty():
            print(f"\r{text} ", end="", file=sys.stderr, flush=True)
            self._line_is_open = True
        elif (tenths := 10 * done // size) > self._tenths:
            self._tenths = tenths
            print(text, file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._line_is_open:
            print(file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
