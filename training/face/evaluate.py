"""Measures the shipped ensemble on faces that it was not trained on.

python -m training.face.evaluate --dataset ferplus PATH              test split, eight and seven classes, every network
                                 … --write                           also writes the figures of the Models page
python -m training.face.evaluate --dataset ferplus PATH --cross      valid and test, the mix fitted on the other folds
python -m training.face.evaluate --dataset folder PATH [--aligned]   pictures in folders named after the seven
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from fer.ensemble import Logits
from fer.labels import EIGHT, seven_of
from fer.predict import WEIGHTS, FaceReading, Recogniser, load
from inference import measured, metrics
from inference.calibration import is_sure
from inference.measured import Measured
from inference.metrics import Interval
from training.face import corpora, fit_ensemble
from training.face.corpora import FERPLUS_HELP, Faces


def logits_of(recogniser: Recogniser, pixels: np.ndarray, batch: int = 16) -> dict[str, np.ndarray]:
    """(faces, eight) of each member for a whole set of 48×48 faces, as the app would see them."""
    parts = [recogniser.logits(pixels[start : start + batch]) for start in range(0, len(pixels), batch)]
    return {name: np.concatenate([part[name] for part in parts]) for name in recogniser.members}


def scores_of_each(recogniser: Recogniser, logits: Logits) -> dict[str, np.ndarray]:
    """Scores of the eight: of each member on its own, and of the ensemble."""
    alone = {name: recogniser.mix.scores_of(name, each) for name, each in logits.items()}
    return {**alone, "ensemble": recogniser.mix.scores(logits)}


def interval(measure, count: int) -> Interval:
    """A 95 % interval by face, because FER2013 does not name people."""
    return metrics.bootstrap(measure, range(count), rounds=1000)


def table(scores: dict[str, np.ndarray], faces: Faces) -> str:
    """A row for each model: eight classes on every face, on the clear ones, seven classes, calibration."""
    truth, clear = faces.majority, faces.clear
    among = np.flatnonzero(truth < len(EMOTIONS))
    lines = [
        "| | 8-class accuracy | where most agree | 7-class UAR | macro-F1 (8) | ECE | loss |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, each in scores.items():
        guess = each.argmax(1)
        seven = seven_of(each[among]).argmax(1)
        right = interval(lambda i, guess=guess: metrics.accuracy(truth[i], guess[i]), len(truth))
        agreed = interval(lambda i, guess=guess: metrics.accuracy(truth[clear][i], guess[clear][i]), int(clear.sum()))
        uar = interval(lambda i, seven=seven: metrics.uar(truth[among][i], seven[i], 7), len(among))
        lines.append(
            f"| {name} | {right} | {agreed} | {uar} | {metrics.macro_f1(truth, guess, 8):.1%} "
            f"| {metrics.ece(truth, each):.1%} | {fit_ensemble.loss(each, truth):.3f} |"
        )
    return "\n".join(lines)


def per_class(truth: np.ndarray, scores: np.ndarray, names: Sequence[str]) -> str:
    """Recall, precision and F1 of each class, and the confusion matrix (rows: truth)."""
    guess, count = scores.argmax(1), len(names)
    recalls, precisions = metrics.recall(truth, guess, count), metrics.precision(truth, guess, count)
    f1, confusion = metrics.f1(truth, guess, count), metrics.confusion(truth, guess, count)
    head = " | ".join(name[:4] for name in names)
    lines = [f"| | faces | recall | precision | F1 | {head} |", "|" + "---|" * (5 + count)]
    for place, name in enumerate(names):
        row = " | ".join(str(number) for number in confusion[place])
        shares = " | ".join(_share(each[place]) for each in (recalls, precisions, f1))
        lines.append(f"| {name} | {int(confusion[place].sum())} | {shares} | {row} |")
    return "\n".join(lines)


def _share(value: float) -> str:
    """The value in per cent; a dash for a class without one."""
    return "–" if np.isnan(value) else f"{value:.1%}"


def seven_text(truth: np.ndarray, seven: np.ndarray) -> str:
    """The diary's seven on some faces, in a line and by class."""
    guess = seven.argmax(1)
    uar = interval(lambda i: metrics.uar(truth[i], guess[i], 7), len(truth))
    line = (
        f"{len(truth)} faces: accuracy {metrics.accuracy(truth, guess):.1%}, UAR {uar}, "
        f"macro-F1 {metrics.macro_f1(truth, guess, 7):.1%}, ECE {metrics.ece(truth, seven):.1%}"
    )
    return line + "\n\n" + per_class(truth, seven, EMOTIONS)


def report(scores: dict[str, np.ndarray], faces: Faces) -> str:
    """Everything about one set of faces."""
    whole = scores["ensemble"]
    among = faces.majority < len(EMOTIONS)
    seven = seven_of(whole[among])
    truth, clear = faces.majority[among], faces.clear[among]
    return "\n\n".join(
        [
            f"{len(faces)} faces, {int(faces.clear.sum())} of them clear (more than half of the votes agree)",
            table(scores, faces),
            "Seven classes, " + seven_text(truth, seven),
            "Seven classes where most agree, as the authors of FER+ test, " + seven_text(truth[clear], seven[clear]),
            f"Eight classes, macro-F1 {metrics.macro_f1(faces.majority, whole.argmax(1), 8):.1%}",
            per_class(faces.majority, whole, EIGHT),
        ]
    )


