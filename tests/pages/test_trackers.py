"""Trackers by AppTest: filled in on Today and on an earlier day, added, renamed, ordered and deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from components import state
from components.settings.trackers import SUGGESTED
from components.text import signed
from diary import days, entries, korean_particles, trackers
from diary.entries import NewEntry
from diary.sessions import Session
from diary.trackers import TRACKERS_MAX, Tracker
from emotions import BY_KEY
from tests.diary.damaging import turn_a_bit
from tests.pages.conftest import Visit

ZONE = "Asia/Seoul"
PAGE = "pages/trackers.py"
TODAY = days.today(ZONE)


def visit_with(visit: Callable[..., Visit], page: str, *new: Tracker, **how: str) -> Visit:
    there = visit("pages/help.py", **how)
    for tracker in new:
        trackers.add(there.session, tracker)
    there.app.switch_page(page).run()
    there.expect_calm()
    return there


def of_today(session: Session) -> dict[str, int | float]:
    names = {tracker.id: tracker.name for tracker in trackers.every(session)}
    return {names[tracker_id]: value for tracker_id, value in trackers.of_day(session, TODAY).items()}


def chip(there: Visit, tracker: Tracker, day: date = TODAY) -> str:
    """The label of a tracker's chip."""
    key = f"tracker_{tracker.id}_{day.isoformat()}"
    labels = [button.label for button in there.app.button if button.key == key]
    labels += [popover.proto.popover.label for popover in _popovers(there.app.main) if key in popover.proto.id]
    return labels[0]


def _popovers(block) -> list:
    found = []
    for child in getattr(block, "children", {}).values():
        if getattr(child.proto, "popover", None) and child.proto.popover.label:
            found.append(child)
        found += _popovers(child)
    return found


SLEEP, PAIN = Tracker("*잠*", "😴", "minutes"), Tracker("통증", "🤕", "scale")
STEPS, PILLS = Tracker("Steps", "👟", "count"), Tracker("Pills", "💊", "yes_no")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_person_without_trackers_sees_one_quiet_link(visit: Callable[..., Visit], language: str) -> None:
    there = visit("pages/today.py", language=language)
    links = [link.proto.label for link in there.app.get("page_link")]
    assert links.count(there.t("tracker.begin")) == 1
    trackers.add(there.session, SLEEP)
    there.app.run()
    assert there.t("tracker.begin") not in [link.proto.label for link in there.app.get("page_link")]


def test_a_scale_is_stored_by_one_tap_and_cleared_by_another(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, "pages/today.py", PAIN)
    field = f"tracker_{PAIN.id}_{TODAY}"
    there.app.button_group(key=f"{field}_scale").set_value(7).run()
    there.expect_calm()
    assert of_today(there.session) == {"통증": 7}
    assert chip(there, PAIN) == "🤕 통증 **7**"
    there.app.button_group(key=f"{field}_scale").set_value(0).run()
    assert of_today(there.session) == {"통증": 0}, "no pain is a value"
    there.press_key(f"{field}_clear")
    assert of_today(there.session) == {}
    assert chip(there, PAIN) == "🤕 통증"


def test_a_time_is_entered_as_hours_and_minutes(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, "pages/today.py", SLEEP)
    field = f"tracker_{SLEEP.id}_{TODAY}"
    there.app.number_input(key=f"{field}_hours").set_value(7).run()
    assert of_today(there.session) == {"*잠*": 420}
    there.app.number_input(key=f"{field}_minutes").set_value(30).run()
    assert of_today(there.session) == {"*잠*": 450}
    assert chip(there, SLEEP) == "😴 \\*잠\\* **7\\:30**"
    # More than a day: a sentence, and the value stays.
    there.app.number_input(key=f"{field}_hours").set_value(24).run()
    assert there.app.error[0].value == there.t("error.tracker_value_out_of_range", highest="24:00")
    assert of_today(there.session) == {"*잠*": 450}
    there.app.run()
    there.expect_calm()
    assert there.app.number_input(key=f"{field}_hours").value == 7


def test_the_usual_values_are_one_tap(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, "pages/today.py", STEPS)
    for ago, value in ((1, 8000), (2, 8000), (3, 12_500), (200, 4)):
        trackers.set_value(there.session, STEPS.id, TODAY - timedelta(days=ago), value, ZONE)
    there.app.run()
    field = f"tracker_{STEPS.id}_{TODAY}"
    offered = [button.label for button in there.app.button if "_quick_" in str(button.key)]
    assert offered == ["8,000", "12,500"]
    there.press_key(f"{field}_quick_8000")
    assert of_today(there.session) == {"Steps": 8000}
    assert there.app.number_input(key=f"{field}_count").value == 8000
    there.app.number_input(key=f"{field}_count").set_value(8123.5).run()
    assert of_today(there.session) == {"Steps": 8123.5}
    there.app.number_input(key=f"{field}_count").set_value(None).run()
    assert of_today(there.session) == {}


