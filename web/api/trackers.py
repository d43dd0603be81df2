"""Trackers with their values. All of it is sealed, so the token needs the data key."""

from __future__ import annotations

from datetime import timedelta

from diary import days, errors, trackers
from web.api.call import Answer, Call
from web.api.entries import DAYS_MAX
from web.api.fields import Fields, day_of


def of_days(call: Call) -> Answer:
    fields = Fields(call.query, "from", "to")
    first = fields.day("from") or days.today(call.session.timezone)
    last = fields.day("to") or max(first, days.today(call.session.timezone))
    if last - first > timedelta(days=DAYS_MAX - 1):
        raise errors.TooManyDays(most=DAYS_MAX)
    values = trackers.between(call.session, first, last)
    content = [
        {
            "id": tracker.id,
            "name": tracker.name,
            "emoji": tracker.emoji,
            "kind": tracker.kind,
            "values": {day.isoformat(): value for day, value in values.get(tracker.id, {}).items()},
        }
        for tracker in trackers.intact(call.session)
    ]
    return Answer({"trackers": content})


def set_value(call: Call) -> Answer:
    value = Fields(call.body, "value").number("value")
    try:
        day = day_of(call.path["day"])
    except ValueError:
        raise errors.FieldWrong(field="day", needs="day") from None
    trackers.set_value(call.session, call.path["tracker_id"], day, value, call.session.timezone)
    return Answer(status=204)
