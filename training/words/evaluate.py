"""Measures the model of written emotion and prints the figures as Markdown.

    python -m training.words.evaluate goemotions --data DIR [--weights FILE] [--write]    the test splits
    python -m training.words.evaluate kote --data DIR      trains on four folds and measures on the fifth, five times
    python -m training.words.evaluate diary [--weights FILE] [--write]       lines written as test data
    python -m training.words.evaluate negation [--weights FILE]              the same, with negations

Nothing was chosen or fitted on the measured lines. `--write` also stores the figures beside the weights, for the Models
page; `goemotions` adds how many lines of each source the model was trained on.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference import measured, prior
from inference.calibration import fit_margin, is_sure, softmax
from inference.measured import Measured
from inference.metrics import accuracy, bootstrap, confusion, ece, f1, macro_f1, uar
from reading import Reading
from training.words import corpora
from training.words.calibrate import calibrate
from training.words.lines import SOURCES, concatenate, logits_of, matrix, pieces_of
from training.words.train import TrainingSettings, corpus_lines, fit
from words.model import WEIGHTS, WordsModel, calibrated, load
from words.predict import Recogniser

SEVEN, FOLDS = len(EMOTIONS), 5
_LINES = Path(__file__).resolve().parents[2] / "tests" / "data"
DIARY, NEGATION = _LINES / "diary_lines.tsv", _LINES / "negation_lines.tsv"


def scores_of(recogniser: Recogniser, texts: tuple[str, ...] | list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Scores and `sure` of each text; equal scores for a text that cannot be read (a name and nothing else)."""
    scores, sure = np.full((len(texts), SEVEN), 1 / SEVEN), np.zeros(len(texts), bool)
    for row, answer in enumerate(recogniser.read(texts)):
        if isinstance(answer, Reading):
            scores[row], sure[row] = [answer.scores[mood] for mood in EMOTIONS], answer.sure
    return scores, sure


def with_prior(trained: WordsModel) -> Recogniser:
    """The recogniser as the app runs it."""
    return Recogniser(trained, prior.of("words", trained.name))


def goemotions(trained: WordsModel, data: Path) -> list[Measured]:
    """Both languages: as a single label and as several labels; without the diarist's prior, because comments are no
    diary, and then in a line with it.
    """
    figures, plain = [], Recogniser(trained)
    for language in ("en", "ko"):
        test = corpora.goemotions(language, "test", data)
        scores, sure = scores_of(plain, test.texts)
        print(f"\n### GoEmotions {language}, test, {test.single.sum():,} comments of one group\n")
        _one_mood(test.moods[test.single], scores[test.single], sure[test.single])
        dev = corpora.goemotions(language, "dev", data)
        threshold = best_threshold(scores_of(plain, dev.texts)[0], dev.groups)
        for_diaries, still_sure = scores_of(with_prior(trained), test.texts)
        one = test.single
        print("\nAs in the app, with the diarist's prior: ", end="")
        print(f"macro-F1 {macro_f1(test.moods[one], for_diaries[one].argmax(1), SEVEN):.3f}, ", end="")
        print(f"UAR {uar(test.moods[one], for_diaries[one].argmax(1), SEVEN):.3f}, ", end="")
        print(f"ECE {ece(test.moods[one], for_diaries[one]):.1%}")
        _how_sure(test.moods[one], for_diaries[one], still_sure[one])
        several = multi_label_f1(scores, test.groups, threshold)
        print(f"\nAll {len(test):,} comments, multi-label, with the threshold {threshold:.2f} (chosen on dev):")
        print(f"macro-F1 **{several.mean():.3f}** ({_each(several)})")
        command = "python -m training.words.evaluate goemotions --data DATA"
        figures.append(
            measured.of(
                f"comments_{language}", trained.name, command, test.moods[one], scores[one], EMOTIONS, sure=sure[one]
            )
        )
    return figures


def training_counts(data: Path, settings: TrainingSettings) -> dict[str, int]:
    """How many lines of each source the model is trained on; each English comment also has a Korean translation."""
    comments = {len(corpora.goemotions(language, "train", data)) for language in ("en", "ko")}
    if len(comments) > 1:
        raise ValueError("each English training comment needs its Korean translation, and no other")
    return {"comments": comments.pop(), "kote": len(corpora.kote(data)), "practice": settings.practice}


