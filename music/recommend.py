"""Recommends a playlist: a path over the valence/arousal plane, and the tracks that lie nearest to it.

Four terms score each track: its distance from the wanted point, the person's taste, what helped before, and how long
ago the person heard it. A small seeded shuffle decides between equals. In a randomised study (N = 193) playlists from
a mood to its opposite helped no more than others, so the person chooses the goal.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import dist

import numpy as np

from emotions import BY_KEY, EMOTIONS
from music.track import Track

INTENTS = ("match", "ease", "lift")
LENGTH = 6
STRENGTHS = {"usual": 0.0, "soft": -0.25, "strong": 0.25}
"""How much softer or stronger than usual the music shall be, in arousal."""

Point = tuple[float, float]

CALM: Point = (0.5, -0.5)
JOY: Point = (0.75, 0.5)
WARMTH: Point = (0.55, -0.05)
"""The goal of *lift* on the darkest days instead of joy: more pleasant, but not exuberant."""

# The two moods with the lowest valence (Russell & Mehrabian, see emotions.py): fear and sadness. Anger and disgust are
# nearly as unpleasant, but in the same study their dominance is above the middle. In fear and sadness it is below: a
# person feels least able to act.
DARKEST = tuple(sorted(EMOTIONS, key=lambda mood: BY_KEY[mood].valence)[:2])
HIGH_INTENSITY = 4

WEIGHTS = {"closeness": 1.0, "taste": 0.3, "helped": 0.25, "novelty": 0.3}
_SHUFFLE = 0.04
REACH = 1.2
"""A track this far from the wanted point has closeness 0; the plane is two wide."""
_FRESH_AGAIN_DAYS = 3.0
"""The penalty of a track halves in this many days after the person heard it."""


@dataclass(frozen=True)
class Wish:
    """The playlist that a person asks for."""

    mood: str
    intensity: int
    intent: str
    genres: frozenset[str] = frozenset()
    """Empty: any."""
    strength: str = "usual"

    @property
    def is_dark(self) -> bool:
        """One of the darkest moods, strongly: nothing playful is recommended, and the page shows help lines."""
        return self.mood in DARKEST and self.intensity >= HIGH_INTENSITY


@dataclass(frozen=True)
class Taste:
    """A person's taste, from their own feedback. Values run from -1 to 1."""

    genres: Mapping[str, float] = field(default_factory=dict)
    makers: Mapping[str, float] = field(default_factory=dict)
    """By the English name of composer or artist."""
    tracks: Mapping[str, float] = field(default_factory=dict)
    helped: Mapping[str, float] = field(default_factory=dict)
    """By track: whether they felt better or worse afterwards."""
    helped_genres: Mapping[tuple[str, str, str], float] = field(default_factory=dict)
    """By mood, intent and genre."""
    heard_days_ago: Mapping[str, float] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    """Tracks that the person refused or that do not play for them."""


@dataclass(frozen=True)
class Choice:
    """A track in a playlist, its wanted point, and its score."""

    track: Track
    wanted: Point
    parts: Mapping[str, float]
    """The four terms, each before its weight."""
    score: float

    @property
    def reason(self) -> str:
        """The reason that the page shows: the strongest term besides closeness, or closeness."""
        if self.parts["helped"] > 0.15:
            return "helped"
        if self.parts["taste"] > 0.15:
            return "taste"
        return "close" if self.parts["closeness"] >= 0.6 else "nearest"


def path(wish: Wish, length: int = LENGTH) -> list[Point]:
    """The wanted points: all equal to match a mood, else in even steps from the mood to the goal."""
    start, goal = _ends(wish)
    steps = [place / (length - 1) for place in range(length)] if length > 1 else [1.0]
    return [_between(start, goal, step) for step in steps]


def playlist(
    tracks: Sequence[Track], wish: Wish, taste: Taste | None = None, seed: int = 0, length: int = LENGTH
) -> list[Choice]:
    """The best list that repeats no piece and, on a path, never moves away from the goal.

    The search is exact: dynamic programming picks a track for each wanted point from the tracks in the order of their
    distance from the goal, with the highest sum of scores.
    """
    taste = taste or Taste()
    wanted = path(wish, length)
    pool = _pool(tracks, wish, taste, seed, wanted)
    if not pool:
        return []
    goal = wanted[-1]
    pool.sort(key=lambda track: (-round(dist(track.place, goal), 6), track.id))
    wanted = path(wish, min(length, len(pool)))
    scores = np.array([[_score(track, point, wish, taste, seed)[1] for track in pool] for point in wanted])
    picked = _best_in_order(scores)
    chosen = [_choice(pool[place], point, wish, taste, seed) for place, point in zip(picked, wanted, strict=True)]
    if wish.intent == "match":
        chosen.sort(key=lambda choice: -choice.score)
    return chosen


def of_tracks(tracks: Sequence[Track], wish: Wish, taste: Taste, seed: int = 0) -> list[Choice]:
    """These tracks in this order, each with its place on the way of the wish."""
    if not tracks:
        return []
    return [
        _choice(track, point, wish, taste, seed) for track, point in zip(tracks, path(wish, len(tracks)), strict=True)
    ]


