"""Measures how most people speak: the middle range of speed, pitch and its variation in neutral clips.

    python -m training.voice.usual_voices --data DATA [--out FILE]

The app says in words where a recording lies outside (ser/usual.py). Every speaker counts alike. The range of the pitch
reaches from low men's to high women's voices, so that it says nothing about a voice of the one or the other.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from reading import Refusal
from ser import audio
from ser.describe import VoiceDescription, describe
from ser.usual import MIDDLE, MOST_PEOPLE
from training.voice.corpora import DATA_HELP, Clip, read_clips

_OF_EVERYBODY = ("syllables", "pitch_range")
"""The measures of which men and women have one range. The loudness is that of a corpus's microphones."""


def neutral_speech(clips: Sequence[Clip]) -> list[Clip]:
    """Neutral sentences."""
    return [clip for clip in clips if clip.mood == "neutral" and clip.is_speech]


def measure(described: Sequence[tuple[Clip, VoiceDescription]]) -> dict[str, object]:
    """The ranges, and how they were made."""
    ranges = {name: _range(described, name) for name in _OF_EVERYBODY}
    by_gender = {gender: [pair for pair in described if pair[0].gender == gender] for gender in ("male", "female")}
    low, high = _range(by_gender["male"], "pitch_hz")[0], _range(by_gender["female"], "pitch_hz")[1]
    return {
        "ranges": {"syllables": ranges["syllables"], "pitch_hz": [low, high], "pitch_range": ranges["pitch_range"]},
        "quantiles": list(MIDDLE),
        "clips": len(described),
        "people": len({clip.speaker for clip, _ in described}),
        "corpora": dict(sorted(Counter(clip.corpus for clip, _ in described).items())),
        "made": "neutral clips of speech, every speaker alike; pitch from low men's to high women's voices",
        "command": "python -m training.voice.usual_voices --data DATA",
    }


def _range(described: Sequence[tuple[Clip, VoiceDescription]], name: str) -> list[float]:
    """The two quantiles of a measure, where the clips of each speaker have the same weight together."""
    values = np.array([getattr(description, name) for _, description in described])
    clips_of = Counter(clip.speaker for clip, _ in described)
    weights = np.array([1 / clips_of[clip.speaker] for clip, _ in described])
    order = np.argsort(values)
    below = (np.cumsum(weights[order]) - weights[order] / 2) / weights.sum()
    return [round(float(np.interp(quantile, below, values[order])), 2) for quantile in MIDDLE]


def _describe(path: Path) -> VoiceDescription | None:
    try:
        return describe(audio.load(path))
    except Refusal:
        return None


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument("--out", type=Path, default=MOST_PEOPLE, help="the file that the app reads")
    options = parser.parse_args(arguments)
    clips = neutral_speech(read_clips(options.data))
    with ProcessPoolExecutor() as pool:
        found = pool.map(_describe, [options.data / clip.path for clip in clips], chunksize=32)
        described = [(clip, each) for clip, each in zip(clips, found, strict=True) if each is not None]
    options.out.write_text(json.dumps(measure(described), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
