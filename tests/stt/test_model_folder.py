"""Every kind of model folder that cannot be used is refused with one sentence that says what to do."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from faster_whisper import WhisperModel

import settings
from inference.weights import WeightsError
from stt import model_folder
from tests.stt import tiny_whisper


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written = tiny_whisper.write(tmp_path / "model")
    model_folder.write_checksums(written)
    return written


def refused(folder: Path) -> str:
    with pytest.raises(WeightsError) as raised:
        model_folder.check(folder)
    sentence = str(raised.value)
    assert str(folder) in sentence
    assert "\n" not in sentence
    return sentence


def rewrite(file: Path, change: Callable[[bytes], bytes]) -> None:
    """Changes a file, its checksum included."""
    file.write_bytes(change(file.read_bytes()))
    model_folder.write_checksums(file.parent)


def header(version: int, name: str, revision: int) -> bytes:
    return struct.pack("<IH", version, len(name) + 1) + name.encode() + b"\0" + struct.pack("<I", revision)


def as_text(folder: Path, tokens: list[str]) -> None:
    """The vocabulary as the models of 2023 have it, which `haru-admin speech small` fetches."""
    (folder / "vocabulary.json").unlink()
    (folder / "vocabulary.json.sha256").unlink()
    (folder / "vocabulary.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    model_folder.write_checksums(folder)


def tokens_of(folder: Path) -> list[str]:
    return json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))


def test_a_whole_folder_is_accepted(folder: Path) -> None:
    model_folder.check(folder)
    as_text(folder, tokens_of(folder))
    model_folder.check(folder)
    assert WhisperModel(str(folder), device="cpu").model.is_multilingual


def test_the_folder_is_missing(tmp_path: Path) -> None:
    assert "There is no speech model" in refused(tmp_path / "nowhere")
    (tmp_path / "file").write_text("not a folder")
    assert "There is no speech model" in refused(tmp_path / "file")


@pytest.mark.parametrize("name", ["config.json", "model.bin", "tokenizer.json", "vocabulary.json"])
def test_a_file_is_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert f"lacks {name};" in refused(folder)


@pytest.mark.parametrize("name", ["config.json", "model.bin", "tokenizer.json", "vocabulary.json"])
@pytest.mark.parametrize("change", [lambda content: content[:-1], lambda content: content[:-1] + b"?"])
def test_a_file_is_damaged(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    model_folder.check(folder)
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    sentence = refused(folder)
    assert f"{name} is damaged" in sentence
    assert "copy the whole folder again" in sentence


def test_a_file_without_checksum_gets_a_command_that_writes_it(folder: Path) -> None:
    (folder / "tokenizer.json.sha256").unlink()
    sentence = refused(folder)
    assert "no checksum for tokenizer.json" in sentence
    assert "for file in tokenizer.json; do sha256sum $file > $file.sha256; done" in sentence


@pytest.mark.parametrize(
    "start", [b"", b"\x80\x02", b"PK\x03\x04" * 40, b"\xff" * 200, header(6, "TransformerSpec", 7)]
)
def test_the_folder_is_no_whisper_for_ctranslate2(folder: Path, start: bytes) -> None:
    rewrite(folder / "model.bin", lambda content: start)
    assert "is no Whisper model for CTranslate2" in refused(folder)
    (folder / "model.bin.sha256").unlink()
    assert "is no Whisper model for CTranslate2" in refused(folder), "checksums would not help"


@pytest.mark.parametrize(
    ("version", "revision", "is_refused"), [(7, 3, True), (6, 4, True), (6, 3, False), (5, 2, False)]
)
def test_the_model_is_of_another_version(folder: Path, version: int, revision: int, is_refused: bool) -> None:
    rewrite(folder / "model.bin", lambda content: header(version, "WhisperSpec", revision) + content[22:])
    if is_refused:
        assert f"newer CTranslate2 (format {version}.{revision})" in refused(folder)
        with pytest.raises(RuntimeError, match="later version"):
            WhisperModel(str(folder), device="cpu")
    else:
        model_folder.check(folder)


@pytest.mark.parametrize("has_text_file", [False, True])
def test_the_model_knows_english_only(folder: Path, has_text_file: bool) -> None:
    tokens = ["<none>" if token == "" else token for token in tokens_of(folder)]
    if has_text_file:
        as_text(folder, tokens)
    else:
        rewrite(folder / "vocabulary.json", lambda content: json.dumps(tokens).encode())
    assert not WhisperModel(str(folder), device="cpu").model.is_multilingual
    assert "knows English only" in refused(folder)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"7", b"\xff\xfe", b'["a", "b"]'])
def test_the_vocabulary_is_not_whispers(folder: Path, content: bytes) -> None:
    rewrite(folder / "vocabulary.json", lambda _: content)
    assert "has no vocabulary of Whisper" in refused(folder)


def test_large_v3_needs_its_configuration_of_mel_bands(folder: Path) -> None:
    rewrite(folder / "vocabulary.json", lambda content: json.dumps([*json.loads(content), "<|30.02|>"]).encode())
    assert "lacks preprocessor_config.json" in refused(folder)
    (folder / "preprocessor_config.json").write_text('{"feature_size": 128}')
    model_folder.write_checksums(folder)
    model_folder.check(folder)
    (folder / "preprocessor_config.json").write_text('{"feature_size": 80}')
    assert "preprocessor_config.json is damaged" in refused(folder)


def test_the_sentence_says_what_to_do_for_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_DATA", str(tmp_path))
    assert "run `haru-admin speech medium`" in refused(settings.speech_model_folder("medium"))
    assert "git checkout -- assets/weights/none" in refused(settings.ASSETS / "weights" / "none")
