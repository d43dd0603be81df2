"""Weights of the operator's own, in place of the shipped ones: `HARU_WEIGHTS`.

Files that `python -m training.cli` wrote, or folders of them, separated as in PATH; each with its checksum beside
it. A folder may also hold the fusion.json that `python -m training.fusion.fit` wrote. Senses that nothing is named for
keep the shipped weights. What is named and cannot be used is an error, never a silent return to the shipped ones.
"""

from __future__ import annotations

import os
from pathlib import Path

from inference.model_card import check_seal
from inference.weights import WeightsError, read_meta

VARIABLE = "HARU_WEIGHTS"


def own_weights(sense: str) -> Path | None:
    """The operator's weights for voice, face or music, checked; None where there are none."""
    mine = [file for file in _named(".safetensors") if _sense_of(file) == sense]
    if len(mine) > 1:
        raise WeightsError(f"{VARIABLE} names two weights for {sense}: {mine[0]} and {mine[1]}; keep one.")
    if not mine:
        return None
    # Only of the sense that is asked for: a damaged voice must not take the face with it.
    check_seal(mine[0])
    return mine[0]


def own_settings(name: str) -> Path | None:
    """A file of settings among what is named, fusion.json say."""
    return next((file for file in _named(".json") if file.name == name), None)


def _sense_of(file: Path) -> str:
    if not file.is_file():
        raise WeightsError(f"There are no weights at {file}; correct {VARIABLE}.")
    try:
        sense = read_meta(file).get("sense")
    except WeightsError as error:
        raise WeightsError(f"{file} is damaged or not Haru's; copy it and its checksum again.") from error
    if not sense:
        raise WeightsError(f"{file} does not say what it is for; use a file that `python -m training.cli` wrote.")
    return str(sense)


def _named(suffix: str) -> list[Path]:
    files = []
    for text in filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)):
        path = Path(text).expanduser()
        if path.is_dir():
            files += sorted(path.glob(f"*{suffix}"))
        elif path.suffix == suffix:
            files.append(path)
        elif path.suffix not in (".safetensors", ".json"):
            raise WeightsError(f"{VARIABLE} names {path}, which is neither weights nor a folder of them.")
    return files
