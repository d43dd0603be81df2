"""Explains an analysis: the parts of the sound, the face and the note that spoke for a mood. Computed on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from emotions import EMOTIONS
from fer.explain import FaceExplanation
from fer.explain import explain as explain_face
from inference.calibration import softmax
from inference.prior import PRIOR
from ser.describe import MEASURES
from ser.explain import Times, VoiceExplanation, can_explain
from ser.explain import explain as explain_voice
from ser.usual import Usual, usual
from understanding import fusion, spoken_note
from understanding.analyst import Analysis, Analyst
from understanding.spoken_note import NoteWord
from words.explain import WordsExplanation
from words.explain import explain as explain_words

SAME = 0.8
"""A source that moved the verdict this much of what the strongest did counted about as much."""


@dataclass(frozen=True)
class Explanations:
    """None for a source that was not read, or whose recording or picture is gone."""

    mood: str | None
    """The mood of the verdict, which all parts explain; None in a contradiction, where each explains its own."""
    voice: VoiceExplanation | None = None
    face: FaceExplanation | None = None
    words: WordsExplanation | None = None
    pulls: Mapping[str, float] = field(default_factory=dict)
    """By source, how far it moved the verdict towards its mood; negative where it spoke for others."""
    spoken: tuple[NoteWord, ...] = ()
    """The words of `words.text` with their times, where some of them were said in a recording that is in memory."""
    sound: VoiceDifferences | None = None
    """How the voice differs from usual; None without a voice, or for a reading that does not hold these numbers."""

    @property
    def moment_beside_usual(self) -> dict[str, bool]:
        """The measures in which the moment that spoke most differs from the rest and, the same way, from usual.

        Without those in which the whole recording does.
        """
        moment = self.voice.moment if isinstance(self.voice, Times) else None
        if self.sound is None or moment is None or moment.voice is None:
            return {}
        there, whole = moment.voice, self.sound.outside
        outside = self.sound.usual.differences(there.measured)
        return {
            name: above
            for name, above in outside.items()
            if there.beside_rest.get(name) is above and whole.get(name) is not above
        }

    @property
    def strongest(self) -> tuple[str, ...]:
        """The source that counted most, or those that counted about the same; empty where fewer than two were read."""
        most = max(self.pulls.values(), default=0.0)
        if len(self.pulls) < 2 or most <= 0:
            return ()
        return tuple(source for source, pull in self.pulls.items() if pull >= SAME * most)


@dataclass(frozen=True)
class VoiceDifferences:
    """The measures of a voice (ser/describe.py) outside their usual range: True above, False below."""

    outside: Mapping[str, bool]
    usual: Usual


def explain(analyst: Analyst, analysis: Analysis, earlier: Sequence[Mapping[str, float]] = ()) -> Explanations:
    """Explains every source that it can. It takes as long as an analysis, so it uses the queue of the workers.

    `earlier` are the qualities of the person's earlier readings of their voice.
    """
    fused = analysis.fused
    mood = fused.label if fused and not fusion.contradict(fused) else None
    explained = {source: mood or reading.label for source, reading in analysis.readings.items()}
    voice = face = words = None
    # An operator's own weights may be a transformer alone, which cannot be explained.
    if (heard := analysis.voice) and analyst.voice and can_explain(analyst.voice):
        voice = analyst.submit(explain_voice, analyst.voice, heard.wave, explained["voice"], heard.begins)
    if analysis.face and analyst.face:
        face = analyst.submit(explain_face, analyst.face, analysis.face.crop, explained["face"])
    if "words" in analysis.readings and analyst.words:
        words = explain_words(analyst.words, analysis.user_input.note, explained["words"])
    return Explanations(
        mood=mood,
        voice=voice.result() if voice else None,
        face=face.result() if face else None,
        words=words,
        pulls=pulls(analysis, mood) if mood else {},
        spoken=_spoken(analysis, words) if words else (),
        sound=_sound(analysis, earlier),
    )


def pulls(analysis: Analysis, mood: str) -> dict[str, float]:
    """How far each source alone would move the mood's log-score from the prior's, with the exponent it has."""
    quality = analysis.fused.quality if analysis.fused else {}
    place, found = EMOTIONS.index(mood), {}
    for source, reading in analysis.readings.items():
        evidence = np.log(np.maximum([reading.scores[emotion] for emotion in EMOTIONS], 1e-6) / PRIOR)
        opinion = softmax(np.log(PRIOR) + quality.get(f"exponent_{source}", 0.0) * evidence)
        found[source] = float(np.log(opinion[place] / PRIOR[place]))
    return found


def _sound(analysis: Analysis, earlier: Sequence[Mapping[str, float]]) -> VoiceDifferences | None:
    measured = analysis.raw["voice"].quality if "voice" in analysis.raw else {}
    if any(name not in measured for name in MEASURES):
        return None
    normal = usual(earlier)
    return VoiceDifferences(normal.differences(measured), normal)


def _spoken(analysis: Analysis, words: WordsExplanation) -> tuple[NoteWord, ...]:
    given = analysis.user_input
    if not given.recording or given.transcript is None:
        return ()
    found = spoken_note.note_words(words.text, given.transcript)
    return found if any(word.said for word in found) else ()
