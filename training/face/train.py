"""Train one member of the ensemble on the votes of FER+; stop it at any moment, start it again, it goes on.

    python -m training.face.train resnet50 --runs RUNS --init resnet50_selfsupervised.safetensors
    python -m training.face.train xception --runs RUNS
    python -m training.face.train vgg16    --runs RUNS --pretrained
        (timm's or torchvision's weights, from the internet)
    python -m training.face.train vgg16    --runs RUNS --init assets/weights/fer/vgg16.safetensors --frozen 0
        (teach it more)
    python -m training.face.train vgg16    --runs RUNS --views RUNS/views --device cuda
        (by teachers, `training.face.distill_views`)

The recipe of each member stands in `RECIPES`; every part of it can be changed by an option. What it leaves in
RUNS/<member>: `last.pt` to go on from, `last.best.pt` with the averaged weights of the best epoch, TensorBoard logs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from emotions import EMOTIONS
from fer.features import even_light, resize, to_tensor
from fer.labels import EIGHT
from fer.model import ARCHITECTURES, Member
from inference import calibration, metrics
from training import epochs
from training.datasets.aihub_faces import read_aihub
from training.face import augment, corpora
from training.face.corpora import DATA, Faces, Views
from training.face.pretrained import fill, start_from
from training.face.teacher import TEACHER, read_sface
from training.pace import Tell
from training.precision import autocast

BATCH: dict[str, int] = {"cpu": 16, "cuda": 512}
"""Faces at a time where nothing is learned: on a CPU, maps of 128 cost as much in page faults as in arithmetic."""


@dataclass(frozen=True)
class Recipe:
    """How one member is taught."""

    sizes: tuple[tuple[int, int], ...]
    """(input side, epochs): most of the learning happens on small inputs, the last epochs on the final size."""
    lr: float
    body_rate: float = 0.3
    """Share of the learning rate for what was pre-trained."""
    frozen: int = 1
    """First epochs with only the upper half of a pre-trained body learning."""
    batch: int = 64
    optimizer: str = "adamw"
    schedule: str = "cosine"
    drop: float = 0.4
    balance: float = 0.4
    """How strongly rare classes count (0: as they come, 1: all alike)."""
    old_labels: float = 0.0
    """Share of the label of 2013 in the target, beside the votes."""
    teaching: float = 0.5
    """Share of the teacher's scores in the target, where a teacher was asked."""
    weight_decay: float = 0.05
    ema: float = 0.998

    @property
    def epochs(self) -> int:
        return sum(count for _, count in self.sizes)

    def size_at(self, epoch: int) -> int:
        for size, count in self.sizes:
            if epoch < count:
                return size
            epoch -= count
        return self.sizes[-1][0]


RECIPES: dict[str, Recipe] = {
    "resnet50": Recipe(((64, 10), (96, 4)), lr=1e-3),
    "vgg16": Recipe(((48, 16),), lr=4e-4),
    "xception": Recipe(((64, 14), (96, 4)), lr=1.5e-3, body_rate=1.0, frozen=0),
    "sface": Recipe(((80, 10),), lr=1e-3, frozen=10),
    "alexnet": Recipe(((112, 20),), lr=6e-4),
}


@dataclass(frozen=True)
class Lesson:
    """Faces and what is to be seen in them."""

    pixels: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    views: Views | None = None
    """In place of varying the faces: one look at all of them an epoch, with what teachers see in it."""

    @classmethod
    def of(cls, faces: Faces, recipe: Recipe, labels: str, views: Views | None = None) -> Lesson:
        if views and views.pixels.shape[1] != len(faces):
            raise ValueError(f"The views are of {views.pixels.shape[1]} faces, the training has {len(faces)}.")
        old = np.eye(len(EIGHT), dtype=np.float32)[faces.old]
        if labels == "old":
            return cls(faces.pixels, old, np.ones(len(faces), np.float32))
        targets = (1 - recipe.old_labels) * faces.targets() + recipe.old_labels * old
        asked = faces.taught.sum(1, keepdims=True) > 0
        targets = np.where(asked, (1 - recipe.teaching) * targets + recipe.teaching * faces.taught, targets)
        return cls(faces.pixels, targets, corpora.balance(targets, recipe.balance), views)


