"""The import of voice memos: several recordings become entries, one each, after the person has reviewed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.typing import UploadedFile

from components import notice, page_cache, recognisers, state, uploads
from components.data.memo_review import Reviewed, is_unchanged, memo_card, start_fields_anew
from components.entry.capture import SOUNDS
from components.entry.kept_media import media_to_keep
from components.entry.strength import USUAL_INTENSITY
from components.text import plain
from components.visitor import find_visitor, sentence, t
from diary import consents, corrections, entries, errors, spoken_language, voice_memos
from diary.entries import NewEntry
from diary.sessions import Session
from understanding.analyst import UserInput
from understanding.voice_memos import Held, Memo, MemoFile, MemoReader, Readers, State

FILES_MAX = 30
"""A page with more reviews would be slow."""
_REFRESH = 1.0
"""Seconds between two movements of the progress bar."""
# Recorders of telephones write these too; the content decides what a file is.
_KINDS = [*SOUNDS, "3ga", "3gp", "aif", "aiff", "amr", "caf", "wma"]


@dataclass
class _List:
    """The memos that are reviewed on this page."""

    held: Held = field(default_factory=lambda: Held(MemoReader()))
    problems: dict[str, str] = field(default_factory=dict)
    """By the file's id: why its entry could not be saved."""

    @property
    def reader(self) -> MemoReader:
        return self.held.reader


def voice_memos_section(session: Session, zone: str) -> None:
    st.header(t("memos.title"), anchor=False)
    st.write(t("memos.means"))
    uploaded = st.file_uploader(
        t("memos.files"),
        type=_KINDS,
        accept_multiple_files=True,
        max_upload_size=uploads.MEDIA,
        key=f"memos_{state.MEMO_LIST_NUMBER.get()}",
    )
    if not uploaded:
        page_cache.forget("memos")
        return
    memo_list = _open_list()
    readers = _readers(session, zone)
    # In a container even when it is empty: fields that move by one element lose what is being typed.
    with st.container():
        memo_list.reader.offer(_files(session, memo_list.reader, uploaded), readers)
        _say_what_is_off(session, readers)
    memos = memo_list.reader.memos
    with st.container():
        _work(memo_list.reader, memos)
    reviewed = [found for memo in memos if (found := _card(memo_list, memo, zone))]
    _keep(session, zone, memo_list, reviewed)


def _open_list() -> _List:
    return page_cache.cached("memos", state.MEMO_LIST_NUMBER.get(), _List)


def _files(session: Session, reader: MemoReader, uploaded: Sequence[UploadedFile]) -> list[MemoFile]:
    """The uploaded files, as many as may be in memory at once; names those that are left out."""
    known = {memo.file.id: memo.file for memo in reader.memos}
    files: list[MemoFile] = []
    left_out: list[str] = []
    size = 0
    for upload in uploaded:
        if len(files) == FILES_MAX or size + upload.size > uploads.MEMOS * 2**20:
            left_out.append(plain(upload.name))
            continue
        size += upload.size
        files.append(known.get(upload.file_id) or _file(session, upload))
    if left_out:
        names = ", ".join(left_out)
        st.warning(t("memos.too_many", files=FILES_MAX, megabytes=uploads.MEMOS, names=names), icon=":material/info:")
    return files


def _file(session: Session, upload: UploadedFile) -> MemoFile:
    content = upload.getvalue()
    return MemoFile(upload.file_id, upload.name, content, here_on=voice_memos.kept_on(session, content))


def _readers(session: Session, zone: str) -> Readers:
    allowed = consents.given(session.account_id)
    may_write = "transcript" in allowed and recognisers.can_write_down()
    return Readers(
        analyst=recognisers.analyst(),
        zone=zone,
        speech=recognisers.speech_to_text() if may_write else None,
        languages=spoken_language.of(session),
        reads_voice="voice" in allowed and "voice" in recognisers.readable_sources(),
        corrections=corrections.of(session),
        mood_shares=corrections.shares(session),
    )


def _say_what_is_off(session: Session, readers: Readers) -> None:
    allowed = consents.given(session.account_id)
    if readers.speech is None:
        st.caption(t("memos.transcript_missing" if "transcript" in allowed else "memos.transcript_off"))
    if "voice" not in allowed:
        st.caption(t("capture.voice_off"))
    if "media" not in allowed:
        st.caption(t("memos.media_off"))


def _work(reader: MemoReader, memos: Sequence[Memo]) -> None:
    """Shows how far the work is; after a stop, offers to go on."""
    if unfinished := sum(memo.is_unfinished for memo in memos):
        _progress(len(memos) - unfinished)
    elif stopped := [memo for memo in memos if memo.state is State.STOPPED and is_unchanged(memo)]:
        st.button(
            t("memos.go_on"), key="memos_go_on", icon=":material/play_arrow:", on_click=_go_on, args=(reader, stopped)
        )


