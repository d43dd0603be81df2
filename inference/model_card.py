"""The files beside trained weights: a model card that describes them, and a checksum that proves them unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from inference.weights import WeightsError

_MISUSE = (
    "An expression is not a feeling. Nobody is to be judged, hired, taught, watched or diagnosed by this: it is for a "
    "diary that asks the person, who has the last word. At work and in schools the EU forbids reading emotions."
)


def write_card(weights: Path, title: str, sections: Mapping[str, str]) -> Path:
    """Writes FILE.md and the checksum beside FILE.safetensors."""
    checksum = write_checksum(weights)
    parts = [f"# {title}", *(f"## {heading}\n\n{text.strip()}" for heading, text in sections.items())]
    parts.append(f"## What it must not be used for\n\n{_MISUSE}")
    use = f"HARU_WEIGHTS={weights.resolve()} make run"
    parts.append(f"## Use\n\nThe checksum lies in `{checksum.name}`; keep it beside the weights.\n\n```sh\n{use}\n```")
    card = weights.with_suffix(".md")
    card.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return card


def write_checksum(weights: Path) -> Path:
    """Writes FILE.safetensors.sha256, which the app needs before it uses weights of the operator."""
    file = checksum_file(weights)
    file.write_text(f"{sha256(weights)}  {weights.name}\n", encoding="utf-8")
    return file


def verify_checksum(weights: Path) -> None:
    """Raises `WeightsError` where the weights are not those that the checksum was written for."""
    file = checksum_file(weights)
    if not weights.is_file():
        raise WeightsError(f"There are no weights at {weights}.")
    if not file.is_file():
        raise WeightsError(f"{weights} has no checksum beside it; copy {file.name} along with it.")
    content = file.read_text(encoding="utf-8").split()
    if not content or content[0] != sha256(weights):
        raise WeightsError(f"{weights} is not the file that {file.name} was made for; copy both again.")


def checksum_file(weights: Path) -> Path:
    return weights.with_name(weights.name + ".sha256")


def sha256(file: Path) -> str:
    """The hexadecimal digest of a file's content."""
    stat = file.stat()
    return _sha256(file, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16)
def _sha256(file: Path, changed: int, size: int) -> str:
    # A page asks at every run; an unchanged file of fifty megabytes is hashed once.
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
