"""Lists that the person saved: saves the present one under a name, plays, renames and deletes."""

from __future__ import annotations

import streamlit as st

from components import notice
from components.dates import day_label
from components.music import playlist, sources, wish
from components.music.playlist import Playlist
from components.text import plain
from components.visitor import current_language, find_visitor, t, zone
from diary import days, music_lists
from diary.music_lists import NAME_MAX, MusicList
from diary.sessions import Session
from emotions import BY_KEY

_NAME = "music_list_name"


def save_list(playing: Playlist) -> None:
    """A button that opens a field for the name; it holds the mood and the day at first."""
    with st.popover(t("lists.save"), icon=":material/bookmark_add:"):
        mood = BY_KEY[playing.wish.mood].name(current_language())
        usual = f"{mood} · {day_label(days.today(zone()))}"
        st.text_input(t("lists.name"), value=usual, max_chars=NAME_MAX, key=f"{_NAME}_{playing.jump}_{mood}")
        st.button(
            t("lists.save_now"),
            key="save_list",
            type="primary",
            on_click=_save,
            args=(f"{_NAME}_{playing.jump}_{mood}", usual),
        )


def saved_lists(session: Session) -> None:
    """The lists, each with its buttons."""
    lists = music_lists.every(session)
    if not lists:
        return
    with st.expander(t("lists.saved", count=len(lists)), key="saved_lists"):
        for saved in lists:
            with st.container(horizontal=True, vertical_alignment="center", key=f"saved_list_{saved.id}"):
                _about(session, saved)
                st.button(
                    t("lists.play"), key=f"play_{saved.id}", icon=":material/play_arrow:", on_click=_play, args=(saved,)
                )
                with st.popover(t("lists.change"), type="tertiary"):
                    key = f"rename_{saved.id}"
                    st.text_input(t("lists.name"), value=saved.name, max_chars=NAME_MAX, key=key)
                    st.button(t("lists.rename"), key=f"{key}_now", on_click=_rename, args=(saved.id, key))
                    st.button(
                        t("lists.delete"),
                        key=f"delete_{saved.id}",
                        icon=":material/delete:",
                        on_click=_delete,
                        args=(saved.id,),
                    )


def _about(session: Session, saved: MusicList) -> None:
    """Its name, what it holds, and which tracks are gone since."""
    with st.container(gap=None):
        st.markdown(f"**{plain(saved.name)}**")
        st.caption(t("lists.holds", count=len(saved.tracks), source=t(f"music.source_{saved.source}")))
        here = {track.id for track in playlist.still_there(session, saved)}
        gone = [track.title_in(current_language()) for track in saved.tracks if track.id not in here]
        if gone:
            st.caption(t("lists.gone", titles=plain(", ".join(gone))))


def _save(key: str, usual: str) -> None:
    session, playing = find_visitor(), playlist.in_use()
    name = music_lists.tidy_name(st.session_state[key]) or usual
    wanted = playing.wish
    new = MusicList(
        name,
        playing.source,
        wanted.mood,
        wanted.intensity,
        wanted.intent,
        tuple(choice.track for choice in playing.choices),
    )
    with notice.showing_errors():
        music_lists.add(session, new)
        notice.show_after_rerun(t("lists.is_saved"))


def _play(saved: MusicList) -> None:
    session = find_visitor()
    wanted = wish.choose(session, saved.mood, saved.intensity, saved.intent)
    if not playlist.play_saved(session, saved, wanted):
        notice.show_after_rerun(t("lists.all_gone"))
        return
    sources.set_source(saved.source)


def _rename(list_id: str, key: str) -> None:
    with notice.showing_errors():
        music_lists.rename(find_visitor(), list_id, st.session_state[key])


def _delete(list_id: str) -> None:
    notice.delete(lambda session: music_lists.delete(session, list_id), t("lists.deleted"))
