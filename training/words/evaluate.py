"""Measures the model of written emotion and prints the figures as Markdown.

    python -m training.words.evaluate goemotions --data DIR [--weights FILE] [--write]    the test splits
    python -m training.words.evaluate kote --data DIR        the fifth of KOTE's comments that no training reads
    python -m training.words.evaluate lines --data DIR [--write]             first-person lines to report on
    python -m training.words.evaluate diary [--weights FILE] [--write]       lines written as test data
    python -m training.words.evaluate negation [--weights FILE]              the same, with negations
    python -m training.words.evaluate feelings --data DIR                    the order of the feelings under a mood
    python -m training.words.evaluate bfloat16 --data DIR    how far bfloat16 changes the readings of these lines

Nothing was chosen or fitted on the measured lines. `--write` also stores the figures beside the weights, for the Models
page; `goemotions` adds how many lines of each source the model was trained on.
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

import feelings as all_feelings
from emotions import EMOTIONS
from inference import measured, prior
from inference.calibration import softmax
from inference.measured import Measured
from inference.metrics import accuracy, bootstrap, confusion, ece, f1, macro_f1, uar
from reading import Reading
from training.words import corpora, first_person, free, sources
from words import finer
from words.model import WEIGHTS, WordsModel, load
from words.parts import encode
from words.predict import Recogniser, WordsReading

SEVEN = len(EMOTIONS)
_ON_CORPORA = ("goemotions", "kote", "lines", "feelings", "bfloat16")
_LINES = Path(__file__).resolve().parents[2] / "tests" / "data"
DIARY, NEGATION = _LINES / "diary_lines.tsv", _LINES / "negation_lines.tsv"


def scores_of(recogniser: Recogniser, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Scores and `sure` of each text; equal scores for a text that cannot be read (a name and nothing else)."""
    scores, sure = np.full((len(texts), SEVEN), 1 / SEVEN), np.zeros(len(texts), bool)
    for row, answer in enumerate(recogniser.read(texts)):
        if isinstance(answer, Reading):
            scores[row], sure[row] = [answer.scores[mood] for mood in EMOTIONS], answer.sure
    return scores, sure


def with_prior(trained: WordsModel) -> Recogniser:
    """The recogniser as the app runs it."""
    return Recogniser(trained, prior.of("words", trained.name))


def fit_offsets(logits: np.ndarray, moods: np.ndarray) -> np.ndarray:
    """Offsets of the logits with the best macro-F1, by coordinate ascent.

    A third of the comments are happiness and one in seventy is disgust; the best guess by accuracy would hardly ever
    be a rare mood.
    """
    offsets = np.zeros(SEVEN)
    best = macro_f1(moods, logits.argmax(1), SEVEN)
    for step in (0.6, 0.3, 0.15):
        for mood in list(range(SEVEN)) * 2:
            for change in (-2 * step, -step, step, 2 * step):
                tried = offsets.copy()
                tried[mood] += change
                score = macro_f1(moods, (logits + tried).argmax(1), SEVEN)
                if score > best + 1e-5:
                    best, offsets = score, tried
    return offsets - offsets.mean()


def as_in(trained: WordsModel, source: str, texts: Sequence[str]) -> np.ndarray:
    """Scores with the class shares of a source of the training, for comparison with published figures on it."""
    logits = trained.logits(encode(trained.tokenizer, list(texts)))
    return softmax(logits + np.array(trained.meta["source_offsets"][source]))


def goemotions(trained: WordsModel, data: Path) -> list[Measured]:
    """Both languages: as a single label and as several labels, with the class shares of such comments; then as in the
    app, with the diarist's prior.
    """
    figures = []
    for language in ("en", "ko"):
        source = f"goemotions_{language}"
        test = corpora.goemotions(language, "test", data)
        dev = corpora.goemotions(language, "dev", data)
        of_dev, scores = (as_in(trained, source, comments.texts) for comments in (dev, test))
        offsets = fit_offsets(np.log(of_dev[dev.single]), dev.moods[dev.single])
        one = test.single
        print(f"\n### GoEmotions {language}, test, {one.sum():,} comments of one group\n")
        _one_mood(test.moods[one], scores[one])
        print("\nWith the offsets that give the best macro-F1 on dev:")
        _one_mood(test.moods[one], softmax(np.log(scores[one]) + offsets))
        threshold = best_threshold(of_dev, dev.groups)
        for_diaries, sure = scores_of(with_prior(trained), test.texts)
        print("\nAs in the app, with the diarist's prior: ", end="")
        print(f"macro-F1 {macro_f1(test.moods[one], for_diaries[one].argmax(1), SEVEN):.3f}, ", end="")
        print(f"UAR {uar(test.moods[one], for_diaries[one].argmax(1), SEVEN):.3f}, ", end="")
        print(f"ECE {ece(test.moods[one], for_diaries[one]):.1%}")
        _how_sure(test.moods[one], for_diaries[one], sure[one])
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


