"""What an entry keeps, and what a later analysis of it gets."""

from __future__ import annotations

from datetime import date

import pytest

from components.entry.kept_media import media_to_keep, with_kept
from diary import consents, entries, media
from diary.entries import NewEntry
from diary.media import NewMedium
from diary.sessions import Session
from tests.diary.transfer.conftest import JPEG, WAV
from tests.understanding.transcripts import transcript
from understanding.analyst import UserInput

SAID = transcript("it rained")
OFFERED = UserInput(recording=WAV, picture=JPEG, note="it rained", transcript=SAID)


def test_a_recording_is_kept_with_its_words(person: Session) -> None:
    assert media_to_keep(person, OFFERED) == []
    consents.set_given(person, "media", True)
    assert media_to_keep(person, OFFERED) == [NewMedium("sound", WAV, SAID), NewMedium("picture", JPEG)]


@pytest.mark.parametrize("has_words", [True, False])
def test_a_kept_recording_is_analysed_with_its_words(person: Session, has_words: bool) -> None:
    for kind in ("media", "voice"):
        consents.set_given(person, kind, True)
    words = SAID if has_words else None
    new = NewEntry("fear", 1, date(2026, 1, 2), "Asia/Seoul", note="it rained")
    entry_id = entries.add(person, new, media=[NewMedium("sound", WAV, words)])
    complete = with_kept(person, UserInput(note="it rained"), media.of_entry(person, entry_id))
    assert (complete.recording, complete.transcript) == (WAV, words)
    # A new recording has its own words, or none yet.
    offered = UserInput(recording=WAV, note="it rained")
    assert with_kept(person, offered, media.of_entry(person, entry_id)) == offered
