"""The files in assets/ with their licences, and the weights among them with version and checksum.

python -m inference.shipped             a line for each file of weights: name and version, licence, checksum, state
python -m inference.shipped --not-free  the files that a distribution of free software leaves out
python -m inference.shipped --table     the table of docs/licences.md
python -m inference.shipped --write     writes assets/weights/SHA256SUMS, after a training

With HARU_FREE_WEIGHTS=1, Haru uses only weights that are free to use, change, share and sell, whatever else lies there.
The operator's own weights (HARU_WEIGHTS) are the operator's decision, and always used.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import settings
from inference import model_card
from inference.weights import WeightsError, read_meta

LICENCES = settings.ASSETS / "licences.toml"
SUMS = settings.ASSETS / "weights" / "SHA256SUMS"
"""As `sha256sum --check` reads it; paths are relative to its folder."""
_WITH_CHECKSUM = ("*.safetensors", "*.onnx", "*.bin", "*tokenizer.json", "vocabulary.json", "config.json")
_MODELS = (".safetensors", ".onnx", ".bin")
"""What has a version of its own; the other files belong to one of these."""
_ALLOWS = {"free": "free use", "non-commercial": "non-commercial use", "research": "research and private use"}


class NotFreeError(WeightsError):
    """The weights are left out, because HARU_FREE_WEIGHTS is set and their licence restricts what may be done."""


@dataclass(frozen=True)
class Part:
    """Files of one origin, as assets/licences.toml describes them."""

    files: tuple[str, ...]
    """Patterns, relative to assets/."""
    made_from: str
    licence: str
    allows: str
    """free, non-commercial or research."""
    starts_from: str = ""
    version: str = ""

    @property
    def is_free(self) -> bool:
        return self.allows == "free"

    def holds(self, file: Path) -> bool:
        name = file.relative_to(settings.ASSETS).as_posix()
        return any(fnmatchcase(name, pattern) for pattern in self.files)


@dataclass(frozen=True)
class ShippedWeights:
    """A file of weights that Haru comes with."""

    file: Path
    version: str
    """With the model's name."""
    licence: str
    is_free: bool
    sha256: str
    """As SHA256SUMS has it."""
    state: str
    """ok, changed or missing."""


def weights() -> list[ShippedWeights]:
    """Every model of SHA256SUMS; the files are read whole, so it takes a second."""
    return [_shipped(file, digest) for file, digest in checksums().items() if file.suffix in _MODELS]


def checksums() -> dict[Path, str]:
    rows = (line.split(maxsplit=1) for line in SUMS.read_text(encoding="utf-8").splitlines())
    return {SUMS.parent / name: digest for digest, name in rows}


def changed_or_missing() -> list[Path]:
    """The files of SHA256SUMS that are not as they were shipped, tokenizers included.

    Under HARU_FREE_WEIGHTS the files that are not free may be missing.
    """
    return [
        file
        for file, digest in checksums().items()
        if (state := _state(file, digest)) == "changed" or (state == "missing" and may_use(file))
    ]


def may_use(path: Path) -> bool:
    """Whether HARU_FREE_WEIGHTS allows a shipped file, or every file of a shipped folder."""
    return not settings.FREE_WEIGHTS.get() or is_free(path)


def is_free(path: Path) -> bool:
    """Whether everyone may use, change, share and sell a file, or all files of a folder; whether it is there or not."""
    folder = f"{path.relative_to(settings.ASSETS).as_posix()}/"
    inside = [part for part in parts() if any(pattern.startswith(folder) for pattern in part.files)]
    found = inside or [part_of(path)]
    return all(part is not None and part.is_free for part in found)


def usable(*candidates: Path) -> Path:
    """The first of these shipped files or folders that is there and may be used.

    Without one, the first that may be used, for the error that names it. Raises NotFreeError where none may be used.
    """
    allowed = [path for path in candidates if may_use(path)]
    if not allowed:
        raise NotFreeError(f"HARU_FREE_WEIGHTS leaves out {candidates[0]}, whose licence is not free.")
    return next((path for path in allowed if path.exists()), allowed[0])


def leaves_out(weights_in_use: Callable[[], Path]) -> bool:
    """Whether a recogniser has no weights to use because HARU_FREE_WEIGHTS is set."""
    try:
        weights_in_use()
    except NotFreeError:
        return True
    except WeightsError:
        pass  # an operator's own weights that cannot be used
    return False


@cache
def parts() -> tuple[Part, ...]:
    rows = tomllib.loads(LICENCES.read_text(encoding="utf-8"))["part"]
    return tuple(Part(**row | {"files": tuple(row["files"])}) for row in rows)


def part_of(file: Path) -> Part | None:
    return next((part for part in parts() if part.holds(file)), None)


def not_free_files() -> list[Path]:
    """The files that are here and not free."""
    files = (file for file in sorted(settings.ASSETS.rglob("*")) if file.is_file() and "__pycache__" not in file.parts)
    return [file for file in files if not is_free(file)]


def table() -> str:
    """The table of docs/licences.md."""
    lines = ["| files | made from (licence) | starting weights | licence | allows |", f"|{'---|' * 5}"]
    for part in parts():
        files = ", ".join(f"`assets/{file}`" for file in part.files)
        cells = files, part.made_from, part.starts_from or "–", part.licence, _ALLOWS[part.allows]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def write_checksums() -> None:
    found = {file for pattern in _WITH_CHECKSUM for file in SUMS.parent.rglob(pattern)}
    lines = [f"{model_card.sha256(file)}  {file.relative_to(SUMS.parent).as_posix()}\n" for file in sorted(found)]
    SUMS.write_text("".join(lines), encoding="utf-8")


def _shipped(file: Path, digest: str) -> ShippedWeights:
    part, state = part_of(file), _state(file, digest)
    if part is None:
        raise ValueError(f"{LICENCES} has no licence for {file}")
    version = part.version
    if file.suffix == ".safetensors":
        meta = read_meta(file) if state == "ok" else {"name": file.stem, "version": "?"}
        version = f"{meta['name']} {meta['version']}"
    return ShippedWeights(file, version, part.licence, part.is_free, digest, state)


def _state(file: Path, digest: str) -> str:
    if not file.is_file():
        return "missing"
    return "ok" if model_card.sha256(file) == digest else "changed"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m inference.shipped", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--not-free", action="store_true", help="print the files that are not free, one a line")
    chosen.add_argument("--table", action="store_true", help="print the table of docs/licences.md")
    chosen.add_argument("--write", action="store_true", help="write assets/weights/SHA256SUMS")
    options = parser.parse_args()
    if options.write:
        write_checksums()
    elif options.table:
        print(table())
    elif options.not_free:
        for file in not_free_files():
            print(file.relative_to(settings.PROJECT).as_posix())
    else:
        for each in weights():
            name = each.file.relative_to(settings.ASSETS).as_posix()
            print(f"{name}  {each.version}  {each.licence}  {each.sha256}  {each.state}")


if __name__ == "__main__":
    main()
