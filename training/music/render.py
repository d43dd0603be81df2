"""Renders the local tracks: scores → MIDI → FluidR3 GM through fluidsynth → Opus, with credits and an index.

apt-get install fluidsynth fluid-soundfont-gm
python -m training.music.render               writes assets/music; --only NAME… some tracks alone
python -m training.music.render --index       writes the credits and the index alone
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import settings
from music import analyse, fade
from reading import Refusal
from training.music import loudness, stereo
from training.music.midi import midi_file, staves
from training.music.scores import ARRANGEMENTS, COMPOSERS, Arrangement
from training.music.stereo import STEREO_RATE

FOLDER = settings.ASSETS / "music"
SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
LOUDNESS = -17.0
"""LUFS of every track, so that the volume need not be changed between a stormy piece and a quiet one."""


def render(arrangement: Arrangement, soundfont: Path) -> np.ndarray:
    """Stereo floats at 48 kHz, faded at both ends, at the common loudness."""
    with tempfile.TemporaryDirectory() as folder:
        midi, wave = Path(folder) / "track.mid", Path(folder) / "track.wav"
        midi.write_bytes(midi_file(arrangement, staves(arrangement.source)))
        subprocess.run(
            [
                "fluidsynth", "-ni", "-q", "-g", "0.5", "-r", str(STEREO_RATE), "-O", "float",
                "-o", f"synth.reverb.level={arrangement.reverb:.2f}", "-o", "synth.chorus.active=0", "-F", str(wave),
                str(soundfont), str(midi),
            ],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        sound = stereo.decode(wave)
    loud = np.flatnonzero(np.abs(sound).max(0) > 1e-3)
    sound = sound[:, loud[0] : loud[0] + round(arrangement.seconds * STEREO_RATE)]
    return loudness.limited(loudness.levelled(faded(sound, 240, 3 * STEREO_RATE), LOUDNESS), 0.89)


def faded(sound: np.ndarray, fade_in: int, fade_out: int) -> np.ndarray:
    """A copy of stereo floats whose first and last samples rise from silence and fall into it.

    A fade longer than the sound is as long as the sound.
    """
    copy = sound.astype(np.float32)
    rise, fall = (fade.gains(min(samples, sound.shape[1])).astype(np.float32) for samples in (fade_in, fade_out))
    copy[:, : rise.size] *= rise
    copy[:, copy.shape[1] - fall.size :] *= fall[::-1]
    return copy


def index(folder: Path) -> None:
    """Writes tracks.json, with the analysis of each track and the emotion it was chosen for, and CREDITS.md."""
    analyser, rows = analyse.load(), []
    for arrangement in ARRANGEMENTS:
        analysis = analyser.read_one(folder / f"{arrangement.file}.webm")
        if isinstance(analysis, Refusal):
            raise SystemExit(f"{arrangement.file}: {analysis}")
        rows.append(
            {
                "file": f"{arrangement.file}.webm",
                "title": {"en": arrangement.en, "ko": arrangement.ko},
                "composer": dict(zip(("en", "ko"), COMPOSERS[arrangement.composer], strict=True)),
                "genre": arrangement.genre,
                "source": arrangement.source,
                "licence": arrangement.licence,
                "playful": arrangement.playful,
                "seconds": round(analysis.seconds, 1),
                "meant": arrangement.meant,
                "valence": round(analysis.valence, 3),
                "arousal": round(analysis.arousal, 3),
                "key": str(analysis.key),
                "placed": f"heard by {analysis.model}",
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
    parser.add_argument("--only", nargs="*", default=[arrangement.file for arrangement in ARRANGEMENTS])
    parser.add_argument("--index", action="store_true", help="write the credits and the index alone")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if not options.index:
        for arrangement in ARRANGEMENTS:
            if arrangement.file in options.only:
                (options.out / f"{arrangement.file}.webm").write_bytes(
                    stereo.encode(render(arrangement, options.soundfont))
                )
                print(f"{arrangement.file}", flush=True)
    if options.index or len(options.only) == len(ARRANGEMENTS):
        index(options.out)


if __name__ == "__main__":
    main()
