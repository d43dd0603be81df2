"""Writes recordings down.

python -m stt.predict [--json] FILE…          the words of each recording, in order
ls *.wav | python -m stt.predict --json -     file names from standard input
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import settings
from inference import cli, model_card
from inference.weights import WeightsError
from reading import Refusal
from stt import model_folder
from stt.transcriber import Transcriber
from stt.transcript import Transcript

MODEL = settings.ASSETS / "weights" / "stt"
SHIPPED = "whisper-base"
LANGUAGES = ("ko", "en")
THREADS = 2
"""More threads help little: a window is short."""


def model_in_use() -> Path:
    """The operator's model (`HARU_SPEECH_MODEL`), or the shipped one."""
    return settings.SPEECH_MODEL.get() or MODEL


def has_weights() -> bool:
    """Whether the model's files are there, without loading them."""
    return (model_in_use() / model_folder.MODEL).is_file()


def load(folder: Path | None = None) -> Transcriber:
    """The transcriber of a folder; by default, of the model in use. Raises `WeightsError`."""
    from stt.whisper import Whisper

    folder = folder or model_in_use()
    model_folder.check(folder)
    try:
        model = Whisper(folder, THREADS)
    except (RuntimeError, ValueError) as error:
        raise WeightsError(f"{folder} holds no Whisper model that Haru can open; copy the folder again.") from error
    return Transcriber(model, *name_and_version(folder))


def name_and_version(folder: Path) -> tuple[str, str]:
    """As transcripts and measured figures store them; the checksum tells one version of a folder from another."""
    return SHIPPED if folder == MODEL else folder.name, model_card.sha256(folder / model_folder.MODEL)[:8]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m stt.predict", description="Writes recordings down.")
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a recording or a video with sound, or - for one file per line"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per line, with the words' times")
    parser.add_argument("--language", action="append", help="a language that is spoken (default: ko and en)")
    parser.add_argument(
        "--model", type=Path, help="folder of the model (default: HARU_SPEECH_MODEL, or the shipped one)"
    )
    options = parser.parse_args(arguments)
    try:
        transcriber = load(options.model)
    except WeightsError as error:
        print(error, file=sys.stderr)
        return 2
    all_written = True
    for file in cli.inputs(options.files):
        answer = _transcribed(transcriber, file, options.language or LANGUAGES)
        all_written = all_written and isinstance(answer, Transcript)
        print(_as_json(file, answer) if options.json else _as_text(file, answer), flush=True)
    return 0 if all_written else 1


def _transcribed(transcriber: Transcriber, file: str, languages: Sequence[str]) -> Transcript | Refusal:
    try:
        return transcriber.transcribe(file, languages)
    except Refusal as refusal:
        return refusal


def _as_json(file: str, answer: Transcript | Refusal) -> str:
    if isinstance(answer, Refusal):
        content: dict[str, object] = {"error": {"code": answer.code, "message": answer.message}}
    else:
        content = answer.as_dict()
    return cli.as_json_line({"path": file, **content})


def _as_text(file: str, answer: Transcript | Refusal) -> str:
    if isinstance(answer, Refusal):
        return cli.printable(f"{file}: not written down ({answer.code}): {answer.message}")
    return cli.printable(f"{file} ({answer.language}): {' '.join(answer.text.split())}")


if __name__ == "__main__":
    sys.exit(main())
