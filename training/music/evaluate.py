"""How well the plane and the four moods do on artists never heard.

    python -m training.music.evaluate groups                              what each rule makes of the votes
    python -m training.music.evaluate plane --cache DIR [--repeats 10]    R² and rank correlation per axis
    python -m training.music.evaluate moods --cache DIR [--repeats 2] [--only NAME…] [--write]

Folds are stratified by genre and class, and keep every artist on one side. Scores of test folds are kept under
DIR/scores, so that a training is done once; intervals are 95 % bootstraps that draw whole artists. `--write` puts what
was measured of the recipe that is shipped beside its weights, for the Models page.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from inference import measured, metrics
from inference.calibration import fit_temperature, softmax
from inference.measured import Measured
from inference.metrics import Interval
from inference.weights import read_meta
from music.emotion_groups import FOUR, PLACES, RULES, four_labels, four_shares, places
from music.mood_model import WEIGHTS
from music.place import AXES, EIGHT, UNDECIDED, Place
from training.music import candidates, kernel_ridge, ridge
from training.music.cache import Cached, open_cache
from training.music.candidates import ALONE, TOGETHER
from training.music.corpora import DATA, GENRES, shares, tracks
from training.music.folds import folds, splits


def groups_table(data: Path) -> str:
    known = tracks(data)
    said, genres = shares(known), np.array([track.genre for track in known])
    lines = ["| rule | " + " | ".join(FOUR) + " | ties |", "|---" * (len(FOUR) + 2) + "|"]
    for rule in RULES:
        ordered = np.sort(four_shares(said, rule), axis=1)
        ties = int((ordered[:, -1] - ordered[:, -2] < 1e-9).sum())
        counts = np.bincount(four_labels(said, rule), minlength=len(FOUR))
        lines.append(f"| {rule} | " + " | ".join(map(str, counts)) + f" | {ties} |")
        for genre in GENRES:
            counts = np.bincount(four_labels(said[genres == genre], rule), minlength=len(FOUR))
            lines.append(f"| {rule}, {genre} | " + " | ".join(map(str, counts)) + " | |")
    return "\n".join(lines)


def strata(cached: Cached) -> list[str]:
    return [f"{genre} {label}" for genre, label in zip(cached.genres, four_labels(cached.shares), strict=True)]


def r2(truth: np.ndarray, guess: np.ndarray) -> float:
    """Share of the spread that is explained; where all tracks are alike there is none, and no answer."""
    spread = ((truth - truth.mean()) ** 2).sum()
    return float(1 - ((truth - guess) ** 2).sum() / spread) if spread else float("nan")


def rank_correlation(truth: np.ndarray, guess: np.ndarray) -> float:
    ranks = [np.argsort(np.argsort(values, kind="stable"), kind="stable") for values in (truth, guess)]
    return float(np.corrcoef(ranks)[0, 1])


LEARNERS = {"ridge": ridge.fit_ridge, "likeness": kernel_ridge.fit}
"""How places are learnt, what is shipped first. Each chooses its settings by folds within the tracks it is given."""


def plane_guesses(
    cached: Cached, wanted: np.ndarray, repeat: int, by_artist: bool = True, learner: str = "ridge"
) -> np.ndarray:
    """Every track's place by weights fitted on other artists' tracks."""
    artists = cached.artists if by_artist else np.arange(len(wanted)).astype(str)
    guesses = np.zeros_like(wanted)
    for train, test in splits(folds(strata(cached), artists, seed=repeat)):
        guesses[test] = LEARNERS[learner](cached.features[train], wanted[train], artists[train])(cached.features[test])
    return guesses


def plane_table(cached: Cached, repeats: int) -> str:
    wanted = places(cached.shares)
    lines = [
        f"{len(wanted)} tracks, five folds, {repeats} repeats; intervals by artist, of the mean over the repeats",
        "",
        "| axis | split | R² | rank correlation | R² of single repeats |",
        "|---|---|---|---|---|",
    ]
    for by_artist in (True, False):
        guesses = [plane_guesses(cached, wanted, repeat, by_artist) for repeat in range(repeats)]
        for axis, name in enumerate(AXES):
            truth, mine = wanted[:, axis], [guess[:, axis] for guess in guesses]
            fits, orders = (
                metrics.bootstrap(
                    lambda i, measure=measure, truth=truth, mine=mine: float(
                        np.mean([measure(truth[i], guess[i]) for guess in mine])
                    ),
                    cached.artists.tolist(),
                )
                for measure in (r2, rank_correlation)
            )
            single = [r2(truth, guess) for guess in mine]
            lines.append(
                f"| {name} | {'by artist' if by_artist else 'by track'} | {_plain(fits)} | {_plain(orders)} "
                f"| {min(single):.2f} to {max(single):.2f} |"
            )
    for learner in list(LEARNERS)[1:]:
        lines += ["", gain_line(cached, wanted, repeats, learner)]
    eight = eight_line(plane_guesses(cached, wanted, repeat=0))
    return "\n".join([*lines, "", eight, "", reliability_line(cached), "", sensitivity_line(cached)])


def gain_line(cached: Cached, wanted: np.ndarray, repeats: int, learner: str) -> str:
    """By artist: how much more of the places another learner explains than the shipped one."""
    shipped, other = (
        [plane_guesses(cached, wanted, repeat, learner=name) for repeat in range(repeats)]
        for name in ("ridge", learner)
    )
    told = []
    for axis, name in enumerate(AXES):

        def fits(rows: np.ndarray, guesses: list[np.ndarray], axis: int = axis) -> float:
            return float(np.mean([r2(wanted[rows, axis], guess[rows, axis]) for guess in guesses]))

        whole = fits(np.arange(len(wanted)), other)
        gain = metrics.bootstrap(lambda i: fits(i, other) - fits(i, shipped), cached.artists.tolist())
        told.append(f"{name} {whole:.2f} (gain {_plain(gain)})")
    return f"R² of {learner} instead of ridge, by artist: " + ", ".join(told)


def eight_line(guesses: np.ndarray) -> str:
    """How many tracks lie in each eighth of the plane, by weights fitted on others."""
    stretched = np.tanh((guesses - guesses.mean(0)) / (2 * guesses.std(0)))
    found = [Place(*point).emotion for point in stretched.tolist()]
    return "eighths of the plane: " + ", ".join(f"{name} {found.count(name)}" for name in (*EIGHT, UNDECIDED))


def reliability_line(cached: Cached, draws: int = 50) -> str:
    """How well two halves of a track's listeners agree: what of the places is no chance, and can be known at all."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(draws):
        halves = []
        for track in cached.tracks:
            order = rng.permutation(len(track.votes))
            halves.append([track.votes[part].mean(0) for part in np.array_split(order, 2)])
        one, other = (places(np.stack([half[side] for half in halves])) for side in (0, 1))
        found.append([np.corrcoef(one[:, axis], other[:, axis])[0, 1] for axis in (0, 1)])
    half = np.mean(found, axis=0)
    whole = 2 * half / (1 + half)
    return "listeners' reliability (split half, Spearman-Brown), the highest R² that can be hoped for: " + ", ".join(
        f"{name} {value:.2f}" for name, value in zip(AXES, whole, strict=True)
    )


