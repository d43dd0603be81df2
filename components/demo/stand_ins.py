"""Stand-ins for a microphone or a camera that is denied or missing, always marked as what they are."""

from __future__ import annotations

import streamlit as st

from components.visitor import current_language, t
from demo import samples, state


def on_stage(kind: str, key: str) -> bytes | None:
    """On Today only in the demo: nobody's own day is read from somebody else's face."""
    return stand_in(kind, key) if state.is_on() else None


def stand_in(kind: str, key: str) -> bytes | None:
    """A generated voice or a public-domain face, once somebody asks for it; they hear or see what it is."""
    if not st.toggle(t(f"sample.{kind}"), key=f"sample_{kind}_{key}"):
        return None
    st.caption(t(f"sample.{kind}_means"))
    if kind == "voice":
        content = samples.voice(current_language()).read_bytes()
        st.audio(content, format="audio/ogg")
        return content
    content = samples.FACE.read_bytes()
    st.image(content, width=240, alt=t("sample.face_means"))
    return content
