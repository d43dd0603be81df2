"""Slow work over many files that survives a stop, such as decoding gigabytes of films.

The results are saved chunk by chunk in a folder; the same call over the same items reads them and continues.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from reading import Refusal

CHUNK = 400
"""Items of one file of results. A stop costs about a minute's work."""

Item = TypeVar("Item")
Result = np.ndarray | Refusal


def map_in_chunks(
    items: Sequence[Item], compute: Callable[[Sequence[Item]], Iterable[Result]], folder: Path, size: int = CHUNK
) -> Iterator[Result]:
    """A result for each item, in their order. The arrays may differ in their first dimension only.

    The caller may delete the folder when it has all results.
    """
    # A folder named after the items: results of other items are never mixed in.
    folder = folder / hashlib.sha256("".join(f"{item}\n" for item in items).encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    for number, start in enumerate(range(0, len(items), size)):
        file = folder / f"{number:05d}.npz"
        if file.exists():
            yield from _load(file)
            continue
        results = []
        for result in compute(items[start : start + size]):
            results.append(result)
            yield result
        _save(results, file)


def _save(results: Sequence[Result], file: Path) -> None:
    arrays = [result for result in results if not isinstance(result, Refusal)]
    refused = [(result.code, result.message) if isinstance(result, Refusal) else None for result in results]
    unfinished = file.with_suffix(".part")
    with unfinished.open("wb") as opened:
        np.savez(
            opened,
            rows=np.concatenate(arrays) if arrays else np.zeros(0),
            lengths=np.array([len(array) for array in arrays], np.int64),
            refused=np.array(json.dumps(refused, ensure_ascii=False)),
        )
    unfinished.replace(file)  # a stop while writing leaves no half chunk


def _load(file: Path) -> Iterator[Result]:
    with np.load(file) as stored:
        rows, ends, refused = stored["rows"], np.cumsum(stored["lengths"]), json.loads(str(stored["refused"]))
    arrays = iter(np.split(rows, ends[:-1]) if ends.size else [])
    for refusal in refused:
        yield Refusal(*refusal) if refusal else next(arrays)
