"""Learns a person's taste in music from their feedback, by counting.

It counts likes, skips and refusals for each genre and maker, and whether the person felt better afterwards. A few
pieces of feedback change the taste little, ten change it most of the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from music.recommend import Taste

UNPLAYABLE_FOR = timedelta(days=30)
"""A recording that may not be played here today may be allowed in a month."""

_HELPED = {"better": 1.0, "same": 0.0, "worse": -1.0}
_SKIP = -0.3  # a skip says less than a refusal
# Added to the number of values before a mean is taken, so that a single one does not make a taste.
_SHRINKAGE_GENRE, _SHRINKAGE_MAKER, _SHRINKAGE_TRACK, _SHRINKAGE_HELPED_GENRE = 4, 2, 1, 3


def learn(all_feedback: Iterable[Mapping[str, Any]], now: datetime) -> Taste:
    """A taste from all feedback, oldest first."""
    liking: dict[str, float] = {}
    latest: dict[str, Mapping[str, Any]] = {}
    helped, helped_genres = defaultdict(list), defaultdict(list)
    heard: dict[str, float] = {}
    unplayable: set[str] = set()
    for feedback in all_feedback:
        track, kind = feedback["track"], feedback["said"]
        latest[track] = feedback
        at = datetime.fromisoformat(feedback["at"])
        if kind in ("heard", "skipped"):
            heard[track] = max(0.0, (now - at) / timedelta(days=1))
        if kind == "liked":
            liking[track] = 1.0
        elif kind == "unliked":
            liking.pop(track, None)
        elif kind == "not_for_me":
            liking[track] = -1.0
        elif kind == "skipped" and liking.get(track, 0.0) <= 0:
            liking[track] = max(-0.9, liking.get(track, 0.0) + _SKIP)
        elif kind in _HELPED:
            helped[track].append(_HELPED[kind])
            helped_genres[feedback["mood"], feedback["intent"], feedback["genre"]].append(_HELPED[kind])
        elif kind == "unplayable" and now - at < UNPLAYABLE_FOR:
            unplayable.add(track)
    genres, makers = defaultdict(list), defaultdict(list)
    for track, value in liking.items():
        genres[latest[track]["genre"]].append(value)
        makers[latest[track]["by"]].append(value)
    return Taste(
        genres={genre: _shrunk_mean(values, _SHRINKAGE_GENRE) for genre, values in genres.items()},
        makers={maker: _shrunk_mean(values, _SHRINKAGE_MAKER) for maker, values in makers.items() if maker},
        tracks=liking,
        helped={track: _shrunk_mean(values, _SHRINKAGE_TRACK) for track, values in helped.items()},
        helped_genres={key: _shrunk_mean(values, _SHRINKAGE_HELPED_GENRE) for key, values in helped_genres.items()},
        heard_days_ago=heard,
        refused=frozenset(unplayable | {track for track, value in liking.items() if value == -1.0}),
    )


def _shrunk_mean(values: list[float], shrinkage: int) -> float:
    return sum(values) / (len(values) + shrinkage)
