"""`haru-admin write-down`: writes down all kept recordings of one person.

The server has nobody's key, so nobody can open a diary without its password: the person types it here, as they do to
sign in. The session that it opens ends with the command.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diary import accounts, consents, database, errors, sessions, spoken_language
from diary.sessions import Session
from language import say

if TYPE_CHECKING:  # the imports take seconds
    from understanding.write_down_all import WriteDownAll

_ADDRESS = "haru-admin"
"""Under which the throttle counts wrong passwords, as it does for an address."""
_REFRESH = 0.5  # seconds


def add(commands: Any) -> None:
    """Adds the command to those of `haru-admin`."""
    command = commands.add_parser(
        "write-down",
        help="write down all kept recordings of one person, who types their password",
        description="Writes down all kept recordings of one person that have no transcript. It fills empty notes only. "
        "Stopped, it goes on where it was the next time.",
    )
    command.add_argument("--name", required=True, help="the name with which the person signs in")
    command.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="file whose first line is the password, or - for standard input (default: ask on the terminal)",
    )
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    if not database.path().exists():
        return _fail(f"There is no database at {database.path()} yet.")
    try:
        password = _password(chosen.password_file)
        database.prepare()  # as Haru does when it starts
        token = accounts.sign_in(chosen.name, password, address=_ADDRESS)
    except (OSError, UnicodeDecodeError) as error:
        return _fail(f"The password could not be read: {error}")
    except (EOFError, KeyboardInterrupt):
        return _fail("Nothing was changed.")
    except errors.DiaryError as error:
        return _fail(_sentence(error))
    try:
        session = sessions.find(token)
        return _write_down(session) if session else _fail(_sentence(errors.SessionEnded()))
    except errors.DiaryError as error:
        return _fail(_sentence(error))
    finally:
        with suppress(errors.DatabaseError):  # nobody else has the token
            sessions.end(token)


def _password(file: Path | None) -> str:
    if file is None:
        return getpass.getpass("Password: ")
    if str(file) == "-":
        return sys.stdin.readline().rstrip("\r\n")
    with file.open(encoding="utf-8") as opened:
        return opened.readline().rstrip("\r\n")


def _write_down(session: Session) -> int:
    if "transcript" not in consents.given(session.account_id):
        return _fail(f"{session.name} has not switched on the writing down of recordings in Settings.")
    from stt import predict
    from understanding.speech_to_text import SpeechToText
    from understanding.write_down_all import WriteDownAll

    if not predict.has_weights():
        return _fail(f"There is no speech model in {predict.model_in_use()}.")
    speech = SpeechToText()
    work = WriteDownAll(speech, spoken_language.of(session))
    work.start(session, is_watched=lambda: True)
    try:
        with _Progress(work) as progress:
            while not work.wait(_REFRESH):
                progress.show()
    except KeyboardInterrupt:
        work.cancel()
        work.wait()
    finally:
        speech.stop()  # Python aborts at exit while a thread is still in the model
    return _report(work)


def _report(work: WriteDownAll) -> int:
    """Prints what was done; returns the exit status."""
    done = work.outcomes
    print(f"Written down: {done['written']} of {work.total} recordings; empty notes filled: {work.notes}.")
    for outcome, what in (
        ("no_words", "Without words"),
        ("other_language", "In another language, to be opened in their entries"),
        ("unreadable", "Not readable"),
    ):
        if done[outcome]:
            print(f"{what}: {done[outcome]}.")
    if work.error is not None:
        return _fail(_sentence(work.error))
    if work.finished < work.total:
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


class _Progress:
    """One line on a terminal that is written again and again; elsewhere a line for each recording."""

    def __init__(self, work: WriteDownAll) -> None:
        self._work = work
        self._shown = -1

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if sys.stderr.isatty() and self._shown >= 0:
            print(file=sys.stderr)

    def show(self) -> None:
        finished, total = self._work.finished, self._work.total
        if not total:
            return
        if sys.stderr.isatty():
            print(f"\r{finished} of {total} recordings ({self._work.share:.0%}) ", end="", file=sys.stderr, flush=True)
        elif finished > self._shown:
            print(f"{finished} of {total} recordings", file=sys.stderr, flush=True)
        self._shown = finished


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _sentence(error: errors.DiaryError) -> str:
    return say("en", f"error.{error.code}", **error.facts)
