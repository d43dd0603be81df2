"""The speech that the benchmarks of speed write down."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import soundfile

from benchmarks import speech_clips
from tests.ser.conftest import RATE, make_voice


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = ["path,corpus,language,label,speaker,text"]
    for speaker, seconds in (("a", 3.0), ("a", 4.8), ("a", 7.0), ("b", 5.0)):
        name = f"{speaker}{seconds}.wav"
        rows.append(f"{name},korean,ko,neutral,{speaker},안녕")
        soundfile.write(tmp_path / name, make_voice(seconds), RATE)
    (tmp_path / "labels.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def seconds_of(wav: bytes) -> float:
    return soundfile.info(io.BytesIO(wav)).duration


def test_the_short_clip_is_nearest_to_five_seconds_and_the_long_one_is_a_minute_of_one_person(data: Path) -> None:
    speech = speech_clips.speech(data)
    assert seconds_of(speech.short) == pytest.approx(speech.short_seconds) == pytest.approx(4.8, abs=0.01)
    assert seconds_of(speech.long) == pytest.approx(speech.long_seconds) == pytest.approx(60)
    assert speech.source == "korean, a"


def test_without_a_folder_a_generated_voice_is_taken() -> None:
    speech = speech_clips.speech(None)
    assert speech.source == "a generated voice"
    assert seconds_of(speech.long) == pytest.approx(60)


def test_a_folder_without_clips_is_a_clear_sentence(data: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"no labels\.csv; name the folder"):
        speech_clips.speech(tmp_path / "missing")
    with pytest.raises(SystemExit, match="names no clip of the corpus emogator"):
        speech_clips.labelled(data, "emogator")
