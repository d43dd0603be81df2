"""The live tab: the camera's picture with a frame around the face, and scores that follow it (streamlit-webrtc)."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, cast

import av
import cv2
import numpy as np
import streamlit as st

import settings
from components import state
from components.recognisers import analyst
from components.text import score_percent
from components.visitor import current_language, find_visitor, t
from emotions import BY_KEY, EMOTIONS, SEVEN
from fer.predict import FaceReading
from language import catalogue
from reading import Reading, Refusal
from ser.audio import SAMPLE_RATE
from understanding.live import LiveReader, Snapshot

if TYPE_CHECKING:
    from streamlit_webrtc import Translations

_REFRESH = 0.5
"""Seconds between two updates of the scores; the picture itself moves at the camera's pace."""
# The labels of streamlit-webrtc's own buttons.
_CONTROLS = (
    *("start", "stop", "select_device", "media_api_not_available", "device_ask_permission", "device_not_available"),
    *("device_access_denied", "select_camera", "select_microphone"),
)
# As st.audio_input records, and as the models were trained: without the browser's own improvements.
_MICROPHONE = {"echoCancellation": False, "noiseSuppression": False, "autoGainControl": False, "channelCount": 1}
_CAMERA = {"width": {"ideal": 640}, "height": {"ideal": 480}, "frameRate": {"ideal": 15}, "facingMode": "user"}


def live_tab(form: str, voice: bool, face: bool, keep: Callable[[Snapshot], None]) -> None:
    """Shows the camera and hears the microphone, as far as allowed; calls `keep` with the moment the person keeps."""
    # Imported here: most visits do without it, and it is slow until the models are loaded (app.py).
    from streamlit_webrtc import WebRtcMode, create_audio_sink_track, webrtc_streamer

    live = _live()
    # A sink pulls the sound: without one, sound that is not sent back never reaches a callback.
    sink = create_audio_sink_track(_audio_callback(live), key=f"sink_{form}", on_ended=live.stop) if voice else None
    st.caption(t("live.how"))
    connection = webrtc_streamer(
        key=f"live_{form}",
        mode=WebRtcMode.SENDRECV,
        # For both sides, and never left out: without a list the package contacts outside servers.
        rtc_configuration={"iceServers": list(settings.ICE_SERVERS.get())},
        media_stream_constraints={"video": _CAMERA if face else False, "audio": _MICROPHONE if voice else False},
        video_frame_callback=_video_callback(live) if face else None,
        on_video_ended=live.stop if face else None,
        sink_audio_track=sink,
        sendback_video=face,
        sendback_audio=False,
        media_toggle_controls=False,
        video_html_attrs={"autoPlay": True, "controls": False, "muted": True, "playsInline": True,
                          "style": {"width": "100%", "borderRadius": "0.75rem"}},
        translations=cast("Translations", {name: t(f"live.{name}") for name in _CONTROLS}),
    )  # fmt: skip
    if not connection.state.playing:
        # The component says why a browser refuses, in English; this line says what to do.
        st.caption(t("live.not_starting"))
        if not connection.state.signalling:
            stop_live()
        return
    _scores(form, voice, face, keep)


def stop_live() -> None:
    """Ends the stream and removes it from memory."""
    if live := state.LIVE.pop():
        live.stop()


@st.fragment(run_every=_REFRESH)
def _scores(form: str, voice: bool, face: bool, keep: Callable[[Snapshot], None]) -> None:
    find_visitor()  # a fragment runs without ui.py
    live = state.LIVE.get()
    if live is None or live.is_over:
        st.rerun()  # the whole page: only there a new stream can begin
    glance = live.state()
    if voice:
        st.progress(glance.level, text=t("live.level"))
    # Above the bars, whose height changes: a button that moves is hard to press.
    st.button(
        t("live.keep"), key=f"live_keep_{form}", icon=":material/bookmark_add:", type="primary", on_click=_keep,
        args=(live, keep),
    )  # fmt: skip
    answers = {"face": glance.face if face else None, "voice": glance.voice if voice else None}
    st.html(bars({source: answer for source, answer in answers.items() if answer is not None}))


def _keep(live: LiveReader, keep: Callable[[Snapshot], None]) -> None:
    """Keeps the moment in a callback: the fragment reruns so often that the next rerun may overtake a press.

    Then it reruns the whole page, which shows the moment in another place.
    """
    if moment := live.snapshot():
        keep(moment)
        st.rerun()


def bars(answers: dict[str, FaceReading | Reading | Refusal]) -> str:
    """HTML: seven bars for each source, or a sentence that says why there are none."""
    return f'<div class="haru-live">{"".join(_bars_of(source, answer) for source, answer in answers.items())}</div>'


def _bars_of(source: str, answer: Reading | Refusal) -> str:
    name = escape(t(f"source.{source}"))
    if isinstance(answer, Refusal):
        key = f"live.{answer.code}" if f"live.{answer.code}" in catalogue("en") else f"refusal.{answer.code}"
        sentence = t(key if key in catalogue("en") else f"refusal.{source}")
        return f"<section><strong>{name}</strong><p>{escape(sentence)}</p></section>"
    scores = answer.scores
    language = current_language()
    best = max(EMOTIONS, key=scores.__getitem__)
    alt = escape(f"{t(f'source.{source}')}: {BY_KEY[best].name(language)} {score_percent(scores[best])}%")
    rows = "".join(
        f"<span>{emotion.emoji} {escape(emotion.name(language))}</span>"
        f'<i style="--share:{scores[emotion.key]:.2f};--mood:{emotion.colour}"></i>'
        f"<span>{score_percent(scores[emotion.key])}%</span>"
        for emotion in SEVEN
    )
    return f'<section><strong>{name}</strong><div role="img" aria-label="{alt}">{rows}</div></section>'


def _live() -> LiveReader:
    live = state.LIVE.get()
    if live is None or live.is_over:
        live = LiveReader(analyst())
        state.LIVE.set(live)
    return live


def _video_callback(live: LiveReader) -> Callable[[av.VideoFrame], av.VideoFrame]:
    """Draws the frame around the face. It runs on the connection's thread, so it calls no Streamlit."""

    def frame(picture: av.VideoFrame) -> av.VideoFrame:
        pixels = picture.to_ndarray(format="rgb24")
        live.add_picture(pixels)
        seen = live.state().face
        if not isinstance(seen, FaceReading) or seen.face is None:
            return picture
        left, top, width, height = (round(value) for value in seen.face.box)
        emotion = BY_KEY[seen.label]
        colour = tuple(int(emotion.colour[at : at + 2], 16) for at in (1, 3, 5))
        # Colour only: OpenCV draws no Hangul, and the bars below name the mood.
        drawn = cv2.rectangle(pixels.copy(), (left, top), (left + width, top + height), colour, 4)
        return av.VideoFrame.from_ndarray(np.asarray(drawn, np.uint8), format="rgb24")

    return frame


def _audio_callback(live: LiveReader) -> Callable[[av.AudioFrame], None]:
    resampler = av.AudioResampler(format="flt", rate=SAMPLE_RATE)

    def hear(frame: av.AudioFrame) -> None:
        for piece in resampler.resample(frame):
            # The mean of the channels, as for recordings: the resampler's mono is half as loud again.
            live.add_sound(piece.to_ndarray().reshape(-1, piece.layout.nb_channels).mean(axis=1, dtype=np.float32))

    return hear
