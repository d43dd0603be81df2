"""The `haru` command: without a command it serves Haru; the others keep and show a diary through its API.

haru                              serves Haru
haru sign-in URL                  stores a token of Haru's Settings page in this user's config folder
haru keep MOOD [NOTE]             keeps an entry
haru month [YYYY-MM]              shows a month
haru sign-out                     ends the token and deletes it from this machine
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NoReturn

import emotions
from language import of_machine, say
from web import serve, standard_output
from web.command import credentials, keep, month, sign_in
from web.command.client import Refused, Unreachable
from web.command.credentials import NotSignedIn


class ExitCode(IntEnum):
    """The exit status of `haru`; docs/api.md has the same table."""

    DONE = 0
    REFUSED = 1
    """A sentence on standard error says why."""
    MISUSED = 2
    """The command line is wrong; argparse uses the same number."""
    UNREACHABLE = 3
    """Nothing answered at the address, or not Haru."""
    SIGNED_OUT = 4
    """There is no token on this machine, or it is not valid any more."""
    STOPPED = 130
    """Ctrl+C, as shells number it."""


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = of_machine()
    parser = _parser(language)
    if not given or given[0] not in COMMANDS:
        serve.main(given)
        return ExitCode.DONE
    with standard_output.flushed():  # --help
        chosen = parser.parse_args(given)
    try:
        standard_output.write(chosen.run(chosen, language))
    except NotSignedIn:
        return _fail(say(language, "command.signed_out"), ExitCode.SIGNED_OUT)
    except Refused as refused:
        return _fail(str(refused), ExitCode.SIGNED_OUT if refused.status == 401 else ExitCode.REFUSED)
    except KeyError:  # an answer of another API, or of another version of this one
        return _fail(say(language, "command.other_answer"), ExitCode.UNREACHABLE)
    except Unreachable as error:
        return _fail(str(error), ExitCode.UNREACHABLE)
    except OSError as error:
        place = credentials.path()
        return _fail(say(language, "command.file", path=place, reason=error.strerror or ""), ExitCode.REFUSED)
    except KeyboardInterrupt:
        return ExitCode.STOPPED
    return ExitCode.DONE


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a value in the person's language."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(ExitCode.MISUSED, f"{self.prog}: {message}\n")


def _parser(language: str) -> argparse.ArgumentParser:
    parser = _Parser(prog="haru")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, add in COMMANDS.items():
        add(commands.add_parser(name, help=_help(language, name), description=_help(language, name)), language)
    return parser


def _help(language: str, name: str) -> str:
    moods = ", ".join(mood.name(language) for mood in emotions.SEVEN)
    return say(language, f"command.{name.replace('-', '_')}_help", moods=moods)


def _fail(sentence: str, code: ExitCode) -> ExitCode:
    print(sentence, file=sys.stderr)
    return code


COMMANDS: dict[str, Callable[[argparse.ArgumentParser, str], None]] = {
    "sign-in": sign_in.add_sign_in,
    "keep": keep.add,
    "month": month.add,
    "sign-out": sign_in.add_sign_out,
}

if __name__ == "__main__":
    sys.exit(main())
