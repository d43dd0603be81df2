"""Readings of held-out inputs before they are adapted to a diary: lines, faces and voices that no model was trained on.

Each set has two halves: one to choose on (`tuning`), one to report on. Lines are split by a hash of the text, voices by
a hash of the speaker, faces as FER+ is published (valid to choose on, test to report on).

Reading takes minutes, so it is done once for a `--cache` folder; other weights need another folder. The voices are
read by the shipped recipe, trained without them (`python -m training.voice.left_out_scores`):

- `known`: speakers left out of the training, of corpora that it knows: four clips of each mood;
- `ravdess`, `korean`, …: corpora that it does not know. Their classes differ (korean has four, ased five), so figures
  are weighted by class.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

import settings
from emotions import EMOTIONS
from fer import predict as face_model
from fer.labels import seven_of
from inference.calibration import is_sure
from inference.prior import ForDiaries
from reading import Reading, Refusal
from ser import audio, quality
from ser import predict as voice_model
from training.face.corpora import read_ferplus
from training.face.evaluate import logits_of
from training.voice.corpora import Clip, read_clips
from training.voice.known_corpora import SET
from training.voice.left_out_scores import UNHEARD
from training.words import corpora, first_person, free
from words import predict as words_model

SPEECH = {corpus: 280 for corpus in UNHEARD}
"""Clips of each corpus that the voice was not trained on."""
KNOWN = ("ravdess", "emodb", "nemo")
CLIPS_OF_KNOWN = 4
LEFT_OUT = "left_out_voices.npz"
FEWEST = 20
"""A class of a corpus with fewer clips is left out."""


@dataclass(frozen=True)
class HeldOut:
    """Raw scores with the truth; one row for each input."""

    scores: np.ndarray
    """(inputs, seven), not adapted to a diary."""
    truth: np.ndarray
    """(inputs, seven): shares of the moods; any mood with a share is a right answer."""
    kind: np.ndarray
    """The set that each comes from."""
    tuning: np.ndarray
    """True in the half to choose on."""
    weight: np.ndarray
    """The weight in the fusion (`quality["weight"]`)."""
    korean: np.ndarray
    """The share of Korean in a line."""
    strange: np.ndarray
    """How unlike the training data a recording sounds, from 0 to 1."""

    @classmethod
    def of(cls, scores: np.ndarray, truth: np.ndarray, kind: Sequence[str] | np.ndarray, tuning: np.ndarray,
           **others: np.ndarray) -> HeldOut:  # fmt: skip
        count = len(scores)
        filled = {"weight": np.ones(count), "korean": np.zeros(count), "strange": np.zeros(count)}
        return cls(np.asarray(scores, float), np.asarray(truth, float), np.asarray(kind), tuning, **(filled | others))

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, where: np.ndarray) -> HeldOut:
        return replace(self, **{each.name: getattr(self, each.name)[where] for each in fields(self)})

    @property
    def best(self) -> np.ndarray:
        """The mood with the largest share of each, as an index."""
        return self.truth.argmax(1)

    def adapted(self, how: ForDiaries) -> np.ndarray:
        """The scores as the app's recogniser gives them."""
        first, second, share = self._between(how)
        return np.array(
            [first.mixed(second, part).apply(row) for row, part in zip(self.scores, share.tolist(), strict=True)]
        )

    def _between(self, how: ForDiaries):
        if "en" in how.adaptations:
            return how.adaptations["en"], how.adaptations["ko"], self.korean
        return how.adaptations["all"], how.adaptations.get("strange", how.adaptations["all"]), self.strange

    def sure(self, how: ForDiaries, scores: np.ndarray) -> np.ndarray:
        return is_sure(scores, how.margins["all"]) & (self.weight > 0)


def by_class(held: HeldOut, shares: np.ndarray, counts: Mapping[str, float] | None = None) -> np.ndarray:
    """A weight for each row: the moods have these shares, and within a mood each set as much as `counts` says (1)."""
    weights = np.zeros(len(held))
    for mood, share in enumerate(shares):
        kinds = [str(kind) for kind in np.unique(held.kind[held.best == mood])]
        of_each = np.array([(counts or {}).get(kind, 1.0) for kind in kinds])
        for kind, part in zip(kinds, of_each / of_each.sum() if kinds else (), strict=True):
            here = (held.best == mood) & (held.kind == kind)
            weights[here] = share * part / here.sum()
    return weights


def words(data: Path, cache: Path) -> HeldOut:
    """First-person lines that no training reads, and GoEmotions' comments of one mood: dev to choose on, test to
    report on.
    """
    file = cache / "words.npz"
    if not file.is_file():
        held = _read_words(data)
        cache.mkdir(parents=True, exist_ok=True)
        _store(file, {each.name: getattr(held, each.name) for each in fields(held)})
    stored = np.load(file)
    return HeldOut(**{name: stored[name] for name in stored.files})


def _read_words(data: Path) -> HeldOut:
    lines = free.lines_to_choose_on(data, free.NAME) if settings.FREE_WEIGHTS.get() else first_person.read(data)
    found = [(one.text, np.array(one.shares), one.source, one.tuning) for one in lines if one.part != "train"]
    for language in ("en", "ko"):
        for split in ("dev", "test"):
            comments = corpora.goemotions(language, split, data)
            comments = comments[comments.single]
            found += [
                (text, np.eye(len(EMOTIONS))[mood], f"goemotions_{language}", split == "dev")
                for text, mood in zip(comments.texts, comments.moods, strict=True)
            ]
    return read_lines(found)


