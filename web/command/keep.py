"""`haru keep` keeps an entry."""

from __future__ import annotations

import argparse
import sys
import uuid
from collections.abc import Callable
from datetime import date, time

import emotions
from language import say
from web.command import credentials
from web.command.client import Client


def add(parser: argparse.ArgumentParser, language: str) -> None:
    parser.add_argument("mood", type=_mood(language), metavar="MOOD", help=say(language, "command.mood"))
    parser.add_argument("note", nargs="?", metavar="NOTE", help=say(language, "command.note"))
    parser.add_argument("--day", type=_day(language), metavar="YYYY-MM-DD", help=say(language, "command.day"))
    parser.add_argument("--time", type=_time(language), metavar="HH:MM", help=say(language, "command.time"))
    parser.add_argument("--strength", type=int, choices=range(1, 6), help=say(language, "command.strength"))
    parser.add_argument("--tag", action="append", default=[], metavar="TAG", help=say(language, "command.tag"))
    parser.set_defaults(run=_keep)


def _keep(chosen: argparse.Namespace, language: str) -> str:
    here = credentials.load()
    mood: emotions.Emotion = chosen.mood
    note = sys.stdin.read().strip() if chosen.note == "-" else chosen.note
    body = {
        "mood": mood.key,
        "note": note,
        "day": chosen.day,
        "time": chosen.time,
        "strength": chosen.strength,
        "tags": chosen.tag,
        "client_id": str(uuid.uuid4()),
    }
    given = {name: value for name, value in body.items() if value}
    # If the answer to the first try was lost, the second one keeps nothing twice: it has the same id.
    kept = Client(here.url, here.token, language).ask("POST", "/entries", given, tries=2)
    key = "command.kept_waiting" if kept["waiting"] else "command.kept"
    return say(language, key, mood=mood.name(language), day=kept["day"])


def _mood(language: str) -> Callable[[str], emotions.Emotion]:
    def parse(text: str) -> emotions.Emotion:
        wanted = text.strip().casefold()
        found = {
            mood.key
            for mood in emotions.SEVEN
            for name in (mood.key, mood.ko, mood.en.casefold())
            if wanted and name.startswith(wanted)
        }
        exact = emotions.named(text)
        if exact is None and len(found) != 1:
            names = ", ".join(mood.name(language) for mood in emotions.SEVEN)
            raise argparse.ArgumentTypeError(say(language, "command.no_mood", text=text, moods=names))
        return exact or emotions.BY_KEY[found.pop()]

    return parse


def _day(language: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise argparse.ArgumentTypeError(say(language, "command.no_day", text=text)) from None

    return parse


def _time(language: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        try:
            return time.fromisoformat(text).isoformat("minutes")
        except ValueError:
            raise argparse.ArgumentTypeError(say(language, "command.no_time", text=text)) from None

    return parse
