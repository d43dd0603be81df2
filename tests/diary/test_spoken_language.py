from __future__ import annotations

import pytest

from diary import spoken_language
from diary.sessions import Session


def test_the_language_is_detected_among_both_until_the_person_fixes_one(person: Session, stranger: Session) -> None:
    assert spoken_language.of(person) == ("ko", "en")
    spoken_language.SPOKEN_LANGUAGE.choose(person, "en")
    assert spoken_language.of(person) == ("en",)
    assert spoken_language.of(stranger) == ("ko", "en")


def test_no_other_language_can_be_chosen(person: Session) -> None:
    with pytest.raises(ValueError, match="spoken_language"):
        spoken_language.SPOKEN_LANGUAGE.choose(person, "de")
    assert spoken_language.of(person) == ("ko", "en")