def test_yes_and_no_are_taps(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, "pages/today.py", PILLS)
    found = []
    for _ in range(3):
        there.press_key(f"tracker_{PILLS.id}_{TODAY}")
        found.append((of_today(there.session), chip(there, PILLS)))
    assert found == [({"Pills": 1}, "💊 Pills **✓**"), ({"Pills": 0}, "💊 Pills **✗**"), ({}, "💊 Pills")]


def test_a_tracker_that_another_tab_deleted_is_named(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, "pages/today.py", PILLS, PAIN)
    trackers.delete(there.session, PILLS.id)
    there.press_key(f"tracker_{PILLS.id}_{TODAY}")
    assert there.app.error[0].value == there.t("error.tracker_not_found")


def test_an_earlier_day_is_filled_in_too(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, "pages/help.py", PAIN)
    day = TODAY - timedelta(days=1)
    there.app.switch_page("pages/days.py").run()
    there.open_day(day)
    there.app.button_group(key=f"tracker_{PAIN.id}_{day}_scale").set_value(4).run()
    there.expect_calm()
    assert trackers.of_day(there.session, day) == {PAIN.id: 4}
    assert of_today(there.session) == {}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_suggestion_fills_the_form_and_a_button_adds_it(visit: Callable[..., Visit], language: str) -> None:
    there = visit(PAGE, language=language)
    form = there.app.session_state[state.NEW_TRACKER.key]
    there.app.button_group(key=f"tracker_suggestion_{form}").set_value("sleep").run()
    there.expect_calm()
    there.press("tracker.add_button")
    there.expect_calm()
    (tracker,) = trackers.every(there.session)
    assert (tracker.name, tracker.emoji, tracker.kind) == (there.t("tracker.suggest_sleep"), "😴", "minutes")
    assert there.app.session_state[state.NEW_TRACKER.key] != form
    # What is there already is not suggested again.
    again = there.app.button_group(key=f"tracker_suggestion_{there.app.session_state[state.NEW_TRACKER.key]}")
    assert len(again.options) == len(SUGGESTED) - 1


