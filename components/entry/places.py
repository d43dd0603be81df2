"""Where the pieces of an entry's form stand on the page.

They are drawn in another order: what the models suggest is known before the moods are drawn, and a recording that has
just arrived opens the note.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


@dataclass(frozen=True)
class Places:
    """From top to bottom."""

    mood: DeltaGenerator
    strength: DeltaGenerator
    feelings: DeltaGenerator
    chips: DeltaGenerator
    trackers: DeltaGenerator
    attached: DeltaGenerator
    parts: DeltaGenerator
    """What the chips open: each part stands in a container of its own (components/entry/parts.py)."""
    reading: DeltaGenerator
    """The button *Analyse*, and what the models understood."""
    keep: DeltaGenerator


def places(is_bar: bool = False) -> Places:
    """`is_bar` fixes the button that keeps the entry to the bottom of the window (assets/style/form.css)."""
    with st.container(gap="xsmall"):
        names = [field.name for field in fields(Places) if field.name != "keep"]
        above = {name: st.container(key=f"at_{name}" if is_bar else None) for name in names}
    return Places(**above, keep=st.container(key="keep_bar" if is_bar else None, gap="small"))
