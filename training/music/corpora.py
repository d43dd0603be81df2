"""The rated tracks (Emotify: Aljanaki, Wiering, Veltkamp 2015). Never imported by the app.

320 tracks of a minute, four genres; to each, 11 to 58 listeners ticked which of nine GEMS emotions it made them feel.
The tracks' own tags name their artists: 122 of them, so one artist's tracks can be kept on one side of every split.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference import containers
from inference.containers import Deadline
from music.emotion_groups import GEMS

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "music"
_WITHIN = 60.0
"""Seconds for the tags of a track."""
GENRES = ("classical", "rock", "electronic", "pop")


@dataclass(frozen=True)
class Track:
    number: int
    genre: str
    artist: str
    path: Path
    votes: np.ndarray
    """(listeners, nine): who ticked what."""

    @property
    def shares(self) -> np.ndarray:
        """(nine): the share of listeners who ticked each."""
        return self.votes.mean(0)


def tracks(data: Path = DATA) -> list[Track]:
    """In the order of their numbers."""
    ballots: dict[int, list[list[int]]] = defaultdict(list)
    genres: dict[int, str] = {}
    with (data / "ratings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            number = int(row["track id"])
            genres[number] = row["genre"]
            ballots[number].append([int(row[name]) for name in GEMS])
    found = []
    for number in sorted(ballots):
        path = data / "tracks" / f"{number:03d}.opus"
        if path.is_file():
            found.append(Track(number, genres[number], _artist(path), path, np.array(ballots[number], float)))
    return found


def _artist(path: Path) -> str:
    with containers.opened(path, Deadline(_WITHIN)) as container:
        tags = {**container.metadata, **container.streams.audio[0].metadata}
    return tags.get("artist") or path.stem


def shares(tracks: Sequence[Track]) -> np.ndarray:
    return np.stack([track.shares for track in tracks])