@st.fragment(run_every=_REFRESH)
def _progress(finished: int) -> None:
    """How far the work is; draws the whole page again once more memos are `finished` than it shows."""
    find_visitor()  # a fragment runs without ui.py
    reader = _open_list().reader
    memos = reader.memos
    unfinished = [memo for memo in memos if memo.is_unfinished]
    if len(memos) - len(unfinished) != finished or not unfinished:
        st.rerun()
    current = next((memo for memo in unfinished if memo.state is not State.WAITING), unfinished[0])
    number = memos.index(current) + 1
    st.progress(
        min(1.0, (finished + current.share) / len(memos)),
        t("memos.working", number=number, of=len(memos), name=plain(current.file.name)),
    )
    # A callback: the fragment reruns so often that the next rerun may come before the click.
    st.button(t("memos.stop"), key="memos_stop", icon=":material/stop:", on_click=reader.stop)


def _go_on(reader: MemoReader, stopped: Sequence[Memo]) -> None:
    for memo in stopped:
        start_fields_anew(memo)
    reader.go_on([memo.file.id for memo in stopped])


def _card(memo_list: _List, memo: Memo, zone: str) -> Reviewed | None:
    return memo_card(memo_list.reader, memo, zone, memo_list.problems.get(memo.file.id))


def _keep(session: Session, zone: str, memo_list: _List, reviewed: Sequence[Reviewed]) -> None:
    # In a container even when it is empty: a button that moves by one element is there twice while the page is drawn.
    with st.container():
        if without_mood := sum(each.mood is None for each in reviewed):
            st.caption(t("memos.moods_missing", count=without_mood))
    is_pressed = False
    with st.container(horizontal=True):
        if any(memo.can_be_kept for memo in memo_list.reader.memos):
            is_pressed = st.button(
                t("memos.keep_one" if len(reviewed) == 1 else "memos.keep", count=len(reviewed)),
                type="primary",
                disabled=not reviewed or without_mood > 0,
                key="memos_keep",
            )
        # Not beside memos that the person still wants: one tap would lose what they typed.
        is_done = not reviewed and not any(memo.is_unfinished for memo in memo_list.reader.memos)
        if is_done and st.button(t("memos.clear"), key="memos_clear", icon=":material/delete_sweep:", type="tertiary"):
            _clear()
    if not is_pressed:
        return
    bar = st.progress(0.0, t("memos.saving"))
    kept = 0
    for number, each in enumerate(reviewed, start=1):
        memo_id = each.memo.file.id
        try:
            _save(session, zone, memo_list.reader, each)
        except errors.DiaryError as error:
            memo_list.problems[memo_id] = sentence(error)
            if isinstance(error, errors.DatabaseError):  # the others would fail too
                break
        else:
            # Before the next call of Streamlit, which may end this run.
            memo_list.reader.mark_kept(memo_id)
            memo_list.problems.pop(memo_id, None)
            kept += 1
        bar.progress(number / len(reviewed))
    if kept:
        notice.show_after_rerun(t("memos.done_one" if kept == 1 else "memos.done", count=kept))
    if all(memo.state in (State.KEPT, State.HERE, State.REPEATED) for memo in memo_list.reader.memos):
        _clear()
    st.rerun()


def _save(session: Session, zone: str, reader: MemoReader, reviewed: Reviewed) -> None:
    """Saves one memo as an entry: in one transaction, and once, however often it is saved."""
    memo, note = reviewed.memo, reviewed.note
    analysis = memo.analysis
    if analysis and not analysis.matches(UserInput(note=note)):
        analysis = reader.analysis_of(memo, note)  # the person changed the words after they were read
    new = NewEntry(
        mood=reviewed.mood or "",
        intensity=USUAL_INTENSITY,
        day=reviewed.day,
        at=reviewed.at,
        timezone=zone,
        note=note,
        source=analysis.source if analysis else "hand",
        id=voice_memos.entry_id(session, memo.file.content),
    )
    # Half a transcript would pass for all that the recording says.
    transcript = memo.transcript if memo.state is State.READY else None
    kept = media_to_keep(session, UserInput(recording=memo.file.content, transcript=transcript))
    entries.add(session, new, readings=analysis.to_store if analysis else (), media=kept)


def _clear() -> None:
    page_cache.forget("memos")
    state.MEMO_LIST_NUMBER.set(state.MEMO_LIST_NUMBER.get() + 1)  # a new key empties the uploader
    st.rerun()
