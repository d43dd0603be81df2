"""The ranges of most people, from clips that the test makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ser.describe import VoiceDescription
from tests.ser.conftest import make_voice, wav_bytes
from training.voice.corpora import Clip
from training.voice.usual_voices import main, measure, neutral_speech


def clip(speaker: str, gender: str = "female", label: str = "neutral", language: str = "ko") -> Clip:
    return Clip(f"{speaker}.wav", "made", language, label, speaker, gender, "")


def voice(pitch: float = 200.0, syllables: float = 4.0) -> VoiceDescription:
    return VoiceDescription(-20.0, syllables, pitch, 6.0)


def test_only_neutral_sentences_count() -> None:
    clips = [clip("a"), clip("b", label="calm"), clip("c", label="anger"), clip("d", language="none")]
    assert [each.speaker for each in neutral_speech(clips)] == ["a", "b"]


def test_every_speaker_counts_alike() -> None:
    """One speaker with a thousand slow clips must not move the range of ten others."""
    others = [(clip(f"s{number}"), voice(syllables=5 + number / 10)) for number in range(10)]
    men = [(clip("man", "male"), voice(pitch=110, syllables=5.5))]
    many = [(clip("slow"), voice(syllables=2.0))] * 1000
    low, high = measure([*others, *men, *many])["ranges"]["syllables"]  # type: ignore[index]
    assert low > 4.5
    assert high < 6.0


def test_the_pitch_reaches_from_low_men_to_high_women() -> None:
    men = [(clip(f"m{number}", "male"), voice(pitch=100 + 5 * number)) for number in range(11)]
    women = [(clip(f"w{number}"), voice(pitch=180 + 5 * number)) for number in range(11)]
    low, high = measure([*men, *women])["ranges"]["pitch_hz"]  # type: ignore[index]
    assert 100 < low < 115
    assert 215 < high < 230


def test_the_command_writes_what_the_app_reads(tmp_path: Path) -> None:
    rows = ["path,corpus,language,label,original_label,speaker,gender,intensity,text"]
    for speaker, gender, pitch in (("one", "male", 120), ("two", "female", 210)):
        for take in range(2):
            (tmp_path / f"{speaker}{take}.wav").write_bytes(wav_bytes(make_voice(1.5, pitch, seed=take)))
            rows.append(f"{speaker}{take}.wav,made,ko,neutral,neutral,{speaker},{gender},,x")
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    main(["--data", str(tmp_path), "--out", str(tmp_path / "usual.json")])
    found = json.loads((tmp_path / "usual.json").read_text())
    assert (found["clips"], found["people"], found["corpora"]) == (4, 2, {"made": 4})
    low, high = found["ranges"]["pitch_hz"]
    assert low == pytest.approx(120, rel=0.1)
    assert high == pytest.approx(210, rel=0.1)
