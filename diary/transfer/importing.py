"""Imports a file in two steps: `plan` says what would happen, `run_import` does it in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlite_utils import Database

from diary import (
    consents,
    database,
    days,
    entries,
    errors,
    media,
    music_feedback,
    music_lists,
    own_tracks,
    photos,
    quotas,
    readings,
    sessions,
    trackers,
    transcripts,
)
from diary.entries import Entry
from diary.media import NewMedium
from diary.music_lists import MusicList
from diary.own_tracks import OwnTrack
from diary.sessions import Session
from diary.transfer import tracker_plan, tracker_table
from diary.transfer.budget import Budget
from diary.transfer.moods import MoodChoice
from diary.transfer.parsed import ForeignEntry, ParsedEntry, ParsedFile, ParsedMedium
from diary.transfer.tracker_plan import TrackerPlan
from diary.transfer.tracker_table import ColumnChoice
from music.track import Track
from reading import Refusal

Progress = Callable[[float], object]
_STEP = 250  # entries between two movements of the progress bar
_ENTRIES_SEALED = 0.3  # the share of progress at which the entries are sealed; photographs take longer
_SEALED = 0.7  # the share of progress at which everything is sealed; the database is locked only after it


@dataclass(frozen=True)
class ImportPlan:
    """What importing a file would do. Making a plan changes nothing."""

    new: tuple[ParsedEntry, ...]
    already_here: int
    left_out: int
    """Entries whose mood the person chose to leave out."""
    not_yet: int
    """Entries of days that lie in the future."""
    media: int
    """Recordings, pictures and photographs that come along."""
    media_left_out: int
    """Recordings, pictures and photographs that the person's consent does not cover."""
    media_damaged: int
    """Recordings, pictures and photographs that cannot be opened."""
    transcripts: int
    """Recordings that come with their transcript."""
    transcripts_damaged: int
    """Recordings whose transcript is damaged; they come without it."""
    mended: int
    """Lone surrogates that were replaced in the file."""
    crowded: int
    """Entries with too many tags; the tags that do not fit go to the end of the note."""
    attachments_left_out: int = 0
    """Videos, recordings and files of other kinds in another diary."""
    photos_missing: int = 0
    """Photographs that entries of another diary name and the file lacks."""
    photos_of_known: tuple[tuple[str, ParsedMedium], ...] = ()
    """Photographs of another diary for entries that are here without any, each with the entry's id."""
    preferences: Mapping[str, object] = field(default_factory=dict)
    music_feedback: tuple[Mapping[str, object], ...] = ()
    own_tracks: tuple[OwnTrack, ...] = ()
    music_lists: tuple[MusicList, ...] = ()
    trackers: TrackerPlan = field(default_factory=TrackerPlan)

    @property
    def music(self) -> int:
        """The number of pieces of music feedback, own tracks and saved lists to import."""
        return len(self.music_feedback) + len(self.own_tracks) + len(self.music_lists)

    @property
    def is_empty(self) -> bool:
        return not self.new and not self.music and not self.late_photos and self.trackers.is_empty

    @property
    def late_photos(self) -> int:
        """The number of photographs for entries that are here without any."""
        return len(self.photos_of_known)

    @property
    def first(self) -> date | None:
        return min((parsed.entry.day for parsed in self.new), default=None)

    @property
    def last(self) -> date | None:
        return max((parsed.entry.day for parsed in self.new), default=None)


def is_own(session: Session, file: ParsedFile) -> bool:
    """Whether this very account exported the file; a file of another diary counts as the person's own."""
    if not file.owner:
        return True
    with database.connect() as db:
        return db.table("accounts").get(session.account_id)["created_at"] == file.owner


