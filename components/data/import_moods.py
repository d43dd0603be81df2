"""The moods of another diary: which of the seven each of them stands for."""

from __future__ import annotations

import streamlit as st

from components.dates import short_date
from components.moods import intensity_name, mood_name
from components.text import plain
from components.visitor import t
from diary import entries
from diary.transfer.moods import USUAL_INTENSITY, MoodChoice, suggest
from diary.transfer.parsed import ParsedFile
from emotions import EMOTIONS

_LEAVE_OUT = "leave_out"
_NUMBERED = ("pixels", "journey")
_WITHOUT_SUGGESTION = ("journey",)
"""Nobody outside knows whether its mood 5 is the best or the worst."""
_EXAMPLES = 2
_EXAMPLE_CHARACTERS = 40


def mood_choices(parsed: ParsedFile, file_id: str) -> dict[str, MoodChoice | None]:
    """Asks which of the seven moods each mood of the file stands for, with a suggestion where it is clear."""
    moods = parsed.moods()
    if not moods:
        return {}
    has_none = set(moods) == {""}
    is_guessed = parsed.format not in _WITHOUT_SUGGESTION
    st.markdown(f"**{t('import.no_mood_title') if has_none else t('import.moods')}**")
    if has_none:
        st.caption(t("import.no_mood_means"))
    else:
        st.caption(t("import.moods_means") if is_guessed else t("import.moods_means_journey"))
    names = {mood: mood_name(mood) for mood in EMOTIONS} | {_LEAVE_OUT: t("import.leave_out")}
    intensities = {intensity: intensity_name(intensity) for intensity in entries.INTENSITIES}
    choices: dict[str, MoodChoice | None] = {}
    for number, mood in enumerate(_in_order(parsed.format, moods)):
        suggested = suggest(mood) if is_guessed else None
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.selectbox(
                _label(parsed.format, mood, moods[mood]),
                list(names),
                index=list(names).index(suggested.mood) if suggested else None,
                format_func=names.__getitem__,
                placeholder=t("import.choose"),
                key=f"bring_mood_{file_id}_{number}",
            )
            intensity = st.selectbox(
                t("entry.intensity"),
                list(intensities),
                index=(suggested.intensity if suggested else USUAL_INTENSITY) - 1,
                format_func=intensities.__getitem__,
                disabled=chosen in (None, _LEAVE_OUT),
                key=f"bring_strength_{file_id}_{number}",
            )
        if mood and not is_guessed:
            _examples(parsed, mood)
        if chosen is not None:
            choices[mood] = None if chosen == _LEAVE_OUT else MoodChoice(chosen, intensity)
    return choices


def _in_order(file_format: str, moods: dict[str, int]) -> list[str]:
    """The most used first, or by number; entries without a mood last."""
    if file_format in _NUMBERED:
        return sorted(moods, key=lambda mood: (not mood, int(mood or 0)))
    return sorted(moods, key=lambda mood: not mood)


def _label(file_format: str, mood: str, count: int) -> str:
    if not mood:
        return t("import.no_mood", count=f"{count:,}")
    kind = file_format if file_format in _NUMBERED else "named"
    return t(f"import.mood_{kind}", mood=plain(mood), count=f"{count:,}")


def _examples(parsed: ParsedFile, mood: str) -> None:
    """What the person wrote on days of this mood, because a number alone recalls nothing."""
    with_note = [entry for entry in parsed.foreign_entries if entry.mood == mood and entry.note.strip()]
    for entry in with_note[:_EXAMPLES]:
        beginning = " ".join(entry.note.split())
        cut = "…" if len(beginning) > _EXAMPLE_CHARACTERS else ""
        st.caption(f"{plain(short_date(entry.day))} · {plain(beginning[:_EXAMPLE_CHARACTERS])}{cut}")
