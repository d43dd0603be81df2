"""A person on the music page."""

from __future__ import annotations

from components import state as session_state
from components.music.playlist import Playlist
from diary import days
from diary.entries import NewEntry
from tests.pages.conftest import Visit

PAGE = "pages/music.py"
ZONE = "Asia/Seoul"


class Music(Visit):
    """A person on the music page."""

    @property
    def kept(self) -> Playlist:
        return self.app.session_state[session_state.PLAYLIST.key]

    @property
    def titles(self) -> list[str]:
        return [choice.track.title_in(self.session.language) for choice in self.kept.choices]

    def choose(self, mood: str = "anger", intent: str = "match", intensity: int = 3) -> None:
        self.app.button_group(key="mood_choice_music").set_value(mood).run()
        self.app.select_slider(key="intensity_music").set_value(intensity).run()
        if intent != "match":
            self.app.button_group(key="music_intent").set_value(intent).run()
        self.expect_calm()

    def search(self) -> None:
        self.app.button(key="youtube_search").click().run()


def today(mood: str, intensity: int = 3) -> NewEntry:
    return NewEntry(mood, intensity, days.today(ZONE), ZONE)
