"""Today, with fake models: offer, analysis, refusals and drafts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.elements.lib.mutable_status_container import StatusContainer
from streamlit.runtime.scriptrunner import StopException

from components import recognisers
from components import state as session_state
from diary import drafts, entries, readings
from emotions import EMOTIONS
from reading import Reading, Refusal
from tests.pages.conftest import Visit
from tests.pages.today_form import allow, card_buttons, components_of, form, photograph, show_picture
from tests.sounds import spoken
from tests.understanding.fakes import Fake, analyst_of, reading
from understanding import explanations, fusion
from understanding.analyst import Analysis, Analyst
from understanding.explanations import Explanations


def test_without_permission_neither_microphone_nor_camera_is_offered(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    there = visit()
    assert not there.app.audio_input
    assert "haru_camera" not in components_of(there)
    assert there.says(there.t("capture.voice_off"))


def test_a_line_is_understood_confirmed_and_kept(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    there.expect_calm()
    assert there.says("## \ue6a6\xa0Sadness")
    assert there.says("Your words came closest to \ue6a6\xa0Sadness.")
    assert there.app.button_group[0].value == "sadness"  # offered, not saved
    assert entries.count(there.session) == 0
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert (kept.mood, kept.note, kept.source) == ("sadness", "a heavy day", "words")
    assert [reading.source for reading in readings.of_entry(there.session, kept.id)] == ["words", "fusion"]


def test_all_three_are_named_and_nothing_is_ever_certain(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    certain = {emotion: 1.0 if emotion == "sadness" else 0.0 for emotion in EMOTIONS}
    for source in fusion.SOURCES:
        getattr(made, source).answer = Reading(certain, True, {"weight": 1.0}, source, "fake 1")
    models_are(made)
    there = allow(visit(), "voice", "face")
    there.app.text_area[0].set_value("a heavy day").run()
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    show_picture(there, photograph())
    there.press("analyse.button")
    assert there.says("Your voice, face and words came closest to \ue6a6\xa0Sadness. I am quite sure (99%).")


def test_the_person_has_the_last_word(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    there.app.button_group[0].set_value("neutral").run()
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert kept.mood == "neutral"
    assert readings.of_entry(there.session, kept.id)[-1].label == "sadness"


def test_voice_and_words_that_contradict_are_asked_about(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of(voice="happiness", words="sadness"))
    there = allow(visit(), "voice")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    assert there.says("They say different things")
    assert there.app.button_group[0].value is None
    assert there.says(
        "Voice: \ue6a0\xa0Happiness · quite sure  \n:material/notes: Words: \ue6a6\xa0Sadness · quite sure"
    )
    assert not any('class="haru-scores"' in html.proto.body for html in there.app.get("html"))
    # The moods of the sources are the answers; none of them keeps the entry, and no mood is suggested.
    assert card_buttons(there) == ["\ue6a0\xa0Happiness", "\ue6a6\xa0Sadness", "Another mood"]
    there.press_key(f"verdict_mood_1_{form(there)}")
    assert there.app.button_group[0].value == "sadness"
    assert entries.count(there.session) == 0


def test_pressed_with_nothing_given_it_says_what_could_be(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = visit()
    assert not [button for button in there.app.button if button.label == there.t("analyse.button")]
    there.open("line")
    there.press("analyse.button")
    there.expect_calm()
    assert there.says(there.t("analyse.nothing"))
    assert not there.app.status


class FakeWithSideEffect(Fake):
    """Calls `meanwhile` during each reading."""

    def __init__(self, answer: object, meanwhile: Callable[[], object]) -> None:
        super().__init__(answer)
        self.meanwhile = meanwhile

    def read(self, inputs: list, face: int | None = None) -> list:
        self.meanwhile()
        return super().read(inputs, face)


def test_what_is_written_is_safe_before_it_is_read(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    models_are(made)
    there = visit()
    there.open("line")
    found = []
    made.words = FakeWithSideEffect(reading("words", "sadness"), lambda: found.append(drafts.load(there.session)))
    # Typed and pressed at once: the run that would have kept the line on its own never takes place.
    there.app.text_area[0].set_value("a heavy day")
    there.press("analyse.button")
    assert [draft.content["fields"]["note"] for draft in found] == ["a heavy day"]


def test_who_taps_while_it_is_still_reading_loses_nothing(
    visit: Callable[..., Visit], models_are: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    models_are(analyst_of())
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()

    def given_up(*_: object) -> None:
        raise StopException  # as Streamlit ends a run for the next one, at its next word

    with monkeypatch.context() as tapped:
        tapped.setattr(StatusContainer, "update", given_up)
        there.press("analyse.button")
    assert not there.says("came closest to")
    there.app.run()
    assert there.says("came closest to \ue6a6\xa0Sadness")
    assert there.app.button_group[0].value == "sadness"


def test_a_mood_that_was_tapped_is_not_moved_by_reading(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    models_are(made)
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    made.words = Fake(reading("words", "happiness"))
    there.app.text_area[0].set_value("a light day").run()
    there.press("analyse.button")
    assert there.app.button_group[0].value == "happiness"  # nobody had tapped the first
    there.app.button_group[0].set_value("fear").run()
    there.press("analyse.button")
    assert there.says("came closest to \ue6a0\xa0Happiness")
    assert there.app.button_group[0].value == "fear"


def test_why_is_worked_out_once_and_leaves_with_the_entry(
    visit: Callable[..., Visit], models_are: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    models_are(analyst_of())
    asked = []

    def worked_out(_: Analyst, found: Analysis, earlier: object) -> Explanations:
        asked.append(found)
        return Explanations("sadness", pulls={"words": 1.0, "voice": 0.1})

    monkeypatch.setattr(explanations, "explain", worked_out)
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    assert asked == []
    there.app.toggle(key=f"why_{form(there)}").set_value(True).run()
    there.app.button_group[0].set_value("fear").run()
    assert there.says("Your words counted most.")
    assert len(asked) == 1
    there.press("analyse.button")
    assert len(asked) == 2  # of what was understood anew
    there.press("entry.save")
    kept = there.app.session_state[session_state.PAGE_CACHE.key]
    assert not any(asked[-1] in answer for answer in kept.values() if isinstance(answer, tuple))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_refusal_is_one_kind_sentence(visit: Callable[..., Visit], models_are: Callable, language: str) -> None:
    made = analyst_of()
    models_are(made)
    there = allow(visit(language=language), "voice")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    for code in ("too_quiet", "mostly_noise", "too_short", "a_code_nobody_foresaw"):
        made.voice.answer = Refusal(code, "technical words")
        there.press("analyse.button")
        (warning,) = there.app.warning
        assert warning.value == there.t("refusal.voice" if "foresaw" in code else f"refusal.{code}")


def test_without_any_model_the_diary_is_still_a_diary(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(Analyst(None, None, None))
    there = visit()
    there.app.text_area[0].set_value("by hand then").run()
    there.expect_calm()
    assert there.says(there.t("capture.missing", sources="Voice, Face, Words"))
    assert there.t("analyse.button") not in [button.label for button in there.app.button], "nothing would answer it"
    there.app.button_group[0].set_value("fear").run()
    there.press("entry.save")
    assert [entry.source for entry in entries.every(there.session)] == ["hand"]


def test_a_draft_survives_a_reload(
    visit: Callable[..., Visit],
    models_are: Callable,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Streamlit gives this warning once a process; another test may have had it.
    monkeypatch.setattr("streamlit.elements.lib.policies._shown_default_value_warning", False)
    models_are(analyst_of())
    there = visit()
    there.app.text_area[0].set_value("half a thought").run()
    there.press("analyse.button")
    there.field("intensity").set_value(5).run()
    again = Visit(there.session, "pages/today.py")
    assert again.app.text_area[0].value == "half a thought"
    assert again.field("intensity").value == 5
    assert "default value" not in caplog.text  # Streamlit's warning for a widget with two values
    assert again.app.button_group[0].value == "sadness"
    assert again.says("came closest to \ue6a6\xa0Sadness")
    again.press("entry.save")
    (kept,) = entries.every(there.session)
    assert [reading.source for reading in readings.of_entry(there.session, kept.id)] == ["words", "fusion"]
    assert drafts.load(there.session) is None
    there.press("entry.save")  # the first tab saves the same draft: it is one entry
    assert entries.count(there.session) == 1


def test_rewriting_the_line_forgets_what_was_understood_of_it(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    there.app.text_area[0].set_value("another day altogether").run()
    assert not there.says("came closest to")
    there.app.button_group(key=f"mood_choice_{form(there)}").set_value("fear").run()
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert readings.of_entry(there.session, kept.id) == []
    assert kept.source == "hand"


def test_without_weights_neither_microphone_nor_camera_is_offered(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognisers, "in_place", frozenset)
    monkeypatch.setattr(recognisers, "_loaded", None)  # nor did an earlier page of this process wake any
    there = allow(visit(), "voice", "face")
    assert not there.app.audio_input
    assert not there.app.toggle
    notices = [said.value for said in there.app.caption if there.t("source.voice") in said.value]
    assert notices == [there.t("capture.missing", sources="Voice, Face, Words")]


def test_a_model_that_is_damaged_is_as_good_as_missing(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of(face=None))
    there = allow(visit(), "voice", "face")
    assert there.app.audio_input
    assert not there.app.toggle
    assert there.says(there.t("capture.missing", sources="Face"))


def test_after_saving_there_is_a_quiet_line_until_something_new_is_said(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = visit()
    there.app.button_group[0].set_value("sadness").run()
    there.press("entry.save")
    assert there.says(there.t("saved.sadness"))
    (kept,) = entries.every(there.session)
    assert there.app.session_state[session_state.MUSIC_ENTRY.key] == kept.id
    there.app.button_group[0].set_value("neutral").run()
    assert not there.says(there.t("saved.sadness"))
