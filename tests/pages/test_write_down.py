"""A kept recording on a page: its words, how it is written down, and what becomes of the note."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from components import recognisers
from components import state as session_state
from diary import consents, days, entries, errors, media, spoken_language, transcripts
from diary.entries import Entry, NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from reading import Refusal
from tests.diary.damaging import turn_a_bit
from tests.diary.histories import SEOUL
from tests.diary.transfer.conftest import recording
from tests.pages.conftest import Visit
from tests.understanding.scripted_speech import ScriptedTranscriber, scripted_speech
from tests.understanding.transcripts import transcript

TODAY = days.today(SEOUL)
RAIN, HUM, JAPANESE, NOISE = (recording(bytes([number]) * 4000) for number in range(4))
SAID = replace(transcript("it rained", "all day"), model="scripted 1")
SCRIPT = {
    RAIN: SAID,
    HUM: Refusal("no_words", "No words."),
    JAPANESE: Refusal("other_language", "Japanese.", {"language": "ja", "probability": 0.9}),
    NOISE: Refusal("unreadable", "Not a sound."),
}


@pytest.fixture
def speech(monkeypatch: pytest.MonkeyPatch) -> ScriptedTranscriber:
    made, transcriber = scripted_speech(SCRIPT)
    monkeypatch.setattr(recognisers, "speech_to_text", lambda: made)
    monkeypatch.setattr(recognisers, "can_write_down", lambda: True)
    return transcriber


def keep(session: Session, sound: bytes = RAIN, note: str = "", transcript=None) -> str:
    consents.set_given(session, "media", True)
    kept = [NewMedium("sound", sound, transcript)]
    return entries.add(session, NewEntry("sadness", 2, TODAY, SEOUL, note=note, tags=("walk",)), media=kept)


class Card:
    """The card of today's only entry."""

    def __init__(self, there: Visit) -> None:
        self.there = there

    @property
    def entry(self) -> Entry:
        (entry,) = entries.every(self.there.session)
        return entry

    @property
    def medium_id(self) -> str:
        (medium,) = media.of_entry(self.there.session, self.entry.id)
        return medium.id

    def transcript(self):
        return transcripts.of_medium(self.there.session, self.medium_id)

    def open(self) -> None:
        self.there.app.toggle(key=f"open_{self.medium_id}").set_value(True).run()
        self.there.expect_calm()

    def offers(self, what: str = "write_down") -> bool:
        return f"{what}_{self.medium_id}" in [button.key for button in self.there.app.button]

    def press(self, what: str = "write_down") -> None:
        self.there.press_key(f"{what}_{self.medium_id}")

    def words(self) -> str | None:
        """The words below the player; None if there are none."""
        drawn = [json.loads(found.proto.json) for found in self.there.app.get("bidi_component")]
        lists = [data["words"] for data in drawn if "says" in data]
        return "".join(word.get("before", "") + word["text"] for word in lists[0]) if lists else None

    def wait(self) -> None:
        """Runs the page until the recording is written down, as the fragment's timer does."""
        for _ in range(200):
            if session_state.WRITE_DOWN.of(self.medium_id).key not in self.there.app.session_state:
                return
            time.sleep(0.02)
            self.there.app.run()
        raise AssertionError("it is still being written down")


@pytest.fixture
def card(visit: Callable[..., Visit], speech: ScriptedTranscriber) -> Callable[..., Card]:
    def visit_today(*kinds: str, language: str = "en", **entry) -> Card:
        there = visit("pages/help.py", language=language)
        for kind in kinds:
            consents.set_given(there.session, kind, True)
        keep(there.session, **entry)
        there.app.switch_page("pages/today.py").run()
        there.expect_calm()
        return Card(there)

    return visit_today


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_entry_without_a_note_offers_to_write_its_recording_down(card: Callable[..., Card], language: str) -> None:
    shown = card("transcript", language=language)
    before = shown.entry
    shown.press()
    shown.wait()
    shown.there.expect_calm()
    assert shown.entry.note == "it rained all day"
    assert (shown.entry.tags, shown.entry.mood, shown.entry.happened_at) == (
        before.tags,
        before.mood,
        before.happened_at,
    )
    assert shown.transcript() == SAID
    assert shown.there.says(shown.there.t("write_down.done"))
    assert shown.there.says("it rained all day")
    assert not shown.offers()


