"""The tiny Whisper does what other tests rely on, through faster-whisper as it is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from faster_whisper import WhisperModel

from tests.stt import tiny_whisper
from tests.stt.tiny_whisper import WORD_SECONDS

SOUND = np.random.default_rng(0).normal(0, 0.1, 16_000 * 10).astype(np.float32)


def opened(folder: Path, compute_type: str = "int8") -> WhisperModel:
    return WhisperModel(str(folder), device="cpu", compute_type=compute_type)


def written(model: WhisperModel, sound: np.ndarray = SOUND, **options):
    segments, _ = model.transcribe(sound, language="ko", word_timestamps=True, **options)
    return list(segments)


@pytest.mark.parametrize("compute_type", ["int8", "default"])
def test_it_writes_its_words_down_with_their_times(tmp_path: Path, compute_type: str):
    model = opened(tiny_whisper.write(tmp_path / "model"), compute_type)
    (segment,) = written(model)
    assert segment.text == " 오늘은 좋았어"
    assert segment.temperature == 0.0, "the first decoding must do"
    assert [word.word for word in segment.words] == [" 오늘은", " 좋았어"]
    assert [(word.start, word.end) for word in segment.words] == [
        (pytest.approx(number * WORD_SECONDS), pytest.approx((number + 1) * WORD_SECONDS)) for number in (0, 1)
    ]
    assert all(word.probability > 0.95 for word in segment.words)
    assert model.supported_languages != ["en"]


@pytest.mark.parametrize("options", [{}, {"beam_size": 1, "temperature": 0.0}, {"without_timestamps": True}])
def test_a_long_text_with_repeated_words_comes_out_whole(tmp_path: Path, options: dict):
    # Words that differ much: faster-whisper decodes a text again that repeats itself.
    words = [
        "정말",
        "정말",
        "정말",
        *(f"{chr(0xAC00 + 271 * number)}{chr(0xAC00 + 97 * number)}" for number in range(40)),
    ]
    (segment,) = written(opened(tiny_whisper.write(tmp_path / "model", words)), np.tile(SOUND, 2), **options)
    assert segment.text.split() == words
    assert segment.temperature == 0.0
    assert [word.word.strip() for word in segment.words] == words


def test_sentences_have_a_pause_between_them(tmp_path: Path):
    folder = tiny_whisper.write(tmp_path / "model", ("하나", "둘", "셋", "넷"), pauses={2: 3.0})
    first, second = written(opened(folder))
    assert (first.text, second.text) == (" 하나 둘", " 셋 넷")
    assert second.start - first.end == pytest.approx(3.0, abs=0.5)


def test_the_sound_decides_the_number_of_windows(tmp_path: Path):
    model = opened(tiny_whisper.write(tmp_path / "model"))
    segments = written(model, np.tile(SOUND, 7), condition_on_previous_text=True)
    assert [round(segment.start) for segment in segments] == [0, 30, 60]


@pytest.mark.parametrize(("language", "probability"), [("ko", 0.98), ("en", 0.6), ("de", 0.3)])
def test_detection_finds_the_language_with_its_probability(tmp_path: Path, language: str, probability: float):
    folder = tiny_whisper.write(tmp_path / "model", language=language, language_probability=probability)
    found, found_probability, every = opened(folder).detect_language(SOUND)
    assert (found, found_probability) == (language, pytest.approx(probability, abs=0.03))
    assert len(every) == 99


@pytest.mark.parametrize("no_speech", [0.01, 0.5, 0.95])
def test_the_probability_that_nobody_speaks(tmp_path: Path, no_speech: float):
    (segment,) = written(opened(tiny_whisper.write(tmp_path / "model", no_speech=no_speech)))
    assert segment.no_speech_prob == pytest.approx(no_speech, abs=0.03)


def test_words_may_be_unsure(tmp_path: Path):
    folder = tiny_whisper.write(
        tmp_path / "model", ("하나", "둘", "셋", "넷"), probabilities={1: 0.4, 2: 0.25}, pauses={2: 1.0}
    )
    for options in ({}, {"beam_size": 1, "temperature": 0.0}):
        segments = written(opened(folder), **options)
        assert {segment.temperature for segment in segments} == {0.0}, "the first decoding must do"
        words = [word for segment in segments for word in segment.words]
        assert [word.word for word in words] == [" 하나", " 둘", " 셋", " 넷"]
        assert words[0].probability > 0.95
        assert words[1].probability == pytest.approx(0.4, abs=0.05)
        assert words[2].probability == pytest.approx(0.25, abs=0.05)
        assert words[3].probability > 0.95


def test_without_words_it_writes_nothing(tmp_path: Path):
    assert written(opened(tiny_whisper.write(tmp_path / "model", ()))) == []


def test_two_calls_write_the_same_files(tmp_path: Path):
    first, second = (tiny_whisper.write(tmp_path / name) for name in ("first", "second"))
    names = ["config.json", "model.bin", "tokenizer.json", "vocabulary.json"]
    assert sorted(file.name for file in first.iterdir()) == names
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in names)
    assert sum(file.stat().st_size for file in first.iterdir()) < 4_000_000
