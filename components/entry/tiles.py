"""The tiles of a verdict, for a screen that many look at: what each sense said, how sure, and its strongest reason."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from html import escape

import numpy as np
import streamlit as st

from components.entry.why import explanations_of
from components.moods import mood_name
from components.text import score_percent
from components.visitor import t
from emotions import BY_KEY
from fer import image
from fer.explain import as_picture
from reading import Reading
from understanding import fusion
from understanding.analyst import Analysis
from understanding.explanations import Explanations

_MOST_REASONS = 2
_PICTURE = 96  # pixels
_LEAST_SHARE = 0.5
"""The weight of a word, against the strongest, from which it is named beside it."""


def tiles(analysis: Analysis, form: str, earlier: Callable[[], Sequence[Mapping[str, float]]]) -> None:
    found = explanations_of(analysis, form, earlier)
    crop = analysis.face.crop if analysis.face else None
    shown = [(source, analysis.readings[source]) for source in fusion.SOURCES if source in analysis.readings]
    st.html(f'<ul class="haru-tiles">{"".join(_tile(*each, found, crop) for each in shown)}</ul>')


def _tile(source: str, reading: Reading, found: Explanations, crop: np.ndarray | None) -> str:
    mood = reading.label
    sure = t("verdict.source_sure" if reading.sure else "verdict.source_not_sure")
    reason = {"voice": _voice_reason, "face": _face_reason, "words": _words_reason}[source](found, mood)
    return (
        f'<li style="--mood:{BY_KEY[mood].colour}"><small>{escape(t(f"source.{source}"))}</small>'
        f"<b>{escape(mood_name(mood))}</b><span>{score_percent(reading.scores[mood])}% · {escape(sure)}</span>"
        f"{_heat_map(found, crop) if source == 'face' else ''}<p>{escape(reason)}</p></li>"
    )


def _voice_reason(found: Explanations, mood: str) -> str:
    if found.sound is None:
        return ""
    outside = list(found.sound.outside.items())[:_MOST_REASONS]
    if not outside:
        return t("tile.voice_same")
    said = [t(f"why.{name}_{'above' if is_above else 'below'}") for name, is_above in outside]
    return t("tile.voice", differences=t("why.and").join(said))


def _face_reason(found: Explanations, mood: str) -> str:
    if found.face is None or found.face.mood != mood:  # the picture shows what spoke for the verdict's mood
        return ""
    return t(f"tile.face_{found.face.region}")


def _words_reason(found: Explanations, mood: str) -> str:
    """The words that spoke most for the mood that the note was read as."""
    if found.words is None:
        return ""
    spans = sorted(found.words.spans, key=lambda span: -span.weights[mood])[:_MOST_REASONS]
    strongest = spans[0].weights[mood] if spans else 0.0
    if strongest <= 0:
        return ""
    chosen = [span for span in spans if span.weights[mood] >= _LEAST_SHARE * strongest]
    quoted = [t("tile.word", word=span.text) for span in sorted(chosen, key=lambda span: span.start)]
    return t("tile.words", words=", ".join(quoted))


def _heat_map(found: Explanations, crop: np.ndarray | None) -> str:
    if found.face is None or crop is None:
        return ""
    jpeg = image.as_jpeg(as_picture(crop, found.face.ensemble, side=_PICTURE), 85)
    return f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(jpeg).decode("ascii")}">'