def test_a_name_of_a_thousand_characters_is_refused_and_stays_in_the_field(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    form = there.app.session_state[state.NEW_TRACKER.key]
    there.app.text_input(key=f"tracker_name_{form}").set_value("긴" * 1000)
    there.press("tracker.add_button")
    assert there.app.error[0].value == there.t("error.tracker_name_too_long", characters=40)
    assert trackers.every(there.session) == []
    assert there.app.text_input(key=f"tracker_name_{form}").value == "긴" * 1000
    there.app.text_input(key=f"tracker_name_{form}").set_value("짧은 것")
    there.press("tracker.add_button")
    there.expect_calm()
    assert [(tracker.name, tracker.emoji) for tracker in trackers.every(there.session)] == [("짧은 것", "🎚️")]


def test_renamed_ordered_and_deleted(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, PAGE, SLEEP, PAIN)
    trackers.set_value(there.session, SLEEP.id, TODAY, 400, ZONE)
    there.press_key(f"tracker.up_{PAIN.id}")
    assert [tracker.id for tracker in trackers.every(there.session)] == [PAIN.id, SLEEP.id]
    assert there.app.button(key=f"tracker.up_{PAIN.id}").disabled
    there.press_key(f"tracker_change_{SLEEP.id}")
    there.app.text_input(key=f"tracker_name_{SLEEP.id}").set_value("통증")
    there.press_key(f"tracker_save_{SLEEP.id}")
    assert there.app.error[0].value == there.t("error.tracker_name_taken")
    there.app.text_input(key=f"tracker_name_{SLEEP.id}").set_value("밤잠")
    there.app.selectbox(key=f"tracker_emoji_{SLEEP.id}").set_value("🧠")
    there.press_key(f"tracker_save_{SLEEP.id}")
    there.expect_calm()
    assert trackers.every(there.session)[1].label == "🧠 밤잠"
    assert of_today(there.session) == {"밤잠": 400}
    there.press_key(f"tracker_delete_{SLEEP.id}")
    there.expect_calm()
    assert [tracker.id for tracker in trackers.every(there.session)] == [PAIN.id]
    there.press("undo.button")
    there.expect_calm()
    assert of_today(there.session) == {"밤잠": 400}


def test_ten_are_enough(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, PAGE, *(Tracker(f"t{number}", "😴", "scale") for number in range(TRACKERS_MAX)))
    assert there.says(there.t("error.too_many_trackers", most=TRACKERS_MAX))
    assert not [button for button in there.app.button if button.label == there.t("tracker.add_button")]


def test_a_damaged_one_hides_on_today_and_can_be_deleted(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, "pages/help.py", PILLS, PAIN)
    entries.add(there.session, NewEntry("happiness", 3, TODAY, ZONE))
    turn_a_bit("trackers", "sealed", "id", PAIN.id)
    there.app.switch_page("pages/today.py").run()
    there.expect_calm()
    assert [key for key in (str(button.key) for button in there.app.button) if PILLS.id in key]
    assert not [group for group in there.app.button_group if PAIN.id in str(group.key)]
    there.app.switch_page(PAGE).run()
    assert there.says(there.t("tracker.damaged"))
    there.press_key(f"tracker_delete_{PAIN.id}")
    there.expect_calm()
    assert [tracker.id for tracker in trackers.every(there.session)] == [PILLS.id]


def _history(there: Visit) -> None:
    there.app.switch_page("pages/history.py").run()
    there.app.button_group(key="history_section").set_value("trackers").run()
    there.expect_calm()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_history_counts_draws_and_compares_only_from_ten_days_on(visit: Callable[..., Visit], language: str) -> None:
    there = visit_with(visit, "pages/help.py", SLEEP, PAIN, PILLS, language=language)
    for ago in range(1, 21):
        day = TODAY - timedelta(days=ago)
        entries.add(there.session, NewEntry("happiness" if ago <= 10 else "sadness", 5, day, ZONE))
        trackers.set_value(there.session, SLEEP.id, day, 480 if ago <= 10 else 300, ZONE)
        if ago < 10:
            trackers.set_value(there.session, PAIN.id, day, ago, ZONE)
    _history(there)
    assert len(there.app.get("plotly_chart")) == 2
    sleep, pain = "😴 \\*잠\\*", "🤕 통증"
    assert [heading.value for heading in there.app.subheader] == [sleep, pain, "💊 Pills"]
    filled = there.t("history.tracker_filled", days=20, length=90)
    says = there.t("history.tracker_says", mean="6:30", low="5:00", high="8:00")
    assert there.says(f"{filled} {says} {there.t('history.tracker_by_week')}")
    happy, sad = BY_KEY["happiness"], BY_KEY["sadness"]
    same_day = {"valence": signed(happy.valence), "share": "100%", "maybe": "", "mood_maybe": ""}
    same_day |= {"days": 10, "other_days": 10, "other_valence": signed(sad.valence), "other_share": "0%"}
    same_day |= {"when": there.t("history.lag_same"), "mood": f"{happy.face}\xa0{happy.name(language)}"}
    assert there.says(there.t("history.lag_says", **same_day))
    assert there.says(korean_particles.chosen(there.t("history.tracker_split", name=sleep, limit="7:00")))
    # The day after the latest and the day before the first have nothing: nine days on one side say nothing.
    assert not there.says(there.t("history.lag_before"))
    assert not there.says(there.t("history.lag_after"))
    assert there.says(there.t("certainty.looked_at", count=8))
    assert there.says(there.t("history.tags_no_cause"))
    # Nine days of one tracker: counted and drawn, but no average and no comparison. An empty one says so.
    filled = there.t("history.tracker_filled", days=9, length=90)
    assert there.says(f"{filled} {there.t('history.tracker_too_few', enough=10)}")
    assert there.says(there.t("history.tracker_silent", enough=10, days=9))
    assert there.says(there.t("history.tracker_empty"))


def test_history_without_entries_and_without_trackers(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, "pages/help.py")
    there.app.switch_page("pages/history.py").run()
    assert there.says(there.t("history.empty"))
    trackers.add(there.session, PILLS)
    first = TODAY - timedelta(days=1999)
    trackers.set_value(there.session, PILLS.id, first, 1, ZONE)
    _history(there)
    there.app.button_group(key="history_period").set_value("all").run()
    there.expect_calm()
    assert there.says(there.t("history.tracker_filled", days=1, length="2,000")), "older than the first entry"
    assert there.says(there.t("history.tracker_yes_count", yes=1, no=0))
    trackers.delete(there.session, PILLS.id)
    entries.add(there.session, NewEntry("happiness", 3, TODAY, ZONE))
    there.app.run()
    assert there.says(there.t("history.no_trackers"))