def plan(
    session: Session,
    file: ParsedFile,
    choices: Mapping[str, MoodChoice | None],
    *,
    zone: str,
    was_mine: bool = False,
    columns: Mapping[str, ColumnChoice | None] | None = None,
) -> ImportPlan:
    """`choices` names one of the seven moods for each mood of another diary, or None to leave its entries out.

    `columns` says the same of the columns in a table of trackers.

    A file of another account is refused unless the person said that this diary was theirs.
    """
    own = is_own(session, file)
    if not own and not was_mine:
        raise errors.AnotherDiary()
    undecided = file.moods().keys() - choices.keys()
    if undecided:
        raise errors.MoodsUndecided(count=len(undecided))
    chosen = [(entry, choice) for entry in file.foreign_entries if (choice := choices[entry.mood]) is not None]
    parsed_entries = [_translated(session, entry, choice, zone) for entry, choice in chosen]
    parsed_entries += file.entries if own else [_with_derived_id(session, file, parsed) for parsed in file.entries]
    until_today = [parsed for parsed in parsed_entries if parsed.entry.day <= days.today(parsed.entry.timezone)]
    new, known = _new_entries(session, until_today)
    with database.connect() as db:
        quotas.expect_entries(db, session, len(new))
    media_in_file = sum(len(parsed.media) for parsed in new)
    new = [replace(parsed, media=tuple(medium for medium in parsed.media if medium.opens)) for parsed in new]
    openable = sum(len(parsed.media) for parsed in new)
    recordings = [medium for parsed in new for medium in parsed.media]
    allowed = file.unpack is not None and "media" in consents.given(session.account_id)
    late_photos = _late_photos(session, file, known) if allowed else ()
    return ImportPlan(
        new=tuple(new if allowed else [replace(parsed, media=()) for parsed in new]),
        already_here=len(until_today) - len(new),
        left_out=len(file.foreign_entries) - len(chosen),
        not_yet=len(parsed_entries) - len(until_today),
        media=openable if allowed else 0,
        media_left_out=0 if allowed else openable,
        media_damaged=media_in_file - openable,
        transcripts=sum(medium.transcript is not None for medium in recordings) if allowed else 0,
        transcripts_damaged=sum(medium.is_transcript_damaged for medium in recordings) if allowed else 0,
        mended=file.mended,
        crowded=sum(len(_tags(entry)) > entries.TAGS_MAX for entry, _ in chosen),
        attachments_left_out=file.attachments_left_out,
        photos_missing=file.photos_missing,
        photos_of_known=late_photos,
        preferences=file.preferences,
        music_feedback=_new_feedback(session, file),
        own_tracks=_new_tracks(session, file, own),
        music_lists=_new_lists(session, file, own),
        trackers=_tracker_plan(session, file, zone, own, columns or {}),
    )


def column_tracker_id(session: Session, name: str) -> str:
    """The id of a tracker that a table brings: the same table always gives the same ids."""
    return _derived_id(session, f"tracker {trackers.compared_name(name)}")


def _tracker_plan(
    session: Session, file: ParsedFile, zone: str, own: bool, columns: Mapping[str, ColumnChoice | None]
) -> TrackerPlan:
    if file.columns:
        read = tracker_table.translate(file.columns, columns)
        planned = tracker_plan.plan(session, read.trackers, zone, lambda tracker_id: tracker_id)
        unreadable = tuple(sorted({*file.unreadable, *read.unreadable}))
        return replace(planned, unreadable=unreadable, repeated=read.repeated)
    return tracker_plan.plan(
        session,
        file.trackers,
        zone,
        lambda tracker_id: tracker_id if own else _derived_id(session, file.owner + tracker_id),
    )


def run_import(session: Session, file: ParsedFile, planned: ImportPlan, progress: Progress = lambda _: None) -> int:
    """Imports the whole plan or nothing; returns the number of imported entries.

    It unpacks and seals before it locks the database, because both take long and can fail.
    """
    rows = list(_entry_rows(session, planned, progress))
    media_rows, transcript_rows = _media_rows(session, file, planned)
    photo_rows = list(_photo_rows(session, file, planned, progress))
    value_rows = tracker_plan.rows(session, planned.trackers)
    with sessions.transaction(session) as db:
        quotas.expect_entries(db, session, len(rows))
        quotas.expect_media(db, session, sum(len(row["sealed"]) for row in (*media_rows, *photo_rows)))
        for begin in range(0, len(rows), _STEP):
            db.table("entries").insert_all(rows[begin : begin + _STEP], ignore=True)
            progress(_SEALED + (1 - _SEALED) * begin / len(rows))
        _expect_all(db, session, planned)
        db.table("readings").insert_all(
            readings.as_row(parsed.entry.id, reading, created_at)
            for parsed in planned.new
            for reading, created_at in parsed.readings
        )
        if (media_rows or photo_rows) and "media" not in consents.given(session.account_id):
            raise errors.KeepingNotAllowed()
        for row in media_rows:
            db.table("media").insert(row)
        for row in transcript_rows:
            db.table("transcripts").insert(row)
        for row in photo_rows:
            db.table("photos").insert(row)
        db.table("tastes").insert_all(music_feedback.as_row(session, feedback) for feedback in planned.music_feedback)
        db.table("own_tracks").insert_all(own_tracks.as_row(session, track) for track in planned.own_tracks)
        db.table("music_lists").insert_all(music_lists.as_row(session, saved) for saved in planned.music_lists)
        trackers.insert_all(db, session, planned.trackers.new, value_rows)
        db.table("preferences").insert_all(
            (
                {"account_id": session.account_id, "name": name, "value": json.dumps(value)}
                for name, value in planned.preferences.items()
            ),
            ignore=True,  # what the person chose in this account stays
        )
        if file.learns_since is not None:
            # Haru goes on learning from imported corrections, unless the person switched learning off here.
            db.execute(
                "update accounts set learns_since = min(learns_since, ?) where id = ?",
                [database.timestamp(datetime.fromisoformat(file.learns_since)), session.account_id],
            )
    progress(1.0)
    return len(rows)


