"""Reads CREMA-D as DACON's contest ships it, and writes the answers to it.

python -m training.voice.dacon --weights FILE --data FOLDER --out submission.csv
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from reading import Refusal
from ser import audio, members
from ser.predict import Recogniser
from training.datasets.layouts import (
    Example,
    FoundData,
    LayoutError,
    child_named,
    decode_file,
    find_file,
    not_found,
    packed_archives,
    read_table,
)

CONTEST = ("anger", "fear", "sadness", "disgust", "neutral", "happiness")
"""The contest's labels 0 … 5."""


def recordings(root: Path) -> FoundData:
    """CREMA-D as DACON's contest 236105 ships it (음성 감정 인식 AI 경진대회, dacon.io/competitions/official/236105).

    train/TRAIN_0000.wav … TRAIN_5000.wav, test/TEST_0000.wav … TEST_1880.wav, train.csv (id, path as
    ./train/TRAIN_0000.wav, label: 0 angry, 1 fear, 2 sad, 3 disgust, 4 neutral, 5 happy), test.csv (id, path),
    sample_submission.csv (id, label). The speakers are hidden.
    """
    rows = read_table(_inside(root, "train.csv"), ("id", "path", "label"))
    odd = sorted({row["label"] for row in rows} - {str(number) for number in range(len(CONTEST))})
    if odd:
        raise LayoutError(f"{root / 'train.csv'} has labels beyond 0 … 5: {', '.join(odd[:5])}.")
    examples, gone = [], []
    for row in rows:
        path = find_file(root, row["path"])
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
        "figure of it is too good for unknown people."
    )
    return FoundData(tuple(examples), (*remarks, *packed_archives(root)), (caution,))


def _inside(root: Path, name: str) -> Path:
    if not root.is_dir():
        raise not_found(root, name)
    found = child_named(root, name)
    if found is None:
        raise not_found(root, f"{name} of the contest")
    return found


def submission(root: Path, scores_of: Callable[[Path], np.ndarray | Refusal], moods: tuple[str, ...]) -> str:
    """The answers to test.csv in exactly the shape of sample_submission.csv: its columns, its rows, its order.

    `scores_of` gives a score for each of `moods`. A recording that cannot be read is answered with the commonest
    class of train.csv, because the contest refuses a submission with gaps.
    """
    sample = _inside(root, "sample_submission.csv")
    header = next(csv.reader(io.StringIO(decode_file(sample))))
    wanted = read_table(sample, ("id", "label"))
    where = {row["id"]: row["path"] for row in read_table(_inside(root, "test.csv"), ("id", "path"))}
    lacking = [row["id"] for row in wanted if row["id"] not in where]
    if lacking:
        raise LayoutError(f"sample_submission.csv asks for {lacking[0]}, which {root / 'test.csv'} does not list.")
    labels = [row["label"] for row in read_table(_inside(root, "train.csv"), ("label",))]
    columns = [moods.index(mood) for mood in CONTEST]
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n")
    writer.writeheader()
    for row in wanted:
        scores = scores_of(root / where[row["id"]])
        answer = max(set(labels), key=labels.count) if isinstance(scores, Refusal) else str(scores[columns].argmax())
        writer.writerow({**row, "label": answer})
    return out.getvalue()


def scores_by(recogniser: Recogniser) -> Callable[[Path], np.ndarray | Refusal]:
    """Reads a file as the app does, but without the quality check: the contest needs an answer for every file."""

    def scores_of(path: Path) -> np.ndarray | Refusal:
        try:
            wave = audio.load(path)
        except Refusal as refusal:
            return refusal
        return recogniser.scores(wave) if wave.size else Refusal("silent", "There is no sound in it.")

    return scores_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True, help="what `python -m training.cli voice` wrote")
    parser.add_argument("--data", type=Path, required=True, help="the contest's folder")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    answers = submission(options.data, scores_by(Recogniser([members.load(options.weights)])), EMOTIONS)
    options.out.write_text(answers, encoding="utf-8")
    print(f"wrote {options.out}")


if __name__ == "__main__":
    main()
