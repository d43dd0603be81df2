"""Three buttons in the demo's Today: each fills the form with a prepared moment, which the models then read.

demo/moments.py has the moments. A real diary shows none of this.
"""

from __future__ import annotations

import streamlit as st

from components import state
from components.entry import attached, form_fields, open_form, parts
from components.entry.attached import Attachment
from components.visitor import current_language, t
from demo.moments import MOMENTS, Moment
from diary.sessions import Session

_ICONS = {"agree": ":material/done_all:", "contradict": ":material/swap_horiz:", "wrong": ":material/undo:"}


def moments(session: Session) -> None:
    """Draws the buttons, and says whose picture and voice they use."""
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
                        on_click=_fill,
                        args=(session, moment, current_language()),
                    )
                    st.caption(t(f"moment.{moment.name}_means"))
        st.caption(t("moment.whose"))


def _fill(session: Session, moment: Moment, language: str) -> None:
    """Opens a new form with the moment in it, to be read in the run that follows."""
    open_form.set_aside(session)
    form = state.NEW_ENTRY_FORM.get()
    form_fields.restore(form, "note", moment.line[language])
    # The line is what this person writes, and the actor in the recording says something else.
    attached.attach(form, "voice", Attachment(moment.sound, t("moment.voice"), is_written_down=False))
    attached.attach(form, "face", Attachment(moment.picture, t("moment.face")))
    parts.open_part(form, parts.LINE)
    state.READ_NOW.of(form).set(True)
