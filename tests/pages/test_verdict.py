"""What the card of an analysis says, and what its buttons do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from diary import entries
from emotions import EMOTIONS
from reading import Reading
from tests.pages.conftest import Visit
from tests.pages.today_form import allow, card_buttons, form, words_say
from tests.sounds import spoken
from tests.understanding.fakes import analyst_of, reading
from understanding import fusion


def read_line(there: Visit) -> Visit:
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    there.expect_calm()
    return there


def test_one_press_agrees_and_keeps(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    made.words.answer = words_say(True, sadness=0.9, fear=0.05, anger=0.03)
    models_are(made)
    there = read_line(visit())
    assert card_buttons(there) == ["That's it, keep", "\ue6a3\xa0Fear", "\ue6a5\xa0Anger", "Another mood"]
    there.press("verdict.keep")
    there.expect_calm()
    (kept,) = entries.every(there.session)
    assert (kept.mood, kept.note, kept.source) == ("sadness", "a heavy day", "words")
    assert not card_buttons(there)  # a new form
    there.app.run()
    assert entries.count(there.session) == 1


def test_another_likely_mood_is_the_persons_choice_and_keeps_nothing(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    made = analyst_of()
    made.words.answer = words_say(True, sadness=0.9, fear=0.05, anger=0.03)
    models_are(made)
    there = read_line(visit())
    there.press_key(f"verdict_mood_0_{form(there)}")
    assert there.app.button_group[0].value == "fear"
    assert entries.count(there.session) == 0
    there.press("analyse.button")  # a new reading of the same line does not take the choice back
    assert there.app.button_group[0].value == "fear"
    there.press("entry.save")
    assert [entry.mood for entry in entries.every(there.session)] == ["fear"]


def test_another_mood_takes_the_suggestion_back_but_not_a_choice(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = read_line(visit())
    assert there.app.button_group[0].value == "sadness"
    there.press("verdict.another")
    assert there.app.button_group[0].value is None
    there.app.button_group[0].set_value("neutral").run()
    there.press("verdict.another")
    assert there.app.button_group[0].value == "neutral"


@pytest.mark.parametrize(
    ("language", "headline", "question"),
    [
        ("en", "\ue6a6\xa0Sadness or \ue6a3\xa0Fear?", "Is it \ue6a6\xa0Sadness? Keep"),
        ("ko", "\ue6a6\xa0슬픔 아니면 \ue6a3\xa0두려움?", "\ue6a6\xa0슬픔인가요? 남기기"),
    ],
)
def test_a_low_score_is_a_question_and_no_percentage(
    visit: Callable[..., Visit], models_are: Callable, language: str, headline: str, question: str
) -> None:
    made = analyst_of()
    made.words.answer = words_say(False, sadness=0.25, fear=0.22)
    models_are(made)
    there = read_line(visit(language=language))
    assert there.says(headline)
    assert there.says(there.t("verdict.not_sure_which"))
    assert not there.says("%")
    assert there.app.button_group[0].value is None
    assert card_buttons(there)[0] == question
    there.press_key(f"verdict_keep_{form(there)}")
    assert [entry.mood for entry in entries.every(there.session)] == ["sadness"]


def test_the_page_has_one_scale(visit: Callable[..., Visit], models_are: Callable) -> None:
    """One source at 82 % beside a verdict of 21 % would be two."""
    models_are(analyst_of())
    there = read_line(visit())
    assert not there.app.get("plotly_chart")
    (bars,) = [html.proto.body for html in there.app.get("html") if 'class="haru-scores"' in html.proto.body]
    shown = [int(percent) for percent in re.findall(r"(\d+)%", bars)]
    fused = fusion.fuse([reading("words", "sadness")]).scores
    assert shown == [round(100 * fused[mood]) for mood in EMOTIONS]
    assert "70%" not in bars  # the score of the words alone


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_voice_unlike_any_known_is_named_as_one(
    visit: Callable[..., Visit], models_are: Callable, language: str
) -> None:
    made = analyst_of()
    models_are(made)
    there = allow(visit(language=language), "voice")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    for novelty, is_said in ((1.0, True), (0.4, False)):
        plain = reading("voice", "sadness")
        made.voice.answer = Reading(plain.scores, True, {"weight": 1.0, "novelty": novelty}, "voice", "fake 1")
        there.press("analyse.button")
        assert there.says(there.t("verdict.voice_new")) == is_said


def test_a_likely_mood_that_is_not_sure_is_one_question(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    made.words.answer = words_say(False, sadness=0.8, fear=0.05)
    models_are(made)
    there = read_line(visit(language="en"))
    assert there.says("\ue6a6\xa0Sadness?")
    assert there.says(there.t("verdict.likely_which"))
    assert not there.says("Sadness or")
    assert there.app.button_group[0].value is None
