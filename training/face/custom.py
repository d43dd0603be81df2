"""Trains a face model on your own data, for `python -m training.cli face`."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotions import EMOTIONS
from fer.faces import Finder
from fer.labels import EIGHT, seven_of
from fer.model import ARCHITECTURES, save_member
from inference import calibration
from reading import Refusal
from training.data_checks import CheckedData, missing_moods
from training.datasets.layouts import Example, LayoutError, counted
from training.face import augment, corpora, fit_ensemble
from training.face.corpora import Faces, Views
from training.face.crop_faces import cut_all, faces_of, split_of
from training.face.datasets import LAYOUTS
from training.face.evaluate_run import measure
from training.face.export import SURE
from training.face.teacher import SFACE
from training.face.train import DEFAULTS, FaceHyperparameters, FaceTrainingOptions, logits_of, train
from training.loop import OPTIMIZERS, SCHEDULES
from training.progress import Report
from training.trainers import CardText, ExampleFacts, TrainingJob

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = ["LAYOUTS"]
BALANCE_POWERS = {
    "as they come": 0.0,
    f"--balance {FaceHyperparameters.balance} (the default)": FaceHyperparameters.balance,
    "--balance 1": 1.0,
}


def example_weights(examples: Sequence[Example], power: float) -> np.ndarray:
    votes = np.zeros((len(examples), len(EIGHT)))
    for row, example in zip(votes, examples, strict=True):
        for name, count in (example.votes or {example.label: 1.0}).items():
            row[EIGHT.index(name)] = count
    weights = corpora.balance(votes / votes.sum(1, keepdims=True), power)
    return weights / weights.sum()


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="resnet50", help=f"one of {', '.join(ARCHITECTURES)}; or {SFACE}, a teacher")
    parser.add_argument(
        "--init", type=Path, help="pre-trained weights: Haru's, or safetensors with timm's or torchvision's names"
    )
    parser.add_argument("--pretrained", action="store_true", help="ImageNet weights from the internet")
    parser.add_argument("--sizes", help="input sides and epochs, as 64x10,96x4")
    parser.add_argument("--lr", type=float)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--optimizer", choices=OPTIMIZERS)
    parser.add_argument("--schedule", choices=SCHEDULES)
    parser.add_argument("--frozen", type=int, help="first epochs with the lower half of pre-trained weights frozen")
    parser.add_argument("--balance", type=float, help="how strongly rare classes count, 0 … 1")
    parser.add_argument("--views", type=Path, help="folder made by `python -m training.face.distill_views`")
    parser.add_argument("--teaching", type=float, help="share of the teachers' scores in the target, with --views")
    parser.add_argument("--without", nargs="*", default=[], choices=augment.KINDS, help="switch augmentations off")
    parser.add_argument(
        "--fold", default="speakers:1/5", help="the people to leave out and measure on, as for voices (none: nobody)"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")


def train_model(job: TrainingJob) -> CardText:
    options = job.options
    if options.model not in DEFAULTS and options.model not in ARCHITECTURES:
        raise LayoutError(f"There is no face model {options.model!r}; choose one of {', '.join(DEFAULTS)}.")
    faces, people, unreadable, key = prepare(job.data, options.fold, job.work, job.report)
    learn, held, test = (faces.part(part) for part in ("train", "valid", "test"))
    if not len(learn) or not len(held):
        raise LayoutError(f"{len(faces)} faces of too few people: none is left to measure on; three are needed.")
    settings = _hyperparameters(options, len(learn))
    job.report(f"{len(learn)} faces to train on, {len(held)} to validate and calibrate on, {len(test)} to test on")
    how = FaceTrainingOptions(
        # Named after the set of faces: other faces start another training.
        job.work / f"{options.model}-{key}", options.init, options.pretrained, options.seed, options.device,
        tuple(options.without), job.work / "log", show_progress=True, report=job.report,
    )  # fmt: skip
    try:
        member, _ = train(
            options.model, learn, held, settings, how, Views.load(options.views) if options.views else None
        )
    except (ValueError, FileNotFoundError) as error:
        raise LayoutError(str(error)) from error
    member.cpu()
    name = options.model
    logits = {name: logits_of(member, held.pixels, member.size, True)}
    mix = fit_ensemble.fit(logits, held.majority, weights={name: 1.0})
    margin = calibration.fit_margin(seven_of(mix.scores(logits)), held.majority, SURE)
    facts = {
        "name": f"face-{name}",
        "version": f"own {date.today():%Y-%m-%d}",
        "sense": "face",
        "training_data": sorted({LAYOUTS[data].title for data in job.names}),
        "trained_on": sorted({example.dataset for example in job.data.examples}),
        "left_out_speakers": sorted(_left_out(job)),
        "licence": f"as the data allow: {'; '.join(sorted({LAYOUTS[data].licence for data in job.names}))}",
        "mix": mix.as_dict(),
        "margin": round(margin, 4),
    }
    save_member(member, job.out, facts, "fp16")
    sections = _sections(job, learn, held, unreadable)
    unknown = any(not example.person_known for example in job.data.examples)
    title = "Measured on left-out " + ("faces, of people it may know" if unknown else "people")
    owners = [person for person, part in zip(people, faces.split, strict=True) if part == "test"]
    sections[title] = (
        measure(job.out, test, None if unknown else owners) if len(test) else "**No face was left to measure on.**"
    )
    return CardText(f"Haru's face, {name}", sections)


def prepare(data: CheckedData, fold: str, work: Path, report: Report) -> tuple[Faces, list[str], list[str], str]:
    """The faces, cut out once; the person of each; the examples without a face; and a name for this set of faces."""
    names = fold + "".join(f"{example}\n" for example in data.examples)
    file = work / f"faces-{hashlib.sha256(names.encode()).hexdigest()[:12]}.npz"
    facts, chunks = file.with_suffix(".json"), work / "cut"
    if not facts.exists():
        work.mkdir(parents=True, exist_ok=True)
        report(f"cutting the faces out of {len(data.examples)} examples")
        try:
            faces, people, refused = cut_all(data.examples, chunks, fold, show_progress=True)
        except (Refusal, ValueError) as error:
            raise LayoutError(str(error)) from error
        faces.save(file)
        facts.write_text(json.dumps({"refused": refused, "people": people}, ensure_ascii=False), encoding="utf-8")
        shutil.rmtree(chunks, ignore_errors=True)
    found = json.loads(facts.read_text(encoding="utf-8"))
    if refused := found["refused"]:
        report(f"{counted(refused, 'example')} without a face left out, {refused[0]}")
    return Faces.load(file), found["people"], refused, file.stem


def _left_out(job: TrainingJob) -> set[str]:
    split = split_of(job.data.examples, job.options.fold)
    return {example.person for example, part in zip(job.data.examples, split, strict=True) if part == "test"}


def _hyperparameters(options: argparse.Namespace, faces: int) -> FaceHyperparameters:
    settings = DEFAULTS.get(options.model, FaceHyperparameters(((48, 12),), lr=1e-3))
    names = ("lr", "optimizer", "schedule", "frozen", "balance", "teaching")
    changes = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    if options.sizes:
        try:
            pairs = [pair.split("x") for pair in options.sizes.split(",")]
            changes["sizes"] = tuple((int(size), int(count)) for size, count in pairs)
        except ValueError as error:
            raise LayoutError(f"--sizes {options.sizes} is no list of sides and epochs; write 64x10,96x4.") from error
    return replace(settings, **changes, batch=min(options.batch or settings.batch, faces))


def _sections(job: TrainingJob, learn: Faces, held: Faces, unreadable: Sequence[str]) -> dict[str, str]:
    about = [
        f"{job.options.model}, 48×48 grey faces, eight classes; contempt gives its share to the diary's seven.",
        f"{len(learn)} faces to learn from; {len(held)} chose the best epoch, the temperature and the margin.",
    ]
    sections = {"What it is": "\n".join(about)}
    if unreadable:
        sections["Examples without a face"] = "\n".join(f"- {line}" for line in unreadable[:50])
    cautions = [*job.data.cautions, *missing_moods(job.data.examples, EMOTIONS)]
    cautions.append("An expression is not a feeling; posed ones are read far better than real ones.")
    sections["Cautions"] = "\n".join(f"- {line}" for line in cautions)
    return sections


def measure_example(example: Example) -> ExampleFacts | Refusal:
    try:
        face = faces_of(example, _finder())[0]
    except Refusal as refusal:
        return refusal
    return ExampleFacts({"brightness": float(face.mean()), "contrast": float(face.std())})


def draw_examples(shown: Mapping[str, Sequence[Example]]) -> list[tuple[str, go.Figure]]:
    """A row of faces for each class, as a member sees them."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    drawn = {}
    for label, examples in shown.items():
        faces = []
        for example in examples:
            try:
                faces.append(faces_of(example, _finder())[0])
            except Refusal:
                continue
        if faces:
            drawn[label] = np.hstack(faces)
    figure = make_subplots(max(1, len(drawn)), 1, subplot_titles=list(drawn), vertical_spacing=0.04)
    for row, faces in enumerate(drawn.values(), 1):
        figure.add_trace(go.Heatmap(z=faces[::-1], colorscale="Greys_r", showscale=False, hoverinfo="skip"), row, 1)
        # Square, because stretching a face changes its expression.
        figure.update_yaxes(scaleanchor=f"x{row if row > 1 else ''}", constrain="domain", row=row, col=1)
    figure.update_layout(height=60 + 130 * len(drawn))
    figure.update_xaxes(visible=False, constrain="domain", constraintoward="left")
    figure.update_yaxes(visible=False)
    return [("Faces, as a member sees them", figure)]


@cache
def _finder() -> Finder:
    return Finder()
