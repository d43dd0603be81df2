from __future__ import annotations

from streamlit.testing.v1 import AppTest

from language import say


def _page() -> None:
    import streamlit as st

    from components import state
    from components.entry import form_fields, keep_error
    from diary import errors

    state.LANGUAGE.set("en")
    form_fields.read_widgets()
    mood = st.pills("mood", ["anger", "fear"], key=form_fields.prepare("form", "mood_choice", None))
    if st.button("Keep") and not mood:
        keep_error.remember("form", errors.UnknownMood())
    st.button("Another run")
    keep_error.show("form", st.container())
    form_fields.mark_as_drawn()


def test_the_sentence_stays_until_something_is_changed() -> None:
    app = AppTest.from_function(_page, default_timeout=90).run()
    app.button[0].click().run()
    assert [error.value for error in app.error] == [say("en", "error.unknown_mood")]
    app.button[1].click().run()
    assert len(app.error) == 1, "another run of the page took the sentence away"
    app.pills[0].select("fear").run()
    assert not app.error
