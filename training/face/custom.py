"""The course of faces: `python -m training.cli face` ends here. Never imported by the app."""

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
from fer.ensemble import Mix
from fer.faces import Finder
from fer.labels import EIGHT, seven_of
from fer.model import ARCHITECTURES, save_member
from inference import calibration
from reading import Refusal
from training.data_checks import never_shown
from training.datasets.layouts import Example, LayoutError, counted
from training.face import augment, corpora, fit_ensemble
from training.face.corpora import Faces
from training.face.crop_faces import cut_all, faces_of, split_of
from training.face.datasets import LAYOUTS
from training.face.evaluate_run import judge
from training.face.export import WANTED_RIGHT
from training.face.train import RECIPES, Recipe, logits_of, train
from training.trainers import Job, Look, Taught

if TYPE_CHECKING:
    import plotly.graph_objects as go


BALANCES = {"as they come": 0.0, f"--balance {Recipe.balance} (the default)": Recipe.balance, "--balance 1": 1.0}


def counts_for(examples: Sequence[Example], power: float) -> np.ndarray:
    seen = np.zeros((len(examples), len(EIGHT)))
    for row, example in zip(seen, examples, strict=True):
        for name, votes in (example.votes or {example.label: 1.0}).items():
            row[EIGHT.index(name)] = votes
    weights = corpora.balance(seen / seen.sum(1, keepdims=True), power)
    return weights / weights.sum()


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="resnet50", help=f"one of {', '.join(ARCHITECTURES)}")
    parser.add_argument("--init", type=Path, help="pre-trained weights, safetensors with timm's or torchvision's names")
    parser.add_argument("--pretrained", action="store_true", help="ImageNet weights from the internet")
    parser.add_argument("--sizes", help="input sides and epochs, as 64x10,96x4")
    parser.add_argument("--lr", type=float)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--balance", type=float, help="how strongly rare classes count, 0 … 1")
    parser.add_argument("--without", nargs="*", default=[], choices=augment.KINDS, help="switch augmentations off")
    parser.add_argument(
        "--fold", default="speakers:1/5", help="people left out, to be measured on, as with voices; none"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")


def teach(job: Job) -> Taught:
    faces, people, unreadable, key = prepare(job)
    learn, held, test = (faces.part(part) for part in ("train", "valid", "test"))
    if not len(learn) or not len(held):
        raise LayoutError(
            f"{len(faces)} faces of too few people: nobody is left to be measured on; bring three or more."
        )
    recipe = _recipe(job.options, len(learn))
    # Beside the faces it was begun with: with other faces it is another training.
    folder = job.work / f"{job.options.model}-{key}"
    folder.mkdir(parents=True, exist_ok=True)
    job.tell(f"{len(learn)} faces to learn from, {len(held)} to stop and calibrate by, {len(test)} to be measured on")
    member, _ = train(
        job.options.model, folder, learn, held, recipe, job.options.init, job.options.pretrained,
        seed=job.options.seed, device=job.options.device, without=job.options.without, tell=job.tell,
    )  # fmt: skip
    member.cpu().size = recipe.sizes[-1][0]
    name = job.options.model
    mix = fit_ensemble.fit(
        {name: logits_of(member, held.pixels, member.size, True)}, held.majority, weights={name: 1.0}
    )
    margin = calibration.fit_margin(_seven(mix, name, member, held), held.majority, WANTED_RIGHT)
    licences = sorted({LAYOUTS[data].licence for data, _ in job.data})
    facts = {
        "name": f"face-{name}",
        "version": f"own {date.today():%Y-%m-%d}",
        "sense": "face",
        "training_data": sorted({LAYOUTS[data].title for data, _ in job.data}),
        "trained_on": sorted({example.dataset for example in job.checked.examples}),
        "left_out_speakers": sorted({example.person for example in _tested(job)}),
        "licence": f"as the data allow: {'; '.join(licences)}",
        "mix": mix.as_dict(),
        "margin": round(margin, 4),
    }
    save_member(member, job.out, facts, "fp16")
    sections = _sections(job, learn, held, unreadable)
    hidden = any(not example.person_known for example in job.checked.examples)
    title = "Measured on faces it has never seen" + (", of people it may know" if hidden else " and their people")
    whose = [person for person, part in zip(people, faces.split, strict=True) if part == "test"]
    sections[title] = (
        judge(job.out, test, None if hidden else whose) if len(test) else "**Nothing was left to measure on.**"
    )
    return Taught(f"Haru's face, {name}", sections)


def prepare(job: Job) -> tuple[Faces, list[str], list[str], str]:
    """The faces cut out, once; whose each is; which examples gave none; and a name for just these examples."""
    names = job.options.fold + "".join(f"{example}\n" for example in job.checked.examples)
    kept = job.work / f"faces-{hashlib.sha256(names.encode()).hexdigest()[:12]}.npz"
    report, done = kept.with_suffix(".json"), job.work / "cut"
    if not report.exists():
        job.tell(f"cutting the faces out of {len(job.checked.examples)} examples")
        try:
            faces, people, refused = cut_all(job.checked.examples, done, job.options.fold, progress=True)
        except (Refusal, ValueError) as error:
            raise LayoutError(str(error)) from error
        faces.save(kept)
        report.write_text(json.dumps({"refused": refused, "people": people}, ensure_ascii=False), encoding="utf-8")
        shutil.rmtree(done, ignore_errors=True)
    told = json.loads(report.read_text(encoding="utf-8"))
    if refused := told["refused"]:
        job.tell(f"{counted(refused, 'example')} without a face left out, {refused[0]}")
    return Faces.load(kept), told["people"], refused, kept.stem


def _tested(job: Job) -> list[Example]:
    split = split_of(job.checked.examples, job.options.fold)
    return [example for example, part in zip(job.checked.examples, split, strict=True) if part == "test"]


def _recipe(options: argparse.Namespace, faces: int) -> Recipe:
    recipe = RECIPES.get(options.model, Recipe(((48, 12),), lr=1e-3))
    changes = {name: getattr(options, name) for name in ("lr", "balance") if getattr(options, name) is not None}
    if options.sizes:
        pairs = (pair.split("x") for pair in options.sizes.split(","))
        changes["sizes"] = tuple((int(size), int(count)) for size, count in pairs)
    return replace(recipe, **changes, batch=min(options.batch or recipe.batch, faces))


def _seven(mix: Mix, name: str, member, faces: Faces) -> np.ndarray:
    return seven_of(mix.scores({name: logits_of(member, faces.pixels, member.size, True)}))


def _sections(job: Job, learn: Faces, held: Faces, unreadable: Sequence[str]) -> dict[str, str]:
    about = [
        f"{job.options.model}, 48×48 grey faces, eight classes; contempt gives its share to the diary's seven.",
        f"{len(learn)} faces to learn from; {len(held)} chose the best epoch, the temperature and the margin.",
    ]
    sections = {"What it is": "\n".join(about)}
    if unreadable:
        sections["Examples without a face"] = "\n".join(f"- {line}" for line in unreadable[:50])
    cautions = [*job.checked.cautions, *never_shown(job.checked.examples, EMOTIONS)]
    cautions.append("An expression is not a feeling; posed ones are read far better than real ones.")
    sections["Cautions"] = "\n".join(f"- {line}" for line in cautions)
    return sections


def look(example: Example) -> Look | Refusal:
    try:
        face = faces_of(example, _finder())[0]
    except Refusal as refusal:
        return refusal
    return Look({"brightness": float(face.mean()), "contrast": float(face.std())})


def figures(shown: Mapping[str, Sequence[Example]]) -> list[tuple[str, go.Figure]]:
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
        # As wide as high: a stretched face wears another expression.
        figure.update_yaxes(scaleanchor=f"x{row if row > 1 else ''}", constrain="domain", row=row, col=1)
    figure.update_layout(height=60 + 130 * len(drawn))
    figure.update_xaxes(visible=False, constrain="domain", constraintoward="left")
    figure.update_yaxes(visible=False)
    return [("Faces, as a member sees them", figure)]


@cache
def _finder() -> Finder:
    return Finder()
