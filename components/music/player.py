"""The player and what can be said of the piece that is on."""

from __future__ import annotations

import streamlit as st

from components.music import playlist
from components.music.local_player import local_player
from components.music.playlist import Listening
from components.music.track_text import made_by, named, why
from components.music.youtube_player import youtube_player
from components.visitor import current_language, t, visitor
from diary import music_feedback, own_tracks
from diary.sessions import Session

_YOUTUBE, _LOCAL = "player_youtube", "player_local"
_AFTERWARDS = ("better", "same", "worse")
_HELP = "pages/help.py"


def player(session: Session, kept: Listening) -> None:
    if kept.wish.is_dark:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="music_help"):
            st.write(t("music.dark"))
            st.page_link(_HELP, label=t("nav.help"), icon=":material/favorite:")
    if kept.trouble:
        st.info(t(kept.trouble), icon=":material/info:")
    choice = kept.now
    if kept.source == "youtube":
        _youtube(kept)
        st.markdown(named(choice.track))
    else:
        _local(session, kept)  # which says itself what is on
    st.caption(why(choice, kept.wish, kept.at, len(kept.choices)))
    _sayings(session, kept)


def pieces(kept: Listening) -> None:
    """The whole list; any piece can be heard next."""
    for place, choice in enumerate(kept.choices):
        with st.container(horizontal=True, vertical_alignment="center", key=f"piece_{place}"):
            with st.container(gap=None):
                is_on = place == kept.at
                st.markdown(f"{place + 1}\\. {named(choice.track)}")
                st.caption(why(choice, kept.wish, place, len(kept.choices)))
            st.button(
                t("music.on_now" if is_on else "music.hear"),
                key=f"hear_{place}",
                icon=":material/graphic_eq:" if is_on else ":material/play_arrow:",
                disabled=is_on,
                on_click=playlist.call,
                args=(place,),
            )


def _sayings(session: Session, kept: Listening) -> None:
    track = kept.now.track
    is_liked = track.id in music_feedback.likes(session)
    with st.container(horizontal=True, key="sayings"):
        if st.button(
            t("music.liked" if is_liked else "music.like"),
            key="like",
            icon=":material/favorite:" if is_liked else ":material/favorite_border:",
            type="primary" if is_liked else "secondary",
        ):
            playlist.say(session, "unliked" if is_liked else "liked", track)
            st.rerun()
        st.button(t("music.skip"), key="skip", icon=":material/skip_next:", on_click=playlist.next_one, args=(session,))
        st.button(
            t("music.not_for_me"), key="refuse", icon=":material/block:", on_click=playlist.refuse, args=(session,)
        )
    said = kept.said.get(track.id)
    after = st.pills(
        t("music.afterwards"),
        _AFTERWARDS,
        default=said,
        format_func={feeling: t(f"music.{feeling}") for feeling in _AFTERWARDS}.__getitem__,
        key=f"after_{track.id}_{kept.seed}",
    )
    if after and after != said:
        playlist.say(session, after, track)
    if after:
        st.caption(t("music.thanks"))


def _youtube(kept: Listening) -> None:
    youtube_player(
        kept.now.track,
        f"{kept.now.track.title_in(current_language())} — {made_by(kept.now.track)}",
        kept.opened,
        _YOUTUBE,
        {
            "opened": _opened,
            "heard": _heard_video,
            "ended": _ended_video,
            "failed": _failed_video,
            "silent": _silent_video,
        },
    )


def _told(what: str) -> str:
    return str((st.session_state[_YOUTUBE].get(what) or {}).get("video", ""))


def _opened() -> None:
    _kept().opened = True


def _heard_video() -> None:
    kept = _kept()
    if (place := kept.place_of(f"youtube:{_told('heard')}")) is not None:
        kept.failures, kept.trouble = 0, ""
        playlist.say(visitor(), "heard", kept.choices[place].track)


def _ended_video() -> None:
    kept = _kept()
    place = kept.place_of(f"youtube:{_told('ended')}")
    if place == kept.at and place + 1 < len(kept.choices):
        playlist.hear(place + 1)


def _failed_video() -> None:
    playlist.unplayable(visitor(), _told("failed"))


def _silent_video() -> None:
    _kept().trouble = "music.silent"


def _local(session: Session, kept: Listening) -> None:
    with_sound = {f"own:{own.id}" for own in own_tracks.every(session) if own.mime}
    tracks = [choice.track for choice in kept.choices]
    playable = frozenset(track.id for track in tracks if track.kind == "local" or track.id in with_sound)
    local_player(
        tracks,
        playable,
        kept.at,
        kept.jump,
        kept.called == kept.jump,
        _LOCAL,
        {"at": _went_on, "heard": _heard_track, "failed": _failed_track},
    )


def _went_on() -> None:
    kept = _kept()
    if (place := kept.place_of(str(st.session_state[_LOCAL].get("at")))) is not None:
        kept.at = place


def _heard_track() -> None:
    kept = _kept()
    if (place := kept.place_of(str(st.session_state[_LOCAL].get("heard")))) is not None:
        playlist.say(visitor(), "heard", kept.choices[place].track)


def _failed_track() -> None:
    _kept().trouble = "music.local_failed"


def _kept() -> Listening:
    return st.session_state["listening"]
