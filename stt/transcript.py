"""What a recording says: its words with their times, as the diary shows and stores them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

UNSURE = 0.5
"""Below this probability a word is unsure: the page marks it until the person has looked at it."""
PARAGRAPH_SECONDS = 2.0
"""After a pause this long, the next sentence starts a new paragraph of the note."""


@dataclass(frozen=True)
class Word:
    """One word as it is written, punctuation included."""

    text: str
    """With the space before it, so that the texts of all words join to the segment's text."""
    start: float
    """Seconds from the start of the recording."""
    end: float
    probability: float

    @property
    def is_sure(self) -> bool:
        return self.probability >= UNSURE


@dataclass(frozen=True)
class Segment:
    """A piece of speech that was decoded at once: about a sentence."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words).strip()

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end


@dataclass(frozen=True)
class Transcript:
    """The words of one recording. Without segments, nobody spoke or nothing could be made out."""

    segments: tuple[Segment, ...]
    language: str
    """The code of the language that it is written in: ko, en, …"""
    language_probability: float
    """How sure the detection was; 1 where the person fixed the language."""
    seconds: float
    """The duration of the recording."""
    model: str
    """Name and version of the model."""

    @property
    def text(self) -> str:
        return text_of(self.segments)

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for segment in self.segments for word in segment.words)

    @property
    def probability(self) -> float:
        """How sure the words are: the mean of their probabilities; 0 without words."""
        return sum(word.probability for word in self.words) / len(self.words) if self.words else 0.0

    def as_dict(self) -> dict[str, Any]:
        """For JSON: in the vault, in exports, and on the command line."""
        return {
            "text": self.text,
            "language": self.language,
            "language_probability": round(self.language_probability, 4),
            "probability": round(self.probability, 4),
            "seconds": round(self.seconds, 2),
            "model": self.model,
            "segments": [
                [
                    [word.text, round(word.start, 2), round(word.end, 2), round(word.probability, 3)]
                    for word in each.words
                ]
                for each in self.segments
            ],
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Transcript:
        """The transcript of `as_dict`. Raises KeyError, TypeError or ValueError for anything else."""
        segments = tuple(
            Segment(
                tuple(
                    Word(str(text), float(start), float(end), float(probability))
                    for text, start, end, probability in each
                )
            )
            for each in content["segments"]
            if each
        )
        return cls(
            segments=segments,
            language=str(content["language"]),
            language_probability=float(content["language_probability"]),
            seconds=float(content["seconds"]),
            model=str(content["model"]),
        )


def text_of(segments: tuple[Segment, ...]) -> str:
    """The segments as a note: a space between two, a new line after a long pause."""
    parts: list[str] = []
    for number, segment in enumerate(segments):
        if number:
            pause = segment.start - segments[number - 1].end
            parts.append("\n" if pause >= PARAGRAPH_SECONDS else " ")
        parts.append(segment.text)
    return "".join(parts)
