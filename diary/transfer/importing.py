"""Bringing a file in: first what would happen, then, if the person wants it, all of it in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlite_utils import Database

from diary import consents, database, days, entries, errors, media, music_feedback, own_tracks, readings, sessions
from diary.entries import Entry
from diary.media import Medium
from diary.own_tracks import OwnTrack
from diary.sessions import Session
from diary.transfer.moods import Choice
from diary.transfer.parsed import Arrival, Arriving, Moment

Progress = Callable[[float], None]
_STEP = 250  # entries between two movements of the progress bar
_WRITING = 0.7  # by then everything is sealed, and the database is locked for the short rest


@dataclass(frozen=True)
class Plan:
    """What bringing a file in would do. Making one changes nothing."""

    new: tuple[Arriving, ...]
    already_here: int
    left_out: int
    """Of moods that the person wants left out."""
    not_yet: int
    """Of days that have not come yet here."""
    media: int
    media_left_out: int
    """Recordings and pictures that stay outside because keeping them is not allowed now."""
    media_damaged: int
    """Recordings and pictures that stay outside because they cannot be opened."""
    mended: int
    """Halves of characters in the file that were replaced."""
    crowded: int
    """Entries with more tags than fit, whose further tags go to the end of the words."""
    preferences: Mapping[str, object] = field(default_factory=dict)
    sayings: tuple[Mapping[str, object], ...] = ()
    own_tracks: tuple[OwnTrack, ...] = ()

    @property
    def music(self) -> int:
        """How much of what was said of music, and of one's own music, comes along."""
        return len(self.sayings) + len(self.own_tracks)

    @property
    def is_empty(self) -> bool:
        return not self.new and not self.music

    @property
    def first(self) -> date | None:
        return min((arriving.entry.day for arriving in self.new), default=None)

    @property
    def last(self) -> date | None:
        return max((arriving.entry.day for arriving in self.new), default=None)


def is_of(session: Session, arrival: Arrival) -> bool:
    """Whether the file was made by this very account; files of other products belong to whoever has them."""
    if not arrival.owner:
        return True
    with database.connect() as db:
        return db["accounts"].get(session.account_id)["created_at"] == arrival.owner


def plan(
    session: Session,
    arrival: Arrival,
    choices: Mapping[str, Choice | None],
    *,
    zone: str,
    was_mine: bool = False,
) -> Plan:
    """The dry run. `choices` names one of the seven for each mood of the file, or None to leave those out.

    A file of another account is refused unless the person said that this diary was theirs.
    """
    own = is_of(session, arrival)
    if not own and not was_mine:
        raise errors.AnotherDiary()
    undecided = arrival.moods().keys() - choices.keys()
    if undecided:
        raise errors.MoodsUndecided(count=len(undecided))
    wanted = [moment for moment in arrival.moments if choices[moment.mood] is not None]
    arriving = [_translated(session, moment, choices[moment.mood], zone) for moment in wanted]
    arriving += arrival.entries if own else [_adopted(session, arrival, one) for one in arrival.entries]
    come = [one for one in arriving if one.entry.day <= days.today(one.entry.timezone)]
    new = _unknown_here(session, come)
    named = sum(len(one.kept) for one in new)
    new = [replace(one, kept=tuple(kept for kept in one.kept if kept.opens)) for one in new]
    kept = sum(len(one.kept) for one in new)
    allowed = arrival.unpack is not None and "media" in consents.given(session.account_id)
    return Plan(
        new=tuple(new if allowed else [replace(one, kept=()) for one in new]),
        already_here=len(come) - len(new),
        left_out=len(arrival.moments) - len(wanted),
        not_yet=len(arriving) - len(come),
        media=kept if allowed else 0,
        media_left_out=0 if allowed else kept,
        media_damaged=named - kept,
        mended=arrival.mended,
        crowded=sum(len(_tags(moment)) > entries.TAGS_MAX for moment in wanted),
        preferences=arrival.preferences,
        sayings=_unsaid(session, arrival),
        own_tracks=_unheard(session, arrival, own),
    )


def carry_out(session: Session, arrival: Arrival, planned: Plan, progress: Progress = lambda _: None) -> int:
    """Does what was planned, all of it or nothing; returns how many entries came in.

    What takes long or can fail, unpacking and sealing, happens before the database is locked for others.
    """
    rows = list(_sealed(session, planned, progress))
    media_rows = list(_sealed_media(session, arrival, planned))
    with sessions.change(session) as db:
        for begin in range(0, len(rows), _STEP):
            db["entries"].insert_all(rows[begin : begin + _STEP], ignore=True)
            progress(_WRITING + (1 - _WRITING) * begin / len(rows))
        _expect_all(db, session, planned)
        told = [(one.entry.id, reading, created_at) for one in planned.new for reading, created_at in one.told]
        db["readings"].insert_all(readings.as_stored(*one) for one in told)
        if media_rows and "media" not in consents.given(session.account_id):
            raise errors.KeepingNotAllowed()
        for row in media_rows:
            db["media"].insert(row)
        db["tastes"].insert_all(music_feedback.as_stored(session, saying) for saying in planned.sayings)
        db["own_tracks"].insert_all(own_tracks.as_stored(session, track) for track in planned.own_tracks)
        db["preferences"].insert_all(
            (
                {"account_id": session.account_id, "name": name, "value": json.dumps(value)}
                for name, value in planned.preferences.items()
            ),
            ignore=True,  # what was chosen here stays
        )
        if arrival.learns_since is not None:
            # What is brought back goes on being learnt from, unless learning is switched off here.
            db.execute(
                "update accounts set learns_since = min(learns_since, ?) where id = ?",
                [database.written(datetime.fromisoformat(arrival.learns_since)), session.account_id],
            )
    progress(1.0)
    return len(rows)


