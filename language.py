"""What Haru says, in which language: the catalogues under assets/locales and how to speak from them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

LANGUAGES = {"ko": "한국어", "en": "English"}
FALLBACK = "en"

_FOLDER = Path(__file__).parent / "assets" / "locales"


@cache
def catalogue(language: str) -> dict[str, str]:
    return json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))


def say(language: str, key: str, **values: object) -> str:
    """The sentence behind `key`; a missing one is a programming error, not an empty page."""
    sentence = catalogue(language if language in LANGUAGES else FALLBACK)[key]
    return sentence.format(**values) if values else sentence


def preferred(accept: str | None) -> str:
    """The first language we speak in a browser's list (`Accept-Language`, or a locale such as `ko-KR`)."""
    wanted = []
    for place, part in enumerate((accept or "").split(",")):
        tag, _, quality = part.partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        wanted.append((-weight, place, tag.strip().lower().partition("-")[0]))
    return next((tag for weight, _, tag in sorted(wanted) if tag in LANGUAGES and weight < 0), FALLBACK)
