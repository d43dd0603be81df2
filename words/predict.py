"""Lines of text → readings. `python -m words.predict [--json] "TEXT"… | -`"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from emotions import BY_KEY, EMOTIONS
from learning.weights import WeightsError
from reading import Reading, Refusal
from words.features import Features, features
from words.model import WEIGHTS, WordsModel
from words.model import load as load_model
from words.text import clean, korean_share

_BATCH = 256


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
        known = self._known(line)
        ordered = np.sort(scores)
        sure = bool(ordered[-1] - ordered[-2] >= self.model.meta["margin"] and known >= self.model.meta["known"])
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


def _answer(text: str, answer: Reading | Refusal, as_json: bool) -> str:
    if as_json:
        if isinstance(answer, Refusal):
            return _json({"text": text, "error": {"code": answer.code, "message": answer.message}})
        return _json(
            {
                "text": text,
                "label": answer.label,
                "scores": {mood: round(score, 4) for mood, score in answer.scores.items()},
                "sure": answer.sure,
                "quality": {name: round(value, 4) for name, value in answer.quality.items()},
            }
        )
    if isinstance(answer, Refusal):
        return f"-\t{answer.message}"
    best = sorted(answer.scores, key=answer.scores.__getitem__, reverse=True)[:3]
    scores = ", ".join(f"{mood} {answer.scores[mood]:.0%}" for mood in best)
    verdict = BY_KEY[answer.label].emoji + " " + answer.label if answer.sure else "not sure"
    return f"{verdict}\t({scores})\t{' '.join(text.split())[:80]}"


def _json(value: object) -> str:
    # ASCII only: a lone surrogate, which no encoding can print, is \udXXX in JSON.
    return json.dumps(value)


def _lines(arguments: Iterable[str]) -> Iterable[str]:
    for argument in arguments:
        if argument == "-":
            for line in sys.stdin.buffer:
                yield line.decode("utf-8", "surrogateescape").rstrip("\r\n")
        else:
            yield argument


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m words.predict", description="What lines of text express.")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("text", nargs="+", help="a line of text, or - for the lines of standard input")
    options = parser.parse_args(arguments)
    try:
        recogniser = load(options.weights)
    except WeightsError as error:
        print(error, file=sys.stderr)
        return 1
    texts = list(_lines(options.text))
    answers = recogniser.read(texts)
    for text, answer in zip(texts, answers, strict=True):
        line = _answer(text, answer, options.json)
        print(line.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8"))
    return 1 if any(isinstance(answer, Refusal) for answer in answers) else 0


if __name__ == "__main__":
    sys.exit(main())
