"""The player, the buttons for feedback about the track that plays, and the list of tracks."""

from __future__ import annotations

import streamlit as st

from components import notice
from components.music import playlist
from components.music.local_player import local_player
from components.music.playlist import Playlist
from components.music.sources import offer_offline
from components.music.track_text import made_by, reason, title_and_maker
from components.music.youtube_player import youtube_player
from components.visitor import current_language, find_visitor, t, with_visitor
from diary import music_feedback, own_tracks
from diary.sessions import Session
from music import catalogue

_YOUTUBE, _LOCAL = "player_youtube", "player_local"
_FEEDBACK = ("better", "same", "worse")
_OFFER_OFFLINE = ("music.silent", "music.none_plays")


def player(session: Session, playing: Playlist) -> None:
    if playing.wish.is_dark:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="music_help"):
            st.write(t("music.dark"))
            st.page_link("pages/help.py", label=t("nav.help"), icon=":material/favorite:")
    if playing.trouble:
        st.info(t(playing.trouble), icon=":material/info:")
    if playing.trouble in _OFFER_OFFLINE:
        offer_offline()
    choice = playing.now
    if playing.source == "youtube":
        _youtube(playing)
        st.markdown(title_and_maker(choice.track))
    else:
        _local(session, playing)  # this player shows the title itself
    st.caption(reason(choice, playing.wish, playing.at, len(playing.choices)))
    _feedback_buttons(session, playing)


def track_list(playing: Playlist) -> None:
    """The whole list; each track has a button that plays it."""
    for place, choice in enumerate(playing.choices):
        with st.container(horizontal=True, vertical_alignment="center", key=f"piece_{place}"):
            with st.container(gap=None):
                is_on = place == playing.at
                st.markdown(f"{place + 1}\\. {title_and_maker(choice.track)}")
                st.caption(reason(choice, playing.wish, place, len(playing.choices)))
            st.button(
                t("music.on_now" if is_on else "music.hear"),
                key=f"hear_{place}",
                icon=":material/graphic_eq:" if is_on else ":material/play_arrow:",
                disabled=is_on,
                on_click=playlist.play_now,
                args=(place,),
            )


def _feedback_buttons(session: Session, playing: Playlist) -> None:
    track = playing.now.track
    is_liked = track.id in music_feedback.likes(session)
    with st.container(horizontal=True, key="sayings"):
        if st.button(
            t("music.liked" if is_liked else "music.like"),
            key="like",
            icon=":material/favorite:" if is_liked else ":material/favorite_border:",
            type="primary" if is_liked else "secondary",
        ):
            playlist.give_feedback(session, "unliked" if is_liked else "liked", track)
            notice.show_after_rerun(t("music.no_longer_liked" if is_liked else "music.more_like_this"))
            st.rerun()
        if playing.source == "youtube":  # the player of local tracks has this button itself
            st.button(
                t("music.skip"), key="skip", icon=":material/skip_next:", on_click=with_visitor, args=(playlist.skip,)
            )
        st.button(
            t("music.not_for_me"), key="refuse", icon=":material/block:", on_click=with_visitor, args=(playlist.refuse,)
        )
    before = playing.feedback.get(track.id)
    after = st.pills(
        t("music.afterwards"),
        _FEEDBACK,
        default=before,
        format_func={feeling: t(f"music.{feeling}") for feeling in _FEEDBACK}.__getitem__,
        key=f"after_{track.id}_{playing.seed}",
    )
    if after and after != before:
        playlist.give_feedback(session, after, track)
    if after:
        st.caption(t("music.thanks"))


def _youtube(playing: Playlist) -> None:
    youtube_player(
        playing.now.track,
        f"{playing.now.track.title_in(current_language())} — {made_by(playing.now.track)}",
        playing.opened,
        _YOUTUBE,
        {
            "opened": _opened,
            "heard": _heard_video,
            "ended": _ended_video,
            "failed": _failed_video,
            "silent": _silent_video,
        },
    )


def _reported_video(what: str) -> str:
    return str((st.session_state[_YOUTUBE].get(what) or {}).get("video", ""))


def _opened() -> None:
    playlist.in_use().opened = True


def _heard_video() -> None:
    playing = playlist.in_use()
    if (place := playing.place_of(f"youtube:{_reported_video('heard')}")) is not None:
        playing.failures, playing.trouble = 0, ""
        playlist.give_feedback(find_visitor(), "heard", playing.choices[place].track)


def _ended_video() -> None:
    playing = playlist.in_use()
    place = playing.place_of(f"youtube:{_reported_video('ended')}")
    if place == playing.at and playing.at + 1 < len(playing.choices):
        playlist.play(playing.at + 1)


def _failed_video() -> None:
    playlist.replace_unplayable(find_visitor(), _reported_video("failed"))


def _silent_video() -> None:
    playlist.in_use().trouble = "music.silent"


def _local(session: Session, playing: Playlist) -> None:
    with_sound = {f"own:{own.id}" for own in own_tracks.every(session) if own.mime}
    tracks = [choice.track for choice in playing.choices]
    playable = frozenset(track.id for track in tracks if track.kind == "local" or track.id in with_sound)
    callbacks = {"at": _track_changed, "heard": _heard_tracks, "skipped": _skipped_tracks, "failed": _failed_track}
    local_player(playing, playable, _LOCAL, callbacks)


def _track_changed() -> None:
    playing = playlist.in_use()
    if (place := playing.place_of(str(st.session_state[_LOCAL].get("at")))) is not None:
        playing.at = place


def _heard_tracks() -> None:
    _give_feedback("heard")


def _skipped_tracks() -> None:
    _give_feedback("skipped")


def _give_feedback(kind: str) -> None:
    """Stores what the player reports of its tracks; it may have played a list that another has replaced since."""
    session = find_visitor()
    known = {track.id: track for track in playlist.pool(session, "local", catalogue.load())}
    for track_id in st.session_state[_LOCAL].get(kind) or ():
        if track_id in known:
            playlist.give_feedback(session, kind, known[track_id])


def _failed_track() -> None:
    playlist.in_use().trouble = "music.local_failed"
