"""The source of the music (YouTube or local), another list, a search on YouTube, and a reset of the learnt taste."""

from __future__ import annotations

import streamlit as st

import settings
from components import notice, state
from components.music import playlist
from components.text import plain
from components.visitor import current_language, t, with_visitor
from diary import database, music_feedback
from diary.sessions import Session
from music import catalogue
from music.recommend import Wish
from music.search_cache import SearchCache

_SOURCES = ("youtube", "local")
_SOURCE = "music_source"


def choose_source(session: Session) -> str:
    """Asks for the source, starting from the last choice; returns the other one where this source has no track."""
    st.session_state.setdefault(_SOURCE, music_feedback.SOURCE.of(session))
    source = st.segmented_control(
        t("music.source"),
        _SOURCES,
        format_func={source: t(f"music.source_{source}") for source in _SOURCES}.__getitem__,
        required=True,
        key=_SOURCE,
    )
    assert source is not None  # one is required
    if source != music_feedback.SOURCE.of(session):
        music_feedback.SOURCE.choose(session, source)
    everything = catalogue.load()
    if playlist.pool(session, source, everything):
        return source
    st.warning(t(f"music.no_{source}"))
    return next(other for other in _SOURCES if other != source)


def set_source(source: str) -> None:
    """Sets the field for the source. For the callback of a button."""
    st.session_state[_SOURCE] = source


def offer_offline() -> None:
    """A button that plays the list for the same wish without internet."""
    st.button(
        t("music.play_offline"),
        key="play_offline",
        icon=":material/play_arrow:",
        type="primary",
        on_click=with_visitor,
        args=(_play_offline,),
    )


def _play_offline(session: Session) -> None:
    if playlist.switch_to_local(session):
        set_source("local")


def another_list() -> None:
    st.button(
        t("music.another_list"),
        key="another_list",
        icon=":material/refresh:",
        on_click=with_visitor,
        args=(playlist.make_another,),
    )


def more_from_youtube(session: Session, wish: Wish) -> None:
    """A search on YouTube, only on request; the page shows beforehand which words it sends."""
    from music import youtube  # loads Google's client, which few visits need

    st.markdown(f"**{t('youtube.search_title')}**")
    if not settings.YOUTUBE_KEY.get():
        st.caption(t("youtube.no_key"))
        return
    words = youtube.search_words(wish, current_language())
    st.caption(t("youtube.search_means", words=plain(words)))
    if st.button(t("youtube.search"), key="youtube_search", icon=":material/search:"):
        with st.spinner(t("youtube.searching")):
            found = youtube.search(wish, current_language(), SearchCache(database.folder() / "youtube.db"))
        if found.error:
            st.info(t(f"youtube.{found.error}"), icon=":material/info:")
            if found.error in ("time_out", "no_network"):
                offer_offline()
        else:
            playlist.add_found(list(found.tracks))
            playlist.make_another(session)
            notice.show_after_rerun(t("youtube.found", count=len(found.tracks)))
            st.rerun()


def forget_tastes(session: Session) -> None:
    """A button that deletes the taste learnt from feedback; it keeps the preferences that the person set."""
    st.markdown(f"**{t('music.learnt')}**")
    st.caption(t("music.learnt_means", count=music_feedback.count(session)))
    if st.button(t("music.forget"), key="forget_tastes", icon=":material/restart_alt:"):
        music_feedback.reset(session)
        notice.show_after_rerun(t("music.forgotten"))
        state.PLAYLIST.pop()
        st.rerun()
