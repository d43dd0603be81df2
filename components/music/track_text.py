"""The name of a track on a page, and why it is in the playlist."""

from __future__ import annotations

from components.text import plain
from components.visitor import current_language, t
from music.recommend import Choice, Wish
from music.track import Track

_ALIKE = 0.12
"""Up to this difference in valence and arousal, a track sounds like the mood."""


def made_by(track: Track) -> str:
    """Composer or artist, then the performer."""
    names = [track.by_in(current_language()), track.performer]
    return " · ".join(name for name in names if name)


def title_and_maker(track: Track) -> str:
    """Title and maker in Markdown; a person's own tracks have no maker."""
    title, maker = f"**{plain(track.title_in(current_language()))}**", plain(made_by(track))
    return f"{title} — {maker}" if maker else title


def length(track: Track) -> str:
    return f"{track.seconds // 60}:{track.seconds % 60:02d}" if track.seconds else ""


def reason(choice: Choice, wish: Wish, place: int, count: int) -> str:
    """Why the track was chosen: its step on the path, and the other reasons."""
    sentences = [_step_on_path(choice, wish, place, count)]
    if choice.reason == "helped":
        sentences.append(t("why_music.helped"))
    elif choice.reason == "taste":
        genre = choice.track.genre
        sentences.append(t("why_music.taste") if genre == "other" else t("why_music.genre", genre=t(f"genre.{genre}")))
    elif choice.reason == "nearest":
        sentences = [t("why_music.nearest")]
    if choice.parts["novelty"] < -0.3:
        sentences.append(t("why_music.heard"))
    return " ".join(sentences)


def _step_on_path(choice: Choice, wish: Wish, place: int, count: int) -> str:
    if wish.intent == "match":
        return _difference_from_mood(choice)
    if place == 0 and count > 1:
        return t("why_music.start")
    goal = "warmth" if wish.is_dark and wish.intent == "lift" else wish.intent
    return t(f"why_music.goal_{goal}") if place == count - 1 else t(f"why_music.way_{goal}", step=place + 1)


def _difference_from_mood(choice: Choice) -> str:
    """In which direction the track differs most from the mood, if it does."""
    brighter = choice.track.valence - choice.wanted[0]
    livelier = choice.track.arousal - choice.wanted[1]
    if max(abs(brighter), abs(livelier)) < _ALIKE:
        return t("why_music.alike")
    if abs(brighter) >= abs(livelier):
        return t("why_music.brighter" if brighter > 0 else "why_music.darker")
    return t("why_music.livelier" if livelier > 0 else "why_music.calmer")
