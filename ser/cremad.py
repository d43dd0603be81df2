"""CREMA-D, as published and as the DACON contest ships it; and the contest's submission file.

    python -m ser.cremad --weights FILE --data DACON --out submission.csv

Never imported by the app.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from learning.datasets import (
    SOUNDS,
    VIDEOS,
    Example,
    Found,
    LayoutError,
    child,
    decoded,
    files_under,
    nothing,
    once_each,
    path_in,
    rows_of,
    still_packed,
    strangers,
)
from reading import Refusal
from ser import audio, ears
from ser.predict import Recogniser

SIX = {
    **{"ANG": "anger", "DIS": "disgust", "FEA": "fear"},
    **{"HAP": "happiness", "NEU": "neutral", "SAD": "sadness"},
}
CONTEST = ("anger", "fear", "sadness", "disgust", "neutral", "happiness")
"""The contest's labels 0 … 5."""
_LETTERS = {name[0]: mood for name, mood in SIX.items()}
SILENT = "1076_MTI_SAD_XX"
"""One published recording holds no sound at all."""
_SENTENCES = {
    **{"IEO": "It's eleven o'clock", "TIE": "That is exactly what happened", "IOM": "I'm on my way to the meeting"},
    **{"IWW": "I wonder what this is about", "TAI": "The airplane is almost full"},
    **{"MTI": "Maybe tomorrow it will be cold", "IWL": "I would like a new alarm clock"},
    **{"ITH": "I think I have a doctor's appointment", "DFA": "Don't forget a jacket"},
    **{"ITS": "I think I've seen this before", "TSI": "The surface is slick"},
    "WSI": "We'll stop in a couple of minutes",
}
VOICE, FACE = 1, 2
"""What raters were given: row names of tabulatedVotes.csv are 100001 … for voice alone, 200001 … for the face alone."""


def published(root: Path) -> Found:
    """CREMA-D (Cao et al. 2014, github.com/CheyneyComputerScience/CREMA-D; Open Database License).

    AudioWAV/1001_DFA_ANG_XX.wav — actor (1001 … 1091), sentence, emotion (ANG DIS FEA HAP NEU SAD), level (LO MD HI
    XX); VideoDemographics.csv (ActorID, Age, Sex, …); processedResults/tabulatedVotes.csv: columns A D F H N S count
    how many raters chose what, fileName says of which clip, and the row's name (100001 …) that they only heard it.
    These votes are the labels; without the table the acted emotion is. 1076_MTI_SAD_XX is silent, and left out.
    """
    return _read(root, "AudioWAV", SOUNDS, VOICE)


def films(root: Path) -> Found:
    """CREMA-D's films, for faces and for fitting fusion on paired voice and face.

    VideoFlash/1001_DFA_ANG_XX.flv, named as the sound files are; the votes are of those who only saw the face (rows
    200001 … of processedResults/tabulatedVotes.csv).
    """
    return _read(root, "VideoFlash", VIDEOS, FACE)


def _read(root: Path, part: str, suffixes: frozenset[str], query: int) -> Found:
    what = f"CREMA-D files such as {part}/1001_DFA_ANG_XX{'.wav' if query == VOICE else '.flv'}"
    files, doubled = once_each(files_under(root, suffixes, what))
    votes, genders = _votes(root, query), _genders(root)
    examples = [example for path in files if (example := _take(path, votes, genders))]
    if not examples:
        raise nothing(root, what)
    remarks = [*doubled, *strangers(files, {example.path for example in examples}, "CREMA-D's"), *still_packed(root)]
    if len(examples) < 7441:
        remarks.append(f"{len(examples)} of 7,441 clips are here")
    if not votes:
        remarks.append("without processedResults/tabulatedVotes.csv the acted emotion is the label, not the raters'")
    return Found(tuple(examples), tuple(remarks))


def _take(path: Path, votes: dict[str, dict[str, float]], genders: dict[str, str]) -> Example | None:
    match = re.fullmatch(r"(1\d{3})_([A-Z]{3})_([A-Z]{3})_([A-Z]{2}|X)", path.stem)
    if not match or match[3] not in SIX or path.stem == SILENT:
        return None
    return Example(
        path,
        "crema-d",
        SIX[match[3]],
        f"crema-d-{match[1]}",
        gender=genders.get(match[1], ""),
        language="en",
        text=_SENTENCES.get(match[2], match[2]),
        original_label=match[3],
        votes=votes.get(path.stem, {}),
    )


