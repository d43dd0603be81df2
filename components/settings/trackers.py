"""The list of a person's trackers, and the form that adds one."""

from __future__ import annotations

import secrets

import streamlit as st

from components import notice, state
from components.tracker_text import tracker_label
from components.visitor import find_visitor, sentence, t
from diary import damage, errors, trackers
from diary.sessions import Session
from diary.trackers import KINDS, TRACKERS_MAX, Tracker
from language import LANGUAGES, say

SUGGESTED = {
    "sleep": ("😴", "minutes"),
    "pain": ("🤕", "scale"),
    "medicine": ("💊", "yes_no"),
    "steps": ("👟", "count"),
    "water": ("💧", "count"),
    "coffee": ("☕", "count"),
    "exercise": ("🏃", "minutes"),
    "weight": ("⚖️", "count"),
    "energy": ("🔋", "scale"),
    "period": ("🩸", "yes_no"),
    "alcohol": ("🍷", "count"),
    "screen": ("📱", "minutes"),
}
EMOJI_BY_KIND = {"scale": "🎚️", "minutes": "⏱️", "count": "🔢", "yes_no": "✅"}
_FURTHER_EMOJI = ("📚", "🧘", "🎸", "🍎", "🥗", "💰", "🚬", "🌡️", "🫁", "🌱", "🐕", "🧠", "⭐", *EMOJI_BY_KIND.values())


def tracker_list(session: Session) -> None:
    found, counts = trackers.every(session), trackers.count_values(session)
    for place, tracker in enumerate(found):
        with st.container(border=True, key=f"tracker_{tracker.id}"):
            if tracker.is_damaged:
                _damaged(session, tracker)
            elif state.EDITED_TRACKER.get() == tracker.id:
                _edit(session, tracker)
            else:
                with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                    _line(tracker, counts.get(tracker.id, 0))
                    _buttons(tracker, is_first=place == 0, is_last=place == len(found) - 1)


def add_tracker(session: Session) -> None:
    here = trackers.every(session)
    st.header(t("tracker.add"), anchor=False)
    if len(here) >= TRACKERS_MAX:
        st.write(t("error.too_many_trackers", most=TRACKERS_MAX))
        return
    form = state.NEW_TRACKER.get_or_make(lambda: secrets.token_hex(16))
    taken = {trackers.compared_name(tracker.name) for tracker in here}
    names = {key: t(f"tracker.suggest_{key}") for key in SUGGESTED}
    labels = {key: f"{SUGGESTED[key][0]} {name}" for key, name in names.items()}
    kinds = {kind: t(f"tracker.kind_{kind}") for kind in KINDS}
    offered = [key for key, name in names.items() if trackers.compared_name(name) not in taken]
    st.pills(
        t("tracker.suggestions"),
        offered,
        format_func=labels.__getitem__,
        key=f"tracker_suggestion_{form}",
        on_change=_fill_in,
        args=(form,),
    )
    name = st.text_input(t("tracker.name"), key=f"tracker_name_{form}")
    kind = st.radio(
        t("tracker.kind"),
        KINDS,
        format_func=kinds.__getitem__,
        captions=[t(f"tracker.kind_{kind}_means") for kind in KINDS],
        key=f"tracker_kind_{form}",
    )
    emoji = _emoji_field(f"tracker_emoji_{form}", None)
    if not st.button(t("tracker.add_button"), type="primary", icon=":material/add:", key=f"tracker_add_{form}"):
        return
    new = Tracker(name, emoji or emoji_for(name, kind), kind, form)
    try:
        trackers.add(session, new)
    except errors.DiaryError as error:
        st.error(sentence(error))
        return
    state.NEW_TRACKER.pop()
    notice.show_after_rerun(t("tracker.added", name=tracker_label(new)))
    st.rerun()


def emoji_for(name: str, kind: str) -> str:
    """The emoji of the suggestion that `name` mentions in any language, or one for the kind."""
    words = name.casefold().split()
    for key, (emoji, _) in SUGGESTED.items():
        suggested = {say(language, f"tracker.suggest_{key}").casefold() for language in LANGUAGES}
        if suggested & {*words, " ".join(words)}:
            return emoji
    return EMOJI_BY_KIND[kind]


