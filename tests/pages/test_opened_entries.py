"""A saved entry is opened, changed and read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from diary import consents, days, drafts, entries, media, readings
from diary.entries import Entry, NewEntry
from tests.pages.conftest import Visit
from tests.pages.today_form import allow, card_buttons, words_say
from tests.sounds import spoken
from tests.understanding.fakes import analyst_of, reading


def kept_day(visit: Callable[..., Visit], *allowed: str) -> tuple[Visit, Entry]:
    there = allow(visit(), *allowed)
    there.app.text_area[0].set_value("a heavy day").run()
    there.app.audio_input[0].upload("clip.wav", spoken()).run()
    there.press("analyse.button")
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    return there, kept


def test_an_entry_opens_again_whole(visit: Callable[..., Visit], models_are: Callable) -> None:
    made = analyst_of()
    models_are(made)
    there, kept = kept_day(visit, "voice", "media")
    (medium,) = media.of_entry(there.session, kept.id)
    there.press("entry.edit")
    there.expect_calm()
    assert there.app.text_area(key=f"note_entry_{kept.id}").value == "a heavy day"
    assert there.says("came closest to \ue6a6\xa0Sadness")  # what was read then
    assert not card_buttons(there)  # the person confirmed it long ago
    assert there.app.toggle(key=f"open_{medium.id}")

    # Read again, with the kept sound: the new readings take the place of the old, the confirmed mood stays.
    made.voice.answer = made.words.answer = reading("words", "happiness")
    there.press("analyse.again")
    there.expect_calm()
    assert there.says("came closest to \ue6a0\xa0Happiness")
    assert there.app.button_group(key=f"mood_choice_entry_{kept.id}").value == "sadness"
    assert [label for label in card_buttons(there) if "keep" in label.lower()] == []
    there.press_key(f"verdict_mood_0_entry_{kept.id}")
    assert there.app.button_group(key=f"mood_choice_entry_{kept.id}").value == "happiness"
    assert [entry.mood for entry in entries.every(there.session)] == ["sadness"]  # nothing is kept at once
    there.app.button_group(key=f"mood_choice_entry_{kept.id}").set_value("sadness").run()
    there.press("entry.save_changes")
    (changed,) = entries.every(there.session)
    assert changed.mood == "sadness"
    assert {reading.label for reading in readings.of_entry(there.session, kept.id)} == {"happiness"}
    assert [found.id for found in media.of_entry(there.session, kept.id)] == [medium.id]


def test_an_entry_made_by_hand_is_read_without_keeping_or_a_draft(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    made = analyst_of()
    models_are(made)
    there = visit()
    entries.add(there.session, NewEntry("neutral", 3, days.today("Asia/Seoul"), "Asia/Seoul", note="a heavy day"))
    (kept,) = entries.every(there.session)
    there.app.run()
    there.press("entry.edit")
    for _ in range(2):
        there.press_key(f"analyse_entry_{kept.id}")
    there.expect_calm()
    assert card_buttons(there)[0] == "\ue6a6\xa0Sadness"
    assert there.app.button_group(key=f"mood_choice_entry_{kept.id}").value == "neutral"
    assert drafts.load(there.session) is None  # that would be one of the new entry
    there.press_key(f"verdict_mood_0_entry_{kept.id}")
    assert [entry.mood for entry in entries.every(there.session)] == ["neutral"]
    there.press("entry.save_changes")
    assert [entry.mood for entry in entries.every(there.session)] == ["sadness"]


def test_an_older_reading_that_was_sure_of_a_low_score_is_a_question(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there = visit()
    words = words_say(True, disgust=0.36, sadness=0.2)
    fused = replace(words, source="fusion", model="fusion 1", quality={"divergence": 0.0, "exponent_words": 1.0})
    entry = NewEntry("neutral", 3, days.today("Asia/Seoul"), "Asia/Seoul", note="laundry")
    entries.add(there.session, entry, readings=[words, fused])
    there.app.run()
    there.press("entry.edit")
    assert there.says("Disgust or \ue6a6\xa0Sadness?")
    assert not there.says("36%")


def test_changing_a_word_leaves_what_was_read(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there, kept = kept_day(visit, "voice")
    before = readings.of_entry(there.session, kept.id)
    there.press("entry.edit")
    there.app.text_area(key=f"note_entry_{kept.id}").set_value("a heavy day, then rain").run()
    there.press("entry.save_changes")
    (changed,) = entries.every(there.session)
    assert (changed.note, changed.source) == ("a heavy day, then rain", kept.source)
    assert readings.of_entry(there.session, kept.id) == before


def test_what_was_recorded_while_editing_is_kept_with_the_entry(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    models_are(analyst_of())
    there, kept = kept_day(visit, "voice", "media")
    there.press("entry.edit")
    there.app.button_group(key=f"parts_entry_{kept.id}").set_value(["speak"]).run()
    there.app.audio_input(key=f"sound_entry_{kept.id}").upload("more.wav", spoken(1.0)).run()
    there.press("entry.save_changes")
    sounds = [media.content(there.session, found.id) for found in media.of_entry(there.session, kept.id)]
    assert sorted(sounds) == sorted([spoken(), spoken(1.0)])


def test_what_was_kept_is_not_read_once_that_is_no_longer_allowed(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    made = analyst_of()
    models_are(made)
    there, kept = kept_day(visit, "voice", "media")
    consents.set_given(there.session, "voice", False)
    there.press("entry.edit")
    there.press("analyse.again")
    there.press("entry.save_changes")
    assert [reading.source for reading in readings.of_entry(there.session, kept.id)] == ["words", "fusion"]
