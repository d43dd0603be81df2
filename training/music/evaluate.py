"""Measures the plane and the four moods on artists that no training fold holds.

    python -m training.music.evaluate groups --data DIR                   classes by each rule of counting votes
    python -m training.music.evaluate plane --data DIR --cache DIR [--repeats 10]    R² and rank correlation
    python -m training.music.evaluate moods --data DIR --cache DIR [--repeats 2] [--only NAME…] [--write]

Folds are stratified by genre and class, and keep every artist on one side. Scores of test folds are stored in the
cache's folder `scores`, so that each model is trained once. Intervals are 95 % bootstraps over whole artists. `--write`
stores the figures of the shipped model beside its weights, for the Models page.
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
from training.music.cache import MeasuredTracks, open_cache
from training.music.candidates import ENSEMBLES, SINGLE
from training.music.corpora import GENRES, LAYOUT, rated_tracks, shares
from training.music.folds import folds, splits


def groups_table(data: Path) -> str:
    rated = rated_tracks(data)
    votes, genres = shares(rated), np.array([track.genre for track in rated])
    lines = ["| rule | " + " | ".join(FOUR) + " | ties |", "|---" * (len(FOUR) + 2) + "|"]
    for rule in RULES:
        ordered = np.sort(four_shares(votes, rule), axis=1)
        ties = int((ordered[:, -1] - ordered[:, -2] < 1e-9).sum())
        counts = np.bincount(four_labels(votes, rule), minlength=len(FOUR))
        lines.append(f"| {rule} | " + " | ".join(map(str, counts)) + f" | {ties} |")
        for genre in GENRES:
            counts = np.bincount(four_labels(votes[genres == genre], rule), minlength=len(FOUR))
            lines.append(f"| {rule}, {genre} | " + " | ".join(map(str, counts)) + " | |")
    return "\n".join(lines)


def strata(tracks: MeasuredTracks) -> list[str]:
    return [f"{genre} {label}" for genre, label in zip(tracks.genres, four_labels(tracks.shares), strict=True)]


def r2(truth: np.ndarray, guess: np.ndarray) -> float:
    """Share of the variance that is explained; NaN where all tracks are equal."""
    spread = ((truth - truth.mean()) ** 2).sum()
    return float(1 - ((truth - guess) ** 2).sum() / spread) if spread else float("nan")


def rank_correlation(truth: np.ndarray, guess: np.ndarray) -> float:
    ranks = [np.argsort(np.argsort(values, kind="stable"), kind="stable") for values in (truth, guess)]
    return float(np.asarray(np.corrcoef(np.stack(ranks)))[0, 1])


REGRESSIONS = {"ridge": ridge.fit_ridge, "kernel ridge": kernel_ridge.fit}
"""The shipped one first. Each chooses its settings by folds within the tracks that it is fitted on."""


def plane_guesses(
    tracks: MeasuredTracks, wanted: np.ndarray, repeat: int, by_artist: bool = True, regression: str = "ridge"
) -> np.ndarray:
    """Every track's place by weights fitted on other artists' tracks."""
    artists = tracks.artists if by_artist else np.arange(len(wanted)).astype(str)
    guesses = np.zeros_like(wanted)
    for train, test in splits(folds(strata(tracks), artists, seed=repeat)):
        guesses[test] = REGRESSIONS[regression](tracks.features[train], wanted[train], artists[train])(
            tracks.features[test]
        )
    return guesses


def plane_table(tracks: MeasuredTracks, repeats: int) -> str:
    wanted = places(tracks.shares)
    lines = [
        f"{len(wanted)} tracks, five folds, {repeats} repeats; intervals by artist, of the mean over the repeats",
        "",
        "| axis | split | R² | rank correlation | R² of single repeats |",
        "|---|---|---|---|---|",
    ]
    for by_artist in (True, False):
        guesses = [plane_guesses(tracks, wanted, repeat, by_artist) for repeat in range(repeats)]
        for axis, name in enumerate(AXES):
            truth, column = wanted[:, axis], [guess[:, axis] for guess in guesses]
            fits, orders = (
                metrics.bootstrap(
                    lambda rows, measure=measure, truth=truth, column=column: float(
                        np.mean([measure(truth[rows], guess[rows]) for guess in column])
                    ),
                    tracks.artists.tolist(),
                )
                for measure in (r2, rank_correlation)
            )
            single = [r2(truth, guess) for guess in column]
            lines.append(
                f"| {name} | {'by artist' if by_artist else 'by track'} | {_interval_text(fits)} "
                f"| {_interval_text(orders)} | {min(single):.2f} to {max(single):.2f} |"
            )
    for regression in list(REGRESSIONS)[1:]:
        lines += ["", gain_line(tracks, wanted, repeats, regression)]
    eight = eight_line(plane_guesses(tracks, wanted, repeat=0))
    return "\n".join([*lines, "", eight, "", reliability_line(tracks), "", sensitivity_line(tracks)])


def gain_line(tracks: MeasuredTracks, wanted: np.ndarray, repeats: int, regression: str) -> str:
    """How much more of the places another regression explains than the shipped one, split by artist."""
    shipped, other = (
        [plane_guesses(tracks, wanted, repeat, regression=name) for repeat in range(repeats)]
        for name in ("ridge", regression)
    )
    gains = []
    for axis, name in enumerate(AXES):

        def fits(rows: np.ndarray, guesses: list[np.ndarray], axis: int = axis) -> float:
            return float(np.mean([r2(wanted[rows, axis], guess[rows, axis]) for guess in guesses]))

        whole = fits(np.arange(len(wanted)), other)
        gain = metrics.bootstrap(lambda rows: fits(rows, other) - fits(rows, shipped), tracks.artists.tolist())
        gains.append(f"{name} {whole:.2f} (gain {_interval_text(gain)})")
    return f"R² of {regression} instead of ridge, by artist: " + ", ".join(gains)


def eight_line(guesses: np.ndarray) -> str:
    """Counts the tracks in each eighth of the plane, by weights fitted on others."""
    stretched = np.tanh((guesses - guesses.mean(0)) / (2 * guesses.std(0)))
    emotions = [Place(*point).emotion for point in stretched.tolist()]
    return "eighths of the plane: " + ", ".join(f"{name} {emotions.count(name)}" for name in (*EIGHT, UNDECIDED))


def reliability_line(tracks: MeasuredTracks, draws: int = 50) -> str:
    """How well two halves of a track's listeners agree: an upper bound of every R²."""
    rng = np.random.default_rng(0)
    correlations = []
    for _ in range(draws):
        halves = []
        for track in tracks.tracks:
            order = rng.permutation(len(track.votes))
            halves.append([track.votes[part].mean(0) for part in np.array_split(order, 2)])
        first, second = (places(np.stack([half[side] for half in halves])) for side in (0, 1))
        correlations.append([np.corrcoef(first[:, axis], second[:, axis])[0, 1] for axis in (0, 1)])
    half = np.mean(correlations, axis=0)
    whole = 2 * half / (1 + half)
    return "listeners' reliability (split half, Spearman-Brown), an upper bound of R²: " + ", ".join(
        f"{name} {value:.2f}" for name, value in zip(AXES, whole, strict=True)
    )


