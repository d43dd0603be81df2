"""How strong the mood is: five dots, each with its name. Their look is in assets/style/form.css."""

from __future__ import annotations

import streamlit as st

from components.entry import form_fields
from components.moods import intensity_name
from components.visitor import t
from diary import entries

USUAL_INTENSITY = 3


def strength(form: str, mood: str, intensity: int = USUAL_INTENSITY) -> int:
    """Asks for the intensity of this mood, at first `intensity`."""
    names = {intensity: intensity_name(intensity) for intensity in entries.INTENSITIES}
    chosen = st.container(key=f"strength_{mood}_{form}").pills(
        t("entry.intensity"),
        list(names),
        format_func=names.__getitem__,
        key=form_fields.prepare(form, "intensity", intensity),
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    return chosen or intensity
