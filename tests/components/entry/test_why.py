"""*Why* of a note that was said in a recording, with the shipped model of words."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components import recognisers
from emotions import EMOTIONS
from fer.explain import FaceExplanation
from language import say
from reading import Reading
from ser.explain import Spectrogram, Times
from ser.moments import Moment, VoiceThere
from ser.usual import usual
from tests.sounds import spoken
from tests.understanding.fakes import HOW, Fake, face_reading, reading
from tests.understanding.transcripts import transcript
from understanding import explanations, fusion
from understanding.analyst import Analysis, Analyst, UserInput
from understanding.explanations import Explanations, VoiceDifferences
from words import predict

SAID = transcript("What a sad day.", "I am so lonely.")


def page() -> None:
    import streamlit as st

    from components.entry.why import why

    why(st.session_state["analysis"], "form", lambda: st.session_state["earlier"])


@pytest.fixture(scope="module")
def analyst() -> Analyst:
    if not predict.has_weights():
        pytest.skip("no weights for words")
    return Analyst(Fake(reading("voice", "sadness")), None, predict.load())


@pytest.fixture
def shown(analyst: Analyst, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recognisers, "_analyst", lambda: analyst)
    monkeypatch.setattr(fusion, "settings", lambda: replace(HOW, overlap=0.5))
    monkeypatch.setattr("understanding.explanations.can_explain", lambda voice: False)

    def why_of(voice: Reading | None = None, earlier: list = (), **given: object) -> AppTest:
        analyst.voice.answer = voice or reading("voice", "sadness")
        offered = UserInput(**({"recording": spoken(), "note": SAID.text, "transcript": SAID} | given))
        app = AppTest.from_function(page, default_timeout=60)
        app.session_state["analysis"] = analyst.analyse(offered)
        app.session_state["earlier"] = earlier
        app.session_state["language"] = "en"
        app.run()
        assert not app.exception
        return app

    return why_of


def words_of(app: AppTest) -> list[dict]:
    (component,) = app.get("bidi_component")
    return json.loads(component.proto.json)["words"]


def captions(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption]


def test_the_sentence_stands_below_its_sound_and_every_spoken_word_can_be_heard(shown) -> None:
    app = shown()
    assert len(app.get("audio")) == 1
    assert f"**{say('en', 'why.said')}**" in [said.value for said in app.markdown]
    words = words_of(app)
    assert "".join(word.get("before", "") + word["text"] for word in words) == SAID.text
    assert [word["start"] for word in words] == [0.0, 0.5, 1.0, 1.5, 3.0, 3.5, 4.0, 4.5]
    assert not app.get("html")  # the sentence is not there twice
    assert say("en", "why.words", mood="\ue6a6\xa0Sadness") in captions(app)
    assert say("en", "why.overlap") in captions(app)


def test_the_words_have_the_marks_of_a_typed_note(shown) -> None:
    typed = shown(transcript=None).get("html")[0].proto.body
    marks = re.findall(r'<mark [^>]*title="([^"]+)"[^>]*>([^<]+)</mark>', typed)
    assert ("for Sadness", "sad") in marks
    spoken_marks = [(word["mark"]["label"], word["text"].strip(".")) for word in words_of(shown()) if "mark" in word]
    assert spoken_marks == marks


def test_a_typed_word_is_shown_and_a_mended_one_can_be_heard(shown) -> None:
    words = words_of(shown(note="Monday: What a sad dayy. I am so lonely. 😢"))
    assert [word["text"] for word in words if "start" not in word] == ["Monday:", "😢"]
    assert next(word["start"] for word in words if word["text"] == "dayy.") == 1.5


def test_unsure_words_are_marked(shown) -> None:
    words = words_of(shown(transcript=transcript("What a sad day.", probability=0.3)))
    assert [word["text"] for word in words if word.get("unsure")] == ["What", "a", "sad", "day."]


@pytest.mark.parametrize(
    "given",
    [
        {"transcript": None},
        {"recording": None},  # it did not survive a reload
        {"note": "Quite another thing, and a good one"},
        {"recording": b"no sound"},
    ],
)
def test_a_note_that_cannot_be_heard_is_shown_as_before(shown, given: dict) -> None:
    app = shown(**given)
    assert not app.get("bidi_component")
    assert not app.get("audio")
    (html,) = app.get("html")
    assert "<mark" in html.proto.body
    assert say("en", "why.overlap") not in captions(app)


def voice_saying(mood: str, lead: float = 0.94, **quality: float) -> Reading:
    scores = {emotion: lead if emotion == mood else (1 - lead) / 6 for emotion in EMOTIONS}
    return Reading(scores, True, {"weight": 1.0, **quality}, "voice", "fake 1")


USUAL = {"loudness_db": -25.0, "syllables": 4.5, "pitch_hz": 200.0, "pitch_range": 7.0}


def test_the_thickest_line_is_under_a_word_that_spoke_for_the_verdict(shown) -> None:
    """The words alone say happiness, the verdict surprise: a word that made the words happy spoke against it."""
    app = shown(
        note="I was delighted to see my friends. What a surprise, wow!", recording=spoken(), transcript=None,
        voice=voice_saying("surprise"),
    )  # fmt: skip
    fused = app.session_state["analysis"].fused
    assert fused.label == "surprise"
    marks = re.findall(
        r'<mark class="(for|against)" title="([^"]+)" style="--mood:[^;]+;--weight:([0-9.]+)">([^<]+)', typed_note(app)
    )
    assert {kind for kind, *_ in marks} == {"for", "against"}
    by_word = {word: (kind, title) for kind, title, _, word in marks}
    assert by_word["surprise"] == ("for", "for Surprise")
    assert by_word["delighted"] == ("against", "against Surprise, rather for Happiness")
    # Only a word that spoke for the verdict has a solid line.
    assert all("against" in title for kind, title, *_ in marks if kind == "against")


def test_words_that_say_another_mood_than_the_verdict_are_named(shown, monkeypatch: pytest.MonkeyPatch) -> None:
    how = replace(HOW, contradiction=50.0, weights={"voice": 1.0, "words": 0.3})  # no doubt, and a faint note
    monkeypatch.setattr(fusion, "settings", lambda: how)
    app = shown(note="We had lunch, it was nice", transcript=None, voice=voice_saying("sadness", 0.999))
    analysis = app.session_state["analysis"]
    assert (analysis.fused.label, analysis.readings["words"].label) == ("sadness", "happiness")
    said = markdown(app)
    assert say("en", "why.words_differs", own="\ue6a0\xa0Happiness", mood="\ue6a6\xa0Sadness") in said
    assert say("en", "why.most", sources="Your voice") in said


@pytest.mark.parametrize(
    ("quality", "earlier", "sentence"),
    [
        ({"syllables": 6.5, "pitch_hz": 150.0}, 12, "You spoke faster and in a lower voice than you usually do."),
        ({"loudness_db": -15.0}, 12, "You spoke louder than you usually do."),
        ({}, 12, "Loudness, speed and pitch were as usual for you."),
        ({"syllables": 6.5, "loudness_db": -5.0}, 9, "You spoke faster than most people."),
        ({"pitch_range": 2.0}, 0, "You spoke with fewer ups and downs than most people."),
        ({}, 0, "Speed and pitch were as with most people."),
    ],
)
def test_how_the_voice_differs_is_said_first(shown, quality: dict, earlier: int, sentence: str) -> None:
    app = shown(voice=voice_saying("sadness", **(USUAL | quality)), earlier=[USUAL] * earlier)
    assert sentence in markdown(app)
    key = "why.no_proof" if earlier >= 10 else "why.no_proof_yet"
    assert say("en", key) in captions(app)
    assert not app.get("plotly_chart")


def test_a_reading_from_before_these_numbers_has_no_such_sentence(shown) -> None:
    said = " ".join(markdown(shown(earlier=[USUAL] * 20)))
    assert "You spoke" not in said
    assert "as usual" not in said


def test_in_a_contradiction_nothing_counted_most(shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusion, "settings", lambda: replace(HOW, contradiction=0.3))
    app = shown(note="We laughed so much, a wonderful happy day", transcript=None, voice=voice_saying("sadness", 0.99))
    assert not any("counted" in said or "would be closer" in said for said in markdown(app))
    assert say("en", "why.words", mood="\ue6a0\xa0Happiness") in captions(app)  # each source explains its own


@pytest.mark.parametrize(("movement", "is_said"), [(0.6, True), (0.1, False), (None, False)])
def test_a_mouth_that_speaks_is_named(monkeypatch: pytest.MonkeyPatch, movement: float | None, is_said: bool) -> None:
    quality = {"weight": 1.0} | ({} if movement is None else {"mouth_movement": movement})
    read = replace(face_reading("surprise"), quality=quality)
    heat = np.zeros((48, 48))
    explained = Explanations("surprise", face=FaceExplanation("surprise", heat, {"alexnet": heat}))
    monkeypatch.setattr(explanations, "explain", lambda *_: explained)
    monkeypatch.setattr(recognisers, "_analyst", lambda: Analyst(None, None, None))
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["analysis"] = Analysis(UserInput(picture=b"x"), {"face": read}, {"face": read}, {}, None)
    app.session_state["earlier"], app.session_state["language"] = [], "en"
    app.run()
    assert not app.exception
    assert (say("en", "why.mouth_moved") in captions(app)) == is_said


LOWER = {"pitch_hz": False, "loudness_db": False}
"""A moment that is lower and quieter than the rest, and lower than usual."""


@pytest.fixture
def voice_only(monkeypatch: pytest.MonkeyPatch):
    def why_of(
        beside_rest: dict[str, bool] | None = LOWER, moment: bool = True, looked: tuple[float, float] | None = None,
        language: str = "en", seconds: float = 4.0, corrected: bool = False, usual_of: int = 12, pause: bool = False,
    ) -> AppTest:  # fmt: skip
        there = None if beside_rest is None else VoiceThere(beside_rest, {"pitch_hz": 120.0, "loudness_db": -26.0})
        count = 50
        picture = Spectrogram(np.zeros((4, count)), np.arange(count) / 25, np.array([100.0, 200.0, 1000.0, 5000.0]))
        times = Times(
            picture, "sadness", np.arange(count) / 25, np.full(count, 1 / count), np.linspace(-1, 1, count),
            Moment(1.24, 1.88, 0.62, 0.41, there, pause) if moment else None, looked,
        )  # fmt: skip
        explained = Explanations("sadness", voice=times, sound=VoiceDifferences({}, usual([USUAL] * usual_of)))
        monkeypatch.setattr(explanations, "explain", lambda *_: explained)
        monkeypatch.setattr(recognisers, "_analyst", lambda: Analyst(None, None, None))
        raw = voice_saying("sadness", 0.62, seconds=seconds)
        shown = voice_saying("sadness", 0.7) if corrected else raw
        app = AppTest.from_function(page, default_timeout=60)
        app.session_state["analysis"] = Analysis(UserInput(recording=b"x"), {"voice": raw}, {"voice": shown}, {}, None)
        app.session_state["earlier"], app.session_state["language"] = [], language
        app.run()
        assert not app.exception
        return app

    return why_of


def test_the_moment_that_spoke_most_is_said(voice_only) -> None:
    (said,) = [said for said in markdown(voice_only()) if "spoke most" in said]
    assert said == (
        "1.2\u2060–\u20601.9\xa0s spoke most for \ue6a6\xa0Sadness. Without that moment, your voice's score for "
        "\ue6a6\xa0Sadness would fall from 62% to 41%. "
        "There you spoke in a lower voice and more quietly than in the rest of the recording. "
        "There you also spoke in a lower voice than you usually do."
    )
    (said,) = [said for said in markdown(voice_only(language="ko")) if "작용한 순간" in said]
    assert said == (
        "\ue6a6\xa0슬픔 쪽으로 가장 크게 작용한 순간은 1.2\u2060–\u20601.9초예요. "
        "이 순간을 빼면 목소리의 \ue6a6\xa0슬픔 점수가 62%에서 41%로 낮아져요. "
        "이때는 녹음의 다른 부분보다 더 낮은 목소리로, 더 작게 말했어요. "
        "평소와 비교해도 이때는 더 낮은 목소리로 말했어요."
    )


@pytest.mark.parametrize(
    ("given", "expected", "unexpected"),
    [
        ({"moment": False}, ["No single moment stood out for \ue6a6\xa0Sadness."], ["There", "looked"]),
        ({"beside_rest": {}}, ["Loudness and pitch were about the same there as in the rest."], ["There you"]),
        ({"beside_rest": None}, ["41%."], ["there as", "There"]),
        ({"usual_of": 0}, ["than in the rest"], ["There you also"]),  # nobody knows the pitch that is usual here
        ({"looked": (1.6, 2.1)}, ["The model also looked there most."], []),
        ({"pause": True}, ["There is little voice in it."], ["There you spoke", "about the same there"]),
        ({"looked": (0.2, 0.7)}, ["The model looked most at 0.2\u2060–\u20600.7\xa0s."], ["also looked"]),
        ({"moment": False, "looked": (0.2, 0.7)}, ["The model looked most at 0.2\u2060–\u20600.7\xa0s."], []),
    ],
)
def test_a_moment_is_said_as_far_as_it_is_known(voice_only, given: dict, expected: list[str], unexpected: list) -> None:
    said = " ".join(markdown(voice_only(**given)))
    assert all(part in said for part in expected)
    assert not any(part in said for part in unexpected)


@pytest.mark.parametrize(
    ("given", "key", "is_said"),
    [
        ({"seconds": 12.0}, "why.first_ten_seconds", True),
        ({"seconds": 9.0}, "why.first_ten_seconds", False),
        ({"corrected": True}, "why.before_corrections", True),
        ({"corrected": True, "moment": False}, "why.before_corrections", False),  # there are no percentages
        ({}, "why.before_corrections", False),
    ],
)
def test_what_the_percentages_leave_out_is_said(voice_only, given: dict, key: str, is_said: bool) -> None:
    assert any(say("en", key) in caption for caption in captions(voice_only(**given))) == is_said


def test_the_picture_of_the_sound_comes_on_request(voice_only) -> None:
    app = voice_only()
    assert not app.get("plotly_chart")
    app.toggle[0].set_value(True).run()
    assert not app.exception
    (chart,) = app.get("plotly_chart")
    for key in ("why.attention", "why.without"):
        assert say("en", key) in chart.proto.spec
    assert say("en", "why.times", mood="\ue6a6\xa0Sadness") in captions(app)


def typed_note(app: AppTest) -> str:
    return next(html.proto.body for html in app.get("html") if "haru-why-words" in html.proto.body)


def markdown(app: AppTest) -> list[str]:
    return [said.value for said in app.markdown]
