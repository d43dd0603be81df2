"""Long work over many files that survives a stop: sixty gigabytes of films are not decoded twice.

What is done is kept portion by portion in a folder; the same call over the same items reads what is there and goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from reading import Refusal

PORTION = 400
"""Items: a minute's work or so, which is what a stop may cost."""

Item = TypeVar("Item")
Answer = np.ndarray | Refusal


def in_portions(
    items: Sequence[Item], do_all: Callable[[Sequence[Item]], Iterable[Answer]], folder: Path, size: int = PORTION
) -> Iterator[Answer]:
    """An answer for each item, in their order. Arrays of one work differ in their first dimension only.

    Whoever has put the answers together may delete the folder.
    """
    # Named after the items: what was begun with others is not taken for theirs.
    folder = folder / hashlib.sha256("".join(f"{item}\n" for item in items).encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    for number, start in enumerate(range(0, len(items), size)):
        file = folder / f"{number:05d}.npz"
        if file.exists():
            yield from _kept(file)
            continue
        answers = []
        for answer in do_all(items[start : start + size]):
            answers.append(answer)
            yield answer
        _keep(answers, file)


def _keep(answers: Sequence[Answer], file: Path) -> None:
    arrays = [answer for answer in answers if not isinstance(answer, Refusal)]
    refused = [(answer.code, answer.message) if isinstance(answer, Refusal) else None for answer in answers]
    unfinished = file.with_suffix(".part")
    with unfinished.open("wb") as opened:
        np.savez(
            opened,
            rows=np.concatenate(arrays) if arrays else np.zeros(0),
            lengths=np.array([len(array) for array in arrays], np.int64),
            refused=json.dumps(refused, ensure_ascii=False),
        )
    unfinished.replace(file)  # a stop in the middle of writing leaves the last whole portion


def _kept(file: Path) -> Iterator[Answer]:
    with np.load(file) as stored:
        rows, ends, refused = stored["rows"], np.cumsum(stored["lengths"]), json.loads(str(stored["refused"]))
    arrays = iter(np.split(rows, ends[:-1]) if ends.size else [])
    for told in refused:
        yield Refusal(*told) if told else next(arrays)
