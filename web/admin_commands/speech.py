"""`haru-admin speech`: fetches a larger model that writes recordings down."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import Any

import settings
from web.admin_commands import command
from web.admin_commands.command import CommandError, ExitCode, Outcome


def add(commands: Any) -> None:
    """Adds the command to those of `haru-admin`."""
    parser = command.add(
        commands,
        "speech",
        _run,
        help="fetch a larger model that writes recordings down, from huggingface.co",
        description="Fetches Whisper once, into the data folder. HARU_SPEECH_MODEL=NAME then makes Haru use it.",
    )
    parser.add_argument("name", choices=settings.SPEECH_MODELS, metavar="NAME", help=", ".join(settings.SPEECH_MODELS))


def _run(chosen: argparse.Namespace) -> Outcome:
    from stt import hub  # this loads torch, and the other commands shall not wait for it

    name, folder = chosen.name, settings.speech_model_folder(chosen.name)
    was_here = hub.is_here(name)
    try:
        if not was_here:
            with closing(_Progress()) as progress:
                hub.fetch(name, progress.show)
    except hub.FetchError as error:
        raise CommandError(f"The model {name} was not fetched: {error}") from error
    except KeyboardInterrupt as error:
        stopped = f"Stopped. The same command continues from {hub.unfinished_folder(name)}."
        raise CommandError(stopped, ExitCode.STOPPED) from error
    return Outcome(
        {"model": name, "folder": str(folder), "fetched": not was_here},
        f"The model {name} is {'already ' if was_here else ''}in {folder}.\n"
        f"To use it, set HARU_SPEECH_MODEL={name} and start Haru again.",
    )


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
