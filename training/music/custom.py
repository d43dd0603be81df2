"""Trains music weights on a user's own tracks: `python -m training.cli music` calls this.

One file holds the four moods and, if the data give valence and arousal, the plane.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inference import measured, metrics
from inference.calibration import fit_temperature, softmax
from music import audio, features, mood_model
from music.chart import FRAME_SECONDS, mel_image
from music.emotion_groups import FOUR, GEMS, GROUPS, RULE, four_shares
from music.spectrum import Spectrum
from reading import Refusal
from training.datasets.layouts import Example, Layout, LayoutError, registry
from training.music import custom_plane, labelled_tracks, ridge
from training.music.folds import folds, splits
from training.processes import worker_processes
from training.resumable import map_in_chunks
from training.trainers import CardText, ExampleFacts, TrainingJob

if TYPE_CHECKING:
    import plotly.graph_objects as go

FOLDS = 5
"""By artist, to measure with; the written weights are fitted on all tracks."""
PORTION = 50
"""Tracks in one file of intermediate results: about half a minute of work."""

LAYOUTS = registry(
    Layout("emotify", labelled_tracks.emotify, "Emotify", "research only: cite the paper, ship no track"),
    Layout("tracks", labelled_tracks.tracks, "own labelled tracks", "yours"),
)


BALANCE_POWERS = {"as they come": 0.0, "as they are trained on: every class alike": 1.0}


def example_weights(examples: Sequence[Example], power: float) -> np.ndarray:
    shares = shares_of(examples)
    weights = (shares * np.maximum(shares.mean(0), 1e-9) ** -power).sum(1)
    return weights / weights.sum()


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="linear", choices=["linear"], help="softmax regression on measured features")


def train_model(job: TrainingJob) -> CardText:
    examples, rows, names, unreadable = prepare(job)
    shares = shares_of(examples)
    labels, artists = shares.argmax(1), np.array([example.person for example in examples])
    if len(set(labels)) < 2 or len(set(artists)) < FOLDS:
        raise LayoutError(
            f"{len(examples)} tracks of {len(set(artists))} artists in {len(set(labels))} classes: at least {FOLDS} "
            "artists and two classes are needed."
        )
    job.report(f"{len(examples)} tracks of {len(set(artists))} artists; measuring on artists that were left out")
    crossed = np.zeros((len(rows), len(FOUR)))
    for train, test in splits(folds(labels, artists, seed=0, parts=FOLDS)):
        crossed[test] = softmax(ridge.fit_softmax(rows[train], shares[train], artists[train])(rows[test]))
    temperature = fit_temperature(np.log(np.maximum(crossed, 1e-9)), labels)
    fitted = ridge.fit_softmax(rows, shares, artists)
    licences = sorted({LAYOUTS[data].licence for data in job.names})
    meta = {
        "name": "linear_own",
        "version": f"own {date.today():%Y-%m-%d}",
        "sense": "music",
        "labels": list(FOUR),
        "training_data": sorted({LAYOUTS[data].title for data in job.names}),
        "licence": f"as the data allow: {'; '.join(licences)}",
        "groups": GROUPS,
        "rule": RULE,
    }
    plane = custom_plane.fit(rows, names, custom_plane.rated_places(examples), artists)
    version = f"{meta['name']} {meta['version']}"
    extra, plane_meta = (plane.state, {"plane": plane.meta}) if plane and plane.is_useful else ({}, {})
    mood_model.save(fitted.mood_model(names, temperature, version), job.out, meta | plane_meta, extra)
    mood_model.load(job.out)  # the app loads it the same way
    scores = softmax(np.log(np.maximum(crossed, 1e-9)), temperature)
    command = "python -m training.cli music"
    found = measured.of("artists_never_heard", version, command, labels, scores, FOUR, artists.tolist())
    measured.write(job.out, [found])
    sections = _sections(job, labels, crossed, artists, temperature, unreadable)
    return CardText("Haru's music, own tracks", {**sections, "The plane": _plane_section(plane)})


def _plane_section(plane: custom_plane.CustomPlane | None) -> str:
    if plane is None:
        return (
            f"Not trained: it needs {custom_plane.FEWEST} tracks of {custom_plane.FOLDS} artists with valence and "
            "arousal (or Emotify's votes). The app keeps the shipped plane."
        )
    note = "The tracks that come with Haru keep their places; these weights place the tracks that users upload."
    if not plane.is_useful:
        note = (
            "On an axis it is no better than the mean of all tracks (R² of 0 or less): the app keeps the shipped one."
        )
    return f"{plane.figures}\n\n{note}"


def shares_of(examples: Sequence[Example]) -> np.ndarray:
    """(tracks, four): the listeners' shares, or 1 for the label of a track without votes."""
    shares = np.zeros((len(examples), len(FOUR)))
    for row, example in zip(shares, examples, strict=True):
        if example.votes:
            row[:] = four_shares(np.array([[example.votes.get(name, 0.0) for name in GEMS]]))[0]
        if not row.any():
            row[FOUR.index(example.label)] = 1.0
    return shares


