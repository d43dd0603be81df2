"""Renders the local tracks: scores → MIDI → FluidR3 GM through fluidsynth → Opus, with credits and an index.

    apt-get install fluidsynth fluid-soundfont-gm
    python -m training.music.render               writes assets/music, --only NAME… some of the sounds alone
    python -m training.music.render --index       the credits and the index alone, of the tracks that are there

Never imported by the app.
"""

from __future__ import annotations

import argparse
import json
import struct
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from music import analyse, audio, fade
from reading import Refusal
from training.music import encode, loudness
from training.music.scores import COMPOSERS, DRUMS, RECIPES, TUNES, Part, Recipe

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "music"
SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
LOUDNESS = -17.0
"""LUFS of every track: on the way from a stormy piece to a still one nobody should have to reach for the volume."""
_TICKS = 480
_DRUM_CHANNEL = 9


@dataclass(frozen=True)
class Note:
    start: float
    length: float
    """Both in quarter notes."""
    pitch: int


def staves(source: str) -> list[list[Note]]:
    """Every staff of a score as plain notes."""
    from music21 import chord, corpus, note, pitch

    if source in TUNES:
        return [_tune(line, lambda name: pitch.Pitch(name).midi) for line in TUNES[source]]
    score = corpus.parse(source)
    found = []
    for part in score.parts:
        notes = []
        for sound in part.stripTies().flatten().notes:
            if sound.duration.isGrace:
                continue
            pitches = sound.pitches if isinstance(sound, note.Note | chord.Chord) else ()
            notes += [Note(float(sound.offset), float(sound.quarterLength), each.midi) for each in pitches]
        found.append(notes)
    return found


def _tune(line: str, midi) -> list[Note]:
    notes, at = [], 0.0
    for word in line.split():
        name, length = word.split(":")
        notes.append(Note(at, float(length), midi(name)))
        at += float(length)
    return notes


