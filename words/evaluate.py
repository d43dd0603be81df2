"""Measures the model: `python -m words.evaluate {goemotions,kote,diary} [--data DIR] [--weights FILE] [--write]`.

`goemotions` reads the test splits, which nothing was chosen on. `kote` trains five times, on four folds each, and
measures on the fifth; nothing is fitted on that. `diary` reads the lines written for it. What is found is printed as
Markdown; `--write` (goemotions, diary) also puts it beside the weights, for the Models page.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from learning import measured
from learning.calibration import softmax
from learning.measured import Measured
from learning.metrics import accuracy, bootstrap, confusion, ece, f1, macro_f1, uar
from reading import Reading
from words import corpora
from words.model import WEIGHTS, WordsModel, calibrated, load
from words.predict import Recogniser
from words.train import SOURCES, Recipe, calibrate, corpus_lines, fit, logits_of, matrix, pieces_of, together

SEVEN = len(EMOTIONS)
DIARY = Path(__file__).resolve().parent.parent / "tests" / "data" / "diary_lines.tsv"


def scores_of(trained: WordsModel, texts: tuple[str, ...] | list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Scores and `sure` of each text; even scores for a text that cannot be read (a name and nothing else)."""
    scores, sure = np.full((len(texts), SEVEN), 1 / SEVEN), np.zeros(len(texts), bool)
    for row, answer in enumerate(Recogniser(trained).read(texts)):
        if isinstance(answer, Reading):
            scores[row], sure[row] = [answer.scores[mood] for mood in EMOTIONS], answer.sure
    return scores, sure


def goemotions(trained: WordsModel, data: Path) -> list[Measured]:
    """Both languages: one mood against the others, and as many moods as there are."""
    found = []
    for language in ("en", "ko"):
        test = corpora.goemotions(language, "test", data)
        scores, sure = scores_of(trained, test.texts)
        print(f"\n### GoEmotions {language}, test, {test.single.sum():,} comments of one group\n")
        _one_mood(test.moods[test.single], scores[test.single], sure[test.single])
        dev = corpora.goemotions(language, "dev", data)
        threshold = best_threshold(scores_of(trained, dev.texts)[0], dev.groups)
        several = many_f1(scores, test.groups, threshold)
        print(f"\nAll {len(test):,} comments, several moods each, a score ≥ {threshold:.2f} (chosen on dev)")
        print(f"a guess: macro-F1 **{several.mean():.3f}** ({_each(several)})")
        one, command = test.single, "python -m words.evaluate goemotions"
        found.append(
            measured.of(
                f"comments_{language}", trained.name, command, test.moods[one], scores[one], EMOTIONS, sure=sure[one]
            )
        )
    return found


def kote(data: Path, recipe: Recipe, teacher: Path | None) -> None:
    """Five folds of real Korean comments, with the baseline that always says the commonest mood.

    Each fold's model has the offsets that its source learned on the four others; English stays out, for time.
    """
    real, sources = corpora.kote(data), corpus_lines(data, recipe, teacher, languages=("ko",))
    fold = corpora.folds(real)
    scores, shipped = np.zeros((len(real), SEVEN)), np.zeros((len(real), SEVEN))
    dev = corpora.goemotions("ko", "dev", data)
    dev = dev[dev.single]
    translated = pieces_of(dev.texts, dev.shares, "ko")
    for number in range(5):
        tested = fold == number
        learned = together([sources["ko"], sources["practice"], sources["kote"][np.flatnonzero(~tested)]])
        bag, vocabulary, offsets = fit(learned, recipe, said=False)
        logits = logits_of(bag, matrix(vocabulary, sources["kote"][np.flatnonzero(tested)]))
        other = calibrate(logits_of(bag, matrix(vocabulary, translated)), dev.moods)
        scores[tested] = softmax(logits + offsets[SOURCES.index("kote")])
        shipped[tested] = calibrated(logits, np.ones(len(logits)), {"en": other, "ko": other})
        rows = tested & real.single
        print(f"fold {number}: {macro_f1(real.moods[rows], scores[rows].argmax(1), SEVEN):.3f}", flush=True)
    lead = np.sort(real.shares, axis=1)
    for name, rows in (
        ("one mood leads by a twentieth", real.single),
        ("one mood has half", lead[:, -1] >= 0.5),
        ("all", np.ones(len(real), bool)),
    ):
        moods = real.moods[rows]
        parts = [
            macro_f1(real.moods[rows & (fold == n)], scores[rows & (fold == n)].argmax(1), SEVEN) for n in range(5)
        ]
        print(f"\n### KOTE, five folds, {rows.sum():,} comments ({name})\n")
        print(
            f"Folds: {np.mean(parts):.3f} ± {np.std(parts):.3f}. As shipped, with the offsets of translated Korean: ",
            end="",
        )
        print(f"macro-F1 {macro_f1(moods, shipped[rows].argmax(1), SEVEN):.3f}, ", end="")
        print(f"accuracy {accuracy(moods, shipped[rows].argmax(1)):.3f}.\n")
        _one_mood(moods, scores[rows])


def diary(trained: WordsModel, lines: Path = DIARY) -> list[Measured]:
    """The lines written for this, by language, by mood and by kind."""
    rows = corpora.diary_lines(lines)
    scores, sure = scores_of(trained, [row["text"] for row in rows])
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
    print(f"\nMacro-F1 {macro_f1(moods, guess, SEVEN):.3f}; right {interval}")
    _table(moods, guess)
    languages = [row["language"] for row in rows]
    command = "python -m words.evaluate diary"
    return [measured.of("diary_lines", trained.name, command, moods, scores, EMOTIONS, sure=sure, parts=languages)]


def best_threshold(scores: np.ndarray, there: np.ndarray) -> float:
    return max(np.arange(0.1, 0.6, 0.02), key=lambda threshold: many_f1(scores, there, threshold).mean())


def many_f1(scores: np.ndarray, there: np.ndarray, threshold: float) -> np.ndarray:
    """F1 of each mood as a yes or no of its own."""
    said = scores >= threshold
    both = (there & said).sum(0)
    return 2 * both / np.maximum(there.sum(0) + said.sum(0), 1)


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
        print(f"Sure: {sure.mean():.1%} of comments, {accuracy(moods[sure], guess[sure]):.1%} of them right")
    _table(moods, guess)


def _each(values: np.ndarray) -> str:
    return ", ".join(f"{mood} {value:.2f}" for mood, value in zip(EMOTIONS, values, strict=True))


def _table(moods: np.ndarray, guess: np.ndarray) -> None:
    print("\n| is \\ said | " + " | ".join(EMOTIONS) + " |\n|---|" + "---|" * SEVEN)
    for mood, row in zip(EMOTIONS, confusion(moods, guess, SEVEN), strict=True):
        print(f"| {mood} | " + " | ".join(map(str, row)) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m words.evaluate", description="Measure the model of words.")
    parser.add_argument("what", choices=("goemotions", "kote", "diary"))
    parser.add_argument("--data", type=Path, default=corpora.DATA)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--teacher", type=Path, help="as given to words.train")
    parser.add_argument("--write", action="store_true", help="also write measured.json beside the weights")
    options = parser.parse_args()
    if options.what == "kote":
        # It measures siblings of the shipped model, so nothing of it belongs beside the weights.
        kote(options.data, Recipe(), options.teacher)
        return
    trained = load(options.weights)
    found = goemotions(trained, options.data) if options.what == "goemotions" else diary(trained)
    if options.write:
        print(f"\nwritten to {measured.write(options.weights.parent, found)}")


if __name__ == "__main__":
    main()
