"""Fixtures: a tiny Whisper encoder, and 24 made-up clips with their cache, made once."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from ser.transformer import WhisperEncoder
from tests.ser.conftest import make_voice, wav_bytes
from training.voice import cache
from training.voice.training_data import TrainingData

HEADER = "path,corpus,language,label,original_label,speaker,gender,intensity,text"


@pytest.fixture(scope="package")
def encoder_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    file = tmp_path_factory.mktemp("encoder") / "tiny.safetensors"
    save_file(WhisperEncoder(width=64, layers=6, heads=1).state_dict(), file)
    return file


@pytest.fixture(scope="package")
def data(tmp_path_factory: pytest.TempPathFactory, encoder_file: Path) -> TrainingData:
    """24 clips in two corpora of two speakers each: angry voices are high, sad ones low."""
    root, folder = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("cache")
    rows = [HEADER]
    for corpus, names in (("nemo", ("EB0", "IC0")), ("emodb", ("03", "08"))):
        for number, name in enumerate(names):
            for label, pitch in (("anger", 260), ("sadness", 110)):
                for take in range(3):
                    path = f"{corpus}-{name}-{label}-{take}.wav"
                    (root / path).write_bytes(wav_bytes(make_voice(0.8, pitch + 20 * number, seed=take)))
                    rows.append(f"{path},{corpus},xx,{label},{label},{corpus}-{name},female,,x")
    (root / "labels.csv").write_text("\n".join(rows))
    for number in range(2):
        cache.make_copy(folder, root, encoder_file, number)
    return TrainingData(folder, root, 2)
