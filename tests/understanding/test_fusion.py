from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotions import EMOTIONS
from reading import Reading
from understanding import fusion
from understanding.fusion import SOURCES, Settings, fuse

HOW = Settings("test", {"voice": 0.6, "face": 0.7, "words": 0.8}, contradiction=0.4, margin=0.15)
EVEN = {emotion: 1 / 7 for emotion in EMOTIONS}


def reading(source: str, scores: dict[str, float], weight: float = 1.0, sure: bool = True) -> Reading:
    return Reading(scores, sure, {"weight": weight}, source, "test 1")


def leaning(emotion: str, by: float = 0.7) -> dict[str, float]:
    return {each: by + (1 - by) / 7 if each == emotion else (1 - by) / 7 for each in EMOTIONS}


def close(one: Reading, other: Reading) -> bool:
    return np.allclose([one.scores[e] for e in EMOTIONS], [other.scores[e] for e in EMOTIONS], atol=1e-6)


distributions = st.lists(st.floats(0, 1), min_size=7, max_size=7).map(
    lambda numbers: dict(zip(EMOTIONS, np.array(numbers) + 1e-3, strict=True))
)
readings = st.builds(
    lambda source, scores, weight, sure: reading(
        source, {e: float(s / sum(scores.values())) for e, s in scores.items()}, weight, sure
    ),
    st.sampled_from(SOURCES),
    distributions,
    st.floats(0, 1),
    st.booleans(),
)


@given(st.lists(readings, min_size=1, max_size=6))
def test_any_of_them_alone_or_together_is_a_valid_reading(given_readings: list[Reading]) -> None:
    fused = fuse(given_readings, HOW)
    assert fused.source == "fusion"
    assert abs(sum(fused.scores.values()) - 1) < 1e-6
    assert 0 <= fused.quality["divergence"] <= 1


@given(st.lists(readings, min_size=1, max_size=6), st.randoms())
def test_order_does_not_matter(given_readings: list[Reading], random) -> None:
    shuffled = random.sample(given_readings, len(given_readings))
    assert close(fuse(given_readings, HOW), fuse(shuffled, HOW))


@given(readings, st.sampled_from(SOURCES))
def test_a_uniform_modality_changes_nothing(one: Reading, source: str) -> None:
    if source != one.source:
        assert close(fuse([one, reading(source, EVEN)], HOW), fuse([one], HOW))


@given(readings)
def test_a_reading_with_itself_is_no_surer_than_alone(one: Reading) -> None:
    assert close(fuse([one, one], HOW), fuse([one], HOW))
    assert max(fuse([one], HOW).scores.values()) <= max(one.scores.values()) + 1e-5


@given(readings)
def test_worthless_input_has_no_say(one: Reading) -> None:
    worthless = reading("words" if one.source != "words" else "voice", leaning("disgust", 0.99), weight=0.0)
    assert close(fuse([one, worthless], HOW), fuse([one], HOW))


def test_two_that_agree_are_surer_than_either() -> None:
    voice, words = reading("voice", leaning("sadness", 0.5)), reading("words", leaning("sadness", 0.5))
    together = fuse([voice, words], HOW).scores["sadness"]
    assert together > max(fuse([voice], HOW).scores["sadness"], fuse([words], HOW).scores["sadness"])


def test_the_exponents_are_told() -> None:
    fused = fuse([reading("voice", leaning("anger"), weight=0.5), reading("face", leaning("anger"))], HOW)
    assert fused.quality["exponent_voice"] == pytest.approx(0.3)
    assert fused.quality["exponent_face"] == pytest.approx(0.7)
    assert "exponent_words" not in fused.quality


def test_contradiction_is_noticed_and_never_decided() -> None:
    split = fuse([reading("voice", leaning("happiness", 0.9)), reading("words", leaning("sadness", 0.9))], HOW)
    assert fusion.contradict(split, HOW)
    assert not split.sure
    agreed = fuse([reading("voice", leaning("sadness", 0.9)), reading("words", leaning("sadness", 0.9))], HOW)
    assert not fusion.contradict(agreed, HOW)
    assert agreed.sure


def test_nobody_sure_means_not_sure() -> None:
    unsure = [reading(source, leaning("fear"), sure=False) for source in SOURCES]
    assert not fuse(unsure, HOW).sure