def training_counts(data: Path, is_free: bool = False) -> dict[str, int]:
    """How many different lines of each kind the model is trained on."""
    counts = {source.name: len(set(source.texts)) for source in sources.read(data, free=is_free)}
    events = sum(count for name, count in counts.items() if name.startswith("events_"))
    own = {"comments": counts["goemotions_en"], "kote": counts["kote"], "practice": counts["practice"] + events}
    rest = set(counts) - {"goemotions_en", "goemotions_ko", "kote", "practice", "events_ko", "events_en"}
    return own | {"first_person": sum(counts[name] for name in rest)}


def kote(trained: WordsModel, data: Path) -> None:
    """The comments that no training reads: with the class shares of KOTE, and as in the app."""
    real = corpora.kote(data)
    real = real[corpora.folds(real) == sources.KOTE_TESTED]
    scores = as_in(trained, "kote", real.texts)
    for_diaries, sure = scores_of(with_prior(trained), real.texts)
    for name, rows in (
        ("of one group", real.groups.sum(1) == 1),
        ("one mood leads by a twentieth", real.single),
        ("all", np.ones(len(real), bool)),
    ):
        moods = real.moods[rows]
        print(f"\n### KOTE, one fold, {rows.sum():,} comments ({name})\n\nComments a mood: {_counts(moods)}\n")
        _one_mood(moods, scores[rows])
        print(f"\nAs in the app: macro-F1 {macro_f1(moods, for_diaries[rows].argmax(1), SEVEN):.3f}, ", end="")
        print(f"accuracy {accuracy(moods, for_diaries[rows].argmax(1)):.3f}, ECE {ece(moods, for_diaries[rows]):.1%}")
        _how_sure(moods, for_diaries[rows], sure[rows])


def lines(trained: WordsModel, data: Path, part: str = "report") -> list[Measured]:
    """First-person lines, by set: with every mood to choose from as in the app, and among the moods of the set."""
    found = [line for line in first_person.read(data) if line.part == part]
    scores, sure = scores_of(with_prior(trained), [line.text for line in found])
    truth = np.array([line.shares for line in found])
    kinds = np.array([line.source for line in found])
    moods, guess = truth.argmax(1), scores.argmax(1)
    right = truth[np.arange(len(truth)), guess] > 0
    print("| set | lines | right | UAR | UAR among its moods | ECE | sure | right when sure |")
    print("|---" * 8 + "|")
    for kind in [*np.unique(kinds), "all"]:
        here = kinds == kind if kind != "all" else np.ones(len(kinds), bool)
        among = np.unique(moods[here])
        inside = among[scores[here][:, among].argmax(1)]
        certain = here & sure
        print(
            f"| {kind} | {here.sum():,} | {right[here].mean():.1%} | {uar(moods[here], guess[here], SEVEN):.1%} "
            f"| {uar(moods[here], inside, SEVEN):.1%} | {_ece_of_right(right[here], scores[here]):.1%} "
            f"| {sure[here].mean():.1%} | {right[certain].mean() if certain.any() else float('nan'):.1%} |"
        )
    command = "python -m training.words.evaluate lines --data DATA"
    return [
        measured.of("first_person", with_prior(trained).model, command, moods, scores, EMOTIONS, sure=sure,
                    parts=kinds.tolist())
    ]  # fmt: skip


def _ece_of_right(right: np.ndarray, scores: np.ndarray) -> float:
    """The calibration error, where any mood with a share of the line counts as right."""
    wrong_label = np.where(right, scores.argmax(1), (scores.argmax(1) + 1) % SEVEN)
    return ece(wrong_label, scores)


