"""`HARU_WEIGHTS`: the operator's own weights, used only where they are whole and of a known kind."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from inference import weights
from inference.custom_weights import own_settings, own_weights
from inference.model_card import check_seal, write_card
from inference.weights import WeightsError
from ser import members, predict
from training.voice import student
from training.voice.train import MEL
from understanding import analyst


def own_voice(folder: Path, name: str = "voice", **changes: object) -> Path:
    ear = members.mel_ear(student.new_model("convnext_atto"), MEL, np.zeros(80), np.ones(80), "none", sense="voice")
    file = folder / f"{name}.safetensors"
    members.save(ear, file, **changes)
    write_card(file, "A voice", {"What it is": "untrained"})
    return file


def test_without_the_setting_the_shipped_ones_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARU_WEIGHTS", raising=False)
    assert own_weights("voice") is None
    assert predict.weights_in_use() == predict.WEIGHTS


@pytest.mark.parametrize("as_folder", [True, False])
def test_the_app_uses_what_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_folder: bool) -> None:
    file = own_voice(tmp_path)
    monkeypatch.setenv("HARU_WEIGHTS", str(tmp_path if as_folder else file))
    assert predict.load().members[0].meta["name"] == "convnext_atto"
    assert "voice" in analyst.in_place()
    assert own_weights("face") is None


def test_several_places_and_a_folder_with_fusion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    file = own_voice(tmp_path / "two")
    (tmp_path / "one" / "fusion.json").write_text("{}")
    monkeypatch.setenv("HARU_WEIGHTS", os.pathsep.join([str(tmp_path / "one"), str(file)]))
    assert own_weights("voice") == file
    assert own_settings("fusion.json") == tmp_path / "one" / "fusion.json"


def test_changed_weights_are_refused_and_nothing_falls_back_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = own_voice(tmp_path)
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    monkeypatch.setenv("HARU_WEIGHTS", str(file))
    with pytest.raises(WeightsError, match="not the file that"):
        predict.load()
    assert "voice" not in analyst.in_place()
    assert {"face", "words"} <= analyst.in_place()


def test_weights_without_their_checksum_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = own_voice(tmp_path)
    (tmp_path / "voice.safetensors.sha256").unlink()
    monkeypatch.setenv("HARU_WEIGHTS", str(file))
    with pytest.raises(WeightsError, match=r"copy voice\.safetensors\.sha256 along"):
        own_weights("voice")


def test_labels_that_no_ear_knows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = own_voice(tmp_path, labels=["happiness", "boredom"])
    monkeypatch.setenv("HARU_WEIGHTS", str(file))
    with pytest.raises(WeightsError, match="no ear of this version"):
        predict.load()


def test_two_for_one_sense_and_other_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_voice(tmp_path)
    own_voice(tmp_path, "other")
    monkeypatch.setenv("HARU_WEIGHTS", str(tmp_path))
    with pytest.raises(WeightsError, match="two weights for voice"):
        own_weights("voice")
    monkeypatch.setenv("HARU_WEIGHTS", str(tmp_path / "voice.pt"))
    with pytest.raises(WeightsError, match="neither weights nor a folder"):
        own_weights("voice")
    monkeypatch.setenv("HARU_WEIGHTS", str(tmp_path / "gone.safetensors"))
    with pytest.raises(WeightsError, match="no weights at"):
        own_weights("voice")
    cut_off = tmp_path / "cut_off.safetensors"
    cut_off.write_bytes((tmp_path / "voice.safetensors").read_bytes()[:-9])
    monkeypatch.setenv("HARU_WEIGHTS", str(cut_off))
    with pytest.raises(WeightsError, match="copy it and its checksum again"):
        own_weights("voice")
    nameless = tmp_path / "nameless.safetensors"
    state, meta = weights.load(tmp_path / "voice.safetensors")
    meta.pop("sense")
    weights.save(nameless, state, meta)
    write_card(nameless, "x", {})
    monkeypatch.setenv("HARU_WEIGHTS", str(nameless))
    with pytest.raises(WeightsError, match="does not say what it is for"):
        own_weights("voice")


def test_a_card_says_what_it_was_told_and_how_to_use_it(tmp_path: Path) -> None:
    file = tmp_path / "w.safetensors"
    file.write_bytes(b"weights")
    card = write_card(file, "A title", {"Cautions": "- beware"}).read_text(encoding="utf-8")
    assert card.startswith("# A title\n\n## Cautions\n\n- beware")
    assert f"HARU_WEIGHTS={file}" in card
    check_seal(file)