def test_a_zero_is_no_veto() -> None:
    certain = {e: 1.0 if e == "anger" else 0.0 for e in EMOTIONS}
    others = [reading("face", leaning("sadness", 0.99)), reading("words", leaning("sadness", 0.99))]
    assert fuse([reading("voice", certain, weight=0.2), *others], HOW).label == "sadness"


def test_divergence_runs_from_the_same_to_nothing_in_common() -> None:
    one, other = np.eye(7)[0] + 1e-9, np.eye(7)[1] + 1e-9
    assert fusion.divergence(one / one.sum(), one / one.sum()) == pytest.approx(0)
    assert fusion.divergence(one / one.sum(), other / other.sum()) == pytest.approx(1, abs=1e-6)


OVERLAP = replace(HOW, overlap=1.0)
shares = st.floats(0, 1)


@given(st.lists(readings, min_size=1, max_size=6), shares)
def test_a_typed_note_is_fused_as_before(given_readings: list[Reading], known: float) -> None:
    how = replace(HOW, overlap=known)
    assert fuse(given_readings, how) == fuse(given_readings, HOW)
    assert fuse(given_readings, how, spoken_share=0.0) == fuse(given_readings, HOW)


@given(readings, readings, shares)
def test_only_voice_and_words_overlap(one: Reading, other: Reading, share: float) -> None:
    if {one.source, other.source} != {"voice", "words"}:
        assert close(fuse([one, other], OVERLAP, share), fuse([one, other], HOW))


@given(distributions, st.floats(0, 1), st.floats(0, 1), shares, shares)
def test_two_of_one_recording_that_agree_count_as_at_least_one_source_and_at_most_two(
    scores: dict, voice_weight: float, words_weight: float, known: float, share: float
) -> None:
    scores = {emotion: float(score) / sum(scores.values()) for emotion, score in scores.items()}
    voice, words = reading("voice", scores, voice_weight), reading("words", scores, words_weight)
    how = replace(HOW, overlap=known)
    together = max(fuse([voice, words], how, share).scores.values())
    alone = max(max(fuse([one], HOW).scores.values()) for one in (voice, words))
    assert alone - 1e-9 <= together <= max(fuse([voice, words], HOW).scores.values()) + 1e-9


def test_the_same_scores_from_sound_and_transcript_count_once() -> None:
    voice, words = reading("voice", leaning("sadness")), reading("words", leaning("sadness"))
    assert close(fuse([voice, words], OVERLAP, spoken_share=1.0), fuse([words], HOW))  # words weigh more
    half = fuse([voice, words], OVERLAP, spoken_share=0.5).scores["sadness"]
    assert fuse([words], HOW).scores["sadness"] < half < fuse([voice, words], HOW).scores["sadness"]


@given(distributions, distributions, shares)
def test_an_overlap_never_changes_the_order_of_the_moods(voice: dict, words: dict, share: float) -> None:
    both = [
        reading(source, {emotion: float(score) / sum(scores.values()) for emotion, score in scores.items()})
        for source, scores in (("voice", voice), ("words", words))
    ]
    before, after = (list(fuse(both, OVERLAP, part).scores.values()) for part in (0.0, share))
    for one, other in combinations(range(len(EMOTIONS)), 2):
        assert (before[one] - before[other]) * (after[one] - after[other]) >= -1e-12


def test_a_face_counts_for_more_beside_one_recording_than_beside_two_sources() -> None:
    said = [reading("voice", leaning("sadness")), reading("words", leaning("sadness"))]
    face = reading("face", leaning("happiness"))
    assert fuse([*said, face], HOW).label == "sadness"
    fused = fuse([*said, face], OVERLAP, spoken_share=1.0)
    assert fused.scores["happiness"] > fuse([*said, face], HOW).scores["happiness"]
    assert fused.quality["exponent_face"] == pytest.approx(0.7)
    assert fused.quality["overlap"] == 1.0
    assert fused.quality["exponent_voice"] + fused.quality["exponent_words"] == pytest.approx(0.8)


def test_a_little_more_of_the_note_spoken_changes_little() -> None:
    both = [reading("voice", leaning("sadness", 0.9)), reading("words", leaning("fear", 0.9))]
    tops = [max(fuse(both, OVERLAP, share).scores.values()) for share in np.linspace(0, 1, 101)]
    assert max(np.abs(np.diff(tops))) < 0.01


def test_there_must_be_something_to_fuse() -> None:
    with pytest.raises(ValueError, match="nothing"):
        fuse([], HOW)
