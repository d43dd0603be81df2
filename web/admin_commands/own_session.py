"""A person's session for a command of `haru-admin`.

The server has nobody's key, so nobody can open a diary without its password: the person types it here, as they do to
sign in. The session that it opens ends with the command.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain, repeat
from pathlib import Path

from diary import accounts, database, errors, folder_lock, second_factor, sessions
from diary.second_factor import CodeNeeded
from diary.sessions import Session
from web.admin_commands.command import CommandError, sentence

_ADDRESS = "haru-admin"
"""Under which the throttle counts wrong passwords, as it does for an address."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--name", required=True, help="the name with which the person signs in")
    command.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="file whose first line is the password, or - for standard input (default: ask on the terminal); "
        "the second line is the code, if signing in asks for one",
    )


@contextmanager
def signed_in(chosen: argparse.Namespace) -> Iterator[Session]:
    """The session of the person who typed the password; every error is a `CommandError`."""
    if not database.path().exists():
        raise CommandError(f"There is no database at {database.path()} yet.")
    with folder_lock.shared(database.folder()):
        yield from _signed_in(chosen)


def _signed_in(chosen: argparse.Namespace) -> Iterator[Session]:
    try:
        lines = _lines(chosen.password_file)
        password = next(lines)
        database.prepare()  # as Haru does when it starts
        token = accounts.sign_in(chosen.name, password, address=_ADDRESS)
        if isinstance(token, CodeNeeded):
            token = second_factor.complete(token.token, next(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The password could not be read: {error}") from error
    except (EOFError, KeyboardInterrupt) as error:
        raise CommandError("Nothing was changed.") from error
    except errors.DiaryError as error:
        raise CommandError(sentence(error)) from error
    try:
        session = sessions.find(token)
        if session is None:
            raise errors.SessionEnded()
        yield session
    except errors.DiaryError as error:
        raise CommandError(sentence(error)) from error
    finally:
        with suppress(errors.DatabaseError):  # nobody else has the token
            sessions.end(token)


def _lines(file: Path | None) -> Iterator[str]:
    """The password, and after it the code of the second factor."""
    if file is None:
        yield getpass.getpass("Password: ")
        yield getpass.getpass("Code from your app, or a backup code: ")
    elif str(file) == "-":
        while True:
            yield sys.stdin.readline().rstrip("\r\n")
    else:
        lines = file.read_text(encoding="utf-8").splitlines()
        yield from chain(lines, repeat(""))