def midi_file(recipe: Recipe, score: Sequence[Sequence[Note]], seed: int = 0) -> bytes:
    """A MIDI file of one track, a channel a player, with the small unevenness of people who play together."""
    rng = np.random.default_rng(seed)
    quarters = recipe.seconds * recipe.tempo / 60
    last = max(one.start + one.length for staff in score for one in staff) - recipe.start
    # A short tune is played again from its beginning until the time is up, after whole bars: its upbeat fills the last.
    again_after = recipe.bar * max(1, np.ceil((last - recipe.upbeat) / recipe.bar - 1e-6))
    events: list[tuple[int, bytes]] = []
    for player, (staff, part) in enumerate(recipe.players):
        channel = player if player < _DRUM_CHANNEL else player + 1
        events += [(0, bytes([0xC0 | channel, part.program])), (0, bytes([0xB0 | channel, 10, part.pan]))]
        events.append((0, bytes([0xB0 | channel, 91, round(127 * min(1.0, recipe.reverb))])))
        for again in range(int(np.ceil(quarters / again_after))):
            for one in score[staff]:
                start = one.start - recipe.start + again * again_after
                if 0 <= start < quarters and one.start >= recipe.start:
                    events += _sounded(channel, part, one, start, (start - recipe.upbeat) % recipe.bar, rng)
    if recipe.drums:
        for bar in range(int((quarters - recipe.upbeat) // recipe.bar)):
            for beat, key, velocity in DRUMS[recipe.drums]:
                tick = round((recipe.upbeat + recipe.bar * bar + beat) * _TICKS)
                loud = int(np.clip(velocity + rng.normal(0, 3), 1, 127))
                events += [(tick, bytes([0x90 | _DRUM_CHANNEL, key, loud])), (tick + 60, bytes([0x89, key, 0]))]
    tempo = struct.pack(">I", round(60e6 / recipe.tempo))[1:]
    return _standard_midi([(0, b"\xff\x51\x03" + tempo), *events])


def _sounded(
    channel: int, part: Part, one: Note, start: float, in_bar: float, rng: np.random.Generator
) -> list[tuple[int, bytes]]:
    pitch = one.pitch + part.shift
    if not 0 <= pitch < 128:
        return []
    # The first beat leads, phrases of eight quarters swell, and nobody is a machine.
    accent = 6 if in_bar == 0 else 2 if in_bar % 1 == 0 else -4
    swell = 5 * np.sin(np.pi * (start % 8) / 8)
    velocity = int(np.clip(part.velocity + accent + swell + rng.normal(0, 3), 1, 127))
    begin = max(0, round(start * _TICKS + rng.normal(0, 3)))
    end = begin + max(30, round(one.length * part.length * _TICKS))
    return [(begin, bytes([0x90 | channel, pitch, velocity])), (end, bytes([0x80 | channel, pitch, 0]))]


def _standard_midi(events: list[tuple[int, bytes]]) -> bytes:
    # At one moment notes end before others begin, or a repeated note would be cut off at once.
    events.sort(key=lambda event: (event[0], event[1][0] & 0xF0 == 0x90))
    body, now = bytearray(), 0
    for tick, message in events:
        body += _length(tick - now) + message
        now = tick
    body += _length(0) + b"\xff\x2f\x00"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, _TICKS) + b"MTrk" + struct.pack(">I", len(body)) + bytes(body)


def _length(number: int) -> bytes:
    """MIDI's numbers of variable length: seven bits a byte, the highest bit says that more follow."""
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(number & 0x7F | 0x80)
    return bytes(reversed(out))


def play(recipe: Recipe, soundfont: Path) -> np.ndarray:
    """Stereo floats at 48 kHz, faded at both ends, as loud as all the others."""
    with tempfile.TemporaryDirectory() as folder:
        midi, wave = Path(folder) / "track.mid", Path(folder) / "track.wav"
        midi.write_bytes(midi_file(recipe, staves(recipe.source)))
        subprocess.run(
            [
                "fluidsynth", "-ni", "-q", "-g", "0.5", "-r", str(audio.STEREO_RATE), "-O", "float",
                "-o", f"synth.reverb.level={recipe.reverb:.2f}", "-o", "synth.chorus.active=0", "-F", str(wave),
                str(soundfont), str(midi),
            ],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        sound = audio.stereo(wave)
    loud = np.flatnonzero(np.abs(sound).max(0) > 1e-3)
    sound = sound[:, loud[0] : loud[0] + round(recipe.seconds * audio.STEREO_RATE)]
    sound = fade.fade_out(fade.fade_in(sound, 240), 3 * audio.STEREO_RATE)
    return fade.limited(loudness.levelled(sound, LOUDNESS), 0.89)


def index(folder: Path) -> None:
    """tracks.json with what is heard in each track and what it was chosen for, and CREDITS.md."""
    analyst, rows = analyse.load(), []
    for recipe in RECIPES:
        heard = analyst.read_one(folder / f"{recipe.file}.webm")
        if isinstance(heard, Refusal):
            raise SystemExit(f"{recipe.file}: {heard}")
        rows.append(
            {
                "file": f"{recipe.file}.webm",
                "title": {"en": recipe.en, "ko": recipe.ko},
                "composer": dict(zip(("en", "ko"), COMPOSERS[recipe.composer], strict=True)),
                "genre": recipe.genre,
                "source": recipe.source,
                "licence": recipe.licence,
                "playful": recipe.playful,
                "seconds": round(heard.seconds, 1),
                "meant": recipe.meant,
                "valence": round(heard.valence, 3),
                "arousal": round(heard.arousal, 3),
                "key": str(heard.key),
                "placed": f"heard by {heard.model}",
            }
        )
    (folder / "tracks.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "CREDITS.md").write_text(credits(rows), encoding="utf-8")


def credits(rows: Sequence[dict]) -> str:
    lines = [
        "# Credits of the local tracks",
        "",
        "Rendered by `python -m training.music.render` with fluidsynth and the soundfont FluidR3 GM (Frank Wen, MIT).",
        "The works are in the public domain: their composers died more than seventy years ago, or nobody knows them.",
        "The encodings come from the corpus of music21 (Michael Scott Asato Cuthbert and others); only such were taken",
        "as carry no licence that restricts them. The recordings themselves are given to everybody under CC0.",
        "",
        "| file | title | composer | encoding | licence |",
        "|---|---|---|---|---|",
        *(
            f"| {row['file']} | {row['title']['en']} | {row['composer']['en']} | {row['source']} | {row['licence']} |"
            for row in rows
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--soundfont", type=Path, default=SOUNDFONT)
    parser.add_argument("--only", nargs="*", default=[recipe.file for recipe in RECIPES])
    parser.add_argument("--index", action="store_true", help="write the credits and the index alone")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if not options.index:
        for recipe in RECIPES:
            if recipe.file in options.only:
                (options.out / f"{recipe.file}.webm").write_bytes(encode.opus(play(recipe, options.soundfont)))
                print(f"{recipe.file}", flush=True)
    if options.index or len(options.only) == len(RECIPES):
        index(options.out)


if __name__ == "__main__":
    main()
