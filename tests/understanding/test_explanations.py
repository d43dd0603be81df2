"""Which source counted for the verdict, and which mood each part explains."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from emotions import EMOTIONS
from inference.prior import PRIOR
from reading import Reading
from ser.explain import Spectrogram, Times
from ser.moments import Moment, VoiceThere
from ser.usual import usual
from tests.understanding.fakes import HOW
from understanding import explanations, fusion
from understanding.analyst import Analysis, Analyst, UserInput
from understanding.explanations import Explanations, VoiceDifferences

DESCRIBED = {"loudness_db": -25.0, "syllables": 4.5, "pitch_hz": 200.0, "pitch_range": 7.0}


def reading(source: str, mood: str, lead: float, **quality: float) -> Reading:
    scores = {each: lead if each == mood else (1 - lead) / 6 for each in EMOTIONS}
    return Reading(scores, True, {"weight": 1.0, **quality}, source, "fake 1")


def analysis_of(*readings: Reading) -> Analysis:
    by_source = {each.source: each for each in readings}
    return Analysis(UserInput(note="x"), by_source, by_source, {}, fusion.fuse(list(readings)))


@pytest.fixture(autouse=True)
def how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusion, "settings", lambda: replace(HOW, contradiction=50.0))


NOBODY = Analyst(None, None, None)


def test_a_source_pulls_as_far_as_it_alone_would_move_the_prior() -> None:
    analysis = analysis_of(
        reading("voice", "sadness", 0.8), reading("face", "fear", 0.8), reading("words", "sadness", 0.4)
    )
    found = explanations.pulls(analysis, "sadness")
    assert found["voice"] > found["words"] > 0 > found["face"]
    alone = fusion.fuse([analysis.readings["words"]])
    assert found["words"] == pytest.approx(np.log(alone.scores["sadness"] / PRIOR[EMOTIONS.index("sadness")]))


@pytest.mark.parametrize(
    ("pulls", "strongest"),
    [
        ({"voice": 2.0, "words": 0.5}, ("voice",)),
        ({"voice": 2.0, "words": 1.9, "face": 0.1}, ("voice", "words")),
        ({"words": 2.0}, ()),  # alone it counted most, which nobody needs to be told
        ({"voice": -1.0, "words": -0.5}, ()),
        ({}, ()),
    ],
)
def test_which_source_counted_most(pulls: dict[str, float], strongest: tuple[str, ...]) -> None:
    assert Explanations("sadness", pulls=pulls).strongest == strongest


def test_a_voice_is_compared_with_the_persons_own_or_with_most_people() -> None:
    analysis = analysis_of(reading("voice", "sadness", 0.8, **(DESCRIBED | {"syllables": 7.0})))
    of_most = explanations.explain(NOBODY, analysis).sound
    of_own = explanations.explain(NOBODY, analysis, [DESCRIBED | {"syllables": 7.1}] * 12).sound
    assert (of_most.usual.is_own, of_most.outside) == (False, {"syllables": True})
    assert (of_own.usual.is_own, of_own.outside) == (True, {})
    assert explanations.explain(NOBODY, analysis_of(reading("voice", "sadness", 0.8))).sound is None


def test_in_a_contradiction_there_is_no_verdict_to_explain(monkeypatch: pytest.MonkeyPatch) -> None:
    analysis = analysis_of(reading("voice", "sadness", 0.9), reading("words", "happiness", 0.9))
    monkeypatch.setattr(fusion, "contradict", lambda fused: True)
    found = explanations.explain(NOBODY, analysis)
    assert (found.mood, found.pulls, found.strongest) == (None, {}, ())


def times(beside_rest: dict[str, bool] | None, **measured: float) -> Times:
    """An explanation whose moment sounds like this; None: it holds too little voice."""
    there = None if beside_rest is None else VoiceThere(beside_rest, measured)
    picture = Spectrogram(np.zeros((2, 3)), np.arange(3.0), np.array([100.0, 200.0]))
    moment = Moment(1.2, 1.9, 0.62, 0.41, there)
    return Times(picture, "sadness", np.arange(3.0), np.full(3, 1 / 3), np.zeros(3), moment, None)


@pytest.mark.parametrize(
    ("beside_rest", "measured", "whole", "expected"),
    [
        ({"pitch_hz": False}, {"pitch_hz": 120.0}, {}, {"pitch_hz": False}),
        ({}, {"pitch_hz": 120.0}, {}, {}),  # as the rest of the recording
        ({"pitch_hz": False}, {"pitch_hz": 195.0}, {}, {}),  # as usual
        ({"pitch_hz": False}, {"pitch_hz": 260.0}, {}, {}),  # lower than the rest, but higher than usual
        ({"pitch_hz": False}, {"pitch_hz": 120.0}, {"pitch_hz": False}, {}),  # the sentence before says it already
        ({"pitch_hz": False}, {"pitch_hz": 120.0}, {"pitch_hz": True}, {"pitch_hz": False}),
        (None, {}, {}, {}),
    ],
)
def test_a_moment_is_beside_the_usual_what_it_is_beside_the_rest(
    beside_rest: dict[str, bool] | None, measured: dict[str, float], whole: dict[str, bool], expected: dict[str, bool]
) -> None:
    sound = VoiceDifferences(whole, usual([DESCRIBED] * 12))
    found = Explanations("sadness", voice=times(beside_rest, **measured), sound=sound)
    assert found.moment_beside_usual == expected
    assert Explanations("sadness", voice=times({"pitch_hz": False}, pitch_hz=120.0)).moment_beside_usual == {}
