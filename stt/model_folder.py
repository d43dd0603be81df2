"""The files of a Whisper model for CTranslate2, and whether Haru can use them.

Each file has its checksum beside it, as all weights of the operator have.
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import BinaryIO

import settings
from inference import model_card
from inference.weights import WeightsError

MODEL = "model.bin"
NEEDED = (MODEL, "config.json", "tokenizer.json")
"""Without tokenizer.json, faster-whisper would fetch one from the network."""
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
"""One of them: converters of different years write different ones."""
OPTIONAL = ("preprocessor_config.json",)

_LARGE_V3_TOKENS = 51866
"""Whisper large-v3 and its descendants have one language more, and more mel bands than the other models."""


def check(folder: Path) -> None:
    """Raises `WeightsError` unless the folder is a complete, undamaged, multilingual Whisper of a known format."""
    if not folder.is_dir():
        raise WeightsError(f"There is no speech model at {folder}; {_remedy(folder)}.")
    present = files(folder)
    missing = [name for name in NEEDED if folder / name not in present]
    if not any(folder / name in present for name in VOCABULARIES):
        missing.append(VOCABULARIES[0])
    if missing:
        raise WeightsError(f"The speech model {folder} lacks {', '.join(missing)}; {_remedy(folder)}.")
    unproven = [file.name for file in present if not model_card.checksum_file(file).is_file()]
    if not unproven:
        _verify(present)
    _check_format(folder)
    _check_vocabulary(folder)
    if unproven:  # said last: for a folder that cannot be used, nobody needs to write checksums
        raise WeightsError(
            f"The speech model {folder} has no checksum for {', '.join(unproven)}; copy them along, or write them in "
            f"that folder: for file in {' '.join(unproven)}; do sha256sum $file > $file.sha256; done"
        )


def files(folder: Path) -> list[Path]:
    """The files of the model that are there, without their checksums."""
    return [folder / name for name in (*NEEDED, *VOCABULARIES, *OPTIONAL) if (folder / name).is_file()]


def write_checksums(folder: Path) -> None:
    """Writes FILE.sha256 beside every file of the model."""
    for file in files(folder):
        model_card.write_checksum(file)


def _verify(present: list[Path]) -> None:
    for file in present:
        try:
            model_card.verify_checksum(file)
        except WeightsError as error:
            raise WeightsError(f"The speech model's {file} is damaged; {_remedy(file.parent)}.") from error


def _check_format(folder: Path) -> None:
    # The import loads CTranslate2, and a Haru without recordings does without it.
    from ctranslate2.specs import WhisperSpec
    from ctranslate2.specs.model_spec import CURRENT_BINARY_VERSION

    with (folder / MODEL).open("rb") as file:
        try:
            version, name, revision = _number(file), _text(file), _number(file)
        except (struct.error, UnicodeDecodeError):
            version, name, revision = 0, "", 0
    newest = WhisperSpec(1, 1, 1, 1)
    if name != newest.name:
        raise WeightsError(f"{folder} is no Whisper model for CTranslate2; name a folder that is one.")
    if version > CURRENT_BINARY_VERSION or revision > newest.revision:
        raise WeightsError(
            f"The speech model {folder} was written by a newer CTranslate2 (format {version}.{revision}) than Haru has "
            f"(format {CURRENT_BINARY_VERSION}.{newest.revision}); convert it with the version in requirements.txt."
        )


def _check_vocabulary(folder: Path) -> None:
    try:
        tokens = _tokens(folder)
        is_whisper = "<|transcribe|>" in tokens
    except (ValueError, TypeError):
        is_whisper, tokens = False, []
    if not is_whisper:
        raise WeightsError(f"{folder} has no vocabulary of Whisper; name a folder with a whole model.")
    if "" not in tokens:  # CTranslate2 tells by the empty token too
        raise WeightsError(f"The speech model {folder} knows English only; use a multilingual Whisper.")
    if len(tokens) >= _LARGE_V3_TOKENS and not (folder / OPTIONAL[0]).is_file():
        raise WeightsError(f"The speech model {folder} lacks {OPTIONAL[0]}, which large-v3 needs; {_remedy(folder)}.")


def _tokens(folder: Path) -> list[str]:
    file = next(folder / name for name in VOCABULARIES if (folder / name).is_file())
    text = file.read_text(encoding="utf-8")
    return json.loads(text) if file.suffix == ".json" else text.removesuffix("\n").split("\n")


def _remedy(folder: Path) -> str:
    for name in settings.SPEECH_MODELS:
        if folder == settings.speech_model_folder(name):
            return f"run `haru-admin speech {name}`"
    if folder.is_relative_to(settings.ASSETS):
        return f"restore it with `git checkout -- {folder.relative_to(settings.PROJECT)}`"
    return "copy the whole folder again"


def _number(file: BinaryIO) -> int:
    return struct.unpack("<I", file.read(4))[0]


def _text(file: BinaryIO) -> str:
    (length,) = struct.unpack("<H", file.read(2))
    return file.read(length)[:-1].decode("utf-8")  # it ends with a zero
