"""Writes down all kept recordings at once, in the background, with progress."""

from __future__ import annotations

import streamlit as st

from components import recognisers, state
from components.visitor import find_visitor, sentence, t
from diary import consents, spoken_language, transcripts
from diary.sessions import Session
from understanding.write_down_all import NO_WORDS, OTHER_LANGUAGE, UNREADABLE, WRITTEN, WriteDownAll
from web import streamlit_private

_REFRESH = 1.0
"""Seconds between two looks at how far it is."""


def write_down_section(session: Session) -> None:
    st.header(t("write_down_all.title"), anchor=False)
    st.write(t("write_down_all.means"))
    work = state.WRITE_DOWN_ALL.get()
    if work is not None and not work.is_over:
        _progress()
        return
    if work is not None:
        _result(work)
    missing = len(transcripts.untranscribed(session))
    if not missing:
        st.caption(t("write_down_all.none_left"))
    elif "transcript" not in consents.given(session.account_id):
        st.info(t("write_down_all.off", count=f"{missing:,}"))
        st.page_link("pages/settings.py", label=t("nav.settings"), icon=":material/settings:")
    elif not recognisers.can_write_down():
        st.info(t("write_down_all.no_model"))
    elif st.button(t("write_down_all.button", count=f"{missing:,}"), type="primary", key="write_down_all"):
        _start(session)


def _start(session: Session) -> None:
    work = WriteDownAll(recognisers.speech_to_text(), spoken_language.of(session))
    # The person may use other pages meanwhile; without this tab, the work stops and lets go of the diary's key.
    work.start(session, is_watched=streamlit_private.watch_this_tab())
    state.WRITE_DOWN_ALL.set(work)
    st.rerun()


# It gets no session: Streamlit holds the arguments of a fragment, and the session has the diary's key.
@st.fragment(run_every=_REFRESH)
def _progress() -> None:
    find_visitor()  # a fragment runs without ui.py
    work = state.WRITE_DOWN_ALL.get()
    if work is None or work.is_over:
        st.rerun()
    number = min(work.finished + 1, work.total)
    st.progress(work.share, text=t("write_down_all.working", number=f"{number:,}", count=f"{work.total:,}"))
    st.caption(t("write_down_all.meanwhile"))
    # A callback: the fragment reruns so often that the next rerun may come before the click.
    st.button(t("write_down_all.stop"), key="write_down_all_stop", icon=":material/stop_circle:", on_click=work.cancel)


def _result(work: WriteDownAll) -> None:
    if work.error is not None:
        st.error(sentence(work.error))
    elif work.finished < work.total:
        st.info(t("write_down_all.stopped"), icon=":material/pause_circle:")
    lines = {
        "write_down_all.written": work.outcomes[WRITTEN],
        "write_down_all.notes": work.notes,
        "write_down_all.no_words": work.outcomes[NO_WORDS],
        "write_down_all.other_language": work.outcomes[OTHER_LANGUAGE],
        "write_down_all.unreadable": work.outcomes[UNREADABLE],
    }
    st.markdown("\n".join(f"- {t(key, count=f'{count:,}')}" for key, count in lines.items() if count))
