from __future__ import annotations

import re
import time
from dataclasses import replace

import av
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit_webrtc.config import compile_rtc_configuration

import settings
from components import state
from components.entry import live as live_tab
from components.entry.live import bars, caption_lines, word_of_the_moment
from emotions import BY_KEY, EMOTIONS
from fer.faces import Face
from fer.predict import FaceReading
from reading import Refusal
from ser.audio import SAMPLE_RATE
from tests.understanding.fakes import face_reading, reading
from understanding.captions import Caption
from understanding.live import LiveState, Snapshot

NOTHING = Snapshot(None, None)
FACE = Face((20.0, 10.0, 30.0, 40.0), ((0.0, 0.0),) * 5, 0.9)


class Stream:
    """Replaces understanding.live.LiveReader and records its input."""

    is_over = False

    def __init__(self, glance: LiveState | None = None, moment: Snapshot = NOTHING) -> None:
        self.known, self.latest, self.pictures, self.sounds = glance or LiveState(), moment, [], []

    def add_picture(self, picture: np.ndarray) -> None:
        self.pictures.append(picture)

    def add_sound(self, sound: np.ndarray) -> None:
        self.sounds.append(sound)

    def state(self) -> LiveState:
        return self.known

    def wait_for_news(self, since: LiveState | None, seconds: float) -> LiveState:
        return self.known

    def snapshot(self) -> Snapshot:
        return self.latest


def now_seen(answer: FaceReading | Refusal | None, seconds_ago: float = 0.0) -> LiveState:
    return LiveState(face=answer, face_at=time.monotonic() - seconds_ago)


def seen(emotion: str) -> FaceReading:
    return face_reading(emotion, FACE)


def test_on_this_machine_no_server_outside_is_named_to_either_side() -> None:
    assert settings.ICE_SERVERS.get() == ()
    # None instead of an empty list would let aiortc ask a server of its own choice.
    assert compile_rtc_configuration({"iceServers": list(settings.ICE_SERVERS.get())}).iceServers == []


def test_servers_come_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_ICE_SERVERS", '[{"urls": "turn:here:3478", "username": "haru", "credential": "secret"}]')
    (server,) = compile_rtc_configuration({"iceServers": list(settings.ICE_SERVERS.get())}).iceServers
    assert (server.urls, server.username, server.credential) == ("turn:here:3478", "haru", "secret")


def test_the_face_is_framed_in_the_colour_of_the_mood() -> None:
    stream = Stream(now_seen(seen("anger")))
    grey = av.VideoFrame.from_ndarray(np.full((80, 80, 3), 90, np.uint8), format="rgb24")
    drawn = live_tab._video_callback(stream)(grey).to_ndarray(format="rgb24")
    colour = [int(BY_KEY["anger"].colour[at : at + 2], 16) for at in (1, 3, 5)]
    assert drawn[10, 35].tolist() == colour  # the upper edge
    assert drawn[30, 35].tolist() == [90, 90, 90]  # the face itself stays as it is
    assert (stream.pictures[0] == 90).all()  # what is read holds no frame


@pytest.mark.parametrize("answer", [None, Refusal("no_face", "No face.")])
def test_without_a_face_nothing_is_framed(answer: Refusal | None) -> None:
    grey = av.VideoFrame.from_ndarray(np.full((80, 80, 3), 90, np.uint8), format="rgb24")
    assert live_tab._video_callback(Stream(now_seen(answer)))(grey) is grey


def test_an_old_frame_is_left_out() -> None:
    grey = av.VideoFrame.from_ndarray(np.full((80, 80, 3), 90, np.uint8), format="rgb24")
    assert live_tab._video_callback(Stream(now_seen(seen("anger"), seconds_ago=0.6)))(grey) is grey
    assert live_tab._video_callback(Stream(now_seen(seen("anger"), seconds_ago=0.2)))(grey) is not grey


