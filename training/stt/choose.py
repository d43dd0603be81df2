"""Compares decodings on the tuning half of the speakers; never on the half that is reported.

    python -m training.stt.choose --data DATA                    the decoding in use, and others that change one thing
    python -m training.stt.choose --data DATA --fp16 FOLDER      also the model before it was written in int8
    … --corpus cremad                                           English in place of Korean
    … --only "as shipped" "beam of 1"                            some of them

Every variant runs as the app does: speech is found first, and invented text is dropped (stt/speech.py, stt/guards.py).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from emotions import EMOTIONS
from stt import model_folder, predict, whisper
from stt.transcriber import Transcriber
from stt.whisper import Whisper
from training.stt.corpora import TUNED_ON, some, spoken_clips
from training.stt.evaluate import haru, rates_of, write_down
from training.voice.corpora import DATA_HELP, Clip

_SHIPPED, _FP16 = "as shipped", "fp16"


@dataclass(frozen=True)
class Variant:
    """What one decoding changes."""

    options: Mapping[str, object] = field(default_factory=dict)
    """Of faster-whisper's `transcribe`."""
    least_frames: int = whisper.LEAST_FRAMES
    more_frames: int = whisper.MORE_FRAMES


VARIANTS: dict[str, Variant] = {
    _SHIPPED: Variant(),
    "beam of 1": Variant({"beam_size": 1}),
    "beam of 8": Variant({"beam_size": 8}),
    "no other temperature": Variant({"temperature": (0.0,)}),
    "six temperatures": Variant({"temperature": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)}),
    "a prompt": Variant({"initial_prompt": "오늘 하루를 말로 적은 일기예요."}),
    "no times": Variant({"without_timestamps": True}),
    "windows of 30 s": Variant(least_frames=whisper.WHOLE_FRAMES),
    "windows of at least 15 s": Variant(least_frames=1500),
    "windows of at least 10 s": Variant(least_frames=1000),
    "windows as long as the speech": Variant(least_frames=0, more_frames=300),
}
"""Each differs in one thing from the decoding in use."""


def whisper_of(folder: Path, variant: Variant, compute_type: str = "int8") -> Whisper:
    """The app's Whisper with a variant's options."""
    return Whisper(
        folder, predict.THREADS, compute_type=compute_type, least_frames=variant.least_frames,
        more_frames=variant.more_frames, options={**whisper.OPTIONS, **variant.options},
    )  # fmt: skip


def row(name: str, model: Whisper, clips: list[Clip], data: Path) -> str:
    """One line of the table: the errors in all clips and by mood, and the seconds for each clip."""
    started = time.perf_counter()
    written = write_down(clips, data, "clean", haru(Transcriber(model, name, ""), clips[0].language))
    seconds = (time.perf_counter() - started) / len(clips)
    rates = rates_of(written, clips[0].corpus, "clean", name, "")
    moods = " | ".join(f"{rates.by_mood[mood]:.1%}" if mood in rates.by_mood else "" for mood in _moods(clips))
    return f"| {name} | {rates.rate.value:.2%} | {moods} | {seconds:.2f} |"


def _moods(clips: list[Clip]) -> list[str]:
    return [mood for mood in EMOTIONS if any(clip.mood == mood for clip in clips)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument("--corpus", choices=TUNED_ON, default=TUNED_ON[0])
    parser.add_argument("--model", type=Path, help="folder of the model (default: the one in use)")
    parser.add_argument("--fp16", type=Path, help="folder of the fp16 model")
    parser.add_argument("--only", nargs="*", choices=list(VARIANTS), default=list(VARIANTS), metavar="VARIANT")
    parser.add_argument("--most", type=int, help="at most so many clips")
    options = parser.parse_args()
    clips = some(spoken_clips(options.data, options.corpus, "tuning"), options.most)
    folder, moods = options.model or predict.model_in_use(), _moods(clips)
    if not (folder / model_folder.MODEL).is_file():
        raise SystemExit(f"There is no speech model at {folder}.")
    print(f"{len(clips)} clips of {len({clip.speaker for clip in clips})} speakers\n")
    print(f"| decoding | wrong | {' | '.join(moods)} | s a clip |\n{'|---' * (len(moods) + 3)}|")
    for name in options.only:
        model = whisper_of(folder, VARIANTS[name])
        print(row(name, model, clips, options.data), flush=True)
    if options.fp16:
        print(row(_FP16, whisper_of(options.fp16, Variant(), "float32"), clips, options.data))


if __name__ == "__main__":
    main()
