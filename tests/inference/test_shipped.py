"""The licences and checksums of what lies in assets/, and what HARU_FREE_WEIGHTS leaves out."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import fer.predict
import ser.predict
import settings
import stt.predict
import words.predict
from inference import shipped
from inference.shipped import NotFreeError
from inference.weights import WeightsError, read_meta
from music import mood_model, plane
from tests.imports import PROJECT
from words import model as words_model

ASSETS = settings.ASSETS
FILES = [file for file in sorted(ASSETS.rglob("*")) if file.is_file() and "__pycache__" not in file.parts]
SAFETENSORS = [file for file in FILES if file.suffix == ".safetensors"]
RECOGNISERS: dict[str, Callable[[], Path]] = {
    "voice": ser.predict.weights_in_use,
    "face": fer.predict.weights_in_use,
    "words": words.predict.weights_in_use,
    "music": mood_model.weights_in_use,
}


def test_every_file_has_one_licence() -> None:
    found = {file: [part for part in shipped.parts() if part.holds(file)] for file in FILES}
    assert len(found) > 150
    assert [str(file) for file, parts in found.items() if len(parts) != 1] == []
    assert all(part.licence and part.made_from for part in shipped.parts())
    assert {part.allows for part in shipped.parts()} == {"free", "non-commercial", "research"}


def test_every_licence_has_a_file() -> None:
    names = {pattern for part in shipped.parts() for pattern in part.files}
    assert [name for name in names if not list(ASSETS.glob(name))] == []


def test_the_weights_themselves_name_the_licence() -> None:
    assert len(SAFETENSORS) >= 10
    for file in SAFETENSORS:
        part = shipped.part_of(file)
        assert part is not None
        assert part.starts_from, "what the training started from"
        assert read_meta(file)["licence"] == part.licence, file
        restricted = any(word in part.licence for word in ("research", "non-commercial"))
        assert part.is_free is not restricted, file


def test_the_document_has_the_table() -> None:
    document = (PROJECT / "docs" / "licences.md").read_text(encoding="utf-8")
    assert f"\n{shipped.table()}\n" in document


def test_the_checksums_are_of_all_weights() -> None:
    sums = shipped.checksums()
    weights = [file for file in FILES if file.suffix in (".safetensors", ".onnx", ".bin")]
    assert set(weights) <= set(sums)
    assert words_model.tokenizer_file(words_model.WEIGHTS) in sums
    assert shipped.changed_or_missing() == []
    subprocess.run(["sha256sum", "--check", "--quiet", shipped.SUMS.name], cwd=shipped.SUMS.parent, check=True)


def test_each_model_has_version_licence_and_checksum() -> None:
    found = {each.file.stem: each for each in shipped.weights()}
    assert found["words"].version == "haru-words 2.1.0"
    assert found["model"].version == "Whisper base"
    assert {name for name, each in found.items() if each.is_free} >= {"face_detection_yunet_2023mar", "model"}
    assert all(each.licence and len(each.sha256) == 64 and each.state == "ok" for each in found.values())


def test_a_changed_or_missing_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "assets" / "weights"
    (folder / "stt").mkdir(parents=True)
    (folder / "stt" / "model.bin").write_bytes(b"one")
    monkeypatch.setattr(settings, "ASSETS", tmp_path / "assets")
    monkeypatch.setattr(shipped, "SUMS", folder / "SHA256SUMS")
    shipped.write_checksums()
    assert shipped.changed_or_missing() == []
    (folder / "stt" / "model.bin").write_bytes(b"other")
    assert shipped.changed_or_missing() == [folder / "stt" / "model.bin"]
    assert [each.state for each in shipped.weights()] == ["changed"]
    (folder / "stt" / "model.bin").unlink()
    assert [each.state for each in shipped.weights()] == ["missing"]
    monkeypatch.setenv("HARU_FREE_WEIGHTS", "1")
    assert shipped.changed_or_missing() == [folder / "stt" / "model.bin"], "it is free, so it should be there"


def test_a_distribution_may_lack_what_is_not_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "assets" / "weights"
    folder.mkdir(parents=True)
    monkeypatch.setattr(settings, "ASSETS", tmp_path / "assets")
    monkeypatch.setattr(shipped, "SUMS", folder / "SHA256SUMS")
    shipped.SUMS.write_text(f"{'0' * 64}  music/moods.safetensors\n", encoding="utf-8")
    assert shipped.changed_or_missing() == [folder / "music" / "moods.safetensors"]
    monkeypatch.setenv("HARU_FREE_WEIGHTS", "1")
    assert shipped.changed_or_missing() == []


@pytest.mark.parametrize("name", RECOGNISERS)
def test_free_weights_only(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert RECOGNISERS[name]().exists()
    assert not shipped.leaves_out(RECOGNISERS[name])
    monkeypatch.setenv("HARU_FREE_WEIGHTS", "1")
    if name == "words":
        assert words.predict.weights_in_use() == words_model.FREE_WEIGHTS
        return
    with pytest.raises(NotFreeError, match="HARU_FREE_WEIGHTS"):
        RECOGNISERS[name]()
    assert shipped.leaves_out(RECOGNISERS[name])


def test_speech_to_text_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_FREE_WEIGHTS", "1")
    assert shipped.may_use(stt.predict.MODEL)
    assert stt.predict.has_weights()


def test_a_plane_is_left_out_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert plane.load().version.startswith("music_plane")
    monkeypatch.setenv("HARU_FREE_WEIGHTS", "1")
    with pytest.raises(NotFreeError):
        plane.load()


def test_the_operators_own_weights_are_always_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.safetensors"
    monkeypatch.setattr(words.predict, "own_weights", lambda sense: own)
    monkeypatch.setenv("HARU_FREE_WEIGHTS", "1")
    assert words.predict.weights_in_use() == own


def test_free_words_are_used_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bound, free = tmp_path / "words.safetensors", tmp_path / "words_free.safetensors"
    monkeypatch.setattr(shipped, "is_free", lambda path: path == free)
    free.touch()
    assert shipped.usable(bound, free) == free, "the better ones are not there"
    bound.touch()
    assert shipped.usable(bound, free) == bound
    monkeypatch.setenv("HARU_FREE_WEIGHTS", "1")
    assert shipped.usable(bound, free) == free
    free.unlink()
    assert shipped.usable(bound, free) == free, "the error names the file that is missing"


def test_what_a_distribution_leaves_out() -> None:
    files = shipped.not_free_files()
    assert {file.suffix for file in files} == {".safetensors", ".json"}
    assert all(file.is_relative_to(ASSETS / "weights") for file in files)
    assert {file.parent.name for file in files} == {"ser", "fer", "words", "music"}


def test_weights_that_are_damaged_are_not_left_out() -> None:
    def damaged() -> Path:
        raise WeightsError("damaged")

    assert not shipped.leaves_out(damaged)