def _entry_rows(session: Session, planned: ImportPlan, progress: Progress) -> Iterator[dict]:
    for place, parsed in enumerate(planned.new):
        if place % _STEP == 0:
            progress(_ENTRIES_SEALED * place / len(planned.new))
        yield entries.as_row(session, parsed.entry)


def _media_rows(session: Session, file: ParsedFile, planned: ImportPlan) -> tuple[list[dict], list[dict]]:
    """The rows of all recordings and pictures, and those of their transcripts."""
    # All of them fit into memory: detect.LARGEST and foreign_photos.py limit what a zip holds.
    media_rows: list[dict] = []
    transcript_rows: list[dict] = []
    if file.unpack is None:
        return media_rows, transcript_rows
    for parsed in planned.new:
        for medium in parsed.media:
            if medium.kind == "photo":
                continue
            new = NewMedium(medium.kind, file.unpack(medium.file))
            row = media.as_row(session, parsed.entry.id, new, medium.created_at)
            media_rows.append(row)
            if medium.transcript is not None:
                transcript_rows.append(
                    transcripts.as_row(session, row["id"], parsed.entry.id, medium.transcript, medium.transcribed_at)
                )
    return media_rows, transcript_rows


def _photo_rows(session: Session, file: ParsedFile, planned: ImportPlan, progress: Progress) -> Iterator[dict]:
    """The rows of all photographs, each without metadata: somebody may have exchanged the file in the zip."""
    if file.unpack is None:
        return
    found = [(parsed.entry.id, medium) for parsed in planned.new for medium in parsed.media if medium.kind == "photo"]
    found += planned.photos_of_known
    budget = Budget()
    for number, (entry_id, medium) in enumerate(found):
        budget.check()
        progress(_ENTRIES_SEALED + (_SEALED - _ENTRIES_SEALED) * number / len(found))
        try:
            photo = photos.photo_of(file.unpack(medium.file))
        except Refusal:
            continue  # damaged, and beyond the pixels that openable.py decodes of one file
        yield photos.as_row(session, entry_id, photo, medium.created_at)


def _expect_all(db: Database, session: Session, planned: ImportPlan) -> None:
    """Stops the import if another tab or another diary took or deleted one of the ids after the plan was made."""
    expected = {parsed.entry.id: database.timestamp(parsed.entry.created_at) for parsed in planned.new}
    mine = dict(db.execute("select id, created_at from entries where account_id = ?", [session.account_id]).fetchall())
    if any(mine.get(entry_id) != created_at for entry_id, created_at in expected.items()):
        raise errors.DiaryMovedOn()
    if any(entry_id not in mine for entry_id, _ in planned.photos_of_known):
        raise errors.DiaryMovedOn()


def _new_entries(
    session: Session, parsed_entries: list[ParsedEntry]
) -> tuple[list[ParsedEntry], list[tuple[str, ParsedEntry]]]:
    """The entries that the diary lacks: it has neither their id nor an entry with the same content and time.

    The others come with the id of the entry that the diary has. Each entry of the diary matches one of the file, so two
    equal entries in a file become two entries here.
    """
    if not parsed_entries:
        return [], []
    a_day = timedelta(days=1)
    all_days = [parsed.entry.day for parsed in parsed_entries]
    here = entries.between(session, min(all_days) - a_day, max(all_days) + a_day)
    ids = _ids(session)
    parsed_ids = {parsed.entry.id for parsed in parsed_entries}
    unmatched: dict[tuple, list[str]] = {}
    for entry in here:
        if entry.id not in parsed_ids and not entry.is_damaged:
            unmatched.setdefault(_content_key(entry), []).append(entry.id)
    new: dict[str, ParsedEntry] = {}
    known = []
    for parsed in parsed_entries:
        same = unmatched.get(_content_key(parsed.entry))
        if parsed.entry.id in ids:
            known.append((parsed.entry.id, parsed))
        elif same and parsed.entry.id not in new:
            known.append((same.pop(), parsed))
        else:
            new.setdefault(parsed.entry.id, parsed)
    return list(new.values()), known


def _late_photos(
    session: Session, file: ParsedFile, known: list[tuple[str, ParsedEntry]]
) -> tuple[tuple[str, ParsedMedium], ...]:
    """The photographs of another diary for entries that are here without any.

    The person may have allowed keeping pictures only after an import, or have imported a table without them before.
    """
    found = [(entry_id, parsed) for entry_id, parsed in known if parsed.media] if file.foreign_entries else []
    if not found:
        return ()
    all_days = [parsed.entry.day for _, parsed in found]
    have = photos.between(session, min(all_days) - timedelta(days=1), max(all_days) + timedelta(days=1))
    return tuple(
        (entry_id, medium)
        for entry_id, parsed in found
        if entry_id not in have
        for medium in parsed.media
        if medium.opens
    )


