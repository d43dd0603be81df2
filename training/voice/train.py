"""Train one model, leaving a fold of speakers out.

    python -m training.voice.train --model whisper_base --encoder FILE --fold mixed:2 --cache DIR --out
    listener.safetensors
    python -m training.voice.train --model convnext_femto --fold mixed:2 --teach --cache DIR --out student.safetensors
    python -m training.voice.train --model convnext_femto --fold ravdess:1 --teach --init student.safetensors …

`whisper_base` trains the committee of heads on the cached ears of the frozen encoder (`python -m training.voice.cache`
first);
`--finetune 2` then lets its last two layers learn too, and any Hugging Face speech encoder may stand in its place
(`--model facebook/wav2vec2-base`). Every other name is an image network of timm's on mel images.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from inference.weights import WeightsError
from ser import members
from ser.features import MelSettings
from ser.model import TIMM_NAMES, Committee
from training.loop import Options
from training.voice import student, teacher
from training.voice.batches import Labels
from training.voice.cache import Copy, open_copy
from training.voice.corpora import DATA, Clip, read_clips
from training.voice.encoders import load_encoder
from training.voice.folds import left_out
from training.voice.mel_cache import Images
from training.voice.spec_augment import KINDS
from training.voice.student import WIDTH, Lesson, Trained

MEL = MelSettings()
COPIES = 5
"""The clean copy and four variations."""


@dataclass(frozen=True)
class Room:
    """What all trainings share: the clips, and their copies as `training.voice.cache` made them."""

    cache: Path
    data: Path = DATA
    copies_used: int = COPIES
    mel: MelSettings = MEL

    @cached_property
    def clips(self) -> list[Clip]:
        return read_clips(self.data)

    @cached_property
    def copies(self) -> list[Copy]:
        return [open_copy(self.cache, number) for number in range(self.copies_used)]

    @cached_property
    def images(self) -> list[Images]:
        folders = [self.cache / f"copy-{number:02d}" for number in range(self.copies_used)]
        return [Images(folder, copy, self.mel) for folder, copy in zip(folders, self.copies, strict=True)]

    def labels(self, power: float = 1.0) -> Labels:
        """`power` 1 draws every corpus and class alike; a large network then knows the small corpora by heart."""
        return Labels.of(self.clips, power=power)

    def train_and_test(self, fold: str) -> tuple[np.ndarray, np.ndarray]:
        """Indices of the clips to train on, and of those of the speakers left out."""
        out = left_out(fold, self.clips)
        return np.flatnonzero(~out), np.flatnonzero(out)


def committee(room: Room, fold: str, tag: str = "full", labels: Labels | None = None, **how: object) -> Committee:
    """The fold's teacher. Kept in the cache under its tag, since every student and figure of the fold asks for it."""
    kept = room.cache / "folds" / f"{tag}-{room.copies_used}-{fold}.safetensors"
    if kept.exists():
        return teacher.load_committee(kept)
    train, _ = room.train_and_test(fold)
    heads = teacher.train_committee(room.copies, labels or room.labels(), train, **how)
    teacher.save_committee(heads, kept, fold)
    return heads


def taught_student(
    room: Room, fold: str, lesson: Lesson, start: Trained | None = None, teach: bool = True, focus: str | None = None
) -> Trained:
    """A student of a teacher that never heard the fold's speakers either; `focus` keeps it to one corpus."""
    train, _ = room.train_and_test(fold)
    if focus:
        train = np.array([index for index in train if room.clips[index].corpus == focus])
    told = teacher.opinions(committee(room, fold), room.copies) if teach else None
    return student.train_student(room.images, room.labels(lesson.balance), train, lesson, told, start)


def start_from(path: Path | None, model: str) -> Trained | None:
    if path is None:
        return None
    ear = members.load(path)
    if not isinstance(ear, members.MelMember) or ear.meta["name"] != model:
        raise WeightsError(f"{path} holds {ear.meta['name']}; `--init` needs weights of {model}.")
    return Trained(ear.model.requires_grad_(True), ear.mean.numpy(), ear.std.numpy())


def main() -> None:
    options = _parser().parse_args()
    room = Room(options.cache, options.data, 1 + options.copies)
    if options.model in TIMM_NAMES:
        lesson = Lesson(
            model=options.model, steps=options.steps or Lesson.steps, batch=options.batch, width=options.width,
            lr=options.lr, seed=options.seed, without=tuple(options.without), pretrained=options.pretrained,
            bf16=not options.fp32, checkpoint=options.checkpoint, logdir=options.logdir,
            device=options.device, workers=options.workers,
        )  # fmt: skip
        start = start_from(options.init, options.model)
        trained = taught_student(room, options.fold, lesson, start, options.teach, options.focus)
        members.save(members.mel_member(trained.model, MEL, trained.mean, trained.std, options.fold), options.out)
    elif options.finetune or options.model != "whisper_base":
        from training.voice.finetune import Finetuning, finetune

        how = Options(
            options.steps or 1000, options.lr, seed=options.seed, bf16=not options.fp32,
            checkpoint=options.checkpoint, logdir=options.logdir, ema=0.99,
        )  # fmt: skip
        tuning = Finetuning(options.model, options.finetune, options.encoder, how, options.batch, options.device)
        members.save(finetune(room, options.fold, tuning), options.out)
    else:
        steps = options.steps or teacher.STEPS
        tag = "full" if steps == teacher.STEPS else f"{steps}-steps"
        heads = committee(room, options.fold, tag, steps=steps, logdir=options.logdir, progress=True)
        members.save(members.whisper_member(load_encoder(options.encoder), heads, options.fold), options.out)
    print(f"wrote {options.out}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help=f"whisper_base, a hub id, or one of {', '.join(TIMM_NAMES)}")
    parser.add_argument("--fold", default="none", help="who is left out: none, ravdess:1…6, mixed:1…6, corpus:NAME …")
    parser.add_argument("--cache", type=Path, required=True, help="folder made by `python -m training.voice.cache`")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with labels.csv")
    parser.add_argument("--out", type=Path, required=True, help="where to write the weights")
    parser.add_argument("--encoder", type=Path, help="Whisper encoder, safetensors")
    parser.add_argument("--init", type=Path, help="weights to start from (an earlier --out)")
    parser.add_argument("--pretrained", action="store_true", help="start from timm's own weights (needs the internet)")
    parser.add_argument("--teach", action="store_true", help="learn from the fold's own teacher too")
    parser.add_argument(
        "--focus", metavar="CORPUS", help="train on the clips of one corpus (its teacher knows them all)"
    )
    parser.add_argument("--finetune", type=int, default=0, metavar="N", help="let the last N transformer layers learn")
    parser.add_argument("--copies", type=int, default=COPIES - 1, help="variations of each clip to use")
    parser.add_argument("--without", nargs="*", default=[], choices=KINDS, help="image augmentations to switch off")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--batch", type=int, default=Lesson.batch)
    parser.add_argument("--width", type=int, default=WIDTH, help="frames (20 ms each) of an image in training")
    parser.add_argument("--lr", type=float, default=Lesson.lr)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--workers", type=int, default=0, help="processes that make an image network's batches ahead")
    parser.add_argument("--fp32", action="store_true", help="no bf16 even where the machine computes in it")
    parser.add_argument("--checkpoint", type=Path, help="keep the state here, and go on from it")
    parser.add_argument("--logdir", type=Path, help="TensorBoard logs")
    return parser


if __name__ == "__main__":
    main()
