"""The measured figures of the speech-to-text model, in `measured.json` beside it; the Models page shows them.

`python -m training.stt.evaluate`, `python -m benchmarks.stt_inventions` and `python -m benchmarks.stt_latency` write a
part of the file each, so no figure is typed by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from inference.metrics import Interval

FILE = "measured.json"


@dataclass(frozen=True)
class ErrorRates:
    """How much of what was said is wrong in the transcripts of one corpus under one condition."""

    name: str
    """The corpus."""
    condition: str
    """clean, telephone, noise or distance."""
    model: str
    """Name and version, as in `Transcript.model`."""
    command: str
    unit: Literal["characters", "words"]
    count: int
    people: int
    refused: int
    """Clips in which no words were made out; all of their words count as wrong."""
    rate: Interval
    by_mood: Mapping[str, float]
    by_speaker: Mapping[str, float]
    as_written: float | None = None
    """The word error rate with English number words counted as their digits."""
    plain: float | None = None
    """The rate of faster-whisper's defaults with the fp16 model on the same clips."""


@dataclass(frozen=True)
class Inventions:
    """In how many clips without speech the model wrote words."""

    model: str
    command: str
    count: int
    with_words: int
    by_kind: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Of each kind of sound: clips, and clips with words."""
    plain_with_words: int | None = None
    """The same of faster-whisper's defaults with the fp16 model."""


@dataclass(frozen=True)
class Speed:
    """Seconds and megabytes on the machine that measured; of the plain way where it was measured beside."""

    model: str
    command: str
    cores: int
    clip_seconds: float
    """The duration of the short clip."""
    clip: float
    """Seconds that it takes (p50, warm)."""
    recording_seconds: float
    """The duration of the long recording."""
    first_words: float
    whole: float
    """Seconds until its first words, and until all of it is written."""
    megabytes: float
    megabytes_after_unload: float
    """What memory grew by with the model in use, and what is left of that once the model is unloaded."""
    plain_clip: float | None = None

    @property
    def real_time_factor(self) -> float:
        return self.whole / self.recording_seconds


@dataclass(frozen=True)
class Figures:
    """All that was measured of one model."""

    error_rates: tuple[ErrorRates, ...] = ()
    inventions: Inventions | None = None
    speed: Speed | None = None

    def of(self, name: str, condition: str = "clean") -> ErrorRates | None:
        found = [rates for rates in self.error_rates if (rates.name, rates.condition) == (name, condition)]
        return found[0] if found else None


def read(folder: Path) -> Figures:
    """The figures beside a model; none where it was not measured."""
    content = _content(folder)
    inventions, speed = content.get("inventions"), content.get("speed")
    return Figures(
        tuple(ErrorRates(**{**rates, "rate": Interval(**rates["rate"])}) for rates in content.get("error_rates", [])),
        Inventions(**inventions) if inventions else None,
        Speed(**speed) if speed else None,
    )


def write_error_rates(folder: Path, measured: Sequence[ErrorRates]) -> Path:
    """These replace the rates of the same corpus and condition; all other figures stay."""
    rates = {(each.name, each.condition): each for each in (*read(folder).error_rates, *measured)}
    return _write(folder, "error_rates", [asdict(each) for each in rates.values()])


def write_inventions(folder: Path, measured: Inventions) -> Path:
    return _write(folder, "inventions", asdict(measured))


def write_speed(folder: Path, measured: Speed) -> Path:
    return _write(folder, "speed", asdict(measured))


def _write(folder: Path, part: str, content: object) -> Path:
    file = folder / FILE
    text = json.dumps({**_content(folder), part: _rounded(content)}, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")
    return file


def _content(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _rounded(value: Any) -> Any:
    """Four decimal places: every interval here is wider."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, (list, tuple)) else value
