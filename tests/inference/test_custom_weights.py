"""`HARU_WEIGHTS`: the operator's own weights, used only if they are complete and of a known kind."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from fer.ensemble import Mix
from fer.model import FaceMember, save_member
from inference import weights
from inference.custom_weights import own_settings, own_weights
from inference.model_card import verify_checksum, write_card, write_checksum
from inference.weights import WeightsError
from ser import members, predict
from tests.fer.conftest import tiny
from tests.words.conftest import tiny_model
from training.voice import student
from training.voice.training_data import MEL
from understanding import analyst
from words.model import save as save_words

__all__ = ["tiny"]


def own_voice(folder: Path, name: str = "voice", **changes: object) -> Path:
    member = members.mel_member(
        student.new_model("convnext_atto"), MEL, np.zeros(80), np.ones(80), "none", sense="voice"
    )
    file = folder / f"{name}.safetensors"
    members.save(member, file, **changes)
    write_card(file, "A voice", {"What it is": "untrained"})
    return file


def own_face(folder: Path, tiny: str) -> Path:
    file = folder / "face.safetensors"
    mix = Mix({tiny: 1.0}, {tiny: 1.0}, 1.0, (0.0,) * 8)
    facts = {"name": "face-tiny", "version": "own", "training_data": ["none"], "licence": "none", "sense": "face"}
    save_member(FaceMember(tiny, 8), file, {**facts, "mix": mix.as_dict(), "margin": 0.1})
    write_checksum(file)
    return file


def own_words(folder: Path) -> Path:
    model = tiny_model()
    model.meta["sense"] = "words"
    file = folder / "words.safetensors"
    save_words(model, file)
    write_checksum(file)
    return file


def test_without_the_setting_the_shipped_ones_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARU_WEIGHTS", raising=False)
    for source, module in analyst.MODULES.items():
        assert own_weights(source) is None
        assert module.weights_in_use() == module.WEIGHTS


def test_the_setting_reaches_every_recogniser(tmp_path: Path, tiny: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"voice": own_voice(tmp_path), "face": own_face(tmp_path, tiny), "words": own_words(tmp_path)}
    monkeypatch.setenv("HARU_WEIGHTS", str(tmp_path))
    assert {source: module.weights_in_use() for source, module in analyst.MODULES.items()} == files
    names = {source: module.load().name for source, module in analyst.MODULES.items()}
    assert names == {"voice": "convnext_atto", "face": "face-tiny", "words": "tiny"}
    assert analyst.in_place() == set(analyst.MODULES)


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


def test_labels_that_no_member_knows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = own_voice(tmp_path, labels=["happiness", "boredom"])
    monkeypatch.setenv("HARU_WEIGHTS", str(file))
    with pytest.raises(WeightsError, match="this version cannot use"):
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
    verify_checksum(file)


def test_an_empty_folder_holds_no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARU_WEIGHTS", raising=False)
    for module in analyst.MODULES.values():
        monkeypatch.setattr(module, "WEIGHTS", tmp_path)
    assert analyst.in_place() == frozenset()
