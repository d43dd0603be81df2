"""Three cards that explain an empty diary; they end when they are read, skipped, or the first entry is saved."""

from __future__ import annotations

import streamlit as st

from components import state
from components.visitor import t, with_visitor
from diary import entries
from diary.preferences import one_of
from diary.sessions import Session

TOUR = one_of("tour", "ahead", "over")
CARDS = ("choose", "correct", "find_again")


def tour(session: Session) -> None:
    if TOUR.of(session) == "over":
        return
    if entries.count(session):
        TOUR.choose(session, "over")
        return
    at = state.TOUR_CARD.get()
    with st.container(border=True, key="tour", gap="small"):
        st.markdown(f"**{t(f'tour.{CARDS[at]}')}**")
        st.write(t(f"tour.{CARDS[at]}_means"))
        with st.container(horizontal=True, vertical_alignment="center"):
            if at + 1 < len(CARDS):
                st.button(t("tour.next"), key="tour_next", on_click=state.TOUR_CARD.set, args=(at + 1,))
            else:
                st.button(t("tour.begin"), key="tour_next", on_click=with_visitor, args=(TOUR.choose, "over"))
            st.button(
                t("tour.skip"), key="tour_skip", type="tertiary", on_click=with_visitor, args=(TOUR.choose, "over")
            )
            st.caption(t("tour.place", card=at + 1, cards=len(CARDS)))
