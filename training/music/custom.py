"""The course of music: `python -m training.cli music` ends here. Never imported by the app.

One file holds both: the four moods, and, where the data say how pleasant and how stirring their tracks are, the plane.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inference import measured, metrics
from inference.calibration import fit_temperature, softmax
from music import audio, features, mood_model
from music.emotion_groups import FOUR, GEMS, GROUPS, RULE, four_shares
from music.mood_model import Linear, MoodModel
from music.spectrum import Spectrum
from reading import Refusal
from training.datasets.layouts import Example, Layout, LayoutError, registry
from training.music import custom_plane, labelled_tracks, ridge
from training.music.folds import folds, splits
from training.resumable import in_portions
from training.trainers import Job, Look, Taught

if TYPE_CHECKING:
    import plotly.graph_objects as go

FOLDS = 5
"""By artist, to measure with; what is shipped learns from all of them."""
PORTION = 50
"""Tracks that a stop may cost: half a minute or so."""

LAYOUTS = registry(
    Layout("emotify", labelled_tracks.emotify, "Emotify", "research only: cite the paper, ship no track"),
    Layout("tracks", labelled_tracks.tracks, "own labelled tracks", "yours"),
)


BALANCES = {"as they come": 0.0, "as they are trained on: every class alike": 1.0}


def counts_for(examples: Sequence[Example], power: float) -> np.ndarray:
    shares = shares_of(examples)
    weights = (shares * np.maximum(shares.mean(0), 1e-9) ** -power).sum(1)
    return weights / weights.sum()


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="linear", choices=["linear"], help="softmax regression on measured features")


def teach(job: Job) -> Taught:
    examples, rows, names, unreadable = prepare(job)
    shares = shares_of(examples)
    labels, artists = shares.argmax(1), np.array([example.person for example in examples])
    if len(set(labels)) < 2 or len(set(artists)) < FOLDS:
        raise LayoutError(
            f"{len(examples)} tracks of {len(set(artists))} artists in {len(set(labels))} classes: at least {FOLDS} "
            "artists and two classes are needed."
        )
    job.tell(f"{len(examples)} tracks of {len(set(artists))} artists; measuring on artists that were left out")
    crossed = np.zeros((len(rows), len(FOUR)))
    for train, test in splits(folds(labels, artists, seed=0, parts=FOLDS)):
        crossed[test] = softmax(ridge.fit_softmax(rows[train], shares[train], artists[train])(rows[test]))
    temperature = fit_temperature(np.log(np.maximum(crossed, 1e-9)), labels)
    fitted = ridge.fit_softmax(rows, shares, artists)
    standard = fitted.standard
    linear = Linear(tuple(names), standard.mean, standard.std, fitted.weights, fitted.bias)
    licences = sorted({LAYOUTS[data].licence for data, _ in job.data})
    meta = {
        "name": "linear_own",
        "version": f"own {date.today():%Y-%m-%d}",
        "sense": "music",
        "labels": list(FOUR),
        "training_data": sorted({LAYOUTS[data].title for data, _ in job.data}),
        "licence": f"as the data allow: {'; '.join(licences)}",
        "groups": GROUPS,
        "rule": RULE,
    }
    ours = custom_plane.fit(rows, names, custom_plane.rated_places(examples), artists)
    version = f"{meta['name']} {meta['version']}"
    beside, about = (ours.state, {"plane": ours.facts}) if ours and ours.worth else ({}, {})
    mood_model.save(MoodModel(linear, (), 1.0, temperature, version), job.out, meta | about, beside)
    mood_model.load(job.out)  # what the app will do
    scores = softmax(np.log(np.maximum(crossed, 1e-9)), temperature)
    command = "python -m training.cli music"
    found = measured.of("artists_never_heard", version, command, labels, scores, FOUR, artists.tolist())
    measured.write(job.out, [found])
    sections = _sections(job, labels, crossed, artists, temperature, unreadable)
    return Taught("Haru's music, own tracks", {**sections, "The plane": _plane_section(ours)})


def _plane_section(ours: custom_plane.OwnPlane | None) -> str:
    if ours is None:
        return (
            f"Not trained: it needs {custom_plane.FEWEST} tracks of {custom_plane.FOLDS} artists with valence and "
            "arousal (or Emotify's votes). The app keeps the shipped plane."
        )
    told = "The tracks that come with Haru keep their places; these weights place what is brought."
    if not ours.worth:
        told = (
            "On an axis it is no better than the middle of all tracks (R² of 0 or less): the app keeps the shipped one."
        )
    return f"{ours.told}\n\n{told}"


def shares_of(examples: Sequence[Example]) -> np.ndarray:
    """(tracks, four): what part of the listeners felt which, or all of it the label."""
    shares = np.zeros((len(examples), len(FOUR)))
    for row, example in zip(shares, examples, strict=True):
        if example.votes:
            row[:] = four_shares(np.array([[example.votes.get(name, 0.0) for name in GEMS]]))[0]
        if not row.any():
            row[FOUR.index(example.label)] = 1.0
    return shares


def prepare(job: Job) -> tuple[list[Example], np.ndarray, list[str], list[str]]:
    """Every track measured once: what could be heard, its features, their names, and what could not."""
    examples = job.checked.examples
    key = "".join(f"{example.path}\n" for example in examples)
    kept = job.work / f"tracks-{hashlib.sha256(key.encode()).hexdigest()[:12]}.npz"
    report = kept.with_suffix(".json")
    if not report.exists():
        job.tell(f"listening to {len(examples)} tracks")
        paths, done = [str(example.path) for example in examples], job.work / "heard"
        with ProcessPoolExecutor() as pool:
            told = in_portions(paths, lambda some: pool.map(_measure, some), done, PORTION)
            answers = list(_bar(told, len(examples)))
        heard = [place for place, answer in enumerate(answers) if not isinstance(answer, Refusal)]
        if not heard:
            raise LayoutError(f"None of the {len(examples)} tracks can be decoded, {answers[0]}")
        np.savez(kept, heard=heard, rows=np.concatenate([answers[place] for place in heard]), names=_names())
        shutil.rmtree(done, ignore_errors=True)
        refused = [f"{examples[n].path}: {one}" for n, one in enumerate(answers) if isinstance(one, Refusal)]
        report.write_text(json.dumps(refused, ensure_ascii=False), encoding="utf-8")
    with np.load(kept) as found:
        heard, rows, names = found["heard"], found["rows"], found["names"].tolist()
    unreadable = json.loads(report.read_text(encoding="utf-8"))
    if unreadable:
        job.tell(f"{len(unreadable)} tracks cannot be heard and are left out, {unreadable[0]}")
    return [examples[place] for place in heard], rows, names, unreadable


def _measure(path: str) -> np.ndarray | Refusal:
    """(1, features), in the order of `_names`."""
    try:
        heard = audio.load(Path(path))
    except Refusal as refusal:
        return refusal
    return np.array([list(features.of_track([features.measure(Spectrum(one)) for one in heard.excerpts]).values())])


def _names() -> list[str]:
    """Every track's features have the same names: those of a second of noise."""
    return list(features.measure(Spectrum(np.random.default_rng(0).normal(0, 0.1, audio.SAMPLE_RATE))))


