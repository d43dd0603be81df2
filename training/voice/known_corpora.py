"""What is known of the corpora that Haru's voices are trained and measured on, and the sets that trainings name.

`labels.csv` names corpora and labels; here stands what it does not say: whether a corpus is speech, which of its labels
are wrong, how its people are divided for cross-validation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from training.datasets.cremad import SILENT

_FOUR = ("neutral", "happiness", "anger", "sadness")
_SIX = ("neutral", "happiness", "anger", "sadness", "fear", "surprise")
_SEVEN = (*_SIX, "disgust")


@dataclass(frozen=True)
class Corpus:
    """One corpus as `labels.csv` holds it."""

    name: str
    languages: tuple[str, ...]
    """As in `Clip.language`; empty for bursts."""
    classes: tuple[str, ...]
    """The labels to train on and to measure."""
    parts: int | None = None
    """Cross-validation leaves out one of so many parts of its speakers; None: one speaker at a time."""
    intensities: tuple[str, ...] = ()
    """What `Clip.intensity` may say, from weak to strong."""
    ratings: str = ""
    """A table beside labels.csv: arousal and valence of each clip from 1 to 5, the mean of its listeners."""
    silent: tuple[str, ...] = ()
    """Names of files that were published without any sound in them."""
    exchanged: tuple[str, str] | None = None
    """Two labels that the corpus was published with the wrong way round."""

    @property
    def bursts(self) -> bool:
        """Laughs, sobs and groans without words, not speech."""
        return not self.languages


KNOWN: dict[str, Corpus] = {
    corpus.name: corpus
    for corpus in (
        Corpus("ravdess", ("en",), (*_SEVEN, "calm"), intensities=("normal", "strong")),
        Corpus("emodb", ("de",), ("neutral", "happiness", "anger", "sadness", "fear", "disgust", "boredom")),
        Corpus("nemo", ("pl",), _SIX),
        Corpus("tess", ("en",), _SEVEN),
        # Its README calls the files 201–300 of each actor angry and 301–400 sad. The scripts of the actors who read
        # sentences with a mood say the opposite (201: "my heart really aches", 303: "is it that hard to turn down the
        # radio?"), and all eight actors have their lowest pitch in 201–205.
        Corpus("korean", ("ko",), _FOUR, exchanged=("anger", "sadness")),
        # labels.csv holds two classes of CREMA-D and a single neutral clip, which would be drawn as often as a class.
        Corpus(
            "cremad",
            ("en",),
            ("happiness", "sadness"),
            parts=5,
            intensities=("low", "medium", "high"),
            silent=(SILENT,),
        ),
        Corpus("ased", ("am",), ("neutral", "happiness", "anger", "sadness", "fear"), parts=5),
        Corpus("emovo", ("it",), _SEVEN),
        Corpus("emotale", ("da", "en"), _FOUR, ratings="emotale_ratings.csv"),
        Corpus("emogator", (), _SEVEN, parts=5),
    )
}


@dataclass(frozen=True)
class CorpusSet:
    """Which clips of a table a training reads."""

    names: tuple[str, ...] | None
    """The corpora; None: every row of the table, whatever its corpus and label."""
    corrected: bool = True
    """Whether labels that were published the wrong way round are put right."""

    def holds(self, corpus: str, label: str, path: str) -> bool:
        if self.names is None:
            return True
        known = KNOWN.get(corpus)
        usable = known is None or (label in known.classes and Path(path).stem not in known.silent)
        return corpus in self.names and usable

    def label_of(self, corpus: str, label: str) -> str:
        pair = KNOWN[corpus].exchanged if self.corrected and corpus in KNOWN else None
        return pair[1 - pair.index(label)] if pair and label in pair else label


_FIVE = ("ravdess", "emodb", "nemo", "tess", "korean")

SETS: dict[str, CorpusSet] = {
    # The weights of version 1 were trained on these five, with the labels of the Korean corpus as published.
    "five": CorpusSet(_FIVE, corrected=False),
    "ten": CorpusSet(tuple(KNOWN)),
    "speech": CorpusSet(tuple(name for name, corpus in KNOWN.items() if not corpus.bursts)),
    "ten-as-published": CorpusSet(tuple(KNOWN), corrected=False),
    "all": CorpusSet(None, corrected=False),
}
SET = "ten"
"""The corpora that the shipped voice learns from."""
SETS_HELP = (
    f"which clips of the table: {', '.join(SETS)} (every row), or corpora joined by commas; labels that a corpus was "
    "published with the wrong way round are put right, but in five, ten-as-published and all"
)


def set_named(which: str) -> CorpusSet:
    """A set by its name, or the corpora that `which` names: `ravdess,emodb`."""
    return SETS.get(which) or CorpusSet(tuple(name.strip() for name in which.split(",")))


def check_complete(chosen: CorpusSet, corpora: Iterable[str], table: object) -> None:
    """Raises ValueError where the table has no clip of a corpus of the set: figures would not be what they seem."""
    there = set(corpora)
    missing = [name for name in chosen.names or () if name not in there]
    if missing:
        held = ", ".join(sorted(there)) or "no clips"
        raise ValueError(
            f"{table} has no clips of {', '.join(missing)}; it holds {held}. Name those to use, as in ravdess,emodb."
        )