def sensitivity_line(cached: Cached, draws: int = 20, size: float = 0.2) -> str:
    """What becomes of R² when every emotion of the table is moved by chance."""
    rng, table = np.random.default_rng(0), np.array(list(PLACES.values()))
    said = cached.shares / np.maximum(cached.shares.sum(1, keepdims=True), 1e-9)
    found = []
    for _ in range(draws):
        wanted = said @ (table + rng.normal(0, size, table.shape))
        guess = plane_guesses(cached, wanted, repeat=0)
        found.append([r2(wanted[:, axis], guess[:, axis]) for axis in (0, 1)])
    low, high = np.percentile(found, [5, 95], axis=0)
    return f"R² with the table moved by chance (standard deviation {size}), 90 % of {draws} draws: " + ", ".join(
        f"{name} {low[axis]:.2f} to {high[axis]:.2f}" for axis, name in enumerate(AXES)
    )


def mood_scores(cached: Cached, name: str, repeat: int, store: Path) -> np.ndarray:
    """Every track's scores by a model fitted on other artists' tracks; trained once and kept."""
    if name in TOGETHER:
        return candidates.together([mood_scores(cached, part, repeat, store) for part in TOGETHER[name]])
    scores = np.zeros((len(cached.tracks), len(FOUR)))
    for fold, (train, test) in enumerate(splits(folds(strata(cached), cached.artists, seed=repeat))):
        file = store / f"{name}-{repeat}-{fold}.npy"
        if not file.is_file():
            store.mkdir(parents=True, exist_ok=True)
            np.save(file, ALONE[name](cached, train, test, 100 * repeat + fold))
        scores[test] = np.load(file)
    return scores


