"""Music: a playlist for a mood, the analysis of a person's own tracks, and the credits."""

from __future__ import annotations

import streamlit as st

from components.music import player, playlist
from components.music.credits import credits_section
from components.music.own_tracks import analyse_own_tracks
from components.music.plane_chart import playlist_chart
from components.music.saved_lists import save_list, saved_lists
from components.music.sources import another_list, choose_source, forget_tastes, more_from_youtube
from components.music.wish import choose_mood, choose_wish, preferences
from components.visitor import t, visitor

SECTIONS = ("listen", "own", "credits")

person = visitor()

st.title(t("music.title"), anchor=False)
section = st.segmented_control(
    t("music.rooms"),
    SECTIONS,
    default=SECTIONS[0],
    format_func={section: t(f"music.room_{section}") for section in SECTIONS}.__getitem__,
    required=True,
    label_visibility="collapsed",
    key="music_section",
)

if section == "own":
    analyse_own_tracks(person)
elif section == "credits":
    credits_section()
elif mood := choose_mood(person):
    top = st.container()  # the player is above what changes its list, so that nobody has to scroll to play
    wanted = choose_wish(person, *mood)
    source = choose_source(person)
    playing = playlist.current(person, wanted, source)
    if playing is None:
        top.warning(t("music.nothing_here"))
    else:
        with top:
            player.player(person, playing)
        st.header(t("music.list"), anchor=False)
        playlist_chart(playing.choices, playing.wish, playing.at)
        player.track_list(playing)
        with st.container(horizontal=True):
            another_list()
            save_list(playing)
    with st.expander(t("music.preferences"), key="music_preferences"):
        preferences(person)
        more_from_youtube(person, wanted)
        forget_tastes(person)
if section == "listen":
    saved_lists(person)
    st.caption(t("music.no_promise"))
