"""Choosing what to hear: a path over the valence/arousal plane, and the pieces that lie nearest to it.

Each piece is scored by four things that the page can say out loud: how close it lies to the wanted point, what this
person likes, what helped before, and how long ago it was heard. A small seeded shuffle decides between equals. Nothing
here claims to heal: in a randomised study (N = 193) playlists that went from a mood to its opposite did no better than
others, so the person chooses where to go.
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
"""How much more or less stirred than usual somebody likes their music, in arousal."""

Point = tuple[float, float]

CALM: Point = (0.5, -0.5)
JOY: Point = (0.75, 0.5)
WARMTH: Point = (0.55, -0.05)
"""Where *lift* leads on the darkest days in place of joy: brighter, but nothing that claps its hands."""

# The two moods that lie lowest in valence (Russell & Mehrabian, see emotions.py): fear and sadness. Anger and disgust
# are nearly as unpleasant, but in the same study they come with dominance above the middle, fear and sadness with
# dominance below it: these are the two in which a person feels least able to do anything.
DARKEST = tuple(sorted(EMOTIONS, key=lambda mood: BY_KEY[mood].valence)[:2])
HIGH_INTENSITY = 4

WEIGHTS = {"closeness": 1.0, "taste": 0.3, "helped": 0.25, "novelty": 0.3}
_SHUFFLE = 0.04
REACH = 1.2
"""A piece this far from the wanted point counts as not close at all; the plane is two wide."""
_FRESH_AGAIN_DAYS = 3.0
"""After this many days the cost of having just heard something has halved."""


@dataclass(frozen=True)
class Wish:
    """What a person wants to hear now."""

    mood: str
    intensity: int
    intent: str
    genres: frozenset[str] = frozenset()
    """Empty: any."""
    strength: str = "usual"

    @property
    def is_dark(self) -> bool:
        """One of the darkest moods, strongly: nothing playful is pushed, and help stands beside the player."""
        return self.mood in DARKEST and self.intensity >= HIGH_INTENSITY


@dataclass(frozen=True)
class Taste:
    """What is known of one person's liking, all of it from what they told. Values run from -1 to 1."""

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
    """Not for me; and what does not play where this person is."""


@dataclass(frozen=True)
class Choice:
    """A piece in a playlist, the point it stands for, and what spoke for it."""

    track: Track
    wanted: Point
    parts: Mapping[str, float]
    """The four terms, each before its weight."""
    score: float

    @property
    def reason(self) -> str:
        """What to say first: the strongest thing besides closeness, or closeness."""
        if self.parts["helped"] > 0.15:
            return "helped"
        if self.parts["taste"] > 0.15:
            return "taste"
        return "close" if self.parts["closeness"] >= 0.6 else "nearest"


def path(wish: Wish, length: int = LENGTH) -> list[Point]:
    """The wanted points: all in one place to match a mood, else in even steps from the mood to the goal."""
    start, goal = _ends(wish)
    steps = [place / (length - 1) for place in range(length)] if length > 1 else [1.0]
    return [_between(start, goal, step) for step in steps]


def playlist(
    tracks: Sequence[Track], wish: Wish, taste: Taste | None = None, seed: int = 0, length: int = LENGTH
) -> list[Choice]:
    """The best list that never repeats a piece and, on a path, never steps back from the goal.

    Found exactly: pieces are sorted by how far from the goal they are, and dynamic programming picks one for each
    wanted point, in that order, with the highest sum of scores.
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


def replacement(
    chosen: Sequence[Choice], place: int, tracks: Sequence[Track], wish: Wish, taste: Taste, seed: int = 0
) -> Choice | None:
    """The next choice for one place of a list; the others stay where they are.

    Another recording of the same piece comes first where there is one: it is what was wanted. What was refused is in
    `taste` already; on a path, the newcomer may not step back from the goal either.
    """
    gone = chosen[place]
    others = {choice.track.work for index, choice in enumerate(chosen) if index != place}
    allowed = [
        track for track in _allowed(tracks, wish, taste) if track.work not in others and track.id != gone.track.id
    ]
    if again := [track for track in allowed if track.work == gone.track.work]:
        allowed = again
    elif wish.intent != "match":
        goal = path(wish)[-1]
        before = dist(chosen[place - 1].track.place, goal) if place else float("inf")
        after = dist(chosen[place + 1].track.place, goal) if place + 1 < len(chosen) else 0.0
        between = [track for track in allowed if after <= dist(track.place, goal) <= before]
        allowed = between or allowed
    if not allowed:
        return None
    return max((_choice(track, gone.wanted, wish, taste, seed) for track in allowed), key=lambda choice: choice.score)


def serving(tracks: Sequence[Track], wish: Wish, reach: float = 0.45) -> list[Track]:
    """The pieces that lie within `reach` of some wanted point: what a catalogue holds for a mood and an intent."""
    wanted = path(wish)
    return [
        track for track in _allowed(tracks, wish, Taste()) if min(dist(track.place, point) for point in wanted) <= reach
    ]


def _ends(wish: Wish) -> tuple[Point, Point]:
    mood = BY_KEY[wish.mood]
    # A faint mood lies nearer to the middle of the plane than a strong one.
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
    """Comic and exuberant music, marked or by its place, and songs about death and despair."""
    return track.playful or track.heavy or (track.valence >= 0.4 and track.arousal >= 0.4)


def _pool(tracks: Sequence[Track], wish: Wish, taste: Taste, seed: int, wanted: Sequence[Point]) -> list[Track]:
    """One recording of each piece: the one that scores best anywhere on the path."""

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
    # Seeded by the piece as well, so that taking one away does not shuffle all the others.
    shuffle = _SHUFFLE * random.Random(f"{seed} {track.id}").random()
    return parts, sum(WEIGHTS[name] * value for name, value in parts.items()) + shuffle


def _liking(track: Track, wish: Wish, taste: Taste) -> float:
    """What was set by hand speaks loudest; what was learnt from likes and skips comes on top."""
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
    """Nothing for what was never heard, a cost that fades with the days for what was."""
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
