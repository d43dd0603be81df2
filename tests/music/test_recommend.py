from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import dist

from hypothesis import assume, given
from hypothesis import strategies as st

from emotions import EMOTIONS
from music import catalogue, recommend
from music.recommend import DARKEST, INTENTS, STRENGTHS, Choice, Taste, Wish
from music.track import GENRES, Track

TRACKS = catalogue.load().of_kind("youtube")
TASTES = {
    "nobody yet": Taste(),
    "likes rock": Taste(genres={"rock": 0.8}, makers={"Queen": 0.9}),
    "likes nothing": Taste(genres=dict.fromkeys(GENRES, -1.0)),
    "heard it all": Taste(heard_days_ago={track.id: 0.1 for track in TRACKS}),
    "refused most": Taste(refused=frozenset(track.id for track in TRACKS[10:])),
    "was helped": Taste(helped={track.id: 1.0 for track in TRACKS[::3]}),
}


tastes = st.sampled_from(sorted(TASTES)).map(TASTES.__getitem__)
moods = st.sampled_from(EMOTIONS)
wishes = st.builds(
    Wish,
    mood=moods,
    intensity=st.integers(1, 5),
    intent=st.sampled_from(INTENTS),
    genres=st.frozensets(st.sampled_from(GENRES), max_size=3),
    strength=st.sampled_from(sorted(STRENGTHS)),
)
places = st.integers(0, recommend.LENGTH - 1)


def distances(choices: list[Choice], wish: Wish) -> list[float]:
    goal = recommend.path(wish)[-1]
    return [dist(choice.track.place, goal) for choice in choices]


def never_moves_away(way: list[float]) -> bool:
    return all(later <= earlier + 1e-6 for earlier, later in pairwise(way))


@given(wishes, tastes)
def test_a_list_for_everyone_that_never_repeats(wish: Wish, taste: Taste) -> None:
    chosen = recommend.playlist(TRACKS, wish, taste)
    assert chosen
    works = [choice.track.work for choice in chosen]
    assert len(set(works)) == len(works)
    assert not {choice.track.id for choice in chosen} & taste.refused


@given(wishes, tastes)
def test_a_path_moves_towards_its_goal_with_every_step(wish: Wish, taste: Taste) -> None:
    assume(wish.intent != "match")
    wanted = recommend.path(wish)
    way = [dist(point, wanted[-1]) for point in wanted]
    assert all(later < earlier for earlier, later in pairwise(way))
    assert never_moves_away(distances(recommend.playlist(TRACKS, wish, taste), wish))


@given(moods)
def test_where_the_paths_lead(mood: str) -> None:
    start = recommend.path(Wish(mood, 3, "match"))
    assert len(set(start)) == 1
    assert recommend.path(Wish(mood, 3, "ease"))[-1] == recommend.CALM
    assert recommend.path(Wish(mood, 3, "lift"))[-1] == recommend.JOY
    assert recommend.path(Wish(mood, 3, "ease"))[0] == start[0]


def test_a_weak_mood_starts_nearer_to_the_middle() -> None:
    weak, strong = (recommend.path(Wish("anger", intensity, "match"))[0] for intensity in (1, 5))
    assert dist(weak, (0, 0)) < dist(strong, (0, 0))


def test_the_first_piece_is_where_the_mood_is_and_the_last_where_the_goal_is() -> None:
    wish = Wish("anger", 4, "ease")
    chosen = recommend.playlist(TRACKS, wish)
    wanted = recommend.path(wish)
    assert dist(chosen[0].track.place, wanted[0]) < 0.3
    assert dist(chosen[-1].track.place, wanted[-1]) < 0.3


def test_the_best_in_order_is_really_the_best() -> None:
    """Against trying everything."""
    from itertools import combinations

    import numpy as np

    scores = np.random.default_rng(7).random((4, 9))
    best = max(combinations(range(9), 4), key=lambda columns: sum(scores[row, c] for row, c in enumerate(columns)))
    assert tuple(recommend._best_in_order(scores)) == best


def test_the_same_seed_gives_the_same_list_and_another_seed_another() -> None:
    wish = Wish("happiness", 3, "match")
    lists = [[choice.track.id for choice in recommend.playlist(TRACKS, wish, seed=seed)] for seed in (1, 1, 2, 3, 4)]
    assert lists[0] == lists[1]
    assert any(other != lists[0] for other in lists[2:])


def _rank(track: Track, wish: Wish, taste: Taste) -> int:
    point = recommend.path(wish)[0]
    scores = sorted(TRACKS, key=lambda each: -recommend._score(each, point, wish, taste, 0)[1])
    return scores.index(track)


def test_after_ten_likes_the_ranking_moves_as_it_should() -> None:
    wish = Wish("surprise", 3, "match")
    # What diary/music_feedback.py makes of ten likes (tests/diary/test_music_feedback.py): most of the way to one.
    liking = Taste(genres={"electronic": 10 / 14})
    electronic = [track for track in TRACKS if track.genre == "electronic"]
    others = [track for track in TRACKS if track.genre != "electronic"]
    assert all(_rank(track, wish, liking) <= _rank(track, wish, Taste()) for track in electronic)
    assert sum(_rank(track, wish, liking) for track in electronic) < sum(_rank(t, wish, Taste()) for t in electronic)
    # The others keep their order among themselves.
    before = sorted(others, key=lambda track: _rank(track, wish, Taste()))
    assert before == sorted(others, key=lambda track: _rank(track, wish, liking))

    # And the list itself holds more of what is liked.
    def count(taste: Taste) -> int:
        return sum(choice.track.genre == "electronic" for choice in recommend.playlist(TRACKS, wish, taste))

    assert count(liking) > count(Taste())


