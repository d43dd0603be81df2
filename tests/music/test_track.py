from __future__ import annotations

from math import dist

import pytest

from emotions import EMOTIONS
from music import catalogue, recommend
from music.place import EIGHT
from music.recommend import INTENTS, Wish
from music.track import InvalidTrack, from_local_row

LOCAL = catalogue.load().of_kind("local")
ROW = {
    "file": "one.webm",
    "title": {"ko": "하나", "en": "One"},
    "composer": {"ko": "누구", "en": "Somebody"},
    "genre": "classical",
    "source": "a score",
    "licence": "public domain",
    "valence": 0.5,
    "arousal": -0.5,
    "seconds": 42.0,
}


def test_without_internet_there_is_something_for_every_mood_and_intent() -> None:
    assert len(LOCAL) >= 12
    for mood in EMOTIONS:
        for intent in INTENTS:
            chosen = recommend.playlist(LOCAL, Wish(mood, 3, intent))
            # Which one comes first is the path's business (a list moves steadily towards its goal); that one of them
            # lies where the mood is, is the collection's.
            start = recommend.path(Wish(mood, 3, intent))[0]
            assert len(chosen) == recommend.LENGTH
            assert min(dist(choice.track.place, start) for choice in chosen) < 0.5, (mood, intent)


def test_they_are_spread_over_the_whole_plane() -> None:
    quadrants = {(track.valence > 0, track.arousal > 0) for track in LOCAL}
    assert len(quadrants) == 4


def test_a_rendered_track_lies_mostly_where_it_was_meant() -> None:
    assert from_local_row(ROW).place == (0.5, -0.5)
    for meant, opposite in zip(EIGHT, EIGHT[4:] + EIGHT[:4], strict=True):
        placed, other = (from_local_row(ROW | {"meant": each}) for each in (meant, opposite))
        # 0.7 of the way apart, whatever the model said.
        assert dist(placed.place, other.place) == pytest.approx(2 * 0.7 * 0.7, abs=0.01), meant


def test_names_in_both_languages_and_a_fallback() -> None:
    track = from_local_row(ROW)
    assert (track.title_in("ko"), track.by_in("ko"), track.title_in("fr")) == ("하나", "누구", "One")
    assert (track.kind, track.name, track.seconds) == ("local", "one.webm", 42)


@pytest.mark.parametrize(
    "change",
    [
        {"file": "../one.webm"},
        {"file": ".hidden"},
        {"file": "a\\b"},
        {"meant": "boredom"},
        {"licence": ""},
        {"source": None},
        {"seconds": 0},
        {"composer": 3},
        {"valence": None},
    ],
)
def test_nonsense_is_named(change: dict) -> None:
    with pytest.raises(InvalidTrack):
        from_local_row(ROW | change)
