"""The live tab: the camera's picture with a frame around the face, the mood of the moment over it, scores beside it.

streamlit-webrtc makes the connection. Nothing is shown as if it were now that is more than half a second old
(`FRESH_SECONDS`): the frame is left out then, and mood and scores fade (assets/style/live.css).
`python -m benchmarks.live_age` measures how old they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, cast

import av
import cv2
import numpy as np
import streamlit as st

import settings
from components import state
from components.entry import lead_to
from components.entry.verdict import QUITE_SURE
from components.recognisers import analyst, speech_to_text
from components.text import score_percent
from components.visitor import current_language, find_visitor, t
from emotions import BY_KEY, EMOTIONS, SEVEN
from fer.predict import FaceReading
from inference.calibration import LEAST_SURE
from language import catalogue
from reading import Reading, Refusal
from ser.audio import SAMPLE_RATE
from understanding.live import FRESH_SECONDS, LiveReader, LiveState, Snapshot

if TYPE_CHECKING:
    from streamlit_webrtc import Translations

_REFRESH = 0.1
"""Seconds between two updates of the scores; each waits for another reading, but not longer than `_WAIT`."""
_WAIT = 0.2
# The labels of streamlit-webrtc's own buttons.
_CONTROLS = (
    *("start", "stop", "select_device", "media_api_not_available", "device_ask_permission", "device_not_available"),
    *("device_access_denied", "select_camera", "select_microphone"),
)
# Without the browser's audio processing, like st.audio_input and the recordings that the models learnt from.
_MICROPHONE = {"echoCancellation": False, "noiseSuppression": False, "autoGainControl": False, "channelCount": 1}
_CAMERA = {"width": {"ideal": 640}, "height": {"ideal": 480}, "frameRate": {"ideal": 15}, "facingMode": "user"}


def live_tab(
    form: str, voice: bool, face: bool, keep: Callable[[Snapshot], None], languages: Sequence[str] = ()
) -> None:
    """Streams the camera if `face`, and the microphone if `voice` or if there are `languages` to write captions in.

    It calls `keep` with the moment that the person keeps.
    """
    # Imported here: most visits do not need it, and the import is slow before the models are loaded (app.py).
    from streamlit_webrtc import WebRtcMode, create_audio_sink_track, webrtc_streamer

    live, hears = _live(), voice or bool(languages)
    live.reads_voice = voice
    live.write_down(speech_to_text() if languages else None, languages)
    # The sink consumes the sound: without one, sound that is not sent back never reaches a callback.
    sink = create_audio_sink_track(_audio_callback(live), key=f"sink_{form}", on_ended=live.stop) if hears else None
    with st.container(key=f"stage_live_{form}" if face else None):
        with st.container(key=f"live_picture_{form}"):
            connection = webrtc_streamer(
                key=f"live_{form}",
                mode=WebRtcMode.SENDRECV,
                # For browser and server, and always set: without it the package contacts servers of other companies.
                rtc_configuration={"iceServers": list(settings.ICE_SERVERS.get())},
                media_stream_constraints={"video": face and _CAMERA, "audio": hears and _MICROPHONE},
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
            is_playing = connection.state.playing
        if is_playing:
            with st.container(key=f"live_scores_{form}", gap="small"):
                _scores(form, voice, face, keep, captions=bool(languages))
        with st.container(gap="xsmall"):
            st.caption(t("live.how"))
            if face:
                st.caption(t("live.silence"))
            if not is_playing:
                # The component says, only in English, why the browser refuses; this line says what to do.
                st.caption(t("live.not_starting"))
    if not connection.state.signalling and not is_playing:
        stop_live()
    _lead_to_picture(form, is_playing and face)


def stop_live() -> None:
    """Ends the stream and removes it from memory."""
    state.LIVE_SHOWN.pop()
    if live := state.LIVE.pop():
        live.stop()


def _lead_to_picture(form: str, is_shown: bool) -> None:
    """Scrolls once to the picture when it starts: picture, word and scores fit a laptop's window together."""
    led = state.LED_TO_LIVE.of(form)
    if is_shown and not led.get():
        lead_to.ask(f"live_{form}", lead_to.LIVE)
    led.set(is_shown)
    if is_shown:
        lead_to.script(f"live_{form}")


@st.fragment(run_every=_REFRESH)
def _scores(form: str, voice: bool, face: bool, keep: Callable[[Snapshot], None], captions: bool = False) -> None:
    find_visitor()  # a fragment runs without ui.py
    live = state.LIVE.get()
    if live is None or live.is_over:
        st.rerun()  # reruns the whole page: only there a new stream can start
    current = live.wait_for_news(state.LIVE_SHOWN.get(), _WAIT)
    state.LIVE_SHOWN.set(current)
    if face:
        st.html(word_of_the_moment(current))
    if captions:
        st.html(caption_lines(current))
    if voice or captions:
        st.progress(current.level, text=t("live.level"))
    # Above the bars, whose height changes: a button that moves is hard to press.
    st.button(
        t("live.keep"), key=f"live_keep_{form}", icon=":material/bookmark_add:", type="primary", on_click=_keep,
        args=(live, keep),
    )  # fmt: skip
    st.html(bars(current, [source for source, is_on in (("face", face), ("voice", voice)) if is_on]))


