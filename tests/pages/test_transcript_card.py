"""The Models page on speech to text: measured figures only, of the model that runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import stt.predict
from language import LANGUAGES, say
from settings import SPEECH_MODEL
from stt import figures, model_folder
from stt.figures import Inventions, Speed
from tests.stt import tiny_whisper
from tests.stt.test_figures import RATES

MODELS = "pages/models.py"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of the shipped model."""
    shipped = tmp_path / "stt"
    shipped.mkdir()
    monkeypatch.setattr(stt.predict, "MODEL", shipped)
    return shipped


@pytest.fixture
def measured(folder: Path) -> Path:
    """A model there with figures of all three kinds."""
    tiny_whisper.write(folder)
    model_folder.write_checksums(folder)
    model = " ".join(stt.predict.name_and_version(folder))
    clean = replace(RATES, model=model, by_mood={"neutral": 0.061, "anger": 0.072})
    noise = replace(clean, condition="noise", by_mood={"neutral": 0.131, "anger": 0.142}, plain=None)
    english = replace(clean, name="cremad", unit="words", as_written=0.095, plain=None, by_mood={"sadness": 0.165})
    figures.write_error_rates(folder, [clean, noise, english])
    figures.write_inventions(folder, Inventions(model, "python -m invent", 200, 1, {"rain": [8, 1]}, 70))
    figures.write_speed(folder, Speed(model, "python -m time", 2, 5.0, 0.56, 60.0, 1.84, 12.3, 240.0, 10.0, 1.31))
    return folder


def card(visit: Callable, language: str = "en"):
    at = visit(MODELS, language).app
    at.segmented_control(key="model_choice").set_value("transcript").run()
    assert not at.exception
    return at


def shown(at) -> str:
    kinds = [*at.markdown, *at.caption, *at.info, *at.warning, *at.header, *at.subheader]
    return " ".join([*(element.value for element in kinds), *(each.proto.body for each in at.get("html"))])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_shows_each_figure_as_it_was_measured(visit: Callable, measured: Path, language: str) -> None:
    at = card(visit, language)
    text = shown(at)
    for said in ("8.0%", "7.0%–9.0%", "0.6", "1.8", "12", "240", "python -m measure", "python -m invent"):
        assert said in text, said
    for key, values in {
        "of": {"part": 1, "whole": 200},
        "plain_way": {"rate": "10.0%"},
        "as_written": {"rate": "9.5%"},
        "plain_invented": {"part": 70},
        "plain_speed": {"clip": "5", "seconds": "1.3"},
    }.items():
        assert say(language, f"models.{key}", **values) in text
    for fact in ("what", "data", "licence", "not_for", "limits"):
        assert say(language, f"models.transcript_{fact}") in text
    assert not at.warning
    korean, english = (table.value for table in at.table)
    assert list(korean.columns)[1:] == [say(language, f"models.condition_{name}") for name in ("clean", "noise")]
    assert korean.to_numpy()[:, 1:].tolist() == [["8.0%", "8.0%"], ["6.1%", "13.1%"], ["7.2%", "14.2%"]]
    assert english.to_numpy()[:, 1:].tolist() == [["8.0%"], ["16.5%"]]


def test_without_a_model_and_figures_no_figure_is_shown(visit: Callable, folder: Path) -> None:
    text = shown(card(visit))
    assert say("en", "models.not_here") in text
    assert say("en", "models.not_measured") in text
    about = text.replace(say("en", "models.transcript_data"), "").replace(say("en", "models.transcript_limits"), "")
    assert not re.search(r"<dd>|\d%", re.sub(r"<style>.*?</style>", "", about, flags=re.DOTALL))


def test_figures_of_another_version_say_so(visit: Callable, measured: Path) -> None:
    figures.write_inventions(measured, Inventions("whisper-base 0123abcd", "python -m invent", 200, 0))
    (warning,) = card(visit).warning
    assert "whisper-base 0123abcd" in warning.value


def test_a_model_of_the_operators_own_has_its_own_figures_and_no_licence_of_ours(
    visit: Callable, measured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "larger"
    tiny_whisper.write(own)
    model_folder.write_checksums(own)
    monkeypatch.setenv(SPEECH_MODEL.name, str(own))
    text = shown(card(visit))
    assert say("en", "models.transcript_own", name="larger") in text
    assert say("en", "models.not_measured") in text
    assert say("en", "models.transcript_licence") not in text
    assert say("en", "models.transcript_not_for") in text


def test_the_shipped_figures_are_of_the_shipped_model() -> None:
    if not stt.predict.has_weights():
        pytest.skip("the model of speech to text is not there")
    version = " ".join(stt.predict.name_and_version(stt.predict.MODEL))
    found = figures.read(stt.predict.MODEL)
    parts = [part for part in (*found.error_rates, found.inventions, found.speed) if part]
    assert {part.model for part in parts} <= {version}, "measure anew, with --write"
