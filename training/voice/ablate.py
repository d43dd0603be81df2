"""Measures what each part of the recipe brings on actors left out of the training, and fills a table row by row.

    python -m training.voice.corpora flatten AIHUB_259 FLAT
    python -m training.voice.ablate --data FLAT --cache DIR --out ablation.md [--model convnext_tiny] [--seeds 3]

Each row keeps the parts of the rows above it. You can stop it at any moment; the same command continues, even in the
middle of a training. It works on any folder with a labels.csv.
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
class AblationRow:
    """One row: the parts of the recipe that are switched on so far."""

    name: str
    own_scale: bool = False
    crop: bool = False
    masks: tuple[str, ...] = ()
    scheduled: bool = False
    epochs: int = 10

    def settings(self, common: VoiceHyperparameters, steps: int, seed: int) -> VoiceHyperparameters:
        """The common settings with this row's parts switched on."""
        off = tuple(kind for kind in KINDS if kind not in self.masks)
        schedule = "cosine" if self.scheduled else "constant"
        return replace(
            common, steps=steps, seed=seed, own_scale=self.own_scale, without=off, balance=0.0, schedule=schedule
        )

    @property
    def mel(self) -> MelSettings:
        return MelSettings(margin=1 if self.crop else 0)


def ablation_rows() -> list[AblationRow]:
    """The rows, in the order in which the parts were added to the recipe."""
    masks: list[str] = []
    rows = [AblationRow("raw mel images, one mean and spread for all")]

    def add(name: str, **change: object) -> None:
        rows.append(replace(rows[-1], name=name, **change))  # pyright: ignore[reportArgumentType]  (fields by name)

    add("+ each band's own mean and spread", own_scale=True)
    add("+ crop of the padded margins", crop=True)
    for name, kinds in (
        ("+ SpecAugment", ("time_masks", "frequency_masks")),
        ("+ shifts", ("shifts",)),
        ("+ random erasing", ("erasing",)),
    ):
        masks += kinds
        add(name, masks=tuple(masks))
    add("+ schedule (warm-up, cosine)", scheduled=True)
    add("+ 20 epochs in place of 10", epochs=20)
    return rows


HEAD = "| recipe | epochs | UAR | macro-F1 | accuracy | minutes |\n|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Ablation:
    """The data, the fold and what all rows have in common."""

    data: TrainingData
    fold: str
    common: VoiceHyperparameters
    seeds: int
    out: Path
    share: float = 1.0
    """Of the epochs: a rehearsal in less time."""

    def run(self) -> str:
        """Trains what is missing and returns the table, which is written after each row."""
        file = self.out.with_suffix(".json")
        done: dict[str, list[dict[str, float]]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        table = ""
        for row in ablation_rows():
            results = done.setdefault(row.name, [])
            for seed in range(len(results), self.seeds):
                results.append(self._train_and_measure(row, seed))
                file.write_text(json.dumps(done, indent=1, ensure_ascii=False), encoding="utf-8")
            table = self._table(done)
            self.out.write_text(table + "\n", encoding="utf-8")
            print(_line(row, results), flush=True)
        return table

    def _train_and_measure(self, row: AblationRow, seed: int) -> dict[str, float]:
        data = replace(self.data, mel=row.mel)
        train, test = data.train_and_test(self.fold)
        test = np.array([index for index in test if data.clips[index].mood])
        state = self.out.with_name(f"{self.out.stem}-state.pt")
        steps = max(3, round(row.epochs * self.share * len(train) / self.common.batch))
        settings = row.settings(replace(self.common, checkpoint=state), steps, seed)
        started = time.perf_counter()
        trained = student.train_student(data.images, data.labels(settings.balance), train, settings)
        minutes = (time.perf_counter() - started) / 60
        truth = np.array([EMOTIONS.index(data.clips[index].mood) for index in test])
        logits = student.predict_logits(trained, data.images[0], test, bf16=settings.bf16)
        guess = log_seven(logits).argmax(1)
        state.unlink(missing_ok=True)  # the next training starts afresh
        return {
            "uar": metrics.uar(truth, guess, len(EMOTIONS)),
            "f1": metrics.macro_f1(truth, guess, len(EMOTIONS)),
            "accuracy": metrics.accuracy(truth, guess),
            "minutes": minutes,
        }

    def _table(self, done: dict[str, list[dict[str, float]]]) -> str:
        train, test = self.data.train_and_test(self.fold)
        people = [len({self.data.clips[index].speaker for index in part}) for part in (train, test)]
        head = (
            f"{self.common.model}, {len(train)} clips of {people[0]} people to learn from, {len(test)} of {people[1]} "
            f"others to be measured on (`{self.fold}`), {self.seeds} seed{'s' if self.seeds > 1 else ''}; seven moods."
        )
        lines = [_line(row, done[row.name]) for row in ablation_rows() if done.get(row.name)]
        return "\n".join([head, "", HEAD, *lines])


def _line(row: AblationRow, results: list[dict[str, float]]) -> str:
    def cell(name: str) -> str:
        values = [result[name] for result in results]
        return f"{np.mean(values):.1%}" + (f" ± {np.std(values):.1%}" if len(values) > 1 else "")

    minutes = np.mean([result["minutes"] for result in results])
    return f"| {row.name} | {row.epochs} | {cell('uar')} | {cell('f1')} | {cell('accuracy')} | {minutes:.1f} |"


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
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--fp32", action="store_true", help="no bf16 even where the processor computes in it")
    options = parser.parse_args()
    make_copy(options.cache, options.data, None, 0)
    data = TrainingData(options.cache, options.data, 1)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    common = VoiceHyperparameters(
        model=options.model, batch=options.batch, lr=options.lr, pretrained=options.pretrained, device=options.device,
        bf16=not options.fp32,
    )  # fmt: skip
    Ablation(data, options.fold, common, options.seeds, options.out, options.share).run()


if __name__ == "__main__":
    main()
