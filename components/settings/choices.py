"""Widgets for the person's preferences, which are stored and apply at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import notice
from components.visitor import t
from diary.preferences import Preference
from diary.sessions import Session


def choice(
    session: Session, preference: Preference, values: Sequence[Any], label: str, names: Mapping[Any, str]
) -> None:
    """A choice among a few values, side by side."""
    current = preference.of(session)
    chosen = st.segmented_control(
        label, values, default=current, required=True, format_func=names.__getitem__, key=f"choose_{preference.name}"
    )
    _store(session, preference, current, chosen)


def switch(session: Session, preference: Preference, label: str) -> None:
    current = preference.of(session)
    _store(session, preference, current, st.toggle(label, value=current, key=f"choose_{preference.name}"))


def _store(session: Session, preference: Preference, current: Any, chosen: Any) -> None:
    if chosen != current:
        preference.choose(session, chosen)
        notice.show_after_rerun(t("settings.consent_saved"))
        st.rerun()