@pytest.mark.parametrize(("layout", "rate"), [("stereo", 48_000), ("mono", 48_000), ("mono", 16_000)])
def test_whatever_the_browser_sends_is_heard_as_mono_at_16_kilohertz(layout: str, rate: int) -> None:
    stream = Stream()
    hear = live_tab._audio_callback(stream)
    channels = 2 if layout == "stereo" else 1
    for _ in range(50):
        frame = av.AudioFrame.from_ndarray(np.full((1, rate // 50 * channels), 8192, np.int16), "s16", layout)
        frame.sample_rate = rate
        hear(frame)
    sound = np.concatenate(stream.sounds)
    assert len(sound) == pytest.approx(SAMPLE_RATE, rel=0.02)
    assert np.median(sound) == pytest.approx(0.25, abs=0.01)


def live_page() -> None:
    """What AppTest runs as a page."""
    import streamlit as st

    from components.entry import live

    live._scores("here", voice=True, face=True, keep=lambda moment: st.session_state.update(moment=moment))
    st.write("kept" if "moment" in st.session_state else "nothing kept")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr(live_tab, "find_visitor", lambda: None)
    return AppTest.from_function(live_page)


def test_a_moment_is_kept_before_anything_is_drawn_and_the_whole_page_says_so(page: AppTest) -> None:
    page.session_state[state.LIVE.key] = Stream(LiveState(level=0.5), Snapshot(b"a picture", b"a sound"))
    page.run()
    assert page.markdown[-1].value == "nothing kept"
    page.button[0].click().run()
    assert page.session_state["moment"].recording == b"a sound"
    assert page.markdown[-1].value == "kept"


def test_nothing_seen_and_nothing_heard_is_no_moment(page: AppTest) -> None:
    page.session_state[state.LIVE.key] = Stream()
    page.run().button[0].click().run()
    assert "moment" not in page.session_state


def test_bars_say_in_words_what_they_show() -> None:
    shown = bars(LiveState(face=seen("sadness"), voice=reading("voice", "happiness")), ["face", "voice"])
    assert 'aria-label="Face: Sadness 94%"' in shown
    assert 'aria-label="Voice: Happiness 94%"' in shown
    assert shown.count("<i ") == 14
    assert "Voice" not in bars(LiveState(face=seen("sadness"), voice=reading("voice", "happiness")), ["face"])


def fades_in(shown: str) -> list[float]:
    """Seconds until what is shown fades."""
    return [float(seconds) for seconds in re.findall(r"--fresh:(-?[\d.]+)s", shown)]


def test_what_is_shown_fades_when_its_reading_is_half_a_second_old() -> None:
    now = time.monotonic()
    current = LiveState(face=seen("sadness"), face_at=now - 0.2, voice=reading("voice", "anger"), voice_at=now - 1.5)
    assert fades_in(word_of_the_moment(current)) == [pytest.approx(0.3, abs=0.1)]
    assert fades_in(bars(current, ["face", "voice"])) == [pytest.approx(0.3, abs=0.1), pytest.approx(-1, abs=0.1)]


@pytest.mark.parametrize(
    ("score", "sure", "words"),
    [(0.9, True, "Sadness</b><span>quite sure"), (0.6, True, "Sadness</b><span>fairly sure"),
     (0.6, False, "Sadness?</b><span>not sure"), (0.3, True, "Sadness?</b><span>not sure")],
)  # fmt: skip
def test_the_word_of_the_moment_says_how_sure_it_is(score: float, sure: bool, words: str) -> None:
    rest = (1 - score) / 6
    scores = {emotion: score if emotion == "sadness" else rest for emotion in EMOTIONS}
    assert words in word_of_the_moment(now_seen(replace(seen("sadness"), scores=scores, sure=sure)))


@pytest.mark.parametrize("answer", [None, Refusal("no_face", "No face.")])
def test_without_a_face_there_is_no_word_of_the_moment(answer: Refusal | None) -> None:
    assert "<p" not in word_of_the_moment(now_seen(answer))


def test_why_there_are_no_bars_is_one_kind_sentence() -> None:
    refused = LiveState(face=Refusal("several_faces", "technical"), voice=Refusal("nobody_foresaw", "technical"))
    shown = bars(refused, ["face", "voice"])
    assert "one at a time" in shown
    assert "could not be read" in shown
    assert "technical" not in shown


def test_captions_are_the_words_in_their_language_and_say_where_some_are_missing() -> None:
    captions = (Caption("a <b>day</b>", "en", after_gap=False), Caption("좋은 하루", "ko", after_gap=True))
    shown = caption_lines(LiveState(captions=captions))
    assert '<p lang="en">a &lt;b&gt;day&lt;/b&gt;</p>' in shown
    assert '<p lang="ko">… 좋은 하루</p>' in shown
    assert 'role="log"' in shown


def test_before_the_first_caption_and_in_another_language_there_is_a_sentence() -> None:
    assert "will appear here" in caption_lines(LiveState())
    other = Refusal("other_language", "technical", {"language": "ja"})
    shown = caption_lines(LiveState(captions=(Caption("words", "en", False),), caption_problem=other))
    assert "words" in shown
    assert "another language" in shown
    failed = caption_lines(LiveState(caption_problem=Refusal("failed", "technical")))
    assert "cannot be written down" in failed
    assert "technical" not in failed


def test_the_language_of_a_caption_cannot_leave_its_place() -> None:
    shown = caption_lines(LiveState(captions=(Caption("words", '"><script>', False),)))
    assert "<script>" not in shown


def captioned_page() -> None:
    """What AppTest runs as a page."""
    from components.entry import live

    live._scores("here", voice=False, face=True, keep=lambda _: None, captions=True)


def test_captions_stand_above_everything_that_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_tab, "find_visitor", lambda: None)
    page = AppTest.from_function(captioned_page)
    page.session_state[state.LIVE.key] = Stream(
        LiveState(face=seen("sadness"), level=0.5, captions=(Caption("what a day", "en", False),))
    )
    page.run()
    assert not page.exception
    word, first, last = page.get("html")
    assert "haru-word" in word.proto.body
    assert "what a day" in first.proto.body
    assert "haru-live" in last.proto.body
    assert page.get("progress")  # the loudness shows that the microphone hears something
