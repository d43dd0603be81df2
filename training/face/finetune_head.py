"""Finish a member: its upper part taught further on what the lower part makes of every face, its head to the end.

    python -m training.face.finetune_head vgg16 --runs RUNS --init assets/weights/fer/vgg16.safetensors
    python -m training.face.finetune_head xception --runs RUNS --init assets/weights/fer/xception.safetensors --epochs 0
        (head alone)

Most of the time of a training goes into the lower layers, which change least. Here they are asked once for each face,
its mirror image and a few variations of it (kept in RUNS/maps), and what stands above learns from that many times
faster. The head is one matrix, so what is best for it need not be approached step by step: it is computed (L-BFGS).

RUNS/<member> is then what a finished `python -m training.face.train` leaves there, for `python -m
training.face.export`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from fer.features import even_light, resize, to_tensor
from fer.model import ARCHITECTURES, Member, load_member
from training import epochs
from training.face import augment, corpora
from training.face.corpora import DATA, Faces
from training.face.train import Lesson, Recipe, judge, vote_loss
from training.loop import save_whole

ABOVE: dict[str, str] = {"resnet50": "layer4", "vgg16": "17", "xception": "block10", "alexnet": "8"}
"""The first part that learns, unless another is named."""
CLEAN, MIRRORED = 0, -1
"""Looks at a face; 1, 2 … are variations of it."""
PULL = 1e-3
"""How strongly the head is held where it was."""


class Upper(nn.Module):
    """What stands above the cut, and the head."""

    def __init__(self, member: Member, above: str, drop: float) -> None:
        super().__init__()
        self.body = nn.Sequential(*halves(member, above)[1])
        self.head = member.head
        self.drop = nn.Dropout(drop)

    def pooled(self, maps: Tensor) -> Tensor:
        return self.body(maps).mean((2, 3))

    def forward(self, maps: Tensor) -> Tensor:
        return self.head(self.drop(self.pooled(maps)))


class Kept:
    """The maps below the cut, of one look at some faces, as 16-bit numbers in one memory-mapped file."""

    def __init__(self, file: Path, lower: nn.Module, pixels: np.ndarray, size: int, look: int) -> None:
        if not file.exists():
            _make(file, lower, pixels, size, look)
        self._maps = np.load(file, mmap_mode="r")

    def __len__(self) -> int:
        return len(self._maps)

    def at(self, faces: np.ndarray | slice) -> Tensor:
        """(faces, channels, few, few)."""
        return torch.from_numpy(np.array(self._maps[faces])).float().permute(0, 3, 1, 2)

    def portions(self, count: int = 64) -> Iterator[Tensor]:
        for start in range(0, len(self), count):
            yield self.at(slice(start, start + count))


def halves(member: Member, above: str) -> tuple[list[nn.Module], list[nn.Module]]:
    """The body's parts in their order, below and above the cut; timm's own pooling and classifier are not asked."""
    named = dict(member.body.named_children())
    names = [name for name in named if name not in ("global_pool", "fc")]
    if above not in names[1:]:
        raise ValueError(f"{member.name} cannot be cut at {above!r}; it has {', '.join(names[1:])}.")
    cut = names.index(above)
    return [named[name] for name in names[:cut]], [named[name] for name in names[cut:]]


@torch.inference_mode()
def _make(file: Path, lower: nn.Module, pixels: np.ndarray, size: int, look: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished, out = file.with_suffix(".part"), None
    for start in range(0, len(pixels), 16):
        faces = to_tensor(pixels[start : start + 16])
        if look > 0:
            faces = augment.vary(faces, look * 1_000_003 + start)
        faces = resize(even_light(faces), size)
        if look == MIRRORED:
            faces = faces.flip(-1)
        maps = lower(faces.contiguous(memory_format=torch.channels_last)).half().permute(0, 2, 3, 1).numpy()
        if out is None:
            out = np.lib.format.open_memmap(unfinished, "w+", np.float16, (len(pixels), *maps.shape[1:]))
        out[start : start + 16] = maps
    out.flush()
    unfinished.replace(file)


def batches(looks: Sequence[Kept], lesson: Lesson, recipe: Recipe, seed: int):
    """The batch of each step, as a pure function of the step's number; every face by a look drawn for it."""
    steps = len(lesson.targets) // recipe.batch

    def batch_at(step: int) -> tuple[Tensor, Tensor, Tensor]:
        epoch, place = divmod(step, steps)
        order = np.random.default_rng([seed, epoch]).permutation(len(lesson.targets))
        drawn = np.random.default_rng([seed, epoch, place]).integers(0, len(looks), recipe.batch)
        chosen = order[place * recipe.batch : (place + 1) * recipe.batch]
        by_look = [np.sort(chosen[drawn == number]) for number in range(len(looks))]
        maps = torch.cat([look.at(some) for look, some in zip(looks, by_look, strict=True)])
        faces = np.concatenate(by_look)
        return (
            maps.contiguous(memory_format=torch.channels_last),
            torch.from_numpy(lesson.targets[faces]),
            torch.from_numpy(lesson.weights[faces]),
        )

    return batch_at, steps


@torch.inference_mode()
def pooled(upper: Upper, look: Kept) -> Tensor:
    """(faces, width): what the head is given."""
    return torch.cat([upper.pooled(maps.contiguous(memory_format=torch.channels_last)) for maps in look.portions()])