def _new_feedback(session: Session, file: ParsedFile) -> tuple[Mapping[str, object], ...]:
    """The file's music feedback that the diary lacks, as far as there is space."""
    here = {_feedback_key(feedback) for feedback in music_feedback.every(session)}
    new = [feedback for feedback in file.music_feedback if _feedback_key(feedback) not in here]
    return tuple(new[: max(music_feedback.ROWS_MAX - len(here), 0)])


def _feedback_key(feedback: Mapping[str, object]) -> tuple[object, ...]:
    return feedback["at"], feedback["said"], feedback["track"]


def _new_tracks(session: Session, file: ParsedFile, own: bool) -> tuple[OwnTrack, ...]:
    """The file's own tracks that the diary lacks, as far as there is space."""
    here = own_tracks.every(session)
    known = {track.id for track in here} | {(track.title, track.seconds) for track in here}
    new = [track for track in file.own_tracks if not known & {track.id, (track.title, track.seconds)}]
    if not own:
        new = [replace(track, id=_derived_id(session, file.owner + track.id)) for track in new]
    return tuple(new[: max(own_tracks.TRACKS_MAX - len(here), 0)])


def _new_lists(session: Session, file: ParsedFile, own: bool) -> tuple[MusicList, ...]:
    """The file's saved lists that the diary lacks, as far as there is space."""

    def derived(track: Track) -> Track:
        # Under the ids that `_new_tracks` gives the own tracks.
        if track.kind != "own":
            return track
        return replace(track, id=f"own:{_derived_id(session, file.owner + track.name)}")

    here = music_lists.every(session)
    found = file.music_lists
    if not own:
        found = tuple(
            replace(saved, id=_derived_id(session, file.owner + saved.id), tracks=tuple(map(derived, saved.tracks)))
            for saved in found
        )
    known = {saved.id for saved in here}
    new = [saved for saved in found if saved.id not in known]
    return tuple(new[: max(music_lists.LISTS_MAX - len(here), 0)])


def _ids(session: Session) -> set[str]:
    with database.connect() as db:
        return {row[0] for row in db.execute("select id from entries where account_id = ?", [session.account_id])}


def _content_key(entry: Entry) -> tuple:
    at = entry.happened_at.replace(second=0, microsecond=0) if entry.time_known else None
    return entry.day, at, entry.mood, entry.note, frozenset(entry.tags), frozenset(entry.feelings)


def _translated(session: Session, foreign: ForeignEntry, choice: MoodChoice, zone: str) -> ParsedEntry:
    """An entry of another diary with the mood that the person chose for it."""
    if foreign.day < days.EARLIEST:
        raise errors.DayTooEarly(year=days.EARLIEST.year)
    note, tags = foreign.note, _tags(foreign)
    if further := tags[entries.TAGS_MAX :]:
        note = "\n".join(filter(None, (note, " ".join(f"#{tag}" for tag in further))))
    if len(note) > entries.NOTE_MAX:
        raise errors.NoteTooLong(characters=entries.NOTE_MAX)
    own_zone = foreign.zone or zone
    happened_at = days.instant(foreign.day, foreign.at, own_zone)
    now = datetime.now(UTC)
    return ParsedEntry(
        media=tuple(replace(photo, created_at=database.timestamp(happened_at)) for photo in foreign.photos),
        entry=Entry(
            id=_derived_id(session, foreign.fingerprint()),
            day=foreign.day,
            happened_at=happened_at,
            time_known=foreign.at is not None,
            timezone=own_zone,
            mood=choice.mood,
            intensity=choice.intensity,
            source="hand",
            note=note,
            tags=entries.tidy_tags(tags[: entries.TAGS_MAX]),
            version=1,
            created_at=now,
            updated_at=now,
        ),
    )


def _tags(entry: ForeignEntry) -> list[str]:
    """The entry's tags, each cut to the length of a tag."""
    tidied = (" ".join(tag.strip().lstrip("#").split())[: entries.TAG_LENGTH_MAX].rstrip() for tag in entry.tags)
    return list(dict.fromkeys(tag for tag in tidied if tag))


def _with_derived_id(session: Session, file: ParsedFile, parsed: ParsedEntry) -> ParsedEntry:
    """An entry of the person's earlier account under an id of this one; the same file always gives the same ids."""
    return replace(parsed, entry=replace(parsed.entry, id=_derived_id(session, file.owner + parsed.entry.id)))


def _derived_id(session: Session, of: str) -> str:
    return hashlib.sha256(f"{session.account_id} {of}".encode()).hexdigest()[:32]