def sensitivity_line(tracks: MeasuredTracks, draws: int = 20, size: float = 0.2) -> str:
    """R² after random moves of every emotion of the table of places."""
    rng, table = np.random.default_rng(0), np.array(list(PLACES.values()))
    votes = tracks.shares / np.maximum(tracks.shares.sum(1, keepdims=True), 1e-9)
    scores = []
    for _ in range(draws):
        wanted = votes @ (table + rng.normal(0, size, table.shape))
        guess = plane_guesses(tracks, wanted, repeat=0)
        scores.append([r2(wanted[:, axis], guess[:, axis]) for axis in (0, 1)])
    low, high = np.percentile(scores, [5, 95], axis=0)
    return f"R² with random moves of the table (standard deviation {size}), 90 % of {draws} draws: " + ", ".join(
        f"{name} {low[axis]:.2f} to {high[axis]:.2f}" for axis, name in enumerate(AXES)
    )


def mood_scores(tracks: MeasuredTracks, name: str, repeat: int, store: Path) -> np.ndarray:
    """Every track's scores by a model fitted on other artists' tracks. Stores them, so that it trains once."""
    if name in ENSEMBLES:
        return candidates.mean_of_logs([mood_scores(tracks, part, repeat, store) for part in ENSEMBLES[name]])
    scores = np.zeros((len(tracks.tracks), len(FOUR)))
    for fold, (train, test) in enumerate(splits(folds(strata(tracks), tracks.artists, seed=repeat))):
        file = store / f"{name}-{repeat}-{fold}.npy"
        if not file.is_file():
            store.mkdir(parents=True, exist_ok=True)
            np.save(file, SINGLE[name](tracks, train, test, 100 * repeat + fold))
        scores[test] = np.load(file)
    return scores