def prepare(job: TrainingJob) -> tuple[list[Example], np.ndarray, list[str], list[str]]:
    """Measures every track once: the readable ones, their features, the features' names, and the unreadable ones."""
    examples = job.data.examples
    key = "".join(f"{example.path}\n" for example in examples)
    cache = job.work / f"tracks-{hashlib.sha256(key.encode()).hexdigest()[:12]}.npz"
    report = cache.with_suffix(".json")
    if not report.exists():
        job.report(f"measuring {len(examples)} tracks")
        paths, done = [str(example.path) for example in examples], job.work / "heard"
        with worker_processes() as pool:
            measured_rows = map_in_chunks(paths, lambda some: pool.map(_measure, some), done, PORTION)
            answers = list(_progress_bar(measured_rows, len(examples)))
        rows = {place: answer for place, answer in enumerate(answers) if not isinstance(answer, Refusal)}
        if not rows:
            raise LayoutError(f"None of the {len(examples)} tracks can be decoded, {answers[0]}")
        np.savez(cache, heard=list(rows), rows=np.concatenate(list(rows.values())), names=_names())
        shutil.rmtree(done, ignore_errors=True)
        refused = [f"{examples[n].path}: {answer}" for n, answer in enumerate(answers) if isinstance(answer, Refusal)]
        report.write_text(json.dumps(refused, ensure_ascii=False), encoding="utf-8")
    with np.load(cache) as stored:
        readable, rows, names = stored["heard"], stored["rows"], stored["names"].tolist()
    unreadable = json.loads(report.read_text(encoding="utf-8"))
    if unreadable:
        job.report(f"{len(unreadable)} tracks cannot be decoded and are left out, {unreadable[0]}")
    return [examples[place] for place in readable], rows, names, unreadable


def _measure(path: str) -> np.ndarray | Refusal:
    """(1, features), in the order of `_names`."""
    try:
        track = audio.load(Path(path))
    except Refusal as refusal:
        return refusal
    return np.array([list(features.of_track([features.measure(Spectrum(wave)) for wave in track.waves]).values())])


def _names() -> list[str]:
    """Every track's features have the same names: those of a second of noise."""
    return list(features.measure(Spectrum(np.random.default_rng(0).normal(0, 0.1, audio.SAMPLE_RATE))))


def _progress_bar(answers, total: int):
    from tqdm import tqdm

    return tqdm(answers, total=total, unit="track", mininterval=2)


def _sections(
    job: TrainingJob, labels: np.ndarray, crossed: np.ndarray, artists: np.ndarray, temperature: float,
    unreadable: Sequence[str],
) -> dict[str, str]:  # fmt: skip
    guess, count = crossed.argmax(1), len(FOUR)
    uar = metrics.bootstrap(lambda i: metrics.uar(labels[i], guess[i], count), artists.tolist())
    lines = [
        f"{len(labels)} tracks, {FOLDS} folds by artist, each scored by a model of the other artists:",
        f"UAR {uar} (95 % by artist), macro-F1 {metrics.macro_f1(labels, guess, count):.1%}, temperature "
        f"{temperature:.2f}, ECE {metrics.ece(labels, softmax(np.log(np.maximum(crossed, 1e-9)), temperature)):.1%}",
        "",
        "| truth ↓ reading → | " + " | ".join(FOUR) + " |",
        "|---" * (count + 1) + "|",
        *(
            f"| **{name}** | " + " | ".join(map(str, row)) + " |"
            for name, row in zip(FOUR, metrics.confusion(labels, guess, count), strict=True)
        ),
    ]
    sections = {
        "What it is": f"Softmax regression on measured features; four moods. Votes of a group count by their {RULE}.",
        "Measured on left-out artists": "\n".join(lines),
    }
    if unreadable:
        sections["Tracks that could not be decoded"] = "\n".join(f"- {line}" for line in unreadable[:50])
    cautions = [*job.data.cautions, "What music makes people feel differs more between people than between tracks."]
    sections["Cautions"] = "\n".join(f"- {line}" for line in cautions)
    return sections


def measure_example(example: Example) -> ExampleFacts | Refusal:
    try:
        track = audio.load(example.path)
    except Refusal as refusal:
        return refusal
    wave = track.waves[0]
    return ExampleFacts(
        {"seconds": float(track.seconds), "level (dB)": float(20 * np.log10(np.sqrt(np.mean(wave**2)) + 1e-6))}
    )


def draw_examples(shown: Mapping[str, Sequence[Example]]) -> list[tuple[str, go.Figure]]:
    """Waveform and mel image of the first minute of a track of each class, and how often listeners ticked what."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    waves = {label: _first_readable(examples) for label, examples in shown.items()}
    drawn = {label: wave for label, wave in waves.items() if wave is not None}
    figure = make_subplots(max(1, len(drawn)), 2, subplot_titles=[name for name in drawn for _ in range(2)])
    for row, wave in enumerate(drawn.values(), 1):
        parts = np.array_split(wave, 300)
        edges = np.array([(part.min(), part.max()) for part in parts]).ravel()
        seconds = np.linspace(0, wave.size / audio.SAMPLE_RATE, edges.size)
        figure.add_trace(go.Scatter(x=seconds.round(2), y=edges.round(3), line={"width": 1}), row, 1)
        image = mel_image(Spectrum(wave))
        columns = np.linspace(0, image.shape[1] - 1, min(300, image.shape[1])).astype(int)
        figure.add_trace(
            go.Heatmap(
                z=image[:, columns].round().astype(np.int16),
                x=(columns * FRAME_SECONDS).round(1),
                colorscale="Magma",
                showscale=False,
            ),
            row,
            2,
        )
    figure.update_layout(height=60 + 170 * max(1, len(drawn)), showlegend=False)
    ticked: Counter[str] = Counter()
    for examples in shown.values():
        for example in examples:
            ticked.update({name: share for name, share in example.votes.items()})
    votes = go.Figure(go.Bar(x=list(ticked), y=list(ticked.values())))
    return [("Tracks: wave and mel image", figure), ("Votes of listeners for the drawn tracks", votes)]


def _first_readable(examples: Sequence[Example]) -> np.ndarray | None:
    for example in examples:
        try:
            return audio.load(example.path).waves[0]
        except Refusal:
            continue
    return None
