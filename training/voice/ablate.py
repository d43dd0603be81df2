"""What each part of the recipe brings, one after the other, on actors never heard: a table, filled row by row.

    python -m training.voice.corpora flatten AIHUB_259 FLAT
    python -m training.voice.ablate --data FLAT --cache DIR --out ablation.md [--model convnext_tiny] [--seeds 3]

Each row keeps what the rows above it have. It can be stopped at any moment: started again, it goes on after the last
finished training (and in the middle of the one that was running). Works on any folder with a labels.csv.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from emotions import EMOTIONS
from inference import metrics
from ser.features import MelSettings
from ser.members import log_seven
from ser.model import TIMM_NAMES
from training.voice import student
from training.voice.cache import make_copy
from training.voice.corpora import DATA_HELP
from training.voice.spec_augment import KINDS
from training.voice.student import VoiceHyperparameters
from training.voice.training_data import TrainingData


@dataclass(frozen=True)
class Step:
    """One row: what is switched on so far."""

    name: str
    own_scale: bool = False
    crop: bool = False
    masks: tuple[str, ...] = ()
    scheduled: bool = False
    epochs: int = 10

    def settings(self, model: str, steps: int, batch: int, seed: int, **more: object) -> VoiceHyperparameters:
        off = tuple(kind for kind in KINDS if kind not in self.masks)
        return VoiceHyperparameters(
            model=model, steps=steps, batch=batch, seed=seed, own_scale=self.own_scale, without=off, balance=0.0,
            schedule="cosine" if self.scheduled else "constant", **more,
        )  # fmt: skip

    @property
    def mel(self) -> MelSettings:
        return MelSettings(margin=1 if self.crop else 0)


def recipe() -> list[Step]:
    """The rows, in the order in which the seed of this project found them."""
    rows = [Step("raw mel images, one mean and spread for all")]
    for name, change in (
        ("+ each band's own mean and spread", {"own_scale": True}),
        ("+ crop of the padded margins", {"crop": True}),
        ("+ SpecAugment", {"masks": ("time_masks", "frequency_masks")}),
        ("+ shifts", {"masks": ("time_masks", "frequency_masks", "shifts")}),
        ("+ random erasing", {"masks": ("time_masks", "frequency_masks", "shifts", "erasing")}),
        ("+ schedule (warm-up, cosine)", {"scheduled": True}),
        ("+ 20 epochs in place of 10", {"epochs": 20}),
    ):
        rows.append(replace(rows[-1], name=name, **change))
    return rows


HEAD = "| recipe | epochs | UAR | macro-F1 | accuracy | minutes |\n|---|---|---|---|---|---|"


def ablate(
    data: TrainingData, fold: str, model: str, batch: int, seeds: int, out: Path, epochs: float = 1.0, **more: object
) -> str:
    """The table; `epochs` shortens every training by that share (for a rehearsal)."""
    kept = out.with_suffix(".json")
    done: dict[str, list[dict[str, float]]] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    table = ""
    for step in recipe():
        results = done.setdefault(step.name, [])
        for seed in range(len(results), seeds):
            results.append(
                _train_and_judge(replace(data, mel=step.mel), fold, step, model, batch, seed, epochs, out, more)
            )
            kept.write_text(json.dumps(done, indent=1, ensure_ascii=False), encoding="utf-8")
        table = _table(done, data, fold, model, seeds)
        out.write_text(table + "\n", encoding="utf-8")
        print(_row(step, results), flush=True)
    return table


def _train_and_judge(
    data: TrainingData, fold: str, step: Step, model: str, batch: int, seed: int, epochs: float, out: Path, more: dict
) -> dict[str, float]:
    train, test = data.train_and_test(fold)
    test = np.array([index for index in test if data.clips[index].mood])
    steps = max(3, round(step.epochs * epochs * len(train) / batch))
    state = out.with_name(f"{out.stem}-state.pt")
    settings = step.settings(model, steps, batch, seed, checkpoint=state, **more)
    started = time.perf_counter()
    trained = student.train_student(data.images, data.labels(settings.balance), train, settings)
    minutes = (time.perf_counter() - started) / 60
    truth = np.array([EMOTIONS.index(data.clips[index].mood) for index in test])
    guess = log_seven(student.predict_logits(trained, data.images[0], test, bf16=settings.bf16)).argmax(1)
    state.unlink(missing_ok=True)  # the next training starts afresh
    return {
        "uar": metrics.uar(truth, guess, len(EMOTIONS)),
        "f1": metrics.macro_f1(truth, guess, len(EMOTIONS)),
        "accuracy": metrics.accuracy(truth, guess),
        "minutes": minutes,
    }


def _table(done: dict, data: TrainingData, fold: str, model: str, seeds: int) -> str:
    train, test = data.train_and_test(fold)
    people = [len({data.clips[index].speaker for index in part}) for part in (train, test)]
    head = (
        f"{model}, {len(train)} clips of {people[0]} people to learn from, {len(test)} of {people[1]} others to be "
        f"measured on (`{fold}`), {seeds} seed{'s' if seeds > 1 else ''}; seven moods."
    )
    rows = [_row(step, done[step.name]) for step in recipe() if done.get(step.name)]
    return "\n".join([head, "", HEAD, *rows])


def _row(step: Step, results: list[dict[str, float]]) -> str:
    def told(name: str) -> str:
        values = [one[name] for one in results]
        return f"{np.mean(values):.1%}" + (f" ± {np.std(values):.1%}" if len(values) > 1 else "")

    minutes = np.mean([one["minutes"] for one in results])
    return f"| {step.name} | {step.epochs} | {told('uar')} | {told('f1')} | {told('accuracy')} | {minutes:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help=DATA_HELP)
    parser.add_argument("--cache", type=Path, required=True, help="for decoded clips and images")
    parser.add_argument("--out", type=Path, required=True, help="the table, Markdown; its numbers lie beside it")
    parser.add_argument("--model", default="convnext_tiny", choices=list(TIMM_NAMES))
    parser.add_argument("--fold", default="speakers:1/5", help="actors left out")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--batch", type=int, default=VoiceHyperparameters.batch)
    parser.add_argument("--lr", type=float, default=VoiceHyperparameters.lr)
    parser.add_argument("--pretrained", action="store_true", help="start from timm's weights (needs the internet)")
    parser.add_argument("--share", type=float, default=1.0, help="of the epochs: a rehearsal in less time")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--fp32", action="store_true", help="no bf16 even where the machine computes in it")
    options = parser.parse_args()
    make_copy(options.cache, options.data, None, 0)
    data = TrainingData(options.cache, options.data, 1)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    ablate(
        data, options.fold, options.model, options.batch, options.seeds, options.out, options.share, lr=options.lr,
        pretrained=options.pretrained, device=options.device, bf16=not options.fp32,
    )  # fmt: skip


if __name__ == "__main__":
    main()
