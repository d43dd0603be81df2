"""The spoken note of why_page.py: the sample recording, with a transcript that gives each letter the same time."""

from __future__ import annotations

from demo import samples
from demo.make_samples import SPOKEN
from stt.transcript import Segment, Transcript, Word
from understanding.analyst import UserInput

SECONDS = {"ko": 5.8, "en": 4.5}
TYPED = {"ko": "저녁에는 친구와 산책했다.", "en": "In the evening I took a walk with a friend."}


def spoken_note(language: str) -> UserInput:
    sentence, seconds = SPOKEN[language][1], SECONDS[language]
    words, now = [], 0.0
    for number, text in enumerate(sentence.split()):
        end = now + seconds * len(text) / len(sentence)
        words.append(Word(f" {text}", now, end, 0.4 if number == 2 else 0.9))
        now = end
    said = Transcript((Segment(tuple(words)),), language, 0.99, seconds, "made by hand")
    recording = samples.voice(language).read_bytes()
    return UserInput(recording=recording, note=f"{said.text}\n{TYPED[language]}", transcript=said)
