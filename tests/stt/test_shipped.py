"""The shipped model on real clips whose sentences are known, and on what is no speech."""

import subprocess
import sys

import numpy as np
import pytest

import settings
from reading import Refusal
from stt import model_folder, predict
from stt.speech import SAMPLE_RATE
from tests.data_folders import require_data

CLIPS = {
    "korean/neb00102.opus": ("ko", "경치 좋고, 음식도 맛있고, 이번 여행은 대만족이야."),
    "korean/nee00201.opus": ("ko", "너한테 그 말을 들으니까 정말 마음이 아프다."),
    "korean/nee00302.opus": ("ko", "시험이 코앞인데 공부는 안 하고 놀기만 할 거니?"),
    "cremad/1068_IWL_HAP_XX.opus": ("en", "I would like a new alarm clock."),
    "cremad/1057_MTI_SAD_XX.opus": ("en", "Maybe tomorrow it will be cold."),
    "ravdess/03-01-01-01-01-01-01.opus": ("en", "Kids are talking by the door"),
}


def letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


@pytest.fixture(scope="module")
def shipped():
    transcriber = predict.load(predict.MODEL)
    yield transcriber
    transcriber.unload()


def test_the_folder_is_whole_and_small():
    model_folder.check(predict.MODEL)
    assert (predict.MODEL / model_folder.MODEL).stat().st_size <= 80e6


@pytest.mark.parametrize("path", CLIPS)
def test_known_sentences_are_written_to_the_letter(shipped, path):
    language, said = CLIPS[path]
    found = shipped.transcribe(require_data("speech") / path)
    assert found.language == language
    assert letters(found.text) == letters(said)
    times = [time for word in found.words for time in (word.start, word.end)]
    assert 0 <= times[0] <= times[-1] <= found.seconds + 0.1
    assert found.probability > 0.6


def test_german_is_named_and_written_down_when_asked_for(shipped):
    clip = next(iter(sorted((require_data("speech") / "emodb").iterdir())))
    with pytest.raises(Refusal) as refusal:
        shipped.transcribe(clip)
    assert (refusal.value.code, refusal.value.details["language"]) == ("other_language", "de")
    assert shipped.transcribe(clip, ["de"]).text


@pytest.mark.parametrize("seconds", [5, 15 * 60])
def test_silence_gives_no_words(shipped, seconds):
    with pytest.raises(Refusal) as refusal:
        shipped.transcribe(np.zeros(seconds * SAMPLE_RATE, np.float32))
    assert refusal.value.code == "no_words"


def test_the_command_line_works_with_the_shipped_model():
    path, (_, said) = next(iter(CLIPS.items()))
    file = require_data("speech") / path
    command = [sys.executable, "-m", "stt.predict", str(file)]
    done = subprocess.run(command, cwd=settings.PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert letters(said) in letters(done.stdout)