def _keep(live: LiveReader, keep: Callable[[Snapshot], None]) -> None:
    """Keeps the moment, then reruns the whole page, which shows it outside this fragment.

    It is a callback, because the fragment reruns so often that the next rerun may come before the click.
    """
    if moment := live.snapshot():
        keep(moment)
        st.rerun()


def caption_lines(current: LiveState) -> str:
    """HTML: the last captions, or a sentence that says why there are none."""
    lines = [
        f'<p lang="{escape(line.language)}">{"… " if line.after_gap else ""}{escape(line.text)}</p>'
        for line in current.captions
    ]
    if current.caption_problem is not None:
        is_other = current.caption_problem.code == "other_language"
        lines.append(f"<p>{escape(t('live.captions_other' if is_other else 'live.captions_failed'))}</p>")
    if not lines:
        lines.append(f"<p>{escape(t('live.captions_empty'))}</p>")
    label = escape(t("live.captions"))
    return f'<div class="haru-captions" role="log" aria-label="{label}"><div>{"".join(lines)}</div></div>'


def word_of_the_moment(current: LiveState) -> str:
    """HTML: the mood that the face shows and how sure that is, in words. It stands over the picture."""
    face = current.face
    if not isinstance(face, FaceReading):
        return '<div class="haru-word"></div>'
    emotion = BY_KEY[face.label]
    is_sure = face.sure and face.scores[face.label] >= LEAST_SURE
    sureness = "quite" if is_sure and face.scores[face.label] >= QUITE_SURE else "fairly" if is_sure else "not"
    name = escape(emotion.name(current_language()) + ("" if is_sure else "?"))
    return (
        f'<div class="haru-word"><p style="{_fades(current, "face")}"><b>{emotion.face} {name}</b>'
        f"<span>{escape(t(f'live.sure_{sureness}'))}</span></p></div>"
    )


def bars(current: LiveState, sources: Sequence[str]) -> str:
    """HTML: seven bars for each source, or a sentence that says why there are none."""
    answers: dict[str, Reading | Refusal | None] = {"face": current.face, "voice": current.voice}
    columns = [
        _bars_of(source, answer, _fades(current, source))
        for source in sources
        if (answer := answers[source]) is not None
    ]
    return f'<div class="haru-live">{"".join(columns)}</div>'


def _fades(current: LiveState, source: str) -> str:
    """A style by which the browser fades what it shows once the reading is too old, even if no other one arrives."""
    return f"--fresh:{FRESH_SECONDS - min(current.age(source), 60):.2f}s"


def _bars_of(source: str, answer: Reading | Refusal, fades: str) -> str:
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
        f"<span>{emotion.face} {escape(emotion.name(language))}</span>"
        f'<i style="--share:{scores[emotion.key]:.2f};--mood:{emotion.colour}"></i>'
        f"<span>{score_percent(scores[emotion.key])}%</span>"
        for emotion in SEVEN
    )
    return f'<section style="{fades}"><strong>{name}</strong><div role="img" aria-label="{alt}">{rows}</div></section>'


def _live() -> LiveReader:
    live = state.LIVE.get()
    if live is None or live.is_over:
        live = LiveReader(analyst())
        state.LIVE.set(live)
    return live


def _video_callback(live: LiveReader) -> Callable[[av.VideoFrame], av.VideoFrame]:
    """Draws the frame around the face. The callback runs on the connection's thread: it must not call Streamlit."""

    def frame(picture: av.VideoFrame) -> av.VideoFrame:
        pixels = picture.to_ndarray(format="rgb24")
        live.add_picture(pixels)
        current = live.state()
        reading = current.face
        if not isinstance(reading, FaceReading) or reading.face is None or not current.is_fresh("face"):
            return picture
        left, top, width, height = (round(value) for value in reading.face.box)
        emotion = BY_KEY[reading.label]
        colour = tuple(int(emotion.colour[at : at + 2], 16) for at in (1, 3, 5))
        # Colour only: OpenCV draws no Hangul, and the page names the mood over the picture.
        drawn = cv2.rectangle(pixels.copy(), (left, top), (left + width, top + height), colour, 4)
        return av.VideoFrame.from_ndarray(np.asarray(drawn, np.uint8), format="rgb24")

    return frame


def _audio_callback(live: LiveReader) -> Callable[[av.AudioFrame], None]:
    resampler = av.AudioResampler(format="flt", rate=SAMPLE_RATE)

    def add_frame(frame: av.AudioFrame) -> None:
        for piece in resampler.resample(frame):
            # The mean of the channels, as for recordings: the resampler's own mono is louder.
            live.add_sound(piece.to_ndarray().reshape(-1, piece.layout.nb_channels).mean(axis=1, dtype=np.float32))

    return add_frame
