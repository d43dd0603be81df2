from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotions import EMOTIONS
from inference import mood_shares, prior
from inference.calibration import LEAST_SURE
from reading import Reading
from understanding import fusion
from understanding.fusion import SOURCES, Settings, fuse

HOW = Settings("test", {"voice": 0.6, "face": 0.7, "words": 0.8}, contradiction=0.6, margin=0.15, softness=0.3)
PRIOR = dict(zip(EMOTIONS, prior.PRIOR.tolist(), strict=True))


def reading(source: str, scores: dict[str, float], weight: float = 1.0, sure: bool = True) -> Reading:
    return Reading(scores, sure, {"weight": weight}, source, "test 1")


def leaning(emotion: str, by: float = 0.7) -> dict[str, float]:
    return {each: by + (1 - by) / 7 if each == emotion else (1 - by) / 7 for each in EMOTIONS}


def evidence(one: Reading) -> float:
    """How far a reading is from the prior (Kullback-Leibler divergence)."""
    scores = np.maximum([one.scores[emotion] for emotion in EMOTIONS], 1e-9)
    return float(np.sum(scores * np.log(scores / prior.PRIOR)))


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
    assert 0 <= fused.quality["doubt"] < 1


@given(st.lists(readings, min_size=1, max_size=6), st.randoms())
def test_order_does_not_matter(given_readings: list[Reading], random) -> None:
    shuffled = random.sample(given_readings, len(given_readings))
    assert close(fuse(given_readings, HOW), fuse(shuffled, HOW))


@given(readings, st.sampled_from(SOURCES))
def test_a_source_that_only_knows_the_prior_changes_nothing(one: Reading, source: str) -> None:
    if source != one.source:
        assert close(fuse([one, reading(source, PRIOR)], HOW), fuse([one], HOW))


@pytest.mark.parametrize("sources", [SOURCES[:1], SOURCES[:2], SOURCES])
def test_the_prior_counts_once(sources: tuple[str, ...]) -> None:
    assert close(fuse([reading(source, PRIOR) for source in sources], HOW), reading("words", PRIOR))


@given(readings)
def test_a_reading_with_itself_is_no_surer_than_alone(one: Reading) -> None:
    assert close(fuse([one, one], HOW), fuse([one], HOW))
    assert evidence(fuse([one], HOW)) <= evidence(one) + 1e-5


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
    assert fusion.contradict(split)
    assert not split.sure
    agreed = fuse([reading("voice", leaning("sadness", 0.9)), reading("words", leaning("sadness", 0.9))], HOW)
    assert not fusion.contradict(agreed)
    assert agreed.sure


def test_nobody_sure_means_not_sure() -> None:
    unsure = [reading(source, leaning("fear"), sure=False) for source in SOURCES]
    assert fuse(unsure, HOW).scores["fear"] > LEAST_SURE
    assert not fuse(unsure, HOW).sure


def test_a_low_score_is_not_sure_however_far_it_leads() -> None:
    faint = fuse([reading(source, leaning("fear", 0.03)) for source in SOURCES], replace(HOW, margin=0.0))
    assert max(faint.scores.values()) < LEAST_SURE
    assert not faint.sure


@pytest.mark.parametrize("known", [0.0, 0.03, 0.1])
def test_a_source_that_is_very_unsure_contradicts_nobody(known: float) -> None:
    unsure = {mood: (1 - known) * PRIOR[mood] + known * (mood == "sadness") for mood in EMOTIONS}
    fused = fuse([reading("face", leaning("happiness", 0.97)), reading("words", unsure)], HOW)
    assert not fusion.contradict(fused)
    assert fused.label == "happiness"


def test_what_hardly_counts_contradicts_nobody() -> None:
    noise = reading("voice", leaning("sadness", 0.97), weight=0.05)
    assert not fusion.contradict(fuse([reading("face", leaning("happiness", 0.97)), noise], HOW))


shipped_or_not = st.sampled_from([HOW, fusion.settings(fusion.SETTINGS)])


@given(st.lists(readings, min_size=2, max_size=3), st.lists(st.floats(-1, 1), min_size=7, max_size=7), shipped_or_not)
def test_a_tiny_change_of_the_evidence_changes_little(
    given_readings: list[Reading], change: list[float], how: Settings
) -> None:
    step = 1e-3
    first = given_readings[0]
    moved = np.array([first.scores[mood] for mood in EMOTIONS]) * np.exp(step * np.array(change))
    changed = replace(first, scores=dict(zip(EMOTIONS, (moved / moved.sum()).tolist(), strict=True)))
    before, after = fuse(given_readings, how), fuse([changed, *given_readings[1:]], how)
    for mood in EMOTIONS:
        assert abs(before.scores[mood] - after.scores[mood]) < 3 * step
    assert abs(before.quality["doubt"] - after.quality["doubt"]) < 5 * step