def fit_head(head: nn.Linear, features: Tensor, targets: np.ndarray, weights: np.ndarray, pull: float = PULL) -> None:
    """The head under which these faces' votes surprise least, not too far from where it stood."""
    held, votes, counts = head.weight.detach().clone(), torch.from_numpy(targets), torch.from_numpy(weights)
    search = torch.optim.LBFGS(head.parameters(), max_iter=150, line_search_fn="strong_wolfe")

    def surprise() -> Tensor:
        search.zero_grad()
        value = vote_loss(head(features), votes, counts) + pull * (head.weight - held).square().sum()
        value.backward()
        return value

    head.requires_grad_(True)
    search.step(surprise)


def finish(
    member: Member,
    folder: Path,
    maps: Path,
    learn: Faces,
    held: Faces,
    above: str,
    recipe: Recipe,
    variations: int = 1,
    head_balance: float = 0.7,
    labels: str = "votes",
    seed: int = 0,
    stop_after: int | None = None,
) -> dict[str, float]:
    """Teaches `member` in place; returns what the held-out faces say of it. `maps`: folder of the lower part's maps."""
    lower = nn.Sequential(*halves(member, above)[0]).eval()

    def look_at(faces: Faces, look: int) -> Kept:
        key = hashlib.sha256(faces.pixels.tobytes()).hexdigest()[:8]
        return Kept(maps / f"{above}-{key}-{look}.npy", lower, faces.pixels, member.size, look)

    plain = [look_at(learn, look) for look in (CLEAN, MIRRORED)]
    judged = [look_at(held, look) for look in (CLEAN, MIRRORED)]
    upper = Upper(member, above, recipe.drop).requires_grad_(True).to(memory_format=torch.channels_last)
    upper.body.lr_scale = recipe.body_rate

    def validate(upper: Upper) -> dict[str, float]:
        with torch.inference_mode():
            logits = sum(upper.head(pooled(upper, look)) for look in judged) / len(judged)
        return judge(logits.numpy(), held, labels)

    if recipe.epochs:
        looks = [*plain, *(look_at(learn, number + 1) for number in range(variations))]
        batch_at, steps = batches(looks, Lesson.of(learn, recipe, labels), recipe, seed)
        plan = epochs.Plan(
            recipe.epochs, steps, recipe.lr, weight_decay=recipe.weight_decay, ema=recipe.ema, bf16=False, seed=seed,
            checkpoint=folder / "upper.pt", logdir=folder / "log", stop_after=stop_after,
        )  # fmt: skip
        epochs.fit(upper, batch_at, lambda upper, batch: vote_loss(upper(batch[0]), batch[1], batch[2]), validate, plan)
    upper.eval()
    # A copy: what was made in inference mode cannot be learned from.
    features = torch.cat([pooled(upper, look) for look in plain]).clone()
    lesson = Lesson.of(learn, replace(recipe, balance=head_balance), labels)
    twice = (np.concatenate([part, part]) for part in (lesson.targets, lesson.weights))
    fit_head(member.head, features, *twice)
    member.eval().requires_grad_(False)
    return validate(upper)


def main() -> None:
    options = _options()
    member = load_member(options.init)
    above = options.above or ABOVE[options.member]
    if member.name != options.member:
        raise SystemExit(f"{options.init} holds {member.name}, not {options.member}.")
    recipe = Recipe(
        ((member.size, options.epochs),), options.lr, options.body_rate, batch=options.batch, drop=options.drop,
        balance=options.balance, ema=options.ema,
    )  # fmt: skip
    folder = options.runs / options.member
    folder.mkdir(parents=True, exist_ok=True)
    start = hashlib.sha256(options.init.read_bytes()).hexdigest()[:8]
    faces = corpora.read_ferplus(options.data, options.runs)
    numbers = finish(
        member, folder, options.runs / "maps" / f"{member.name}-{start}", faces.part("train"), faces.part("valid"),
        above, recipe, options.variations, options.head_balance, options.labels, options.seed,
    )  # fmt: skip
    facts = {
        "member": member.name, **asdict(recipe), "above": above, "head_balance": options.head_balance,
        "labels": options.labels,
    }  # fmt: skip
    (folder / "recipe.json").write_text(json.dumps(facts, indent=1))
    save_whole(folder / "last.best.pt", {"average": member.state_dict(), "numbers": numbers})
    print(f"{member.name}: " + ", ".join(f"{name} {value:.4f}" for name, value in numbers.items()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("member", choices=list(ARCHITECTURES))
    parser.add_argument("--runs", type=Path, required=True, help="where checkpoints, maps and decoded faces are kept")
    parser.add_argument("--init", type=Path, required=True, help="a shipped member")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--labels", choices=["votes", "old"], default="votes", help="old: fer2013_label, never to ship")
    parser.add_argument("--above", help="the first part that learns, by its name in the body")
    parser.add_argument("--epochs", type=int, default=2, help="0: the head alone")
    parser.add_argument("--variations", type=int, default=1, help="of each face, beside itself and its mirror image")
    parser.add_argument("--lr", type=float, default=7.5e-4, help="of the head")
    parser.add_argument("--body-rate", type=float, default=0.2, help="share of it for the parts below the head")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--drop", type=float, default=0.4)
    parser.add_argument("--ema", type=float, default=0.995)
    parser.add_argument("--balance", type=float, default=0.4, help="how strongly rare classes count for the parts")
    parser.add_argument("--head-balance", type=float, default=0.7, help="and for the head")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
