"""A recording that cannot be written down is answered by one sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.entry import transcription
from language import catalogue, say
from reading import Refusal
from tests.components.entry.transcription.steps import FIRST, TYPED, note, record, run, write
from tests.pages.conftest import Visit
from tests.pages.today_form import allow
from tests.understanding.fakes import FakeSpeechToText


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("code", ["no_words", "failed", "unreadable", "too_long", "too_slow", "no_sound_track"])
def test_a_refusal_is_one_sentence_and_the_note_stays(
    speech: FakeSpeechToText, visit: Callable[..., Visit], language: str, code: str
) -> None:
    there = allow(visit(language=language), "transcript")
    write(there, TYPED)
    record(there)
    speech.latest.refuse(code)
    run(there)
    (info,) = there.app.info
    key = next(key for key in (f"transcript.{code}", f"refusal.{code}", "refusal.voice") if key in catalogue("en"))
    assert info.value == say(language, key)
    assert note(there) == TYPED


@pytest.mark.parametrize(("language", "name"), [("ko", "독일어"), ("en", "German")])
def test_another_language_is_named_and_written_down_all_the_same(
    speech: FakeSpeechToText, visit: Callable[..., Visit], language: str, name: str
) -> None:
    there = allow(visit(language=language), "transcript")
    record(there)
    speech.latest.refuse("other_language", language="de", probability=0.9)
    run(there)
    assert there.says(there.t("transcript.other_language", name=name))
    assert note(there) == ""
    there.press("transcript.all_the_same", name=name)
    assert (speech.latest.recording, speech.latest.languages) == (FIRST, ("de",))
    speech.latest.language = "de"
    speech.latest.say("Es regnet.")
    speech.latest.finish()
    run(there)
    assert note(there) == "Es regnet."
    assert there.says(there.t("transcript.done", name=name))


def test_a_failure_half_way_keeps_the_words_so_far(here: Visit, speech: FakeSpeechToText) -> None:
    record(here)
    speech.latest.say("I slept well.")
    speech.latest.refuse("failed")
    run(here)
    assert note(here) == "I slept well."
    assert here.says(here.t("transcript.failed"))


def test_every_language_that_whisper_knows_has_a_name() -> None:
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    for language in ("ko", "en"):
        names = dict(pair.split("=") for pair in say(language, "language.names").split(","))
        assert names.keys() == set(_LANGUAGE_CODES)
        assert len(set(names.values())) == len(names)


def test_the_sentence_of_an_unknown_language_is_still_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcription, "t", lambda key, **values: say("en", key, **values))
    refusal = Refusal("other_language", "Another language.", {"language": "tlh"})
    assert transcription.refusal_sentence(refusal) == say("en", "transcript.other_language", name="tlh")
