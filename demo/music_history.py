"""What Hana listened to after some of her days, and what she said of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from demo.story import SEED, Moment
from diary import database, days, music_feedback
from diary.sessions import Session
from music import catalogue, recommend
from music.recommend import Wish
from music.track import Track

_SINCE_DAY = 46  # after the exam she had time for music
_EVERY = 3
_INTENT = {"happiness": "match", "surprise": "match", "neutral": "match", "anger": "ease", "disgust": "ease"}


def sayings(moments: list[Moment]) -> Iterator[tuple[datetime, str, Track, Wish]]:
    """When she said what of which piece: the ones on this machine, chosen as the Music page would choose."""
    tracks, chance = catalogue.load().of_kind("local"), np.random.default_rng(SEED)
    begin = min(moment.draft.day for moment in moments) + timedelta(days=_SINCE_DAY)
    evenings = [moment.draft for moment in moments if moment.draft.day >= begin and moment.draft.at.hour >= 17]
    for draft in evenings[::_EVERY]:
        wish = Wish(draft.mood, draft.intensity, _INTENT.get(draft.mood, "lift"))
        at = days.moment_of(draft.day, draft.at, draft.timezone) + timedelta(minutes=5)
        chosen = recommend.playlist(tracks, wish, seed=int(chance.integers(1000)), length=3)
        for choice in chosen:
            at += timedelta(minutes=1)
            yield at, "heard", choice.track, wish
        # She likes what lies where she wanted to go, and is quicker to skip than to refuse.
        best = max(chosen, key=lambda choice: choice.parts["closeness"])
        yield at, "liked" if chance.random() < 0.6 else "skipped", best.track, wish
        yield at, str(chance.choice(["better", "same", "worse"], p=[0.55, 0.35, 0.1])), chosen[-1].track, wish


def write(session: Session, moments: list[Moment]) -> None:
    """Puts it into the diary, as if she had said it then."""
    music_feedback.SOURCE.choose(session, "local")  # YouTube is a click away, where there is a network
    said = list(sayings(moments))
    for _, saying, track, wish in said:
        music_feedback.note(session, saying, track, wish)
    with database.change() as db:
        rows = [row["id"] for row in db.query("select id from tastes order by created_at, rowid")]
        for row_id, (at, *_) in zip(rows, said, strict=True):
            db["tastes"].update(row_id, {"created_at": database.written(at)})
