"""A sample voice and a sample face for people without microphone or camera, always marked as samples."""

from __future__ import annotations

import streamlit as st

from components.visitor import current_language, t
from demo import samples, state


def stand_in_for_demo(kind: str, key: str) -> bytes | None:
    """Offers the sample only in the demo: in a real diary, no entry may come from another person's face or voice."""
    return stand_in(kind, key) if state.is_on() else None


def stand_in(kind: str, key: str) -> bytes | None:
    """Offers a generated voice or a public-domain face, and plays or shows it; None if it is not chosen."""
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
