"""What a measuring command found out about a model, as a file beside its weights that the app can show.

`python -m training.words.evaluate goemotions --write` and its neighbours write `measured.json`; the Models page reads
it. No figure is typed by hand: whoever trains anew measures anew, and a file that speaks of another version says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from inference import metrics
from inference.metrics import Interval

FILE = "measured.json"
_MOST_ROUNDS = 500


@dataclass(frozen=True)
class Measured:
    """A model on one set of clips, faces, lines or tracks that its training never saw."""

    name: str
    """Of the set: `left_out_people`; its description is in the catalogues."""
    model: str
    """Name and version, as the model's readings carry it."""
    command: str
    classes: tuple[str, ...]
    count: int
    groups: int | None
    """How many people they are of, where that is known; intervals are drawn over these."""
    accuracy: Interval
    uar: Interval
    macro_f1: Interval
    ece: float
    confusion: tuple[tuple[int, ...], ...]
    """Counts: a row what was so, a column what was said."""
    promised: tuple[float, ...]
    kept: tuple[float, ...]
    counts: tuple[int, ...]
    """The reliability diagram's bins that hold anything: mean top score, share right, how many."""
    sure: float | None = None
    right_when_sure: float | None = None
    human: Interval | None = None
    """How often one person agrees with the others, on the same set, where that can be counted."""
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
    parts: Sequence[str] | None = None,
) -> Measured:
    """Everything the page shows, from labels and scores; `parts` names the part that each example belongs to."""
    truth, guess, many = np.asarray(truth), scores.argmax(1), len(classes)
    drawn = list(range(len(truth))) if groups is None else list(groups)

    def interval(measure) -> Interval:
        return metrics.bootstrap(lambda at: measure(truth[at], guess[at]), drawn, rounds=_MOST_ROUNDS)

    table = metrics.reliability(truth, scores, 10)
    filled = table.counts > 0
    certain = None if sure is None else np.asarray(sure, bool)
    return Measured(
        name=name,
        model=model,
        command=command,
        classes=tuple(classes),
        count=len(truth),
        groups=None if groups is None else len(set(map(str, groups))),
        accuracy=interval(metrics.accuracy),
        uar=interval(lambda t, g: metrics.uar(t, g, many)),
        macro_f1=interval(lambda t, g: metrics.macro_f1(t, g, many)),
        ece=metrics.ece(truth, scores),
        confusion=tuple(tuple(map(int, row)) for row in metrics.confusion(truth, guess, many)),
        promised=tuple(map(float, table.promised[filled])),
        kept=tuple(map(float, table.kept[filled])),
        counts=tuple(map(int, table.counts[filled])),
        sure=None if certain is None else float(certain.mean()),
        right_when_sure=None
        if certain is None or not certain.any()
        else metrics.accuracy(truth[certain], guess[certain]),
        human=human,
        parts=_by_part(truth, guess, many, parts),
    )


def beside(weights: Path) -> Path:
    """Where the figures lie: in a folder of weights, or beside a single file of them."""
    return weights.with_suffix(f".{FILE}") if weights.suffix == ".safetensors" else weights / FILE


def write(weights: Path, found: Sequence[Measured]) -> Path:
    """Puts what was measured beside the weights; sets of the same name are replaced, others stay."""
    file = beside(weights)
    kept = {one.name: one for one in read(weights)}
    kept |= {one.name: one for one in found}
    content = {"sets": [_rounded(asdict(one)) for one in kept.values()]}
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def read(weights: Path) -> list[Measured]:
    """What was measured of weights, in a folder or a file; nothing where nobody measured yet."""
    try:
        content = json.loads(beside(weights).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return [_from_dict(facts) for facts in content["sets"]]


def _by_part(truth: np.ndarray, guess: np.ndarray, many: int, parts: Sequence[str] | None) -> dict[str, float]:
    if parts is None:
        return {}
    member = np.asarray(parts)
    return {
        part: metrics.uar(truth[member == part], guess[member == part], many) for part in dict.fromkeys(member.tolist())
    }


def _from_dict(facts: dict) -> Measured:
    intervals = {
        name: Interval(**facts[name]) if facts[name] else None for name in ("accuracy", "uar", "macro_f1", "human")
    }
    lists = {name: tuple(facts[name]) for name in ("classes", "promised", "kept", "counts")}
    return Measured(**facts | intervals | lists | {"confusion": tuple(map(tuple, facts["confusion"]))})


def _rounded(value):
    """Four places are more than any interval here is good for."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, (list, tuple)) else value