def _fill_in(form: str) -> None:
    suggestion = st.session_state[f"tracker_suggestion_{form}"]
    if suggestion is None:
        return
    emoji, kind = SUGGESTED[suggestion]
    st.session_state[f"tracker_name_{form}"] = t(f"tracker.suggest_{suggestion}")
    st.session_state[f"tracker_emoji_{form}"] = emoji
    st.session_state[f"tracker_kind_{form}"] = kind


def _emoji_field(key: str, chosen: str | None) -> str:
    suggested = [emoji for emoji, _ in SUGGESTED.values()]
    emoji = st.selectbox(
        t("tracker.emoji"),
        list(dict.fromkeys([*([chosen] if chosen else []), *suggested, *_FURTHER_EMOJI])),
        index=0 if chosen else None,
        accept_new_options=True,
        placeholder=t("tracker.emoji_placeholder"),
        key=key,
    )
    return str(emoji or "")


def _line(tracker: Tracker, count: int) -> None:
    with st.container(gap=None, width="content"):
        st.markdown(f"**{tracker_label(tracker)}**")
        st.caption(t("tracker.facts", kind=t(f"tracker.kind_{tracker.kind}"), count=f"{count:,}"))


def _buttons(tracker: Tracker, is_first: bool, is_last: bool) -> None:
    with st.container(horizontal=True, gap="small", width="content"):
        for label, icon, steps, disabled in (
            ("tracker.up", ":material/arrow_upward:", -1, is_first),
            ("tracker.down", ":material/arrow_downward:", 1, is_last),
        ):
            st.button(
                t(label),
                key=f"{label}_{tracker.id}",
                icon=icon,
                type="tertiary",
                disabled=disabled,
                on_click=_move,
                args=(tracker.id, steps),
            )
        st.button(
            t("tracker.change"),
            key=f"tracker_change_{tracker.id}",
            icon=":material/edit:",
            type="tertiary",
            on_click=state.EDITED_TRACKER.set,
            args=(tracker.id,),
        )
        _delete_button(tracker)


def _delete_button(tracker: Tracker) -> None:
    st.button(
        t("tracker.delete"),
        key=f"tracker_delete_{tracker.id}",
        icon=":material/delete:",
        type="tertiary",
        on_click=_delete,
        args=(tracker.id,),
    )


def _edit(session: Session, tracker: Tracker) -> None:
    name = st.text_input(t("tracker.name"), value=tracker.name, key=f"tracker_name_{tracker.id}")
    emoji = _emoji_field(f"tracker_emoji_{tracker.id}", tracker.emoji)
    with st.container(horizontal=True):
        is_saved = st.button(t("tracker.save"), type="primary", key=f"tracker_save_{tracker.id}")
        st.button(
            t("tracker.cancel"), key=f"tracker_cancel_{tracker.id}", on_click=state.EDITED_TRACKER.set, args=(None,)
        )
    if not is_saved:
        return
    try:
        trackers.change(session, tracker.id, name, emoji)
    except errors.DiaryError as error:
        st.error(sentence(error))
        return
    state.EDITED_TRACKER.pop()
    notice.show_after_rerun(t("tracker.changed"))
    st.rerun()


def _damaged(session: Session, tracker: Tracker) -> None:
    """If the key may be wrong, the tracker may be intact: no button deletes it."""
    if damage.count_entries(session).key_fits:
        st.warning(t("tracker.damaged"), icon=":material/broken_image:")
        _delete_button(tracker)
    else:
        st.error(t("error.key_does_not_fit"))


# Callbacks: the list shows the new order at once. They get no session, because Streamlit holds their arguments.


def _move(tracker_id: str, steps: int) -> None:
    with notice.showing_errors():
        trackers.move(find_visitor(), tracker_id, steps)


def _delete(tracker_id: str) -> None:
    notice.delete(lambda session: trackers.delete(session, tracker_id), t("tracker.deleted"))