def vote_loss(logits: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Kullback–Leibler divergence from what people saw to what the model sees, each face with its weight."""
    each = nn.functional.kl_div(logits.float().log_softmax(-1), targets, reduction="none").sum(-1)
    return (each * weights).mean()


def batches(lesson: Lesson, recipe: Recipe, seed: int, device: torch.device, without: Sequence[str]):
    """The batch of each step, as a pure function of the step's number."""
    steps = len(lesson.targets) // recipe.batch

    def batch_at(step: int) -> tuple[Tensor, Tensor, Tensor]:
        epoch, place = divmod(step, steps)
        order = np.random.default_rng([seed, epoch]).permutation(len(lesson.targets))
        chosen = np.sort(order[place * recipe.batch : (place + 1) * recipe.batch])
        targets = lesson.targets[chosen]
        if lesson.views:
            look = epoch % len(lesson.views)
            faces = to_tensor(lesson.views.pixels[look][chosen]).to(device)
            targets = (1 - recipe.teaching) * targets + recipe.teaching * lesson.views.scores[look][chosen]
        else:
            faces = augment.vary(to_tensor(lesson.pixels[chosen]).to(device), seed * 1_000_003 + step, without)
        faces = resize(even_light(faces), recipe.size_at(epoch)).contiguous(memory_format=torch.channels_last)
        return (
            faces,
            torch.from_numpy(targets).to(device),
            torch.from_numpy(lesson.weights[chosen]).to(device),
        )

    return batch_at, steps


@torch.inference_mode()
def logits_of(member: nn.Module, pixels: np.ndarray, size: int, mirrored: bool = False) -> np.ndarray:
    """(faces, 8) of a whole set; `mirrored` averages each face with its mirror image."""
    device = next(member.parameters()).device
    batch, out = BATCH[device.type], []
    for start in range(0, len(pixels), batch):
        faces = resize(even_light(to_tensor(pixels[start : start + batch]).to(device)), size)
        faces = faces.contiguous(memory_format=torch.channels_last)
        with autocast(device):
            logits = member(faces).float()
            if mirrored:
                logits = (logits + member(faces.flip(-1)).float()) / 2
        out.append(logits.cpu().numpy())
    return np.concatenate(out)


def judge(logits: np.ndarray, faces: Faces, labels: str = "votes") -> dict[str, float]:
    """What is said of a model after each epoch; `loss` chooses the best one."""
    if labels == "old":
        seven = logits[:, :7]
        return {
            "loss": calibration.negative_log_likelihood(seven, faces.old),
            "accuracy": metrics.accuracy(faces.old, seven.argmax(1)),
            "uar": metrics.uar(faces.old, seven.argmax(1), 7),
        }
    among = faces.majority < 7
    return {
        "loss": calibration.negative_log_likelihood(logits, faces.targets()),
        "majority_loss": calibration.negative_log_likelihood(logits, faces.majority),
        "accuracy": metrics.accuracy(faces.majority, logits.argmax(1)),
        "uar": metrics.uar(faces.majority[among], logits[among, :7].argmax(1), 7),
    }


def trained_member(folder: Path) -> Member:
    """The best epoch of a training, ready for use."""
    recipe = json.loads((folder / "recipe.json").read_text(encoding="utf-8"))
    member = Member(recipe["member"], len(EIGHT), architecture=TEACHER if recipe["member"] == "sface" else None)
    kept = torch.load(folder / "last.best.pt", weights_only=True, map_location="cpu")
    member.load_state_dict(kept["average"])
    member.size = recipe["sizes"][-1][0]
    return member.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def teach(faces: Faces, teacher: Path) -> Faces:
    """The faces with what the teacher sees in them, asked once and kept beside it; never of the test faces.

    Its temperature is fitted to the votes of held-out faces: of those it learned from it is too sure.
    """
    kept = teacher / "scores.npy"
    if not kept.exists():
        member, held = trained_member(teacher), faces.part("valid")
        temperature = calibration.fit_temperature(logits_of(member, held.pixels, member.size, True), held.targets())
        scores, asked = np.zeros_like(faces.taught), faces.split != "test"
        logits = logits_of(member, faces.pixels[asked], member.size, mirrored=True)
        scores[asked] = calibration.softmax(logits, temperature)
        np.save(kept, scores)
    return replace(faces, taught=np.load(kept))


def choose_faces(faces: Faces, fold: str | None) -> tuple[Faces, Faces]:
    """What to learn from and what to be judged on: the official splits, or one fold of all faces (`2/5`)."""
    if fold is None:
        return faces.part("train"), faces.part("valid")
    number, folds = (int(part) for part in fold.split("/"))
    usable = faces.take((faces.majority >= 0) & ~faces.duplicate)
    held = usable.fold_of(folds) == number
    return usable.take(~held), usable.take(held)


def train(
    name: str,
    folder: Path,
    learn: Faces,
    held: Faces,
    recipe: Recipe,
    init: Path | None = None,
    pretrained: bool = False,
    labels: str = "votes",
    seed: int = 0,
    device: str = "cpu",
    without: Sequence[str] = (),
    stop_after: int | None = None,
    tell: Tell | None = None,
    views: Views | None = None,
    keep_every: int = epochs.Plan.checkpoint_every,
) -> tuple[Member, dict[str, float]]:
    """One member, from its start (or its last checkpoint) to its best epoch."""
    torch.manual_seed(seed)
    member = Member(name, len(EIGHT), pretrained, recipe.drop, TEACHER if name == "sface" else None)
    if init and name == "sface":
        fill(member, read_sface(init), init.name)
    elif init:
        start_from(member, init)
    member.body.lr_scale = recipe.body_rate
    member = member.to(device, memory_format=torch.channels_last)
    lesson = Lesson.of(learn, recipe, labels, views)
    batch_at, steps = batches(lesson, recipe, seed, torch.device(device), without)
    plan = epochs.Plan(
        epochs=recipe.epochs,
        steps=steps,
        lr=recipe.lr,
        optimizer=recipe.optimizer,
        schedule=recipe.schedule,
        weight_decay=recipe.weight_decay,
        ema=recipe.ema,
        seed=seed,
        checkpoint=folder / "last.pt",
        checkpoint_every=keep_every,
        logdir=folder / "log",
        tell=tell,
        stop_after=stop_after,
    )
    begun_on_weights = pretrained or init is not None

    def begin(model: nn.Module, epoch: int) -> None:
        model.train()
        model.freeze_lower_half(begun_on_weights and epoch < recipe.frozen)

    numbers = epochs.fit(
        member,
        batch_at,
        loss=lambda model, batch: vote_loss(model(batch[0]), batch[1], batch[2]),
        # The final size, always: epochs on smaller inputs are then judged as what they will be used for.
        validate=lambda model: judge(logits_of(model, held.pixels, recipe.sizes[-1][0]), held, labels),
        plan=plan,
        begin=begin,
    )
    return member, numbers


def main() -> None:
    options = _options()
    torch.backends.cudnn.benchmark = True
    recipe = _recipe(options)
    folder = options.runs / (options.name or options.member)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.json").write_text(json.dumps({"member": options.member, **asdict(recipe)}, indent=1))
    faces = corpora.read_ferplus(options.data, options.runs)
    if options.aihub:
        faces = Faces.join(faces, read_aihub(options.aihub, options.runs, options.hurt_as))
    if options.teacher:
        faces = teach(faces, options.teacher)
    learn, held = choose_faces(faces, options.fold)
    _, numbers = train(
        options.member,
        folder,
        learn,
        held,
        recipe,
        options.init,
        options.pretrained,
        options.labels,
        options.seed,
        options.device,
        options.without,
        views=Views.load(options.views) if options.views else None,
        keep_every=options.keep_every,
    )
    (folder / "numbers.json").write_text(json.dumps(numbers, indent=1))
    print(f"{options.member}: best epoch " + ", ".join(f"{name} {value:.4f}" for name, value in numbers.items()))


def _recipe(options: argparse.Namespace) -> Recipe:
    recipe = RECIPES[options.member]
    changes = {
        name: getattr(options, name)
        for name in ("lr", "batch", "optimizer", "schedule", "balance", "old_labels", "frozen", "ema", "teaching")
        if getattr(options, name) is not None
    }
    if options.sizes:
        pairs = (pair.split("x") for pair in options.sizes.split(","))
        changes["sizes"] = tuple((int(size), int(count)) for size, count in pairs)
    return replace(recipe, **changes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("member", choices=[*ARCHITECTURES, "sface"])
    parser.add_argument("--runs", type=Path, required=True, help="where checkpoints, logs and decoded faces are kept")
    parser.add_argument("--name", help="folder inside RUNS (default: the member's name)")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--aihub", type=Path, help="folder of AI Hub's Korean faces, to be learned from as well")
    parser.add_argument("--hurt-as", choices=EMOTIONS, help="keep its 상처 as one of the seven (left out without)")
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--init", type=Path, help="weights of timm's or torchvision's names, or a shipped member's")
    start.add_argument("--pretrained", action="store_true", help="ImageNet weights from the internet")
    parser.add_argument("--labels", choices=["votes", "old"], default="votes", help="old: fer2013_label")
    parser.add_argument("--fold", help="cross-validation in place of the official split: 0/5 … 4/5")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without", nargs="*", default=[], choices=augment.KINDS, help="switch augmentations off")
    parser.add_argument("--sizes", help="input sides and epochs, as 64x10,96x4")
    parser.add_argument("--lr", type=float)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--optimizer", choices=epochs.OPTIMIZERS)
    parser.add_argument("--schedule", choices=epochs.SCHEDULES)
    parser.add_argument("--balance", type=float)
    parser.add_argument("--old-labels", type=float)
    parser.add_argument("--frozen", type=int)
    parser.add_argument("--ema", type=float)
    told = parser.add_mutually_exclusive_group()
    told.add_argument("--teacher", type=Path, help="folder of a finished training whose scores are learned as well")
    told.add_argument(
        "--views", type=Path, help="folder made by `python -m training.face.distill_views`: looks and what teachers see"
    )
    parser.add_argument("--teaching", type=float)
    parser.add_argument("--keep-every", type=int, default=epochs.Plan.checkpoint_every, help="steps; and each epoch")
    return parser.parse_args()


if __name__ == "__main__":
    main()
