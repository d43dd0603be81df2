"""Music: something to hear for the mood of a day, one's own music understood, and who made what is here."""

from __future__ import annotations

import streamlit as st

from components import notice
from components.music import player, playlist
from components.music.credits import credits_page
from components.music.own_tracks import analyse_own_tracks
from components.music.plane_chart import playlist_chart
from components.music.sources import another_list, choose_source, forget_tastes, more_from_youtube
from components.music.wish import preferences, wish
from components.visitor import t, visitor

ROOMS = ("listen", "own", "credits")

person = visitor()

st.title(t("music.title"), anchor=False)
st.caption(t("music.no_promise"))
notice.show()
room = st.segmented_control(
    t("music.rooms"),
    ROOMS,
    default=ROOMS[0],
    format_func={room: t(f"music.room_{room}") for room in ROOMS}.__getitem__,
    required=True,
    label_visibility="collapsed",
    key="music_room",
)

if room == "own":
    analyse_own_tracks(person)
elif room == "credits":
    credits_page()
elif wanted := wish(person):
    source = choose_source(person)
    kept = playlist.current(person, wanted, source)
    if kept is None:
        st.warning(t("music.nothing_here"))
    else:
        player.player(person, kept)
        st.header(t("music.list"), anchor=False)
        playlist_chart(kept.choices, kept.wish, kept.at)
        player.pieces(kept)
        another_list(person)
    with st.expander(t("music.preferences"), key="music_preferences"):
        preferences(person)
        more_from_youtube(person, wanted)
        forget_tastes(person)
