"""Sample inputs for a microphone or camera that is denied or missing (demo/make_samples.py made them)."""

from __future__ import annotations

from pathlib import Path

import settings

FOLDER = settings.ASSETS / "samples"
FACE = FOLDER / "face.jpg"


def voice(language: str) -> Path:
    """The generated recording in this language."""
    return FOLDER / f"voice-{language}.opus"