@pytest.mark.parametrize("how", [HOW, fusion.settings(fusion.SETTINGS)])
@pytest.mark.parametrize("first", ["happiness", "sadness"])
@pytest.mark.parametrize("second", ["anger", "neutral", "surprise"])
def test_being_sure_ends_before_the_contradiction_begins(how: Settings, first: str, second: str) -> None:
    """The words move from the mood of the face to another one, in 400 steps."""
    face = reading("face", leaning(first, 0.97))
    said = []
    for share in np.linspace(0, 1, 401):
        one, other = leaning(first, 0.97), leaning(second, 0.97)
        mixed = {mood: (one[mood] ** (1 - share)) * (other[mood] ** share) for mood in EMOTIONS}
        said.append(fuse([face, reading("words", {m: s / sum(mixed.values()) for m, s in mixed.items()})], how))
    tops = np.array([max(each.scores.values()) for each in said])
    assert np.abs(np.diff(tops)).max() < 0.03
    states = ["sure" if each.sure else "contradict" if fusion.contradict(each) else "unsure" for each in said]
    assert states[0] == "sure"
    assert states[-1] == "contradict"
    changes = [state for state, before in zip(states, [None, *states], strict=False) if state != before]
    assert changes == ["sure", "unsure", "contradict"]
    assert not any(each.sure and fusion.contradict(each) for each in said)
    assert max(tops[-1:]) < LEAST_SURE, "who contradicts each other leaves no mood likely"


def test_a_reading_stored_before_there_was_a_doubt_still_says_whether_it_contradicts() -> None:
    for apart, expected in ((0.9, True), (0.5, False)):
        stored = Reading(PRIOR, False, {"divergence": apart, "weight": 1.0}, "fusion", "fusion 1")
        assert fusion.contradict(stored) is expected


def test_settings_of_version_1_get_the_shipped_contradiction(tmp_path) -> None:
    file = tmp_path / "fusion.json"
    file.write_text('{"version": "1", "weights": {"voice": 0.2}, "contradiction": 0.8, "margin": 0.4}')
    mine, shipped = fusion.settings(file), fusion.settings(fusion.SETTINGS)
    assert mine.weights == {"voice": 0.2}
    assert (mine.contradiction, mine.softness, mine.margin) == (
        shipped.contradiction, shipped.softness, shipped.margin,
    )  # fmt: skip


def test_a_zero_is_no_veto() -> None:
    certain = {e: 1.0 if e == "anger" else 0.0 for e in EMOTIONS}
    others = [reading("face", leaning("sadness", 0.99)), reading("words", leaning("sadness", 0.99))]
    assert fuse([reading("voice", certain, weight=0.2), *others], HOW).label == "sadness"


def test_disagreement_is_nothing_where_one_knows_nothing() -> None:
    happy, sad = (np.array([leaning(mood, 0.97)[each] for each in EMOTIONS]) for mood in ("happiness", "sadness"))
    assert fusion.disagreement(happy, prior.PRIOR) == pytest.approx(0)
    assert fusion.disagreement(happy, happy) < -0.5
    assert fusion.disagreement(happy, sad) > 2
    assert fusion.disagreement(happy, sad) == fusion.disagreement(sad, happy)


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
    together = evidence(fuse([voice, words], how, share))
    alone = max(evidence(fuse([one], HOW)) for one in (voice, words))
    assert alone - 1e-9 <= together <= evidence(fuse([voice, words], HOW)) + 1e-9


def test_the_same_scores_from_sound_and_transcript_count_once() -> None:
    voice, words = reading("voice", leaning("sadness")), reading("words", leaning("sadness"))
    assert close(fuse([voice, words], OVERLAP, spoken_share=1.0), fuse([words], HOW))  # words weigh more
    half = fuse([voice, words], OVERLAP, spoken_share=0.5).scores["sadness"]
    assert fuse([words], HOW).scores["sadness"] < half < fuse([voice, words], HOW).scores["sadness"]


@given(distributions, shares)
def test_an_overlap_never_changes_the_order_of_the_evidence(scores: dict, share: float) -> None:
    scores = {emotion: float(score) / sum(scores.values()) for emotion, score in scores.items()}
    both = [reading(source, scores) for source in ("voice", "words")]
    before, after = (np.array(list(fuse(both, OVERLAP, part).scores.values())) / prior.PRIOR for part in (0.0, share))
    for one, other in combinations(range(len(EMOTIONS)), 2):
        assert (before[one] - before[other]) * (after[one] - after[other]) >= -1e-9


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


def test_own_mood_shares_count_once_whoever_speaks() -> None:
    own = mood_shares.learn(["sadness"] * 40)
    nothing_said = [reading(source, PRIOR) for source in SOURCES]
    for spoken in (nothing_said[:1], nothing_said[:2], nothing_said):
        fused = fuse(spoken, HOW, own=own)
        assert [fused.scores[emotion] for emotion in EMOTIONS] == pytest.approx(own.prior.tolist())
        assert fused.quality["disagreement"] == pytest.approx(0)
        assert fused.quality[fusion.OWN_ENTRIES] == 40
    assert fusion.OWN_ENTRIES not in fuse(nothing_said, HOW).quality


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("mood", EMOTIONS)
def test_a_diary_of_one_mood_does_not_outvote_a_clear_reading(source: str, mood: str) -> None:
    """With the shipped weights; a voice counts half, so it has to be clearer."""
    own = mood_shares.learn(["happiness" if mood != "happiness" else "sadness"] * 64)
    clear = leaning(mood, 0.99 if source == "voice" else 0.85)
    assert fuse([reading(source, clear)], own=own).label == mood
