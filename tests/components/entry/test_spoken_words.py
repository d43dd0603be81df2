from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from components.entry.spoken_words import SpokenWord, words_of
from language import say
from tests.understanding.transcripts import transcript


def page() -> None:
    from components.entry.spoken_words import Mark, SpokenWord, spoken_words
    from tests.sounds import spoken

    words = [
        SpokenWord("What", 0.0, 0.4),
        SpokenWord("\nheavy", 0.5, 0.9, unsure=True, mark=Mark("#4F95DA", 0.8, "for Sadness", "\ue6a6")),
        SpokenWord(" (typed)"),
    ]
    spoken_words(spoken(), "audio/wav", words, "one")
    spoken_words(spoken(1.0), "audio/wav", [SpokenWord("typed")], "two")


def test_the_player_stands_above_the_words() -> None:
    app = AppTest.from_function(page)
    app.session_state["language"] = "en"
    app.run()
    assert not app.exception
    assert len(app.get("audio")) == 2
    first, second = (json.loads(found.proto.json) for found in app.get("bidi_component"))
    assert first["words"] == [
        {"text": "What", "start": 0.0, "end": 0.4},
        {
            "text": "heavy",
            "before": "\n",
            "start": 0.5,
            "end": 0.9,
            "unsure": True,
            "mark": {"colour": "#4F95DA", "weight": 0.8, "label": "for Sadness", "face": "\ue6a6", "against": False},
        },
        {"text": "(typed)", "before": " "},
    ]
    assert second["words"] == [{"text": "typed"}]
    (hint,) = app.caption  # where no word was spoken, none can be tapped
    assert hint.value == f"{say('en', 'spoken.how')} {say('en', 'spoken.dotted')}"


def test_all_words_of_a_transcript() -> None:
    said = transcript("What a day.", probability=0.4)
    assert words_of(said) == [
        SpokenWord("What", 0.0, 0.5, unsure=True),
        SpokenWord(" a", 0.5, 1.0, unsure=True),
        SpokenWord(" day.", 1.0, 1.5, unsure=True),
    ]
