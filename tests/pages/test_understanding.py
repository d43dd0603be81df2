"""Today, with models that answer at once: what is offered, understood, corrected and kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diary import consents, database, drafts, entries, fusion, media, readings
from diary.analysis import Analyst
from parts import capture, models
from reading import Refusal
from tests.diary.test_analysis import HOW, analyst
from tests.pages.conftest import Visit
from tests.sounds import spoken


@pytest.fixture
def models_are(monkeypatch: pytest.MonkeyPatch) -> Callable[[Analyst], None]:
    monkeypatch.setattr(fusion, "settings", lambda: HOW)
    monkeypatch.setattr(capture, "in_place", lambda: frozenset(fusion.SOURCES))

    def use(made: Analyst) -> None:
        monkeypatch.setattr(models, "_analyst", lambda: made)

    return use


def allow(there: Visit, *kinds: str) -> Visit:
    for kind in kinds:
        consents.set_given(there.session.account_id, kind, True)
    there.app.run()
    return there


def form(there: Visit) -> str:
    return there.app.session_state["form"]


def test_without_permission_neither_microphone_nor_camera_is_offered(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    there = visit()
    assert not there.app.audio_input
    assert not there.app.camera_input
    assert there.says(there.t("capture.voice_off"))


def test_a_line_is_understood_confirmed_and_kept(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst())
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    there.expect_calm()
    assert there.says(there.t("understood.sure", sources="your words", mood="😢 Sadness", percent=58)[:20])
    assert there.app.button_group[0].value == "sadness"  # offered, not saved
    assert entries.count(there.session) == 0
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert (kept.mood, kept.note, kept.source) == ("sadness", "a heavy day", "words")
    assert [told.source for told in readings.of_entry(there.session, kept.id)] == ["words", "fusion"]


def test_the_person_has_the_last_word(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst())
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    there.app.button_group[0].set_value("neutral").run()
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert kept.mood == "neutral"
    assert readings.of_entry(there.session, kept.id)[-1].label == "sadness"


def test_voice_and_words_that_contradict_are_asked_about(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst(voice="happiness", words="sadness"))
    there = allow(visit(), "voice")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    assert there.says("They say different things")
    assert there.app.button_group[0].value is None


def test_nothing_recorded_is_kept_by_default(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst())
    there = allow(visit(), "voice", "face")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.press("analyse.button")
    there.press("entry.save")
    with database.connect() as db:
        assert db["media"].count == 0
    assert not there.app.audio_input[0].value


def test_with_the_persons_own_switch_it_is_kept_and_heard_again(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst())
    there = allow(visit(), "voice", "media")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.press("analyse.button")
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    (medium,) = media.of_entry(there.session, kept.id)
    assert media.content(there.session, medium.id) == spoken()
    there.app.toggle(key=f"open_{medium.id}").set_value(True).run()
    there.expect_calm()
    there.press("kept.delete")
    assert media.of_entry(there.session, kept.id) == []


@pytest.mark.parametrize("code", ["too_quiet", "mostly_noise", "too_short", "a_code_nobody_foresaw"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_refusal_is_one_kind_sentence(
    visit: Callable[..., Visit], models_are: Callable, code: str, language: str
) -> None:
    models_are(analyst(voice=Refusal(code, "technical words")))
    there = allow(visit(language=language), "voice")
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.press("analyse.button")
    (warning,) = there.app.warning
    assert warning.value in (there.t("refusal.voice"), there.t(f"refusal.{code}") if "foresaw" not in code else "")
    assert "technical" not in warning.value


def test_without_any_model_the_diary_is_still_a_diary(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(Analyst(None, None, None))
    there = visit()
    there.app.text_area[0].set_value("by hand then").run()
    there.press("analyse.button")
    there.expect_calm()
    assert there.says("Not readable just now")
    there.app.button_group[0].set_value("fear").run()
    there.press("entry.save")
    assert [entry.source for entry in entries.every(there.session)] == ["hand"]


def test_a_draft_survives_a_reload(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst())
    there = visit()
    there.app.text_area[0].set_value("half a thought").run()
    there.press("analyse.button")
    again = Visit(there.session, "pages/today.py")
    assert again.app.text_area[0].value == "half a thought"
    assert again.app.button_group[0].value == "sadness"
    assert again.says("58%") or again.says("Closest")
    again.press("entry.save")
    (kept,) = entries.every(there.session)
    assert [told.source for told in readings.of_entry(there.session, kept.id)] == ["words", "fusion"]
    assert drafts.load(there.session) is None
    there.press("entry.save")  # the first tab saves the same draft: it is one entry
    assert entries.count(there.session) == 1


def test_rewriting_the_line_forgets_what_was_understood_of_it(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst())
    there = visit()
    there.app.text_area[0].set_value("a heavy day").run()
    there.press("analyse.button")
    there.app.text_area[0].set_value("another day altogether").run()
    assert not there.says("Closest to")
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert readings.of_entry(there.session, kept.id) == []
    assert kept.source == "hand"


def test_without_weights_neither_microphone_nor_camera_is_offered(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "in_place", frozenset)
    there = allow(visit(), "voice", "face")
    assert not there.app.audio_input
    assert there.says(there.t("capture.voice_missing"))
