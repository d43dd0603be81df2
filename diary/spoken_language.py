"""The languages that a person speaks in recordings: detected in each one, or fixed in Settings."""

from __future__ import annotations

from diary.preferences import one_of
from diary.sessions import Session
from language import LANGUAGES

DETECTED = "detected"
SPOKEN_LANGUAGE = one_of("spoken_language", DETECTED, *LANGUAGES)


def of(session: Session) -> tuple[str, ...]:
    """The codes of the languages to detect among; a single one is taken as given."""
    chosen = SPOKEN_LANGUAGE.of(session)
    return tuple(LANGUAGES) if chosen == DETECTED else (chosen,)