def read_lines(lines: Sequence[tuple[str, np.ndarray, str, bool]]) -> HeldOut:
    """Lines (text, shares, set, half) as the words recogniser reads them without adaptation."""
    plain = words_model.Recogniser(words_model.load().words_model)
    answers = plain.read([line[0] for line in lines])
    read = [(line, answer) for line, answer in zip(lines, answers, strict=True) if isinstance(answer, Reading)]
    known = np.array([answer.quality["known"] for _, answer in read])
    return HeldOut.of(
        np.array([[answer.scores[mood] for mood in EMOTIONS] for _, answer in read]),
        np.array([line[1] for line, _ in read]),
        [line[2] for line, _ in read],
        np.array([line[3] for line, _ in read]),
        # A line of which too few words are known is never sure, and has no weight here.
        weight=np.where(known >= plain.words_model.meta["known"], np.minimum(known, 1), 0.0),
        korean=np.array([answer.quality["korean"] for _, answer in read]),
    )


def faces(data: Path, cache: Path) -> HeldOut:
    """FER+ valid and test: faces whose majority is among the seven; the truth is that majority."""
    parts = []
    recogniser = None
    for split in ("valid", "test"):
        file = cache / f"face_{split}.npz"
        if not file.is_file():
            recogniser = recogniser or face_model.load()
            part = read_ferplus(data).part(split)
            eight = recogniser.mix.scores(logits_of(recogniser, part.pixels))
            cache.mkdir(parents=True, exist_ok=True)
            np.savez(file, eight=eight, majority=part.majority)
        stored = np.load(file)
        among = stored["majority"] < len(EMOTIONS)
        truth = np.eye(len(EMOTIONS))[stored["majority"][among]]
        tuning = np.full(len(truth), split == "valid")
        parts.append(HeldOut.of(seven_of(stored["eight"][among]), truth, np.full(len(truth), "ferplus"), tuning))
    return joined(parts)


def voices(data: Path, cache: Path) -> HeldOut:
    """Clips of people whom the voice that reads them was not trained on."""
    file = cache / "voice.npz"
    if not file.is_file():
        read = list(_read_clips(data, _left_out_readings(cache / LEFT_OUT)))
        names = ("scores", "mood", "kind", "speaker", "weight", "distance")
        _store(file, {name: np.array(column) for name, column in zip(names, zip(*read, strict=True), strict=True)})
    stored = np.load(file)
    novelty = voice_model.load().novelty
    strange = novelty.strangeness(stored["distance"]) if novelty else np.zeros(len(stored["mood"]))
    return HeldOut.of(
        stored["scores"],
        np.eye(len(EMOTIONS))[stored["mood"]],
        stored["kind"],
        np.array([zlib.crc32(speaker.encode()) % 2 == 0 for speaker in stored["speaker"]]),
        weight=stored["weight"],
        strange=strange,
    )


def _store(file: Path, arrays: Mapping[str, np.ndarray]) -> None:
    np.savez(file, allow_pickle=False, **arrays)


def _left_out_readings(file: Path) -> dict[tuple[str, str], tuple[np.ndarray, float]]:
    """Scores and novelty by path, and by `known` or `unheard`."""
    if not file.is_file():
        raise SystemExit(f"{file} is missing; write it with `python -m training.voice.left_out_scores --out {file}`.")
    with np.load(file) as found:
        columns = (found[name] for name in ("path", "kind", "scores", "distance"))
        return {(path, kind): (scores, float(far)) for path, kind, scores, far in zip(*columns, strict=True)}


def _read_clips(data: Path, readings: Mapping[tuple[str, str], tuple[np.ndarray, float]]) -> Iterator[tuple]:
    for kind, clip in chosen_clips(read_clips(data, SET)):
        read = readings.get((clip.path, "known" if kind == "known" else "unheard"))
        if read is None:
            continue
        try:
            wave = audio.load(data / clip.path)[: int(voice_model.WINDOW * audio.SAMPLE_RATE)]
        except Refusal:
            continue
        facts = quality.measure(wave)
        if quality.refuse(facts) is None:
            scores, distance = read
            yield scores, EMOTIONS.index(clip.mood or ""), kind, clip.speaker, facts.weight, distance


def chosen_clips(clips: Sequence[Clip]) -> Iterator[tuple[str, Clip]]:
    """The set and clip of each: as many of each class, spread over the speakers in turn."""
    rng = np.random.default_rng(0)
    for corpus, count in SPEECH.items():
        mine = [clip for clip in clips if clip.corpus == corpus and clip.mood]
        classes = [mood for mood in sorted(EMOTIONS) if sum(clip.mood == mood for clip in mine) >= FEWEST]
        for mood in classes:
            yield from (
                (corpus, clip) for clip in _in_turn([c for c in mine if c.mood == mood], count // len(classes), rng)
            )
    known = [clip for clip in clips if clip.corpus in KNOWN and clip.mood]
    for speaker in sorted({clip.speaker for clip in known}):
        for mood in sorted(EMOTIONS):
            mine = [clip for clip in known if clip.speaker == speaker and clip.mood == mood]
            yield from (("known", mine[place]) for place in rng.permutation(len(mine))[:CLIPS_OF_KNOWN])


def _in_turn(clips: Sequence[Clip], count: int, rng: np.random.Generator) -> list[Clip]:
    """Some clips, one of each speaker, then a second of each …"""
    speakers = sorted({clip.speaker for clip in clips})
    of_each = [[clip for clip in clips if clip.speaker == speaker] for speaker in rng.permutation(speakers)]
    shuffled = [[mine[place] for place in rng.permutation(len(mine))] for mine in of_each]
    rounds = [[mine[turn] for mine in shuffled if turn < len(mine)] for turn in range(max(map(len, shuffled)))]
    return [clip for one_round in rounds for clip in one_round][:count]


def joined(parts: Sequence[HeldOut]) -> HeldOut:
    return HeldOut(
        **{each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(HeldOut)}
    )