def _votes(root: Path, query: int) -> dict[str, dict[str, float]]:
    """Of each clip how many raters chose which emotion, by those who were given the same as the model."""
    table = next(iter(sorted(root.rglob("tabulatedVotes.csv"))), None)
    if table is None:
        return {}
    rows = rows_of(table, ("A", "D", "F", "H", "N", "S", "fileName"))
    number = next(iter(rows[0]))  # the first column has no title
    return {
        row["fileName"]: {_LETTERS[letter]: float(row[letter]) for letter in _LETTERS if float(row[letter] or 0) > 0}
        for row in rows
        if int(row[number]) // 100_000 == query
    }


def _genders(root: Path) -> dict[str, str]:
    table = next(iter(sorted(root.rglob("VideoDemographics.csv"))), None)
    return {row["ActorID"]: row["Sex"].lower() for row in rows_of(table, ("ActorID", "Sex"))} if table else {}


def dacon(root: Path) -> Found:
    """CREMA-D as DACON's contest 236105 ships it (음성 감정 인식 AI 경진대회, dacon.io/competitions/official/236105).

    train/TRAIN_0000.wav … TRAIN_5000.wav, test/TEST_0000.wav … TEST_1880.wav, train.csv (id, path as
    ./train/TRAIN_0000.wav, label: 0 angry, 1 fear, 2 sad, 3 disgust, 4 neutral, 5 happy), test.csv (id, path),
    sample_submission.csv (id, label). Who speaks is hidden.
    """
    rows = rows_of(_inside(root, "train.csv"), ("id", "path", "label"))
    odd = sorted({row["label"] for row in rows} - {str(number) for number in range(len(CONTEST))})
    if odd:
        raise LayoutError(f"{root / 'train.csv'} has labels beyond 0 … 5: {', '.join(odd[:5])}.")
    examples, gone = [], []
    for row in rows:
        path = path_in(root, row["path"])
        if path is None:
            gone.append(row["path"])
            continue
        mood = CONTEST[int(row["label"])]
        examples.append(
            Example(path, "dacon", mood, f"dacon-{row['id']}", False, language="en", original_label=row["label"])
        )
    if not examples:
        raise LayoutError(f"None of the {len(rows)} recordings of {root / 'train.csv'} is there, {gone[0]} first.")
    remarks = (f"{len(gone)} of {len(rows)} recordings are not here, {gone[0]} first",) if gone else ()
    caution = (
        "The contest hides who speaks: the split is random by clip, the same actors are on both sides, and every "
        "figure of it is too good for people who were never heard."
    )
    return Found(tuple(examples), (*remarks, *still_packed(root)), (caution,))


def _inside(root: Path, name: str) -> Path:
    if not root.is_dir():
        raise nothing(root, name)
    found = child(root, name)
    if found is None:
        raise nothing(root, f"{name} of the contest")
    return found


def submission(root: Path, scores_of: Callable[[Path], np.ndarray | Refusal], moods: tuple[str, ...]) -> str:
    """The answers to test.csv in exactly the shape of sample_submission.csv: its columns, its rows, its order.

    `scores_of` gives a score for each of `moods`. A recording that cannot be read is answered with the commonest
    class of train.csv, for a submission with a gap is refused.
    """
    sample = _inside(root, "sample_submission.csv")
    header = next(csv.reader(io.StringIO(decoded(sample))))
    wanted = rows_of(sample, ("id", "label"))
    where = {row["id"]: row["path"] for row in rows_of(_inside(root, "test.csv"), ("id", "path"))}
    lacking = [row["id"] for row in wanted if row["id"] not in where]
    if lacking:
        raise LayoutError(f"sample_submission.csv asks for {lacking[0]}, which {root / 'test.csv'} does not list.")
    labels = [row["label"] for row in rows_of(_inside(root, "train.csv"), ("label",))]
    columns = [moods.index(mood) for mood in CONTEST]
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    for row in wanted:
        told = scores_of(root / where[row["id"]])
        answer = max(set(labels), key=labels.count) if isinstance(told, Refusal) else str(told[columns].argmax())
        writer.writerow({**row, "label": answer})
    return out.getvalue()


def scores_by(recogniser: Recogniser) -> Callable[[Path], np.ndarray | Refusal]:
    """The seven scores of a file by the product's own path, its quality not judged: the contest wants every answer."""

    def scores_of(path: Path) -> np.ndarray | Refusal:
        try:
            wave = audio.load(path)
        except Refusal as refusal:
            return refusal
        return recogniser.scores(wave) if wave.size else Refusal("silent", "There is no sound in it.")

    return scores_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True, help="what `python -m learning.train voice` wrote")
    parser.add_argument("--data", type=Path, required=True, help="the contest's folder")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    answers = submission(options.data, scores_by(Recogniser([ears.load(options.weights)])), EMOTIONS)
    options.out.write_text(answers, encoding="utf-8")
    print(f"wrote {options.out}")


if __name__ == "__main__":
    main()
