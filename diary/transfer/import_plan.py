"""What importing a file would do. Making a plan changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from diary import consents, database, days, entries, errors, music_feedback, music_lists, own_tracks, photos, quotas
from diary.entries import Entry
from diary.music_lists import MusicList
from diary.own_tracks import OwnTrack
from diary.sessions import Session
from diary.transfer import tracker_plan, tracker_table
from diary.transfer.derived_ids import derived_id, with_derived_id
from diary.transfer.foreign_entries import tags_of, translated
from diary.transfer.moods import MoodChoice
from diary.transfer.parsed import ParsedEntry, ParsedFile, ParsedMedium
from diary.transfer.tracker_plan import TrackerPlan
from diary.transfer.tracker_table import ColumnChoice
from music.track import Track


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
    parsed_entries = [translated(session, entry, choice, zone) for entry, choice in chosen]
    parsed_entries += file.entries if own else [with_derived_id(session, file, parsed) for parsed in file.entries]
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
        crowded=sum(len(tags_of(entry)) > entries.TAGS_MAX for entry, _ in chosen),
        attachments_left_out=file.attachments_left_out,
        photos_missing=file.photos_missing,
        photos_of_known=late_photos,
        preferences=file.preferences,
        music_feedback=_new_feedback(session, file),
        own_tracks=_new_tracks(session, file, own),
        music_lists=_new_lists(session, file, own),
        trackers=_tracker_plan(session, file, zone, own, columns or {}),
    )


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
        lambda tracker_id: tracker_id if own else derived_id(session, file.owner + tracker_id),
    )


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
        new = [replace(track, id=derived_id(session, file.owner + track.id)) for track in new]
    return tuple(new[: max(own_tracks.TRACKS_MAX - len(here), 0)])


def _new_lists(session: Session, file: ParsedFile, own: bool) -> tuple[MusicList, ...]:
    """The file's saved lists that the diary lacks, as far as there is space."""

    def derived(track: Track) -> Track:
        # Under the ids that `_new_tracks` gives the own tracks.
        if track.kind != "own":
            return track
        return replace(track, id=f"own:{derived_id(session, file.owner + track.name)}")

    here = music_lists.every(session)
    found = file.music_lists
    if not own:
        found = tuple(
            replace(saved, id=derived_id(session, file.owner + saved.id), tracks=tuple(map(derived, saved.tracks)))
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
