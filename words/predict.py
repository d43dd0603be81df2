"""Reads the emotion of notes.

python -m words.predict [--json] TEXT…             one line for each text, in order
python -m words.predict --json - < diary.txt       texts from standard input, one a line
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference import prior
from inference.calibration import is_sure
from inference.cli import Command
from inference.custom_weights import own_weights
from inference.prior import Adaptation, ForDiaries
from reading import Reading, Refusal
from words.features import Features, features
from words.model import WEIGHTS, WordsModel
from words.model import load as load_model
from words.text import clean, korean_share

_BATCH = 256


class Recogniser:
    """Reads notes, many at once. It holds no state, so threads may share it.

    `for_diaries` adapts the scores of comments to a diary (inference/prior.py); without it they stay as they are.
    """

    source = "words"

    def __init__(self, words_model: WordsModel, for_diaries: ForDiaries | None = None) -> None:
        self.words_model = words_model
        self.for_diaries = for_diaries
        self.name = str(words_model.meta["name"])
        self.version = str(words_model.meta["version"])
        margins = for_diaries.margins if for_diaries else {}
        self.margin = float(margins.get("all", words_model.meta["margin"]))
        self.margin_denied = float(margins.get("denied", words_model.meta["margin_denied"]))

    @property
    def model(self) -> str:
        """Name and version, as readings store them."""
        return self.for_diaries.named(self.words_model.name) if self.for_diaries else self.words_model.name

    def read(self, notes: Sequence[str], /) -> list[Reading | Refusal]:
        """One answer for each note, in order."""
        answers: list[Reading | Refusal] = []
        for start in range(0, len(notes), _BATCH):
            answers += self._read_batch(notes[start : start + _BATCH])
        return answers

    def warm_up(self) -> None:
        """Reads one word."""
        self.read(["하루"])

    def _read_batch(self, notes: Sequence[str]) -> list[Reading | Refusal]:
        texts = [_cleaned(note) for note in notes]
        readable = [text for text in texts if isinstance(text, str)]
        readings = iter(self._readings(readable) if readable else [])
        return [text if isinstance(text, Refusal) else next(readings) for text in texts]

    def _readings(self, texts: Sequence[str]) -> list[Reading]:
        found = [features(text) for text in texts]
        korean = np.array([korean_share(text) for text in texts])
        scores = self.words_model.scores(self.words_model.logits(found), korean).astype(float)
        scores = [
            self.adaptation(text, share).apply(each)
            for text, share, each in zip(found, korean.tolist(), scores, strict=True)
        ]
        return [self._reading(*each) for each in zip(texts, found, scores, korean.tolist(), strict=True)]

    def adaptation(self, text: Features, korean: float) -> Adaptation:
        """What the scores of a text with this share of Korean go through."""
        # The prior would speak for what a note denies: "I don't feel good" would become happiness.
        if self.for_diaries is None or text.negates:
            return Adaptation()
        return self.for_diaries.adaptations["en"].mixed(self.for_diaries.adaptations["ko"], korean)

    def _reading(self, text: str, found: Features, scores: np.ndarray, korean: float) -> Reading:
        known, meta = self._known_share(found), self.words_model.meta
        margin = self.margin_denied if found.negates else self.margin
        sure = bool(is_sure(scores, margin)) and known >= meta["known"]
        quality = {
            "characters": float(len(text.strip())),
            "words": float(sum(token.is_word for token in found.tokens)),
            "known": known,
            "korean": korean,
            # Unknown words should move a fused reading less; close scores do so by themselves.
            "weight": min(1.0, known),
        }
        return Reading(dict(zip(EMOTIONS, scores.tolist(), strict=True)), sure, quality, self.source, self.model)

    def _known_share(self, found: Features) -> float:
        """The share of words, emoji and laughs of which the model knows a feature other than letters."""
        places = [place for place, token in enumerate(found.tokens) if token.kind not in ("mark", "number")]
        if not places:
            return 0.0
        whole = (found.blocks != 1) & (found.first == found.last)
        known = np.zeros(len(found.tokens), bool)
        known[found.first[whole & (self.words_model.vocabulary.find(found.keys) >= 0)]] = True
        return float(known[places].mean())


def weights_in_use() -> Path:
    """The operator's own weights (`HARU_WEIGHTS`), or the shipped ones."""
    return own_weights("words") or WEIGHTS


def has_weights() -> bool:
    """Whether the file in use is there, without loading it."""
    return weights_in_use().is_file()


def load(path: Path | None = None) -> Recogniser:
    """The recogniser of a file of weights; by default, of the one in use. Load once, share freely."""
    words_model = load_model(path or weights_in_use())
    return Recogniser(words_model, prior.of("words", words_model.name))


def _cleaned(note: str) -> str | Refusal:
    try:
        return clean(note)
    except Refusal as refusal:
        return refusal


def main(arguments: Sequence[str] | None = None) -> int:
    command = Command(
        program="words.predict",
        description="Reads the emotion of notes; prints one line for each.",
        input_name="text",
        input_help="a note",
        load=load,
        read=lambda recogniser, note, options: recogniser.read([note])[0],
    )
    return command.run(command.parser().parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
