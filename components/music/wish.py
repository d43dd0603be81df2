"""The wish for music: the mood it is for, where it should lead, and preferred genres."""

from __future__ import annotations

import streamlit as st

from components import notice, state
from components.dates import day_label
from components.entry.strength import USUAL_INTENSITY
from components.moods import intensity_name, mood_name
from components.visitor import t
from diary import entries, errors, music_feedback
from diary.entries import INTENSITIES, Entry
from diary.sessions import Session
from emotions import EMOTIONS
from music.recommend import INTENTS, STRENGTHS, Wish

GENRES = ("classical", "pop", "rock", "electronic", "film", "korean")
"""Genres that a person can prefer: the catalogue has enough of each (tests/music/test_catalogue.py)."""
_MOOD, _INTENSITY, _INTENT = "mood_choice_music", "intensity_music", "music_intent"


def choose_wish(session: Session) -> Wish | None:
    """Starts from the entry that was saved last; the person can choose another mood. None while there is no mood."""
    entry = _entry(session)
    last = state.WISH.get()
    if last and _INTENT not in st.session_state:  # the person left this page, so Streamlit dropped its widgets
        st.session_state[_MOOD], st.session_state[_INTENSITY] = last.mood, last.intensity
    if entry and state.WISH_ENTRY.get() != entry.id:
        state.WISH_ENTRY.set(entry.id)
        st.session_state[_MOOD], st.session_state[_INTENSITY] = entry.mood, entry.intensity
    st.session_state.setdefault(_INTENSITY, USUAL_INTENSITY)
    if entry and st.session_state.get(_MOOD):
        # Most people come from an entry that they just saved: its mood is shown, with a button to change it.
        mood, intensity = st.session_state[_MOOD], st.session_state[_INTENSITY]
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"mood_card_{mood}_music"):
            st.markdown(f"**{mood_name(mood)}** · {intensity_name(intensity)}")
            with st.popover(t("music.other_mood"), type="tertiary"):
                _ask_mood()
        if mood == entry.mood:
            st.caption(t("music.from_entry", day=day_label(entry.day)))
    else:
        _ask_mood()
    mood, intensity = st.session_state[_MOOD], st.session_state[_INTENSITY]
    if mood is None:
        state.WISH.pop()
        st.info(t("music.choose_mood"))
        return None
    intent = st.segmented_control(
        t("music.intent"),
        INTENTS,
        default=last.intent if last else INTENTS[0],
        format_func={intent: t(f"music.{intent}") for intent in INTENTS}.__getitem__,
        required=True,
        key=_INTENT,
    )
    wanted = Wish(
        mood,
        intensity,
        intent,
        frozenset(music_feedback.CHOSEN_GENRES.of(session)),
        music_feedback.STRENGTH.of(session),
    )
    state.WISH.set(wanted)
    st.caption(t("music.warmth_means" if wanted.is_dark and intent == "lift" else f"music.{intent}_means"))
    return wanted


def _ask_mood() -> None:
    mood_names = {mood: mood_name(mood) for mood in EMOTIONS}
    intensity_names = {intensity: intensity_name(intensity) for intensity in INTENSITIES}
    st.pills(t("music.for_mood"), list(mood_names), format_func=mood_names.__getitem__, key=_MOOD, width="stretch")
    st.select_slider(
        t("entry.intensity"), list(intensity_names), format_func=intensity_names.__getitem__, key=_INTENSITY
    )


def preferences(session: Session) -> None:
    """Preferred genres, and how strongly they count."""
    st.session_state.setdefault("music_genres", music_feedback.CHOSEN_GENRES.of(session))
    genres = st.pills(
        t("music.genres"),
        GENRES,
        selection_mode="multi",
        format_func={genre: t(f"genre.{genre}") for genre in GENRES}.__getitem__,
        key="music_genres",
    )
    st.caption(t("music.genres_means"))
    strength = st.segmented_control(
        t("music.strength"),
        list(STRENGTHS),
        default=music_feedback.STRENGTH.of(session),
        format_func={strength: t(f"music.strength_{strength}") for strength in STRENGTHS}.__getitem__,
        required=True,
        key="music_strength",
    )
    changed = False
    if sorted(genres) != sorted(music_feedback.CHOSEN_GENRES.of(session)):
        music_feedback.CHOSEN_GENRES.choose(session, sorted(genres))
        changed = True
    if strength != music_feedback.STRENGTH.of(session):
        music_feedback.STRENGTH.choose(session, strength)
        changed = True
    if changed:
        notice.show_after_rerun(t("settings.consent_saved"))
        st.rerun()


def _entry(session: Session) -> Entry | None:
    saved = state.MUSIC_ENTRY.get()
    try:
        return entries.get(session, saved) if saved else entries.latest(session)
    except errors.EntryNotFound:
        return entries.latest(session)  # deleted since