def bfloat16(trained: WordsModel, data: Path) -> None:
    """How many first-person, diary and negation lines have the same mood in bfloat16 as in float32."""
    texts = [line.text for line in first_person.read(data) if line.part == "report"]
    texts += [row["text"] for file in (DIARY, NEGATION) for row in corpora.diary_lines(file)]
    quick = replace(trained, net=copy.deepcopy(trained.net).bfloat16())
    (exact, exact_sure), (rounded, rounded_sure) = (scores_of(with_prior(each), texts) for each in (trained, quick))
    moved = np.abs(exact - rounded).max(1)
    print(f"{len(texts):,} lines: the same mood for {(exact.argmax(1) == rounded.argmax(1)).mean():.1%}, ", end="")
    print(f"as sure for {(exact_sure == rounded_sure).mean():.1%}; ", end="")
    print(f"a score moves by {np.median(moved):.4f} (median), {np.percentile(moved, 99):.3f} (99 %)")


_NAMED = {
    "satisfied": "satisfied", "proud": "proud", "excited": "excited", "calm": "calm", "bored": "bored",
    "anxious": "anxious", "afraid": "scared", "frustrated": "frustrated", "jealous": "jealous", "ashamed": "ashamed",
    "awkward": "flustered", "confused": "confused",
}  # fmt: skip
"""The feelings of Lemotif that Haru has too, but for those that are only another word for a mood."""


def feelings(trained: WordsModel, data: Path, part: str = "report") -> None:
    """How often the feeling that the author of a diary entry ticked is among the first three of its mood."""
    rows = [
        row
        for row in first_person.rows(data / "lemotif_en.tsv")
        if first_person.part_of(row["text"], "lemotif") == part
    ]
    found: dict[str, list[tuple[bool, bool]]] = {}
    for row, reading in zip(rows, with_prior(trained).read([row["text"] for row in rows]), strict=True):
        for feeling in {_NAMED[said] for said in row["said"].split(",") if said in _NAMED}:
            offered = [each.key for each in all_feelings.of_mood(all_feelings.BY_KEY[feeling].moods[0])]
            first = finer.nearest(reading.feelings, offered) if isinstance(reading, WordsReading) else []
            ordered = [*first, *(key for key in offered if key not in first)]
            found.setdefault(feeling, []).append((feeling in ordered[:3], feeling in offered[:3]))
    print("| feeling | entries | among the first three | in the order of the list |\n|---|---|---|---|")
    found["all"] = [hit for hits in found.values() for hit in hits]
    for feeling, each in found.items():
        ours, plain = np.mean(each, axis=0)
        print(f"| {feeling} | {len(each)} | {ours:.0%} | {plain:.0%} |")


def diary(trained: WordsModel, file: Path = DIARY) -> list[Measured]:
    """The lines written as test data, by language, by mood and by kind."""
    rows, recogniser = corpora.diary_lines(file), with_prior(trained)
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


def negation(trained: WordsModel, file: Path = NEGATION) -> None:
    """Lines with a negation: how often the model finds the mood, and how often it names the denied one."""
    rows, recogniser = corpora.diary_lines(file), with_prior(trained)
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


def _one_mood(moods: np.ndarray, scores: np.ndarray) -> None:
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
    parser.add_argument("what", choices=(*_ON_CORPORA, "diary", "negation"))
    parser.add_argument("--data", type=Path, help=f"for {', '.join(_ON_CORPORA)}: {corpora.LAYOUT}")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="weights to measure (default: the shipped ones)")
    parser.add_argument("--write", action="store_true", help="also write measured.json beside the weights")
    options = parser.parse_args()
    if options.what in _ON_CORPORA and options.data is None:
        parser.error(f"{options.what} needs --data, the {corpora.LAYOUT}")
    trained, counts, figures = load(options.weights), None, []
    if options.what == "goemotions":
        figures = goemotions(trained, options.data)
        counts = training_counts(options.data, trained.meta["name"] == free.NAME)
    elif options.what == "kote":
        kote(trained, options.data)
    elif options.what == "lines":
        figures = lines(trained, options.data)
    elif options.what == "feelings":
        feelings(trained, options.data)
    elif options.what == "bfloat16":
        bfloat16(trained, options.data)
    elif options.what == "diary":
        figures = diary(trained)
    else:
        negation(trained)
    if options.write and figures:
        shipped = options.weights == WEIGHTS  # its figures are the folder's; those of others lie beside their file
        print(f"\nwritten to {measured.write(WEIGHTS.parent if shipped else options.weights, figures, counts)}")


if __name__ == "__main__":
    main()