def moods_table(cached: Cached, repeats: int, names: list[str], store: Path) -> str:
    truth = four_labels(cached.shares)
    guesses = {
        name: [mood_scores(cached, name, repeat, store).argmax(1) for repeat in range(repeats)] for name in names
    }

    def measured(name: str, rows: np.ndarray) -> float:
        return float(np.mean([metrics.macro_f1(truth[rows], guess[rows], len(FOUR)) for guess in guesses[name]]))

    def interval(name: str, less: str | None = None) -> Interval:
        return metrics.bootstrap(
            lambda rows: measured(name, rows) - (measured(less, rows) if less else 0.0), cached.artists.tolist()
        )

    lines = [
        f"{len(truth)} tracks, five folds by artist, {repeats} repeats",
        "",
        "| model | macro-F1 | less the linear model's | accuracy | one 80/20 split | " + " | ".join(GENRES) + " |",
        "|---" * (5 + len(GENRES)) + "|",
    ]
    first = folds(strata(cached), cached.artists, seed=0) == 0
    for name in names:
        right = np.mean([metrics.accuracy(truth, guess) for guess in guesses[name]])
        one = metrics.macro_f1(truth[first], guesses[name][0][first], len(FOUR))
        each = " | ".join(f"{measured(name, np.flatnonzero(cached.genres == genre)):.2f}" for genre in GENRES)
        gain = _plain(interval(name, "linear")) if "linear" in names else ""
        lines.append(f"| {name} | {_plain(interval(name))} | {gain} | {right:.2f} | {one:.2f} | {each} |")
    return "\n".join([*lines, "", *(details(name, truth, cached, repeats, store) for name in names)])


def details(name: str, truth: np.ndarray, cached: Cached, repeats: int, store: Path) -> str:
    """F1 of each class, and how far the scores may be believed: with the temperature of the other artists' tracks."""
    scores = [mood_scores(cached, name, repeat, store) for repeat in range(repeats)]
    each = np.mean([metrics.f1(truth, one.argmax(1), len(FOUR)) for one in scores], axis=0)
    logs, crossed = np.log(np.maximum(scores[0], 1e-9)), np.zeros_like(scores[0])
    for train, test in splits(folds(strata(cached), cached.artists, seed=0)):
        crossed[test] = softmax(logs[test], fit_temperature(logs[train], truth[train]))
    told = ", ".join(f"{group} {value:.2f}" for group, value in zip(FOUR, each, strict=True))
    return f"{name}: F1 {told}; ECE {metrics.ece(truth, crossed, bins=10):.1%} (one repeat, cross-fitted temperature)"


def shipped_moods(cached: Cached, store: Path) -> Measured:
    """The shipped recipe on artists it has never heard; each fold's temperature is fitted on the other folds."""
    meta, truth = read_meta(WEIGHTS), four_labels(cached.shares)
    logs = np.log(np.maximum(mood_scores(cached, meta["name"], 0, store), 1e-9))
    scores = np.zeros_like(logs)
    for train, test in splits(folds(strata(cached), cached.artists, seed=0)):
        scores[test] = softmax(logs[test], fit_temperature(logs[train], truth[train]))
    return measured.of(
        "artists_never_heard",
        f"{meta['name']} {meta['version']}",
        "python -m training.music.evaluate moods",
        truth,
        scores,
        FOUR,
        groups=cached.artists.tolist(),
        parts=cached.genres.tolist(),
    )


def _plain(interval: Interval) -> str:
    return f"{interval.value:.2f} [{interval.low:.2f}, {interval.high:.2f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["groups", "plane", "moods"])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--repeats", type=int)
    parser.add_argument("--only", nargs="*", default=[*ALONE, *TOGETHER])
    parser.add_argument("--write", action="store_true", help="moods: also write measured.json beside the weights")
    options = parser.parse_args()
    if options.what == "groups":
        print(groups_table(options.data))
        return
    if options.cache is None:
        parser.error("--cache is needed: the folder made by `python -m training.music.cache`")
    cached = open_cache(options.cache, options.data)
    if options.what == "plane":
        print(plane_table(cached, options.repeats or 10))
    else:
        print(moods_table(cached, options.repeats or 2, options.only, options.cache / "scores"))
        if options.write:
            file = measured.write(WEIGHTS.parent, [shipped_moods(cached, options.cache / "scores")])
            print(f"\nwritten to {file}")


if __name__ == "__main__":
    main()
