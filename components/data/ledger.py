"""Whether the file of the diary still matches what the person kept, and what to do where it does not."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from components import notice, page_cache
from components.visitor import find_visitor, t
from diary import errors, ledger_check
from diary.ledger_check import Finding
from diary.sessions import Session

_CACHED = "ledger"


def look_at_first_opening(session: Session) -> None:
    """Says in the bar that something was changed outside Haru. Call it before the bar is drawn."""
    with suppress(errors.DiaryError):  # the page says it
        finding = ledger_check.check_if_due(session)
        if finding is not None and not finding.fits:
            notice.show_after_rerun(t("ledger.notice"), until_closed=True)


def what_differs(session: Session) -> None:
    """Nothing where all matches."""
    finding = _finding(session)
    if finding is None or finding.fits:
        return
    lines = [
        t("ledger.altered_entries", count=finding.altered_entries) if finding.altered_entries else "",
        t("ledger.altered_others", count=finding.altered_others) if finding.altered_others else "",
        t("ledger.missing", count=finding.missing) if finding.missing else "",
        "" if finding.is_complete else t("ledger.incomplete"),
    ]
    with st.container(border=True, key="ledger_differs"):
        st.warning(t("ledger.differs"), icon=":material/compare_arrows:")
        st.markdown("\n".join(f"- {line}" for line in lines if line))
        st.write(t("ledger.what_to_do"))
        st.button(t("ledger.accept"), key="ledger_accept", on_click=_accept)


def that_all_matches(session: Session) -> None:
    """Nothing where something differs."""
    finding = _finding(session)
    if finding is not None and finding.fits:
        st.caption(t("ledger.fits", changes=f"{finding.changes:,}"))


def _finding(session: Session) -> Finding | None:
    return page_cache.cached(_CACHED, session.account_id, lambda: ledger_check.check(session))


def _accept() -> None:
    session = find_visitor()  # a callback runs without ui.py
    with notice.showing_errors():
        ledger_check.accept(session)
        page_cache.forget(_CACHED)
        notice.show_after_rerun(t("ledger.accepted"))
