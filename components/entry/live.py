"""The live tab: the camera's picture with the face framed, and scores that move with it (streamlit-webrtc)."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import av
import cv2
import numpy as np
import streamlit as st

import settings
from components.counts import how_likely
from components.recognisers import analyst
from components.visitor import current_language, t, visitor
from emotions import BY_KEY, EMOTIONS, SEVEN
from fer.predict import FaceReading
from language import catalogue
from reading import Reading, Refusal
from ser.audio import SAMPLE_RATE
from understanding.live import LiveReader, Snapshot

_LIVE = "live"
_REFRESH = 0.5
"""Seconds between two looks of the page; the picture itself moves at the camera's pace."""
# The words that streamlit-webrtc's own buttons say.
_CONTROLS = (
    *("start", "stop", "select_device", "media_api_not_available", "device_ask_permission", "device_not_available"),
    *("device_access_denied", "select_camera", "select_microphone"),
)
# As st.audio_input records, and as the models were trained: without the browser's own improvements.
_MICROPHONE = {"echoCancellation": False, "noiseSuppression": False, "autoGainControl": False, "channelCount": 1}
_CAMERA = {"width": {"ideal": 640}, "height": {"ideal": 480}, "frameRate": {"ideal": 15}, "facingMode": "user"}


def live_tab(form: str, voice: bool, face: bool, keep: Callable[[Snapshot], None]) -> None:
    """Shows camera and microphone as far as they are allowed; `keep` is given the moment that the person keeps."""
    # Only here: most days do without it, and it is slow to import until the models are awake (app.py).
    from streamlit_webrtc import WebRtcMode, create_audio_sink_track, webrtc_streamer

    live = _live()
    # Sound goes to a sink: what is not sent back is otherwise never asked for, and no callback ever hears it.
    ear = create_audio_sink_track(_heard_by(live), key=f"ear_{form}", on_ended=live.stop) if voice else None
    st.caption(t("live.how"))
    connection = webrtc_streamer(
        key=f"live_{form}",
        mode=WebRtcMode.SENDRECV,
        # For both sides, and never left out: without a list the package asks outside servers for some.
        rtc_configuration={"iceServers": list(settings.ICE_SERVERS.get())},
        media_stream_constraints={"video": _CAMERA if face else False, "audio": _MICROPHONE if voice else False},
        video_frame_callback=_framed_by(live) if face else None,
        on_video_ended=live.stop if face else None,
        sink_audio_track=ear,
        sendback_video=face,
        sendback_audio=False,
        media_toggle_controls=False,
        video_html_attrs={"autoPlay": True, "controls": False, "muted": True, "playsInline": True,
                          "style": {"width": "100%", "borderRadius": "0.75rem"}},
        translations={name: t(f"live.{name}") for name in _CONTROLS},
    )  # fmt: skip
    if not connection.state.playing:
        # Why a browser refuses is the component's to say, in its own words and in English: what to do is ours.
        st.caption(t("live.not_starting"))
        if not connection.state.signalling:
            put_away()
        return
    _scores(form, voice, face, keep)


def put_away() -> None:
    """Nothing of a stream stays in memory once nobody watches it."""
    if live := st.session_state.pop(_LIVE, None):
        live.stop()


@st.fragment(run_every=_REFRESH)
def _scores(form: str, voice: bool, face: bool, keep: Callable[[Snapshot], None]) -> None:
    visitor()  # a fragment runs without ui.py: ask again who is there
    live: LiveReader | None = st.session_state.get(_LIVE)
    if live is None or live.is_over:
        st.rerun()  # the whole page: only there a stream is given to another one
    glance = live.state()
    if voice:
        st.progress(glance.level, text=t("live.level"))
    # Above the bars, which come, go and change their height: what moves is not easily pressed.
    st.button(
        t("live.keep"), key=f"live_keep_{form}", icon=":material/bookmark_add:", type="primary", on_click=_keep,
        args=(live, keep),
    )  # fmt: skip
    told = {"face": glance.face if face else None, "voice": glance.voice if voice else None}
    st.html(bars({source: answer for source, answer in told.items() if answer is not None}))


def _keep(live: LiveReader, keep: Callable[[Snapshot], None]) -> None:
    """Before anything is drawn: this part of the page is drawn so often that the next time may overtake what was
    pressed. Then the whole page, for the moment is shown elsewhere in it."""
    if moment := live.snapshot():
        keep(moment)
        st.rerun()


def bars(told: dict[str, Reading | Refusal]) -> str:
    """What each source says, as seven bars beside one another; why not, where it says nothing."""
    return f'<div class="haru-live">{"".join(_bars_of(source, answer) for source, answer in told.items())}</div>'


def _bars_of(source: str, answer: Reading | Refusal) -> str:
    name = escape(t(f"source.{source}"))
    if isinstance(answer, Refusal):
        key = f"live.{answer.code}" if f"live.{answer.code}" in catalogue("en") else f"refusal.{answer.code}"
        said = t(key if key in catalogue("en") else f"refusal.{source}")
        return f"<section><strong>{name}</strong><p>{escape(said)}</p></section>"
    scores = answer.scores
    language = current_language()
    best = max(EMOTIONS, key=scores.__getitem__)
    spoken = escape(f"{t(f'source.{source}')}: {BY_KEY[best].name(language)} {how_likely(scores[best])}%")
    rows = "".join(
        f"<span>{emotion.emoji} {escape(emotion.name(language))}</span>"
        f'<i style="--share:{scores[emotion.key]:.2f};--mood:{emotion.colour}"></i>'
        f"<span>{how_likely(scores[emotion.key])}%</span>"
        for emotion in SEVEN
    )
    return f'<section><strong>{name}</strong><div role="img" aria-label="{spoken}">{rows}</div></section>'


def _live() -> LiveReader:
    live = st.session_state.get(_LIVE)
    if live is None or live.is_over:
        live = st.session_state[_LIVE] = LiveReader(analyst())
    return live


def _framed_by(live: LiveReader) -> Callable[[av.VideoFrame], av.VideoFrame]:
    """Runs on the connection's own thread: no Streamlit in here, only the lock-guarded object."""

    def frame(picture: av.VideoFrame) -> av.VideoFrame:
        pixels = picture.to_ndarray(format="rgb24")
        live.add_picture(pixels)
        seen = live.state().face
        if not isinstance(seen, FaceReading) or seen.face is None:
            return picture
        left, top, width, height = (round(value) for value in seen.face.box)
        emotion = BY_KEY[seen.label]
        colour = tuple(int(emotion.colour[at : at + 2], 16) for at in (1, 3, 5))
        # The mood's colour only: OpenCV draws no Hangul, and the bars below say it in words.
        drawn = cv2.rectangle(pixels.copy(), (left, top), (left + width, top + height), colour, 4)
        return av.VideoFrame.from_ndarray(drawn, format="rgb24")

    return frame


def _heard_by(live: LiveReader) -> Callable[[av.AudioFrame], None]:
    resampler = av.AudioResampler(format="flt", rate=SAMPLE_RATE)

    def hear(frame: av.AudioFrame) -> None:
        for piece in resampler.resample(frame):
            # Averaged by hand, as recordings are: a mix to mono would make equal channels half as loud again.
            live.add_sound(piece.to_ndarray().reshape(-1, piece.layout.nb_channels).mean(axis=1, dtype=np.float32))

    return hear
