"""Clips in, readings out.

python -m ser.predict [--json] FILE…        one line a file, in order
ls *.wav | python -m ser.predict --json -   paths from standard input
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference.calibration import is_sure, softmax
from inference.cli import paths, verdict
from inference.custom_weights import own_weights
from reading import Reading, Refusal
from ser import audio, members, novelty, quality
from ser.members import Ear, log_seven
from ser.model import Heard
from ser.novelty import Strangeness

WEIGHTS = Path(__file__).resolve().parents[1] / "assets" / "weights" / "ser"
WINDOW, STEP = 10.0, 5.0
"""Seconds: what a model sees at once, and how far apart the windows of a longer clip start."""


class Recogniser:
    """Several ears with one calibrated opinion. Holds no state between calls, so threads may share it.

    `usual` knows what training sounded like: of a clip that sounds otherwise, less is promised.
    """

    def __init__(self, members: Sequence[Ear], usual: Strangeness | None = None) -> None:
        if not members:
            raise ValueError("a recogniser needs at least one ear")
        self.members = tuple(members)
        self.usual = usual
        meta = self.members[0].meta
        self.temperature = float(meta["temperature"])
        self.margin = float(meta["margin"])
        self.model = " + ".join(f"{ear.meta['name']} {ear.meta['version']}" for ear in self.members)

    def read(self, waves: Sequence[np.ndarray]) -> list[Reading | Refusal]:
        """One answer for each wave (mono, 16 kHz, as `ser.audio.load` gives it), in order."""
        return [self._read(np.asarray(wave, np.float32)) for wave in waves]

    def _read(self, wave: np.ndarray) -> Reading | Refusal:
        if wave.ndim != 1 or not np.isfinite(wave).all():
            return Refusal("unreadable", "A wave is a flat array of finite samples; decode the clip with ser.audio.")
        facts = quality.measure(wave)
        refusal = quality.refuse(facts)
        if refusal:
            return refusal
        scores, strange = self._judge(wave)
        return Reading(
            scores=dict(zip(EMOTIONS, scores.tolist(), strict=True)),
            sure=bool(is_sure(scores, self.margin)),
            quality={**facts.as_dict(), "strangeness": round(strange, 3)} if self.usual else facts.as_dict(),
            source="voice",
            model=self.model,
        )

    def scores(self, wave: np.ndarray) -> np.ndarray:
        """The seven, without a look at the quality."""
        return self._judge(wave)[0]

    def _judge(self, wave: np.ndarray) -> tuple[np.ndarray, float]:
        """The seven, and how strange the clip sounds; windows of a long clip weigh by the voice in them."""
        windows = list(cut(wave))
        voice = [quality.measure(window).voice_seconds if len(windows) > 1 else 1.0 for window in windows]
        # Pauses of a long clip are not worth a model's time.
        spoken = [pair for pair in zip(windows, voice, strict=True) if pair[1] > 0] or [(windows[0], 1.0)]
        seconds = [length for _, length in spoken]
        told = [self._judge_window(window) for window, _ in spoken]
        scores = np.average([one for one, _ in told], axis=0, weights=seconds)
        return scores, float(np.average([strange for _, strange in told], weights=seconds))

    def _judge_window(self, wave: np.ndarray) -> tuple[np.ndarray, float]:
        heard = [ear.hear(wave) for ear in self.members]
        logits = pooled_opinion([one.logits[0].numpy() for one in heard], self.weights)
        strange = self._strangeness(heard)
        softening = float(self.usual.softening(strange)) if self.usual else 1.0
        return softmax(logits, self.temperature * softening), strange

    def _strangeness(self, heard: Sequence[Heard]) -> float:
        """Of the first ear that can tell; nothing is strange to ears that cannot."""
        for one in heard:
            if self.usual and one.standard is not None:
                return float(self.usual.of(one.standard.numpy())[0])
        return 0.0

    @property
    def weights(self) -> list[float]:
        return [float(ear.meta["weight"]) for ear in self.members]


def weights_in_use() -> Path:
    """The operator's own (`HARU_WEIGHTS`), or the shipped ones."""
    return own_weights("voice") or WEIGHTS


def load(path: Path | None = None) -> Recogniser:
    """The ears of a folder or a file; without any, those in use. Load once per process, share freely."""
    path = path or weights_in_use()
    files = members.files(path) if path.is_dir() else [path]
    if not files:
        raise members.WeightsError(
            f"There are no weights in {path}; restore them with `git checkout -- assets/weights`."
        )
    # What training sounded like was measured for the weights of a folder as a whole.
    beside = path / novelty.FILE
    return Recogniser([members.load(file) for file in files], novelty.load(beside) if beside.exists() else None)


def pooled_opinion(logits: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    """Log-scores of the seven from each ear's logits of nine, averaged by weight (before temperature)."""
    told = sum(weight * log_seven(one) for one, weight in zip(logits, weights, strict=True))
    return told / sum(weights)


def cut(wave: np.ndarray) -> Iterator[np.ndarray]:
    """Overlapping windows that cover the whole wave; the last one ends where the wave ends."""
    window, step = int(WINDOW * audio.SAMPLE_RATE), int(STEP * audio.SAMPLE_RATE)
    if wave.size <= window:
        yield wave
        return
    last = wave.size - window
    for start in [*range(0, last, step), last]:
        yield wave[start : start + window]


def answer(recogniser: Recogniser, path: str) -> Reading | Refusal:
    """One file, whatever it is."""
    try:
        return recogniser.read([audio.load(path)])[0]
    except Refusal as refusal:
        return refusal


def as_json(path: str, told: Reading | Refusal) -> str:
    if isinstance(told, Refusal):
        line = {"path": path, "error": {"code": told.code, "message": told.message}}
    else:
        scores = {name: round(score, 4) for name, score in told.scores.items()}
        line = {"path": path, "label": told.label, "scores": scores, "sure": told.sure, "quality": dict(told.quality)}
    return json.dumps(line, ensure_ascii=False)


def as_text(path: str, told: Reading | Refusal) -> str:
    if isinstance(told, Refusal):
        return f"{path}: not read ({told.code}): {told.message}"
    return f"{path}: {verdict(told)}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="ser.predict", description="How a voice sounds, one line a file.")
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="sound or video files, or - for paths on standard input"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--weights", type=Path, help="a folder or a file (without: the shipped or HARU_WEIGHTS)")
    options = parser.parse_args(arguments)
    try:
        recogniser = load(options.weights)
    except members.WeightsError as error:
        print(error, file=sys.stderr)
        return 2
    line = as_json if options.json else as_text
    all_read = True
    for path in paths(options.files):
        told = answer(recogniser, path)
        all_read = all_read and isinstance(told, Reading)
        print(line(path, told), flush=True)
    return 0 if all_read else 1


if __name__ == "__main__":
    sys.exit(main())
