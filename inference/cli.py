"""The command line that the recognisers share: `python -m ser.predict`, `fer.predict`, `words.predict`.

One line of output for each input, in order. The exit code is 0 where every input was read, 1 where at least one was
refused, and 2 where the weights or the options cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from inference.weights import WeightsError
from reading import Reading, Recogniser, Refusal

_SHOWN = 80
"""Characters of a note that the output repeats."""

AnyRecogniser = TypeVar("AnyRecogniser", bound=Recogniser)


@dataclass(frozen=True)
class Command(Generic[AnyRecogniser]):
    """What differs between the three commands."""

    program: str
    """The module, as in `python -m ser.predict`."""
    description: str
    input_name: str
    """`path` or `text`: the key of the input in the JSON output, and its name in the help."""
    input_help: str
    load: Callable[[Path | None], AnyRecogniser]
    read: Callable[[AnyRecogniser, str, argparse.Namespace], Reading | Refusal]
    more: Callable[[Reading | Refusal], Mapping[str, object]] = lambda answer: {}
    """Further JSON keys of a reading, or of the `error` of a refusal."""

    def parser(self) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(prog=f"python -m {self.program}", description=self.description)
        name = self.input_name.upper()
        help_text = f"{self.input_help}, or - for one {self.input_name} per line on standard input"
        parser.add_argument("inputs", nargs="+", metavar=name, help=help_text)
        parser.add_argument("--json", action="store_true", help="print one JSON object per line")
        parser.add_argument(
            "--weights", type=Path, help="weights to use (default: those of HARU_WEIGHTS, or the shipped ones)"
        )
        return parser

    def run(self, options: argparse.Namespace) -> int:
        try:
            recogniser = self.load(options.weights)
        except WeightsError as error:
            print(error, file=sys.stderr)
            return 2
        all_read = True
        for text in inputs(options.inputs):
            answer = self.read(recogniser, text, options)
            all_read = all_read and isinstance(answer, Reading)
            print(self._as_json(text, answer) if options.json else self._as_text(text, answer), flush=True)
        return 0 if all_read else 1

    def _as_json(self, text: str, answer: Reading | Refusal) -> str:
        if isinstance(answer, Refusal):
            content: dict[str, object] = {
                "error": {"code": answer.code, "message": answer.message, **self.more(answer)}
            }
        else:
            content = {
                "label": answer.label,
                "scores": rounded(answer.scores),
                "sure": answer.sure,
                "quality": rounded(answer.quality),
                **self.more(answer),
            }
        content = {self.input_name: text, **content}
        return as_json_line(content)

    def _as_text(self, text: str, answer: Reading | Refusal) -> str:
        shown = text if self.input_name == "path" else _shortened(text)
        if isinstance(answer, Refusal):
            return printable(f"{shown}: not read ({answer.code}): {answer.message}")
        best = sorted(answer.scores.items(), key=lambda item: -item[1])[:3]
        label = answer.label if answer.sure else f"not sure, perhaps {answer.label}"
        return printable(f"{shown}: {label} ({', '.join(f'{name} {score:.0%}' for name, score in best)})")


def rounded(scores: Mapping[str, float]) -> dict[str, float]:
    """Four decimal places: more would be false precision."""
    return {name: round(score, 4) for name, score in scores.items()}


def as_json_line(content: Mapping[str, object]) -> str:
    """One line of JSON; escaped where the terminal's encoding lacks a character, or a path is not valid UTF-8."""
    line = json.dumps(content, ensure_ascii=False)
    return line if printable(line) == line else json.dumps(content)


def inputs(given: Sequence[str]) -> Iterator[str]:
    """The inputs in order; `-` stands for the lines of standard input that are not empty."""
    for text in given:
        if text == "-":
            # Decoded as arguments are: a line that is not valid UTF-8 must not stop the others.
            lines = (line.decode("utf-8", "surrogateescape").rstrip("\r\n") for line in sys.stdin.buffer)
            yield from (line for line in lines if line)
        else:
            yield text


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def printable(line: str) -> str:
    """The line with `?` for what the terminal's encoding lacks."""
    encoding = sys.stdout.encoding or "utf-8"
    return line.encode(encoding, "replace").decode(encoding)
