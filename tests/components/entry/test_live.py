from __future__ import annotations

import av
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit_webrtc.config import compile_rtc_configuration

import settings
from components import state
from components.entry import live as live_tab
from components.entry.live import bars, caption_lines
from emotions import BY_KEY
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

    def snapshot(self) -> Snapshot:
        return self.latest


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
    stream = Stream(LiveState(face=seen("anger")))
    grey = av.VideoFrame.from_ndarray(np.full((80, 80, 3), 90, np.uint8), format="rgb24")
    drawn = live_tab._video_callback(stream)(grey).to_ndarray(format="rgb24")
    colour = [int(BY_KEY["anger"].colour[at : at + 2], 16) for at in (1, 3, 5)]
    assert drawn[10, 35].tolist() == colour  # the upper edge
    assert drawn[30, 35].tolist() == [90, 90, 90]  # the face itself stays as it is
    assert (stream.pictures[0] == 90).all()  # what is read holds no frame


@pytest.mark.parametrize("answer", [None, Refusal("no_face", "No face.")])
def test_without_a_face_nothing_is_framed(answer: Refusal | None) -> None:
    grey = av.VideoFrame.from_ndarray(np.full((80, 80, 3), 90, np.uint8), format="rgb24")
    assert live_tab._video_callback(Stream(LiveState(face=answer)))(grey) is grey


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
    shown = bars({"face": seen("sadness"), "voice": reading("voice", "happiness")})
    assert 'aria-label="Face: Sadness 94%"' in shown
    assert 'aria-label="Voice: Happiness 94%"' in shown
    assert shown.count("<i ") == 14


def test_why_there_are_no_bars_is_one_kind_sentence() -> None:
    shown = bars({"face": Refusal("several_faces", "technical"), "voice": Refusal("nobody_foresaw", "technical")})
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
    first, last = page.get("html")
    assert "what a day" in first.proto.body
    assert "haru-live" in last.proto.body
    assert page.get("progress")  # the loudness shows that the microphone hears something
