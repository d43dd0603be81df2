"""What lies beside trained weights: a card that says what they are worth, and a checksum that says they are whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from inference.weights import WeightsError

_NOT_FOR = (
    "An expression is not a feeling. Nobody is to be judged, hired, taught, watched or diagnosed by this: it is for a "
    "diary that asks the person, who has the last word. At work and in schools the EU forbids reading emotions."
)


def write_card(weights: Path, title: str, sections: Mapping[str, str]) -> Path:
    """FILE.md beside FILE.safetensors, and FILE.safetensors.sha256, which the app asks for."""
    seal = seal_of(weights)
    seal.write_text(f"{sha256(weights)}  {weights.name}\n", encoding="utf-8")
    parts = [f"# {title}", *(f"## {heading}\n\n{text.strip()}" for heading, text in sections.items())]
    parts.append(f"## What it must not be used for\n\n{_NOT_FOR}")
    use = f"HARU_WEIGHTS={weights.resolve()} make run"
    parts.append(f"## Use\n\nThe checksum lies in `{seal.name}`; keep it beside the weights.\n\n```sh\n{use}\n```")
    card = weights.with_suffix(".md")
    card.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return card


def check_seal(weights: Path) -> None:
    """Raises where the weights are not the ones that were measured."""
    seal = seal_of(weights)
    if not weights.is_file():
        raise WeightsError(f"There are no weights at {weights}.")
    if not seal.is_file():
        raise WeightsError(f"{weights} has no checksum beside it; copy {seal.name} along with it.")
    told = seal.read_text(encoding="utf-8").split()
    if not told or told[0] != sha256(weights):
        raise WeightsError(f"{weights} is not the file that {seal.name} was made for; copy both again.")


def seal_of(weights: Path) -> Path:
    return weights.with_name(weights.name + ".sha256")


def sha256(file: Path) -> str:
    facts = file.stat()
    return _sha256(file, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=16)
def _sha256(file: Path, changed: int, size: int) -> str:
    # Asked on every run of a page; a file that has not changed need not be read again.
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
