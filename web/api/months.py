"""A month at a glance, and what the moods are called."""

from __future__ import annotations

import calendar as gregorian
import re
from collections import Counter
from datetime import date

import feelings
from diary import calendar, days, errors, inbox
from emotions import SEVEN
from web.api.call import Answer, Call


def month(call: Call) -> Answer:
    first, last = _days_of(call.path["month"])
    found = calendar.between(call.session, first, last)
    counts = Counter(mood for day in found.values() for mood in day.moods)
    content = {
        "month": call.path["month"],
        "first_weekday": calendar.FIRST_WEEKDAY.of(call.session),
        "days": [
            {"day": day.day.isoformat(), "mood": day.mood, "moods": list(day.moods)}
            for day in sorted(found.values(), key=lambda day: day.day)
        ],
        "counts": {mood.key: counts[mood.key] for mood in SEVEN},
        "waiting": inbox.count(call.session.account_id),
    }
    return Answer(content)


def moods(_call: Call) -> Answer:
    content = [
        {
            "key": mood.key,
            "names": {"ko": mood.ko, "en": mood.en},
            "colour": mood.colour,
            "feelings": [{"key": one.key, "names": {"ko": one.ko, "en": one.en}} for one in feelings.of_mood(mood.key)],
        }
        for mood in SEVEN
    ]
    return Answer({"moods": content})


def _days_of(text: str) -> tuple[date, date]:
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text, re.ASCII)
    if not found or int(found[1]) < days.EARLIEST.year:
        raise errors.FieldWrong(field="month", needs="month")
    year, number = int(found[1]), int(found[2])
    return date(year, number, 1), date(year, number, gregorian.monthrange(year, number)[1])