def moods_table(tracks: MeasuredTracks, repeats: int, names: list[str], store: Path) -> str:
    truth = four_labels(tracks.shares)
    guesses = {
        name: [mood_scores(tracks, name, repeat, store).argmax(1) for repeat in range(repeats)] for name in names
    }

    def measured(name: str, rows: np.ndarray) -> float:
        return float(np.mean([metrics.macro_f1(truth[rows], guess[rows], len(FOUR)) for guess in guesses[name]]))

    def interval(name: str, less: str | None = None) -> Interval:
        return metrics.bootstrap(
            lambda rows: measured(name, rows) - (measured(less, rows) if less else 0.0), tracks.artists.tolist()
        )

    lines = [
        f"{len(truth)} tracks, five folds by artist, {repeats} repeats",
        "",
        "| model | macro-F1 | less the linear model's | accuracy | one 80/20 split | " + " | ".join(GENRES) + " |",
        "|---" * (5 + len(GENRES)) + "|",
    ]
    first = folds(strata(tracks), tracks.artists, seed=0) == 0
    for name in names:
        right = np.mean([metrics.accuracy(truth, guess) for guess in guesses[name]])
        single_split = metrics.macro_f1(truth[first], guesses[name][0][first], len(FOUR))
        each = " | ".join(f"{measured(name, np.flatnonzero(tracks.genres == genre)):.2f}" for genre in GENRES)
        gain = _interval_text(interval(name, "linear")) if "linear" in names else ""
        score = _interval_text(interval(name))
        lines.append(f"| {name} | {score} | {gain} | {right:.2f} | {single_split:.2f} | {each} |")
    return "\n".join([*lines, "", *(details(name, truth, tracks, repeats, store) for name in names)])


def details(name: str, truth: np.ndarray, tracks: MeasuredTracks, repeats: int, store: Path) -> str:
    """F1 of each class, and the calibration error with the temperature of the other artists' tracks."""
    scores = [mood_scores(tracks, name, repeat, store) for repeat in range(repeats)]
    each = np.mean([metrics.f1(truth, repeat.argmax(1), len(FOUR)) for repeat in scores], axis=0)
    logs, crossed = np.log(np.maximum(scores[0], 1e-9)), np.zeros_like(scores[0])
    for train, test in splits(folds(strata(tracks), tracks.artists, seed=0)):
        crossed[test] = softmax(logs[test], fit_temperature(logs[train], truth[train]))
    classes = ", ".join(f"{group} {value:.2f}" for group, value in zip(FOUR, each, strict=True))
    return (
        f"{name}: F1 {classes}; ECE {metrics.ece(truth, crossed, bins=10):.1%} (one repeat, cross-fitted temperature)"
    )


def shipped_moods(tracks: MeasuredTracks, store: Path) -> Measured:
    """The shipped model on left-out artists; each fold's temperature is fitted on the other folds."""
    meta, truth = read_meta(WEIGHTS), four_labels(tracks.shares)
    logs = np.log(np.maximum(mood_scores(tracks, meta["name"], 0, store), 1e-9))
    scores = np.zeros_like(logs)
    for train, test in splits(folds(strata(tracks), tracks.artists, seed=0)):
        scores[test] = softmax(logs[test], fit_temperature(logs[train], truth[train]))
    return measured.of(
        "artists_never_heard",
        f"{meta['name']} {meta['version']}",
        "python -m training.music.evaluate moods --data DATA --cache DIR",
        truth,
        scores,
        FOUR,
        groups=tracks.artists.tolist(),
        parts=tracks.genres.tolist(),
    )


def _interval_text(interval: Interval) -> str:
    return f"{interval.value:.2f} [{interval.low:.2f}, {interval.high:.2f}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["groups", "plane", "moods"])
    parser.add_argument("--data", type=Path, required=True, help=LAYOUT)
    parser.add_argument("--cache", type=Path, help="folder of `python -m training.music.cache` (plane, moods)")
    parser.add_argument("--repeats", type=int, help="of the five folds (default: plane 10, moods 2)")
    parser.add_argument("--only", nargs="*", default=[*SINGLE, *ENSEMBLES], help="moods: these models alone")
    parser.add_argument("--write", action="store_true", help="moods: also write measured.json beside the weights")
    options = parser.parse_args()
    if options.what == "groups":
        print(groups_table(options.data))
        return
    if options.cache is None:
        parser.error("give --cache, the folder of `python -m training.music.cache`")
    tracks = open_cache(options.cache, options.data)
    if options.what == "plane":
        print(plane_table(tracks, options.repeats or 10))
    else:
        print(moods_table(tracks, options.repeats or 2, options.only, options.cache / "scores"))
        if options.write:
            file = measured.write(WEIGHTS.parent, [shipped_moods(tracks, options.cache / "scores")])
            print(f"\nwritten to {file}")


if __name__ == "__main__":
    main()
