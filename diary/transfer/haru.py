"""Parses Haru's own exports, version 1 to 4. People can edit files, so it checks every value."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from diary import (
    database,
    days,
    entries,
    errors,
    media_types,
    music_feedback,
    music_lists,
    own_tracks,
    photos,
    trackers,
    transcripts,
)
from diary.entries import INTENSITIES, Entry
from diary.music_lists import MusicList
from diary.own_tracks import OwnTrack
from diary.trackers import Tracker, Value
from diary.transfer.export import FORMAT, FORMAT_VERSION
from diary.transfer.parsed import ParsedEntry, ParsedFile, ParsedMedium, ParsedTracker, expect_few
from emotions import EMOTIONS
from feelings import KEY as FEELING
from music.recommend import INTENTS
from music.track import GENRES, LANGUAGES, Track
from reading import Reading

SOURCES = ("hand", "voice", "face", "words", "fusion")
_ID = re.compile(r"[0-9a-f]{32}")
_TRACK_ID = re.compile(r"youtube:[\w-]{11}|local:[^/\\.][^/\\]{0,200}|own:[0-9a-f]{32}", re.ASCII)
_PREFERENCES_MAX, _PREFERENCE_NAME_MAX = 100, 64
_SHORT = 300  # of names and titles
_MODEL_MAX, _QUALITIES_MAX = 200, 50
_MEDIA_MAX = 200  # of one entry


def recognises(content: object) -> bool:
    return isinstance(content, dict) and content.get("format") == FORMAT


def read(content: dict[str, Any], zone: str) -> ParsedFile:
    """Every entry of the file, or an error. `zone` replaces time zones that this server does not know."""
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise errors.FileDamaged()
    if version > FORMAT_VERSION:
        raise errors.FileIsNewer()
    account, lines = content.get("account"), content.get("entries")
    if not isinstance(account, dict) or not isinstance(lines, list):
        raise errors.FileDamaged()
    expect_few(len(lines))
    try:
        owner = _text(account.get("created_at"))
        _moment(owner)
        since = account.get("learns_since")
        if since is not None:
            _moment(since)
        name = _text(account.get("name"))
        preferences = _preferences(content.get("preferences", {}))
        feedback, tracks, lists = _music(content.get("music", {}))
        own_trackers = _trackers(content.get("trackers", []))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, errors.DiaryError) as error:
        raise errors.FileDamaged() from error
    return ParsedFile(
        format="haru",
        entries=tuple(_parsed_entry(line, place, zone) for place, line in enumerate(lines, start=1)),
        owner=owner,
        owner_name=name,
        preferences=preferences,
        learns_since=since,
        music_feedback=feedback,
        own_tracks=tracks,
        music_lists=lists,
        trackers=own_trackers,
    )


def with_media(file: ParsedFile, unpack: Callable[[str], bytes], names: set[str]) -> ParsedFile:
    """A file that came in a zip; the zip must hold every file that an entry names, and entries name each only once.

    Otherwise a small zip whose entries name one file many times would fill the database.
    """
    named = Counter(medium.file for parsed in file.entries for medium in parsed.media)
    if any(times > 1 for times in named.values()):
        raise errors.FileRepeats()
    for place, parsed in enumerate(file.entries, start=1):
        if any(medium.file not in names for medium in parsed.media):
            raise errors.LineUnreadable(place=place)
    return replace(file, unpack=unpack)


def _parsed_entry(line: Any, place: int, zone: str) -> ParsedEntry:
    try:
        if not isinstance(line, dict):
            raise ValueError("an entry is an object")
        media = _list(line.get("media", []))
        pictures_of_day = _list(line.get("photos", []))
        for found, most in ((media, _MEDIA_MAX), (pictures_of_day, photos.PHOTOS_MAX)):
            if len(found) > most:
                raise errors.TooManyMedia(place=place, most=most)
        return ParsedEntry(
            entry=_entry(line, zone),
            readings=tuple(_reading(reading) for reading in _list(line.get("readings", []))),
            media=(*map(_medium, media), *map(_photo, pictures_of_day)),
        )
    except errors.TooManyMedia:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, errors.DiaryError) as error:
        raise errors.LineUnreadable(place=place) from error


def _entry(line: dict[str, Any], zone: str) -> Entry:
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
        version=_whole_number(line["version"]),
        created_at=_moment(line["created_at"]),
        updated_at=_moment(line["updated_at"]),
        feelings=_feelings(line.get("feelings", [])),
    )
    local_day = entry.happened_at.astimezone(ZoneInfo(entry.timezone)).date()
    is_valid = (
        entry.day >= days.EARLIEST
        and abs(local_day - entry.day) <= timedelta(days=1)
        and len(entry.note) <= entries.NOTE_MAX
        and entries.tidy_tags(entry.tags) == entry.tags
        and 1 <= entry.version < 2**31
    )
    if not is_valid:
        raise ValueError("the diary itself would not have stored this entry")
    return entry


def _feelings(content: Any) -> tuple[str, ...]:
    """Also those that only a newer version of Haru knows: an export must not lose them."""
    found = tuple(_matching(FEELING, feeling) for feeling in _list(content))
    if len(found) > entries.FEELINGS_MAX or len(set(found)) < len(found):
        raise ValueError("feelings that the diary itself would not have stored")
    return found


def _reading(content: Any) -> tuple[Reading, str]:
    scores = {emotion: _number(content["scores"][emotion]) for emotion in EMOTIONS}
    quality = {_text(name): _number(value) for name, value in content["quality"].items()}
    model = _text(content["model"])
    if len(model) > _MODEL_MAX or len(quality) > _QUALITIES_MAX:
        raise ValueError("a reading longer than any model writes")
    reading = Reading(
        scores=scores,
        sure=_flag(content["sure"]),
        quality=quality,
        source=_one_of(SOURCES[1:], content["source"]),
        model=model,
    )
    _moment(content["created_at"])
    return reading, content["created_at"]


def _medium(content: Any) -> ParsedMedium:
    _moment(content["created_at"])
    # The diary stores a medium under the type of its content (media.py), not under this one.
    if not media_types.is_known(_text(content["mime"])):
        raise ValueError("a type that the diary does not store")
    medium = ParsedMedium(
        kind=_one_of(("sound", "picture"), content["kind"]),
        file=_text(content["file"]),
        created_at=content["created_at"],
    )
    return _with_transcript(medium, content["transcript"]) if "transcript" in content else medium


def _photo(content: Any) -> ParsedMedium:
    _moment(content["created_at"])
    return ParsedMedium(kind="photo", file=_text(content["file"]), created_at=content["created_at"])


def _with_transcript(medium: ParsedMedium, content: Any) -> ParsedMedium:
    """A damaged transcript only costs itself: the recording can be written down again."""
    transcript = transcripts.parsed(content) if medium.kind == "sound" else None
    try:
        if transcript is None:
            raise ValueError("no transcript that the diary itself would have stored")
        _moment(content.get("created_at"))
    except ValueError:
        return replace(medium, is_transcript_damaged=True)
    return replace(medium, transcript=transcript, transcribed_at=content["created_at"])


def _preferences(chosen: Any) -> dict[str, object]:
    if not isinstance(chosen, dict) or len(chosen) > _PREFERENCES_MAX:
        raise ValueError("preferences are a short object")
    if any(not name or len(name) > _PREFERENCE_NAME_MAX for name in chosen):
        raise ValueError("a preference has a short name")
    # Each preference checks its value when it is read (preferences.py); here only the size counts.
    for value in chosen.values():
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, str | int | float | bool | None) for part in parts) or len(str(value)) > _SHORT:
            raise ValueError("a preference is one small value, or a few of them")
    return chosen


def _music(music: Any) -> tuple[tuple[dict[str, Any], ...], tuple[OwnTrack, ...], tuple[MusicList, ...]]:
    feedback, own, lists = (_list(music.get(name, [])) for name in ("said", "own_tracks", "lists"))
    most = music_feedback.ROWS_MAX, own_tracks.TRACKS_MAX, music_lists.LISTS_MAX
    if any(len(rows) > limit for rows, limit in zip((feedback, own, lists), most, strict=True)):
        raise ValueError("more music than a diary stores")
    return tuple(map(_feedback, feedback)), tuple(map(_own_track, own)), tuple(map(_music_list, lists))


def _music_list(content: Any) -> MusicList:
    tracks = tuple(map(_track, _list(content["tracks"])))
    if not 0 < len(tracks) <= music_lists.TRACKS_MAX or content["intensity"] not in INTENSITIES:
        raise ValueError("a list that the diary itself would not have stored")
    return MusicList(
        name=music_lists.tidy_name(_short(content["name"])),
        source=_one_of(("youtube", "local"), content["source"]),
        mood=_one_of(EMOTIONS, content["mood"]),
        intensity=int(content["intensity"]),
        intent=_one_of(INTENTS, content["intent"]),
        tracks=tracks,
        id=_matching(_ID, content["id"]),
    )


def _track(content: Any) -> Track:
    facts = {name: _short(content[name]) for name in ("work", "performer", "placed", "evidence", "source", "licence")}
    title, by = ({_short(key): _short(value) for key, value in content[name].items()} for name in ("title", "by"))
    return Track(
        **facts,
        id=_matching(_TRACK_ID, content["id"]),
        title=title | {"en": title["en"]},
        by=by,
        genre=_one_of(GENRES, content["genre"]),
        language=_one_of(LANGUAGES, content["language"]),
        valence=_number(content["valence"]),
        arousal=_number(content["arousal"]),
        seconds=None if content["seconds"] is None else round(_number(content["seconds"])),
        playful=content["playful"] is True,
        heavy=content["heavy"] is True,
    )


def _feedback(content: Any) -> dict[str, Any]:
    texts = {name: _short(content[name]) for name in ("track", "title", "by", "genre", "intent")}
    mood = content["mood"] if content["mood"] is None else _one_of(EMOTIONS, content["mood"])
    at = database.timestamp(_moment(content["at"]))
    return {"said": _one_of(music_feedback.KINDS, content["said"]), **texts, "mood": mood, "at": at}


def _own_track(content: Any) -> OwnTrack:
    """Without its audio, which is never in the file."""
    texts = {name: _short(content[name]) for name in ("title", "emotion8", "emotion4", "model")}
    numbers = {name: _number(content[name]) for name in ("seconds", "valence", "arousal")}
    tables: dict[str, Any] = {
        name: {_short(key): _number(value) for key, value in content[name].items()} for name in ("scores4", "features")
    }
    return OwnTrack(**texts, **numbers, **tables, id=_matching(_ID, content["id"]))


def _trackers(content: Any) -> tuple[ParsedTracker, ...]:
    found = tuple(map(_tracker, _list(content)))
    names = {trackers.compared_name(parsed.tracker.name) for parsed in found}
    ids = {parsed.tracker.id for parsed in found}
    if len(found) > trackers.TRACKERS_MAX or min(len(names), len(ids)) < len(found):
        raise ValueError("trackers that the diary itself would not have stored")
    return found


def _tracker(content: Any) -> ParsedTracker:
    name, emoji, kind = (_short(content[fact]) for fact in ("name", "emoji", "kind"))
    tracker = trackers.tidy(Tracker(name, emoji, kind, _matching(_ID, content["id"])))
    values: dict[date, Value] = {
        _tracker_day(day): trackers.tidy_value(tracker.kind, _number(value)) for day, value in content["values"].items()
    }
    return ParsedTracker(tracker, values)


def _tracker_day(text: str) -> date:
    day = date.fromisoformat(text)
    if day < days.EARLIEST:
        raise ValueError("a day before the first year of a diary")
    return day


def _short(value: object) -> str:
    text = _text(value)
    if len(text) > _SHORT:
        raise ValueError("a short text was expected")
    return text


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("a moment names its offset from UTC")
    database.timestamp(moment)  # raises an OverflowError where the year is 0 or 10000 in UTC
    return moment


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("text was expected")
    return value


def _list(value: object) -> list[Any]:
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


def _whole_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a whole number was expected")
    return value


def _one_of(allowed: Container[Any], value: Any) -> Any:
    if isinstance(value, bool | float) or value not in allowed:
        raise ValueError("a value that the diary does not know")
    return value


def _matching(pattern: re.Pattern[str], value: object) -> str:
    text = _text(value)
    if not pattern.fullmatch(text):
        raise ValueError("text of another shape was expected")
    return text
