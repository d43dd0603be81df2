"""Credits: the tracks that come with Haru, their sources and licences, and how the catalogue was made."""

from __future__ import annotations

import streamlit as st

from components.music.track_text import length, made_by
from components.text import plain
from components.visitor import current_language, t
from music import catalogue


def credits_section() -> None:
    found = catalogue.load()
    st.header(t("credits.local"), anchor=False)
    st.write(t("credits.local_means"))
    for track in found.of_kind("local"):
        title = plain(track.title_in(current_language()))
        st.markdown(f"**{title}** — {plain(made_by(track))} · {length(track)}")
        st.caption(f"{plain(track.source)} · {plain(track.licence)}")
    st.header(t("credits.youtube"), anchor=False)
    videos = found.of_kind("youtube")
    answered = sum(track.evidence == "answered" for track in videos)
    st.write(t("credits.youtube_means", count=len(videos), answered=answered))
    st.write(t("credits.placed_means"))
