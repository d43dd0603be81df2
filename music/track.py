"""A track of any source, and the checks of a catalogue's rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin

from music.place import EIGHT

GENRES = ("classical", "pop", "rock", "electronic", "film", "korean", "folk", "jazz", "other")
LANGUAGES = ("none", "ko", "en", "de", "fr", "la", "it")
"""Languages of the vocals; `none` for instrumental music."""
EVIDENCE = ("answered", "listed")
_MEANT_WEIGHT = 0.7
"""Weight of the emotion that a rendered track was chosen for, against the model's place. The model was trained on
recordings and places synthesizers as calmer and more pleasant than people do."""
_MEANT_RADIUS = 0.7
_YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)


@dataclass(frozen=True)
class Track:
    """A track, its place on the plane, and the source of that place."""

    id: str
    """`youtube:…`, `local:…` or `own:…`: its kind, and its name there."""
    title: Mapping[str, str]
    """By language; `en` is always there."""
    by: Mapping[str, str]
    """Composer or artist, by language."""
    work: str
    """The same for every recording of one piece."""
    genre: str
    valence: float
    arousal: float
    language: str = "none"
    performer: str = ""
    seconds: int | None = None
    playful: bool = False
    """Comic or party music: never recommended on the darkest days."""
    heavy: bool = False
    """About death or despair: not recommended on the darkest days either."""
    placed: str = ""
    """Who or what placed it on the plane."""
    evidence: str = ""
    source: str = ""
    licence: str = ""

    @property
    def kind(self) -> str:
        return self.id.partition(":")[0]

    @property
    def name(self) -> str:
        """The id without the kind: a YouTube id, a file name, or the id of an own track."""
        return self.id.partition(":")[2]

    @property
    def place(self) -> tuple[float, float]:
        return self.valence, self.arousal

    def title_in(self, language: str) -> str:
        return self.title.get(language) or self.title["en"]

    def by_in(self, language: str) -> str:
        return self.by.get(language) or self.by.get("en", "")


class InvalidTrack(ValueError):
    """A row of a catalogue that cannot be offered, and the reason."""


def from_youtube_row(row: object) -> Track:
    """A row of assets/catalogue.json. Raises `InvalidTrack`."""
    row = _object(row)
    name = _text(row, "id")
    if not _YOUTUBE_ID.fullmatch(name):
        raise InvalidTrack(f"{name!r} is no YouTube id")
    seconds = row.get("seconds")
    return Track(
        id=f"youtube:{name}",
        title=_two_languages(row, "title"),
        by=_two_languages(row, "by"),
        work=_text(row, "work"),
        genre=_one_of(row, "genre", GENRES),
        language=_one_of(row, "language", LANGUAGES),
        valence=_coordinate(row, "valence"),
        arousal=_coordinate(row, "arousal"),
        performer=row.get("performer") or "",
        seconds=_seconds(row) if seconds is not None else None,
        playful=row.get("playful") is True,
        heavy=row.get("heavy") is True,
        placed=_text(row, "placed"),
        evidence=_one_of(row, "evidence", EVIDENCE),
    )


def from_local_row(row: object) -> Track:
    """A row of assets/music/tracks.json. Raises `InvalidTrack`."""
    row = _object(row)
    name = _text(row, "file")
    if "/" in name or "\\" in name or name.startswith("."):
        raise InvalidTrack(f"{name!r} is not the plain name of a file")
    analysed = _coordinate(row, "valence"), _coordinate(row, "arousal")
    valence, arousal = analysed if row.get("meant") is None else _blended(_one_of(row, "meant", EIGHT), analysed)
    return Track(
        id=f"local:{name}",
        title=_two_languages(row, "title"),
        by=_two_languages(row, "composer"),
        work=name,
        genre=_one_of(row, "genre", GENRES),
        valence=valence,
        arousal=arousal,
        seconds=_seconds(row),
        playful=row.get("playful") is True,
        placed=row.get("placed") or "",
        evidence="answered",
        source=_text(row, "source"),
        licence=_text(row, "licence"),
    )


def _blended(meant: str, analysed: tuple[float, float]) -> tuple[float, float]:
    """Between the direction of the meant emotion and the model's place."""
    angle = (EIGHT.index(meant) + 0.5) * pi / 4
    wanted = _MEANT_RADIUS * cos(angle), _MEANT_RADIUS * sin(angle)
    valence, arousal = (_MEANT_WEIGHT * m + (1 - _MEANT_WEIGHT) * a for m, a in zip(wanted, analysed, strict=True))
    return round(valence, 3), round(arousal, 3)


def _object(row: object) -> dict:
    if not isinstance(row, dict):
        raise InvalidTrack(f"a track must be an object, not {type(row).__name__}")
    return row


def _text(row: dict, field: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or not value.strip():
        raise InvalidTrack(f"{field} must be text, not {value!r}")
    return value


def _two_languages(row: dict, field: str) -> dict[str, str]:
    value = row.get(field)
    names = {"en": value} if isinstance(value, str) else value
    if not isinstance(names, dict) or not names.get("en") or not all(isinstance(name, str) for name in names.values()):
        raise InvalidTrack(f"{field} must be a name, or names by language with English among them, not {value!r}")
    return names


def _one_of(row: dict, field: str, allowed: tuple[str, ...]) -> str:
    if row.get(field) not in allowed:
        raise InvalidTrack(f"{field} must be one of {', '.join(allowed)}, not {row.get(field)!r}")
    return row[field]


def _coordinate(row: dict, field: str) -> float:
    value = row.get(field)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1 <= value <= 1:
        raise InvalidTrack(f"{field} must lie between -1 and 1, not {value!r}")
    return float(value)


def _seconds(row: dict) -> int:
    value = row.get("seconds")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 86_400:
        raise InvalidTrack(f"seconds must be the length of a track, not {value!r}")
    return round(value)
