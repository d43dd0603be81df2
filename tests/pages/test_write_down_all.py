"""*Your data*: all kept recordings are written down in the background while the pages stay usable."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from components import recognisers
from components import state as session_state
from diary import consents, database, days, entries, errors, media, sessions, transcripts
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from reading import Refusal
from tests.diary.histories import SEOUL
from tests.diary.transfer.conftest import JPEG, recording
from tests.pages.conftest import Visit
from tests.understanding.scripted_speech import ScriptedTranscriber, scripted_speech
from tests.understanding.transcripts import transcript
from web import streamlit_private

PAGE = "pages/data.py"
RAIN, SUN, HUM, JAPANESE, NOISE = (recording(bytes([number]) * 4000) for number in range(5))
SCRIPT = {
    RAIN: transcript("it rained", "all day"),
    SUN: transcript("then the sun came"),
    HUM: Refusal("no_words", "No words."),
    JAPANESE: Refusal("other_language", "Japanese.", {"language": "ja", "probability": 0.9}),
    NOISE: Refusal("unreadable", "Not a sound."),
}


@pytest.fixture
def speech(monkeypatch: pytest.MonkeyPatch) -> ScriptedTranscriber:
    made, transcriber = scripted_speech(SCRIPT)
    monkeypatch.setattr(recognisers, "speech_to_text", lambda: made)
    monkeypatch.setattr(recognisers, "can_write_down", lambda: True)
    monkeypatch.setattr(streamlit_private, "watch_this_tab", lambda: lambda: True)
    return transcriber


def keep(session: Session, *sounds: bytes, note: str = "") -> str:
    consents.set_given(session, "media", True)
    new = NewEntry("sadness", 2, days.today(SEOUL), SEOUL, note=note)
    return entries.add(session, new, media=[NewMedium("sound", sound) for sound in sounds])


@pytest.fixture
def on_data(visit: Callable[..., Visit], speech: ScriptedTranscriber) -> Callable[..., Visit]:
    """Opens the page with a recording for each sound, each in an entry of its own."""

    def open_page(*sounds: bytes, language: str = "en", allowed: bool = True) -> Visit:
        there = visit("pages/help.py", language=language)
        if allowed:
            consents.set_given(there.session, "transcript", True)
        for sound in sounds:
            keep(there.session, sound)
        there.app.switch_page(PAGE).run()
        there.expect_calm()
        return there

    return open_page


def buttons(there: Visit) -> list[str]:
    return [button.key for button in there.app.button if (button.key or "").startswith("write_down_all")]


def wait(there: Visit) -> None:
    """Runs the page until the work is over, as the fragment's timer does."""
    for _ in range(200):
        if there.app.session_state[session_state.WRITE_DOWN_ALL.key].is_over:
            there.app.run()
            return
        time.sleep(0.02)
        there.app.run()
    raise AssertionError("it is still at work")


def tabs(there: Visit) -> list[str]:
    return [tab.label for tab in there.app.tabs]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_all_recordings_at_once(on_data: Callable[..., Visit], language: str) -> None:
    there = on_data(RAIN, HUM, JAPANESE, NOISE, language=language)
    own = keep(there.session, SUN, note="my own")
    there.app.run()
    there.press("write_down_all.button", count="5")
    wait(there)
    there.expect_calm()
    counts = {"written": 2, "notes": 1, "no_words": 1, "other_language": 1, "unreadable": 1}
    for outcome, count in counts.items():
        assert there.says(there.t(f"write_down_all.{outcome}", count=str(count))), outcome
    notes = sorted(entry.note for entry in entries.every(there.session))
    assert notes == ["", "", "", "it rained all day", "my own"]
    (medium,) = media.of_entry(there.session, own)
    assert transcripts.of_medium(there.session, medium.id).text == "then the sun came"
    # What could not be written down may be tried again.
    assert there.app.button(key="write_down_all").label == there.t("write_down_all.button", count="2")


def test_while_it_works_the_page_shows_how_far_it_is_and_stays_usable(
    on_data: Callable[..., Visit], speech: ScriptedTranscriber
) -> None:
    there = on_data(RAIN, SUN)
    speech.may_go_on.clear()
    there.press_key("write_down_all")
    assert speech.has_begun.wait(30)
    there.app.run()
    assert buttons(there) == ["write_down_all_stop"]
    shown = there.app.get("progress")[0].proto
    assert shown.text == there.t("write_down_all.working", number="1", count="2")
    there.app.switch_page("pages/days.py").run()  # other pages, and back
    there.expect_calm()
    speech.may_go_on.set()
    there.app.switch_page(PAGE).run()
    wait(there)
    there.expect_calm()
    assert there.says(there.t("write_down_all.written", count="2"))
    assert there.says(there.t("write_down_all.none_left"))
    assert buttons(there) == []


