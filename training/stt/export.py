"""Writes Whisper in int8 as the app ships it: each row of a weight matrix as whole numbers with one scale.

python -m training.stt.export --model FOLDER --output assets/weights/stt    FOLDER: Whisper for CTranslate2
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from ctranslate2.specs import WhisperSpec
from ctranslate2.specs.model_spec import index_spec

from stt import model_folder

# In the order of CTranslate2's enumeration of types.
_TYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)
_PARTS = ("encoder", "decoder")
_FORMAT = 6
"""The version of CTranslate2's binary format that this module reads."""


def variables(file: BinaryIO) -> dict[str, np.ndarray]:
    """The variables of a model.bin by name; two names may share one."""
    version, _, _, count = _number(file), _text(file), _number(file), _number(file)
    if version != _FORMAT:
        raise ValueError(f"model.bin has format {version}; this command reads format {_FORMAT}.")
    found = {}
    for _ in range(count):
        name = _text(file)
        (rank,) = file.read(1)
        shape = [_number(file) for _ in range(rank)]
        (type_id,) = file.read(1)
        content = file.read(_number(file))
        found[name] = np.frombuffer(content, _TYPES[type_id]).reshape(shape)
    for _ in range(_number(file)):
        alias, name = _text(file), _text(file)
        found[alias] = found[name]
    return found


def specification(folder: Path) -> WhisperSpec:
    """The model of a folder, with its vocabulary and configuration."""
    with (folder / model_folder.MODEL).open("rb") as file:
        found = variables(file)
    layers = {part: len(set(re.findall(rf"^{part}/layer_\d+", "\n".join(found), re.MULTILINE))) for part in _PARTS}
    heads = {part: int(found[f"{part}/num_heads"]) for part in _PARTS}
    spec = WhisperSpec(layers["encoder"], heads["encoder"], layers["decoder"], heads["decoder"])
    for name, value in found.items():
        scope, _, key = name.rpartition("/")
        setattr(index_spec(spec, scope), key, value)
    spec.register_vocabulary(json.loads((folder / "vocabulary.json").read_text(encoding="utf-8")))
    for key, value in json.loads((folder / "config.json").read_text(encoding="utf-8")).items():
        setattr(spec.config, key, value)
    return spec


def export(folder: Path, output: Path) -> Path:
    """Writes the int8 folder with a checksum for each file; returns the weights."""
    spec = specification(folder)
    spec.validate()
    # The two convolutions stay in 16 bits: they hold one weight in eighty, and accuracy suffers without.
    for convolution in (spec.encoder.conv1, spec.encoder.conv2):
        del convolution.weight_scale
    spec.optimize("int8")
    output.mkdir(parents=True, exist_ok=True)
    spec.save(str(output))
    shutil.copyfile(folder / "tokenizer.json", output / "tokenizer.json")
    model_folder.write_checksums(output)
    return output / model_folder.MODEL


def _number(file: BinaryIO) -> int:
    return struct.unpack("<I", file.read(4))[0]


def _text(file: BinaryIO) -> str:
    (length,) = struct.unpack("<H", file.read(2))
    return file.read(length)[:-1].decode("utf-8")  # it ends with a zero


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.stt.export", description="Writes Whisper in int8.")
    parser.add_argument("--model", type=Path, required=True, help="folder of Whisper for CTranslate2")
    parser.add_argument("--output", type=Path, required=True, help="folder to write")
    options = parser.parse_args(arguments)
    weights = export(options.model, options.output)
    print(f"{weights}: {weights.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