def kote(data: Path, settings: TrainingSettings) -> None:
    """Five folds of Korean comments: with the offsets trained on the four other folds, and as shipped.

    English is left out, to save time. As shipped means offsets, temperature and margin of translated Korean, which the
    app uses for every person.
    """
    real, sources = corpora.kote(data), corpus_lines(data, settings, languages=("ko",))
    fold = corpora.folds(real)
    trained, shipped, sure = np.zeros((len(real), SEVEN)), np.zeros((len(real), SEVEN)), np.zeros(len(real), bool)
    dev = corpora.goemotions("ko", "dev", data)
    dev = dev[dev.single]
    translated = pieces_of(dev.texts, dev.shares, "ko")
    for number in range(FOLDS):
        tested = fold == number
        lines = concatenate([sources["ko"], sources["practice"], sources["kote"][np.flatnonzero(~tested)]])
        bag, vocabulary, offsets = fit(lines, settings)
        logits = logits_of(bag, matrix(vocabulary, sources["kote"][np.flatnonzero(tested)]))
        trained[tested] = softmax(logits + offsets[SOURCES.index("kote")])
        of_dev = logits_of(bag, matrix(vocabulary, translated))
        korean = {"en": (calibration := calibrate(of_dev, dev.moods)), "ko": calibration}
        margin = fit_margin(calibrated(of_dev, np.ones(len(dev)), korean), dev.moods, settings.sure)
        shipped[tested] = calibrated(logits, np.ones(len(logits)), korean)
        sure[tested] = is_sure(shipped[tested], margin)
        rows = tested & real.single
        print(f"fold {number}: {macro_f1(real.moods[rows], trained[rows].argmax(1), SEVEN):.3f}", flush=True)
    for name, rows in (
        ("of one group", real.groups.sum(1) == 1),
        ("one mood has half", real.shares.max(1) >= 0.5),
        ("one mood leads by a twentieth", real.single),
        ("all", np.ones(len(real), bool)),
    ):
        moods = real.moods[rows]
        each = [
            macro_f1(real.moods[at], trained[at].argmax(1), SEVEN) for at in (rows & (fold == n) for n in range(FOLDS))
        ]
        print(f"\n### KOTE, five folds, {rows.sum():,} comments ({name})\n")
        print(f"Folds: {np.mean(each):.3f} ± {np.std(each):.3f}. Comments a mood: {_counts(moods)}\n")
        _one_mood(moods, trained[rows])
        print(f"\nAs shipped: macro-F1 {macro_f1(moods, shipped[rows].argmax(1), SEVEN):.3f}, ", end="")
        print(f"accuracy {accuracy(moods, shipped[rows].argmax(1)):.3f}, ECE {ece(moods, shipped[rows]):.1%}")
        _how_sure(moods, shipped[rows], sure[rows])


def diary(trained: WordsModel, lines: Path = DIARY) -> list[Measured]:
    """The lines written as test data, by language, by mood and by kind."""
    rows, recogniser = corpora.diary_lines(lines), with_prior(trained)
    scores, sure = scores_of(recogniser, [row["text"] for row in rows])
    moods, guess = np.array([EMOTIONS.index(row["mood"]) for row in rows]), scores.argmax(1)
    also = np.array([EMOTIONS[g] in (row["mood"], row["also"]) for g, row in zip(guess, rows, strict=True)])
    print("| lines | count | right | right or second mood | sure | right when sure |\n|---|---|---|---|---|---|")
    groups: list[tuple[str, Callable[[dict[str, str]], bool]]] = [("all", lambda row: True)]
    groups += [(language, lambda row, language=language: row["language"] == language) for language in ("ko", "en")]
    groups += [(mood, lambda row, mood=mood: row["mood"] == mood) for mood in EMOTIONS]
    groups += [(kind, lambda row, kind=kind: row["kind"] == kind) for kind in sorted({row["kind"] for row in rows})]
    for name, belongs in groups:
        here = np.array([belongs(row) for row in rows])
        certain = here & sure
        right_when_sure = f"{accuracy(moods[certain], guess[certain]):.0%}" if certain.any() else "–"
        print(f"| {name} | {here.sum()} | {accuracy(moods[here], guess[here]):.0%} | {also[here].mean():.0%} ", end="")
        print(f"| {sure[here].mean():.0%} | {right_when_sure} |")
    interval = bootstrap(lambda at: accuracy(moods[at], guess[at]), range(len(rows)))
    print(f"\nMacro-F1 {macro_f1(moods, guess, SEVEN):.3f}; right {interval}; ECE {ece(moods, scores):.1%}")
    _table(moods, guess)
    languages = [row["language"] for row in rows]
    command = "python -m training.words.evaluate diary"
    return [measured.of("diary_lines", recogniser.model, command, moods, scores, EMOTIONS, sure=sure, parts=languages)]


