"""What Hana listened to in the demo, and her feedback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from demo.story import SEED, StoryEntry
from diary import database, days, music_feedback
from diary.sessions import Session
from music import catalogue, recommend
from music.recommend import Wish
from music.track import Track

_FIRST_DAY = 46  # after the exam
_EVERY = 3
"""She listens on every third evening with an entry."""
_INTENT = {"happiness": "match", "surprise": "match", "neutral": "match", "anger": "ease", "disgust": "ease"}


def feedback(story_entries: list[StoryEntry]) -> Iterator[tuple[datetime, str, Track, Wish]]:
    """Time, feedback, track and wish; the tracks are Haru's own, chosen as the Music page chooses."""
    tracks, rng = catalogue.load().of_kind("local"), np.random.default_rng(SEED)
    begin = min(entry.new_entry.day for entry in story_entries) + timedelta(days=_FIRST_DAY)
    evenings = [
        entry.new_entry
        for entry in story_entries
        if entry.new_entry.day >= begin and entry.new_entry.at is not None and entry.new_entry.at.hour >= 17
    ]
    for entry in evenings[::_EVERY]:
        wish = Wish(entry.mood, entry.intensity, _INTENT.get(entry.mood, "lift"))
        at = days.instant(entry.day, entry.at, entry.timezone) + timedelta(minutes=5)
        chosen = recommend.playlist(tracks, wish, seed=int(rng.integers(1000)), length=3)
        for choice in chosen:
            at += timedelta(minutes=1)
            yield at, "heard", choice.track, wish
        # She likes or skips the track that is closest to her wish; she refuses none.
        best = max(chosen, key=lambda choice: choice.parts["closeness"])
        yield at, "liked" if rng.random() < 0.6 else "skipped", best.track, wish
        yield at, str(rng.choice(["better", "same", "worse"], p=[0.55, 0.35, 0.1])), chosen[-1].track, wish


def write(session: Session, story_entries: list[StoryEntry]) -> None:
    """Writes the feedback into the diary, with the times of the entries."""
    music_feedback.SOURCE.choose(session, "local")  # the demo works without a network
    history = list(feedback(story_entries))
    for _, kind, track, wish in history:
        music_feedback.add(session, kind, track, wish)
    with database.transaction() as db:
        rows = [row["id"] for row in db.query("select id from tastes order by created_at, rowid")]
        for row_id, (at, *_) in zip(rows, history, strict=True):
            db.table("tastes").update(row_id, {"created_at": database.timestamp(at)})
