"""Trains one voice model without the speakers of a fold, for the figures of the model card.

    python -m training.voice.train --model whisper_base --fold mixed:2 --data DATA --cache DIR --out FILE
    python -m training.voice.train --model convnext_femto --fold mixed:2 --teach --data DATA --cache DIR --out FILE
    python -m training.voice.train --model convnext_femto --fold ravdess:1 --teach --init FILE …

`python -m training.voice.cache` comes first. `whisper_base` trains the committee of heads on the cached statistics of
the frozen encoder; with `--finetune 2` the last two layers of the encoder learn as well. Any Hugging Face speech
encoder may take its place (`--model facebook/wav2vec2-base`). Every other name is a timm network on mel images.

`python -m training.cli voice` trains a model of your own data.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from inference.weights import WeightsError
from ser import members
from ser.model import TIMM_NAMES, Committee
from training.loop import TrainingOptions
from training.voice import student, teacher
from training.voice.batches import Labels
from training.voice.corpora import DATA_HELP
from training.voice.encoders import SHIPPED, load_whisper
from training.voice.finetune import FinetuneOptions, finetune
from training.voice.spec_augment import KINDS
from training.voice.student import WIDTH, TrainedMelNet, VoiceHyperparameters
from training.voice.teacher import CommitteeOptions
from training.voice.training_data import COPIES, MEL, TrainingData


def committee(
    data: TrainingData,
    fold: str,
    tag: str = "full",
    labels: Labels | None = None,
    options: CommitteeOptions = CommitteeOptions(),  # noqa: B008  (frozen)
) -> Committee:
    """The committee of a fold, saved in the cache under its tag: every student and figure of the fold uses it."""
    parts = (tag, str(data.copies_used), *([data.which] if data.which else []), fold)
    file = data.cache / "folds" / f"{'-'.join(parts)}.safetensors"
    if file.exists():
        return teacher.load_committee(file)
    train, _ = data.train_and_test(fold)
    heads = teacher.train_committee(data.copies, labels or data.labels(), train, options)
    teacher.save_committee(heads, file, fold)
    return heads


def train_fold_student(
    data: TrainingData,
    fold: str,
    settings: VoiceHyperparameters,
    start: TrainedMelNet | None = None,
    teach: bool = True,
    focus: str | None = None,
) -> TrainedMelNet:
    """An image network trained without the fold; `teach` adds the fold's committee, `focus` chooses one corpus."""
    train, _ = data.train_and_test(fold)
    if focus:
        train = np.array([index for index in train if data.clips[index].corpus == focus])
    targets = teacher.soft_targets(committee(data, fold), data.copies) if teach else None
    return student.train_student(data.images, data.labels(settings.balance), train, settings, targets, start)


def load_start(path: Path | None, model: str) -> TrainedMelNet | None:
    if path is None:
        return None
    member = members.load(path)
    if not isinstance(member, members.MelMember) or member.meta["name"] != model:
        raise WeightsError(f"{path} holds {member.meta['name']}; `--init` needs weights of {model}.")
    return TrainedMelNet(member.model.requires_grad_(True), member.mean.numpy(), member.std.numpy())


def main() -> None:
    options = _parser().parse_args()
    data = TrainingData(options.cache, options.data, 1 + options.copies)
    if options.model in TIMM_NAMES:
        settings = VoiceHyperparameters(
            model=options.model, steps=options.steps or VoiceHyperparameters.steps, batch=options.batch,
            width=options.width, lr=options.lr, seed=options.seed, without=tuple(options.without),
            pretrained=options.pretrained, bf16=not options.fp32, checkpoint=options.checkpoint, logdir=options.logdir,
            device=options.device, workers=options.workers,
        )  # fmt: skip
        start = load_start(options.init, options.model)
        trained = train_fold_student(data, options.fold, settings, start, options.teach, options.focus)
        members.save(members.mel_member(trained.model, MEL, trained.mean, trained.std, options.fold), options.out)
    elif options.finetune or options.model != "whisper_base":
        how = TrainingOptions(
            options.steps or 1000, options.lr, seed=options.seed, bf16=not options.fp32,
            checkpoint=options.checkpoint, logdir=options.logdir, ema=0.99,
        )  # fmt: skip
        tuning = FinetuneOptions(options.model, options.finetune, options.encoder, how, options.batch, options.device)
        members.save(finetune(data, options.fold, tuning), options.out)
    else:
        shipped = CommitteeOptions()
        steps = options.steps or shipped.steps
        tag = "full" if steps == shipped.steps else f"{steps}-steps"
        how = replace(shipped, steps=steps, logdir=options.logdir, show_progress=True)
        heads = committee(data, options.fold, tag, options=how)
        members.save(members.whisper_member(load_whisper(options.encoder), heads, options.fold), options.out)
    print(f"wrote {options.out}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help=f"whisper_base, a hub id, or one of {', '.join(TIMM_NAMES)}")
    parser.add_argument(
        "--fold", default="none", help="who is left out: none, ravdess:1…6, ased:1/5, everyone:1…6, corpus:NAME …"
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder made by `python -m training.voice.cache`")
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument("--out", type=Path, required=True, help="where to write the weights")
    parser.add_argument("--encoder", type=Path, default=SHIPPED, help="Whisper's encoder (default: the shipped one)")
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
    parser.add_argument("--batch", type=int, default=VoiceHyperparameters.batch)
    parser.add_argument("--width", type=int, default=WIDTH, help="frames (20 ms each) of an image in training")
    parser.add_argument("--lr", type=float, default=VoiceHyperparameters.lr)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--workers", type=int, default=0, help="processes that make an image network's batches ahead")
    parser.add_argument("--fp32", action="store_true", help="no bf16 even where the machine computes in it")
    parser.add_argument("--checkpoint", type=Path, help="file for the state; an existing one is resumed")
    parser.add_argument("--logdir", type=Path, help="TensorBoard logs")
    return parser


if __name__ == "__main__":
    main()