def _bar(answers, total: int):
    from tqdm import tqdm

    return tqdm(answers, total=total, unit="track", mininterval=2)


def _sections(
    job: Job, labels: np.ndarray, crossed: np.ndarray, artists: np.ndarray, temperature: float,
    unreadable: Sequence[str],
) -> dict[str, str]:  # fmt: skip
    guess, count = crossed.argmax(1), len(FOUR)
    uar = metrics.bootstrap(lambda i: metrics.uar(labels[i], guess[i], count), artists.tolist())
    told = [
        f"{len(labels)} tracks, {FOLDS} folds by artist, each scored by what the other artists taught:",
        f"UAR {uar} (95 % by artist), macro-F1 {metrics.macro_f1(labels, guess, count):.1%}, temperature "
        f"{temperature:.2f}, ECE {metrics.ece(labels, softmax(np.log(np.maximum(crossed, 1e-9)), temperature)):.1%}",
        "",
        "| is → | " + " | ".join(FOUR) + " |",
        "|---" * (count + 1) + "|",
        *(
            f"| **{name}** | " + " | ".join(map(str, row)) + " |"
            for name, row in zip(FOUR, metrics.confusion(labels, guess, count), strict=True)
        ),
    ]
    sections = {
        "What it is": f"Softmax regression on measured features; four moods. Votes of a group count by their {RULE}.",
        "Measured on artists it has never heard": "\n".join(told),
    }
    if unreadable:
        sections["Tracks that could not be heard"] = "\n".join(f"- {line}" for line in unreadable[:50])
    cautions = [*job.checked.cautions, "What music makes people feel differs more between people than between tracks."]
    sections["Cautions"] = "\n".join(f"- {line}" for line in cautions)
    return sections


def look(example: Example) -> Look | Refusal:
    try:
        heard = audio.load(example.path)
    except Refusal as refusal:
        return refusal
    wave = heard.excerpts[0]
    return Look({"seconds": float(heard.seconds), "level (dB)": float(20 * np.log10(np.sqrt(np.mean(wave**2)) + 1e-6))})


def figures(shown: Mapping[str, Sequence[Example]]) -> list[tuple[str, go.Figure]]:
    """The first minute of a track of each class: wave and mel image; and how often listeners ticked what."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    heard = {label: _first_heard(some) for label, some in shown.items()}
    drawn = {label: wave for label, wave in heard.items() if wave is not None}
    figure = make_subplots(max(1, len(drawn)), 2, subplot_titles=[name for name in drawn for _ in range(2)])
    for row, wave in enumerate(drawn.values(), 1):
        parts = np.array_split(wave, 300)
        edges = np.array([(part.min(), part.max()) for part in parts]).ravel()
        seconds = np.linspace(0, wave.size / audio.SAMPLE_RATE, edges.size)
        figure.add_trace(go.Scatter(x=seconds.round(2), y=edges.round(3), line={"width": 1}), row, 1)
        picture = mood_model.image(Spectrum(wave))
        columns = np.linspace(0, picture.shape[1] - 1, min(300, picture.shape[1])).astype(int)
        figure.add_trace(
            go.Heatmap(
                z=picture[:, columns].round().astype(np.int16),
                x=(columns * mood_model.FRAME_SECONDS).round(1),
                colorscale="Magma",
                showscale=False,
            ),
            row,
            2,
        )
    figure.update_layout(height=60 + 170 * max(1, len(drawn)), showlegend=False)
    ticked: Counter[str] = Counter()
    for some in shown.values():
        for example in some:
            ticked.update({name: share for name, share in example.votes.items()})
    votes = go.Figure(go.Bar(x=list(ticked), y=list(ticked.values())))
    return [("Tracks: wave and mel image", figure), ("What listeners ticked, of those drawn", votes)]


def _first_heard(examples: Sequence[Example]) -> np.ndarray | None:
    for example in examples:
        try:
            return audio.load(example.path).excerpts[0]
        except Refusal:
            continue
    return None
