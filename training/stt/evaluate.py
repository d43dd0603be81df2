"""Measures how many characters (Korean) or words (English) of spoken clips the speech-to-text model gets wrong.

    python -m training.stt.evaluate --data DATA --corpus korean        the reporting half, under four conditions
    python -m training.stt.evaluate --data DATA --corpus cremad        English, clean clips
    … --plain FOLDER            beside faster-whisper's defaults with the fp16 model in this folder
    … --most 20                 on so many clips, for a first look
    … --transcripts FILE        also writes what was said and what was written of each clip, as TSV
    … --write                   also writes the figures where the Models page reads them

The decoding was chosen on the other half of the speakers (`python -m training.stt.choose`).
A clip in which the model makes out no words counts as all wrong.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference import metrics
from inference.weights import WeightsError
from reading import Refusal
from ser import audio
from stt import figures, predict
from stt.figures import ErrorRates
from stt.transcriber import Transcriber
from training.progress import progress_bar
from training.stt import error_rates
from training.stt.conditions import CONDITIONS, under
from training.stt.corpora import CORPORA, HALVES, some, spoken_clips
from training.stt.error_rates import Errors
from training.voice.augment import Wave
from training.voice.corpora import DATA_HELP, Clip

WriteDown = Callable[[Wave], str | Refusal]
"""Turns a wave into its words."""


@dataclass(frozen=True)
class Written:
    """A clip and its transcript; an empty text where no words were made out."""

    clip: Clip
    text: str
    refused: bool = False


def write_down(clips: Sequence[Clip], data: Path, condition: str, model: WriteDown) -> list[Written]:
    found = []
    for clip in progress_bar(clips, len(clips), "clip"):
        answer = model(under(condition, audio.decode(data / clip.path), clip.path))
        refused = isinstance(answer, Refusal)
        found.append(Written(clip, "" if isinstance(answer, Refusal) else answer, refused))
    return found


def rate(counted: Sequence[Errors]) -> float:
    """Wrong units of all clips beside the units that were said: a long clip counts more than a short one."""
    return sum(each.wrong for each in counted) / sum(each.length for each in counted)


def rates_of(written: Sequence[Written], name: str, condition: str, model: str, command: str) -> ErrorRates:
    korean = written[0].clip.language == "ko"
    counted = _counted(written, error_rates.characters if korean else error_rates.words)
    wrong, length = np.array([(each.wrong, each.length) for each in counted]).T
    speakers = [each.clip.speaker for each in written]
    return ErrorRates(
        name=name,
        condition=condition,
        model=model,
        command=command,
        unit="characters" if korean else "words",
        count=len(written),
        people=len(set(speakers)),
        refused=sum(each.refused for each in written),
        rate=metrics.bootstrap(lambda at: float(wrong[at].sum() / length[at].sum()), speakers),
        by_mood=_by([each.clip.mood for each in written], counted, EMOTIONS),
        by_speaker=_by(speakers, counted, sorted(set(speakers))),
        as_written=None if korean else rate(_counted(written, error_rates.words_as_written)),
    )


def _counted(written: Sequence[Written], units: error_rates.Units) -> list[Errors]:
    return [error_rates.errors(each.clip.text, each.text, units) for each in written]


def _by(keys: Sequence[str | None], counted: Sequence[Errors], order: Sequence[str]) -> dict[str, float]:
    groups = {key: [each for at, each in zip(keys, counted, strict=True) if at == key] for key in order}
    return {key: rate(group) for key, group in groups.items() if group}


def table(measured: Sequence[ErrorRates]) -> str:
    """A row for each condition, then the errors by mood and by speaker."""
    first, conditions = measured[0], [each.condition for each in measured]
    lines = _head("condition", "clips", "without words", "wrong", "as written", "plain way")
    for each in measured:
        cells = [each.condition, each.count, each.refused, each.rate, _percent(each.as_written), _percent(each.plain)]
        lines.append(_row(cells))
    lines += ["", *_head("mood", *conditions)]
    lines += [_row([mood, *(_percent(each.by_mood[mood]) for each in measured)]) for mood in first.by_mood]
    lines += ["", *_head("speaker", *conditions)]
    lines += [_row([name, *(_percent(each.by_speaker[name]) for each in measured)]) for name in first.by_speaker]
    return "\n".join(lines)


def _head(*names: str) -> list[str]:
    return [_row(names), "|---" * len(names) + "|"]


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def save_transcripts(file: Path, condition: str, written: Sequence[Written]) -> None:
    """Adds a line for each clip: condition, path, mood, what was said, what was written."""
    with file.open("a", encoding="utf-8", newline="") as opened:
        lines = csv.writer(opened, delimiter="\t")
        lines.writerows([condition, each.clip.path, each.clip.mood, each.clip.text, each.text] for each in written)


def haru(transcriber: Transcriber, language: str) -> WriteDown:
    def write(wave: Wave) -> str | Refusal:
        try:
            return transcriber.transcribe(wave, languages=(language,)).text
        except Refusal as refusal:
            return refusal

    return write


def plain_way(folder: Path, language: str) -> WriteDown:
    """faster-whisper as most projects call it: the fp16 folder, its defaults, a beam of 5."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(folder), device="cpu", cpu_threads=predict.THREADS)

    def write(wave: Wave) -> str:
        segments, _ = model.transcribe(wave, language=language, beam_size=5)
        return "".join(segment.text for segment in segments)

    return write


def evaluate(options: argparse.Namespace) -> list[ErrorRates]:
    """The rates of one corpus under each condition."""
    clips = some(spoken_clips(options.data, options.corpus, options.half), options.most)
    language = clips[0].language
    transcriber = predict.load(options.model)
    plain = plain_way(options.plain, language) if options.plain else None
    command = f"python -m training.stt.evaluate --data DATA --corpus {options.corpus}"
    command += f" --half {options.half}" if options.half != "report" else ""
    found = []
    for condition in options.conditions or (CONDITIONS if language == "ko" else ("clean",)):
        written = write_down(clips, options.data, condition, haru(transcriber, language))
        rates = rates_of(written, options.corpus, condition, transcriber.model, command)
        if plain:
            other = write_down(clips, options.data, condition, plain)
            rates = replace(
                rates, plain=rates_of(other, options.corpus, condition, transcriber.model, command).rate.value
            )
        if options.transcripts:
            save_transcripts(options.transcripts, condition, written)
        found.append(rates)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument("--corpus", choices=CORPORA, default=CORPORA[0])
    parser.add_argument("--half", choices=HALVES, default="report", help="of the speakers")
    parser.add_argument("--conditions", nargs="*", choices=list(CONDITIONS), help="Korean: all; English: clean")
    parser.add_argument("--model", type=Path, help="folder of the model (default: the one in use)")
    parser.add_argument("--plain", type=Path, help="folder of the fp16 model, to measure beside")
    parser.add_argument("--most", type=int, help="at most so many clips; writes no figures")
    parser.add_argument("--transcripts", type=Path, help="a TSV file that the transcripts are added to")
    parser.add_argument("--write", action="store_true", help="also write measured.json beside the model")
    options = parser.parse_args()
    if options.write and options.most:
        parser.error("--write stores figures of all clips; leave out --most")
    try:
        measured = evaluate(options)
    except WeightsError as error:
        raise SystemExit(str(error)) from error
    print(table(measured))
    if options.write:
        print(figures.write_error_rates(options.model or predict.model_in_use(), measured))


if __name__ == "__main__":
    main()