def replacement(
    chosen: Sequence[Choice], place: int, tracks: Sequence[Track], wish: Wish, taste: Taste, seed: int = 0
) -> Choice | None:
    """The next choice for one place of a list; the others stay.

    Another recording of the same piece comes first. On a path, the new track may not move away from the goal either.
    `taste` holds the refused track already.
    """
    replaced = chosen[place]
    others = {choice.track.work for index, choice in enumerate(chosen) if index != place}
    allowed = [
        track for track in _allowed(tracks, wish, taste) if track.work not in others and track.id != replaced.track.id
    ]
    if same_work := [track for track in allowed if track.work == replaced.track.work]:
        allowed = same_work
    elif wish.intent != "match":
        goal = path(wish)[-1]
        before = dist(chosen[place - 1].track.place, goal) if place else float("inf")
        after = dist(chosen[place + 1].track.place, goal) if place + 1 < len(chosen) else 0.0
        between = [track for track in allowed if after <= dist(track.place, goal) <= before]
        allowed = between or allowed
    if not allowed:
        return None
    return max(
        (_choice(track, replaced.wanted, wish, taste, seed) for track in allowed), key=lambda choice: choice.score
    )


def _ends(wish: Wish) -> tuple[Point, Point]:
    mood = BY_KEY[wish.mood]
    # A weak mood lies nearer to the middle of the plane than a strong one.
    strength = 0.5 + 0.125 * wish.intensity
    start = (mood.valence * strength, mood.arousal * strength)
    if wish.intent == "match":
        goal = start
    elif wish.intent == "ease":
        goal = CALM
    else:
        goal = WARMTH if wish.is_dark else JOY
    shift = STRENGTHS[wish.strength]
    return _on_the_plane(start, shift), _on_the_plane(goal, shift)


def _between(start: Point, goal: Point, step: float) -> Point:
    return round(start[0] + step * (goal[0] - start[0]), 6), round(start[1] + step * (goal[1] - start[1]), 6)


def _on_the_plane(point: Point, shift: float) -> Point:
    return max(-1.0, min(1.0, point[0])), max(-1.0, min(1.0, point[1] + shift))


def _allowed(tracks: Sequence[Track], wish: Wish, taste: Taste) -> list[Track]:
    return [
        track for track in tracks if track.id not in taste.refused and not (wish.is_dark and _not_on_dark_days(track))
    ]


def _not_on_dark_days(track: Track) -> bool:
    """Comic and exuberant music, by its mark or its place, and songs about death and despair."""
    return track.playful or track.heavy or (track.valence >= 0.4 and track.arousal >= 0.4)


def _pool(tracks: Sequence[Track], wish: Wish, taste: Taste, seed: int, wanted: Sequence[Point]) -> list[Track]:
    """One recording of each piece: the one with the best score at either end of the path."""

    def best(track: Track) -> tuple[float, bool]:
        score = max(_score(track, point, wish, taste, seed)[1] for point in (wanted[0], wanted[-1]))
        return score, track.evidence == "answered"

    recordings: dict[str, Track] = {}
    for track in sorted(_allowed(tracks, wish, taste), key=lambda track: track.id):
        rival = recordings.get(track.work)
        if rival is None or best(track) > best(rival):
            recordings[track.work] = track
    return list(recordings.values())


def _choice(track: Track, point: Point, wish: Wish, taste: Taste, seed: int) -> Choice:
    parts, score = _score(track, point, wish, taste, seed)
    return Choice(track, point, parts, score)


def _score(track: Track, point: Point, wish: Wish, taste: Taste, seed: int) -> tuple[dict[str, float], float]:
    parts = {
        "closeness": max(0.0, 1 - dist(track.place, point) / REACH),
        "taste": _liking(track, wish, taste),
        "helped": _clip(
            taste.helped.get(track.id, 0.0) + 0.5 * taste.helped_genres.get((wish.mood, wish.intent, track.genre), 0.0)
        ),
        "novelty": _novelty(taste.heard_days_ago.get(track.id)),
    }
    # Seeded by the track as well, so that removing one does not shuffle the others.
    shuffle = _SHUFFLE * random.Random(f"{seed} {track.id}").random()
    return parts, sum(WEIGHTS[name] * value for name, value in parts.items()) + shuffle


def _liking(track: Track, wish: Wish, taste: Taste) -> float:
    """The chosen genres weigh most; likes and skips are added."""
    chosen = 0.0
    if wish.genres:
        chosen = 1.0 if track.genre in wish.genres else -1.0
    learnt = (
        0.6 * taste.genres.get(track.genre, 0.0)
        + 0.4 * taste.makers.get(track.by_in("en"), 0.0)
        + 0.5 * taste.tracks.get(track.id, 0.0)
    )
    return _clip(chosen + learnt)


def _novelty(days: float | None) -> float:
    """0 for a track that the person never heard, else a penalty that fades with the days."""
    return 0.0 if days is None else -(0.5 ** (max(0.0, days) / _FRESH_AGAIN_DAYS))


def _clip(value: float) -> float:
    return max(-1.0, min(1.0, value))


def _best_in_order(scores: np.ndarray) -> list[int]:
    """For each row a column, columns strictly ascending, with the highest sum."""
    rows, columns = scores.shape
    total = np.full((rows, columns), -np.inf)
    came_from = np.zeros((rows, columns), dtype=int)
    total[0] = scores[0]
    for row in range(1, rows):
        best_so_far, best_place = -np.inf, -1
        for column in range(1, columns):
            if total[row - 1, column - 1] > best_so_far:
                best_so_far, best_place = total[row - 1, column - 1], column - 1
            total[row, column] = scores[row, column] + best_so_far
            came_from[row, column] = best_place
    picked = [int(np.argmax(total[-1]))]
    for row in range(rows - 1, 0, -1):
        picked.append(int(came_from[row, picked[-1]]))
    return picked[::-1]
