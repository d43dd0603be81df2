"""The READMEs' table of accuracy holds the rounded figures that the measuring commands wrote."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import stt.figures
from inference import measured
from inference.measured import Measured

PROJECT = Path(__file__).parent.parent
WEIGHTS = PROJECT / "assets" / "weights"
READMES = ["README.md", "README.ko.md"]


def row(readme: str, card: str) -> str:
    lines = (PROJECT / readme).read_text(encoding="utf-8").splitlines()
    (found,) = [line for line in lines if line.startswith("|") and f"`{card}`" in line]
    return found


def of(folder: str) -> dict[str, Measured]:
    return {found.name: found for found in measured.read(WEIGHTS / folder)}


def decimal(value: float) -> str:
    return f"{value:.2f}".lstrip("0")


@pytest.mark.parametrize("readme", READMES)
def test_the_words_are_as_good_as_it_says(readme: str) -> None:
    said, sets = row(readme, "words/MODEL_CARD.md"), of("words")
    for language in ("en", "ko"):
        assert decimal(sets[f"comments_{language}"].macro_f1.value) in said
    assert f"{sets['diary_lines'].accuracy.value:.0%}".replace("%", " %") in said
    for part in ("isear", "korean"):
        assert f"{sets['first_person'].parts[part]:.0%}".replace("%", " %") in said


@pytest.mark.parametrize("readme", READMES)
def test_the_voice_is_as_good_as_it_says(readme: str) -> None:
    said, sets = row(readme, "ser/MODEL_CARD.md"), of("ser")
    if not sets:
        pytest.skip("the voice's measured.json is not there yet")
    assert f"{sets['left_out_people'].uar.value:.0%}".replace("%", " %") in said
    if stranger := sets.get("corpora_never_heard"):
        mean = sum(stranger.parts.values()) / len(stranger.parts)
        assert f"{mean:.0%}".replace("%", " %") in said
        assert f"{stranger.parts['korean']:.0%}".replace("%", " %") in said


@pytest.mark.parametrize("readme", READMES)
def test_the_face_is_as_good_as_it_says(readme: str) -> None:
    said, sets = row(readme, "fer/MODEL_CARD.md"), of("fer")
    if not sets:
        assert not re.search(r"\d", said), "no figure of what nobody measured"
    else:
        assert f"{sets['ferplus_test'].accuracy.value:.0%}".replace("%", " %") in said


@pytest.mark.parametrize("readme", READMES)
def test_speech_to_text_is_as_good_as_it_says(readme: str) -> None:
    measured_rates = stt.figures.read(WEIGHTS / "stt").error_rates
    if not measured_rates:
        pytest.skip("speech to text is not measured yet")
    said = row(readme, "stt/MODEL_CARD.md")
    for rates in measured_rates:
        if rates.name in ("korean", "cremad"):
            assert f"{100 * rates.rate.value:.1f} %" in said, (rates.name, rates.condition)
