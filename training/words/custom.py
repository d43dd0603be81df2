"""Trains the words on a user's own lines: `python -m training.cli words` calls this.

It continues from the shipped weights, or from those of `--init`. Sentences about events are mixed in, so that the model
does not forget what its user's lines do not contain. A fifth of the writers only measures, another fifth only
calibrates.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emotions import EMOTIONS
from inference import measured, metrics
from inference.calibration import fit_margin
from inference.measured import Measured
from reading import Refusal
from training import loop
from training.data_checks import missing_moods
from training.datasets.layouts import Example, Layout, LayoutError, registry
from training.splits import every_nth_person, hashed
from training.trainers import CardText, ExampleFacts, TrainingJob
from training.words import own_lines, sources
from training.words.batches import Lines, plan
from training.words.calibrate import fit
from training.words.sources import Source
from training.words.train import WithOffsets, layer_rates
from words import model
from words.model import WordsModel, calibrated
from words.parts import encode, words_of
from words.text import clean, korean_share

if TYPE_CHECKING:
    import plotly.graph_objects as go

LAYOUTS = registry(Layout("table", own_lines.table, "own lines", "yours"))
BALANCE_POWERS = {"as they come": 0.0, "every class alike": 1.0}
FEWEST = 50
"""Lines: with fewer, neither learning nor measuring makes sense."""
RIGHT_WHEN_SURE = 0.9


def example_weights(examples: Sequence[Example], power: float) -> np.ndarray:
    moods = _moods(examples)
    weights = np.maximum(np.bincount(moods, minlength=len(EMOTIONS)), 1.0)[moods] ** -power
    return weights / weights.sum()


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--init", type=Path, default=model.WEIGHTS, help="weights to continue from (the shipped ones)")
    parser.add_argument("--passes", type=int, default=3, help="how often every line is seen")
    parser.add_argument("--rate", type=float, default=3e-4, help="of the heads; the encoder's is a tenth and less")
    parser.add_argument("--seed", type=int, default=0)


def train_model(job: TrainingJob) -> CardText:
    options, examples = job.options, [each for each in job.data.examples if _readable(each.text)]
    if len(examples) < FEWEST or len(set(_moods(examples))) < 2:
        raise LayoutError(f"{len(examples)} readable lines: at least {FEWEST} in two moods are needed.")
    parts = split(examples)
    before = model.load(options.init)
    job.report(f"{', '.join(f'{len(part)} lines {name}' for name, part in parts.items())}")
    trained = _trained(before, parts["train"], job)
    trained.meta.update(
        name="words_own",
        version=f"own {date.today():%Y-%m-%d}",
        training_data=[before.name, *sorted({LAYOUTS[data].title for data in job.names})],
        licence="; ".join([str(before.meta["licence"]), *sorted({LAYOUTS[data].licence for data in job.names})]),
    )
    model.save(trained, job.out)
    # The stored model, whose matrices are rounded to int8.
    trained = model.load(job.out)
    trained.meta.update(_calibrated(trained, parts["calibrate"]))
    model.save(trained, job.out)
    after = _measured(model.load(job.out), parts["measure"])
    measured.write(job.out, [after])
    return CardText("Haru's words, own lines", _sections(job, before, after, parts))


def split(examples: Sequence[Example]) -> dict[str, list[Example]]:
    """Three parts by writer; lines without a writer by themselves, equal ones together."""
    writers = {_writer(example) for example in examples}
    measure = every_nth_person("1/5", {"table": writers})
    calibrate = every_nth_person("2/5", {"table": writers}) - measure
    parts: dict[str, list[Example]] = {"train": [], "calibrate": [], "measure": []}
    for example in examples:
        writer = _writer(example)
        parts["measure" if writer in measure else "calibrate" if writer in calibrate else "train"].append(example)
    if not all(parts.values()):
        raise LayoutError(
            "At least three writers are needed: one to measure on, one to calibrate on, one to learn from."
        )
    return parts


def _writer(example: Example) -> str:
    return example.person if example.person_known else hashed("".join(example.text.split())).hex()[:12]


def _trained(start: WordsModel, examples: Sequence[Example], job: TrainingJob) -> WordsModel:
    options = job.options
    shares = np.eye(len(EMOTIONS))[_moods(examples)]
    mine = Source("own", tuple(example.text for example in examples), shares, 1.0, options.passes)
    count, seed = len(examples), options.seed
    mixed_in = [sources.events_of(language, 2, seed).some(count, seed) for language in ("ko", "en")]
    found = [mine, *mixed_in]
    trained = WithOffsets(start.net.train(), [source.name for source in found])
    lines = Lines.of(start.tokenizer, found, options.seed)
    batches = plan(lines.lengths, options.seed)
    loop.fit(
        trained,
        lambda step: lines.batch(batches[step]),
        WithOffsets.loss,
        loop.TrainingOptions(
            steps=len(batches), lr=options.rate, lr_scales=layer_rates(start.net), weight_decay=0.01, seed=options.seed,
            checkpoint=job.work / "last.pt", logdir=job.work / "log", report=job.report,
        ),
    )  # fmt: skip
    return WordsModel(trained.model.eval(), start.tokenizer, start.known, dict(start.meta))


def _calibrated(trained: WordsModel, examples: Sequence[Example]) -> dict[str, Any]:
    """One calibration for both languages, because own lines are few."""
    logits, moods = _logits(trained, examples), _moods(examples)
    found = fit(logits, np.eye(len(EMOTIONS))[moods], np.ones(len(moods)), np.zeros(len(EMOTIONS)))
    both = {"en": found, "ko": found}
    scores = calibrated(logits, np.zeros(len(logits)), both)
    return {"calibration": both, "margin": round(fit_margin(scores, moods, RIGHT_WHEN_SURE), 4)}


def _measured(trained: WordsModel, examples: Sequence[Example]) -> Measured:
    scores = _scores(trained, examples)
    groups = [_writer(example) for example in examples]
    command = "python -m training.cli words"
    return measured.of("writers_never_read", trained.name, command, _moods(examples), scores, EMOTIONS, groups)


def _scores(read_by: WordsModel, examples: Sequence[Example]) -> np.ndarray:
    korean = np.array([korean_share(example.text) for example in examples])
    return read_by.scores(_logits(read_by, examples), korean)


def _logits(read_by: WordsModel, examples: Sequence[Example]) -> np.ndarray:
    return read_by.logits(encode(read_by.tokenizer, [clean(example.text) for example in examples]))


def _sections(
    job: TrainingJob, before: WordsModel, after: Measured, parts: Mapping[str, Sequence[Example]]
) -> dict[str, str]:
    examples = parts["measure"]
    moods, guess = _moods(examples), _scores(before, examples).argmax(1)
    lines = [
        f"{after.count} lines of writers of whom no line was trained on:",
        f"right {after.accuracy}, UAR {after.uar} (95 % by writer), ECE {after.ece:.1%}.",
        f"{before.name} before: right {metrics.accuracy(moods, guess):.1%}, "
        f"UAR {metrics.uar(moods, guess, len(EMOTIONS)):.1%}.",
    ]
    cautions = [
        *job.data.cautions,
        *missing_moods(job.data.examples, EMOTIONS),
        "What a person writes need not be what the person feels.",
    ]
    return {
        "What it is": f"{before.name}, trained further on {len(parts['train'])} own lines.",
        "Measured on left-out writers": "\n".join(lines),
        "Cautions": "\n".join(f"- {line}" for line in cautions),
    }


def _moods(examples: Sequence[Example]) -> np.ndarray:
    return np.array([EMOTIONS.index(example.label) for example in examples], int)


def _readable(text: str) -> bool:
    try:
        clean(text)
    except Refusal:
        return False
    return True


def measure_example(example: Example) -> ExampleFacts | Refusal:
    try:
        text = clean(example.text)
    except Refusal as refusal:
        return refusal
    return ExampleFacts({"characters": float(len(text)), "words": float(len(words_of(text)))})


def draw_examples(shown: Mapping[str, Sequence[Example]]) -> list[tuple[str, go.Figure]]:
    """The lines themselves, a few of each mood."""
    import plotly.graph_objects as go

    rows = [(label, example.text[:200]) for label, examples in shown.items() for example in examples]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], []]
    figure = go.Figure(go.Table(header={"values": ["mood", "line"]}, cells={"values": columns}, columnwidth=[1, 6]))
    return [("Lines", figure)]
