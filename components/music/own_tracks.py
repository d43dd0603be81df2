"""A person's own tracks: the analysis of uploaded music, and the tracks that they added to their recommendations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.typing import UploadedFile

from components import notice, state, uploads
from components.entry.capture import SOUNDS
from components.music import folder
from components.music.plane_chart import track_chart
from components.music.track_pictures import spectrogram, waveform
from components.text import plain
from components.visitor import current_language, sentence, t
from diary import consents, errors, own_tracks
from diary.own_tracks import OwnTrack
from diary.sessions import Session
from inference.shipped import NotFreeError
from inference.weights import WeightsError
from language import catalogue
from music import analyse
from music.analyse import TrackAnalysis
from music.harmony import PITCHES, Key
from reading import Refusal

_MIN_CLARITY = 0.5
"""Below this clarity, the page names no key (music/harmony.py)."""
_MEASURES = ("tempo", "onset_rate", "noise", "amplitude", "brightness", "dynamics")


def analyse_own_tracks(session: Session) -> None:
    try:
        analyst = analyse.load()
    except NotFreeError:
        st.info(t("own.not_free"), icon=":material/info:")
        return
    except WeightsError:
        st.warning(t("own.no_model"))
        return
    st.write(t("own.means"))
    uploaded = st.file_uploader(
        t("own.upload"), type=SOUNDS, accept_multiple_files=True, key="own_upload", max_upload_size=uploads.MUSIC
    )
    waiting = _by_name([*((file.name, file) for file in uploaded), *folder.choose_files().items()])
    # The session holds the results; the audio is only in the uploader and leaves memory with the page.
    analysed = state.ANALYSED_TRACKS.get_or_make(dict)
    if st.button(t("own.listen"), key="own_listen", icon=":material/hearing:", type="primary", disabled=not waiting):
        analysed.clear()
        progress = st.progress(0.0)
        for number, (name, file) in enumerate(waiting.items(), start=1):
            progress.progress((number - 1) / len(waiting), t("own.hearing", number=number, of=len(waiting)))
            analysed[name] = analyst.read_one(file if isinstance(file, Path) else file.getvalue())
        progress.empty()
    for number, (name, answer) in enumerate(analysed.items()):
        with st.container(border=True, key=f"own_heard_{number}"):
            st.subheader(plain(Path(name).stem or name), anchor=False)
            if isinstance(answer, Refusal):
                st.warning(music_refusal_sentence(answer), icon=":material/info:")
            else:
                _show_analysis(answer, number)
                _join(session, name, answer, waiting.get(name), number)
    _joined_tracks(session)


def _by_name(files: Sequence[tuple[str, Path | UploadedFile]]) -> dict[str, Path | UploadedFile]:
    """Files by unique name: the second file of the same name becomes “name (2)”."""
    named: dict[str, Path | UploadedFile] = {}
    for name, file in files:
        path, number = Path(name), 1
        while name in named:
            number += 1
            name = f"{path.stem} ({number}){path.suffix}"
        named[name] = file
    return named


def _show_analysis(answer: TrackAnalysis, number: int) -> None:
    st.markdown(t("own.verdict", eight=t(f"eight.{answer.emotion8}"), four=t(f"four.{answer.emotion4}")))
    shares = " · ".join(f"{t(f'four.{name}')} {share:.0%}" for name, share in answer.scores4.items())
    st.caption(f"{shares} — {t('own.not_a_fact')}")
    measures = " · ".join(
        t(f"own.{name}", value=_shown(name, answer.features[name])) for name in _MEASURES if name in answer.features
    )
    st.write(f"{measures} · {_key(answer.key)}")
    track_chart(
        answer.valence,
        answer.arousal,
        key=f"own_plane_{number}",
        alt=t("own.plane_alt", valence=f"{answer.valence:+.2f}", arousal=f"{answer.arousal:+.2f}"),
    )
    if st.toggle(t("own.pictures"), key=f"own_pictures_{number}"):
        quiet = {"displayModeBar": False}
        st.plotly_chart(waveform(answer), key=f"own_wave_{number}", config=quiet, alt=t("own.waveform"))
        st.caption(t("own.waveform"))
        st.plotly_chart(spectrogram(answer), key=f"own_mel_{number}", config=quiet, alt=t("own.spectrogram"))
        st.caption(t("own.spectrogram"))


def _join(session: Session, name: str, answer: TrackAnalysis, file: Path | UploadedFile | None, number: int) -> None:
    may_keep = file is not None and "media" in consents.given(session.account_id)
    keep = may_keep and st.checkbox(t("own.keep_sound"), key=f"own_keep_{number}")
    if not may_keep:
        st.caption(t("own.no_sound"))
    if not st.button(t("own.join"), key=f"own_join_{number}", icon=":material/playlist_add:"):
        return
    sound = None
    if keep and file is not None:
        sound = file.read_bytes() if isinstance(file, Path) else file.getvalue()
    track = OwnTrack(
        title=Path(name).stem or name,
        seconds=answer.seconds,
        valence=answer.valence,
        arousal=answer.arousal,
        emotion8=answer.emotion8,
        emotion4=answer.emotion4,
        scores4=dict(answer.scores4),
        features=dict(answer.features),
        model=answer.model,
    )
    try:
        own_tracks.add(session, track, sound)
    except errors.DiaryError as error:
        st.error(sentence(error))
        return
    state.PLAYLIST.pop()  # the next list may hold this track
    notice.show_after_rerun(t("own.joined"))
    st.rerun()


def _joined_tracks(session: Session) -> None:
    mine = own_tracks.every(session)
    st.header(t("own.mine"), anchor=False)
    if not mine:
        st.write(t("own.none"))
    for own in mine:
        with st.container(horizontal=True, vertical_alignment="center", key=f"own_row_{own.id}"):
            with st.container(gap=None):
                st.markdown(f"**{plain(own.title)}** · {t(f'eight.{own.emotion8}')}")
                st.caption(t("own.with_sound" if own.mime else "own.without_sound"))
            st.button(
                t("own.remove"), key=f"own_remove_{own.id}", icon=":material/delete:", on_click=_remove, args=(own.id,)
            )


def _remove(own_id: str) -> None:
    # The list that plays may hold this track, or lack it once it is back.
    notice.delete(lambda session: own_tracks.delete(session, own_id), t("own.removed"), then=state.PLAYLIST.pop)


def _key(key: Key) -> str:
    if key.clarity < _MIN_CLARITY:
        return t("own.key_none")
    return t("own.key_minor" if key.minor else "own.key_major", tonic=PITCHES[key.tonic])


def _shown(name: str, value: float) -> str:
    """The value as text: noise as a share, the onset rate with one decimal, all others as whole numbers."""
    if name == "noise":
        return f"{value:.1%}"
    return f"{value:.1f}" if name == "onset_rate" else f"{value:.0f}"


def music_refusal_sentence(refusal: Refusal) -> str:
    key = f"refusal.music_{refusal.code}"
    return t(key if key in catalogue(current_language()) else "refusal.music")
