"""Reads what `whole` wrote, and what version 1 wrote before it. Files can be edited: nothing in one is trusted."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from diary import database, days, entries, errors, media_types, music_feedback, own_tracks
from diary.entries import Entry
from diary.own_tracks import OwnTrack
from diary.transfer.export import FORMAT, FORMAT_VERSION
from diary.transfer.parsed import Arrival, Arriving, Kept
from emotions import EMOTIONS
from reading import Reading

SOURCES = ("hand", "voice", "face", "words", "fusion")
_ID = re.compile(r"[0-9a-f]{32}")
_PREFERENCES_MAX, _PREFERENCE_NAME_MAX = 100, 64
_SHORT = 300  # of names and titles
_MODEL_MAX, _QUALITIES_MAX = 200, 50
_MEDIA_MAX = 200  # of one entry


def knows(content: object) -> bool:
    return isinstance(content, dict) and content.get("format") == FORMAT


def read(content: dict, zone: str) -> Arrival:
    """Every entry of the file or an error; `zone` stands in for time zones that this server does not know."""
    version = content.get("version")
    if not _whole_number(version) or version < 1:
        raise errors.FileDamaged()
    if version > FORMAT_VERSION:
        raise errors.FileIsNewer()
    account, lines = content.get("account"), content.get("entries")
    if not isinstance(account, dict) or not isinstance(lines, list):
        raise errors.FileDamaged()
    owner = account.get("created_at")
    try:
        _moment(owner)
        since = account.get("learns_since")
        if since is not None:
            _moment(since)
        name = _text(account.get("name"))
        preferences = _preferences(content.get("preferences", {}))
        sayings, tracks = _music(content.get("music", {}))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise errors.FileDamaged() from error
    return Arrival(
        format="haru",
        entries=tuple(_arriving(line, place, zone) for place, line in enumerate(lines, start=1)),
        owner=owner,
        owner_name=name,
        preferences=preferences,
        learns_since=since,
        sayings=sayings,
        own_tracks=tracks,
    )


def with_media(arrival: Arrival, unpack: Callable[[str], bytes], names: set[str]) -> Arrival:
    """A file that came in a zip: every recording and picture that its entries name has to be there, and is named once.

    Named often, a small file would fill the database.
    """
    named = Counter(kept.file for arriving in arrival.entries for kept in arriving.kept)
    if any(times > 1 for times in named.values()):
        raise errors.FileRepeats()
    for place, arriving in enumerate(arrival.entries, start=1):
        if any(kept.file not in names for kept in arriving.kept):
            raise errors.LineUnreadable(place=place)
    return replace(arrival, unpack=unpack)


def _arriving(line: object, place: int, zone: str) -> Arriving:
    try:
        if not isinstance(line, dict):
            raise ValueError("an entry is an object")
        named = _list(line.get("media", []))
        if len(named) > _MEDIA_MAX:
            raise errors.TooManyMedia(place=place, most=_MEDIA_MAX)
        return Arriving(
            entry=_entry(line, zone),
            told=tuple(_reading(told) for told in _list(line.get("readings", []))),
            kept=tuple(_kept(kept) for kept in named),
        )
    except errors.TooManyMedia:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, errors.DiaryError) as error:
        raise errors.LineUnreadable(place=place) from error


def _entry(line: dict, zone: str) -> Entry:
    entry = Entry(
        id=_matching(_ID, line["id"]),
        day=date.fromisoformat(_text(line["day"])),
        happened_at=_moment(line["happened_at"]),
        time_known=_flag(line["time_known"]),
        timezone=days.known_zone(line["timezone"], zone),
        mood=_one_of(EMOTIONS, line["mood"]),
        intensity=_one_of(entries.INTENSITIES, line["intensity"]),
        source=_one_of(SOURCES, line["source"]),
        note=_text(line["note"]),
        tags=tuple(_text(tag) for tag in _list(line["tags"])),
        version=line["version"],
        created_at=_moment(line["created_at"]),
        updated_at=_moment(line["updated_at"]),
    )
    there = entry.happened_at.astimezone(ZoneInfo(entry.timezone)).date()
    sound = (
        entry.day >= days.EARLIEST
        and abs(there - entry.day) <= timedelta(days=1)
        and len(entry.note) <= entries.NOTE_MAX
        and entries.tidy_tags(entry.tags) == entry.tags
        and _whole_number(entry.version)
        and 1 <= entry.version < 2**31
    )
    if not sound:
        raise ValueError("an entry that the diary itself would not have kept")
    return entry


def _reading(told: object) -> tuple[Reading, str]:
    scores = {emotion: _number(told["scores"][emotion]) for emotion in EMOTIONS}
    quality = {_text(name): _number(value) for name, value in told["quality"].items()}
    model = _text(told["model"])
    if len(model) > _MODEL_MAX or len(quality) > _QUALITIES_MAX:
        raise ValueError("a reading longer than any model writes")
    reading = Reading(
        scores=scores,
        sure=_flag(told["sure"]),
        quality=quality,
        source=_one_of(SOURCES[1:], told["source"]),
        model=model,
    )
    _moment(told["created_at"])
    return reading, told["created_at"]


def _kept(kept: object) -> Kept:
    _moment(kept["created_at"])
    # What the medium is stored as decides its content (media.py).
    if not media_types.is_known(_text(kept["mime"])):
        raise ValueError("a type that the diary does not keep")
    return Kept(
        kind=_one_of(("sound", "picture"), kept["kind"]),
        file=_text(kept["file"]),
        created_at=kept["created_at"],
    )


def _preferences(chosen: object) -> dict[str, object]:
    if not isinstance(chosen, dict) or len(chosen) > _PREFERENCES_MAX:
        raise ValueError("preferences are a short object")
    if any(not name or len(name) > _PREFERENCE_NAME_MAX for name in chosen):
        raise ValueError("a preference has a short name")
    # What a value may be is for each preference to say when it is read (preferences.py); here it stays small.
    for value in chosen.values():
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, str | int | float | bool | None) for part in parts) or len(str(value)) > _SHORT:
            raise ValueError("a preference is one small value, or a few of them")
    return chosen


def _music(music: object) -> tuple[tuple[dict, ...], tuple[OwnTrack, ...]]:
    said, own = _list(music.get("said", [])), _list(music.get("own_tracks", []))
    if len(said) > music_feedback.KEPT_AT_MOST or len(own) > own_tracks.TRACKS_AT_MOST:
        raise ValueError("more music than a diary keeps")
    return tuple(map(_saying, said)), tuple(map(_own_track, own))


def _saying(saying: object) -> dict:
    plain = {name: _short(saying[name]) for name in ("track", "title", "by", "genre", "intent")}
    mood = saying["mood"] if saying["mood"] is None else _one_of(EMOTIONS, saying["mood"])
    at = database.written(_moment(saying["at"]))
    return {"said": _one_of(music_feedback.SAYINGS, saying["said"]), **plain, "mood": mood, "at": at}


def _own_track(own: object) -> OwnTrack:
    """Without its sound, which was never in the file."""
    return OwnTrack(
        **{name: _short(own[name]) for name in ("title", "emotion8", "emotion4", "model")},
        **{name: _number(own[name]) for name in ("seconds", "valence", "arousal")},
        **{name: {_short(key): _number(value) for key, value in own[name].items()} for name in ("scores4", "features")},
        id=_matching(_ID, own["id"]),
    )


def _short(value: object) -> str:
    if len(_text(value)) > _SHORT:
        raise ValueError("a short text was expected")
    return value


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("a moment names its offset from UTC")
    return moment


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text was expected")
    return value


def _list(value: object) -> list:
    if not isinstance(value, list):
        raise ValueError("a list was expected")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false was expected")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a number was expected")
    return value


def _whole_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _one_of(allowed, value: object):
    if isinstance(value, bool | float) or value not in allowed:
        raise ValueError("a value that the diary does not know")
    return value


def _matching(pattern: re.Pattern, value: object) -> str:
    if not pattern.fullmatch(_text(value)):
        raise ValueError("text of another shape was expected")
    return value
