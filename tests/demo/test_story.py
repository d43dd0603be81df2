"""The story looks like a diary: all seven moods, missed days, corrections. It is the same every time."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

import feelings
from demo import state, story
from diary import entries, patterns, sessions, tracker_patterns, trackers
from emotions import EMOTIONS
from language import LANGUAGES
from tests.demo.conftest import TODAY


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_the_same_every_time(language: str) -> None:
    assert list(story.entries_until(TODAY, language)) == list(story.entries_until(TODAY, language))


def test_both_languages_tell_the_same_days() -> None:
    korean, english = ([entry.new_entry for entry in story.entries_until(TODAY, language)] for language in ("ko", "en"))
    for one, other in zip(korean, english, strict=True):
        assert (one.day, one.at, one.mood, one.intensity) == (other.day, other.at, other.mood, other.intensity)
        assert bool(one.note) == bool(other.note)
        assert len(one.tags) == len(other.tags)
        assert one.feelings == other.feelings
        assert not re.search("[A-Za-z]{4}", one.note)
        assert not re.search("[가-힣]", other.note)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_a_persons_and_ends_yesterday(language: str) -> None:
    drafts = [entry.new_entry for entry in story.entries_until(TODAY, language)]
    kept = {draft.day for draft in drafts}
    assert min(kept) == TODAY - timedelta(days=story.DAYS)
    assert max(kept) == TODAY - timedelta(days=1)
    moods = Counter(draft.mood for draft in drafts)
    assert set(moods) == set(EMOTIONS)
    assert min(moods.values()) >= 5
    assert 10 <= story.DAYS - len(kept) <= 30, "days missed, as people miss them"
    assert len(drafts) > len(kept), "some days have two entries"
    assert any(not draft.note for draft in drafts)
    assert all(entries.tidy_tags(draft.tags) == draft.tags for draft in drafts)
    # The story starts on whatever weekday it is: no line may know which.
    assert not any(re.search("요일|[A-Z][a-z]+day", draft.note) for draft in drafts)


def test_many_entries_have_feelings_that_belong_to_their_moods() -> None:
    drafts = [entry.new_entry for entry in story.entries_until(TODAY, "ko")]
    with_feelings = [draft for draft in drafts if draft.feelings]
    assert len(with_feelings) > len(drafts) / 2
    for draft in with_feelings:
        assert all(draft.mood in feelings.BY_KEY[key].moods for key in draft.feelings), draft


def test_some_readings_were_corrected_and_none_claims_a_model_that_did_not_make_it() -> None:
    days = list(story.entries_until(TODAY, "ko"))
    corrected = [entry for entry in days if any(reading.label != entry.new_entry.mood for reading in entry.readings)]
    assert len(corrected) >= 8
    made_up = {reading.model for entry in days for reading in entry.readings if reading.source in ("voice", "face")}
    assert made_up == {story.MADE_UP}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_trackers_are_a_persons_too(language: str) -> None:
    found = story.trackers_until(TODAY, language)
    assert found == story.trackers_until(TODAY, language)
    assert [tracker.kind for tracker, _ in found] == ["minutes", "count"]
    for tracker, values in found:
        assert trackers.tidy(tracker) == tracker
        assert min(values) >= TODAY - timedelta(days=story.DAYS)
        assert max(values) < TODAY, "today's value is the visitor's"
        assert 80 <= len(values) < story.DAYS, "some days missed"
        for value in values.values():
            assert trackers.tidy_value(tracker.kind, value) == value
    sleep = found[0][1].values()
    assert 240 <= min(sleep) < max(sleep) <= 600, "nights that people have"


def test_history_compares_her_trackers_with_her_moods(demo: Path) -> None:
    hana = sessions.find(state.sign_in())
    days = patterns.by_day(patterns.entry_columns(hana, date.min, date.max))
    values = trackers.between(hana, date.min, date.max)
    for tracker in trackers.every(hana):
        limit = tracker_patterns.limit(tracker.kind, values[tracker.id].values())
        assert limit is not None
        for lag in tracker_patterns.LAGS:
            assert tracker_patterns.compare(days, values[tracker.id], limit, lag) is not None