def test_a_chosen_genre_fills_the_list_where_it_can() -> None:
    chosen = recommend.playlist(TRACKS, Wish("happiness", 3, "match", frozenset({"korean"})))
    assert all(choice.track.genre == "korean" and choice.reason == "taste" for choice in chosen)


def test_what_helped_comes_up_and_what_was_just_heard_goes_down() -> None:
    wish = Wish("anger", 3, "ease")
    track = recommend.playlist(TRACKS, wish)[2].track
    point = recommend.path(wish)[2]

    def score(**facts) -> float:
        return recommend._score(track, point, wish, Taste(**facts), 0)[1]

    assert score(helped={track.id: 1.0}) > score() > score(helped={track.id: -1.0})
    assert score(helped_genres={("anger", "ease", track.genre): 1.0}) > score()
    assert score(helped_genres={("anger", "lift", track.genre): 1.0}) == score()
    assert score(heard_days_ago={track.id: 0}) < score(heard_days_ago={track.id: 10}) < score()


def test_the_terms_add_up_to_the_score() -> None:
    taste = TASTES["likes rock"]
    for choice in recommend.playlist(TRACKS, Wish("anger", 3, "lift"), taste):
        weighted = sum(recommend.WEIGHTS[name] * value for name, value in choice.parts.items())
        assert 0 <= choice.score - weighted <= 0.04


def test_softer_and_stronger_music() -> None:
    def arousal(strength: str) -> float:
        chosen = recommend.playlist(TRACKS, Wish("neutral", 3, "lift", strength=strength))
        return sum(choice.track.arousal for choice in chosen)

    assert arousal("soft") < arousal("usual") < arousal("strong")


class TestDarkDays:
    def test_the_two_darkest_are_the_lowest_in_valence(self) -> None:
        assert set(DARKEST) == {"fear", "sadness"}

    @given(wishes, st.sampled_from(DARKEST), st.integers(4, 5), places)
    def test_nothing_playful_is_recommended(self, wish: Wish, mood: str, intensity: int, place: int) -> None:
        wish = replace(wish, mood=mood, intensity=intensity)
        assert wish.is_dark
        fond = Taste(tracks={track.id: 1.0 for track in TRACKS if track.playful})
        chosen = recommend.playlist(TRACKS, wish, fond)
        assert len(chosen) == recommend.LENGTH
        instead = recommend.replacement(chosen, place, TRACKS, wish, fond)
        assert instead
        for choice in (*chosen, instead):
            assert not choice.track.playful
            assert not choice.track.heavy
            assert choice.track.valence < 0.4 or choice.track.arousal < 0.4

    @given(st.sampled_from(DARKEST), st.integers(1, 3))
    def test_a_weak_one_is_like_any_other_day(self, mood: str, intensity: int) -> None:
        assert not Wish(mood, intensity, "lift").is_dark
        assert recommend.path(Wish(mood, intensity, "lift"))[-1] == recommend.JOY

    def test_joy_is_not_where_it_leads_then(self) -> None:
        assert recommend.path(Wish("sadness", 5, "lift"))[-1] == recommend.WARMTH
        assert not Wish("anger", 5, "lift").is_dark


class TestReplacement:
    WISH = Wish("anger", 3, "ease")

    def test_another_recording_of_the_same_piece_comes_first(self) -> None:
        chosen = recommend.playlist([t for t in TRACKS if t.work in ("clair_de_lune", "nocturne_2")], self.WISH)
        gone = chosen[-1].track
        after = recommend.replacement(chosen, len(chosen) - 1, TRACKS, self.WISH, Taste(refused=frozenset({gone.id})))
        assert after
        assert after.track.work == gone.work
        assert after.track.id != gone.id

    @given(wishes, places)
    def test_a_replaced_track_leaves_a_path_that_moves_towards_its_goal(self, wish: Wish, place: int) -> None:
        assume(wish.intent != "match")
        chosen = recommend.playlist(TRACKS, wish)
        refused = frozenset(track.id for track in TRACKS if track.work == chosen[place].track.work)
        instead = recommend.replacement(chosen, place, TRACKS, wish, Taste(refused=refused))
        assert instead
        mended = [*chosen[:place], instead, *chosen[place + 1 :]]
        assert len({choice.track.work for choice in mended}) == len(mended)
        others = {choice.track.work for choice in mended if choice is not instead}
        unused = [
            track for track in recommend._allowed(TRACKS, wish, Taste(refused=refused)) if track.work not in others
        ]
        before, after = [float("inf"), *distances(chosen, wish), 0.0][place : place + 3 : 2]
        # Where no unused track lies between the neighbours, any of them may come instead.
        is_possible = any(after <= dist(track.place, recommend.path(wish)[-1]) <= before for track in unused)
        assert never_moves_away(distances(mended, wish)) or not is_possible

    def test_when_nothing_is_left_it_says_so(self) -> None:
        chosen = recommend.playlist(TRACKS, self.WISH)
        only = [choice.track for choice in chosen]
        assert recommend.replacement(chosen, 0, only, self.WISH, Taste()) is None


def test_with_nothing_to_choose_from_the_list_is_empty() -> None:
    assert recommend.playlist([], Wish("anger", 3, "ease")) == []
    assert len(recommend.playlist([TRACKS[0], TRACKS[2]], Wish("anger", 3, "ease"))) == 2
