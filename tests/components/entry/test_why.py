"""*Why* of a note that was said in a recording, with the shipped model of words."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from components import recognisers
from language import say
from tests.sounds import spoken
from tests.understanding.fakes import HOW, Fake, reading
from tests.understanding.transcripts import transcript
from understanding import fusion
from understanding.analyst import Analyst, UserInput
from words import predict

SAID = transcript("What a sad day.", "I am so lonely.")


def page() -> None:
    import streamlit as st

    from components.entry.why import why

    why(st.session_state["analysis"], "form")


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

    def why_of(**given: object) -> AppTest:
        offered = UserInput(**({"recording": spoken(), "note": SAID.text, "transcript": SAID} | given))
        app = AppTest.from_function(page, default_timeout=60)
        app.session_state["analysis"] = analyst.analyse(offered)
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
    assert app.markdown[0].value == f"**{say('en', 'why.said')}**"
    words = words_of(app)
    assert "".join(word.get("before", "") + word["text"] for word in words) == SAID.text
    assert [word["start"] for word in words] == [0.0, 0.5, 1.0, 1.5, 3.0, 3.5, 4.0, 4.5]
    assert not app.get("html")  # the sentence is not there twice
    assert say("en", "why.words") in captions(app)
    assert say("en", "why.overlap") in captions(app)


def test_the_words_have_the_marks_of_a_typed_note(shown) -> None:
    typed = shown(transcript=None).get("html")[0].proto.body
    marks = re.findall(r'<mark title="([^"]+)"[^>]*>([^<]+)</mark>', typed)
    assert ("Sadness 100%", "sad") in marks
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
