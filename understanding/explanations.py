"""Why: where in the sound, the face and the words the models looked. Worked out only when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fer import explain as faces
from ser import explain as voices
from understanding.analyst import Analysis, Analyst
from words import explain as lines


@dataclass(frozen=True)
class Reasons:
    """None of what was not read, and of what cannot be explained any more: sound and picture are gone by then."""

    voice: voices.Explanation | None
    face: faces.Heat | None
    words: lines.Explanation | None
    weights: Mapping[str, float]
    """How much each source counted when they were put together."""


def of(analyst: Analyst, analysis: Analysis) -> Reasons:
    """As long as an analysis itself, so in its turn among everybody's."""
    voice = face = None
    # An operator's own weights may be a transformer alone, which looks at no image.
    if analysis.wave is not None and analyst.voice and voices.can_explain(analyst.voice):
        voice = analyst.in_turn(voices.explain, analyst.voice, analysis.wave)
    if analysis.seen is not None and analyst.face:
        face = analyst.in_turn(faces.explain, analyst.face, analysis.seen.crop)
    words = None
    if "words" in analysis.readings and analyst.words:
        words = lines.explain(analyst.words.model, analysis.offered.line)
    return Reasons(
        voice=voice and voice.result(),
        face=face and face.result(),
        words=words,
        weights={source: analysis.fused.quality[f"exponent_{source}"] for source in analysis.readings},
    )
