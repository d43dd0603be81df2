"""Reads the rated tracks of Emotify (Aljanaki, Wiering, Veltkamp 2015).

A track is a minute of one of four genres; 11 to 58 listeners ticked which of nine GEMS emotions it made them feel.
The tracks' own tags name their artists, so that every split can keep an artist's tracks on one side.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from music.emotion_groups import GEMS
from training.music.labelled_tracks import artist_of

LAYOUT = "folder of Emotify (projects.science.uu.nl/memotion): ratings.csv and tracks/NUMBER.opus"
GENRES = ("classical", "rock", "electronic", "pop")


@dataclass(frozen=True)
class RatedTrack:
    number: int
    genre: str
    artist: str
    path: Path
    votes: np.ndarray
    """(listeners, nine): which listener ticked which emotion."""

    @property
    def shares(self) -> np.ndarray:
        """(nine): the share of listeners who ticked each."""
        return self.votes.mean(0)


def rated_tracks(data: Path) -> list[RatedTrack]:
    """The tracks whose files are there, in the order of their numbers."""
    votes: dict[int, list[list[int]]] = defaultdict(list)
    genres: dict[int, str] = {}
    with (data / "ratings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            number = int(row["track id"])
            genres[number] = row["genre"]
            votes[number].append([int(row[name]) for name in GEMS])
    paths = {number: data / "tracks" / f"{number:03d}.opus" for number in sorted(votes)}
    return [
        RatedTrack(number, genres[number], artist_of(path) or path.stem, path, np.array(votes[number], float))
        for number, path in paths.items()
        if path.is_file()
    ]


def shares(tracks: Sequence[RatedTrack]) -> np.ndarray:
    return np.stack([track.shares for track in tracks])
