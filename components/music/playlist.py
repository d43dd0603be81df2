"""The playlist on the Music page: its tracks, the one that plays, and how feedback about a track changes the list.

The list stays until the wish changes or the person asks for another list. Feedback replaces at most one track.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace

from components import notice, state
from components.visitor import t, zone
from diary import days, errors, music_feedback, own_tracks
from diary.music_lists import MusicList
from diary.sessions import Session
from music import catalogue, recommend
from music.catalogue import Catalogue
from music.recommend import Choice, Wish
from music.track import Track

log = logging.getLogger("haru.music")

_MAX_FAILURES = 5
"""After this many failed videos in a row, the cause is not the videos: the page stops trying others."""


@dataclass
class Playlist:
    wish: Wish
    source: str
    """youtube or local."""
    seed: int
    choices: list[Choice]
    at: int = 0
    opened: bool = False
    """The person pressed the YouTube button in this list: the next tracks may load by themselves."""
    jump: int = 0
    """A new number each time the person chooses another track or list; the player in the browser follows it."""
    called: int = -1
    """The `jump` of a track that the person chose by its own button: a local track then begins at once."""
    trouble: str = ""
    """The locale key of a sentence about a failure of the player."""
    failures: int = 0
    feedback: dict[str, str] = field(default_factory=dict)
    """The feedback after listening, by track id, so that the page can show it as chosen."""

    @property
    def now(self) -> Choice:
        return self.choices[self.at]

    def place_of(self, track_id: str) -> int | None:
        return next((place for place, choice in enumerate(self.choices) if choice.track.id == track_id), None)


def current(session: Session, wish: Wish, source: str) -> Playlist | None:
    """The list for this wish; None where no track is available."""
    playing = state.PLAYLIST.get()
    if playing and (playing.wish, playing.source) == (wish, source):
        return playing
    return _new(session, wish, source, seed=days.today(zone()).toordinal())


def in_use() -> Playlist:
    """The list on the page, for the callbacks of its buttons and players."""
    playing = state.PLAYLIST.get()
    assert playing is not None
    return playing


def switch_to_local(session: Session) -> bool:
    """Begins the list of local tracks for the same wish; false where there is none."""
    playing = in_use()
    if not pool(session, "local", catalogue.load()) or _new(session, playing.wish, "local", playing.seed) is None:
        return False
    play_now(0)
    return True


def still_there(session: Session, saved: MusicList) -> list[Track]:
    """The tracks of a saved list that can still be played: an own track may be deleted since."""
    here = {track.id for track in pool(session, saved.source, catalogue.load())}
    return [track for track in saved.tracks if track.id in here or track.kind == "youtube"]


def play_saved(session: Session, saved: MusicList, wish: Wish) -> bool:
    """Begins a saved list; false if none of its tracks is there any more."""
    choices = recommend.of_tracks(still_there(session, saved), wish, music_feedback.taste(session))
    if not choices:
        return False
    state.PLAYLIST.set(Playlist(wish, saved.source, days.today(zone()).toordinal(), choices))
    play_now(0)
    return True


def make_another(session: Session) -> None:
    """Another list for the same wish."""
    playing = in_use()
    _new(session, playing.wish, playing.source, playing.seed + 1)


def pool(session: Session, source: str, everything: Catalogue) -> list[Track]:
    """The tracks of a source; a person's own tracks belong to the local source."""
    if source == "youtube":
        listed = everything.of_kind("youtube")
        known = {track.id for track in listed}
        return listed + [track for track in state.FOUND_TRACKS.get() if track.id not in known]
    return everything.of_kind("local") + [own.as_track() for own in own_tracks.every(session)]


def add_found(tracks: list[Track]) -> None:
    state.FOUND_TRACKS.set(tracks)


def play(place: int) -> None:
    playing = in_use()
    playing.at = place
    playing.jump = _next_change()
    playing.trouble = ""


def play_now(place: int) -> None:
    """Plays the track whose button the person pressed."""
    play(place)
    playing = in_use()
    playing.called = playing.jump


def skip(session: Session) -> None:
    playing = in_use()
    give_feedback(session, "skipped", playing.now.track)
    play((playing.at + 1) % len(playing.choices))


def refuse(session: Session) -> None:
    """*Not for me*: never offers the track again and replaces it now."""
    playing = in_use()
    refused = playing.now.track
    give_feedback(session, "not_for_me", refused)
    notice.show_after_rerun(t("music.refused"))
    _replace(session, playing, playing.at, frozenset({refused.id}))


def give_feedback(session: Session, feedback: str, track: Track) -> None:
    """Stores feedback about a track. A full disk must not stop the music."""
    playing = in_use()
    if feedback in ("better", "same", "worse"):
        playing.feedback[track.id] = feedback
    try:
        music_feedback.add(session, feedback, track, playing.wish)
    except errors.DatabaseError:
        log.warning("feedback about a track could not be stored")


def replace_unplayable(session: Session, video: str) -> None:
    """Replaces a video that YouTube does not play here: by another recording of the work, or by the next best track."""
    playing = in_use()
    place = playing.place_of(f"youtube:{video}")
    if place is None:
        return
    failed = playing.choices[place].track
    give_feedback(session, "unplayable", failed)
    playing.failures += 1
    if playing.failures >= _MAX_FAILURES:
        playing.opened, playing.trouble = False, "music.none_plays"
        return
    playing.trouble = "music.handed_over"
    _replace(session, playing, place, frozenset({failed.id}))


def _new(session: Session, wish: Wish, source: str, seed: int) -> Playlist | None:
    tracks = pool(session, source, catalogue.load())
    choices = recommend.playlist(tracks, wish, music_feedback.taste(session), seed)
    if not choices:
        state.PLAYLIST.pop()
        return None
    new = Playlist(wish, source, seed, choices, jump=_next_change())
    state.PLAYLIST.set(new)
    return new


def _replace(session: Session, playing: Playlist, place: int, excluded: frozenset[str]) -> None:
    taste = music_feedback.taste(session)
    taste = replace(taste, refused=taste.refused | excluded)
    replacement = recommend.replacement(
        playing.choices, place, pool(session, playing.source, catalogue.load()), playing.wish, taste, playing.seed
    )
    if replacement is not None:
        playing.choices[place] = replacement
    elif len(playing.choices) > 1:
        del playing.choices[place]
        playing.at = min(playing.at, len(playing.choices) - 1)
    playing.jump = _next_change()


def _next_change() -> int:
    """A number that this session has not used yet: the browser's player recognises a change by it."""
    change = state.PLAYLIST_CHANGES.get() + 1
    state.PLAYLIST_CHANGES.set(change)
    return change
