"""Readers of labelled tracks: Emotify as published, and a user's own music."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from inference import containers
from inference.containers import Deadline
from music.emotion_groups import FOUR, GEMS, four_labels
from music.place import AXES
from reading import Refusal
from training.datasets.layouts import (
    SOUNDS,
    Example,
    FoundData,
    LayoutError,
    files_under,
    find_file,
    nfc,
    not_found,
    packed_archives,
    read_table,
)

_TAG_SECONDS = 60.0
"""Longest time to read the tags of a track."""
GENRES = ("classical", "rock", "electronic", "pop")
"""Emotify's, in the order of its numbers: a hundred tracks of each."""
_NAMES = {
    **{"joy": "joy", "happy": "joy", "happiness": "joy", "기쁨": "joy", "즐거움": "joy"},
    **{"sadness": "sadness", "sad": "sadness", "슬픔": "sadness"},
    **{"neutral": "neutral", "calm": "neutral", "평온": "neutral", "잔잔함": "neutral"},
    **{"anger": "anger", "angry": "anger", "tension": "anger", "화남": "anger", "분노": "anger"},
}


def emotify(root: Path) -> FoundData:
    """Emotify (Aljanaki, Wiering & Veltkamp 2015, projects.science.uu.nl/memotion; cite the paper, ship no track).

    data.csv, one row a listener and track: track id, genre, amazement, solemnity, tenderness, nostalgia, calmness,
    power, joyful_activation, tension, sadness (0/1), mood, liked, disliked, age, gender, mother tongue (the published
    table has a blank before most names); and emotifymusic/classical/1.mp3 … 100.mp3, then rock (track ids 101–200),
    electronic, pop. Files named by the id itself (tracks/101.opus beside ratings.csv) are read too.
    """
    tables = [path for name in ("data.csv", "ratings.csv", "music_annotations.csv") for path in root.rglob(name)]
    if not tables:
        raise not_found(root, "Emotify's table of ratings, data.csv")
    votes: dict[int, list[list[float]]] = defaultdict(list)
    for row in read_table(tables[0], ("track id", "genre", *GEMS)):
        votes[int(row["track id"])].append([float(row[name]) for name in GEMS])
    files = {_track_id(path): path for path in files_under(root, SOUNDS, "Emotify's tracks (emotifymusic/rock/1.mp3)")}
    examples = []
    for number, rows in sorted(votes.items()):
        if number not in files:
            continue
        shares = np.mean(rows, 0)
        artist = artist_of(files[number])
        examples.append(
            Example(
                path=files[number],
                dataset="emotify",
                label=FOUR[int(four_labels(shares[None])[0])],
                person=artist or f"emotify-{number}",
                person_known=bool(artist),
                original_label=GENRES[(number - 1) // 100],
                votes={name: float(share) for name, share in zip(GEMS, shares, strict=True) if share > 0},
            )
        )
    if not examples:
        raise LayoutError(f"{root} holds {len(files)} tracks, none of them with a number that {tables[0]} rates.")
    missing = len(votes) - len(examples)
    remarks = [f"{missing} of {len(votes)} rated tracks are not here"] if missing else []
    hidden = sum(not example.person_known for example in examples)
    if hidden:
        remarks.append(f"{hidden} tracks have no artist tag: each counts as its own artist")
    return FoundData(tuple(examples), (*remarks, *packed_archives(root)))


def _track_id(path: Path) -> int:
    """Of emotifymusic/rock/1.mp3: 101; of tracks/101.opus: 101; 0 where the name is no number."""
    if not path.stem.isdigit():
        return 0
    number, genre = int(path.stem), path.parent.name.lower()
    return number + 100 * GENRES.index(genre) if genre in GENRES and number <= 100 else number


def tracks(root: Path) -> FoundData:
    """Your own music: class folders, or a table.

    joy/….mp3, sadness/…, neutral/…, anger/… (or 기쁨, 슬픔, 평온, 화남), with an artist's folder inside where you like;
    or tracks.csv with the columns path and label and, where known, artist, valence and arousal (both from -1 to 1: how
    pleasant, how stirring). Without either, the artist of the file's own tags counts. Tracks of one artist stay on one
    side of every split. With valence and arousal of thirty tracks the plane is trained too.
    """
    if not root.is_dir():
        raise not_found(root, "class folders (joy, sadness, neutral, anger) or tracks.csv")
    if (root / "tracks.csv").is_file():
        return _from_table(root)
    what = "class folders named joy, sadness, neutral, anger"
    examples: list[Example] = []
    unknown: set[str] = set()
    for path in files_under(root, SOUNDS, what):
        *folders, _ = (nfc(part) for part in path.relative_to(root).parts)
        mood = _NAMES.get(folders[0].casefold()) if folders else None
        if mood is None:
            unknown.add(folders[0] if folders else nfc(path.name))
            continue
        examples.append(_own(path, mood, folders[1] if len(folders) > 1 else "", folders[0], root))
    if not examples:
        raise not_found(root, what)
    remarks = [f"not read, because their names are not moods: {', '.join(sorted(unknown)[:5])}"] if unknown else []
    return _with_caution(examples, [*remarks, *packed_archives(root)])


def _from_table(root: Path) -> FoundData:
    examples: list[Example] = []
    missing: list[str] = []
    for line, row in enumerate(read_table(root / "tracks.csv", ("path", "label")), 2):
        mood = _NAMES.get(nfc(row["label"]).strip().casefold())
        if mood is None:
            raise LayoutError(f"{root / 'tracks.csv'}, line {line}: {row['label']!r} is none of {', '.join(FOUR)}.")
        path = find_file(root, row["path"])
        if path is None:
            missing.append(row["path"])
            continue
        place = _place(row, root / "tracks.csv", line)
        examples.append(replace(_own(path, mood, row.get("artist") or "", row["label"], root), plane=place))
    if not examples:
        raise LayoutError(f"None of the {len(missing)} files that {root / 'tracks.csv'} names lies in {root}.")
    return _with_caution(
        examples, [f"{len(missing)} files in tracks.csv are not here, {missing[0]} first"] if missing else []
    )


def _place(row: Mapping[str, str], table: Path, line: int) -> tuple[float, float] | None:
    """Valence and arousal; None where the row leaves them empty."""
    values = [(row.get(axis) or "").strip() for axis in AXES]
    if not any(values):
        return None
    try:
        valence, arousal = map(float, values)
    except ValueError as error:
        raise LayoutError(f"{table}, line {line}: valence and arousal must both be numbers, not {values}.") from error
    if max(abs(valence), abs(arousal)) > 1:
        raise LayoutError(f"{table}, line {line}: {values} lie outside -1 … 1; bring your scale to -1 … 1 first.")
    return valence, arousal


def _own(path: Path, mood: str, artist: str, label: str, root: Path) -> Example:
    artist = artist or artist_of(path)
    return Example(
        path=path,
        dataset="tracks",
        label=mood,
        person=artist or nfc(str(path.relative_to(root))),
        person_known=bool(artist),
        original_label=nfc(label),
    )


def _with_caution(examples: list[Example], remarks: list[str]) -> FoundData:
    hidden = any(not example.person_known for example in examples)
    caution = "Tracks without an artist: an album may be on both sides of the split, and figures are too good."
    return FoundData(tuple(examples), tuple(remarks), (caution,) if hidden else ())


def artist_of(path: Path) -> str:
    """The artist in the file's own tags; empty if there is none, or the file cannot be opened."""
    try:
        with containers.opened(path, Deadline(_TAG_SECONDS)) as container:
            tags = dict(container.metadata)
            for stream in container.streams.audio:
                tags |= stream.metadata
    except Refusal:
        return ""
    return next((value for name, value in tags.items() if name.lower() == "artist"), "")
