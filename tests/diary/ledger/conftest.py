"""A diary with a row of each kind."""

from __future__ import annotations

import pytest

from diary import (
    consents,
    entries,
    trackers,
)
from diary.media import NewMedium
from diary.photos import NewPhoto
from diary.sessions import Session
from diary.trackers import Tracker
from tests.diary.ledger.rows import DAY, WORDS, ZONE, new, reading
from tests.diary.transfer.conftest import JPEG, WAV


@pytest.fixture
def diary(person: Session) -> Session:
    """With a row of each kind."""
    consents.set_given(person, "media", True)
    kept = [NewMedium("sound", WAV, WORDS), NewMedium("picture", JPEG)]
    entries.add(person, new(), readings=[reading(), reading("voice")], media=kept, photos=[NewPhoto(JPEG)])
    entries.add(person, new("another line"))
    tracker = trackers.add(person, Tracker("sleep", "💤", "minutes"))
    trackers.set_value(person, tracker, DAY, 400, ZONE)
    return person
