"""The three prepared moments, read by the shipped models: a model that breaks one breaks the demo."""

from __future__ import annotations

import pytest

from demo.moments import AGREE, CONTRADICT, MOMENTS, WRONG, Moment
from inference.calibration import LEAST_SURE
from language import LANGUAGES
from understanding import fusion
from understanding.analyst import Analysis, Analyst, UserInput, in_place

pytestmark = pytest.mark.skipif(in_place() != set(fusion.SOURCES), reason="not all weights are in place")


@pytest.fixture(scope="module")
def models() -> Analyst:
    return Analyst.load()


def read(models: Analyst, moment: Moment, language: str) -> tuple[Analysis, dict[str, str]]:
    analysis = models.analyse(UserInput(recording=moment.sound, picture=moment.picture, note=moment.line[language]))
    return analysis, {source: reading.label for source, reading in analysis.readings.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_senses_agree_and_the_verdict_is_sure(models: Analyst, language: str) -> None:
    analysis, said = read(models, AGREE, language)
    assert said == dict.fromkeys(fusion.SOURCES, AGREE.mood)
    assert analysis.fused is not None
    assert analysis.fused.sure
    assert analysis.fused.label == AGREE.mood
    assert analysis.fused.scores[AGREE.mood] >= LEAST_SURE


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_senses_contradict_and_haru_asks(models: Analyst, language: str) -> None:
    analysis, said = read(models, CONTRADICT, language)
    assert said == {"face": "happiness", "voice": CONTRADICT.mood, "words": CONTRADICT.mood}
    assert analysis.fused is not None
    assert fusion.contradict(analysis.fused)
    assert not analysis.fused.sure


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_senses_are_taken_in_and_the_person_must_correct_them(models: Analyst, language: str) -> None:
    analysis, said = read(models, WRONG, language)
    assert said == dict.fromkeys(fusion.SOURCES, "happiness")
    assert analysis.fused is not None
    assert analysis.fused.sure
    assert analysis.fused.label == "happiness" != WRONG.mood


def test_the_recordings_are_small() -> None:
    sizes = [len(moment.sound) for moment in MOMENTS]
    assert max(sizes) < 60_000
