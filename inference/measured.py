"""Evaluation results of a model, in `measured.json` beside its weights; the Models page shows them.

Commands such as `python -m training.words.evaluate goemotions --write` write the file, so no figure is typed by hand.
Each result names the version of the model that it belongs to.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from inference import metrics
from inference.metrics import Interval

FILE = "measured.json"
_ROUNDS = 500
"""Resamplings of the bootstrap."""


@dataclass(frozen=True)
class Measured:
    """The results of a model on one test set: recordings, faces, notes or tracks that its training did not use."""

    name: str
    """Of the test set (`left_out_people`); assets/locales has its description."""
    model: str
    """Name and version, as in `Reading.model`."""
    command: str
    classes: tuple[str, ...]
    count: int
    groups: int | None
    """The number of people in the examples, where it is known; the bootstrap draws people."""
    accuracy: Interval
    uar: Interval
    macro_f1: Interval
    ece: float
    confusion: tuple[tuple[int, ...], ...]
    """Counts: one row for each true class, one column for each guessed class."""
    promised: tuple[float, ...]
    kept: tuple[float, ...]
    counts: tuple[int, ...]
    """The bins of the reliability diagram that are not empty: mean top score, share right, number of examples."""
    sure: float | None = None
    right_when_sure: float | None = None
    human: Interval | None = None
    """How often one person agrees with the others on the same set, where that is known."""
    human_uar: Interval | None = None
    """The mean over the classes of the same."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """UAR of each part of the set (a corpus, a language)."""


def of(
    name: str,
    model: str,
    command: str,
    truth: np.ndarray,
    scores: np.ndarray,
    classes: Sequence[str],
    groups: Sequence[object] | None = None,
    sure: np.ndarray | None = None,
    human: Interval | None = None,
    human_uar: Interval | None = None,
    parts: Sequence[str] | None = None,
) -> Measured:
    """Computes all results from labels and scores; `parts` names the part that each example belongs to."""
    truth, guess, class_count = np.asarray(truth), scores.argmax(1), len(classes)
    drawn_groups = list(range(len(truth))) if groups is None else list(groups)

    def interval(metric: Callable[[np.ndarray, np.ndarray], float]) -> Interval:
        return metrics.bootstrap(lambda at: metric(truth[at], guess[at]), drawn_groups, rounds=_ROUNDS)

    table = metrics.reliability(truth, scores, 10)
    filled = table.counts > 0
    is_sure = None if sure is None else np.asarray(sure, bool)
    return Measured(
        name=name,
        model=model,
        command=command,
        classes=tuple(classes),
        count=len(truth),
        groups=None if groups is None else len(set(map(str, groups))),
        accuracy=interval(metrics.accuracy),
        uar=interval(lambda t, g: metrics.uar(t, g, class_count)),
        macro_f1=interval(lambda t, g: metrics.macro_f1(t, g, class_count)),
        ece=metrics.ece(truth, scores),
        confusion=tuple(tuple(map(int, row)) for row in metrics.confusion(truth, guess, class_count)),
        promised=tuple(map(float, table.promised[filled])),
        kept=tuple(map(float, table.kept[filled])),
        counts=tuple(map(int, table.counts[filled])),
        sure=None if is_sure is None else float(is_sure.mean()),
        right_when_sure=None
        if is_sure is None or not is_sure.any()
        else metrics.accuracy(truth[is_sure], guess[is_sure]),
        human=human,
        human_uar=human_uar,
        parts=_by_part(truth, guess, class_count, parts),
    )


def beside(weights: Path) -> Path:
    """The path of the results: inside a folder of weights, or beside a single file of them."""
    return weights.with_suffix(f".{FILE}") if weights.suffix == ".safetensors" else weights / FILE


def write(weights: Path, results: Sequence[Measured], counts: Mapping[str, int] | None = None) -> Path:
    """Writes the results beside the weights; they replace sets of the same name, other sets stay.

    `counts` are the numbers of training examples of each data set; without it the file keeps its numbers.
    """
    file = beside(weights)
    sets = {result.name: result for result in read(weights)}
    sets |= {result.name: result for result in results}
    content: dict[str, object] = {"sets": [_rounded(asdict(result)) for result in sets.values()]}
    if counts := counts or training_counts(weights):
        content["training_counts"] = dict(counts)
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def read(weights: Path) -> list[Measured]:
    """The results beside weights, a folder or a file of them; empty where there are none yet."""
    return [_from_dict(result) for result in _content(weights).get("sets", [])]


def training_counts(weights: Path) -> dict[str, int]:
    """How many examples of each data set the model was trained on, if `write` stored it."""
    return _content(weights).get("training_counts", {})


def _content(weights: Path) -> dict:
    try:
        return json.loads(beside(weights).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _by_part(truth: np.ndarray, guess: np.ndarray, classes: int, parts: Sequence[str] | None) -> dict[str, float]:
    if parts is None:
        return {}
    part_of = np.asarray(parts)
    return {
        part: metrics.uar(truth[part_of == part], guess[part_of == part], classes)
        for part in dict.fromkeys(part_of.tolist())
    }


def _from_dict(content: dict[str, Any]) -> Measured:
    restored = dict(content)
    for name in ("accuracy", "uar", "macro_f1", "human", "human_uar"):
        restored[name] = Interval(**content[name]) if content.get(name) else None
    for name in ("classes", "promised", "kept", "counts"):
        restored[name] = tuple(content[name])
    restored["confusion"] = tuple(map(tuple, content["confusion"]))
    return Measured(**restored)


def _rounded(value: Any) -> Any:
    """Four decimal places: every interval here is wider."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, (list, tuple)) else value
