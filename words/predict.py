"""Lines of text in, readings out.

python -m words.predict [--json] "TEXT"…         one line a text, in order
python -m words.predict --json - < diary.txt     texts from standard input, one a line
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference.calibration import is_sure
from inference.weights import WeightsError
from reading import Reading, Refusal
from words.features import Features, features
from words.model import WEIGHTS, WordsModel
from words.model import load as load_model
from words.text import clean, korean_share

_BATCH = 256
_SHOWN = 80
"""Characters of a line that the command repeats."""


class Recogniser:
    """Reads lines, many at once. Holds nothing that changes: threads may share one."""

    def __init__(self, model: WordsModel) -> None:
        self.model = model

    def read(self, texts: Sequence[str]) -> list[Reading | Refusal]:
        """A reading for each text, at its place; a `Refusal` where there is nothing to read."""
        answers: list[Reading | Refusal] = []
        for at in range(0, len(texts), _BATCH):
            answers += self._read_batch(texts[at : at + _BATCH])
        return answers

    def _read_batch(self, texts: Sequence[str]) -> list[Reading | Refusal]:
        lines = [_clean_or_refusal(text) for text in texts]
        readable = [line for line in lines if isinstance(line, str)]
        if not readable:
            return [line for line in lines if isinstance(line, Refusal)]
        pieces = [features(line) for line in readable]
        korean = np.array([korean_share(line) for line in readable])
        scores = self.model.scores(self.model.logits(pieces), korean)
        readings = iter(
            [self._reading(*given) for given in zip(readable, pieces, scores.astype(float), korean, strict=True)]
        )
        return [line if isinstance(line, Refusal) else next(readings) for line in lines]

    def _reading(self, text: str, line: Features, scores: np.ndarray, korean: float) -> Reading:
        known, meta = self._known(line), self.model.meta
        margin = meta["margin_denied"] if line.denies else meta["margin"]
        sure = bool(is_sure(scores, margin)) and known >= meta["known"]
        quality = {
            "characters": float(len(text.strip())),
            "words": float(sum(token.is_word for token in line.tokens)),
            "known": known,
            "korean": float(korean),
            # A line of strange words, or a verdict too close to call, should move a fused reading less.
            "weight": min(1.0, known) * (1.0 if sure else 0.5),
        }
        return Reading(dict(zip(EMOTIONS, scores.tolist(), strict=True)), sure, quality, "words", self.model.name)

    def _known(self, line: Features) -> float:
        """The share of words, emoji and laughs of which the model has met any piece but letters."""
        places = [place for place, token in enumerate(line.tokens) if token.kind not in ("mark", "number")]
        if not places:
            return 0.0
        whole = (line.blocks != 1) & (line.first == line.last)
        met = np.zeros(len(line.tokens), bool)
        met[line.first[whole & (self.model.vocabulary.find(line.keys) >= 0)]] = True
        return float(met[places].mean())


def load(path: Path = WEIGHTS) -> Recogniser:
    """The shipped recogniser, or the one of another file."""
    return Recogniser(load_model(path))


def _clean_or_refusal(text: str) -> str | Refusal:
    try:
        return clean(text)
    except Refusal as refusal:
        return refusal


def as_json(text: str, told: Reading | Refusal) -> str:
    if isinstance(told, Refusal):
        line = {"text": text, "error": {"code": told.code, "message": told.message}}
    else:
        scores = {mood: round(score, 4) for mood, score in told.scores.items()}
        quality = {name: round(value, 4) for name, value in told.quality.items()}
        line = {"text": text, "label": told.label, "scores": scores, "sure": told.sure, "quality": quality}
    # ASCII only: a lone surrogate, which no encoding can print, is \\udXXX in JSON.
    return json.dumps(line)


def as_text(text: str, told: Reading | Refusal) -> str:
    shown = " ".join(text.split())
    shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
    if isinstance(told, Refusal):
        return f"{shown}: not read ({told.code}): {told.message}"
    top = sorted(told.scores.items(), key=lambda item: -item[1])[:3]
    verdict = told.label if told.sure else f"not sure, perhaps {told.label}"
    return f"{shown}: {verdict} (" + ", ".join(f"{mood} {score:.0%}" for mood, score in top) + ")"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="words.predict", description="What lines of text express, one line each.")
    parser.add_argument("texts", nargs="+", metavar="TEXT", help="a line, or - for the lines of standard input")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="file of weights")
    options = parser.parse_args(arguments)
    try:
        recogniser = load(options.weights)
    except WeightsError as error:
        print(error, file=sys.stderr)
        return 1
    line = as_json if options.json else as_text
    all_read = True
    for text in _texts(options.texts):
        told = recogniser.read([text])[0]
        all_read = all_read and isinstance(told, Reading)
        print(_printable(line(text, told)), flush=True)
    return 0 if all_read else 1


def _texts(arguments: Sequence[str]) -> Iterator[str]:
    for argument in arguments:
        if argument == "-":
            for line in sys.stdin.buffer:
                yield line.decode("utf-8", "surrogateescape").rstrip("\r\n")
        else:
            yield argument


def _printable(line: str) -> str:
    """Without what the terminal's encoding cannot say."""
    encoding = sys.stdout.encoding or "utf-8"
    return line.encode(encoding, "replace").decode(encoding)


if __name__ == "__main__":
    sys.exit(main())
