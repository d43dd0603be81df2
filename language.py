"""The interface texts in Korean and English, from the catalogues in assets/locales."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

LANGUAGES = {"ko": "한국어", "en": "English"}
FALLBACK = "en"

_FOLDER = Path(__file__).parent / "assets" / "locales"


@cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language, by key."""
    return json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))


def say(language: str, key: str, **values: object) -> str:
    """The text of `key` with the values filled in; an unknown key raises `KeyError`."""
    text = catalogue(language if language in LANGUAGES else FALLBACK)[key]
    return text.format(**values) if values else text


def preferred(accept: str | None) -> str:
    """The first supported language in an `Accept-Language` header, or in a locale such as `ko-KR`."""
    candidates = []
    for place, part in enumerate((accept or "").split(",")):
        tag, _, quality = part.partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        candidates.append((-weight, place, tag.strip().lower().partition("-")[0]))
    return next((tag for weight, _, tag in sorted(candidates) if tag in LANGUAGES and weight < 0), FALLBACK)


def of_machine() -> str:
    """The language of this machine, or of the shell, for what a command prints."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return preferred(next(filter(None, named), "").partition(".")[0].replace("_", "-"))
