"""Three cards for a diary that is still empty. Skipped, read through or overtaken by a first entry, they are over."""

from __future__ import annotations

import streamlit as st

from components.visitor import t
from diary import entries
from diary.preferences import one_of
from diary.sessions import Session

TOUR = one_of("tour", "ahead", "over")
CARDS = ("choose", "correct", "find_again")


def tour(session: Session) -> None:
    if TOUR.of(session) == "over":
        return
    if entries.count(session):
        TOUR.choose(session, "over")  # whoever keeps days needs nobody to show them how
        return
    at = st.session_state.get("tour_card", 0)
    with st.container(border=True, key="tour", gap="small"):
        st.markdown(f"**{t(f'tour.{CARDS[at]}')}**")
        st.write(t(f"tour.{CARDS[at]}_means"))
        with st.container(horizontal=True, vertical_alignment="center"):
            if at + 1 < len(CARDS):
                st.button(t("tour.next"), key="tour_next", on_click=_turn, args=(at + 1,))
            else:
                st.button(t("tour.begin"), key="tour_next", on_click=TOUR.choose, args=(session, "over"))
            st.button(t("tour.skip"), key="tour_skip", type="tertiary", on_click=TOUR.choose, args=(session, "over"))
            st.caption(t("tour.place", card=at + 1, cards=len(CARDS)))


def _turn(card: int) -> None:
    st.session_state["tour_card"] = card
