"""One form in several tabs, a server that was restarted, and what happens to a draft afterwards: no word is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from components import state as session_state
from diary import days, drafts, entries, errors, sessions
from diary.entries import NewEntry
from tests.diary.histories import keep
from tests.pages.conftest import UI, Visit
from tests.pages.test_unfinished import away_and_back, go
from tests.pages.today_form import form
from tests.understanding.fakes import analyst_of, reading

TODAY = days.today("Asia/Seoul")


def note(there: Visit, name: str | None = None):
    return there.app.text_area(key=f"note_{name or form(there)}")


def mood(there: Visit, name: str | None = None):
    return there.app.button_group(key=f"mood_choice_{name or form(there)}")


def tab(there: Visit, page: str = "pages/today.py") -> Visit:
    """The same person in one more tab, or after a reload."""
    return Visit(there.session, page)


def after_restart(there: Visit) -> Visit:
    """The same tab after a restart of the server: the browser sends the values of all its widgets."""
    again = AppTest.from_file(UI, default_timeout=90)
    again._run(there.app._tree.get_widget_states())
    left = Visit.__new__(Visit)
    left.session, left.app = there.session, again
    left.expect_calm()
    return left


def test_an_untouched_tab_shows_what_another_tab_wrote(visit: Callable[..., Visit]) -> None:
    one = visit()
    two = tab(one)
    note(one).set_value("rain").run()
    mood(one).set_value("fear").run()
    two.app.run()
    assert (note(two).value, mood(two).value) == ("rain", "fear")
    mood(two).set_value("sadness").run()
    note(two).set_value("rain and wind").run()
    one.app.run()
    assert (note(one).value, mood(one).value) == ("rain and wind", "sadness")


def test_what_a_tab_did_not_change_never_goes_over_what_another_tab_did(visit: Callable[..., Visit]) -> None:
    one = visit()
    note(one).set_value("rain").run()
    two = tab(one)
    note(two).set_value("rain and wind").run()
    mood(one).set_value("fear").run()  # this tab still shows the older note
    assert (note(one).value, mood(one).value) == ("rain and wind", "fear")
    two.app.run()
    assert (note(two).value, mood(two).value) == ("rain and wind", "fear")
    for there in (one, two, tab(one)):
        assert note(there).value == "rain and wind"


def test_ten_tabs_that_write_at_once_lose_no_word(visit: Callable[..., Visit]) -> None:
    tabs = [visit()]
    tabs += [tab(tabs[0]) for _ in range(9)]
    for number, there in enumerate(tabs):
        note(there).set_value(f"tab number {number}.").run()
        there.expect_calm()
    written = note(tabs[-1]).value
    assert all(written.count(f"tab number {number}.") == 1 for number in range(10))
    assert written.startswith("tab number 9.")  # the newest first
    for there in tabs:
        there.app.run()
        assert note(there).value == written
    note(tabs[0]).set_value(written.replace("tab number 5.", "")).run()
    tabs[5].app.run()
    assert "number 5" not in note(tabs[5]).value  # deleted by the person
    mood(tabs[3]).set_value("fear").run()
    for there in (tabs[3], tabs[0]):
        there.app.run()
        there.press("entry.save")
    assert len({found.note for found in entries.every(tabs[0].session)}) == 1


def test_what_was_saved_in_another_tab_is_not_saved_again(visit: Callable[..., Visit]) -> None:
    one = visit()
    note(one).set_value("rain").run()
    mood(one).set_value("fear").run()
    two = tab(one)
    one.press("entry.save")
    two.app.run()
    assert drafts.versions(one.session) == {}
    two.press("entry.save")
    assert entries.count(one.session) == 1
    assert note(two).value == ""


def test_words_typed_into_a_form_that_another_tab_saved_become_an_entry_of_their_own(
    visit: Callable[..., Visit],
) -> None:
    one = visit()
    note(one).set_value("rain").run()
    mood(one).set_value("fear").run()
    two = tab(one)
    one.press("entry.save")
    note(two).set_value("rain, and later sun").run()
    two.press("entry.save")
    assert sorted(found.note for found in entries.every(one.session)) == ["rain", "rain, and later sun"]


def test_a_run_that_fails_and_a_disk_that_is_full_take_nothing(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = visit()
    note(there).set_value("rain").run()

    def fail(*_: object) -> None:
        raise errors.DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(drafts, "save_if_unchanged", fail)
        note(there).set_value("rain and wind").run()
        assert note(there).value == "rain and wind"
    there.app.run()
    assert note(tab(there)).value == "rain and wind"


def test_an_unchanged_form_is_not_written_again(visit: Callable[..., Visit]) -> None:
    there = visit()
    there.app.run()
    assert drafts.versions(there.session) == {}
    note(there).set_value("rain").run()
    assert drafts.versions(there.session) == {"new": 1}
    away_and_back(there)
    there.app.run()
    tab(there).app.run()
    assert drafts.versions(there.session) == {"new": 1}
    note(there).set_value("").run()
    assert drafts.versions(there.session) == {}  # nothing is left that could be lost


def test_the_server_is_restarted_while_a_person_types(visit: Callable[..., Visit]) -> None:
    there = visit()
    note(there).set_value("rain").run()
    mood(there).set_value("fear").run()
    note(there).set_value("rain and wind")  # typed, and not on the server yet
    again = after_restart(there)
    assert form(again) == form(there)
    assert (note(again).value, mood(again).value) == ("rain and wind", "fear")
    again.app.run()
    assert drafts.load(there.session).content["fields"]["note"] == "rain and wind"
    again.press("entry.save")
    assert [found.note for found in entries.every(there.session)] == ["rain and wind"]


def test_the_first_words_survive_a_restart_before_any_draft(visit: Callable[..., Visit]) -> None:
    there = visit()
    note(there).set_value("rain")
    again = after_restart(there)
    assert (form(again), note(again).value) == (form(there), "rain")


def test_after_a_restart_the_words_of_two_tabs_are_both_there(visit: Callable[..., Visit]) -> None:
    one = visit()
    note(one).set_value("rain").run()
    two = tab(one)
    note(two).set_value("snow").run()
    note(one).set_value("rain and wind")
    again = after_restart(one)
    assert note(again).value == "rain and wind\n\nsnow"


def test_after_a_restart_in_the_middle_of_saving_nothing_is_there_twice(visit: Callable[..., Visit]) -> None:
    there = visit()
    note(there).set_value("rain").run()
    mood(there).set_value("fear").run()
    new = NewEntry("fear", 3, TODAY, "Asia/Seoul", note="rain", id=form(there).removeprefix("new_"))
    entries.add(there.session, new, draft=drafts.NEW_ENTRY)  # and then the process was killed
    again = after_restart(there)
    assert (note(again).value, mood(again).value) == ("", None)
    assert form(again) != form(there)
    note(there).set_value("rain, and wind")  # typed after the press
    assert note(after_restart(there)).value == "rain, and wind"


def test_another_person_gets_nothing_of_what_the_browser_shows(
    visit: Callable[..., Visit], sign_up: Callable[..., str], cookie: Callable[[object], None]
) -> None:
    there = visit()
    note(there).set_value("rain")
    token = sign_up("Somebody")
    cookie(token)
    there.session = sessions.find(token)
    again = after_restart(there)
    assert note(again).value == ""
    assert form(again) != form(there)


def test_a_suggestion_goes_with_what_it_was_made_from(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = visit()
    note(there).set_value("a heavy day").run()
    there.press("analyse.button")
    assert mood(there).value == "sadness"
    for again in (there, tab(there)):
        assert mood(again).value == "sadness"
    again = tab(there)
    note(again).set_value("a light day").run()
    assert mood(again).value is None
    assert note(again).value == "a light day"
    note(there).set_value("a light day").run()
    assert mood(there).value is None


def test_after_a_reload_an_old_suggestion_is_not_the_persons_choice(
    visit: Callable[..., Visit], models_are: Callable
) -> None:
    made = analyst_of()
    models_are(made)
    there = visit()
    note(there).set_value("a heavy day").run()
    there.press("analyse.button")
    again = tab(there)
    made.words.answer = reading("words", "happiness")
    note(again).set_value("a light day")
    again.press("analyse.button")
    assert mood(again).value == "happiness"


def test_a_mood_that_the_person_tapped_stays(visit: Callable[..., Visit], models_are: Callable) -> None:
    models_are(analyst_of())
    there = visit()
    note(there).set_value("a heavy day").run()
    there.press("analyse.button")
    mood(there).set_value("fear").run()
    note(there).set_value("a light day").run()
    assert mood(there).value == "fear"
    mood(there).set_value("sadness").run()  # back to what was suggested: now it is the person's own
    note(there).set_value("a light day, mostly").run()
    assert mood(there).value == "sadness"
    assert mood(tab(there)).value == "sadness"


def test_a_restored_draft_says_so_until_the_person_goes_on(visit: Callable[..., Visit]) -> None:
    there = visit()
    note(there).set_value("rain").run()
    assert not there.says(there.t("draft.restored"))
    again = tab(there)
    assert again.says(again.t("draft.restored"))
    again.app.run()
    assert again.says(again.t("draft.restored"))
    note(again).set_value("rain and wind").run()
    assert not again.says(again.t("draft.restored"))


def test_a_restored_draft_can_be_discarded_and_that_undone(visit: Callable[..., Visit]) -> None:
    there = visit()
    note(there).set_value("rain").run()
    mood(there).set_value("fear").run()
    again = tab(there)
    again.press("draft.discard")
    assert (note(again).value, mood(again).value) == ("", None)
    assert drafts.versions(there.session) == {}
    note(again).set_value("sun").run()
    again.press("undo.button")
    assert (note(again).value, mood(again).value) == ("sun\n\nrain", "fear")
    again.app.run()
    assert drafts.load(there.session).content["fields"]["note"] == "sun\n\nrain"


def test_a_change_of_an_entry_survives_a_reload(visit: Callable[..., Visit]) -> None:
    there = visit("pages/help.py")
    keep(there.session, TODAY.isoformat(), "happiness", note="before", tags=("walk",))
    (entry,) = entries.every(there.session)
    at = f"entry_{entry.id}"
    go(there, "pages/today.py")
    there.press("entry.edit")
    note(there, at).set_value("changed").run()
    mood(there, at).set_value("fear").run()
    again = tab(there)
    assert (note(again, at).value, mood(again, at).value) == ("changed", "fear")
    assert again.says(again.t("draft.restored"))
    again.press("entry.save_changes")
    assert drafts.versions(there.session) == {}
    (entry,) = entries.every(there.session)
    assert (entry.note, entry.mood) == ("changed", "fear")


def test_the_server_is_restarted_during_the_first_words_of_a_change(visit: Callable[..., Visit]) -> None:
    there = visit("pages/help.py")
    keep(there.session, TODAY.isoformat(), "happiness", note="before")
    (entry,) = entries.every(there.session)
    at = f"entry_{entry.id}"
    go(there, "pages/today.py")
    there.press("entry.edit")
    note(there, at).set_value("before, and after")
    again = after_restart(there)
    assert note(again, at).value == "before, and after"
    again.press("entry.save_changes")
    assert [found.note for found in entries.every(there.session)] == ["before, and after"]


def test_a_change_that_was_given_up_leaves_no_draft(visit: Callable[..., Visit]) -> None:
    there = visit("pages/help.py")
    keep(there.session, TODAY.isoformat(), "happiness", note="before")
    (entry,) = entries.every(there.session)
    at = f"entry_{entry.id}"
    go(there, "pages/today.py")
    there.press("entry.edit")
    note(there, at).set_value("changed").run()
    assert list(drafts.versions(there.session)) == [entry.id]
    there.press_key(f"cancel_{entry.id}")
    assert drafts.versions(there.session) == {}
    assert not tab(there).says(there.t("entry.editing"))


def test_an_entry_that_another_tab_changed_meanwhile_is_joined_with_the_change(visit: Callable[..., Visit]) -> None:
    there = visit("pages/help.py")
    keep(there.session, TODAY.isoformat(), "happiness", note="before", tags=("walk",))
    (entry,) = entries.every(there.session)
    at = f"entry_{entry.id}"
    go(there, "pages/today.py")
    there.press("entry.edit")
    note(there, at).set_value("before, and after").run()
    new = NewEntry("fear", 2, TODAY, "Asia/Seoul", note="before\nin another tab", tags=("home",), id=entry.id)
    entries.change(there.session, entry.id, entry.version, new)
    there.app.run()
    assert there.says(there.t("entry.joined"))
    assert note(there, at).value == "before, and after\nin another tab"
    assert mood(there, at).value == "fear"
    there.press("entry.save_changes")
    there.expect_calm()
    (entry,) = entries.every(there.session)
    assert (entry.note, entry.mood, entry.intensity) == ("before, and after\nin another tab", "fear", 2)
    assert entry.tags == ("home",)


def test_an_entry_of_an_earlier_day_survives_a_reload(visit: Callable[..., Visit]) -> None:
    there = visit("pages/days.py")
    day = TODAY - timedelta(days=40)
    there.open_day(day)
    there.app.session_state[f"add_{day.isoformat()}"] = True
    there.app.run()
    there.app.text_area[0].set_value("long ago").run()
    again = tab(there, "pages/days.py")
    again.open_day(day)
    assert again.app.text_area[0].value == "long ago"
    assert again.says(again.t("draft.restored"))
    mood(again, again.app.session_state[session_state.ADD_FORM.of(day.isoformat()).key]).set_value("fear").run()
    again.press("entry.save")
    again.expect_calm()
    assert drafts.versions(there.session) == {}
    assert [(found.day, found.note) for found in entries.every(there.session)] == [(day, "long ago")]
