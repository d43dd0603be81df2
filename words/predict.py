"""Reads the emotion of notes.

python -m words.predict [--json] TEXT…             one line for each text, in order
python -m words.predict --json - < diary.txt       texts from standard input, one a line
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference import prior, shipped
from inference.calibration import is_sure
from inference.cli import Command
from inference.custom_weights import own_weights
from inference.prior import ForDiaries
from reading import Reading, Refusal
from words import finer
from words.model import FREE_WEIGHTS, MOOD, WEIGHTS, WordsModel
from words.model import load as load_model
from words.parts import encode, parts_of, words_of
from words.text import clean, korean_share

_BATCH = 256


@dataclass(frozen=True)
class WordsReading(Reading):
    """A reading of a note, with the feelings that it speaks for."""

    feelings: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)
    """Keys of assets/feelings.tsv, of any mood, and how much more the note speaks for each than a usual line."""


class Recogniser:
    """Reads notes, many at once. It holds no state, so threads may share it.

    `for_diaries` puts the diarist's prior in (inference/prior.py); without it every mood is equally frequent.
    """

    source = "words"

    def __init__(self, words_model: WordsModel, for_diaries: ForDiaries | None = None) -> None:
        self.words_model = words_model
        self.for_diaries = for_diaries
        self.name = str(words_model.meta["name"])
        self.version = str(words_model.meta["version"])
        margins = for_diaries.margins if for_diaries else {}
        self.margin = float(margins.get("all", words_model.meta["margin"]))

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

    def _readings(self, texts: Sequence[str]) -> list[WordsReading]:
        korean = np.array([korean_share(text) for text in texts])
        parts = [parts_of(self.words_model.tokenizer, text) for text in texts]
        outputs = self._outputs(texts, parts)
        scores = self.scores(outputs[MOOD], korean)
        feelings = finer.feelings_of(outputs, self.words_model.meta.get("finer", {}))
        return [self._reading(*each) for each in zip(texts, scores, korean.tolist(), feelings, strict=True)]

    def _outputs(self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]) -> dict[str, np.ndarray]:
        """(texts, labels) of each head: of a long text, the mean over its parts by their pieces."""
        pieces = encode(
            self.words_model.tokenizer,
            [text[begin:end] for text, spans in zip(texts, parts, strict=True) for begin, end in spans],
        )
        weights = np.array([len(part) for part in pieces], np.float64)[:, None]
        starts = np.cumsum([0, *(len(spans) for spans in parts)])[:-1]
        whole = np.add.reduceat(weights, starts)
        return {
            head: np.add.reduceat(each * weights, starts) / whole
            for head, each in self.words_model.outputs(pieces).items()
        }

    def scores(self, logits: np.ndarray, korean: np.ndarray) -> np.ndarray:
        """(texts, seven) scores, adapted to a diary where that was fitted for these weights."""
        scores = self.words_model.scores(logits, korean)
        if self.for_diaries is None:
            return scores
        english, other = self.for_diaries.adaptations["en"], self.for_diaries.adaptations["ko"]
        return np.array(
            [english.mixed(other, share).apply(each) for each, share in zip(scores, korean.tolist(), strict=True)]
        )

    def _reading(self, text: str, scores: np.ndarray, korean: float, feelings: Mapping[str, float]) -> WordsReading:
        words, known = self._words_and_known_share(text)
        sure = bool(is_sure(scores, self.margin)) and known >= self.words_model.meta["known"]
        quality = {
            "characters": float(len(text.strip())),
            "words": float(words),
            "known": known,
            "korean": korean,
            # Unknown words should move a fused reading less; close scores do so by themselves.
            "weight": min(1.0, known),
        }
        by_mood = dict(zip(EMOTIONS, scores.tolist(), strict=True))
        return WordsReading(by_mood, sure, quality, self.source, self.model, feelings)

    def _words_and_known_share(self, text: str) -> tuple[int, float]:
        """The number of words; and the share of them and of the signs that the model knows.

        Korean words and signs are known: their letters are pieces. Any language has Latin letters, so an English word
        must be one that training lines or a list of common words contain.
        """
        found = [word for word in words_of(text) if not word.text[0].isdigit()]
        latin = [word for word in found if word.is_latin]
        unknown = sum(not self.words_model.knows(word.text.lower().replace("’", "'")) for word in latin)
        words = len(latin) + sum(word.is_korean for word in found)
        return words, 1 - unknown / len(found) if found else 0.0


def weights_in_use() -> Path:
    """The operator's own weights (`HARU_WEIGHTS`), or the shipped ones; NotFreeError under HARU_FREE_WEIGHTS."""
    return own_weights("words") or shipped.usable(WEIGHTS, FREE_WEIGHTS)


def has_weights() -> bool:
    """Whether the file in use is there, without loading it."""
    return weights_in_use().is_file()


def load(path: Path | None = None) -> Recogniser:
    """The recogniser of a file of weights; by default, of the one in use. Load once, share freely."""
    words_model = load_model(path or weights_in_use()).for_reading()
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
