"""The playlist in front of a person: which pieces, which of them is on, and what becomes of it when they say something.

It stays as it is until the wish changes or a new list is asked for; what is said of one piece moves that piece only.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import streamlit as st

from components import notice
from components.visitor import t, zone
from diary import days, errors, music_feedback, own_tracks
from diary.sessions import Session
from music import catalogue, recommend
from music.catalogue import Catalogue
from music.recommend import Choice, Wish
from music.track import Track

log = logging.getLogger("haru.music")

_KEY, _FOUND, _TURNS = "listening", "music_found", "music_turns"
_HANDED_OVER_AT_MOST = 5
"""After so many videos in a row that do not play, something else is wrong: no more of them are tried by themselves."""


@dataclass
class Listening:
    wish: Wish
    source: str
    """youtube or local."""
    seed: int
    choices: list[Choice]
    at: int = 0
    opened: bool = False
    """YouTube was asked for in this list: the next pieces may load by themselves."""
    jump: int = 0
    """Another number each time another piece or list was chosen here; the player in the browser follows."""
    called: int = -1
    """The `jump` at which a piece was called by its own button: without internet it then begins at once."""
    trouble: str = ""
    """The key of one honest line about the player."""
    failures: int = 0
    said: dict[str, str] = field(default_factory=dict)
    """What was said of a piece after hearing it, so that the page can show it was understood."""

    @property
    def now(self) -> Choice:
        return self.choices[self.at]

    def place_of(self, track_id: str) -> int | None:
        return next((place for place, choice in enumerate(self.choices) if choice.track.id == track_id), None)


def current(session: Session, wish: Wish, source: str) -> Listening | None:
    """The list for this wish; None where there is nothing at all to hear."""
    kept: Listening | None = st.session_state.get(_KEY)
    if kept and (kept.wish, kept.source) == (wish, source):
        return kept
    return _new(session, wish, source, seed=days.today(zone(session)).toordinal())


def again(session: Session) -> None:
    """Another list for the same wish."""
    kept: Listening = st.session_state[_KEY]
    _new(session, kept.wish, kept.source, kept.seed + 1)


def pool(session: Session, source: str, everything: Catalogue) -> list[Track]:
    """What can be offered from a source: one's own music lies beside Haru's own tracks."""
    if source == "youtube":
        there = everything.of_kind("youtube")
        known = {track.id for track in there}
        return there + [track for track in st.session_state.get(_FOUND, []) if track.id not in known]
    return everything.of_kind("local") + [own.as_track() for own in own_tracks.every(session)]


def add_found(tracks: list[Track]) -> None:
    st.session_state[_FOUND] = tracks


def hear(place: int) -> None:
    kept: Listening = st.session_state[_KEY]
    kept.at = place
    kept.jump = _turn()
    kept.trouble = ""


def call(place: int) -> None:
    """The person pressed the button beside this piece: it shall be heard now."""
    hear(place)
    kept: Listening = st.session_state[_KEY]
    kept.called = kept.jump


def next_one(session: Session) -> None:
    """Passes over the piece that is on."""
    kept: Listening = st.session_state[_KEY]
    say(session, "skipped", kept.now.track)
    hear((kept.at + 1) % len(kept.choices))


def refuse(session: Session) -> None:
    """Not for me: never again, and something else comes in its place now."""
    kept: Listening = st.session_state[_KEY]
    gone = kept.now.track
    say(session, "not_for_me", gone)
    notice.leave(t("music.refused"))
    _replace(session, kept, kept.at, frozenset({gone.id}))


def say(session: Session, saying: str, track: Track) -> None:
    """Notes what was said. A disk that is full must not stop the music."""
    kept: Listening = st.session_state[_KEY]
    if saying in ("better", "same", "worse"):
        kept.said[track.id] = saying
    try:
        music_feedback.add(session, saying, track, kept.wish)
    except errors.DatabaseError:
        log.warning("a saying about music could not be noted")


def unplayable(session: Session, video: str) -> None:
    """A video that may not be played here hands over: to another recording of the piece, or to the next best one."""
    kept: Listening = st.session_state[_KEY]
    place = kept.place_of(f"youtube:{video}")
    if place is None:
        return
    gone = kept.choices[place].track
    say(session, "unplayable", gone)
    kept.failures += 1
    if kept.failures >= _HANDED_OVER_AT_MOST:
        kept.opened, kept.trouble = False, "music.none_plays"
        return
    kept.trouble = "music.handed_over"
    _replace(session, kept, place, frozenset({gone.id}))


def _new(session: Session, wish: Wish, source: str, seed: int) -> Listening | None:
    tracks = pool(session, source, catalogue.load())
    choices = recommend.playlist(tracks, wish, music_feedback.taste(session), seed)
    if not choices:
        st.session_state.pop(_KEY, None)
        return None
    made = Listening(wish, source, seed, choices, jump=_turn())
    st.session_state[_KEY] = made
    return made


def _replace(session: Session, kept: Listening, place: int, gone: frozenset[str]) -> None:
    known = music_feedback.taste(session)
    known = recommend.Taste(**(vars(known) | {"refused": known.refused | gone}))
    newcomer = recommend.replacement(
        kept.choices, place, pool(session, kept.source, catalogue.load()), kept.wish, known, kept.seed
    )
    if newcomer is not None:
        kept.choices[place] = newcomer
    elif len(kept.choices) > 1:
        del kept.choices[place]
        kept.at = min(kept.at, len(kept.choices) - 1)
    kept.jump = _turn()


def _turn() -> int:
    """Never the same twice in a session: a new list must not look like the old one to a player that goes on."""
    st.session_state[_TURNS] = st.session_state.get(_TURNS, 0) + 1
    return st.session_state[_TURNS]
