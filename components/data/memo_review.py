"""One voice memo as the person reviews it: player, day and time, words, mood, and whether to keep it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

import streamlit as st

from components.dates import day_label, field_format
from components.entry.transcription import language_name
from components.entry.verdict import refusal_sentence, suggested_mood, verdict_sentence
from components.moods import mood_name
from components.text import plain
from components.visitor import t
from diary import days, media_types
from emotions import EMOTIONS
from understanding.voice_memos import Memo, MemoReader, State


@dataclass(frozen=True)
class Reviewed:
    """One memo as the person wants to keep it."""

    memo: Memo
    mood: str | None
    day: date
    at: time | None
    note: str


def memo_card(reader: MemoReader, memo: Memo, zone: str, problem: str | None) -> Reviewed | None:
    """Shows one memo, and the `problem` that saving it had; returns what the person wants to keep of it, or None."""
    with st.container(border=True, key=f"memo_{memo.file.id}"):
        if memo.can_be_kept:
            return _review(reader, memo, zone, problem)
        st.markdown(f"**{plain(memo.file.name)}**")
        if memo.state is State.KEPT:
            st.success(t("memos.kept"), icon=":material/check:")
        elif memo.state is State.REFUSED and memo.refusal is not None:
            st.warning(refusal_sentence("voice", memo.refusal), icon=":material/info:")
        elif memo.state is State.REPEATED:
            st.info(t("memos.same", name=plain(memo.same_as)), icon=":material/content_copy:")
        elif memo.state is State.HERE and memo.file.here_on is not None:
            st.info(t("memos.here", day=day_label(memo.file.here_on)), icon=":material/check:")
        else:
            st.caption(t("memos.unfinished"))
    return None


def _review(reader: MemoReader, memo: Memo, zone: str, problem: str | None) -> Reviewed | None:
    is_wanted = st.checkbox(
        t("memos.include", name=plain(memo.file.name), length=_length(memo.seconds)),
        value=memo.not_written is None or memo.not_written.code != "no_words",
        key=f"memo_include_{memo.file.id}",
    )
    with st.container():
        if problem:
            st.error(problem)
    _player(memo)
    day, at = _when(memo, zone)
    note = st.text_area(
        t("entry.note"), value=memo.text, placeholder=t("entry.note_placeholder"), key=f"note_memo_{memo.file.id}"
    )
    with st.container():
        _say_what_is_missing(reader, memo)
    moods = {mood: mood_name(mood) for mood in EMOTIONS}
    mood = st.pills(
        t("entry.mood"),
        list(moods),
        default=suggested_mood(memo.analysis),
        format_func=moods.__getitem__,
        key=f"mood_choice_{memo.file.id}",
        width="stretch",
    )
    if memo.analysis and memo.analysis.fused:
        st.caption(verdict_sentence(memo.analysis, memo.analysis.fused))
    return Reviewed(memo, mood, day, at, note) if is_wanted else None


def _say_what_is_missing(reader: MemoReader, memo: Memo) -> None:
    """Why the note is empty or ends early."""
    if memo.state is State.STOPPED:
        st.caption(t("memos.stopped"))
    elif memo.not_written is None:
        return
    elif memo.not_written.code == "other_language" and is_unchanged(memo):
        language = str(memo.not_written.details.get("language", ""))
        name = language_name(language)
        st.caption(t("transcript.other_language", name=name))
        st.button(
            t("transcript.all_the_same", name=name), key=f"memo_language_{memo.file.id}", icon=":material/edit_note:",
            type="tertiary", on_click=_write_down_in, args=(reader, memo, language),
        )  # fmt: skip
    else:
        st.caption(t("memos.no_words" if memo.not_written.code == "no_words" else "memos.not_written"))


def _player(memo: Memo) -> None:
    mime = media_types.mime_of("sound", memo.file.content)
    if mime == media_types.UNKNOWN:
        st.caption(t("memos.not_playable"))
    else:
        st.audio(memo.file.content, format=mime)


def _when(memo: Memo, zone: str) -> tuple[date, time | None]:
    """Asks for day and time, filled from the recording; says where they come from."""
    recorded, today = memo.recorded, days.today(zone)
    left, right = st.columns(2)
    day = left.date_input(
        t("entry.day"),
        value=recorded.day if recorded else today,
        # Wider than the days that can be saved, so that Haru's own message answers a wrong year.
        min_value=date(1800, 1, 1),
        max_value=today + timedelta(days=366),
        format=field_format(),
        key=f"memo_day_{memo.file.id}",
    )
    # Only a field that starts empty can be emptied again.
    key = f"memo_time_{memo.file.id}"
    if key not in st.session_state:
        st.session_state[key] = recorded.at if recorded else None
    at = right.time_input(t("entry.time"), value=None, step=300, key=key)
    if recorded is None:
        st.info(t("memos.no_date"), icon=":material/event:")
    else:
        st.caption(t("memos.date_from_name" if recorded.is_from_name else "memos.date_from_file"))
    return day, at


def is_unchanged(memo: Memo) -> bool:
    """Whether the person wrote nothing of their own: a new transcript would take its place."""
    return st.session_state.get(f"note_memo_{memo.file.id}", memo.text) == memo.text


def start_fields_anew(memo: Memo) -> None:
    """Lets the fields show what will be written down: a field shows its old value as long as it has one."""
    st.session_state.pop(f"note_memo_{memo.file.id}", None)
    mood_key = f"mood_choice_{memo.file.id}"
    if st.session_state.get(mood_key) is None:
        st.session_state.pop(mood_key, None)


def _write_down_in(reader: MemoReader, memo: Memo, language: str) -> None:
    start_fields_anew(memo)
    reader.write_down_in(memo.file.id, language)


def _length(seconds: float) -> str:
    return f"{round(seconds) // 60}:{round(seconds) % 60:02d}"
