"""Explains an analysis: the parts of the sound, the face and the note that spoke for a mood. Computed on request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fer.explain import FaceExplanation
from fer.explain import explain as explain_face
from ser.explain import VoiceExplanation, can_explain
from ser.explain import explain as explain_voice
from understanding import spoken_note
from understanding.analyst import Analysis, Analyst
from understanding.spoken_note import NoteWord
from words.explain import WordsExplanation
from words.explain import explain as explain_words


@dataclass(frozen=True)
class Explanations:
    """None for a source that was not read, or whose recording or picture is gone."""

    voice: VoiceExplanation | None
    face: FaceExplanation | None
    words: WordsExplanation | None
    weights: Mapping[str, float]
    """The exponent of each source in the fusion."""
    spoken: tuple[NoteWord, ...] = ()
    """The words of `words.text` with their times, where some of them were said in a recording that is in memory."""


def explain(analyst: Analyst, analysis: Analysis) -> Explanations:
    """Explains every source that it can. It takes as long as an analysis, so it uses the queue of the workers."""
    voice = face = words = None
    # An operator's own weights may be a transformer alone, which has no spectrogram to explain.
    if analysis.voice and analyst.voice and can_explain(analyst.voice):
        voice = analyst.submit(explain_voice, analyst.voice, analysis.voice.wave)
    if analysis.face and analyst.face:
        face = analyst.submit(explain_face, analyst.face, analysis.face.crop)
    if "words" in analysis.readings and analyst.words:
        words = explain_words(analyst.words, analysis.user_input.note)
    quality = analysis.fused.quality if analysis.fused else {}
    return Explanations(
        voice=voice.result() if voice else None,
        face=face.result() if face else None,
        words=words,
        weights={source: quality[f"exponent_{source}"] for source in analysis.readings},
        spoken=_spoken(analysis, words) if words else (),
    )


def _spoken(analysis: Analysis, words: WordsExplanation) -> tuple[NoteWord, ...]:
    given = analysis.user_input
    if not given.recording or given.transcript is None:
        return ()
    found = spoken_note.note_words(words.text, given.transcript)
    return found if any(word.said for word in found) else ()
