"""Reads the emotion of recordings.

python -m ser.predict [--json] PATH…          one line for each recording, in order
ls *.wav | python -m ser.predict --json -     paths from standard input
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np

import settings
from emotions import EMOTIONS
from inference import prior, shipped
from inference.calibration import is_sure, softmax
from inference.cli import Command
from inference.custom_weights import own_weights
from inference.prior import Adaptation, ForDiaries
from inference.weights import WeightsError
from reading import Reading, Refusal
from ser import audio, members, novelty, quality
from ser.describe import describe
from ser.members import VoiceMember, log_seven
from ser.model import MemberOutput
from ser.novelty import Novelty

WEIGHTS = settings.ASSETS / "weights" / "ser"
WINDOW, STEP = 10.0, 5.0
"""Seconds: the longest piece that a model reads at once, and the distance between the windows of a longer clip."""
Recording = bytes | str | PathLike[str] | np.ndarray
"""A file, its content, or a wave as `ser.audio.load` returns it (mono, 16 kHz, trimmed)."""


@dataclass(frozen=True)
class VoiceReading(Reading):
    """A reading of a voice, with the sound that an explanation needs."""

    wave: np.ndarray = field(repr=False, compare=False)
    """The first ten seconds; a whole clip may be minutes, which would be megabytes."""
    begins: float = 0.0
    """Where in the recording `wave` begins, in seconds: silence was cut before it."""


class Recogniser:
    """An ensemble of voice models with one calibrated reading. It holds no state, so threads may share it.

    `novelty` softens the scores of recordings that sound unlike the training data; `for_diaries` adapts them to a
    diary (inference/prior.py). Without these they stay as they are.
    """

    source = "voice"

    def __init__(
        self, members: Sequence[VoiceMember], novelty: Novelty | None = None, for_diaries: ForDiaries | None = None
    ) -> None:
        if not members:
            raise ValueError("a recogniser needs at least one member")
        self.members = tuple(members)
        self.novelty = novelty
        self.for_diaries = for_diaries
        meta = self.members[0].meta
        self.temperature = float(meta["temperature"])
        self.margin = float(for_diaries.margins["all"] if for_diaries else meta["margin"])
        self.weights = [float(member.meta["weight"]) for member in self.members]

    @property
    def name(self) -> str:
        return " + ".join(member.meta["name"] for member in self.members)

    @property
    def version(self) -> str:
        return " + ".join(dict.fromkeys(str(member.meta["version"]) for member in self.members))

    @property
    def model(self) -> str:
        """Each member with its version, as readings store it."""
        model = model_of(self.members)
        return self.for_diaries.named(model) if self.for_diaries else model

    def read(self, recordings: Sequence[Recording], /) -> list[VoiceReading | Refusal]:
        """One answer for each recording, in order."""
        return [self._read(recording) for recording in recordings]

    def _read(self, recording: Recording) -> VoiceReading | Refusal:
        try:
            wave, begins = _wave_of(recording)
        except Refusal as refusal:
            return refusal
        facts = quality.measure(wave)
        refusal = quality.refuse(facts)
        if refusal:
            return refusal
        scores, distance = self.scores_and_distance(wave)
        scores = self.adapted(scores, distance)
        measured = facts.as_dict()
        if description := describe(wave):
            measured |= description.as_dict()
        if self.novelty:
            measured["strangeness"] = round(distance, 3)
            measured[novelty.NEW] = round(float(self.novelty.strangeness(distance)), 3)
        first = wave[: int(WINDOW * audio.SAMPLE_RATE)]
        return VoiceReading(
            scores=dict(zip(EMOTIONS, scores.tolist(), strict=True)),
            sure=bool(is_sure(scores, self.margin)),
            quality=measured,
            source=self.source,
            model=self.model,
            # A slice would keep the whole recording in memory.
            wave=first if first.base is None else first.copy(),
            begins=begins / audio.SAMPLE_RATE,
        )

    def scores(self, wave: np.ndarray) -> np.ndarray:
        """The seven scores of a wave, whatever its quality, before they are adapted to a diary."""
        return self.scores_and_distance(wave)[0]

    def warm_up(self) -> None:
        """Reads five seconds of silence."""
        self.scores(np.zeros(int(5 * audio.SAMPLE_RATE), np.float32))

    def adapted(self, scores: np.ndarray, distance: float) -> np.ndarray:
        """(…, seven) scores → scores for a diary, as a reading has them."""
        return self._adaptation(distance).apply(scores)

    def _adaptation(self, distance: float) -> Adaptation:
        """Between the adaptations of known kinds of recordings and of strange ones."""
        if self.for_diaries is None:
            return Adaptation()
        usual, strange = (self.for_diaries.adaptations[name] for name in ("all", "strange"))
        return usual.mixed(strange, float(self.novelty.strangeness(distance)) if self.novelty else 0.0)

    def scores_and_distance(self, wave: np.ndarray) -> tuple[np.ndarray, float]:
        """Scores and novelty of a wave: means over its windows, weighted by the seconds of voice in each."""
        pieces = list(windows(wave))
        voice = [quality.measure(piece).voice_seconds if len(pieces) > 1 else 1.0 for piece in pieces]
        # Windows without voice are skipped: the models take most of the time.
        spoken = [pair for pair in zip(pieces, voice, strict=True) if pair[1] > 0] or [(pieces[0], 1.0)]
        seconds = [length for _, length in spoken]
        answers = [self._read_window(piece) for piece, _ in spoken]
        scores = np.average([scores for scores, _ in answers], axis=0, weights=seconds)
        return scores, float(np.average([distance for _, distance in answers], weights=seconds))

    def _read_window(self, wave: np.ndarray) -> tuple[np.ndarray, float]:
        outputs = [member.forward(wave) for member in self.members]
        log_scores = pooled_log_scores([output.logits[0].numpy() for output in outputs], self.weights)
        distance = self.distance(outputs)
        return self.calibrated(log_scores, distance), distance

    def calibrated(self, log_scores: np.ndarray, distance: float) -> np.ndarray:
        """(…, seven) pooled log-scores of clips at this distance → scores, before they are adapted to a diary."""
        factor = float(self.novelty.temperature_factor(distance)) if self.novelty else 1.0
        return softmax(log_scores, self.temperature * factor)

    def distance(self, outputs: Sequence[MemberOutput]) -> float:
        """The novelty by the first member that gives standardised statistics; 0 without one."""
        for output in outputs:
            if self.novelty and output.standard is not None:
                return float(self.novelty.distance(output.standard.numpy())[0])
        return 0.0


def weights_in_use() -> Path:
    """The operator's own weights (`HARU_WEIGHTS`), or the shipped ones; NotFreeError under HARU_FREE_WEIGHTS."""
    return own_weights("voice") or shipped.usable(WEIGHTS)


