"""What somebody wants to hear: the mood it is for, where it should lead, and what they like to hear it with."""

from __future__ import annotations

import streamlit as st

from components.dates import day_label
from components.entry.form import USUAL_INTENSITY
from components.moods import intensity_name, mood_name
from components.visitor import t
from diary import entries, errors, music_feedback
from diary.entries import INTENSITIES, Entry
from diary.sessions import Session
from emotions import EMOTIONS
from music.recommend import INTENTS, STRENGTHS, Wish

GENRES = ("classical", "pop", "rock", "electronic", "film", "korean")
"""Those that can be preferred: of each there is enough in the catalogue (tests/music/test_catalogue.py)."""
_MOOD, _INTENSITY, _INTENT, _FOR = "mood_choice_music", "intensity_music", "music_intent", "music_for_entry"
_WISHED = "music_wished"
"""What was chosen last: Streamlit forgets the choices of a page, or a part of it, that was left for a moment."""


def wish(session: Session) -> Wish | None:
    """Starts from the entry that was saved last; any other mood can be chosen. None until there is a mood."""
    entry = _entry(session)
    last: Wish | None = st.session_state.get(_WISHED)
    if last and _INTENT not in st.session_state:  # its question was not on the screen a moment ago
        st.session_state[_MOOD], st.session_state[_INTENSITY] = last.mood, last.intensity
    if entry and st.session_state.get(_FOR) != entry.id:
        for key, value in ((_FOR, entry.id), (_MOOD, entry.mood), (_INTENSITY, entry.intensity)):
            st.session_state[key] = value
    st.session_state.setdefault(_INTENSITY, USUAL_INTENSITY)
    if entry and st.session_state.get(_MOOD):
        # The usual way here is from a day that was just kept: its mood stands there, changing it is one touch away.
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
        st.session_state.pop(_WISHED, None)
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
    st.session_state[_WISHED] = wanted
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
    """Genres and strength, set by hand and kept."""
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
        st.rerun()


def _entry(session: Session) -> Entry | None:
    wanted = st.session_state.get("music_for")
    try:
        return entries.get(session, wanted) if wanted else entries.latest(session)
    except errors.EntryNotFound:
        return entries.latest(session)  # it was deleted since