def test_an_opened_recording_is_played_with_its_words(card: Callable[..., Card]) -> None:
    shown = card(transcript=SAID, note="it rained all day")
    assert not shown.there.app.get("audio")
    shown.open()
    assert len(shown.there.app.get("audio")) == 1
    assert shown.words() == "it rained all day"
    assert not [button for button in shown.there.app.button if (button.key or "").startswith("write_down")]


def test_without_a_transcript_it_is_a_plain_player(card: Callable[..., Card]) -> None:
    shown = card(note="my own")
    shown.open()
    assert len(shown.there.app.get("audio")) == 1
    assert shown.words() is None
    assert not shown.offers()  # the person did not allow it


def test_a_damaged_transcript_is_none(card: Callable[..., Card]) -> None:
    shown = card("transcript", transcript=SAID)
    turn_a_bit("transcripts", "sealed", "medium_id", shown.medium_id)
    shown.there.app.run()
    shown.open()
    assert shown.words() is None
    shown.press()
    shown.wait()
    assert shown.transcript() == SAID
    assert shown.words() == "it rained all day"


def test_without_consent_or_model_nothing_is_offered(
    card: Callable[..., Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = card()
    assert not shown.offers()
    consents.set_given(shown.there.session, "transcript", True)
    shown.there.app.run()
    assert shown.offers()
    monkeypatch.setattr(recognisers, "can_write_down", lambda: False)
    shown.there.app.run()
    assert not shown.offers()


def test_a_note_of_the_persons_own_stays_until_they_add_the_words(card: Callable[..., Card]) -> None:
    shown = card("transcript", note="my own")
    assert not shown.offers()  # only below the opened recording
    shown.open()
    shown.press()
    shown.wait()
    assert shown.entry.note == "my own"
    assert shown.there.says(shown.there.t("write_down.done_beside"))
    shown.press("write_down_add")
    assert shown.entry.note == "my own\n\nit rained all day"
    assert shown.there.says(shown.there.t("write_down.added"))
    assert not shown.offers("write_down_add")


def test_words_that_the_person_corrected_are_not_offered_again(card: Callable[..., Card]) -> None:
    shown = card(transcript=SAID, note="It rained nearly all day.")
    shown.open()
    assert not shown.offers("write_down_add")


def test_words_of_an_emptied_note_can_become_the_note_again(card: Callable[..., Card]) -> None:
    shown = card(transcript=SAID)
    shown.open()
    shown.press("write_down_add")
    assert shown.entry.note == "it rained all day"


def test_a_note_that_another_tab_wrote_first_is_not_overwritten(
    card: Callable[..., Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = card("transcript")
    change_note = entries.change_note

    def another_tab_first(session: Session, entry_id: str, version: int, note: str) -> None:
        change_note(session, entry_id, version, "typed in another tab")
        change_note(session, entry_id, version, note)

    monkeypatch.setattr(entries, "change_note", another_tab_first)
    shown.press()
    shown.wait()
    assert shown.entry.note == "typed in another tab"
    assert shown.transcript() == SAID
    assert shown.there.says(shown.there.t("write_down.conflict"))


def test_stopped_it_leaves_everything_as_it_was(card: Callable[..., Card], speech: ScriptedTranscriber) -> None:
    shown = card("transcript")
    speech.may_go_on.clear()
    shown.press()
    assert shown.offers("write_down_stop")
    assert not shown.offers()
    shown.press("write_down_stop")
    speech.may_go_on.set()
    shown.wait()
    assert (shown.entry.note, shown.entry.version, shown.transcript()) == ("", 1, None)
    assert shown.offers()


def test_a_consent_that_is_withdrawn_meanwhile_stops_it(card: Callable[..., Card], speech: ScriptedTranscriber) -> None:
    shown = card("transcript")
    speech.may_go_on.clear()
    shown.press()
    consents.set_given(shown.there.session, "transcript", False)
    speech.may_go_on.set()
    shown.wait()
    assert (shown.entry.note, shown.transcript()) == ("", None)


def test_words_that_are_not_sure_are_named(card: Callable[..., Card], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SCRIPT, RAIN, transcript("it *rained*, perhaps", probability=0.3))
    shown = card("transcript")
    shown.press()
    shown.wait()
    assert shown.entry.note == "it *rained*, perhaps"
    # In the bar of notices, which shows plain text, until the person closes it.
    (data,) = shown.there.components("sentence")
    assert shown.there.t("write_down.unsure", words="it, *rained*, perhaps") in data["sentence"]
    assert data["seconds"] is None


def test_without_words_it_says_so_and_does_not_offer_it_for_ever(card: Callable[..., Card]) -> None:
    shown = card("transcript", sound=HUM)
    shown.press()
    shown.wait()
    assert shown.there.says("could not understand any words")
    assert shown.entry.note == ""
    assert transcripts.untranscribed(shown.there.session) == []
    assert not shown.offers()
    shown.open()
    assert shown.there.says("could not understand any words")
    assert shown.offers()  # a better model may be in place


def test_another_language_is_written_down_all_the_same_if_the_person_says_so(
    card: Callable[..., Card], speech: ScriptedTranscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = card("transcript", sound=JAPANESE)
    shown.press()
    wait_until(shown, lambda: shown.offers("write_down_anyway"))
    assert shown.there.says("Japanese")
    assert shown.transcript() is None
    monkeypatch.setitem(SCRIPT, JAPANESE, transcript("ame desu", language="ja"))
    shown.press("write_down_anyway")
    shown.wait()
    assert [languages for _, languages in speech.asked] == [("ko", "en"), ("ja",)]
    assert shown.entry.note == "ame desu"


def test_the_fixed_language_of_the_person_counts(card: Callable[..., Card], speech: ScriptedTranscriber) -> None:
    shown = card("transcript")
    spoken_language.SPOKEN_LANGUAGE.choose(shown.there.session, "ko")
    shown.press()
    shown.wait()
    assert speech.asked == [(RAIN, ("ko",))]


def test_what_cannot_be_read_says_so_and_can_be_closed(card: Callable[..., Card]) -> None:
    shown = card("transcript", sound=NOISE)
    shown.press()
    wait_until(shown, lambda: shown.offers("write_down_close"))
    assert shown.there.says(shown.there.t("refusal.voice"))
    shown.press("write_down_close")
    assert shown.offers()
    assert shown.transcript() is None


def test_a_full_disk_loses_no_word(card: Callable[..., Card], monkeypatch: pytest.MonkeyPatch) -> None:
    shown = card("transcript")
    with monkeypatch.context() as full:

        def refuse(*_: object) -> None:
            raise errors.DiskFull()

        full.setattr(transcripts, "save", refuse)
        shown.press()
        wait_until(shown, lambda: bool(shown.there.app.error))
        assert shown.there.app.error[0].value == shown.there.t("error.disk_full")
    shown.there.app.run()  # there is space again
    assert shown.transcript() == SAID
    assert shown.entry.note == "it rained all day"


def test_a_damaged_recording_says_so(card: Callable[..., Card]) -> None:
    shown = card("transcript")
    turn_a_bit("media", "sealed", "entry_id", shown.entry.id)
    shown.press()
    assert shown.there.says(shown.there.t("media.sound_damaged"))
    assert shown.transcript() is None


def test_a_recording_that_another_tab_deleted_breaks_no_page(
    card: Callable[..., Card], speech: ScriptedTranscriber
) -> None:
    shown = card("transcript")
    medium_id = shown.medium_id
    speech.may_go_on.clear()
    shown.press()
    media.delete(shown.there.session, medium_id)
    speech.may_go_on.set()
    shown.there.app.run()
    shown.there.expect_calm()
    assert shown.entry.note == ""


def test_beside_the_form_of_the_entry_nothing_changes_its_note(card: Callable[..., Card]) -> None:
    shown = card("transcript")
    shown.there.press("entry.edit")
    shown.there.expect_calm()
    assert not shown.offers()


def wait_until(shown: Card, is_true: Callable[[], bool]) -> None:
    for _ in range(200):
        if is_true():
            return
        time.sleep(0.02)
        shown.there.app.run()
    raise AssertionError("it did not happen")