def negation(trained: WordsModel, lines: Path = NEGATION) -> None:
    """Lines with a negation: how often the model finds the mood, and how often it names the denied one."""
    rows, recogniser = corpora.diary_lines(lines), with_prior(trained)
    scores, sure = scores_of(recogniser, [row["text"] for row in rows])
    guesses = [EMOTIONS[best] for best in scores.argmax(1)]
    right = np.array([row["mood"] == guess for row, guess in zip(rows, guesses, strict=True)])
    read_as_denied = np.array([row["denied"] == guess for row, guess in zip(rows, guesses, strict=True)])
    denies = np.array([bool(row["denied"]) for row in rows])
    print("| lines | count | right | read as the denied mood | sure | right when sure |\n|---|---|---|---|---|---|")
    for name in ("all", "ko", "en"):
        here = np.array([name in ("all", row["language"]) for row in rows])
        counts = f"{read_as_denied[here].sum()} of {denies[here].sum()}"
        print(f"| {name} | {here.sum()} | {right[here].mean():.0%} | {counts} ", end="")
        print(f"| {sure[here].mean():.0%} | {right[here & sure].mean():.0%} |")
    print(f"\nRight {bootstrap(lambda at: float(right[at].mean()), range(len(rows)))}")


def best_threshold(scores: np.ndarray, labels: np.ndarray) -> float:
    thresholds = np.arange(0.1, 0.6, 0.02).tolist()
    return max(thresholds, key=lambda threshold: multi_label_f1(scores, labels, threshold).mean())


def multi_label_f1(scores: np.ndarray, labels: np.ndarray, threshold: float) -> np.ndarray:
    """F1 of each mood as a label of its own."""
    guess = scores >= threshold
    both = (labels & guess).sum(0)
    return 2 * both / np.maximum(labels.sum(0) + guess.sum(0), 1)


def _one_mood(moods: np.ndarray, scores: np.ndarray, sure: np.ndarray | None = None) -> None:
    guess = scores.argmax(1)
    interval = bootstrap(lambda at: macro_f1(moods[at], guess[at], SEVEN), range(len(moods)), rounds=300)
    common = np.full(len(moods), np.bincount(moods).argmax())
    print(f"macro-F1 **{interval.value:.3f}** [{interval.low:.3f}, {interval.high:.3f}], ", end="")
    print(
        f"accuracy {accuracy(moods, guess):.3f}, UAR {uar(moods, guess, SEVEN):.3f}, ECE {ece(moods, scores):.1%}; ",
        end="",
    )
    print(f"always {EMOTIONS[common[0]]}: {macro_f1(moods, common, SEVEN):.3f}, {accuracy(moods, common):.3f}")
    print(f"F1: {_each(f1(moods, guess, SEVEN))}")
    if sure is not None:
        _how_sure(moods, scores, sure)
    _table(moods, guess)


def _how_sure(moods: np.ndarray, scores: np.ndarray, sure: np.ndarray) -> None:
    print(f"Sure: {sure.mean():.1%} of comments, {accuracy(moods[sure], scores[sure].argmax(1)):.1%} of them right")


def _counts(moods: np.ndarray) -> str:
    return ", ".join(f"{mood} {(moods == number).sum()}" for number, mood in enumerate(EMOTIONS))


def _each(values: np.ndarray) -> str:
    return ", ".join(f"{mood} {value:.2f}" for mood, value in zip(EMOTIONS, values, strict=True))


def _table(moods: np.ndarray, guess: np.ndarray) -> None:
    print("\n| truth \\ reading | " + " | ".join(EMOTIONS) + " |\n|---|" + "---|" * SEVEN)
    for mood, row in zip(EMOTIONS, confusion(moods, guess, SEVEN), strict=True):
        print(f"| {mood} | " + " | ".join(map(str, row)) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.words.evaluate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("goemotions", "kote", "diary", "negation"))
    parser.add_argument("--data", type=Path, help=f"goemotions, kote: {corpora.LAYOUT}")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="weights to measure (default: the shipped ones)")
    parser.add_argument("--write", action="store_true", help="also write measured.json beside the weights")
    options = parser.parse_args()
    if options.what in ("goemotions", "kote") and options.data is None:
        parser.error(f"{options.what} needs --data, the {corpora.LAYOUT}")
    if options.what == "kote":
        # It trains and measures other models, so it writes nothing beside the shipped weights.
        kote(options.data, TrainingSettings())
        return
    trained = load(options.weights)
    if options.what == "negation":
        negation(trained)
        return
    counts = None
    if options.what == "goemotions":
        figures, counts = goemotions(trained, options.data), training_counts(options.data, TrainingSettings())
    else:
        figures = diary(trained)
    if options.write:
        print(f"\nwritten to {measured.write(options.weights.parent, figures, counts)}")


if __name__ == "__main__":
    main()
