"""`haru-admin write-down`: writes down all kept recordings of one person."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from diary import consents, spoken_language
from diary.sessions import Session
from web.admin_commands import command, own_session
from web.admin_commands.command import CommandError, ExitCode, Outcome, sentence

if TYPE_CHECKING:  # the imports take seconds
    from understanding.write_down_all import WriteDownAll

_REFRESH = 0.5  # seconds
_REFUSED = {
    "no_words": "Without words",
    "other_language": "In another language, to be opened in their entries",
    "unreadable": "Not readable",
}


def add(commands: Any) -> None:
    """Adds the command to those of `haru-admin`."""
    parser = command.add(
        commands,
        "write-down",
        _run,
        help="write down all kept recordings of one person, who types their password",
        description="Writes down all kept recordings of one person that have no transcript. It fills empty notes only. "
        "Stopped, it goes on where it was the next time.",
    )
    own_session.add_arguments(parser)


def _run(chosen: argparse.Namespace) -> Outcome:
    with own_session.signed_in(chosen) as session:
        return _write_down(session)


def _write_down(session: Session) -> Outcome:
    if "transcript" not in consents.given(session.account_id):
        raise CommandError(f"{session.name} has not switched on the writing down of recordings in Settings.")
    from stt import predict
    from understanding.speech_to_text import SpeechToText
    from understanding.write_down_all import WriteDownAll

    if not predict.has_weights():
        raise CommandError(f"There is no speech model in {predict.model_in_use()}.")
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


def _report(work: WriteDownAll) -> Outcome:
    done = work.outcomes
    lines = [f"Written down: {done['written']} of {work.total} recordings; empty notes filled: {work.notes}."]
    for outcome, what in _REFUSED.items():
        if done[outcome]:
            lines.append(f"{what}: {done[outcome]}.")
    problem, code = "", ExitCode.DONE
    if work.error is not None:
        problem, code = sentence(work.error), ExitCode.NOT_DONE
    elif work.finished < work.total:
        problem, code = "Stopped. The same command goes on from here.", ExitCode.STOPPED
    facts = {"recordings": work.total, "notes_filled": work.notes} | {key: done[key] for key in ("written", *_REFUSED)}
    return Outcome(facts, "\n".join(lines), problem, code)


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