def _sealed(session: Session, planned: Plan, progress: Progress) -> Iterator[dict]:
    for place, arriving in enumerate(planned.new):
        if place % _STEP == 0:
            progress(_WRITING * place / len(planned.new))
        yield entries.as_stored(session, arriving.entry)


def _sealed_media(session: Session, arrival: Arrival, planned: Plan) -> Iterator[dict]:
    # All of them fit into memory: files.LARGEST limits what a zip holds.
    for arriving in planned.new:
        for kept in arriving.kept:
            medium = Medium(kept.kind, arrival.unpack(kept.file))
            yield media.as_stored(session, arriving.entry.id, medium, kept.created_at)


def _expect_all(db: Database, session: Session, planned: Plan) -> None:
    """An id that was taken since the dry run, by another tab or in another diary, takes the whole import back."""
    wanted = {one.entry.id: database.written(one.entry.created_at) for one in planned.new}
    mine = dict(db.execute("select id, created_at from entries where account_id = ?", [session.account_id]).fetchall())
    if any(mine.get(entry_id) != created_at for entry_id, created_at in wanted.items()):
        raise errors.DiaryMovedOn()


def _unknown_here(session: Session, come: list[Arriving]) -> list[Arriving]:
    """Those that the diary does not have: neither the entry itself nor one that says the same of the same moment.

    Each entry here answers for one in the file, so that two alike in a file are two here.
    """
    if not come:
        return []
    a_day = timedelta(days=1)
    here = entries.between(
        session, min(one.entry.day for one in come) - a_day, max(one.entry.day for one in come) + a_day
    )
    ids = _ids(session)
    arriving_ids = {one.entry.id for one in come}
    alike = Counter(_look(entry) for entry in here if entry.id not in arriving_ids and not entry.is_damaged)
    new = []
    for one in come:
        look = _look(one.entry)
        if one.entry.id in ids:
            continue
        if alike[look]:
            alike[look] -= 1
            continue
        ids.add(one.entry.id)
        new.append(one)
    return new


def _unsaid(session: Session, arrival: Arrival) -> tuple[Mapping[str, object], ...]:
    here = {(saying["at"], saying["said"], saying["track"]) for saying in music_feedback.every(session)}
    new = [saying for saying in arrival.sayings if (saying["at"], saying["said"], saying["track"]) not in here]
    return tuple(new[: max(music_feedback.KEPT_AT_MOST - len(here), 0)])


def _unheard(session: Session, arrival: Arrival, own: bool) -> tuple[OwnTrack, ...]:
    """One's own music that is not here yet, as far as there is room."""
    here = own_tracks.every(session)
    known = {track.id for track in here} | {(track.title, track.seconds) for track in here}
    new = [track for track in arrival.own_tracks if not known & {track.id, (track.title, track.seconds)}]
    if not own:
        new = [replace(track, id=_derived(session, arrival.owner + track.id)) for track in new]
    return tuple(new[: max(own_tracks.TRACKS_AT_MOST - len(here), 0)])


def _ids(session: Session) -> set[str]:
    with database.connect() as db:
        return {row[0] for row in db.execute("select id from entries where account_id = ?", [session.account_id])}


def _look(entry: Entry) -> tuple:
    at = entry.happened_at.replace(second=0, microsecond=0) if entry.time_known else None
    return entry.day, at, entry.mood, entry.note, frozenset(entry.tags)


def _translated(session: Session, moment: Moment, choice: Choice, zone: str) -> Arriving:
    if moment.day < days.EARLIEST:
        raise errors.DayTooEarly(year=days.EARLIEST.year)
    note, tags = moment.note, _tags(moment)
    if further := tags[entries.TAGS_MAX :]:
        note = "\n".join(filter(None, (note, " ".join(f"#{tag}" for tag in further))))
    if len(note) > entries.NOTE_MAX:
        raise errors.NoteTooLong(characters=entries.NOTE_MAX)
    now = datetime.now(UTC)
    return Arriving(
        Entry(
            id=_derived(session, moment.fingerprint()),
            day=moment.day,
            happened_at=days.moment_of(moment.day, moment.at, zone),
            time_known=moment.at is not None,
            timezone=zone,
            mood=choice.mood,
            intensity=choice.intensity,
            source="hand",
            note=note,
            tags=entries.tidy_tags(tags[: entries.TAGS_MAX]),
            version=1,
            created_at=now,
            updated_at=now,
        )
    )


def _tags(moment: Moment) -> list[str]:
    """The tags of a moment, each short enough to be one."""
    tidied = (" ".join(tag.strip().lstrip("#").split())[: entries.TAG_LENGTH_MAX].rstrip() for tag in moment.tags)
    return list(dict.fromkeys(tag for tag in tidied if tag))


def _adopted(session: Session, arrival: Arrival, one: Arriving) -> Arriving:
    """An entry of the person's earlier diary: the same file gives the same ids again, and takes nobody else's."""
    return replace(one, entry=replace(one.entry, id=_derived(session, arrival.owner + one.entry.id)))


def _derived(session: Session, of: str) -> str:
    return hashlib.sha256(f"{session.account_id} {of}".encode()).hexdigest()[:32]
