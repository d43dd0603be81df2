"""In how many of 200 sounds without speech does the speech-to-text model write words?

    python -m benchmarks.stt_inventions                 noise, devices, rain, coughs, music … (benchmarks/non_speech.py)
    python -m benchmarks.stt_inventions --data DATA     also 200 laughs, sobs and gasps of people, for information
    … --plain FOLDER                                    also by faster-whisper's defaults with the fp16 model in it
    … --write                                           also writes the figures where the Models page reads them

It prints the words too: nobody said them. The exit code is 1 if words appear in more than one clip of a hundred.
"""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import non_speech, speech_clips
from benchmarks.non_speech import Sound
from inference.weights import WeightsError
from reading import Refusal
from ser import audio
from stt import figures, predict
from stt.figures import Inventions
from stt.transcriber import Transcriber

BAR = 0.01
"""The largest share of clips with words."""
COMMAND = "python -m benchmarks.stt_inventions"
_BURSTS = "emogator"
"""A corpus of laughs, sobs, gasps and groans. A burst may hold an “oh no”, so it is no part of the bar."""
_MOST_BURSTS = 200


@dataclass(frozen=True)
class Heard:
    """A sound, and the words that the model wrote for it; none as it should be."""

    kind: str
    text: str
    refusal: str


def listen(transcriber: Transcriber, sounds: Iterable[Sound]) -> list[Heard]:
    """In both languages, as in a diary that detects the language."""
    heard = []
    for sound in sounds:
        try:
            heard.append(Heard(sound.kind, transcriber.transcribe(sound.wave, predict.LANGUAGES).text, ""))
        except Refusal as refusal:
            heard.append(Heard(sound.kind, "", refusal.code))
    return heard


def listen_plainly(folder: Path, sounds: Iterable[Sound]) -> list[Heard]:
    """As most projects do: the fp16 model, faster-whisper's defaults, a beam of 5."""
    from faster_whisper import WhisperModel

    model, heard = WhisperModel(str(folder), device="cpu", cpu_threads=predict.THREADS), []
    for sound in sounds:
        segments, _ = model.transcribe(sound.wave, beam_size=5)
        text = "".join(segment.text for segment in segments)
        heard.append(Heard(sound.kind, text if any(map(str.isalnum, text)) else "", ""))
    return heard


def with_words(heard: Iterable[Heard]) -> list[Heard]:
    return [each for each in heard if each.text]


def bursts(data: Path) -> Iterator[Sound]:
    """Real laughs, sobs and gasps, spread over the corpus; the kind is the emotion."""
    rows = speech_clips.labelled(data, _BURSTS)
    for row in rows[:: max(1, len(rows) // _MOST_BURSTS)]:
        yield Sound(row["label"], audio.decode(data / row["path"]))


def table(heard: list[Heard]) -> str:
    lines = ["| sound | clips | with words | refused as |", "|---|---|---|---|"]
    for kind, group in _by_kind(heard).items():
        codes = Counter(each.refusal for each in group if each.refusal)
        refused = ", ".join(f"{code} {count}" for code, count in sorted(codes.items()))
        lines.append(f"| {kind} | {len(group)} | {len(with_words(group))} | {refused} |")
    lines.append(f"| **all** | {len(heard)} | {len(with_words(heard))} ({_share(heard):.1%}) | |")
    lines += ["", *(f"- {each.kind}: {each.text!r}" for each in with_words(heard))]
    return "\n".join(lines)


def measured(heard: list[Heard], model: str) -> Inventions:
    by_kind = {kind: (len(group), len(with_words(group))) for kind, group in _by_kind(heard).items()}
    return Inventions(model, COMMAND, len(heard), len(with_words(heard)), by_kind)


def _by_kind(heard: list[Heard]) -> dict[str, list[Heard]]:
    groups = itertools.groupby(sorted(heard, key=lambda each: each.kind), key=lambda each: each.kind)
    return {kind: list(group) for kind, group in groups}


def _share(heard: list[Heard]) -> float:
    return len(with_words(heard)) / len(heard)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help=speech_clips.DATA_HELP)
    parser.add_argument("--model", type=Path, help="folder of the model (default: the one in use)")
    parser.add_argument("--plain", type=Path, help="folder of the fp16 model, to measure beside")
    parser.add_argument("--write", action="store_true", help="also write measured.json beside the model")
    options = parser.parse_args()
    try:
        transcriber = predict.load(options.model)
    except WeightsError as error:
        raise SystemExit(str(error)) from error
    heard = listen(transcriber, non_speech.clips())
    print(table(heard))
    results = measured(heard, transcriber.model)
    if options.plain:
        plainly = listen_plainly(options.plain, non_speech.clips())
        results = replace(results, plain_with_words=len(with_words(plainly)))
        print(f"\nthe plain way:\n\n{table(plainly)}")
    if options.data:
        print(f"\n{_BURSTS}, for information:\n\n{table(listen(transcriber, bursts(options.data)))}")
    if options.write:
        print(figures.write_inventions(options.model or predict.model_in_use(), results))
    return 0 if _share(heard) <= BAR else 1


if __name__ == "__main__":
    raise SystemExit(main())
