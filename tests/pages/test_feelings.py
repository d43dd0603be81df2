"""Feelings on the pages: chosen below the mood, held by drafts, shown, found and counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

import feelings
from components import recognisers, state
from diary import days, drafts, entries
from diary.entries import NewEntry
from diary.sessions import Session
from tests.diary.histories import SEOUL
from tests.pages.conftest import Visit
from tests.understanding.fakes import analyst_of, reading
from understanding import fusion
from words.predict import WordsReading

TODAY = days.today(SEOUL)


def form(there: Visit) -> str:
    return there.app.session_state[state.NEW_ENTRY_FORM.key]


def choose(there: Visit, mood: str) -> None:
    there.app.button_group(key=f"mood_choice_{form(there)}").set_value(mood).run()
    there.expect_calm()


def chips(there: Visit, mood: str, of: str | None = None):
    return there.app.button_group(key=f"feelings_{mood}_{of or form(there)}")


def has_chips(there: Visit, mood: str) -> bool:
    return any(group.key == f"feelings_{mood}_{form(there)}" for group in there.app.button_group)


def save(there: Visit) -> entries.Entry:
    there.press("entry.save")
    there.expect_calm()
    entry = entries.latest(there.session)
    assert entry is not None
    return entry


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_mood_offers_its_feelings_and_they_are_saved(visit: Callable[..., Visit], language: str) -> None:
    there = visit(language=language)
    assert not has_chips(there, "happiness")
    choose(there, "happiness")
    offered = list(chips(there, "happiness").options)
    assert offered == [feeling.name(language) for feeling in feelings.of_mood("happiness")]
    chips(there, "happiness").set_value(["proud", "relieved"]).run()
    assert save(there).feelings == ("proud", "relieved")
    names = {"ko": "뿌듯함 · 홀가분함", "en": "proud · relieved"}
    assert there.says(names[language])


def test_an_entry_needs_no_feeling(visit: Callable[..., Visit]) -> None:
    there = visit()
    choose(there, "neutral")
    assert save(there).feelings == ()


def test_feelings_of_another_mood_are_not_saved_and_come_back_with_their_mood(visit: Callable[..., Visit]) -> None:
    there = visit()
    choose(there, "happiness")
    chips(there, "happiness").set_value(["proud"]).run()
    choose(there, "sadness")
    assert not has_chips(there, "happiness")
    choose(there, "happiness")
    assert chips(there, "happiness").value == ["proud"]
    choose(there, "sadness")
    chips(there, "sadness").set_value(["lonely", "tired"]).run()
    assert save(there).feelings == ("lonely", "tired")


def test_a_draft_holds_them_over_another_page_and_a_new_session(visit: Callable[..., Visit]) -> None:
    there = visit()
    choose(there, "fear")
    chips(there, "fear").set_value(["nervous", "on_edge"]).run()
    there.app.switch_page("pages/help.py").run()
    there.app.switch_page("pages/today.py").run()
    assert chips(there, "fear").value == ["nervous", "on_edge"]
    again = Visit(there.session, "pages/today.py")
    assert chips(again, "fear").value == ["nervous", "on_edge"]
    assert save(again).feelings == ("nervous", "on_edge")


def test_a_draft_with_a_feeling_of_a_newer_version_opens(visit: Callable[..., Visit]) -> None:
    there = visit()
    fields = {"mood_choice": "fear", "feelings_fear": ["nervous", "groovy"]}
    drafts.save(there.session, {"id": "a" * 32, "fields": fields, "readings": [], "recordings": {}})
    again = Visit(there.session, "pages/today.py")
    assert chips(again, "fear").value == ["nervous"]
    assert save(again).feelings == ("nervous",)


def test_the_feelings_nearest_to_the_note_come_first_and_none_is_chosen(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = analyst_of()
    said = {"lonely": 2.5, "hurt": 1.5, "proud": 3.0}
    monkeypatch.setattr(made.words, "answer", WordsReading(**vars(reading("words", "sadness")), feelings=said))
    monkeypatch.setattr(recognisers, "in_place", lambda: frozenset(fusion.SOURCES))
    monkeypatch.setattr(recognisers, "_analyst", lambda: made)
    there = visit()
    there.app.text_area[0].set_value("nobody rang").run()
    choose(there, "sadness")
    chips(there, "sadness").set_value(["empty", "hurt"]).run()
    usual = list(chips(there, "sadness").options)
    there.press("analyse.button")
    field = chips(there, "sadness")
    assert list(field.options) == ["lonely", "hurt", *(name for name in usual if name not in ("lonely", "hurt"))]
    assert field.label == there.t("feelings.which_nearest")
    assert sorted(field.value) == ["empty", "hurt"]
    there.app.text_area[0].set_value("nobody rang today").run()  # read before these words were here
    assert list(chips(there, "sadness").options) == usual
    assert set(save(there).feelings) == {"empty", "hurt"}


def _kept(session: Session, **changes: object) -> str:
    return entries.add(session, replace(NewEntry("happiness", 3, TODAY, SEOUL, feelings=("proud",)), **changes))


def _open(there: Visit, entry_id: str) -> None:
    there.app.run()
    there.press_key(f"edit_{entry_id}")


def test_a_change_shows_the_saved_feelings_and_saves_others(visit: Callable[..., Visit]) -> None:
    there = visit()
    entry_id = _kept(there.session)
    _open(there, entry_id)
    field = chips(there, "happiness", f"entry_{entry_id}")
    assert field.value == ["proud"]
    field.set_value(["proud", "grateful"]).run()
    there.press("entry.save_changes")
    assert entries.get(there.session, entry_id).feelings == ("proud", "grateful")


def test_a_change_keeps_what_only_a_newer_version_knows(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = visit()
    with monkeypatch.context() as newer:
        newer.setitem(feelings.BY_KEY, "groovy", feelings.BY_KEY["proud"])
        entry_id = _kept(there.session, feelings=("proud", "groovy"))
    _open(there, entry_id)
    there.press("entry.save_changes")
    assert set(entries.get(there.session, entry_id).feelings) == {"proud", "groovy"}
    _open(there, entry_id)
    there.app.button_group(key=f"mood_choice_entry_{entry_id}").set_value("anger").run()
    there.press("entry.save_changes")
    assert entries.get(there.session, entry_id).feelings == ()


def test_the_search_page_shows_an_entry_by_its_feeling(visit: Callable[..., Visit]) -> None:
    there = visit()
    _kept(there.session)
    there.app.switch_page("pages/find.py").run()
    there.app.text_input(key="find_words").set_value("뿌듯하다").run()
    assert there.says(there.t("find.found", count=1))
    assert there.says("proud")


def _history(there: Visit) -> None:
    there.app.switch_page("pages/history.py").run()
    there.app.button_group(key="history_section").set_value("feelings").run()
    there.expect_calm()


def test_history_counts_days_once_there_are_enough(visit: Callable[..., Visit]) -> None:
    there = visit()
    for ago in range(1, 15):
        chosen = ("proud", "relieved") if ago <= 4 else ("proud",) if ago <= 9 else ()
        _kept(there.session, day=TODAY - timedelta(days=ago), feelings=chosen, id=f"{ago:032x}")
    _history(there)
    assert there.says(there.t("history.feelings_too_few", enough=10, days=9))
    assert not there.app.get("plotly_chart")
    _kept(there.session, day=TODAY - timedelta(days=20), feelings=("excited",), id="e" * 32)
    _history(there)
    assert there.says("proud (days: 9), relieved (days: 4), excited (days: 1)")
    assert there.says(there.t("history.feelings_says", commonest="", days=10, kept=15)[-40:])
    assert there.says(there.t("history.feelings_no_choice"))
    (chart,) = there.app.get("plotly_chart")
    assert chart.proto.alt == there.t("history.feelings_alt")
    assert [expander.label for expander in there.app.expander] == [there.t("history.as_table")]


def test_history_without_feelings_says_where_they_come_from(visit: Callable[..., Visit]) -> None:
    there = visit()
    _kept(there.session, feelings=())
    _history(there)
    assert there.says(there.t("history.no_feelings"))