def test_stopped_it_can_go_on_later(on_data: Callable[..., Visit], speech: ScriptedTranscriber) -> None:
    there = on_data(RAIN, SUN)
    hold_second(speech)
    there.press_key("write_down_all")
    wait_until(lambda: len(speech.asked) == 2)
    there.app.run()
    there.press_key("write_down_all_stop")
    wait(there)
    speech.may_go_on.set()
    assert there.says(there.t("write_down_all.stopped"))
    assert there.says(there.t("write_down_all.written", count="1"))
    speech.before_window = lambda: None
    there.press("write_down_all.button", count="1")
    wait(there)
    assert not there.says(there.t("write_down_all.stopped"))
    assert transcripts.untranscribed(there.session) == []


def hold_second(speech: ScriptedTranscriber) -> None:
    """Holds the second recording back until `may_go_on` is set."""

    def hold() -> None:
        if len(speech.asked) == 2:
            speech.may_go_on.clear()
            speech.before_window = lambda: None

    speech.before_window = hold


def test_a_tab_that_is_gone_stops_it(
    on_data: Callable[..., Visit], speech: ScriptedTranscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    from understanding import write_down_all

    monkeypatch.setattr(write_down_all, "_STEP", 0.02)
    monkeypatch.setattr(write_down_all, "UNWATCHED_SECONDS", 0.1)
    monkeypatch.setattr(streamlit_private, "watch_this_tab", lambda: lambda: False)
    there = on_data(RAIN)
    speech.may_go_on.clear()
    there.press_key("write_down_all")
    work = there.app.session_state[session_state.WRITE_DOWN_ALL.key]
    assert work.wait(30)
    speech.may_go_on.set()
    assert (work.finished, work.total) == (0, 1)


def test_signed_out_elsewhere_it_stops_and_the_page_asks_to_sign_in(
    on_data: Callable[..., Visit], speech: ScriptedTranscriber
) -> None:
    there = on_data(RAIN)
    speech.may_go_on.clear()
    there.press_key("write_down_all")
    work = there.app.session_state[session_state.WRITE_DOWN_ALL.key]
    sessions.end_all(there.session.account_id)
    there.app.run()
    assert there.says(there.t("session.ended"))
    assert session_state.WRITE_DOWN_ALL.key not in there.app.session_state
    assert work.wait(30)
    speech.may_go_on.set()
    with database.connect() as db:
        assert db["transcripts"].count == 0


def test_no_session_stays_in_the_tab(on_data: Callable[..., Visit]) -> None:
    there = on_data(RAIN)
    there.press_key("write_down_all")
    wait(there)
    work = there.app.session_state[session_state.WRITE_DOWN_ALL.key]
    assert not [value for value in vars(work).values() if isinstance(value, Session)]


def test_without_consent_it_says_where_to_switch_it_on(on_data: Callable[..., Visit]) -> None:
    there = on_data(RAIN, allowed=False)
    assert there.says(there.t("write_down_all.off", count="1"))
    assert buttons(there) == []


def test_without_the_model_it_says_so(on_data: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognisers, "can_write_down", lambda: False)
    there = on_data(RAIN)
    assert there.says(there.t("write_down_all.no_model"))
    assert buttons(there) == []


def test_who_kept_no_recording_sees_nothing_of_it(on_data: Callable[..., Visit]) -> None:
    there = on_data()
    assert there.t("data.write_down") not in tabs(there)
    consents.set_given(there.session, "media", True)
    new = NewEntry("fear", 1, days.today(SEOUL), SEOUL)
    entries.add(there.session, new, media=[NewMedium("picture", JPEG)])
    there.app.run()
    assert there.t("data.write_down") not in tabs(there)
    keep(there.session, RAIN)
    there.app.run()
    assert tabs(there)[-1] == there.t("data.write_down")


def test_a_full_disk_is_named_and_the_rest_can_be_tried_again(
    on_data: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = on_data(RAIN, SUN)

    def refuse(*_: object) -> None:
        raise errors.DiskFull()

    with monkeypatch.context() as full:
        full.setattr(transcripts, "save", refuse)
        there.press_key("write_down_all")
        wait(there)
    assert [error.value for error in there.app.error] == [there.t("error.disk_full")]
    there.press("write_down_all.button", count="2")
    wait(there)
    there.expect_calm()
    assert there.says(there.t("write_down_all.written", count="2"))


def wait_until(is_true: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_true():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")
