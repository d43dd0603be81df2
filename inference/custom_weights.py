"""The operator's own weights, which `HARU_WEIGHTS` names, in place of the shipped ones.

It lists files that a training wrote, or folders of them, separated as in PATH; each with its checksum beside it. A
folder may also hold the fusion.json of `python -m training.fusion.fit`. A sense without weights of its own keeps the
shipped ones. Weights that are named and cannot be used are an error; the app never goes back to the shipped ones
silently.
"""

from __future__ import annotations

from pathlib import Path

import settings
from inference.model_card import verify_checksum
from inference.weights import WeightsError, read_meta

VARIABLE = settings.WEIGHTS.name


def own_weights(sense: str) -> Path | None:
    """The operator's weights for voice, face, words or music, with their checksum verified; None without any."""
    found = [file for file in _named_files(".safetensors") if _sense_of(file) == sense]
    if len(found) > 1:
        raise WeightsError(f"{VARIABLE} names two weights for {sense}: {found[0]} and {found[1]}; keep one.")
    if not found:
        return None
    # Only this sense's file: damaged voice weights must not disable the face.
    verify_checksum(found[0])
    return found[0]


def own_settings(name: str) -> Path | None:
    """The first file of this name (`fusion.json`) that `HARU_WEIGHTS` names."""
    return next((file for file in _named_files(".json") if file.name == name), None)


def _sense_of(file: Path) -> str:
    if not file.is_file():
        raise WeightsError(f"There are no weights at {file}; correct {VARIABLE}.")
    try:
        sense = read_meta(file).get("sense")
    except WeightsError as error:
        raise WeightsError(f"{file} is damaged or not Haru's; copy it and its checksum again.") from error
    if not sense:
        raise WeightsError(f"{file} does not say what it is for; use a file that one of the trainings wrote.")
    return str(sense)


def _named_files(suffix: str) -> list[Path]:
    files = []
    for path in settings.WEIGHTS.get():
        if path.is_dir():
            files += sorted(path.glob(f"*{suffix}"))
        elif path.suffix == suffix:
            files.append(path)
        elif path.suffix not in (".safetensors", ".json"):
            raise WeightsError(f"{VARIABLE} names {path}, which is neither weights nor a folder of them.")
    return files