def has_weights() -> bool:
    """Whether the files in use are there, without loading them."""
    path = weights_in_use()
    return bool(members.files(path)) if path.is_dir() else path.is_file()


def load(path: Path | None = None) -> Recogniser:
    """The recogniser of a folder or a file of weights; by default, of those in use. Load once, share freely."""
    path = path or weights_in_use()
    files = members.files(path) if path.is_dir() else [path]
    if not files:
        raise WeightsError(f"There are no weights in {path}; restore them with `git checkout -- assets/weights`.")
    # The novelty was measured for the folder of weights as a whole.
    novelty_file = path / novelty.FILE
    loaded = [members.for_this_processor(members.load(file)) for file in files]
    return Recogniser(
        loaded,
        novelty.load(novelty_file) if novelty_file.exists() else None,
        prior.of("voice", model_of(loaded)),
    )


def model_of(loaded: Sequence[VoiceMember]) -> str:
    """Each member with its version."""
    return " + ".join(f"{member.meta['name']} {member.meta['version']}" for member in loaded)


def pooled_log_scores(logits: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    """Log-scores of the seven: the weighted mean over the members, before the temperature."""
    weighted = [weight * log_seven(each) for each, weight in zip(logits, weights, strict=True)]
    return np.sum(weighted, axis=0) / sum(weights)


def windows(wave: np.ndarray) -> Iterator[np.ndarray]:
    """Overlapping windows that cover the whole wave; the last one ends where the wave ends."""
    size, step = int(WINDOW * audio.SAMPLE_RATE), int(STEP * audio.SAMPLE_RATE)
    if wave.size <= size:
        yield wave
        return
    last = wave.size - size
    for start in [*range(0, last, step), last]:
        yield wave[start : start + size]


def _wave_of(recording: Recording) -> tuple[np.ndarray, int]:
    """The trimmed wave, and the sample of the recording at which it begins."""
    if isinstance(recording, np.ndarray):
        return _checked(recording), 0
    whole = audio.decode(recording)
    start, end = audio.sounding(whole)
    return whole[start:end], start


def _checked(wave: np.ndarray) -> np.ndarray:
    wave = np.asarray(wave, np.float32)
    if wave.ndim != 1 or not np.isfinite(wave).all():
        raise Refusal("unreadable", "A wave must be a flat array of finite samples; decode the file with ser.audio.")
    return wave


def main(arguments: Sequence[str] | None = None) -> int:
    command = Command(
        program="ser.predict",
        description="Reads the emotion of recordings; prints one line for each.",
        input_name="path",
        input_help="a recording or a video with sound",
        load=load,
        read=lambda recogniser, path, options: recogniser.read([path])[0],
    )
    return command.run(command.parser().parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
