"""Haru with freely licensed weights only: what is off is said, and the rest works, also without the other files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from components import recognisers
from components.text import plain
from diary import consents, entries, readings
from inference import shipped
from music import analyse
from ser.members import ENCODER_FILE
from tests.imports import PROJECT
from tests.pages.conftest import Visit
from training.words.free import LICENCE, NAME, VERSION

LEFT_OUT_OF_THE_COPY = {".git", ".venv", ".ci", "data", "runs", "cache", "artefacts", "benchmarks", "screenshots"}


@pytest.fixture
def free(visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Visit]:
    """A visit to a server that was started by `make free`."""
    assert Path(shipped.__file__).is_relative_to(PROJECT), "the copy below tests itself"
    monkeypatch.setenv("HARU_FREE_WEIGHTS", "1")
    monkeypatch.setattr(recognisers, "_loaded", None)  # an earlier page of this process may have loaded all models
    monkeypatch.setattr(recognisers, "_analyst", recognisers.Analyst.load)
    analyse.load.cache_clear()
    return visit


def test_today_says_what_is_not_read_and_keeps_a_day(free: Callable[..., Visit]) -> None:
    there = free()
    for kind in ("voice", "face", "transcript"):
        consents.set_given(there.session, kind, True)
    there.app.run()
    assert there.says(there.t("capture.not_free", sources="Voice, Face"))
    assert not there.says(there.t("capture.missing", sources="Voice, Face"))
    assert "face" not in there.field("parts").options
    there.open("speak")
    assert there.app.audio_input, "speech to text is free"
    there.app.text_area[0].set_value("I am so happy that my sister came to see me").run()
    there.press("analyse.button")
    there.press("entry.save")
    (kept,) = entries.every(there.session)
    assert (kept.mood, kept.source) == ("happiness", "words")
    read = {reading.source: reading for reading in readings.of_entry(there.session, kept.id)}
    assert read["words"].model.startswith(f"{NAME} {VERSION} + prior "), "read with the weights that are free"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_models_and_settings_say_it(free: Callable[..., Visit], language: str) -> None:
    there = free("pages/models.py", language)
    for model in ("voice", "face", "music"):
        there.app.segmented_control(key="model_choice").set_value(model).run()
        there.expect_calm()
        assert there.says(there.t("models.not_free"))
        assert not there.says(there.t("models.not_here"))
    there.app.segmented_control(key="model_choice").set_value("words").run()
    there.expect_calm()
    assert there.says(plain(LICENCE))
    assert not there.says(there.t("models.not_free"))
    there.app.segmented_control(key="model_choice").set_value("transcript").run()
    there.expect_calm()
    assert there.says(there.t("models.transcript_licence"))
    assert not there.says(there.t("models.not_here"))
    there.app.switch_page("pages/settings.py").run()
    there.expect_calm()
    names = ", ".join(there.t(f"source.{source}") for source in ("voice", "face"))
    assert there.says(there.t("capture.not_free", sources=names))


def test_music_plays_and_is_not_analysed(free: Callable[..., Visit]) -> None:
    there = free("pages/music.py")
    there.app.button_group(key="music_section").set_value("own").run()
    there.expect_calm()
    assert there.says(there.t("own.not_free"))
    assert not there.says(there.t("own.means"))


def link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


@pytest.mark.slow
def test_without_the_files_that_are_not_free(tmp_path: Path) -> None:
    """The tests above, in a copy as a distribution would ship it."""
    copy = tmp_path / "haru"
    not_free = {str(file) for file in shipped.not_free_files()}

    def ignored(folder: str, names: list[str]) -> set[str]:
        return {
            name
            for name in names
            if name in LEFT_OUT_OF_THE_COPY or name.startswith("__pycache__") or os.path.join(folder, name) in not_free
        }

    shutil.copytree(PROJECT, copy, ignore=ignored, copy_function=link)
    # Whisper's encoder is free; without the networks over it no voice is read.
    assert {file.name for file in copy.rglob("*.safetensors")} == {"words_free.safetensors", ENCODER_FILE}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/pages/test_free_weights.py"]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*command, "-m", "not slow"], cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "4 passed" in done.stdout