def measured_in_seven(recogniser: Recogniser, scores: np.ndarray, faces: Faces) -> list[Measured]:
    """The diary's seven, as the app reads them (with its prior), with the figures of one human annotator.

    The second set has only the faces on which most annotators agree.
    """
    among = faces.majority < len(EMOTIONS)
    return [
        _in_seven("ferplus_test", recogniser, scores, faces, among),
        _in_seven("ferplus_clear", recogniser, scores, faces, among & faces.clear),
    ]


def _in_seven(name: str, recogniser: Recogniser, scores: np.ndarray, faces: Faces, these: np.ndarray) -> Measured:
    seven = recogniser.seven(scores[these])
    return measured.of(
        name,
        recogniser.model,
        "python -m training.face.evaluate --dataset ferplus DATA",
        faces.majority[these],
        seven,
        EMOTIONS,
        sure=is_sure(seven, recogniser.margin),
        human=one_annotator(faces.votes[these]),
        human_uar=one_annotator(faces.votes[these], faces.majority[these]),
    )


def one_annotator(votes: np.ndarray, majority: np.ndarray | None = None) -> Interval:
    """How often one annotator agrees with most of the others on the same face; a tie of the others counts in part.

    With the label of each face, the mean over the labels, comparable with a model's UAR. Votes for "unknown" and
    "no face" are left out, so the figure is a little too good.
    """
    agreed = np.zeros(len(votes))
    for place in range(votes.shape[1]):
        others = votes.copy()
        others[:, place] -= 1
        leads = others == others.max(1, keepdims=True)
        agreed += np.where(votes[:, place] > 0, votes[:, place] * leads[:, place] / leads.sum(1), 0)
    total = votes.sum(1)
    label = np.zeros(len(votes), int) if majority is None else majority

    def mean_over_labels(drawn: np.ndarray) -> float:
        return float(np.mean([_share_in(agreed, total, drawn[label[drawn] == one]) for one in np.unique(label[drawn])]))

    return interval(mean_over_labels, len(votes))


def _share_in(agreed: np.ndarray, total: np.ndarray, faces: np.ndarray) -> float:
    return float(agreed[faces].sum() / total[faces].sum())


def cross_validated(recogniser: Recogniser, faces: Faces, lifts: Sequence[float]) -> str:
    """Valid and test together: no member has learned from either, and the mix is fitted without the face it scores."""
    logits, parts = logits_of(recogniser, faces.pixels), []
    for lift in lifts:
        ways = fit_ensemble.cross_compare(logits, faces.majority, lift_strength=lift)
        parts.append(f"lift {lift:g}: " + report({"ensemble": ways["fitted weights"], **ways}, faces))
    return "\n\n".join(parts)


def of_folder(recogniser: Recogniser, root: Path, aligned: bool) -> str:
    """Pictures as the app gets them: those it refuses are counted, not scored."""
    paths, truth = corpora.read_folder(root)
    answers = recogniser.read(paths, aligned=aligned)
    read = {place: answer for place, answer in enumerate(answers) if isinstance(answer, FaceReading)}
    refused = [answer.code for answer in answers if not isinstance(answer, FaceReading)]
    reasons = ", ".join(f"{code} {refused.count(code)}" for code in sorted(set(refused))) or "none"
    head = f"{len(read)} of {len(paths)} pictures read; refused: {reasons}"
    if not read:
        return head
    scores = np.array([[answer.scores[name] for name in EMOTIONS] for answer in read.values()])
    truth, guess = truth[list(read)], scores.argmax(1)
    accuracy = interval(lambda i: metrics.accuracy(truth[i], guess[i]), len(read))
    return "\n\n".join(
        [
            head,
            f"accuracy {accuracy}, UAR {metrics.uar(truth, guess, 7):.1%}, "
            f"macro-F1 {metrics.macro_f1(truth, guess, 7):.1%}, ECE {metrics.ece(truth, scores):.1%}",
            per_class(truth, scores, EMOTIONS),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", choices=["ferplus", "folder"], required=True)
    parser.add_argument(
        "path", type=Path, help=f"ferplus: {FERPLUS_HELP}; folder: a folder with one folder for each of the seven"
    )
    parser.add_argument("--split", choices=["valid", "test"], default="test")
    parser.add_argument("--cross", action="store_true", help="valid and test, cross-fitted")
    parser.add_argument(
        "--lift", type=float, nargs="+", default=[1.0], help="with --cross: as given to training.face.export"
    )
    parser.add_argument("--aligned", action="store_true", help="folder: the pictures are face crops already")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--write", action="store_true", help="ferplus, test: also write measured.json")
    options = parser.parse_args(arguments)
    recogniser = load(options.weights)
    if options.dataset == "folder":
        print(of_folder(recogniser, options.path, options.aligned))
        return
    faces = corpora.read_ferplus(options.path)
    if options.cross:
        valid, test = faces.part("valid"), faces.part("test")
        print(cross_validated(recogniser, Faces.join(valid, test), options.lift))
        return
    part = faces.part(options.split)
    scores = scores_of_each(recogniser, logits_of(recogniser, part.pixels))
    print(report(scores, part))
    among = part.majority < len(EMOTIONS)
    for_diaries = recogniser.seven(scores["ensemble"][among])
    print("\nSeven classes as in the app, with the diarist's prior, " + seven_text(part.majority[among], for_diaries))
    if options.write and options.split == "test":
        file = measured.write(options.weights, measured_in_seven(recogniser, scores["ensemble"], part))
        print(f"\nwritten to {file}")


if __name__ == "__main__":
    main()
