"""The words of Streamlit's widgets in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit

from components.widget_words import FAILURES, PATTERNS, WORDS
from language import catalogue

SCRIPTS = Path(streamlit.__file__).parent / "static" / "static" / "js"


@pytest.fixture(scope="module")
def front_end() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in SCRIPTS.glob("*.js"))


def test_each_word_is_one_that_streamlit_shows(front_end: str) -> None:
    """Otherwise an update has changed it, and people see the new one in English."""
    # In templates: "Press Enter to ${…}", "${…} per file".
    assert [word for word in WORDS if f"`{word}`" not in front_end and word != "Press Enter to apply"] == []
    for part in (
        "Press Enter to $",
        "} per file",
        "`Remove $",
        "`Add: $",
        "} start date`",
        "} end date`",
        " available.",
        "`Request failed with status code `",
        "`Network Error`",
        "`AxiosError`",
    ):
        assert part in front_end


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_word_has_a_translation(language: str) -> None:
    words = catalogue(language)
    assert all(words[f"widget.{name}"] and "{" not in words[f"widget.{name}"] for name in (WORDS | FAILURES).values())
    assert all(words[f"widget.{name}"].count("{0}") == 1 for name in PATTERNS.values())


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_translation_is_not_translated_again(language: str) -> None:
    """The script sees its own changes, too."""
    words = catalogue(language)
    for name in {*WORDS.values(), *FAILURES.values(), *PATTERNS.values()}:
        once = words[f"widget.{name}"].replace("{0}", "x")
        for word, its_name in WORDS.items():
            assert once != word or words[f"widget.{its_name}"] == once
        for pattern, its_name in PATTERNS.items():
            found = re.match(pattern, once)
            assert found is None or words[f"widget.{its_name}"].replace("{0}", found[1]) == once
