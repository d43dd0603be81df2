"""`haru month` shows a month: a calendar in the moods' colours, or the days by name where the terminal has none."""

from __future__ import annotations

import argparse
import calendar
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import emotions
from language import say
from web.command import credentials
from web.command.client import Client

_CELL = 4  # columns of a day
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def add(parser: argparse.ArgumentParser, language: str) -> None:
    parser.add_argument(
        "month", nargs="?", type=_month(language), metavar="YYYY-MM", help=say(language, "command.month")
    )
    parser.set_defaults(run=_show)


def _show(chosen: argparse.Namespace, language: str) -> str:
    here = credentials.load()
    client = Client(here.url, here.token, language)
    # This machine may be in another time zone than the person, and already in the next month.
    month = chosen.month or client.ask("GET", "/token")["today"][:7]
    found = client.ask("GET", f"/months/{month}")
    return "\n".join(drawn(found, language, colours_of(sys.stdout.isatty(), os.environ)))


def colours_of(is_terminal: bool, environment: Mapping[str, str]) -> int:
    """How many colours the terminal shows: none, 256, or all of them."""
    if not is_terminal or environment.get("NO_COLOR") or environment.get("TERM", "") in ("", "dumb"):
        return 0
    return 2**24 if environment.get("COLORTERM") in ("truecolor", "24bit") else 256


def drawn(found: Mapping[str, Any], language: str, colours: int) -> Iterator[str]:
    year, month = map(int, found["month"].split("-"))
    month_name = say(language, "days.months").split(",")[month - 1]
    yield say(language, "days.month", year=year, month=month, month_name=month_name)
    if colours:
        yield from _grid(found, language, year, month, colours)
    else:
        yield from _list(found, language)
    if not found["days"]:
        yield say(language, "command.month_empty")
    if found["waiting"]:
        yield say(language, "command.month_waiting", count=found["waiting"])


def _grid(found: Mapping[str, Any], language: str, year: int, month: int, colours: int) -> Iterator[str]:
    moods = {date.fromisoformat(day["day"]).day: day["mood"] for day in found["days"]}
    weekdays = say(language, "days.weekdays").split(",")
    weeks = calendar.Calendar(found["first_weekday"]).monthdayscalendar(year, month)
    order = [(found["first_weekday"] + place) % 7 for place in range(7)]
    yield "".join(_right(weekdays[weekday][: 1 if language == "ko" else 2]) for weekday in order)
    for week in weeks:
        cells = (_coloured(f"{day:>3} ", moods[day], colours) if day in moods else f"{day or '':>3} " for day in week)
        yield "".join(cells).rstrip(" ")
    counted = [mood for mood in emotions.SEVEN if found["counts"].get(mood.key)]
    for mood in counted:
        yield f"{_coloured('    ', mood.key, colours)} {mood.name(language)} {found['counts'][mood.key]}"


def _list(found: Mapping[str, Any], language: str) -> Iterator[str]:
    weekdays = say(language, "days.weekdays").split(",")
    for day in found["days"]:
        at = date.fromisoformat(day["day"])
        names = ", ".join(emotions.BY_KEY[mood].name(language) for mood in day["moods"] if mood in emotions.BY_KEY)
        yield f"{at.day:>4} {weekdays[at.weekday()]}  {names}"


def _coloured(text: str, mood: str, colours: int) -> str:
    if mood not in emotions.BY_KEY:  # of a newer Haru
        return text
    behind = _code(emotions.BY_KEY[mood].colour, colours)
    ink = _code(emotions.text_colour(mood), colours)
    return f"\x1b[48;{behind};38;{ink}m{text}\x1b[0m"


def _code(colour: str, colours: int) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    if colours > 256:
        return f"2;{red};{green};{blue}"
    six = (round(part / 255 * 5) for part in (red, green, blue))
    return "5;" + str(16 + sum(part * weight for part, weight in zip(six, (36, 6, 1), strict=True)))


def _right(text: str) -> str:
    """In a cell of its own; a Korean letter is two columns wide."""
    width = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
    return " " * (_CELL - 1 - width) + text + " "


def _month(language: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not _MONTH.fullmatch(text):
            raise argparse.ArgumentTypeError(say(language, "command.no_month", text=text))
        return text

    return parse
