"""Three buttons in the demo's Today: each fills the form with a prepared moment, which the models then read.

demo/moments.py has the moments. A real diary shows none of this.
"""

from __future__ import annotations

import streamlit as st

from components import recognisers, state
from components.entry import attached, form_fields, open_form, parts
from components.entry.attached import Attachment
from components.visitor import find_visitor, t, with_visitor
from demo.moments import MOMENTS, Moment
from diary.sessions import Session
from understanding import fusion

_ICONS = {"agree": ":material/done_all:", "contradict": ":material/swap_horiz:", "wrong": ":material/undo:"}


def moments() -> None:
    """Draws the buttons, and says whose picture and voice they use. They need all three models."""
    if not recognisers.readable_sources().issuperset(fusion.SOURCES):
        return
    with st.container(key="moments", gap="xsmall"):
        st.header(t("moment.title"), anchor=False)
        st.write(t("moment.means"))
        with st.container(key="moment_buttons", gap="xsmall"):
            for moment in MOMENTS:
                with st.container(key=f"moment_card_{moment.name}", gap=None):
                    st.button(
                        t(f"moment.{moment.name}"),
                        key=f"moment_{moment.name}",
                        icon=_ICONS[moment.name],
                        width="stretch",
                        on_click=_press,
                        args=(moment,),
                    )
                    st.caption(t(f"moment.{moment.name}_means"))
        st.caption(t("moment.whose"))
    asked = state.ASKED_MOMENT.pop()
    if asked is not None:
        st.dialog(t("moment.replace"))(_ask)(asked)


def _press(moment: Moment) -> None:
    """Fills the form, unless it holds something of the visitor's own: then the run that follows asks first."""
    form_fields.read_widgets()  # the last thing typed arrives together with this press
    session = find_visitor()  # a callback runs without ui.py
    if _has_own_content(state.NEW_ENTRY_FORM.get()):
        state.ASKED_MOMENT.set(moment)
    else:
        _fill(session, moment)


def _has_own_content(form: str) -> bool:
    if form_fields.value(form, "note") in [line for moment in MOMENTS for line in moment.line.values()]:
        return False
    return bool(attached.of(form).by_source) or not open_form.is_untouched()


def _ask(moment: Moment) -> None:
    st.write(t("moment.replace_means"))
    with st.container(horizontal=True):
        does_replace = st.button(
            t("moment.replace_yes"),
            type="primary",
            key="moment_replace",
            on_click=with_visitor,
            args=(_fill, moment),
        )
        if does_replace or st.button(t("moment.replace_no"), key="moment_leave"):
            st.rerun()


def _fill(session: Session, moment: Moment) -> None:
    """Opens a new form with the moment in it, to be read in the run that follows."""
    open_form.set_aside(session)
    form = state.NEW_ENTRY_FORM.get()
    form_fields.restore(form, "note", moment.line[session.language])
    # The line is what this person writes, and the actor in the recording says something else.
    attached.attach(form, "voice", Attachment(moment.sound, t("moment.voice"), is_written_down=False))
    attached.attach(form, "face", Attachment(moment.picture, t("moment.face")))
    parts.open_part(form, parts.LINE)
    state.READ_NOW.of(form).set(True)
