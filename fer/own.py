"""The course of faces: `python -m learning.train face` ends here. Never imported by the app."""

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
from fer import augment, corpora, ensemble
from fer.aihub import read_portraits
from fer.corpora import Faces
from fer.cutting import cut_all, faces_of, split_of
from fer.ensemble import Mix
from fer.export import WANTED_RIGHT
from fer.faces import Finder
from fer.judge import judge
from fer.labels import EIGHT, seven_of
from fer.model import KINDS, save_member
from fer.train import RECIPES, Recipe, logits_of, train
from learning import calibration
from learning.checks import never_shown
from learning.courses import Job, Look, Taught
from learning.datasets import PICTURES, VIDEOS, Example, Found, Layout, LayoutError, counted, nothing, registry, rows_of
from published import aihub as films_of_aihub
from published import cremad, folders, speech
from reading import Refusal

if TYPE_CHECKING:
    import plotly.graph_objects as go


def ferplus(root: Path) -> Found:
    """FER2013 (Goodfellow et al. 2013) with the votes of FER+ (Barsoum et al. 2016).

    labels.csv (mosaic, as 00.png, tile, split, fer2013_label, duplicate_of_train, votes_neutral … votes_NF) and
    mosaic/00.png …, each with 1,024 faces of 48×48, row by row. Faces whose majority is no expression, and copies of
    training faces, are left out.
    """
    rows = rows_of(root / "labels.csv", ("mosaic", "tile", "split", "fer2013_label", "duplicate_of_train"))
    examples, out = [], 0
    for row in rows:
        votes = {name: float(row[f"votes_{name}"]) for name in corpora.VOTED if float(row[f"votes_{name}"]) > 0}
        top = max(corpora.VOTED, key=lambda name: votes.get(name, 0.0))
        if top not in EIGHT or row["duplicate_of_train"] == "1":
            out += 1
            continue
        path = root / "mosaic" / row["mosaic"]
        examples.append(
            Example(
                path=path,
                dataset="ferplus",
                label=top,
                person=f"ferplus-{row['mosaic']}-{row['tile']}",
                person_known=False,
                original_label=row["fer2013_label"],
                split=row["split"],
                votes={name: count for name, count in votes.items() if name in EIGHT},
                tile=int(row["tile"]),
            )
        )
    if not examples:
        raise LayoutError(f"{root / 'labels.csv'} lists no face with an expression.")
    caution = "FER2013 does not say who is who: the split is the published one, by picture."
    return Found(tuple(examples), (f"{out} faces left out (no expression, or copies of others)",), (caution,))


def korean(root: Path) -> Found:
    """AI Hub 한국인 감정인식을 위한 복합 영상 (aihub.or.kr; licence by application), in any arrangement of its folders.

    Training/[원천]…/….jpg and [라벨]…/img_emotion_training_data(기쁨).json, a list of {filename, faceExp_uploader,
    annot_A, annot_B, annot_C}, each of the three with `faceExp` and `boxes` (minX, minY, maxX, maxY). File names begin
    with a code for who was photographed. Three labels are votes, 상처 is left out (`fer.aihub`).
    """
    try:
        portraits = read_portraits(root)
    except (FileNotFoundError, ValueError) as error:
        raise nothing(root, f"AI Hub's pictures with their labels ({error})") from error
    listed = sum(1 for path in root.rglob("*") if path.suffix.lower() in PICTURES)
    examples = tuple(
        Example(
            path=portrait.path,
            dataset="aihub-faces",
            label=max(portrait.votes, key=lambda name: portrait.votes[name]),
            person=f"aihub-{portrait.person}",
            votes=dict(portrait.votes),
            box=portrait.box,
        )
        for portrait in portraits
    )
    without = listed - len(examples)
    return Found(examples, (f"{without} pictures have no usable label",) if without > 0 else ())


def class_folders(root: Path) -> Found:
    """A plain folder of class folders.

    angry/….jpg, 슬픔/….png or films — a folder for each mood, named in English or Korean. A folder inside it is a
    person: angry/jiwoo/1.jpg. Pictures no larger than 112 pixels count as face crops.
    """
    return _in_eight(folders.class_folders(root, PICTURES | VIDEOS))


def ravdess(root: Path) -> Found:
    """RAVDESS' films: Video_Speech_Actor_07/01-01-03-01-02-01-07.mp4, numbered as the sound files are.

    01 at the start is a film with sound; those without (02) are left out. A calm face counts as a neutral one.
    """
    return _in_eight(speech.ravdess_films(root))


def _in_eight(found: Found) -> Found:
    """Calm as in the diary; what a face model has no class for is left out, and told."""
    known = [replace(one, label="neutral") if one.label == "calm" else one for one in found.examples]
    examples = tuple(one for one in known if one.label in EIGHT)
    out = [one.label for one in known if one.label not in EIGHT]
    told = [f"{counted(out, 'example')} left out, faces have no class for {', '.join(sorted(set(out)))}"] if out else []
    if not examples:
        raise LayoutError(f"None of the {len(known)} examples shows one of {', '.join(EIGHT)}.")
    return replace(found, examples=examples, remarks=(*found.remarks, *told))


def dialogues(root: Path) -> Found:
    """AI Hub 멀티모달 영상 (set 58): frames of each utterance, the face inside the speaker's box.

    Laid out as for the voice (`python -m learning.train voice --layouts`); labels are those of who only saw it.
    """
    return films_of_aihub.dialogues(root, "image")


LAYOUTS = registry(
    Layout("ferplus", ferplus, "FER2013 with FER+ votes", "research and private, non-commercial use"),
    Layout("aihub", korean, "AI Hub 한국인 감정인식을 위한 복합 영상", "AI Hub, by application"),
    Layout("crema-d", cremad.films, "CREMA-D", "Open Database License"),
    Layout("ravdess", ravdess, "RAVDESS", "CC BY-NC-SA 4.0"),
    Layout("aihub-actors", films_of_aihub.actors, "AI Hub 감정 분류 영상 (259)", "AI Hub, by application"),
    Layout("aihub-dialogues", dialogues, "AI Hub 멀티모달 영상 (58)", "AI Hub, by application"),
    Layout("folder", class_folders, "class folders", "yours"),
)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="resnet50", help=f"one of {', '.join(KINDS)}")
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
    mix = ensemble.fit({name: logits_of(member, held.pixels, member.size, True)}, held.majority, weights={name: 1.0})
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
    figure.update_layout(height=60 + 110 * len(drawn))
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return [("Faces, as a member sees them", figure)]


@cache
def _finder() -> Finder:
    return Finder()
