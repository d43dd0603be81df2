"""The form of an entry: the new one, one of an earlier day, or a change."""

from __future__ import annotations

from datetime import date

from components.entry import note_field, parts
from components.entry.feelings import feelings_field
from components.entry.keep_bar import keep_button
from components.entry.mood_picker import mood_picker
from components.entry.photos import held_photos, photos_field
from components.entry.places import Places, places
from components.entry.strength import USUAL_INTENSITY, strength
from components.entry.tag_chips import tag_chips
from components.entry.when import day_and_time, time_of_day
from diary.entries import Entry, NewEntry
from diary.sessions import Session


def new_entry(
    session: Session, form: str, at: Places, zone: str, note: str, source: str, draft_id: str
) -> NewEntry | None:
    """Asks for mood, intensity, tags and day; returns the entry once the person presses *Keep*."""
    fields = _fields(session, form, at)
    with at.parts, parts.part(form, parts.DAY, parts.DAY in parts.opened(form)):
        day, time = day_and_time(form, zone)
    with at.keep:
        if not keep_button(form, "entry.save", "save_new", fields["mood"], is_main=True):
            return None
    return NewEntry(**fields, note=note, day=day, at=time, timezone=zone, source=source, id=draft_id)


def entry_for(session: Session, form: str, day: date, zone: str, draft_id: str) -> NewEntry | None:
    """Asks for an entry of an earlier day."""
    at, first = places(), [parts.LINE]
    open_parts = parts.opened(form, first)
    with at.chips:
        parts.chips(form, [parts.LINE, parts.PHOTOS, parts.TAGS, parts.TIME], first)
    with at.parts, parts.part(form, parts.LINE, parts.LINE in open_parts):
        note = note_field.note_area(form)
        note_field.script(form)
    fields = _fields(session, form, at)
    with at.parts, parts.part(form, parts.TIME, parts.TIME in open_parts):
        time = time_of_day(form, day, zone)
    with at.keep:
        if not keep_button(form, "entry.save", "save_for_day", fields["mood"]):
            return None
    return NewEntry(**fields, note=note, day=day, at=time, timezone=zone, id=draft_id)


def changed_entry(session: Session, entry: Entry, form: str, at: Places, note: str, source: str) -> NewEntry | None:
    """Asks for the same fields, filled; returns the changed entry once the person presses *Save changes*."""
    fields = _fields(session, form, at, entry)
    with at.parts, parts.part(form, parts.DAY, parts.DAY in parts.opened(form)):
        day, time = day_and_time(form, entry.timezone, entry)
    with at.keep:
        if not keep_button(form, "entry.save_changes", f"save_{entry.id}", fields["mood"]):
            return None
    return NewEntry(**fields, note=note, day=day, at=time, timezone=entry.timezone, source=source, id=entry.id)


def filled_parts(entry: Entry) -> list[str]:
    """The parts that are open when an entry is opened to change it."""
    return [part for part, content in ((parts.LINE, entry.note), (parts.TAGS, entry.tags)) if content]


def _fields(session: Session, form: str, at: Places, entry: Entry | None = None) -> dict:
    with at.mood:
        mood = mood_picker(form, entry.mood if entry else None)
    intensity = entry.intensity if entry else USUAL_INTENSITY
    if mood:
        with at.strength:
            intensity = strength(form, mood, intensity)
    with at.feelings:
        feelings = feelings_field(form, mood, entry)
    is_open = parts.TAGS in parts.opened(form, filled_parts(entry) if entry else ())
    with at.parts, parts.part(form, parts.TAGS, is_open):
        tags = tag_chips(session, form, entry.tags if entry else ())
    with at.parts, parts.part(form, parts.PHOTOS, parts.PHOTOS in parts.opened(form)):
        photos_field(session, form, entry)
    with at.attached:
        held_photos(session, form)
    return {"mood": mood, "intensity": intensity, "tags": tags, "feelings": feelings}
