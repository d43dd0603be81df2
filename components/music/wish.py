"""The wish for music: the mood it is for, where it should lead, and preferred genres."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from components import notice, state
from components.dates import day_label
from components.entry.strength import USUAL_INTENSITY
from components.moods import intensity_name, mood_name, mood_word
from components.visitor import t, zone
from diary import days, drafts, entries, music_feedback
from diary.entries import INTENSITIES
from diary.sessions import Session
from emotions import EMOTIONS
from music.recommend import INTENTS, STRENGTHS, Wish

GENRES = ("classical", "pop", "rock", "electronic", "film", "korean")
"""Genres that a person can prefer: the catalogue has enough of each (tests/music/test_catalogue.py)."""
_MOOD, _INTENSITY, _INTENT = "mood_choice_music", "intensity_music", "music_intent"


@dataclass(frozen=True)
class _Start:
    """The mood of today that the page starts from."""

    id: str
    mood: str
    intensity: int
    sentence: str


def choose_mood(session: Session) -> tuple[str, int] | None:
    """Starts from today's mood; the person can choose another one. None while there is no mood."""
    last = state.WISH.get()
    if last and _INTENT not in st.session_state:  # the person left this page, so Streamlit dropped its widgets
        st.session_state[_MOOD], st.session_state[_INTENSITY] = last.mood, last.intensity
    today = days.today(zone())
    start = _start(session, today)
    _fill_in(start, today)
    st.session_state.setdefault(_INTENSITY, USUAL_INTENSITY)
    mood, intensity = st.session_state.get(_MOOD), st.session_state[_INTENSITY]
    if mood is None:
        state.WISH.pop()
        _ask_mood(t("music.today"))
        st.info(_no_mood_sentence(session))
        return None
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"mood_card_{mood}_music"):
        st.markdown(f"**{mood_name(mood)}** · {intensity_name(intensity)}")
        with st.popover(t("music.other_mood"), type="tertiary"):
            _ask_mood(t("music.for_mood"))
    if start and (mood, intensity) == (start.mood, start.intensity):
        st.caption(start.sentence)
    return mood, intensity


def choose_wish(session: Session, mood: str, intensity: int) -> Wish:
    """Asks where the music for this mood should lead."""
    last = state.WISH.get()
    st.session_state.setdefault(_INTENT, last.intent if last else INTENTS[0])
    intent = st.segmented_control(
        t("music.intent"),
        INTENTS,
        format_func={intent: t(f"music.{intent}") for intent in INTENTS}.__getitem__,
        required=True,
        key=_INTENT,
    )
    assert intent is not None  # one is required
    wanted = _wish(session, mood, intensity, intent)
    state.WISH.set(wanted)
    st.caption(t("music.warmth_means" if wanted.is_dark and intent == "lift" else f"music.{intent}_means"))
    return wanted


def choose(session: Session, mood: str, intensity: int, intent: str) -> Wish:
    """Sets the fields of the page to this wish. For the callback of a button."""
    st.session_state[_MOOD], st.session_state[_INTENSITY], st.session_state[_INTENT] = mood, intensity, intent
    wanted = _wish(session, mood, intensity, intent)
    state.WISH.set(wanted)
    return wanted


def _wish(session: Session, mood: str, intensity: int, intent: str) -> Wish:
    genres = frozenset(music_feedback.CHOSEN_GENRES.of(session))
    return Wish(mood, intensity, intent, genres, music_feedback.STRENGTH.of(session))


def _fill_in(start: _Start | None, today: date) -> None:
    """Fills in today's mood once, and empties the choice on a new day that has none."""
    before, now = state.WISH_START.get(), f"{today} {start.id if start else ''}"
    state.WISH_START.set(now)
    if before == now:
        return
    if start:
        st.session_state[_MOOD], st.session_state[_INTENSITY] = start.mood, start.intensity
    elif before and not before.startswith(str(today)):
        st.session_state[_MOOD] = None


def _no_mood_sentence(session: Session) -> str:
    entry = entries.latest(session)
    if entry is None:
        return t("music.choose_mood")
    return t("music.last_kept", day=day_label(entry.day), mood=mood_name(entry.mood))


def _ask_mood(question: str) -> None:
    mood_names = {mood: mood_word(mood) for mood in EMOTIONS}
    intensity_names = {intensity: intensity_name(intensity) for intensity in INTENSITIES}
    st.pills(question, list(mood_names), format_func=mood_names.__getitem__, key=_MOOD, width="stretch")
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


def _start(session: Session, today: date) -> _Start | None:
    """Today's mood: of the entry that was just saved, of today's last entry, or of the unfinished one."""
    kept = entries.of_day(session, today)
    entry = next((entry for entry in kept if entry.id == state.MUSIC_ENTRY.get()), kept[-1] if kept else None)
    if entry:
        return _Start(entry.id, entry.mood, entry.intensity, t("music.from_today"))
    draft = drafts.load(session)
    if draft is None or draft.day(zone()) != today:
        return None
    fields = draft.content.get("fields", {})
    mood, intensity = fields.get("mood"), fields.get("intensity")
    if not isinstance(mood, str) or mood not in EMOTIONS or "day" in fields:  # chosen for another day
        return None
    intensity = intensity if intensity in INTENSITIES else USUAL_INTENSITY
    return _Start(f"draft {mood} {intensity}", mood, intensity, t("music.from_draft"))
