"""Turns a score into a MIDI file for one arrangement (`training.music.scores`)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from training.music.scores import DRUMS, TUNES, Arrangement, Part

_TICKS = 480
"""A quarter note."""
_DRUM_CHANNEL = 9


@dataclass(frozen=True)
class ScoreNote:
    """A note of a score. Start and length are in quarter notes."""

    start: float
    length: float
    pitch: int


def staves(source: str) -> list[list[ScoreNote]]:
    """The notes of every staff of a score."""
    from music21 import chord, corpus, note, pitch, stream

    if source in TUNES:
        return [_tune(line, lambda name: pitch.Pitch(name).midi) for line in TUNES[source]]
    score = corpus.parse(source)
    assert isinstance(score, stream.Score)
    staves = []
    for part in score.parts:
        notes = []
        for sound in part.stripTies().flatten().notes:
            if sound.duration.isGrace:
                continue
            pitches = sound.pitches if isinstance(sound, note.Note | chord.Chord) else ()
            notes += [ScoreNote(float(sound.offset), float(sound.quarterLength), each.midi) for each in pitches]
        staves.append(notes)
    return staves


def _tune(line: str, midi_number: Callable[[str], int]) -> list[ScoreNote]:
    notes, at = [], 0.0
    for word in line.split():
        name, length = word.split(":")
        notes.append(ScoreNote(at, float(length), midi_number(name)))
        at += float(length)
    return notes


def midi_file(arrangement: Arrangement, score: Sequence[Sequence[ScoreNote]], seed: int = 0) -> bytes:
    """A MIDI file with a channel for each player, and the small unevenness of human players."""
    rng = np.random.default_rng(seed)
    quarters = arrangement.seconds * arrangement.tempo / 60
    last = max(note.start + note.length for staff in score for note in staff) - arrangement.start
    # A short tune repeats after whole bars until the time is up; its upbeat fills the last bar.
    again_after = arrangement.bar * max(1, np.ceil((last - arrangement.upbeat) / arrangement.bar - 1e-6))
    events: list[tuple[int, bytes]] = []
    for player, (staff, part) in enumerate(arrangement.players):
        channel = player if player < _DRUM_CHANNEL else player + 1
        events += [(0, bytes([0xC0 | channel, part.program])), (0, bytes([0xB0 | channel, 10, part.pan]))]
        events.append((0, bytes([0xB0 | channel, 91, round(127 * min(1.0, arrangement.reverb))])))
        for again in range(int(np.ceil(quarters / again_after))):
            for note in score[staff]:
                start = note.start - arrangement.start + again * again_after
                if 0 <= start < quarters and note.start >= arrangement.start:
                    events += _note_events(
                        channel, part, note, start, (start - arrangement.upbeat) % arrangement.bar, rng
                    )
    if arrangement.drums:
        for bar in range(int((quarters - arrangement.upbeat) // arrangement.bar)):
            for beat, key, velocity in DRUMS[arrangement.drums]:
                tick = round((arrangement.upbeat + arrangement.bar * bar + beat) * _TICKS)
                loud = int(np.clip(velocity + rng.normal(0, 3), 1, 127))
                events += [(tick, bytes([0x90 | _DRUM_CHANNEL, key, loud])), (tick + 60, bytes([0x89, key, 0]))]
    tempo = struct.pack(">I", round(60e6 / arrangement.tempo))[1:]
    return _standard_midi([(0, b"\xff\x51\x03" + tempo), *events])


def _note_events(
    channel: int, part: Part, note: ScoreNote, start: float, in_bar: float, rng: np.random.Generator
) -> list[tuple[int, bytes]]:
    pitch = note.pitch + part.shift
    if not 0 <= pitch < 128:
        return []
    # The first beat is accented, and phrases of eight quarters swell.
    accent = 6 if in_bar == 0 else 2 if in_bar % 1 == 0 else -4
    swell = 5 * np.sin(np.pi * (start % 8) / 8)
    velocity = int(np.clip(part.velocity + accent + swell + rng.normal(0, 3), 1, 127))
    begin = max(0, round(start * _TICKS + rng.normal(0, 3)))
    end = begin + max(30, round(note.length * part.length * _TICKS))
    return [(begin, bytes([0x90 | channel, pitch, velocity])), (end, bytes([0x80 | channel, pitch, 0]))]


def _standard_midi(events: list[tuple[int, bytes]]) -> bytes:
    # At the same tick notes end before others begin, or a repeated note would end at once.
    events.sort(key=lambda event: (event[0], event[1][0] & 0xF0 == 0x90))
    body, now = bytearray(), 0
    for tick, message in events:
        body += _variable_length(tick - now) + message
        now = tick
    body += _variable_length(0) + b"\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, _TICKS) + b"MTrk" + struct.pack(">I", len(body)) + bytes(body)


def _variable_length(number: int) -> bytes:
    """MIDI's numbers of variable length: seven bits a byte; the highest bit means that more follow."""
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))
