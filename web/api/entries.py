"""Keeps entries, and lists those of days; changes a note."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

import emotions
from diary import api_tokens, days, entries, errors, inbox, plain_entries
from diary.entries import Entry, NewEntry
from diary.plain_entries import PlainEntry
from web.api.call import ROOT, Answer, Call
from web.api.fields import Fields

DAYS_MAX = 366
PAGE = 200
_CLIENT_ID_MAX = 100
_USUAL_STRENGTH = 3
_KEEP = ("mood", "strength", "note", "tags", "feelings", "day", "time", "timezone", "client_id")


def keep(call: Call) -> Answer:
    new = _new_entry(call)
    if api_tokens.NOTES in call.token.scopes:
        is_new = not plain_entries.exists(call.session, new.id)
        entries.add(call.session, new)
        is_waiting = False
    else:
        if call.token.inbox_key is None:
            raise errors.ScopeMissing(scope=api_tokens.WRITE)
        is_new = inbox.add(call.session, new, call.token.inbox_key)
        is_waiting = not plain_entries.exists(call.session, new.id)
    content = {"id": new.id, "day": new.day.isoformat(), "waiting": is_waiting}
    return Answer(content, 201 if is_new else 200, {"Location": f"{ROOT}/entries/{new.id}"})


def of_days(call: Call) -> Answer:
    fields = Fields(call.query, "from", "to", "after")
    first = fields.day("from") or days.today(call.session.timezone)
    last = fields.day("to") or max(first, days.today(call.session.timezone))
    if last - first > timedelta(days=DAYS_MAX - 1):
        raise errors.TooManyDays(most=DAYS_MAX)
    found = plain_entries.page(call.session, first, last, fields.text("after"), PAGE + 1)
    shown = found[:PAGE]
    content = {
        "entries": [_plain(entry) | more for entry, more in zip(shown, _sealed_parts(call, shown), strict=True)],
        "next": shown[-1].id if len(found) > PAGE else None,
        "waiting": inbox.count(call.session.account_id),
    }
    return Answer(content)


def one(call: Call) -> Answer:
    found = plain_entries.get(call.session, call.path["entry_id"])
    (more,) = _sealed_parts(call, [found])
    return Answer(_plain(found) | more)


def change_note(call: Call) -> Answer:
    fields = Fields(call.body, "note", "version")
    for name in ("note", "version"):
        fields.needed(name)
    note, version = fields.text("note") or "", fields.whole_number("version") or 0
    entries.change_note(call.session, call.path["entry_id"], version, note)
    return Answer({"id": call.path["entry_id"], "version": version + 1})


def _new_entry(call: Call) -> NewEntry:
    fields = Fields(call.body, *_KEEP)
    fields.needed("mood")
    mood = emotions.named(fields.text("mood") or "")
    if mood is None:
        raise errors.FieldWrong(field="mood", needs="mood")
    zone = fields.zone("timezone", call.session.timezone)
    day, at = fields.day("day"), fields.time("time")
    if day is None:
        at = at or days.time_now(zone)
    strength = fields.whole_number("strength")
    return NewEntry(
        mood=mood.key,
        intensity=_USUAL_STRENGTH if strength is None else strength,
        day=day or days.today(zone),
        timezone=zone,
        note=fields.text("note") or "",
        tags=fields.texts("tags"),
        feelings=fields.texts("feelings"),
        at=at,
        id=_entry_id(call.session.account_id, fields.text("client_id", _CLIENT_ID_MAX)),
    )


def _entry_id(account_id: str, client_id: str | None) -> str:
    """The same for the same name that a program gives an entry, and never that of another account's."""
    if not client_id:
        return secrets.token_hex(16)
    return hashlib.sha256(f"{account_id}:{client_id}".encode(errors="surrogatepass")).hexdigest()[:32]


def _plain(entry: PlainEntry) -> dict:
    return {
        "id": entry.id,
        "day": entry.day.isoformat(),
        "time": entry.at.isoformat("minutes") if entry.at else None,
        "timezone": entry.timezone,
        "mood": entry.mood,
        "strength": entry.intensity,
    }


def _sealed_parts(call: Call, shown: list[PlainEntry]) -> list[dict]:
    """What only a token with the data key sees of each entry."""
    if api_tokens.NOTES not in call.token.scopes or not shown:
        return [{} for _ in shown]
    opened = {entry.id: entry for entry in entries.between(call.session, *_span(shown))}
    return [_sealed_part(opened[entry.id]) if entry.id in opened else {} for entry in shown]


def _span(shown: list[PlainEntry]) -> tuple[date, date]:
    return min(entry.day for entry in shown), max(entry.day for entry in shown)


def _sealed_part(entry: Entry) -> dict:
    return {
        "note": entry.note,
        "tags": list(entry.tags),
        "feelings": list(entry.feelings),
        "version": entry.version,
        "damaged": entry.is_damaged,
    }
