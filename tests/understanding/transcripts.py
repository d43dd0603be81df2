"""Transcripts that tests make by hand."""

from __future__ import annotations

from stt.transcript import Segment, Transcript, Word


def transcript(*sentences: str, probability: float = 0.9, language: str = "en") -> Transcript:
    """A transcript with one segment for each sentence; each word takes half a second, each pause one second."""
    segments, now = [], 0.0
    for sentence in sentences:
        words = []
        for text in sentence.split():
            words.append(Word(f" {text}", now, now + 0.5, probability))
            now += 0.5
        segments.append(Segment(tuple(words)))
        now += 1.0
    return Transcript(tuple(segments), language, 0.99, now, "fake 1")
